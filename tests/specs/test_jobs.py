"""Jobs: owed work that people can see, follow and, when it failed for good, try again."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import update

from catalog.jobs.models import Job
from catalog.kernel import clock
from catalog.kernel.ids import new_id
from tests.studio import Studio

FILES = {"a.txt": b"a"}


def _submits(studio: Studio) -> str:
    """Submit a version; return the address of its job."""
    studio.artist.registers("prp_lamp")
    studio.artist.drafts("prp_lamp", FILES)
    studio.artist.uploads("prp_lamp", 1, FILES)
    return str(studio.artist.submits("prp_lamp", 1).job).removeprefix("/api/v1")


def _buries(studio: Studio, address: str) -> None:
    """Let a job have failed too often."""
    job_id = UUID(studio.admin.get(address).id)
    with studio.house.desk.bookkeeping() as session:
        session.execute(
            update(Job)
            .where(Job.id == job_id)
            .values(state="dead", attempts=4, error="the store was full", ended_at=clock.now())
        )


def test_who_waits_for_a_job_can_follow_it(studio: Studio) -> None:
    address = _submits(studio)
    owed = studio.artist.get(address)
    studio.settles()
    done = studio.artist.get(address)

    assert (owed.kind, owed.json["state"], owed.lane, owed.attempts) == ("settle-version", "owed", "interactive", 0)
    assert (done.json["state"], done.attempts, done.progress, done.error) == ("done", 1, 1.0, None)


def test_a_job_names_the_version_that_it_is_about(studio: Studio) -> None:
    address = _submits(studio)

    owed = studio.artist.get(address)
    studio.settles()
    listed = studio.pipeline.get("/jobs")
    _buries(studio, address)
    retried = studio.pipeline.post(f"{address}/retry")

    assert (owed.about, retried.about) == ("prp_lamp@1", "prp_lamp@1")
    assert {job["about"] for job in listed.items} == {"prp_lamp@1"}


def test_a_job_about_what_one_may_not_see_is_not_there(studio: Studio) -> None:
    address = _submits(studio)

    hidden = studio.viewer.get(address)
    absent = studio.viewer.get(f"/jobs/{new_id()}")
    none = studio.viewer.get("/jobs/not-an-id")

    assert {(one.status, one.code) for one in (hidden, absent, none)} == {(404, "unknown-job")}
    assert hidden.message.partition("; ")[2] == absent.message.partition("; ")[2]


def test_operators_see_what_is_owed_by_state_and_kind(studio: Studio) -> None:
    address = _submits(studio)

    owed = studio.pipeline.get("/jobs?state=owed&kind=settle-version")
    running = studio.pipeline.get("/jobs?state=running")

    assert [f"/jobs/{job['id']}" for job in owed.items] == [address]
    assert (running.items, running.total) == ([], 0)
    assert studio.artist.get("/jobs").status == 403


def test_jobs_are_paged_newest_first(studio: Studio) -> None:
    _submits(studio)
    studio.settles()

    first = studio.pipeline.get("/jobs?limit=3")
    second = studio.pipeline.get(f"/jobs?limit=3&cursor={first.next_cursor}")

    assert sorted(job["kind"] for job in first.items) == ["inspect-version", "render-details", "render-previews"]
    assert [job["kind"] for job in second.items] == ["settle-version"]
    assert (first.total, second.next_cursor) == (4, None)


def test_a_dead_letter_is_tried_again_with_all_its_attempts(studio: Studio) -> None:
    address = _submits(studio)
    _buries(studio, address)

    retried = studio.pipeline.post(f"{address}/retry")
    studio.settles()

    assert (retried.status, retried.json["state"], retried.attempts) == (200, "owed", 0)
    assert studio.artist.get("/assets/prp_lamp/versions/1").json["status"] == "published"
    assert [entry["actor"]["name"] for entry in studio.entries("job.retried/1")] == ["pat"]


def test_submitting_again_digs_a_buried_job_out(studio: Studio) -> None:
    address = _submits(studio)
    _buries(studio, address)

    again = studio.artist.submits("prp_lamp", 1)
    studio.settles()

    assert (again.status, again.job.removeprefix("/api/v1") != address) == (202, True)
    assert studio.artist.get("/assets/prp_lamp/versions/1").json["status"] == "published"


def test_a_version_says_which_work_is_still_owed_or_failed(studio: Studio) -> None:
    address = _submits(studio)
    assert studio.artist.get("/assets/prp_lamp/versions/1").pending == ["settle-version"]

    _buries(studio, address)

    assert studio.artist.get("/assets/prp_lamp/versions/1").pending == ["settle-version (failed)"]


def test_only_dead_letters_are_tried_again(studio: Studio) -> None:
    address = _submits(studio)

    refused = studio.pipeline.post(f"{address}/retry")

    assert (refused.status, refused.code) == (409, "not-dead")
    assert "is owed, not dead; only dead letters are retried" in refused.message
    assert studio.artist.post(f"{address}/retry").status == 403
    assert studio.pipeline.post(f"/jobs/{new_id()}/retry").status == 404
