"""What the proofs share: what people meant to publish, who watches meanwhile, and what must hold afterwards."""

from __future__ import annotations

import hashlib
import json
import random
import threading
import time
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import TypeVar

import requests

from catalog.client import Client
from catalog.client.errors import CatalogError, Unavailable
from scripts.installation import Installation

T = TypeVar("T")
Tree = Mapping[str, str]
"""Path → SHA-256."""

SETTLED_WITHIN_S = 240.0
NAMED_MAX = 5
SAMPLED = 150
PAUSE_S = 0.1
AWAY = (
    Unavailable,
    requests.ConnectionError,
    requests.Timeout,
    requests.exceptions.ChunkedEncodingError,  # killed in the middle of its answer
    ConnectionError,
)


@dataclass
class Said:
    """What people meant to do, what they were told is done, and what should not have been said to them."""

    meant: dict[str, list[Tree]] = field(default_factory=lambda: defaultdict(list))
    """Code → every tree that somebody began to publish."""
    versions: dict[tuple[str, int], Tree] = field(default_factory=dict)
    imported: set[str] = field(default_factory=set)
    flaws: list[str] = field(default_factory=list)
    waits: Counter[str] = field(default_factory=Counter)
    """Refusals that a process's absence explains, by code."""
    lock: threading.Lock = field(default_factory=threading.Lock)

    def mean(self, code: str, tree: Tree) -> None:
        """Note a tree before anything of it is sent."""
        with self.lock:
            self.meant[code].append(dict(tree))

    def acknowledge(self, code: str, number: int, tree: Tree) -> None:
        """Note a version that was said to be published; one number for two trees is a flaw."""
        with self.lock:
            known = self.versions.setdefault((code, number), dict(tree))
        if known != dict(tree):
            self.flaw(f"{code}@{number} was given to two different trees")

    def flaw(self, words: str) -> None:
        """Note that a promise did not hold."""
        with self.lock:
            self.flaws.append(words)

    def refusal(self, doing: str, problem: Exception) -> None:
        """Note a refusal: that a part is away is to be expected here, anything else, or a locked database, is not."""
        away = isinstance(problem, AWAY)
        if not away or "locked" in str(problem):
            self.flaw(f"{doing}: {type(problem).__name__}: {problem}")
        with self.lock:
            self.waits[getattr(problem, "code", type(problem).__name__)] += 1


def newcomer(client: Client, login: str) -> Client:
    """Enter an artist and return a client that acts as them."""
    client.users.create(login=login, roles=["artist"])
    return Client(client.url, token=client.tokens.issue(name="proof", login=login).secret)


class Watcher(threading.Thread):
    """Somebody who publishes nothing and looks all the time: whatever they see must be whole.

    Asks for an asset's versions, for the files of each that it has not seen yet, and for the bytes of one of them.
    """

    def __init__(self, client: Client, said: Said) -> None:
        super().__init__(name="watcher")
        self._client = client
        self._said = said
        self._stop_asked = threading.Event()
        self._chance = random.Random(7)
        self._whole: set[tuple[str, int]] = set()
        self.looks = 0

    @property
    def versions_seen(self) -> int:
        """How many versions were seen and found whole."""
        return len(self._whole)

    def stop(self) -> None:
        """Look no further."""
        self._stop_asked.set()
        self.join()

    def run(self) -> None:
        """Look until stopped."""
        while not self._stop_asked.wait(PAUSE_S):
            with self._said.lock:
                codes = list(self._said.meant)
            if not codes:
                continue
            code = self._chance.choice(codes)
            try:
                self._look(code)
            except CatalogError as problem:
                self._doubt(code, problem)
            except requests.RequestException as problem:
                self._said.refusal(f"watching {code}", problem)

    def _doubt(self, code: str, problem: CatalogError) -> None:
        # Before its first version is drafted the asset itself may not be there.
        if getattr(problem, "code", "") != "unknown-asset":
            self._said.refusal(f"watching {code}", problem)

    def _look(self, code: str) -> None:
        latest = self._client.assets.get(code).latest_version
        seen = list(self._client.versions.list(code))
        self.looks += 1
        if latest is not None and latest not in {version.number for version in seen}:
            self._said.flaw(f"{code} says that its latest is {latest}, and lists {[one.number for one in seen]}")
        for version in seen:
            if version.status != "published":
                self._said.flaw(f"{code}@{version.number} is {version.status}, and others see it")
            elif (code, version.number) not in self._whole:
                self._look_into(code, version.number)

    def _look_into(self, code: str, number: int) -> None:
        tree = files_of(self._client, code, number)
        with self._said.lock:
            meant = list(self._said.meant[code])
        if tree not in meant:
            self._said.flaw(f"{code}@{number} is visible with {len(tree)} files that nobody published so")
            return
        path = self._chance.choice(sorted(tree))
        if hashlib.sha256(self._client.files.get(code, number, path)).hexdigest() != tree[path]:
            self._said.flaw(f"{path} of {code}@{number} has other bytes than were published")
            return
        self._whole.add((code, number))


def files_of(client: Client, code: str, number: int) -> Tree:
    """Return the tree of a version as the server lists it."""
    return {file.path: file.sha256 for file in client.versions.files(code, number)}


def wait_until_settled(client: Client) -> str | None:
    """Wait until no job is owed or running; say so where that takes too long."""
    ends = time.monotonic() + SETTLED_WITHIN_S
    left = []
    while time.monotonic() < ends:
        left = [job for state in ("owed", "running") for job in client.jobs.list(state=state).page().items]
        if not left:
            return None
        time.sleep(0.5)
    return f"jobs are still not paid after {SETTLED_WITHIN_S:g} s: {left[0].kind} {left[0].state} {left[0].error}"


def check(installation: Installation, said: Said) -> Iterator[str]:
    """Yield every promise that did not hold, once nobody kills or writes any more."""
    client = Client(installation.url, token=installation.token)
    unpaid = wait_until_settled(client)
    if unpaid:
        yield unpaid
    yield from check_versions(client, said)
    yield from check_imports(client, said)
    yield from check_events(client)
    for dead in client.jobs.list(state="dead").page().items[:NAMED_MAX]:
        yield f"dead letter {dead.kind}: {dead.error}"
    for arguments in (("verify-ledger",), ("verify-storage", "--read"), ("reindex", "--verify")):
        ended = installation.admin(*arguments)
        if ended.returncode:
            words = f"{ended.stdout[-300:]}{ended.stderr[-300:]}"
            yield f"`admin {' '.join(arguments)}` ended with {ended.returncode}: {words}"


def check_versions(client: Client, said: Said) -> Iterator[str]:
    """Compare what was acknowledged with what is there: every version, no number twice, nothing left half done."""
    for code in sorted({code for code, _ in said.versions}):
        listed = list(client.versions.list(code))
        numbers = [one.number for one in listed]
        if len(numbers) != len(set(numbers)):
            yield f"{code} gave a number twice: {sorted(numbers)}"
        yield from (
            f"{code}@{one.number} was left {one.status}: {one.problem}" for one in listed if one.status != "published"
        )
        manifests = Counter(one.manifest_sha256 for one in listed)
        yield from (f"{code} has {count} versions of one tree" for count in manifests.values() if count > 1)
        missing = {number for of, number in said.versions if of == code} - set(numbers)
        yield from (f"{code}@{number} was acknowledged and is missing" for number in sorted(missing))
    chance = random.Random(3)
    for (code, number), tree in chance.sample(sorted(said.versions.items()), min(SAMPLED, len(said.versions))):
        if files_of(client, code, number) != tree:
            yield f"{code}@{number} has other files than were published"
            continue
        path = chance.choice(sorted(tree))
        if hashlib.sha256(client.files.get(code, number, path)).hexdigest() != tree[path]:
            yield f"{path} of {code}@{number} has other bytes than were published"


def check_imports(client: Client, said: Said) -> Iterator[str]:
    """See that every row that was acknowledged is an asset, and is found by search."""
    there = {asset.code for asset in client.assets.list()}
    for code in sorted(said.imported - there)[:NAMED_MAX]:
        yield f"{code} was acknowledged by the import and is missing"
    for code in random.Random(4).sample(sorted(said.imported & there), min(20, len(said.imported & there))):
        if code not in {card.code for card in client.search(code).items}:
            yield f"{code} was acknowledged by the import and is not found by search"


def check_events(client: Client) -> Iterator[str]:
    """Follow the events from the first on: no gap, nothing out of order, no version published twice."""
    seqs, published = [], Counter[str]()
    for event in client.events.list():
        seqs.append(event.seq)
        if event.type.startswith("version.published/"):
            published.update(str(subject.id) for subject in event.subjects if subject.kind == "version")
    if seqs != list(range(1, len(seqs) + 1)):
        yield f"events have gaps or are out of order near {next(n for n, seq in enumerate(seqs, 1) if n != seq)}"
    twice = [version for version, count in published.items() if count > 1]
    if twice:
        yield f"{len(twice)} versions were published twice, such as {twice[0]}"


def report(figures: Mapping[str, object], flaws: list[str]) -> int:
    """Print what held, the figures as one JSON object, and return the exit code."""
    for flaw in flaws:
        print(f"  BROKEN: {flaw}")
    print("Everything held." if not flaws else f"{len(flaws)} promises did not hold.")
    print(json.dumps({**figures, "flaws": flaws[: 4 * NAMED_MAX]}))
    return 1 if flaws else 0
