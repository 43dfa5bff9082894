"""``/health``: for operators, how the parts of the installation do."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from catalog.jobs.queries import count_by_state
from catalog.jobs.vocabulary import JobState
from catalog.kernel.abilities import Ability
from catalog.kernel.errors import CatalogError
from catalog.ledger.queries import head_of
from catalog.upkeep import claims
from catalog.web import wording
from catalog.web.route import Reply, Route, Shown

if TYPE_CHECKING:
    from collections.abc import Callable

    from catalog.web.route import Call
    from catalog.work.view import View

LAG_MAX = 500
"""Ledger entries that the index may be behind before that is worth a look."""


@dataclass(frozen=True, kw_only=True)
class Part:
    """A part of the installation: what it says of itself, and whether somebody should look."""

    name: str
    well: bool
    says: str


def health(call: Call, view: View) -> Reply:
    """Ask every part; the object store answers within its own time limit."""
    checks: dict[str, Callable[[Call, View], Part]] = {
        "Database": _database,
        "Search index": _index,
        "Object store": _store,
        "Jobs": _jobs,
        "Confinement": _confinement,
    }
    parts = [_ask(name, check, call, view) for name, check in checks.items()]
    return Shown(template="health.html", values={"parts": parts, "well": all(part.well for part in parts)})


def _ask(name: str, check: Callable[[Call, View], Part], call: Call, view: View) -> Part:
    try:
        return check(call, view)
    except CatalogError as error:
        return Part(name=name, well=False, says=error.message)


def _database(call: Call, view: View) -> Part:
    seq, _ = head_of(view.session)
    kind = "PostgreSQL" if call.house.engine.dialect.name == "postgresql" else "SQLite"
    return Part(name="Database", well=True, says=f"{kind}; the ledger has {wording.counted(seq, 'entry', 'entries')}")


def _index(call: Call, view: View) -> Part:
    seq, _ = head_of(view.session)
    lag = max(0, seq - call.house.index.seq)
    says = f"{wording.counted(lag, 'ledger entry', 'ledger entries')} behind" if lag else "Up to date with the ledger"
    return Part(name="Search index", well=lag <= LAG_MAX, says=says)


def _store(call: Call, view: View) -> Part:
    call.house.stores.originals.find("health")
    way = "clients reach it themselves" if call.house.stores.handover else "this server relays its bytes"
    says = f"Answers as {call.house.stores.name!r}; {way}"
    problem = claims.find_problem(view)
    return Part(name="Object store", well=problem is None, says=f"{says}; {problem}" if problem else says)


def _jobs(_call: Call, view: View) -> Part:
    counts = count_by_state(view.session)
    dead = counts[JobState.DEAD]
    waiting = f"{wording.number(counts[JobState.OWED])} owed, {wording.number(counts[JobState.RUNNING])} running"
    return Part(
        name="Jobs", well=dead == 0, says=f"{waiting}, {wording.counted(dead, 'dead letter')}" if dead else waiting
    )


def _confinement(call: Call, _view: View) -> Part:
    """Say what holds the child processes that open untrusted files, as the worker of this machine measured it."""
    try:
        measured: dict[str, bool] = json.loads(call.house.confinement_file.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return Part(name="Confinement", well=True, says="Not measured yet: no worker has started on this machine")
    held = ", ".join(name.replace("_", " ") for name, holds in measured.items() if holds)
    missing = ", ".join(name.replace("_", " ") for name, holds in measured.items() if not holds)
    says = f"Whatever opens untrusted files is held by {held or 'nothing'}"
    return Part(name="Confinement", well=not missing, says=f"{says}; missing here: {missing}" if missing else says)


ROUTES = (Route(name="health", path="/health", ability=Ability.OPERATE, read=health),)
