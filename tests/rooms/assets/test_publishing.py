"""Publishing: a complete version becomes visible, and afterwards only its standing changes."""

from collections.abc import Callable

import pytest

from catalog.accounts.vocabulary import Role
from catalog.assets import publishing, queries, registry
from catalog.assets.models import AssetVersion
from catalog.jobs import claiming
from catalog.jobs.queries import find_latest_job
from catalog.kernel.actors import Actor
from catalog.kernel.clock import now
from catalog.kernel.errors import Conflict, NotFound, NotPermitted, Stale
from catalog.work.unit import UnitOfWork
from tests.crew import Crew, referenced, stored


@pytest.fixture
def ready(crew: Crew) -> Crew:
    """A chair with two drafts whose bytes lie under a root, so that nothing is to be brought."""
    crew.has_root()
    crew.registers("prp_chair", by=crew.artist)
    for content in (b"1", b"2"):
        crew.drafts("prp_chair", referenced("chair.usd", content), by=crew.artist, note="first")
    return crew


def version(crew: Crew, number: int) -> AssetVersion:
    with crew.view() as view:
        return queries.get_version(view, "prp_chair", number)


def latest(crew: Crew) -> int | None:
    with crew.view() as view:
        return queries.get_asset(view, "prp_chair").latest_number


def deprecate(crew: Crew, number: int, reason: str = "old", *, if_revision: int | None = None) -> None:
    with crew.work(crew.supervisor) as work:
        publishing.deprecate(work, "prp_chair", number, reason, if_revision=if_revision)


def withdraw(crew: Crew, number: int, reason: str = "wrong", *, if_revision: int | None = None) -> None:
    with crew.work(crew.supervisor) as work:
        publishing.withdraw(work, "prp_chair", number, reason, if_revision=if_revision)


def test_a_version_whose_bytes_are_there_is_published_at_once(ready: Crew) -> None:
    status = ready.submits("prp_chair", 1, by=ready.artist)

    with ready.view(ready.viewer) as view:
        published = queries.get_version(view, "prp_chair")
        assert (published.number, published.status) == (1, "published")
        assert published.published_at is not None
    assert status == "published"
    assert latest(ready) == 1


def test_publication_is_told_with_its_manifest_and_note(ready: Crew) -> None:
    ready.submits("prp_chair", 1, by=ready.artist)

    entry = ready.entries("version.published")[-1]
    assert entry.values == {"number": 1, "manifest_sha256": version(ready, 1).manifest_sha256, "note": "first"}
    assert [kind for kind, _ in entry.subjects] == ["version", "asset"]


def test_a_version_whose_bytes_are_not_there_is_verified_by_a_job_first(crew: Crew) -> None:
    crew.registers("prp_chair")
    drafted = crew.drafts("prp_chair", stored("chair.usd", b"model"), by=crew.artist)

    status = crew.submits("prp_chair", 1, by=crew.artist)

    with crew.desk.read() as session:
        job = find_latest_job(session, "settle-version", drafted.id)
    assert status == "verifying"
    assert job is not None
    assert (job.state, job.lane) == ("owed", "interactive")
    assert latest(crew) is None
    assert crew.types("version.")[-1] == "version.submitted/1"


def test_asking_again_while_a_version_is_verified_tells_nothing_new(crew: Crew) -> None:
    crew.registers("prp_chair")
    crew.drafts("prp_chair", stored("chair.usd", b"model"), by=crew.artist)

    statuses = [crew.submits("prp_chair", 1, by=crew.artist) for _ in range(2)]

    assert statuses == ["verifying", "verifying"]
    assert crew.types("version.submitted") == ["version.submitted/1"]


def test_asking_again_digs_out_a_job_that_was_buried(crew: Crew) -> None:
    crew.registers("prp_chair")
    drafted = crew.drafts("prp_chair", stored("chair.usd", b"model"), by=crew.artist)
    crew.submits("prp_chair", 1, by=crew.artist)
    with crew.desk.bookkeeping() as session:
        claimed = claiming.claim(session, "here:1", 0, now())
        assert claimed is not None
        claiming.failed(session, claimed, "no disk", now(), final=True)

    crew.submits("prp_chair", 1, by=crew.artist)

    with crew.desk.read() as session:
        job = find_latest_job(session, "settle-version", drafted.id)
    assert job is not None
    assert job.state == "owed"


def test_asking_twice_for_publication_publishes_once(ready: Crew) -> None:
    statuses = [ready.submits("prp_chair", 1, by=ready.artist) for _ in range(2)]

    assert statuses == ["published", "published"]
    assert ready.types("version.published") == ["version.published/1"]


def test_asking_twice_at_once_for_publication_publishes_once(ready: Crew) -> None:
    ready.overlaps(
        lambda work: publishing.submit(work, "prp_chair", 1),
        lambda work: publishing.submit(work, "prp_chair", 1),
        by=ready.artist,
    )

    assert ready.types("version.published") == ["version.published/1"]
    assert version(ready, 1).revision == 2


def test_a_late_request_does_not_take_a_published_version_back(crew: Crew) -> None:
    crew.registers("prp_chair")
    drafted = crew.drafts("prp_chair", stored("chair.usd", b"model"), by=crew.artist)
    crew.brings(drafted.id, b"model")
    crew.submits("prp_chair", 1, by=crew.artist)

    crew.settles(drafted.id)
    status = crew.submits("prp_chair", 1, by=crew.artist)

    assert status == "published"


def test_the_latest_version_is_the_highest_published_number(ready: Crew) -> None:
    ready.submits("prp_chair", 2, by=ready.artist)
    ready.submits("prp_chair", 1, by=ready.artist)

    assert latest(ready) == 2


def test_of_two_versions_published_at_once_the_higher_is_the_latest(ready: Crew) -> None:
    ready.overlaps(
        lambda work: publishing.submit(work, "prp_chair", 2),
        lambda work: publishing.submit(work, "prp_chair", 1),
        by=ready.artist,
    )

    assert latest(ready) == 2


def test_publication_is_a_change_of_the_asset(ready: Crew) -> None:
    with ready.view() as view:
        before = queries.get_asset(view, "prp_chair")

    ready.submits("prp_chair", 1, by=ready.artist)

    with ready.view() as view:
        after = queries.get_asset(view, "prp_chair")
    assert after.revision == before.revision + 1
    assert after.updated_at > before.updated_at


def test_a_draft_is_submitted_by_its_maker_only(ready: Crew) -> None:
    with pytest.raises(NotFound, match="prp_chair has no version 1; none is published yet"):
        ready.submits("prp_chair", 1, by=ready.supervisor)


def test_a_draft_of_an_asset_that_was_retired_meanwhile_stays_a_draft(ready: Crew) -> None:
    with ready.work(ready.supervisor) as work:
        registry.retire(work, "prp_chair", "broken")

    with pytest.raises(Conflict, match="prp_chair is retired; reinstate it before you publish"):
        ready.submits("prp_chair", 1, by=ready.artist)


def test_a_version_is_not_published_past_a_retirement_at_the_same_time(ready: Crew) -> None:
    ready.drafts("prp_chair", referenced("chair.usd", b"3"))

    refused = ready.overlaps(
        lambda work: registry.retire(work, "prp_chair", "broken"),
        lambda work: publishing.submit(work, "prp_chair", 3),
    )

    assert isinstance(refused, Conflict)
    assert refused.code == "retired"
    assert latest(ready) is None


def test_a_withdrawal_and_a_publication_at_the_same_time_do_not_block_each_other(ready: Crew) -> None:
    ready.submits("prp_chair", 1, by=ready.artist)
    ready.drafts("prp_chair", referenced("chair.usd", b"3"))

    refused = ready.overlaps(
        lambda work: publishing.submit(work, "prp_chair", 3),
        lambda work: publishing.withdraw(work, "prp_chair", 1, "wrong"),
    )

    assert refused is None
    assert latest(ready) == 3


def test_a_withdrawn_version_is_not_published_again(ready: Crew) -> None:
    ready.submits("prp_chair", 1, by=ready.artist)
    withdraw(ready, 1)

    with pytest.raises(Conflict, match="prp_chair@1 was withdrawn; publish a new version") as refused:
        ready.submits("prp_chair", 1, by=ready.artist)

    assert refused.value.code == "withdrawn"


def test_a_deprecated_version_is_discouraged_and_still_the_latest(ready: Crew) -> None:
    ready.submits("prp_chair", 1, by=ready.artist)

    deprecate(ready, 1, "use the table")

    assert (version(ready, 1).status, version(ready, 1).standing_reason) == ("deprecated", "use the table")
    assert latest(ready) == 1
    assert ready.entries("version.deprecated")[-1].values == {"number": 1, "reason": "use the table"}


def test_a_withdrawn_version_is_still_told_of_but_no_longer_the_latest(ready: Crew) -> None:
    for number in (1, 2):
        ready.submits("prp_chair", number, by=ready.artist)

    withdraw(ready, 2, "wrong scale")

    assert (version(ready, 2).status, version(ready, 2).standing_reason) == ("withdrawn", "wrong scale")
    assert latest(ready) == 1
    assert ready.entries("version.withdrawn")[-1].values == {"number": 2, "reason": "wrong scale"}


def test_an_asset_whose_every_version_was_withdrawn_has_no_latest(ready: Crew) -> None:
    ready.submits("prp_chair", 1, by=ready.artist)

    withdraw(ready, 1)

    assert latest(ready) is None


def test_a_number_is_never_given_twice(ready: Crew) -> None:
    for number in (1, 2):
        ready.submits("prp_chair", number, by=ready.artist)
        withdraw(ready, number)

    assert ready.drafts("prp_chair", referenced("chair.usd", b"3"), by=ready.artist).number == 3


def test_a_deprecated_version_can_be_withdrawn_but_not_the_other_way_round(ready: Crew) -> None:
    ready.submits("prp_chair", 1, by=ready.artist)
    deprecate(ready, 1)
    withdraw(ready, 1)

    with pytest.raises(Conflict, match="prp_chair@1 was withdrawn; it cannot be deprecated"):
        deprecate(ready, 1)


def test_changing_the_standing_twice_is_told_once(ready: Crew) -> None:
    ready.submits("prp_chair", 1, by=ready.artist)

    for _ in range(2):
        deprecate(ready, 1)
    for _ in range(2):
        withdraw(ready, 1)

    assert ready.types("version.")[-2:] == ["version.deprecated/1", "version.withdrawn/1"]
    assert version(ready, 1).revision == 4


@pytest.mark.parametrize("standing", [publishing.deprecate, publishing.withdraw])
def test_a_draft_has_no_standing_to_change(ready: Crew, standing: Callable[..., object]) -> None:
    maker = ready.joins("max", Role.SUPERVISOR)
    ready.drafts("prp_chair", referenced("chair.usd", b"3"), by=maker)

    with ready.work(maker) as work, pytest.raises(Conflict, match="prp_chair@3 is not published yet") as refused:
        standing(work, "prp_chair", 3, "x")

    assert refused.value.code == "not-published"


def test_a_standing_is_changed_only_as_it_was_read(ready: Crew) -> None:
    ready.submits("prp_chair", 1, by=ready.artist)
    deprecate(ready, 1, if_revision=2)

    with pytest.raises(Stale, match=r"prp_chair@1 was changed .* \(you have revision 2, it is at 3\)"):
        withdraw(ready, 1, if_revision=2)


def test_a_late_deprecation_does_not_undo_a_withdrawal(ready: Crew) -> None:
    ready.submits("prp_chair", 1, by=ready.artist)

    refused = ready.overlaps(
        lambda work: publishing.withdraw(work, "prp_chair", 1, "wrong"),
        lambda work: publishing.deprecate(work, "prp_chair", 1, "old"),
        by=ready.supervisor,
    )

    assert isinstance(refused, Conflict)
    assert version(ready, 1).status == "withdrawn"


def test_a_late_refusal_does_not_take_a_published_version_back(ready: Crew) -> None:
    ready.submits("prp_chair", 1, by=ready.artist)

    with ready.work() as work:
        publishing.refuse(work, queries.get_version(work.view, "prp_chair", 1), "bytes changed")

    assert version(ready, 1).status == "published"
    assert ready.types("version.refused") == []


def test_publishing_twice_is_told_once(ready: Crew) -> None:
    def publish(work: UnitOfWork) -> None:
        publishing.publish(work, queries.get_version(work.view, "prp_chair", 1))

    for _ in range(2):
        with ready.work(ready.artist) as work:
            publish(work)

    assert ready.types("version.published") == ["version.published/1"]


@pytest.mark.parametrize("role", [Role.VIEWER, Role.ARTIST, Role.LICENSING])
def test_a_standing_is_changed_by_supervisors_and_pipeline(ready: Crew, role: Role) -> None:
    ready.submits("prp_chair", 1, by=ready.artist)
    somebody: Actor = ready.joins("sam", role)

    for standing in (publishing.deprecate, publishing.withdraw):
        with ready.work(somebody) as work, pytest.raises(NotPermitted, match="sam may not withdraw"):
            standing(work, "prp_chair", 1, "x")
