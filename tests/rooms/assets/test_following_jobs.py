"""Who may know how work about a version goes."""

import pytest
from sqlalchemy import select

from catalog.accounts.vocabulary import Role
from catalog.assets import queries
from catalog.assets.jobs import SETTLE_VERSION
from catalog.assets.models import Asset, AssetVersion
from catalog.jobs.models import Job
from catalog.jobs.queries import count_by_state, page_jobs
from catalog.jobs.vocabulary import JobState
from catalog.kernel.actors import Actor
from catalog.kernel.ids import new_id
from catalog.kernel.paging import Paging
from tests.crew import Crew, stored


@pytest.fixture
def owed(crew: Crew) -> Crew:
    """Work that is owed for a version of a public asset, and for one of a hidden asset."""
    ann = crew.joins("ann", Role.ARTIST, groups=["orion"])
    crew.registers("prp_shown", by=ann)
    crew.registers("prp_hidden", by=ann, audience=("orion",))
    for code in ("prp_shown", "prp_hidden"):
        crew.drafts(code, stored("a.usd", code.encode()), by=ann)
        crew.submits(code, 1, by=ann)
    return crew


def followed_by(crew: Crew, viewer: Actor) -> list[str]:
    """The codes of the assets whose jobs somebody may follow."""
    of_version = select(AssetVersion.id, Asset.code).join(Asset, Asset.id == AssetVersion.asset_id)
    with crew.desk.read() as session:
        codes = dict(session.execute(of_version).all())
    with crew.view(viewer) as view:
        jobs = view.session.scalars(select(Job)).all()
        return sorted(codes[job.subject_id] for job in jobs if queries.may_follow_job(view, job))


def test_the_maker_follows_the_work_about_their_own_versions(owed: Crew) -> None:
    assert followed_by(owed, owed.actor("ann")) == ["prp_hidden", "prp_shown"]


def test_others_do_not_follow_work_about_a_version_in_the_making(owed: Crew) -> None:
    assert followed_by(owed, owed.supervisor) == []
    assert followed_by(owed, owed.viewer) == []


def test_everybody_follows_the_work_about_a_version_they_see(crew: Crew) -> None:
    crew.publishes("prp_chair")

    assert set(followed_by(crew, crew.viewer)) == {"prp_chair"}


def test_operators_follow_any_work_but_that_about_what_is_hidden_from_them(owed: Crew) -> None:
    assert followed_by(owed, owed.pipeline) == ["prp_shown"]
    assert followed_by(owed, owed.admin) == ["prp_hidden", "prp_shown"]


def test_operators_follow_work_that_is_about_no_version_we_have(crew: Crew) -> None:
    with crew.work() as work:
        work.owe(SETTLE_VERSION, new_id())

    def follows(viewer: Actor) -> bool:
        with crew.view(viewer) as view:
            return queries.may_follow_job(view, view.session.scalars(select(Job)).one())

    assert (follows(crew.pipeline), follows(crew.viewer)) == (True, False)


def test_lists_and_counts_of_jobs_agree_with_what_can_be_followed(owed: Crew) -> None:
    with owed.view(owed.pipeline) as view:
        known = queries.jobs_to_know_of(view)
        listed = page_jobs(view.session, Paging(), known=known).items
        counted = count_by_state(view.session, known=known)

        assert all(queries.may_follow_job(view, job) for job in listed)
        assert (len(listed), counted[JobState.OWED]) == (1, 1)
    with owed.view(owed.admin) as view:
        assert count_by_state(view.session, known=queries.jobs_to_know_of(view))[JobState.OWED] == 2


def test_versions_are_read_by_id_as_far_as_they_are_known(owed: Crew) -> None:
    with owed.view() as view:
        ids = list(view.session.scalars(select(AssetVersion.id)))

    with owed.view(owed.actor("ann")) as view:
        assert len(queries.versions_by_id(view, [*ids, *ids, new_id()])) == 2
    with owed.view(owed.supervisor) as view:
        assert queries.versions_by_id(view, ids) == {}
