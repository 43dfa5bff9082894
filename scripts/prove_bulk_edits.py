#!/usr/bin/env python3
"""Change 10,000 assets at once; cancel half way, undo, and kill the worker; prove that nothing is lost or done twice.

``scripts/prove_bulk_edits.py [--assets 10000] [--kills 3]``: an empty installation is filled, and edited as a person
would, through the client. First an edit of all is cancelled in the middle and undone: the registry is as before. Then
one runs while its worker is killed with SIGKILL, and while somebody else changes some of the same assets: every asset
is changed once, as it was shown, or left alone and listed. Then it is undone, too. The ledger verifies, and the index
finds what the registry says. Exit code 1 where a promise did not hold.
"""

from __future__ import annotations

import argparse
import os
import signal
import sys
import time
from contextlib import suppress
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, TypeVar

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from sqlalchemy import select

from catalog.assets.models import Asset
from catalog.client import Client
from catalog.db.engine import create_engine_for
from scripts.installation import Installation
from scripts.witnesses import report

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy import Row
    from sqlalchemy.orm import InstrumentedAttribute

    from catalog.client.answers.edits import Edit

ROWS = 500
RESTLESS = 40
"""Assets that somebody else changes while an edit runs."""
WITHIN_S = 600.0
MIDDLE = 0.3
WORKER = "catalog.worker"
CHANGE: dict[str, Any] = {"add_tags": ["hero"], "remove_tags": ["wood"], "kind": "costume", "retire": "worn"}
T = TypeVar("T")
State = dict[str, tuple[Any, ...]]


class Proof:
    """One run over an installation that is filled already."""

    def __init__(self, installation: Installation, assets: int) -> None:
        self.installation = installation
        self.client = Client(installation.url, token=installation.token)
        self.assets = assets
        self.flaws: list[str] = []
        self.figures: dict[str, float] = {}

    def fill(self) -> None:
        """Enter the assets, and wait until the index has them."""
        for start in range(0, self.assets, ROWS):
            rows = [
                {"row": at, "code": f"prp_n{at}", "name": f"Crate {at}", "kind": "prop", "tags": ["wood", f"lot {at}"]}
                for at in range(start, min(start + ROWS, self.assets))
            ]
            self.client.imports.send(import_key="bulk", rows=rows)
        self.wait("the index has all", lambda: self.client.search("crate").total == self.assets)

    def cancels_and_undoes(self) -> None:
        """Cancel an edit of all in the middle, undo it, and compare."""
        before = self.registry()
        edit = self.timed("preview", lambda: self.client.edits.preview(search="q=crate", **CHANGE))
        self.expect("the preview has all", edit.planned, self.assets)
        self.client.edits.start(edit.id)
        self.wait("much of it is done", partial(self.is_beyond, edit, MIDDLE))
        cancelled = self.timed("cancel", lambda: self.client.edits.cancel(edit.id))
        changed = self.client.edits.get(edit.id).applied
        print(f"  cancelled after {changed:,} of {self.assets:,}", flush=True)
        self.expect("it was cancelled", cancelled.state, "cancelled")
        if not 0 < changed < self.assets:
            self.flaws.append(f"it was cancelled after {changed} assets, which is not in the middle")
        time.sleep(1)
        self.expect("nothing is done after the cancelling", self.client.edits.get(edit.id).applied, changed)
        undone = self.timed("undo", lambda: self.ends(self.client.edits.undo(edit.id)))
        self.expect("all that was changed is set back", (undone.undone, undone.kept), (changed, 0))
        self.expect("the registry is as before", self.differences(before), [])

    def is_killed(self, kills: int) -> None:
        """Let an edit of all run while its worker is killed and another changes some of its assets; then undo it."""
        before, revisions = self.registry(), self.revisions()
        edit = self.client.edits.preview(search="q=crate", **CHANGE)
        restless = [f"prp_n{at}" for at in range(0, self.assets, self.assets // RESTLESS)][:RESTLESS]
        for code in restless:
            self.client.assets.change(code, tags=["glass"])
        self.client.edits.start(edit.id)
        for kill in range(kills):
            aim = (kill + 1) / (kills + 1)
            self.wait("it goes on", partial(self.is_beyond, edit, aim))
            self.kill_worker()
        done = self.timed("run, with kills", lambda: self.ends(edit))
        left = {one.asset for one in self.client.edits.assets(edit.id, state="left")}
        self.expect("what another changed is left alone and listed", left, set(restless))
        self.expect("all others are changed", (done.state, done.applied), ("done", self.assets - len(restless)))
        twice = [code for code, revision in self.revisions().items() if revision != revisions[code] + 1]
        self.expect("no asset is changed twice", twice, [])
        self.wait("the index follows", lambda: self.client.search("crate", tag="hero").total == done.applied)
        undone = self.ends(self.client.edits.undo(edit.id))
        self.expect("it is set back", (undone.state, undone.undone), ("undone", done.applied))
        self.expect("only what another changed differs", set(self.differences(before)), set(restless))
        self.wait("the index follows", lambda: self.client.search("crate", tag="hero").total == 0)

    def registry(self) -> State:
        """Return what the registry says of every asset, revisions and times aside."""
        columns = (Asset.code, Asset.tags, Asset.owner_id, Asset.kind, Asset.status, Asset.retirement_reason)
        return {row[0]: tuple(row)[1:] for row in self._rows(*columns)}

    def revisions(self) -> dict[str, int]:
        """Return how often every asset was changed."""
        return {row[0]: row[1] for row in self._rows(Asset.code, Asset.revision)}

    def _rows(self, *columns: InstrumentedAttribute[Any]) -> list[Row[*tuple[Any, ...]]]:
        engine = create_engine_for(f"sqlite:///{self.installation.folder / 'catalog.sqlite'}")
        with engine.connect() as connection:
            found = list(connection.execute(select(*columns)))
        engine.dispose()
        return found

    def differences(self, before: State) -> list[str]:
        """Return the assets of which the registry says something else than before."""
        now = self.registry()
        return [code for code in before.keys() | now.keys() if before.get(code) != now.get(code)]

    def is_beyond(self, edit: Edit, progress: float) -> bool:
        """Whether more of an edit is done than this."""
        return self.client.edits.get(edit.id).progress > progress

    def ends(self, edit: Edit) -> Edit:
        """Wait for the end of an edit, and return it."""
        self.wait("it ends", lambda: self.client.edits.get(edit.id).state not in ("running", "undoing"))
        return self.client.edits.get(edit.id)

    def kill_worker(self) -> None:
        """Kill the worker; the supervisor starts another."""
        for pid in self.installation.processes(WORKER):
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        print("  killed the worker", flush=True)

    def wait(self, what: str, holds: Callable[[], bool]) -> None:
        """Wait until something holds."""
        ends = time.monotonic() + WITHIN_S
        while not holds():
            if time.monotonic() > ends:
                self.flaws.append(f"not within {WITHIN_S:g} s: {what}")
                return
            time.sleep(0.05)

    def timed(self, what: str, act: Callable[[], T]) -> T:
        """Do something and note how long it took."""
        began = time.monotonic()
        said = act()
        self.figures[f"{what}_s"] = round(time.monotonic() - began, 2)
        return said

    def expect(self, what: str, found: object, expected: object) -> None:
        """Note where something does not hold."""
        if found != expected:
            self.flaws.append(f"{what}: {str(found)[:200]} is not {str(expected)[:200]}")


def main() -> None:
    """Run the proof and say what held."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--assets", type=int, default=10_000, help="how many are edited at once")
    parser.add_argument("--kills", type=int, default=3, help="how often the worker is killed")
    arguments = parser.parse_args()
    with TemporaryDirectory() as folder, Installation(Path(folder) / "data") as installation:
        proof = Proof(installation, arguments.assets)
        proof.timed("import", proof.fill)
        proof.cancels_and_undoes()
        proof.is_killed(arguments.kills)
        verified = installation.command("ledger", "verify")
        if verified.returncode:
            proof.flaws.append(f"the ledger: {verified.stdout}{verified.stderr}")
    sys.exit(report(proof.figures, proof.flaws))


if __name__ == "__main__":
    main()
