"""Reviewing: what waits, who sees it, and what becomes of it."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import Connection, Engine, event

from catalog.accounts.vocabulary import Role
from catalog.assets import changing, publishing, queries, registry, reviewing
from catalog.assets.changing import AssetChange
from catalog.kernel.actors import Actor
from catalog.kernel.errors import Conflict, InvalidInput, NotFound, NotPermitted, Stale
from catalog.kernel.paging import Paging
from catalog.reactions import REACTIONS
from catalog.shows.registry import NewShow, ShowChange, change_show, create_show
from catalog.storage.memory import memory_stores
from catalog.work.desk import Desk
from tests.crew import Crew, stored

NOTES = b"notes"


def status(crew: Crew, number: int = 1, by: Actor | None = None) -> str:
    with crew.view(by or crew.artist) as view:
        return queries.get_version(view, "prp_lamp", number).status


def waiting(crew: Crew, by: Actor) -> list[int]:
    with crew.view(by) as view:
        return [version.number for version in queries.page_in_review(view, Paging()).items]


@pytest.fixture
def lamp(crew: Crew) -> Crew:
    """An asset of a reviewed show, with a first version that waits."""
    with crew.work() as work:
        create_show(work, NewShow(code="ORION", name="Orion"))
        change_show(work, "ORION", ShowChange(reviewed=True))
    crew.registers("prp_lamp", show="ORION", by=crew.artist)
    crew.publishes("prp_lamp", {"notes.txt": NOTES}, by=crew.artist)
    return crew


def test_a_version_of_a_reviewed_show_waits_and_is_measured_meanwhile(lamp: Crew) -> None:
    assert status(lamp) == "review"
    assert lamp.types("version.")[-1] == "version.awaits_review/1"
    with lamp.view(lamp.artist) as view:
        assert queries.get_asset(view, "prp_lamp").latest_number is None


def test_only_its_maker_and_those_who_curate_see_what_waits(lamp: Crew) -> None:
    other = lamp.joins("olga", Role.ARTIST)

    assert (waiting(lamp, lamp.artist), waiting(lamp, lamp.supervisor), waiting(lamp, other)) == ([1], [1], [])
    with pytest.raises(NotFound):
        status(lamp, by=other)


def test_an_approved_version_is_published_by_whoever_approved_it(lamp: Crew) -> None:
    with lamp.work(lamp.supervisor) as work:
        reviewing.approve(work, "prp_lamp", 1)

    assert status(lamp, by=lamp.viewer) == "published"
    entry = lamp.entries("version.published")[-1]
    assert entry.actor["name"] == "sue"


def test_a_version_that_is_sent_back_is_a_draft_that_says_why(lamp: Crew) -> None:
    with lamp.work(lamp.supervisor) as work:
        reviewing.send_back(work, "prp_lamp", 1, "the hook is too narrow")

    with lamp.view(lamp.artist) as view:
        version = queries.get_version(view, "prp_lamp", 1)
    assert (version.status, version.problem) == ("draft", "the hook is too narrow")
    with lamp.view(lamp.supervisor) as view, pytest.raises(NotFound):
        queries.get_version(view, "prp_lamp", 1)


def test_a_version_that_was_sent_back_can_be_submitted_again(lamp: Crew) -> None:
    with lamp.work(lamp.supervisor) as work:
        reviewing.send_back(work, "prp_lamp", 1, "wait for the scan")

    lamp.submits("prp_lamp", 1, by=lamp.artist)

    assert status(lamp) == "review"


def test_submitting_or_drafting_what_waits_again_changes_nothing(lamp: Crew) -> None:
    drafted = lamp.drafts("prp_lamp", stored("notes.txt", NOTES), by=lamp.artist)
    submitted = lamp.submits("prp_lamp", 1, by=lamp.artist)

    assert (drafted.number, drafted.outcome, submitted) == (1, "resumed", "review")


def test_a_maker_may_ask_for_a_review_that_nobody_else_asks_for(crew: Crew) -> None:
    crew.registers("prp_lamp", by=crew.artist)
    draft = crew.drafts("prp_lamp", stored("notes.txt", NOTES), by=crew.artist)
    crew.brings(draft.id, NOTES)

    with crew.work(crew.artist) as work:
        publishing.submit(work, "prp_lamp", 1, review=True)
    crew.settles(draft.id)

    assert status(crew) == "review"


def test_a_show_that_is_reviewed_no_longer_lets_versions_through(lamp: Crew) -> None:
    with lamp.work() as work:
        change_show(work, "ORION", ShowChange(reviewed=False))

    lamp.publishes("prp_lamp", {"notes.txt": b"second"}, by=lamp.artist)

    assert (status(lamp, 1), status(lamp, 2)) == ("review", "published")


def test_only_those_who_curate_decide(lamp: Crew) -> None:
    with lamp.work(lamp.artist) as work, pytest.raises(NotPermitted):
        reviewing.approve(work, "prp_lamp", 1)
    with lamp.work(lamp.artist) as work, pytest.raises(NotPermitted):
        reviewing.send_back(work, "prp_lamp", 1, "no")


def test_a_decision_on_what_was_decided_is_refused(lamp: Crew) -> None:
    with lamp.work(lamp.supervisor) as work:
        reviewing.approve(work, "prp_lamp", 1)

    with lamp.work(lamp.supervisor) as work, pytest.raises(Conflict, match="does not wait for review; it is published"):
        reviewing.send_back(work, "prp_lamp", 1, "too late")


def test_a_decision_on_another_state_than_was_read_is_refused(lamp: Crew) -> None:
    with lamp.work(lamp.supervisor) as work, pytest.raises(Stale):
        reviewing.approve(work, "prp_lamp", 1, if_revision=1)


def test_nothing_is_sent_back_without_a_reason(lamp: Crew) -> None:
    with lamp.work(lamp.supervisor) as work, pytest.raises(InvalidInput):
        reviewing.send_back(work, "prp_lamp", 1, " ")


def test_a_version_of_an_asset_that_was_retired_meanwhile_is_not_approved(lamp: Crew) -> None:
    with lamp.work() as work:
        registry.retire(work, "prp_lamp", "gone")

    with lamp.work(lamp.supervisor) as work, pytest.raises(Conflict, match="is retired"):
        reviewing.approve(work, "prp_lamp", 1)


def test_what_waits_has_no_standing_to_change(lamp: Crew) -> None:
    with lamp.work(lamp.supervisor) as work, pytest.raises(Conflict, match="not published yet"):
        publishing.withdraw(work, "prp_lamp", 1, "no")


def test_a_hidden_asset_is_reviewed_by_nobody_who_may_not_see_it(lamp: Crew) -> None:
    lamp.has_group("vip")
    with lamp.work() as work:
        changing.change(work, "prp_lamp", AssetChange(audience=("vip",)))

    assert waiting(lamp, lamp.supervisor) == []


def test_only_those_who_curate_take_an_asset_out_of_a_reviewed_show(lamp: Crew) -> None:
    with lamp.work() as work:
        create_show(work, NewShow(code="LIBRARY", name="Library"))

    for show in (None, "LIBRARY"):
        with lamp.work(lamp.artist) as work, pytest.raises(NotPermitted, match="versions of ORION are reviewed"):
            changing.change(work, "prp_lamp", AssetChange(show=show))
    with lamp.work(lamp.supervisor) as work:
        changing.change(work, "prp_lamp", AssetChange(show="LIBRARY"))

    with lamp.work(lamp.artist) as work:
        assert changing.change(work, "prp_lamp", AssetChange(show="ORION")).show_id is not None


def test_from_one_reviewed_show_to_another_anybody_may_move_an_asset(lamp: Crew) -> None:
    with lamp.work() as work:
        create_show(work, NewShow(code="NOVA", name="Nova"))
        change_show(work, "NOVA", ShowChange(reviewed=True))

    with lamp.work(lamp.artist) as work:
        changing.change(work, "prp_lamp", AssetChange(show="ORION", name="Lamp"))
        changing.change(work, "prp_lamp", AssetChange(show="NOVA"))

    with lamp.view() as view:
        asset = queries.get_asset(view, "prp_lamp")
    assert (asset.name, asset.show.code if asset.show else None) == ("Lamp", "NOVA")


def test_what_began_to_wait_first_comes_first(lamp: Crew) -> None:
    early = lamp.drafts("prp_lamp", stored("notes.txt", b"begun early"), by=lamp.artist)
    lamp.publishes("prp_lamp", {"notes.txt": b"begun late"}, by=lamp.artist)
    lamp.brings(early.id, b"begun early")
    lamp.submits("prp_lamp", 2, by=lamp.artist)
    lamp.settles(early.id)
    with lamp.work(lamp.supervisor) as work:
        reviewing.send_back(work, "prp_lamp", 1, "too dark")
    lamp.submits("prp_lamp", 1, by=lamp.artist)

    assert waiting(lamp, lamp.supervisor) == [3, 2, 1]


def test_what_waits_comes_in_pages_the_first_to_wait_first(lamp: Crew) -> None:
    for number in (2, 3):
        lamp.publishes("prp_lamp", {"notes.txt": f"{number}".encode()}, by=lamp.artist)

    with lamp.view(lamp.supervisor) as view:
        first = queries.page_in_review(view, Paging(limit=2))
        rest = queries.page_in_review(view, Paging(limit=2, cursor=first.next_cursor))

    assert [version.number for version in (*first.items, *rest.items)] == [1, 2, 3]
    assert rest.next_cursor is None


def test_what_waits_before_and_after_a_version_is_known(lamp: Crew) -> None:
    for number in (2, 3):
        lamp.publishes("prp_lamp", {"notes.txt": f"{number}".encode()}, by=lamp.artist)

    with lamp.view(lamp.supervisor) as view:
        waiting = queries.page_in_review(view, Paging()).items
        beside = [queries.beside_in_review(view, version) for version in waiting]

    assert [(before and before.number, after and after.number) for before, after in beside] == [
        (None, 2),
        (1, 3),
        (2, None),
    ]


def test_the_queue_is_read_from_the_index_of_unpublished_versions(sqlite_engine: Engine) -> None:
    crew, plans = Crew(Desk(engine=sqlite_engine, reactions=REACTIONS), memory_stores()), list[str]()

    def note(connection: Connection, _cursor: object, statement: str, parameters: Any, *_: object) -> None:  # noqa: ANN401
        if "asset_version" in statement and not statement.startswith("EXPLAIN"):
            plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)
            plans.extend(row[-1] for row in plan)

    supervisor = crew.supervisor
    event.listen(sqlite_engine, "before_cursor_execute", note)
    with crew.view(supervisor) as view:
        queries.page_in_review(view, Paging())
        queries.count_in_review(view, 10)

    assert [plan for plan in plans if "asset_version" in plan] == [
        "SEARCH asset_version USING INDEX ix_asset_version_unpublished (status=?)",
    ] * 2
