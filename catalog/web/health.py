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
from catalog.web.languages import gettext, marked
from catalog.web.reasons import reason
from catalog.web.route import Reply, Route, Shown

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from catalog.web.route import Call
    from catalog.work.view import View

_MEANS = {
    "limits": marked("limits"),
    "privileges": marked("privileges"),
    "files": marked("files"),
    "network": marked("network"),
    "processes": marked("processes"),
    "system_calls": marked("system calls"),
    "rendering": marked("rendering"),
}
LAG_MAX = 500
"""Ledger entries that the index may be behind before that is worth a look."""


@dataclass(frozen=True, kw_only=True)
class Part:
    """A part of the installation: what it says of itself, and whether somebody should look."""

    name: str
    well: bool
    says: str


Finding = tuple[bool, str]
"""Whether a part is well, and what it says."""


def health(call: Call, view: View) -> Reply:
    """Ask every part; the object store answers within its own time limit."""
    checks: dict[str, Callable[[Call, View], Finding]] = {
        marked("Database"): _database,
        marked("Search index"): _index,
        marked("Object store"): _store,
        marked("Jobs"): _jobs,
        marked("Confinement"): _confinement,
    }
    parts = [_ask(name, check, call, view) for name, check in checks.items()]
    return Shown(template="health.html", values={"parts": parts, "well": all(part.well for part in parts)})


def _ask(name: str, check: Callable[[Call, View], Finding], call: Call, view: View) -> Part:
    try:
        well, says = check(call, view)
    except CatalogError as error:
        well, says = False, " ".join(filter(None, (reason(error), error.message)))
    return Part(name=gettext(name), well=well, says=says)


def _database(call: Call, view: View) -> Finding:
    seq, _ = head_of(view.session)
    kind = "PostgreSQL" if call.house.engine.dialect.name == "postgresql" else "SQLite"
    entries = wording.counted(seq, "%(count)s entry", "%(count)s entries")
    return True, gettext("%(database)s; the ledger has %(entries)s", database=kind, entries=entries)


def _index(call: Call, view: View) -> Finding:
    seq, _ = head_of(view.session)
    lag = max(0, seq - call.house.index.seq)
    behind = wording.counted(lag, "%(count)s ledger entry behind", "%(count)s ledger entries behind")
    return lag <= LAG_MAX, behind if lag else gettext("Up to date with the ledger")


def _store(call: Call, view: View) -> Finding:
    call.house.stores.originals.find("health")
    handed = call.house.stores.handover
    way = gettext("clients reach it themselves") if handed else gettext("this server relays its bytes")
    says = gettext("Answers as “%(name)s”; %(way)s", name=call.house.stores.name, way=way)
    problem = claims.find_problem(view)
    return problem is None, f"{says}; {problem}" if problem else says


def _jobs(_call: Call, view: View) -> Finding:
    counts = count_by_state(view.session)
    dead = counts[JobState.DEAD]
    owed, running = wording.number(counts[JobState.OWED]), wording.number(counts[JobState.RUNNING])
    waiting = gettext("%(owed)s owed, %(running)s running", owed=owed, running=running)
    letters = wording.counted(dead, "%(count)s dead letter", "%(count)s dead letters")
    return dead == 0, wording.listed((waiting, letters)) if dead else waiting


def _confinement(call: Call, _view: View) -> Finding:
    """Say what holds the child processes that open untrusted files, as the worker of this machine measured it."""
    try:
        measured: dict[str, bool] = json.loads(call.house.confinement_file.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return True, gettext("Not measured yet: no worker has started on this machine")
    held = _means(name for name, holds in measured.items() if holds)
    missing = _means(name for name, holds in measured.items() if not holds)
    says = gettext("Whatever opens untrusted files is held by %(means)s", means=held or gettext("nothing"))
    if missing:
        says = gettext("%(what)s; missing here: %(means)s", what=says, means=missing)
    return not missing, says


def _means(names: Iterable[str]) -> str:
    return wording.listed(gettext(_MEANS.get(name, name)) for name in names)


ROUTES = (Route(name="health", path="/health", ability=Ability.OPERATE, read=health),)
