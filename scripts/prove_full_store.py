#!/usr/bin/env python3
"""Fill the store's disk in every way that happens; prove that it is said clearly and that nothing is lost by it.

``scripts/prove_full_store.py``. The store has a disk of its own of some hundred megabytes. A sparse file of many
gigabytes and a folder that cannot fit are refused before a byte is sent; a disk that fills up while bytes arrive or
while they are verified, and a quota that is used up, end in exit code 8 and words that name the remedy; when there is
room again the same command goes on where it stopped. At last the whole data folder stands on a full disk. All the while
nothing half done is visible, no process is lost and what is there can be pulled. Exit code 1 where a promise did not
hold.
"""

from __future__ import annotations

import argparse
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from catalog.app.seaweed import WEED
from catalog.client import Client
from scripts import namespaces
from scripts.installation import ROOT, Installation
from scripts.made_files import write_large, write_tree
from scripts.namespaces import Own, SmallDisk
from scripts.witnesses import Said, check_versions, files_of, newcomer, report, wait_until_settled

MIB = 2**20
BUCKET = "catalog-originals"
STORE_BYTES = 320 * MIB
DATA_BYTES = 360 * MIB
SPARSE_BYTES = 5 * 2**30
ENORMOUS_BYTES = 6 * 2**40
UNAVAILABLE, INVALID = 8, 4
WITHIN_S = 240.0
PUBLISHED_WITHIN_S = 240.0
"""The store looks once a minute whether its disk has room again, and a job that waits for it twice a minute."""


class Proof:
    """One installation whose store has a small disk; ``flaws`` is what did not hold."""

    def __init__(self, installation: Installation, disk: SmallDisk, folder: Path) -> None:
        self.installation = installation
        self.disk = disk
        self.folder = folder
        self.flaws: list[str] = []
        self.seconds: dict[str, float] = {}
        self.client = Client(installation.url, token=installation.token)
        self.stranger = newcomer(self.client, "stranger")
        self.said = Said()
        self.processes = self.parts()

    def parts(self) -> dict[str, list[int]]:
        """Return the processes of each part."""
        return {word: self.installation.processes(word) for word in ("gunicorn", "catalog.worker", "weed")}

    def expect(self, true: object, words: str) -> None:
        """Note a promise that did not hold."""
        if not true:
            self.flaws.append(words)
            print(f"  NOT SO: {words}", flush=True)

    def publish(self, name: str, tree: Path, exit_code: int, *words: str) -> str:
        """Publish a folder under a code, by the command; see how that ends, and that its words say so."""
        began = time.monotonic()
        ended = self.installation.command(*publishing(name, tree), within_s=WITHIN_S)
        self.judge(name, ended.returncode, ended.stdout + ended.stderr, exit_code, *words)
        self.seconds[f"{name}, exit code {ended.returncode}"] = round(time.monotonic() - began, 1)
        print(f"  {name} ended with exit code {ended.returncode}", flush=True)
        return ended.stdout

    def publish_when_there_is_room(self, name: str, tree: Path, word: str) -> str:
        """Publish as often as it takes the store to see that its disk has room; return what the last command said."""
        ends = time.monotonic() + PUBLISHED_WITHIN_S
        while time.monotonic() < ends and not self.seen(name):
            ended = self.installation.command(*publishing(name, tree), within_s=WITHIN_S)
            if ended.returncode == 0:
                self.judge(name, 0, ended.stdout, 0, word)
                return ended.stdout
            self.judge(name, ended.returncode, ended.stdout + ended.stderr, UNAVAILABLE, "again")
        return self.publish(name, tree, 0)

    def judge(self, name: str, ended: int, said: str, exit_code: int, *words: str) -> None:
        """Compare an end with the expected one; what was refused is visible to nobody."""
        self.expect(ended == exit_code, f"{name}: exit code {ended} instead of {exit_code}: {said[-400:]}")
        for word in words:
            self.expect(word in said, f"{name}: {word!r} is not said in: {said[-400:]}")
        if exit_code:
            self.expect(not self.seen(name), f"{name}: a version that was refused is visible")

    def seen(self, name: str) -> list[int]:
        """Return the numbers of the versions that others see."""
        if name not in {asset.code for asset in self.client.assets.list()}:
            return []
        return [version.number for version in self.stranger.versions.list(name)]

    def published(self, name: str, tree: dict[str, str]) -> None:
        """See that others have the whole version, byte for byte."""
        seen = self.seen(name)
        self.expect(seen == [1], f"{name}: others see versions {seen}")
        if seen != [1]:
            return
        self.said.acknowledge(name, 1, tree)
        self.expect(files_of(self.stranger, name, 1) == tree, f"{name}: it has other files than were published")
        self.stranger.assets.pull(name, to=self.folder / "pulled" / name)

    def sparse(self) -> None:
        """Announce more than any disk has, and more than this one has."""
        enormous = self.folder / "enormous" / "sim.vdb"
        announce(enormous, ENORMOUS_BYTES)
        self.publish("fx_enormous", enormous.parent, INVALID, "sim.vdb", "5.5 TB")
        sparse, before = self.folder / "sparse" / "sim.vdb", self.disk.used_bytes
        announce(sparse, SPARSE_BYTES)
        self.publish("fx_sparse", sparse.parent, UNAVAILABLE, "5.37 GB", "room")
        self.expect(self.disk.used_bytes - before < MIB, "fx_sparse: bytes were sent although they cannot fit")

    def many(self) -> None:
        """Announce a folder that does not fit; publish it once the disk is larger."""
        tree = self.folder / "many"
        made = {f"f{n}.bin": write_large(tree / f"f{n}.bin", 8 * MIB, seed=n) for n in range(30)}
        self.publish("fx_many", tree, UNAVAILABLE, "room", "publish again")
        self.disk.resize(5 * STORE_BYTES)
        self.publish("fx_many", tree, 0, "fx_many@1 is published: 30 files")
        self.published("fx_many", made)

    def while_sending(self) -> None:
        """Fill the disk while parts arrive; publish again once there is room."""
        tree, size = self.folder / "large", 150 * MIB
        made = {"sim.bin": write_large(tree / "sim.bin", size, seed=1)}
        with self.started("fx_large", tree) as command:
            before = self.disk.used_bytes
            # Three parts travel side by side, and the last is short: by now it has arrived.
            wait_for(lambda: self.disk.used_bytes - before > size * 3 // 4)
            self.disk.fill()
            said = command.communicate(timeout=WITHIN_S)[0]
        self.judge("fx_large", command.returncode, said, UNAVAILABLE, "disk is full", "again")
        self.disk.free()
        again = self.publish_when_there_is_room("fx_large", tree, "fx_large@1 is published")
        self.expect(f" {size} sent" not in again, f"fx_large: everything was sent again: {again}")
        self.published("fx_large", made)

    def while_verifying(self) -> None:
        """Fill the disk between arrival and verification; see it published by itself once there is room."""
        tree = self.folder / "verified"
        made = {"sim.bin": write_large(tree / "sim.bin", 60 * MIB, seed=2)}
        (worker,) = self.installation.processes("catalog.worker")[:1]
        os.kill(worker, signal.SIGSTOP)
        try:
            with self.started("fx_verified", tree) as command:
                wait_for(lambda: self.client.jobs.list(kind="settle-version", state="owed").page().items)
                self.disk.fill()
                os.kill(worker, signal.SIGCONT)
                said = command.communicate(timeout=WITHIN_S)[0]
        finally:
            os.kill(worker, signal.SIGCONT)
        self.judge("fx_verified", command.returncode, said, UNAVAILABLE, "cannot verify the upload yet", "disk is full")
        self.disk.free()
        self.expect(
            wait_for(lambda: self.seen("fx_verified"), PUBLISHED_WITHIN_S),
            "fx_verified: it was not published by itself once there was room",
        )
        self.published("fx_verified", made)

    def over_quota(self) -> None:
        """Use up the bucket's quota; publish again once it is lifted."""
        tree = self.folder / "over"
        made = {"sim.bin": write_large(tree / "sim.bin", 8 * MIB, seed=100)}
        self.weed(f"s3.bucket.quota -name={BUCKET} -op=set -sizeMB=1")
        # The store counts what a bucket holds about once a minute.
        wait_for(lambda: "to read only" in self.weed("s3.bucket.quota.enforce -apply"))
        self.publish("fx_over", tree, UNAVAILABLE, "quota used up", "publish again")
        self.weed(f"s3.bucket.quota -name={BUCKET} -op=remove", "s3.bucket.quota.enforce -apply")
        self.publish_when_there_is_room("fx_over", tree, "fx_over@1 is published")
        self.published("fx_over", made)

    def weed(self, *lines: str) -> str:
        """Have the store's own shell run commands; return what it says."""
        store = self.installation.folder / "store"
        ports = json.loads((store / "ports.json").read_text())
        return subprocess.run(
            [
                *(WEED, "shell"),
                *(f"-{name}=127.0.0.1:{ports[name]}.{ports[f'{name}_grpc']}" for name in ("master", "filer")),
            ],
            input="\n".join(("lock", *lines, "unlock", "exit", "")),
            cwd=store,  # where the keys are with which the parts of the store trust each other
            text=True,
            capture_output=True,
            check=True,
            timeout=WITHIN_S,
        ).stdout

    @contextmanager
    def started(self, name: str, tree: Path) -> Iterator[subprocess.Popen[str]]:
        """Start a command that publishes a folder."""
        command = subprocess.Popen(
            [sys.executable, "-m", "catalog", *publishing(name, tree)],
            cwd=ROOT,
            env=self.installation.command_environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        try:
            yield command
        finally:
            command.kill()
            command.wait()

    def on_full_disk(self) -> None:
        """Work on a full disk that the database and the index stand on, too."""
        tree = self.folder / "small"
        made = write_tree(tree, {"notes.txt": b"small"})
        self.publish("prp_before", tree, 0)
        self.published("prp_before", made)
        self.disk.fill()
        more = self.folder / "more"
        made = write_tree(more, {"notes.txt": b"more"})
        self.publish("prp_full", more, UNAVAILABLE, "room")
        self.expect(self.client.assets.get("prp_before").latest_version == 1, "nothing can be read on a full disk")
        self.disk.free()
        self.publish("prp_full", more, 0)
        self.published("prp_full", made)

    def conclude(self) -> list[str]:
        """See that no process was lost, no job is dead, and everything agrees; return all flaws."""
        unpaid = wait_until_settled(self.client)
        self.expect(unpaid is None, str(unpaid))
        self.expect(self.parts() == self.processes, f"processes were lost: {self.processes} became {self.parts()}")
        dead = self.client.jobs.list(state="dead").page().items
        self.expect(not dead, f"dead letters: {[(job.kind, job.error) for job in dead]}")
        for arguments in (("verify-storage", "--read"), ("verify-ledger",), ("reindex", "--verify")):
            ended = self.installation.admin(*arguments)
            self.expect(
                ended.returncode == 0, f"`admin {' '.join(arguments)}`: {ended.stdout[-200:]}{ended.stderr[-300:]}"
            )
        return [*self.flaws, *check_versions(self.client, self.said)]


def publishing(name: str, tree: Path) -> list[str]:
    """Return the words of a command that publishes a folder."""
    return ["assets", "publish", str(tree), "--code", name, "--kind", "fx_element"]


def announce(path: Path, size_bytes: int) -> None:
    """Make a sparse file: as long as is said, and almost nothing on the disk."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        file.truncate(size_bytes)


def wait_for(true: Callable[[], object], within_s: float = WITHIN_S) -> bool:
    """Whether it becomes true in time."""
    ends = time.monotonic() + within_s
    while time.monotonic() < ends:
        if true():
            return True
        time.sleep(0.05)
    return False


def prove_store(folder: Path) -> tuple[dict[str, float], list[str]]:
    """Fill the disk of the store alone."""
    data = folder / "data"
    with SmallDisk(data / "store" / "objects", STORE_BYTES) as disk:
        (data / "secrets").mkdir()  # so that it is known for a data folder
        with Installation(data) as installation:
            proof = Proof(installation, disk, folder)
            for act in (proof.sparse, proof.many, proof.while_sending, proof.while_verifying, proof.over_quota):
                act()
            return proof.seconds, proof.conclude()


def prove_all(folder: Path) -> tuple[dict[str, float], list[str]]:
    """Fill the disk on which everything stands."""
    with SmallDisk(folder / "disk", DATA_BYTES) as disk, Installation(folder / "disk" / "data") as installation:
        proof = Proof(installation, disk, folder)
        proof.on_full_disk()
        return proof.seconds, proof.conclude()


def main() -> None:
    """Run the proof and say what held."""
    argparse.ArgumentParser(description=__doc__).parse_args()
    why = namespaces.objection(Own.MOUNTS)
    if why:
        sys.exit(why)
    namespaces.enter(Own.MOUNTS)
    figures: dict[str, object] = {}
    flaws = []
    for name, prove in {"store": prove_store, "everything": prove_all}.items():
        with TemporaryDirectory() as folder:
            os.environ["CATALOG_CACHE"] = str(Path(folder) / "cache")
            figures[name], found = prove(Path(folder))
            flaws += [f"{name}: {flaw}" for flaw in found]
    sys.exit(report(figures, flaws))


if __name__ == "__main__":
    main()
