"""Notes: written on the page of a version, changed and removed on a page of their own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from catalog.assets.queries import get_asset
from catalog.kernel.abilities import Ability
from catalog.notes import queries, writing
from catalog.web import versions
from catalog.web.assets import head_of
from catalog.web.forms import revision_of
from catalog.web.languages import gettext
from catalog.web.remarks import remarks_of
from catalog.web.route import Moved, Reply, Route, Shown

if TYPE_CHECKING:
    from catalog.notes.models import Note
    from catalog.web.route import Call
    from catalog.work.unit import UnitOfWork
    from catalog.work.view import View


def write(call: Call, work: UnitOfWork) -> Reply:
    """Write a note on a version."""
    number = versions.number_of(call)
    note = writing.write(work, call.path["code"], number, call.form.get("note", ""))
    return back(note, gettext("Your note stands on version %(number)s.", number=number))


def note(call: Call, view: View) -> Shown:
    """Show one note, and the form that changes it."""
    found = queries.get_note(view, call.path["id"])
    asset = get_asset(view, found.version.asset.code)
    (one,) = remarks_of(view, [found])
    return Shown(template="asset/note.html", values={"head": head_of(asset), "note": one})


def change(call: Call, work: UnitOfWork) -> Reply:
    """Let a note say something else."""
    found = writing.change(work, call.path["id"], call.form.get("text", ""), if_revision=revision_of(call))
    return back(found, gettext("The note is changed."))


def remove(call: Call, work: UnitOfWork) -> Reply:
    """Show a note no longer."""
    return back(writing.remove(work, call.path["id"]), gettext("The note is removed."))


def back(found: Note, saying: str) -> Moved:
    """Return to the version that a note or an issue is on."""
    of = found.version
    return Moved(page="version", arguments={"code": of.asset.code, "number": of.number}, saying=saying)


ROUTES = (
    Route(
        name="write_note",
        path="/assets/{code}/versions/{number}/notes",
        ability=Ability.ANNOTATE,
        write=write,
        again=versions.version,
    ),
    Route(name="note", path="/notes/{id}", ability=Ability.BROWSE, read=note),
    Route(name="change_note", path="/notes/{id}", ability=Ability.ANNOTATE, write=change, again=note),
    Route(name="remove_note", path="/notes/{id}/removal", ability=Ability.ANNOTATE, write=remove),
)
