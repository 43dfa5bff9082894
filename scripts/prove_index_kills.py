#!/usr/bin/env python3
"""Kill the writer of the search index a hundred times and look at what is left.

``scripts/prove_index_kills.py [--times 100]``. A child writes without end: each write renames two hundred assets and
takes one out or puts it back, so that commits, merges beside them and removals of files are all under way when it is
killed. After each kill the index opens, holds exactly the state that its ``seq`` names, and is written on.
"""

from __future__ import annotations

import argparse
import os
import random
import signal
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import UUID

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from catalog.search.port import Change, Document, Removal, SearchQuery
from catalog.search.query import parse
from catalog.search.whoosh_index.index import WhooshIndex

ROOT = Path(__file__).resolve().parents[1]
ASSETS = 200
LONGEST_S = 0.7
AT_ONCE = 100
"""So few documents are copied by commits that most merges are made in the background."""


def main() -> int:
    """Kill and look, so many times; return 0 when every state was whole."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--times", type=int, default=100)
    parser.add_argument("--write", type=Path, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.write:
        write_forever(given.write)
    chance = random.Random(1)
    with TemporaryDirectory() as folder:
        for number in range(1, given.times + 1):
            killed_after(chance.uniform(0.0, LONGEST_S), Path(folder))
            seq = looked_at(Path(folder))
            if number % 10 == 0:
                print(f"{number} kills, every state whole; the index stands at {seq}", flush=True)
    return 0


def killed_after(seconds: float, folder: Path) -> None:
    """Start a writer and kill it so long after it said that it writes."""
    with subprocess.Popen(
        [sys.executable, "-P", __file__, "--write", folder], stdout=subprocess.PIPE, cwd=ROOT, text=True
    ) as writer:
        if writer.stdout is None or writer.stdout.readline() != "writing\n":
            sys.exit("the writer did not start")
        time.sleep(seconds)
        os.kill(writer.pid, signal.SIGKILL)


def looked_at(folder: Path) -> int:
    """Open the index, stop where it is not the state that its seq names, and write on; return the seq."""
    index = WhooshIndex(folder)
    seq = index.seq
    expected = len(state(seq)) - 1 if seq else 0
    named = index.search(SearchQuery(audiences=None, text=parse(f"state{seq} "))).total
    every = index.search(SearchQuery(audiences=None)).total
    if not named == every == expected:
        sys.exit(f"at {seq} there should be {expected} assets; there are {every}, of them {named} in that state")
    index.write(state(seq + 1), seq, seq + 1)
    return seq + 1


def write_forever(folder: Path) -> None:
    """Write one state after the other."""
    index = WhooshIndex(folder, at_once=AT_ONCE)
    seq = index.seq
    print("writing", flush=True)
    while True:
        index.write(state(seq + 1), seq, seq + 1)
        seq += 1


def state(seq: int) -> list[Change]:
    """Return the changes that lead to the state of this name: all assets but one are called after it."""
    gone = UUID(int=seq % ASSETS + 1)
    return [
        Removal(id=gone) if asset_id == gone else _asset(asset_id, f"Wolf state{seq}")
        for asset_id in (UUID(int=number) for number in range(1, ASSETS + 1))
    ]


def _asset(asset_id: UUID, name: str) -> Document:
    return Document(
        id=asset_id,
        code=f"prp_{asset_id.int}",
        name=name,
        kind="prop",
        status="active",
        updated_at=datetime(2026, 1, 1, tzinfo=UTC),
        asset_audience="studio",
        show_audience="studio",
    )


if __name__ == "__main__":
    sys.exit(main())
