#!/usr/bin/env python3
"""Kill every process of an installation again and again while people publish and import; prove that nothing is lost.

``scripts/prove_crashes.py [--kills 25]``. Web, worker, store and client are each killed with SIGKILL that often. Then:
everything that was acknowledged is there, with its bytes; no version number was given twice; the ledger verifies; the
index agrees with the database. Bounded: it ends by itself. Exit code 1 where a promise did not hold.
"""

from __future__ import annotations

import argparse
import hashlib
import itertools
import json
import os
import random
import signal
import subprocess
import sys
import threading
import time
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import requests

from catalog.client import Client
from catalog.client.errors import CatalogError
from scripts.installation import ROOT, Installation
from scripts.made_files import noisy_png

VICTIMS = {"web": ("gunicorn", "wsgi:app"), "worker": ("catalog.worker",), "store": ("weed",)}
SETTLED_WITHIN_S = 180.0


@dataclass
class Acknowledged:
    """What the people of the test were told is done."""

    versions: dict[tuple[str, int], str] = field(default_factory=dict)
    """(code, number) → SHA-256 of its one file"""
    imported: set[str] = field(default_factory=set)
    troubles: list[str] = field(default_factory=list)
    """Refusals that were not about a process being away."""


def main() -> None:
    """Run the proof and say what held."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=25, help="how often each process is killed")
    kills = parser.parse_args().kills
    with TemporaryDirectory() as folder, Installation(Path(folder) / "data") as installation:
        said, stop = Acknowledged(), threading.Event()
        people = [threading.Thread(target=publish_on, args=(installation, person, said, stop)) for person in range(3)]
        people.append(threading.Thread(target=import_on, args=(installation, said, stop)))
        for person in people:
            person.start()
        kill_servers(installation, kills)
        stop.set()
        for person in people:
            person.join()
        resumed = kill_clients(installation, Path(folder), kills)
        flaws = [*said.troubles[:5], *resumed, *check(installation, said)]
    print(
        json.dumps(
            {"kills_each": kills, "versions": len(said.versions), "imported": len(said.imported), "flaws": flaws}
        )
    )
    sys.exit(1 if flaws else 0)


def kill_servers(installation: Installation, kills: int) -> None:
    """Kill web, worker and store by turns, at random moments; each time wait until the supervisor has healed it."""
    chance = random.Random(1)
    for turn, (name, words) in itertools.product(range(kills), VICTIMS.items()):
        time.sleep(chance.uniform(0.2, 1.2))
        victims = installation.processes(*words)
        for pid in victims:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        print(f"  killed {name} ({turn + 1} of {kills})", flush=True)
        wait_until_ready(installation)


def wait_until_ready(installation: Installation) -> None:
    """Wait until every part answers again."""
    ends = time.monotonic() + SETTLED_WITHIN_S
    while time.monotonic() < ends:
        with suppress(requests.RequestException):
            if requests.get(f"{installation.url}/readyz", timeout=5).ok:
                return
        time.sleep(0.1)
    sys.exit("the installation did not heal")


def publish_on(installation: Installation, person: int, said: Acknowledged, stop: threading.Event) -> None:
    """Publish version after version, trying again after every failure; note what is acknowledged."""
    client = Client(installation.url, token=installation.token)
    folder = installation.folder.parent / f"person{person}"
    folder.mkdir()
    for n in itertools.count():
        if stop.is_set():
            return
        code = f"prp_person{person}n{n % 4}"
        content = noisy_png(90, seed=person * 100_000 + n)
        picture = folder / "picture.png"
        picture.write_bytes(content)
        while not stop.is_set():
            try:
                version = client.versions.publish(code, picture, name=code, kind="prop", wait=False).version
            except (CatalogError, OSError, requests.RequestException) as problem:
                note_trouble(said, problem)
                time.sleep(0.2)
                continue
            said.versions[(code, version.number)] = hashlib.sha256(content).hexdigest()
            break


def import_on(installation: Installation, said: Acknowledged, stop: threading.Event) -> None:
    """Import row after row under one key, sending again what was not acknowledged."""
    session = requests.Session()
    session.headers["Authorization"] = f"Bearer {installation.token}"
    address = f"{installation.url}/api/v1/imports?import=proof"
    for first in itertools.count(step=50):
        lines = [
            json.dumps({"row": n, "code": f"prp_row{n}", "name": f"Row {n}", "kind": "prop"})
            for n in range(first, first + 50)
        ]
        while not stop.is_set():
            try:
                answer = session.post(address, data="\n".join(lines), timeout=30)
                answer.raise_for_status()
            except requests.RequestException as problem:
                note_trouble(said, problem)
                time.sleep(0.2)
                continue
            said.imported.update(item["asset"] for item in answer.json()["items"] if item["outcome"] != "refused")
            break
        if stop.is_set():
            return


def note_trouble(said: Acknowledged, problem: Exception) -> None:
    """Keep refusals that no death of a process explains, above all a locked database."""
    text = str(problem)
    if "locked" in text or "500" in text:
        said.troubles.append(text)


def kill_clients(installation: Installation, folder: Path, kills: int) -> list[str]:
    """Kill a publishing command at random moments, run it to its end, and see one whole version for each."""
    chance, flaws = random.Random(2), []
    tree = folder / "tree"
    command = [
        sys.executable,
        "-m",
        "catalog",
        "assets",
        "publish",
        str(tree),
        "--code",
        "prp_killedClient",
        "--kind",
        "prop",
    ]
    environment = {
        **os.environ,
        "CATALOG_URL": installation.url,
        "CATALOG_TOKEN": installation.token,
        "HOME": str(folder),
    }
    for turn in range(kills):
        for n in range(30):
            path = tree / f"part{n}.png"
            path.parent.mkdir(exist_ok=True)
            path.write_bytes(noisy_png(60, seed=turn * 1000 + n))
        killed = subprocess.Popen(
            command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        time.sleep(chance.uniform(0.3, 2.0))
        killed.kill()
        killed.wait()
        again = subprocess.run(
            command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=120, check=False
        )
        if again.returncode:
            flaws.append(f"publishing again after a kill failed: {again.stderr[-300:]}")
        print(f"  killed client ({turn + 1} of {kills})", flush=True)
    client = Client(installation.url, token=installation.token)
    wait_until_settled(client)
    versions = list(client.versions.list("prp_killedClient"))
    if len(versions) != kills:
        flaws.append(f"{kills} versions were published by killed and repeated clients, {len(versions)} are there")
    flaws += [f"version {one.number} has {one.file_count} files, not 30" for one in versions if one.file_count != 30]  # noqa: PLR2004 — as made above
    return flaws


def wait_until_settled(client: Client) -> None:
    """Wait until no job is owed or running."""
    ends = time.monotonic() + SETTLED_WITHIN_S
    while time.monotonic() < ends:
        if not any(client.jobs.list(state=state).page().items for state in ("owed", "running")):
            return
        time.sleep(0.5)


def check(installation: Installation, said: Acknowledged) -> list[str]:
    """Return every promise that did not hold."""
    client = Client(installation.url, token=installation.token)
    wait_until_settled(client)
    session = requests.Session()
    session.headers["Authorization"] = f"Bearer {installation.token}"
    base, flaws = f"{installation.url}/api/v1", []
    for (code, number), digest in said.versions.items():
        version = session.get(f"{base}/assets/{code}/versions/{number}", timeout=30)
        if not version.ok or version.json()["status"] != "published":
            flaws.append(f"{code}@{number} was acknowledged and is not published: {version.text[:200]}")
            continue
        content = session.get(f"{base}/assets/{code}/versions/{number}/files/picture.png", timeout=30).content
        if hashlib.sha256(content).hexdigest() != digest:
            flaws.append(f"{code}@{number} has other bytes than were published")
    for code in {code for code, _ in said.versions}:
        numbers = [one.number for one in client.versions.list(code)]
        if len(numbers) != len(set(numbers)):
            flaws.append(f"{code} gave a number twice: {numbers}")
    missing = [code for code in said.imported if not session.get(f"{base}/assets/{code}", timeout=30).ok]
    flaws += [f"{code} was acknowledged by the import and is missing" for code in missing[:5]]
    ledger = session.get(f"{base}/ledger/verification", timeout=300).json()
    if not ledger["holds"]:
        flaws.append(f"the ledger does not verify: {ledger['reason']}")
    agreed = subprocess.run(
        [sys.executable, "-m", "catalog", "admin", "reindex", "--verify", "--data", str(installation.folder)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    if agreed.returncode:
        flaws.append(f"the index does not agree: {agreed.stdout[-300:]}{agreed.stderr[-300:]}")
    dead = client.jobs.list(state="dead").page().items
    flaws += [f"dead letter {job.kind}: {job.error}" for job in dead[:5]]
    return flaws


if __name__ == "__main__":
    main()
