"""What operators see: owed work, dead letters and their second chance, and how the parts do."""

from __future__ import annotations

from uuid import UUID

import pytest

from catalog.jobs import claiming, owing
from catalog.jobs.owing import OwedJob
from catalog.jobs.vocabulary import Lane
from catalog.kernel import clock
from catalog.media.jobs import RENDER_PREVIEWS
from catalog.storage import turns
from tests.studio import Studio
from tests.visitors import Visitor, visitor


@pytest.fixture
def operator(studio: Studio) -> Visitor:
    return visitor(studio, studio.pipeline)


def _claims(studio: Studio, lane: Lane, progress: float = 0.0, error: str | None = None) -> None:
    """Let a worker take up a job about a version, get so far, and perhaps fail for good."""
    version = studio.artist.publishes("prp_lamp")
    studio.settles(details=True)
    job = OwedJob(kind=RENDER_PREVIEWS, subject_id=UUID(version.id), lane=lane)
    with studio.house.desk.bookkeeping() as session:
        owing.owe(session, [job], clock.now())
        claim = claiming.claim(session, "worker-1", 1, clock.now())
        assert claim is not None
        claiming.keep(session, claim, progress, clock.now())
        if error:
            claiming.failed(session, claim, error, clock.now(), final=True)


def _dead_letter(studio: Studio, error: str) -> None:
    _claims(studio, Lane.NORMAL, error=error)


def test_nothing_is_owed_in_an_idle_house(operator: Visitor) -> None:
    page = operator.opens("/jobs")

    assert "0 All 0 Owed 0 Running 0 Done 0 Dead letters" in page.text
    assert "No work is kept" in page.text


def test_work_is_counted_by_state_and_shown_with_its_lane(studio: Studio, operator: Visitor) -> None:
    studio.artist.publishes("prp_lamp")

    page = operator.opens("/jobs")

    assert "4 All 1 Owed 0 Running 3 Done 0 Dead letters" in page.text
    assert "render-details normal Owed" in page.text
    assert "render-previews interactive Done 1" in page.text


def test_jobs_are_shown_by_state(studio: Studio, operator: Visitor) -> None:
    _dead_letter(studio, "the renderer fell over")

    dead, running = operator.opens("/jobs?state=dead"), operator.opens("/jobs?state=running")

    assert "render-previews normal Dead letter" in dead.text
    assert "settle-version" not in dead.text
    assert "Nothing is running" in running.text


def test_running_work_says_how_far_it_is(studio: Studio, operator: Visitor) -> None:
    _claims(studio, Lane.BULK, progress=0.4)

    page = operator.opens("/jobs?state=running")

    assert "render-previews bulk 40 % 40 % worker-1" in page.text


def test_an_asset_whose_work_was_given_up_does_not_say_that_it_goes_on(studio: Studio, operator: Visitor) -> None:
    _dead_letter(studio, "the renderer fell over")

    page = operator.opens("/assets/prp_lamp")

    assert "Version 1 could not be measured or pictured as a whole." in page.text
    assert "There is no picture" in page.text
    assert "being made" not in page.text


def test_a_dead_letter_says_why_and_can_be_tried_again(studio: Studio, operator: Visitor) -> None:
    _dead_letter(studio, "the renderer fell over")
    page = operator.opens("/jobs?state=dead")
    retry = next(link for link in page.links if link.endswith("/retry"))

    sent = operator.sends(retry, found_on="/jobs?state=dead")
    after = operator.arrives(sent.location or "")

    assert "the renderer fell over" in page.text
    assert sent.location == "/jobs?state=dead"
    assert "render-previews will be tried again." in after.text
    assert "1 Owed" in after.text
    assert studio.entries("job.retried/1")[-1]["actor"]["name"] == "pat"


def test_work_that_is_not_dead_is_not_tried_again(studio: Studio, operator: Visitor) -> None:
    _dead_letter(studio, "the renderer fell over")
    retry = next(link for link in operator.opens("/jobs?state=dead").links if link.endswith("/retry"))
    operator.sends(retry, found_on="/jobs")

    assert operator.sends(retry, found_on="/jobs").status == 409
    assert operator.sends("/jobs/nonsense/retry", found_on="/jobs").status == 404


def test_an_asset_says_that_its_picture_failed(studio: Studio) -> None:
    _dead_letter(studio, "the renderer fell over")

    artist, operator = visitor(studio, studio.artist), visitor(studio, studio.pipeline)

    assert "An operator can see why and try again." in artist.opens("/assets/prp_lamp").text
    assert "the renderer fell over" not in artist.opens("/assets/prp_lamp").text
    assert "/jobs?state=dead" in operator.opens("/assets/prp_lamp").links


def test_the_error_of_a_hidden_version_is_not_shown_to_operators_outside(studio: Studio) -> None:
    _dead_letter(studio, "prp_lamp/secret.exr is damaged")
    studio.joins("art", "crew")
    studio.admin.patch("/assets/prp_lamp", {"audience": ["crew"]})

    outside, admin = visitor(studio, studio.pipeline), visitor(studio, studio.admin)

    assert "secret.exr" not in outside.opens("/jobs").text
    assert "secret.exr" in admin.opens("/jobs").text


def test_jobs_are_paged_through(studio: Studio, operator: Visitor) -> None:
    for at in range(20):
        studio.artist.publishes(f"prp_lamp{at}_x")

    first = operator.opens("/jobs?state=done")
    second = operator.opens(next(link for link in first.links if "cursor" in link))

    assert first.html.count("render-previews") + second.html.count("render-previews") == 20
    assert "state=done" in next(link for link in first.links if "cursor" in link)


def test_health_says_how_each_part_does(studio: Studio, operator: Visitor) -> None:
    studio.settles()

    page = operator.opens("/health")

    assert page.title == "Health – Reprise"
    assert "All is well" in page.text
    assert "SQLite; the ledger has" in page.text
    assert "Up to date with the ledger" in page.text
    assert "this server relays its bytes" in page.text


def test_health_points_at_what_wants_a_look(studio: Studio, operator: Visitor) -> None:
    _dead_letter(studio, "the renderer fell over")

    page = operator.opens("/health")

    assert "Something wants a look" in page.text
    assert "1 dead letter" in page.text


def test_health_says_why_the_store_is_not_swept(studio: Studio, operator: Visitor) -> None:
    with studio.house.desk.bookkeeping() as session:
        turns.end(session, turns.begin(session, clock.now()), clock.now(), "more than one database uses it")

    page = operator.opens("/health")

    assert "Something wants a look" in page.text
    assert "more than one database uses it" in page.text


@pytest.mark.parametrize(
    "measured,said",
    [
        ('{"network": true, "files": true}', "is held by network, files"),
        ('{"network": true, "system_calls": false}', "is held by network; missing here: system calls"),
        ("{}", "is held by nothing"),
        ("torn", "Not measured yet"),
    ],
)
def test_health_says_what_holds_the_readers_of_untrusted_files(
    studio: Studio, operator: Visitor, measured: str, said: str
) -> None:
    studio.house.confinement_file.parent.mkdir(parents=True, exist_ok=True)
    studio.house.confinement_file.write_text(measured, encoding="utf-8")

    assert said in operator.opens("/health").text
