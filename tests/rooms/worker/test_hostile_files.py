"""What a file does to whoever opens it costs one attempt of one job, and never the worker."""

from sqlalchemy import select

from catalog.assets.queries import get_version
from catalog.jobs.models import Job
from catalog.media import queries
from tests.files import png, png_bomb, usda
from tests.studio import Studio

KINDS = ("settle-version", "render-previews", "inspect-version", "render-details")
CRASHING = usda(body='def "a" {\n' * 20_000 + "}\n" * 20_000)
"""Nested so deeply that USD's parser overflows its stack: the child ends with signal 11."""


def test_a_file_that_kills_its_child_leaves_its_jobs_done_and_the_worker_at_work(studio: Studio) -> None:
    hostile = {"scene.usda": CRASHING, "bomb.png": png_bomb(), "wood.png": png(300, 200)}

    studio.artist.publishes("prp_evil", hostile)
    studio.artist.publishes("prp_good", {"wood.png": png(200, 300)})
    studio.settles(details=True)

    with studio.view() as view:
        jobs = {(job.kind, job.state, job.attempts) for job in view.session.scalars(select(Job))}
        evil, good = (get_version(view, code, 1) for code in ("prp_evil", "prp_good"))
        findings = {(one.path, one.code) for one in queries.findings_of(view, evil)}
        shown = [queries.previews_of(view, version)[0] for version in (evil, good)]
    assert jobs == {(kind, "done", 1) for kind in KINDS}
    assert findings == {("scene.usda", "reader-failed"), ("bomb.png", "unreadable")}
    assert [(each.path, each.caption) for each in shown] == [
        ("wood.png", "scene.usda could not be drawn"),
        ("wood.png", ""),
    ]
