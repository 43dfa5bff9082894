"""Notes: written, changed and removed by one at a time, whoever else is at it."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from catalog.accounts.vocabulary import Role
from catalog.assets.queries import get_version
from catalog.kernel.errors import NotFound, NotPermitted, Stale
from catalog.kernel.paging import Paging
from catalog.notes import queries, writing
from catalog.notes.models import Note
from tests.crew import Crew


@pytest.fixture
def lamp(crew: Crew) -> Crew:
    crew.publishes("prp_lamp", by=crew.artist)
    return crew


def writes(crew: Crew, text: str = "The shade is too wide.") -> str:
    with crew.work(crew.artist) as work:
        return str(writing.write(work, "prp_lamp", 1, text).id)


def said(crew: Crew) -> list[str]:
    """The texts of all notes, removed ones included."""
    with crew.desk.read() as session:
        return list(session.scalars(select(Note.text).order_by(Note.id)))


def test_a_note_is_written_changed_and_removed_and_the_ledger_keeps_its_words(lamp: Crew) -> None:
    note_id = writes(lamp, " The shade\r\nis too wide. ")
    with lamp.work(lamp.artist) as work:
        writing.change(work, note_id, "It is too narrow.", if_revision=1)
    changed = said(lamp)
    with lamp.work(lamp.supervisor) as work:
        writing.remove(work, note_id)

    assert (changed, said(lamp)) == (["It is too narrow."], [""])
    assert lamp.types("note.") == ["note.written/1", "note.changed/1", "note.removed/1"]
    assert [(entry.values or {})["text"] for entry in lamp.entries("note.") if "text" in (entry.values or {})] == [
        "The shade\nis too wide.",
        "It is too narrow.",
    ]
    with lamp.view(lamp.artist) as view, pytest.raises(NotFound):
        queries.get_note(view, note_id)


def test_notes_of_a_version_are_read_by_whoever_sees_it_oldest_first(lamp: Crew) -> None:
    for text in ("first", "second", "third"):
        writes(lamp, text)

    with lamp.view(lamp.viewer) as view:
        version = get_version(view, "prp_lamp", 1)
        page = queries.page_notes(view, version, Paging(limit=2))
        rest = queries.page_notes(view, version, Paging(limit=2, cursor=page.next_cursor))

    assert [note.text for note in (*page.items, *rest.items)] == ["first", "second", "third"]


def test_words_are_their_authors_and_of_those_who_curate(lamp: Crew) -> None:
    note_id, other = writes(lamp), lamp.joins("olga", Role.ARTIST)

    with lamp.work(other) as work, pytest.raises(NotPermitted):
        writing.change(work, note_id, "no")
    with lamp.work(other) as work, pytest.raises(NotPermitted):
        writing.remove(work, note_id)
    with lamp.work(lamp.supervisor) as work:
        writing.change(work, note_id, "It is fine.")

    assert said(lamp) == ["It is fine."]


def test_a_note_that_others_changed_meanwhile_is_not_written_over(lamp: Crew) -> None:
    note_id = writes(lamp)

    refused = lamp.overlaps(
        lambda work: writing.change(work, note_id, "first", if_revision=1),
        lambda work: writing.change(work, note_id, "second", if_revision=1),
    )

    assert isinstance(refused, Stale)
    assert said(lamp) == ["first"]


def test_a_note_that_is_being_removed_gets_no_words_again(lamp: Crew) -> None:
    note_id = writes(lamp)

    refused = lamp.overlaps(
        lambda work: writing.remove(work, note_id), lambda work: writing.change(work, note_id, "It came back.")
    )

    assert isinstance(refused, NotFound)
    assert said(lamp) == [""]
    assert lamp.types("note.") == ["note.written/1", "note.removed/1"]


def test_a_note_is_removed_once(lamp: Crew) -> None:
    note_id = writes(lamp)

    refused = lamp.overlaps(lambda work: writing.remove(work, note_id), lambda work: writing.remove(work, note_id))

    assert isinstance(refused, NotFound)
    assert lamp.types("note.") == ["note.written/1", "note.removed/1"]
