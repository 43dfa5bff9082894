#!/usr/bin/env python3
"""Let 16 clients write at once through HTTP; prove that none sees a locked database, and that no event is lost.

``scripts/prove_writers.py [--each 50] [--postgresql URL]``: SQLite, and PostgreSQL where a URL is given. Exit code 1
where a promise did not hold.
"""

from __future__ import annotations

import argparse
import json
import sys
import threading
from pathlib import Path
from tempfile import TemporaryDirectory

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import requests

from scripts.installation import Installation

WRITERS = 16


def main() -> None:
    """Run the proof on each kind of database and say what held."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--each", type=int, default=50, help="assets each client registers and changes")
    parser.add_argument("--postgresql", help="URL of an empty PostgreSQL database to write to, too")
    arguments = parser.parse_args()
    flaws: dict[str, list[str]] = {}
    with TemporaryDirectory() as folder:
        for name, url in {"sqlite": None, "postgresql": arguments.postgresql}.items():
            if name == "sqlite" or url:
                with Installation(Path(folder) / name, url) as installation:
                    flaws[name] = write_at_once(installation, arguments.each)
    print(json.dumps(flaws))
    sys.exit(1 if any(flaws.values()) else 0)


def write_at_once(installation: Installation, each: int) -> list[str]:
    """Let every client register and change its assets; return what went wrong."""
    flaws: list[str] = []
    began = threading.Barrier(WRITERS)

    def write(writer: int) -> None:
        session = requests.Session()
        session.headers["Authorization"] = f"Bearer {installation.token}"
        began.wait()
        for n in range(each):
            code = f"prp_writer{writer}n{n}"
            made = session.post(
                f"{installation.url}/api/v1/assets", json={"code": code, "name": code, "kind": "prop"}, timeout=60
            )
            changed = session.patch(f"{installation.url}/api/v1/assets/{code}", json={"tags": ["changed"]}, timeout=60)
            flaws.extend(answer.text[:200] for answer in (made, changed) if not answer.ok)

    writers = [threading.Thread(target=write, args=(writer,)) for writer in range(WRITERS)]
    for one in writers:
        one.start()
    for one in writers:
        one.join()
    return [*flaws[:5], *missing_events(installation, each)]


def missing_events(installation: Installation, each: int) -> list[str]:
    """Follow the events from the first on, and compare with what was written."""
    session = requests.Session()
    session.headers["Authorization"] = f"Bearer {installation.token}"
    after, seqs, registered = 0, [], 0
    while True:
        page = session.get(f"{installation.url}/api/v1/events?after={after}&limit=200", timeout=60).json()
        seqs += [event["seq"] for event in page["items"]]
        registered += sum(event["type"] == "asset.registered/1" for event in page["items"])
        if page["next_after"] == after:
            break
        after = page["next_after"]
    flaws = [] if seqs == list(range(1, len(seqs) + 1)) else [f"events have gaps or are out of order: {seqs[:20]} …"]
    if registered != WRITERS * each:
        flaws.append(f"{WRITERS * each} assets were acknowledged, {registered} events say so")
    return flaws


if __name__ == "__main__":
    main()
