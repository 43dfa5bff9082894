#!/usr/bin/env python3
"""Kill every process of an installation again and again while people publish and import; prove that nothing is lost.

``scripts/prove_crashes.py [--kills 25]``. Web, worker, store and client are each killed with SIGKILL that often, at
random moments and independently of each other; at the end the supervisor, too, and everything is started anew. A
watcher, who may see only what is published, looks all the time. Then: everything that was acknowledged is there, with
its bytes; nothing half done was ever visible; no version number was given twice; the ledger verifies; the index agrees
with the database. It ends by itself, after about 16 s for each kill. Exit code 1 where a promise did not hold.
"""

from __future__ import annotations

import argparse
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
from pathlib import Path
from tempfile import TemporaryDirectory

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import requests

from catalog.client import Client
from catalog.client.errors import CatalogError
from scripts.installation import ROOT, Installation
from scripts.made_files import noisy_png, obj_triangle, write_large, write_tree
from scripts.witnesses import Said, Watcher, check, newcomer, report

VICTIMS = {"web": ("gunicorn", "wsgi:app"), "worker": ("catalog.worker",), "store": ("weed", "mini")}
LIFE_S = (4.0, 18.0)
CLIENT_LIFE_S = (0.4, 3.0)
HEALED_WITHIN_S = 90.0
CLIENT_WITHIN_S = 180.0
FINISHED_WITHIN_S = 180.0
ROWS = 50
MANIFEST_ROWS = 1_500
IMPORTS_EVERY_S = 0.3
LARGE_BYTES = 70 * 2**20
LARGE_EVERY_S = 8.0
CODES_EACH = 4
KILLED_CODE = "prp_killedClient"
EXIT_UNAVAILABLE = 8
AWAY = (502, 503, 504)


class Proof:
    """One run: the installation, what was said, and whether it is time to end."""

    def __init__(self, installation: Installation, folder: Path, kills: int) -> None:
        self.installation = installation
        self.folder = folder
        self.kills = kills
        self.said = Said()
        self.killing_over = threading.Event()
        self.killed: dict[str, int] = dict.fromkeys((*VICTIMS, "client"), 0)

    def run(self) -> dict[str, object]:
        """Let everybody work, kill, stop, kill the supervisor, start anew; return figures."""
        admin = Client(self.installation.url, token=self.installation.token)
        watcher = Watcher(newcomer(admin, "watcher"), self.said)
        people = [threading.Thread(target=self.publish_small, args=(person,)) for person in range(2)]
        people += [threading.Thread(target=self.publish_large), threading.Thread(target=self.import_rows)]
        killers = [threading.Thread(target=self.kill_servers, args=victim) for victim in VICTIMS.items()]
        killers.append(threading.Thread(target=self.kill_clients))
        for thread in (*people, *killers, watcher):
            thread.start()
        for thread in killers:
            thread.join()
        self.killing_over.set()
        for thread in people:
            thread.join(FINISHED_WITHIN_S)
            if thread.is_alive():
                self.said.flaw("somebody could not finish after the killing was over")
        watcher.stop()
        self.installation.kill()
        self.installation.__enter__()
        return {
            "killed": self.killed,
            "versions": len(self.said.versions),
            "imported": len(self.said.imported),
            "looks": watcher.looks,
            "versions_seen_whole": watcher.versions_seen,
            "waits": dict(self.said.waits),
        }

    def publish_small(self, person: int) -> None:
        """Publish small trees, one after the other."""
        for n in itertools.count():
            seed = person * 100_000 + n
            contents = {
                "geo/shape.obj": obj_triangle(seed=seed),
                "tex/picture.png": noisy_png(60, seed=seed),
                "tex/same.png": noisy_png(20, seed=n % 3),
                "notes.txt": f"note {seed}".encode(),
                "empty.bin": b"",
            }
            folder = self.folder / f"person{person}"
            tree = write_tree(folder, contents)
            if not self.publish(f"prp_person{person}n{n % CODES_EACH}", folder, tree):
                return

    def publish_large(self) -> None:
        """Publish a file that travels in parts, now and then."""
        folder = self.folder / "large"
        for n in itertools.count():
            tree = {"cache/sim.bin": write_large(folder / "cache" / "sim.bin", LARGE_BYTES, seed=n)}
            if not self.publish("fx_largeSim", folder, tree) or self.killing_over.wait(LARGE_EVERY_S):
                return

    def publish(self, code: str, folder: Path, tree: dict[str, str]) -> bool:
        """Publish a tree, trying again until it is acknowledged; whether to go on."""
        self.said.mean(code, tree)
        client = Client(self.installation.url, token=self.installation.token)
        ends = None
        while ends is None or time.monotonic() < ends:
            try:
                version = client.versions.publish(code, folder, name=code, kind="prop")
            except (CatalogError, OSError) as problem:
                self.said.refusal(f"publishing {code}", problem)
                time.sleep(0.3)
            else:
                self.said.acknowledge(code, version.number, tree)
                return not self.killing_over.is_set()
            if self.killing_over.is_set() and ends is None:
                ends = time.monotonic() + FINISHED_WITHIN_S / 2
        self.said.flaw(f"{code} could not be published after the killing was over")
        return False

    def import_rows(self) -> None:
        """Import rows under one key, sending again what was not acknowledged."""
        session = requests.Session()
        session.headers["Authorization"] = f"Bearer {self.installation.token}"
        address = f"{self.installation.url}/api/v1/imports?import=proof"
        for first in itertools.count(step=ROWS):
            rows = [
                {"row": n, "code": f"prp_row{n}", "name": f"Row {n}", "kind": "prop"}
                for n in range(first, first + ROWS)
            ]
            while not self.killing_over.wait(IMPORTS_EVERY_S):
                try:
                    answer = session.post(address, data="\n".join(map(json.dumps, rows)), timeout=60)
                except requests.RequestException as problem:
                    self.said.refusal("importing", problem)
                    continue
                if answer.ok:
                    self.note_import(answer.json()["items"])
                    break
                if answer.status_code not in AWAY:
                    self.said.flaw(f"importing: {answer.status_code} {answer.text[:200]}")
            if self.killing_over.is_set():
                return

    def note_import(self, items: list[dict[str, str]]) -> None:
        """Note which rows were acknowledged; none of them may be refused."""
        for item in items:
            if item["outcome"] == "refused":
                self.said.flaw(f"row {item['row']} was refused: {item['message']}")
        self.said.imported.update(item["asset"] for item in items if item["outcome"] != "refused")

    def kill_servers(self, name: str, words: tuple[str, ...]) -> None:
        """Kill one kind of process at random moments; each time wait until there is another one."""
        chance = random.Random(name)
        for turn in range(self.kills):
            time.sleep(chance.uniform(*LIFE_S))
            victims = self.victims(words)
            for pid in victims:
                with suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
            self.killed[name] += 1
            print(f"  killed {name} ({turn + 1} of {self.kills})", flush=True)
            if not self.is_back(words):
                self.said.flaw(f"{name} was not started again within {HEALED_WITHIN_S:g} s")
                return

    def victims(self, words: tuple[str, ...]) -> list[int]:
        """Wait for processes of this kind and return them."""
        ends = time.monotonic() + HEALED_WITHIN_S
        while time.monotonic() < ends:
            found = self.installation.processes(*words)
            if found:
                return found
            time.sleep(0.1)
        return []

    def is_back(self, words: tuple[str, ...]) -> bool:
        """Whether a process of this kind runs again in time."""
        time.sleep(0.2)
        return bool(self.victims(words))

    def kill_clients(self) -> None:
        """Kill publishing and importing commands at random moments by turns, and run each again until it is done."""
        chance = random.Random("client")
        for turn in range(self.kills):
            command = self.publishing(turn) if turn % 2 == 0 else self.importing(turn)
            killed = subprocess.Popen(
                [sys.executable, "-m", "catalog", *command],
                cwd=ROOT,
                env=self.installation.command_environment,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )
            time.sleep(chance.uniform(*CLIENT_LIFE_S))
            killed.kill()
            killed.wait()
            self.killed["client"] += 1
            print(f"  killed client ({turn + 1} of {self.kills})", flush=True)
            answer = self.run_to_its_end(command)
            if answer is not None and turn % 2 == 0:
                self.said.acknowledge(KILLED_CODE, answer["number"], self.said.meant[KILLED_CODE][-1])
            elif answer is not None:
                self.said.imported.update(f"prp_turn{turn}n{n}" for n in range(MANIFEST_ROWS))

    def publishing(self, turn: int) -> list[str]:
        """Write a tree of 30 files and return the command that publishes it."""
        folder = self.folder / "tree"
        self.said.mean(
            KILLED_CODE, write_tree(folder, {f"part{n}.png": noisy_png(60, seed=turn * 1000 + n) for n in range(30)})
        )
        return ["assets", "publish", str(folder), "--code", KILLED_CODE, "--kind", "prop", "--format", "json"]

    def importing(self, turn: int) -> list[str]:
        """Write a manifest and return the command that imports it."""
        manifest = self.folder / f"turn{turn}.csv"
        rows = [f"prp_turn{turn}n{n},Turn {turn} number {n},prop" for n in range(MANIFEST_ROWS)]
        manifest.write_text("\n".join(["code,name,kind", *rows]) + "\n")
        return ["assets", "import", str(manifest), "--format", "json"]

    def run_to_its_end(self, command: list[str]) -> dict[str, int] | None:
        """Run a command again while a part is away; return what it answers."""
        ends = time.monotonic() + CLIENT_WITHIN_S
        while time.monotonic() < ends:
            ended = self.installation.command(*command, within_s=CLIENT_WITHIN_S)
            if ended.returncode == 0:
                answer: dict[str, int] = json.loads(ended.stdout)
                return answer
            if ended.returncode != EXIT_UNAVAILABLE or "locked" in ended.stderr:
                break
            self.said.waits["command"] += 1
        self.said.flaw(
            f"`catalog {' '.join(command[:2])}` after a kill ended with {ended.returncode}: {ended.stderr[-300:]}"
        )
        return None


def main() -> None:
    """Run the proof and say what held."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=25, help="how often each process is killed")
    kills = parser.parse_args().kills
    began = time.monotonic()
    with TemporaryDirectory() as folder, Installation(Path(folder) / "data") as installation:
        os.environ["CATALOG_CACHE"] = str(Path(folder) / "cache")
        proof = Proof(installation, Path(folder), kills)
        figures = proof.run()
        flaws = [*proof.said.flaws, *check(installation, proof.said)]
    sys.exit(report({**figures, "seconds": round(time.monotonic() - began)}, flaws))


if __name__ == "__main__":
    main()
