"""``/assets/{code}/versions/{number}/notes`` and ``/notes``: what people say of a version."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Annotated
from uuid import UUID

from pydantic import Field

from catalog.accounts.queries import logins_of
from catalog.api.operation import Answer, Model, Operation, PageQuery, Reply
from catalog.api.shapes import Listing, listing
from catalog.api.versions import number_of
from catalog.assets.queries import get_version
from catalog.kernel.abilities import Ability
from catalog.kernel.paging import Paging
from catalog.kernel.texts import LONGEST
from catalog.notes import queries, writing

if TYPE_CHECKING:
    from collections.abc import Sequence

    from catalog.api.operation import Call
    from catalog.notes.models import Note
    from catalog.work.unit import UnitOfWork
    from catalog.work.view import View

Words = Annotated[str, Field(min_length=1, max_length=LONGEST["note"])]


class NoteBody(Model):
    """What a note says."""

    text: Words = Field(description="plain text; lines are kept")


class NoteAnswer(Answer):
    """What somebody said of a version."""

    id: UUID
    asset: str
    version: int
    text: str
    author: str | None = Field(description="login")
    created_at: datetime
    edited_at: datetime | None = Field(description="when its text was last changed")
    revision: int


def list_notes(call: Call, view: View) -> Listing[NoteAnswer]:
    """Return the notes on a version, oldest first."""
    version = get_version(view, call.path["code"], number_of(call))
    page = queries.page_notes(view, version, Paging(limit=call.query.limit, cursor=call.query.cursor))
    shown = iter(show_notes(view, page.items))
    return listing(page.map(lambda _: next(shown)))


def get_note(call: Call, view: View) -> NoteAnswer:
    """Return one note."""
    return show_notes(view, [queries.get_note(view, call.path["id"])])[0]


def write(call: Call, work: UnitOfWork) -> Reply:
    """Write a note on a version."""
    note = writing.write(work, call.path["code"], number_of(call), call.body.text)
    return Reply(answer=show_notes(work.view, [note])[0], headers={"Location": f"/api/v1/notes/{note.id}"})


def change(call: Call, work: UnitOfWork) -> NoteAnswer:
    """Let a note say something else."""
    note = writing.change(work, call.path["id"], call.body.text, if_revision=call.if_revision)
    return show_notes(work.view, [note])[0]


def remove(call: Call, work: UnitOfWork) -> Reply:
    """Show a note no longer."""
    writing.remove(work, call.path["id"])
    return Reply(status=204)


def show_notes(view: View, notes: Sequence[Note]) -> list[NoteAnswer]:
    """Return notes with who wrote them."""
    authors = logins_of(view, {note.author_id for note in notes})
    return [
        NoteAnswer(
            id=note.id,
            asset=note.version.asset.code,
            version=note.version.number,
            text=note.text,
            author=authors.get(note.author_id),
            created_at=note.created_at,
            edited_at=note.edited_at,
            revision=note.revision,
        )
        for note in notes
    ]


_NOTES = "/assets/{code}/versions/{number}/notes"
OPERATIONS = (
    Operation(
        name="notes.list",
        method="GET",
        path=_NOTES,
        summary="List the notes on a version, oldest first",
        ability=Ability.BROWSE,
        read=list_notes,
        query=PageQuery,
        answer=Listing[NoteAnswer],
    ),
    Operation(
        name="notes.write",
        method="POST",
        path=_NOTES,
        summary="Write a note on a version",
        ability=Ability.ANNOTATE,
        write=write,
        body=NoteBody,
        answer=NoteAnswer,
        status=201,
        creates=True,
    ),
    Operation(
        name="notes.get",
        method="GET",
        path="/notes/{id}",
        summary="Get a note",
        ability=Ability.BROWSE,
        read=get_note,
        answer=NoteAnswer,
    ),
    Operation(
        name="notes.change",
        method="PATCH",
        path="/notes/{id}",
        summary="Let a note say something else: its author's, or a curator's, to do",
        ability=Ability.ANNOTATE,
        write=change,
        body=NoteBody,
        answer=NoteAnswer,
    ),
    Operation(
        name="notes.remove",
        method="DELETE",
        path="/notes/{id}",
        summary="Remove a note; what it said stays in the ledger",
        ability=Ability.ANNOTATE,
        write=remove,
        status=204,
    ),
)
