"""Discarding: what somebody has begun and does not want to publish."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select

from catalog.accounts.vocabulary import Role
from catalog.assets import discarding, publishing, queries, reviewing
from catalog.assets.models import Upload
from catalog.kernel.actors import Actor
from catalog.kernel.errors import Conflict, NotFound, NotPermitted, Stale
from catalog.kernel.paging import Paging
from tests.crew import Crew, stored

MODEL = b"model"


@pytest.fixture
def lamp(crew: Crew) -> Crew:
    """An asset with a draft of the artist's, whose bytes have arrived."""
    crew.registers("prp_lamp", by=crew.artist)
    drafted = crew.drafts("prp_lamp", stored("a.usd", MODEL), by=crew.artist)
    crew.brings(drafted.id, MODEL)
    return crew


def discard(crew: Crew, number: int = 1, *, by: Actor | None = None, if_revision: int | None = None) -> None:
    with crew.work(by or crew.artist) as work:
        discarding.discard(work, "prp_lamp", number, if_revision=if_revision)


def drafts(crew: Crew, viewer: Actor) -> list[str]:
    with crew.view(viewer) as view:
        return [f"{one.asset.code}@{one.number}" for one in queries.page_drafts(view, Paging()).items]


def submits_for_review(crew: Crew) -> None:
    with crew.work(crew.artist) as work:
        version = publishing.submit(work, "prp_lamp", 1, review=True)
        version_id = version.id
    crew.settles(version_id)


def test_one_s_own_versions_in_the_making_are_listed_newest_first(lamp: Crew) -> None:
    lamp.registers("prp_cup", by=lamp.artist)
    lamp.drafts("prp_cup", stored("a.usd", b"cup"), by=lamp.artist)
    lamp.publishes("prp_jug", by=lamp.artist)
    lamp.drafts("prp_jug", stored("a.usd", b"other"), by=lamp.supervisor)

    assert drafts(lamp, lamp.artist) == ["prp_cup@1", "prp_lamp@1"]
    assert drafts(lamp, lamp.supervisor) == ["prp_jug@2"]
    with lamp.view(lamp.artist) as view:
        first = queries.page_drafts(view, Paging(limit=1))
        rest = queries.page_drafts(view, Paging(limit=1, cursor=first.next_cursor))
    assert [page.items[0].asset.code for page in (first, rest)] == ["prp_cup", "prp_lamp"]
    assert rest.next_cursor is None


def test_a_discarded_draft_is_withdrawn_and_awaits_nothing(lamp: Crew) -> None:
    discard(lamp)

    assert drafts(lamp, lamp.artist) == []
    with lamp.view(lamp.artist) as view:
        version = queries.get_version(view, "prp_lamp", 1)
        assert (version.status, version.standing_reason) == ("withdrawn", "discarded by its maker")
        assert view.session.scalar(select(func.count()).select_from(Upload)) == 0
    assert lamp.types("version.")[-1] == "version.withdrawn/1"
    assert lamp.drafts("prp_lamp", stored("a.usd", MODEL), by=lamp.artist).number == 2


def test_what_was_discarded_is_as_unknown_to_others_as_it_was(lamp: Crew) -> None:
    discard(lamp)

    with lamp.view(lamp.supervisor) as view, pytest.raises(NotFound):
        queries.get_version(view, "prp_lamp", 1)


def test_discarding_twice_leaves_one_entry(lamp: Crew) -> None:
    discard(lamp)
    discard(lamp)

    assert lamp.types("version.withdrawn") == ["version.withdrawn/1"]


def test_a_version_is_taken_back_from_review_by_its_maker_alone(lamp: Crew) -> None:
    submits_for_review(lamp)

    with pytest.raises(Conflict, match="begun by somebody else; send it back"):
        discard(lamp, by=lamp.supervisor)
    discard(lamp)

    with lamp.view(lamp.supervisor) as view:
        assert queries.page_in_review(view, Paging()).items == ()


def test_what_was_sent_back_can_be_discarded(lamp: Crew) -> None:
    submits_for_review(lamp)
    with lamp.work(lamp.supervisor) as work:
        reviewing.send_back(work, "prp_lamp", 1, "too dark")

    assert drafts(lamp, lamp.artist) == ["prp_lamp@1"]
    discard(lamp)

    assert drafts(lamp, lamp.artist) == []


def test_somebody_else_s_draft_is_as_if_it_were_not_there(lamp: Crew) -> None:
    other = lamp.joins("olga", Role.ARTIST)

    with pytest.raises(NotFound):
        discard(lamp, by=other)


def test_a_published_version_is_withdrawn_and_not_discarded(lamp: Crew) -> None:
    number = lamp.publishes("prp_lamp", {"a.usd": b"other"}, by=lamp.artist)

    with pytest.raises(Conflict, match="prp_lamp@2 is published; only what was never published can be discarded"):
        discard(lamp, number)


def test_a_draft_that_is_other_than_it_was_read_is_kept(lamp: Crew) -> None:
    with pytest.raises(Stale):
        discard(lamp, if_revision=7)

    assert drafts(lamp, lamp.artist) == ["prp_lamp@1"]


def test_a_viewer_discards_nothing(lamp: Crew) -> None:
    with lamp.work(lamp.viewer) as work, pytest.raises(NotPermitted):
        discarding.discard(work, "prp_lamp", 1)
