"""Writing, changing and removing notes: their words are their author's, and of those who curate."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID

from catalog.assets.queries import get_version
from catalog.kernel.abilities import Ability
from catalog.kernel.errors import NotPermitted
from catalog.kernel.ids import new_id
from catalog.kernel.texts import checked_text
from catalog.notes import queries
from catalog.notes.events import NoteChanged, NoteRemoved, NoteWritten
from catalog.notes.models import Note
from catalog.work.revising import refuse_stale, what_changed

if TYPE_CHECKING:
    from datetime import datetime

    from catalog.assets.models import AssetVersion
    from catalog.kernel.actors import Actor
    from catalog.work.unit import UnitOfWork


def write(work: UnitOfWork, reference: str, number: int, text: str) -> Note:
    """Write a note on a version that the actor may know of."""
    work.require(Ability.ANNOTATE)
    note = note_on(get_version(work.view, reference, number), text, by=work.actor.person_id, at=work.now)
    work.session.add(note)
    work.record(NoteWritten(**subjects_of(note), text=note.text))
    return note


def change(work: UnitOfWork, note_id: str, text: str, *, if_revision: int | None = None) -> Note:
    """Let a note say something else; ``NotPermitted`` for others than its author and those who curate."""
    work.require(Ability.ANNOTATE)
    note = _hold(work, note_id)
    refuse_others(work.actor, note)
    refuse_stale("the note", note.revision, if_revision)
    changes = what_changed({"text": note.text}, {"text": checked_text("note", text, required=True)})
    if changes:
        note.text = changes["text"][1]
        note.edited_at = work.now
        note.revision += 1
        work.record(NoteChanged(**subjects_of(note), changes=changes))
    return note


def remove(work: UnitOfWork, note_id: str) -> Note:
    """Show a note no longer; what it said stays in the ledger. ``NotPermitted`` as for changing it."""
    work.require(Ability.ANNOTATE)
    note = _hold(work, note_id)
    refuse_others(work.actor, note)
    work.record(NoteRemoved(**subjects_of(note), text=note.text))
    empty(note, work.now)
    return note


def _hold(work: UnitOfWork, note_id: str) -> Note:
    """Hold a note until the commit; ``NotFound`` also where somebody removed it just now."""
    work.hold(queries.get_note(work.view, note_id))
    return queries.get_note(work.view, note_id)


def note_on(version: AssetVersion, text: str, *, by: UUID, at: datetime) -> Note:
    """Return a note on a version, its text checked."""
    return Note(
        id=new_id(),
        version_id=version.id,
        version=version,
        author_id=by,
        text=checked_text("note", text, required=True),
        created_at=at,
        revision=1,
    )


def empty(note: Note, at: datetime) -> None:
    """Take from a note what it said; its row stays, because the ledger refers to it."""
    note.text = ""
    note.removed_at = at
    note.revision += 1


def may_edit(actor: Actor, note: Note) -> bool:
    """Whether the words of a note, or of an issue, are this actor's to change."""
    own = note.author_id == actor.person_id and actor.can(Ability.ANNOTATE)
    return own or actor.can(Ability.CURATE)


def refuse_others(actor: Actor, note: Note) -> None:
    """Raise ``NotPermitted`` where the words of a note are not this actor's to change."""
    if not may_edit(actor, note):
        raise NotPermitted(
            f"{actor.name} did not write this; its author may change or remove it, and whoever may 'curate'",
            ability=Ability.CURATE.value,
        )


def subjects_of(note: Note) -> dict[str, Any]:
    """Return what every event of a note is about."""
    version = note.version
    return {
        "note_id": note.id,
        "version_id": version.id,
        "asset_id": version.asset_id,
        "number": version.number,
    }
