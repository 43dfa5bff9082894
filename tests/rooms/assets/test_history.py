"""What happened, as far as a viewer may know."""

from dataclasses import replace

import pytest
from sqlalchemy import delete, select, update

from catalog.accounts import users
from catalog.accounts.users import UserChange
from catalog.accounts.vocabulary import Role
from catalog.assets import changing, queries, relating
from catalog.assets.changing import AssetChange
from catalog.assets.history import WINDOW, events_after, page_history
from catalog.assets.vocabulary import RelationKind
from catalog.jobs.models import Job
from catalog.kernel.actors import Actor
from catalog.kernel.paging import Paging
from catalog.ledger.queries import Entry
from catalog.licensing.gate import How, Release, Use, admit
from catalog.shows.registry import NewShow, ShowChange, change_show, create_show
from catalog.upkeep import retrying
from tests.crew import Crew, stored


def events(crew: Crew, viewer: Actor, after: int = 0, limit: int = 200) -> list[Entry]:
    with crew.view(viewer) as view:
        return events_after(view, after, limit)[0]


def types(crew: Crew, viewer: Actor, prefix: str = "") -> list[str]:
    return [entry.type for entry in events(crew, viewer) if entry.type.startswith(prefix)]


def retries_inspections(crew: Crew) -> None:
    """Let all owed inspections die, and retry them."""
    with crew.work() as work:
        work.session.execute(update(Job).values(state="dead"))
        inspections = work.session.scalars(select(Job.id).where(Job.kind == "inspect-version")).all()
        for job_id in inspections:
            retrying.retry(work, job_id)


def test_events_are_told_in_order_after_a_number(crew: Crew) -> None:
    viewer = crew.viewer
    start = crew.entries()[-1].seq
    crew.registers("prp_a", "prp_b", "prp_c")

    with crew.view(viewer) as view:
        first, reached = events_after(view, start, 2)
        second, end = events_after(view, reached, 2)

    assert [entry.seq - start for entry in (*first, *second)] == [1, 2, 3]
    assert (reached - start, end - start) == (2, 3)


def test_whoever_is_at_the_end_stays_there(crew: Crew) -> None:
    crew.registers("prp_a")
    viewer = crew.viewer
    last = crew.entries()[-1].seq

    with crew.view(viewer) as view:
        assert events_after(view, last, 10) == ([], last)
        assert events_after(view, last + 7, 10) == ([], last + 7)


def test_what_is_not_the_viewers_is_passed_over_and_not_asked_for_again(crew: Crew) -> None:
    crew.has_group("orion")
    viewer = crew.viewer
    crew.registers("prp_hidden", audience=("orion",))

    with crew.view(viewer) as view:
        found, reached = events_after(view, 0, 10)

    assert found == []
    assert reached == crew.entries()[-1].seq


def test_a_long_ledger_is_told_window_by_window(crew: Crew) -> None:
    crew.has_group("orion")
    viewer = crew.viewer
    start = crew.entries()[-1].seq
    crew.registers(*(f"prp_{number}" for number in range(WINDOW + 100)), audience=("orion",))
    crew.registers("prp_shown")

    with crew.view(viewer) as view:
        first, reached = events_after(view, start, 10)
        second, end = events_after(view, reached, 10)

    assert (first, reached) == ([], start + WINDOW)
    assert [entry.values and entry.values["code"] for entry in second] == ["prp_shown"]
    assert end == start + WINDOW + 101


def test_a_hidden_asset_leaves_no_trace(crew: Crew) -> None:
    ann = crew.joins("ann", Role.ARTIST, groups=["orion"])
    crew.registers("prp_hidden", audience=("orion",))
    crew.publishes("prp_hidden")
    crew.registers("prp_shown")
    with crew.work() as work:
        relating.relate(work, "prp_shown", RelationKind.CONTAINS, "prp_hidden")

    assert types(crew, crew.viewer) == ["asset.registered/1"]
    assert "version.published/1" in types(crew, ann)
    assert types(crew, ann, "asset.") == ["asset.registered/1", "asset.registered/1", "asset.related/1"]


def test_what_became_private_leaves_the_past_too(crew: Crew) -> None:
    ann = crew.joins("ann", Role.ARTIST, groups=["orion"])
    crew.registers("prp_chair", by=ann)
    before = types(crew, crew.viewer, "asset.")

    with crew.work(ann) as work:
        changing.change(work, "prp_chair", AssetChange(audience=("orion",)))

    assert (before, types(crew, crew.viewer, "asset.")) == (["asset.registered/1"], [])


def test_where_an_asset_was_at_home_before_is_not_told(crew: Crew) -> None:
    ann = crew.joins("ann", Role.SUPERVISOR, groups=["orion"])
    with crew.work(ann) as work:
        create_show(work, NewShow(code="secret", name="", audience=("orion",)))
    crew.registers("prp_chair", by=ann, show="secret")
    with crew.work(ann) as work:
        changing.change(work, "prp_chair", AssetChange(show=None, name="Chair"))

    told = next(entry for entry in events(crew, crew.viewer) if entry.type == "asset.changed/1")

    assert "secret" not in str(told.values)
    assert (told.values or {})["changes"]["name"] == ["prp_chair", "Chair"]


def test_a_hidden_show_leaves_no_trace(crew: Crew) -> None:
    ann = crew.joins("ann", Role.SUPERVISOR, groups=["orion"])
    with crew.work(ann) as work:
        create_show(work, NewShow(code="orion", name="", audience=("orion",)))
        create_show(work, NewShow(code="lyra", name=""))
    with crew.work(ann) as work:
        change_show(work, "orion", ShowChange(name="Orion"))
    crew.registers("prp_chair", show="orion", by=ann)

    assert types(crew, crew.viewer) == ["show.created/1"]
    assert types(crew, ann, "show.") == ["show.created/1", "show.created/1", "show.changed/1"]


def test_accounts_are_told_to_those_who_manage_them_and_ones_own_acts_to_oneself(crew: Crew) -> None:
    zoe = crew.joins("zoe", Role.ADMIN)
    crew.joins("ann", groups=["orion"])
    with crew.work(zoe) as work:
        users.change_user(work, "ann", UserChange(display_name="Ann Lee"))

    assert types(crew, crew.viewer) == []
    assert types(crew, crew.licensing) == []
    assert types(crew, zoe, "user.changed") == ["user.changed/1"]


def test_a_version_in_the_making_is_told_to_its_maker_only(crew: Crew) -> None:
    crew.registers("prp_chair", by=crew.artist)
    drafted = crew.drafts("prp_chair", stored("a.usd", b"a"), by=crew.artist)
    crew.submits("prp_chair", 1, by=crew.artist)
    crew.settles(drafted.id)

    assert types(crew, crew.supervisor, "version.") == []
    assert types(crew, crew.artist, "version.") == ["version.drafted/1", "version.submitted/1", "version.refused/1"]


def test_a_published_version_is_told_from_its_beginning(crew: Crew) -> None:
    crew.publishes("prp_chair", by=crew.artist)

    assert types(crew, crew.viewer, "version.") == ["version.drafted/1", "version.submitted/1", "version.published/1"]


def test_who_took_what_out_is_told_to_those_who_audit_and_to_oneself(crew: Crew) -> None:
    crew.publishes("prp_chair")
    with crew.work(crew.artist) as work:
        version = queries.get_version(work.view, "prp_chair")
        admit(work, [Release(version=version)], Use(), How.PULL)

    assert types(crew, crew.artist, "files.") == ["files.released/1"]
    assert types(crew, crew.licensing, "files.") == ["files.released/1"]
    assert types(crew, crew.supervisor, "files.") == []
    assert types(crew, crew.viewer, "files.") == []


def test_in_which_show_and_farm_job_somebody_acted_is_told_to_those_who_audit_and_to_oneself(crew: Crew) -> None:
    acting = replace(crew.artist, context=(("farm_job", "4711"), ("show", "orion")))
    (chair,) = crew.registers("prp_chair", by=acting)

    def contexts(viewer: Actor) -> list[object]:
        with crew.view(viewer) as view:
            told = page_history(view, queries.get_asset(view, str(chair)), Paging()).items
        return [entry.actor.get("context") for entry in (*told, *events(crew, viewer, told[0].seq - 1))]

    assert contexts(crew.artist) == contexts(crew.licensing) == [{"farm_job": "4711", "show": "orion"}] * 2
    assert contexts(crew.supervisor) == contexts(crew.viewer) == [None, None]


def test_that_a_job_was_retried_is_told_to_those_who_may_follow_it(crew: Crew) -> None:
    ann = crew.joins("ann", Role.ARTIST, groups=["orion"])
    crew.registers("prp_hidden", audience=("orion",))
    for code in ("prp_hidden", "prp_shown"):
        crew.publishes(code)
    retries_inspections(crew)

    assert len(types(crew, crew.admin, "job.")) == len(types(crew, ann, "job.")) == 2
    assert types(crew, crew.viewer, "job.") == types(crew, crew.pipeline, "job.") == ["job.retried/1"]


def test_that_a_job_was_retried_of_which_nothing_is_known_any_more_is_told_to_administrators(crew: Crew) -> None:
    crew.publishes("prp_shown")
    retries_inspections(crew)
    with crew.desk.bookkeeping() as session:
        session.execute(delete(Job))

    assert types(crew, crew.admin, "job.") == ["job.retried/1"]
    assert types(crew, crew.viewer, "job.") == types(crew, crew.pipeline, "job.") == []


@pytest.mark.parametrize("limit", [1, 2])
def test_the_history_of_an_asset_is_told_newest_first_in_pages(crew: Crew, limit: int) -> None:
    crew.registers("prp_table")
    crew.publishes("prp_chair", by=crew.artist)
    told: list[str] = []
    cursor = None

    while True:
        with crew.view(crew.viewer) as view:
            chair = queries.get_asset(view, "prp_chair")
            page = page_history(view, chair, Paging(limit=limit, cursor=cursor))
        told += [entry.type for entry in page.items]
        cursor = page.next_cursor
        if cursor is None:
            break

    assert told == ["version.published/1", "version.submitted/1", "version.drafted/1", "asset.registered/1"]


def test_the_history_of_an_asset_names_no_hidden_other_end(crew: Crew) -> None:
    crew.has_group("orion")
    crew.registers("prp_chair", "prp_table")
    crew.registers("prp_hidden", audience=("orion",))
    with crew.work() as work:
        relating.relate(work, "prp_chair", RelationKind.CONTAINS, "prp_hidden")
        relating.relate(work, "prp_chair", RelationKind.CONTAINS, "prp_table")

    with crew.view(crew.viewer) as view:
        page = page_history(view, queries.get_asset(view, "prp_chair"), Paging())

    assert [entry.type for entry in page.items] == ["asset.related/1", "asset.registered/1"]
