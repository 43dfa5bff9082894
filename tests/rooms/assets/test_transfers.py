"""Bringing the bytes of an open version: signed requests for what has not arrived, renewed when asked for again."""

from collections.abc import Sequence

import pytest
from sqlalchemy import select, update

from catalog.assets.models import Upload
from catalog.assets.relay import RelayHandover
from catalog.assets.transfers import Awaited, Handing, page_uploads, parts_of, pending_work, still_needed
from catalog.jobs import claiming
from catalog.kernel.actors import Actor
from catalog.kernel.clock import now
from catalog.kernel.errors import Conflict, NotFound, NotPermitted
from catalog.kernel.paging import Paging
from catalog.storage.keys import incoming_key
from tests.crew import Crew, Drafted, digest, stored

SCAN = b"a large scan"


def page(
    crew: Crew, *, by: Actor | None = None, limit: int = 200, cursor: str | None = None
) -> tuple[Sequence[Awaited], str | None]:
    handover = RelayHandover(secret="long enough to sign with", base_url="http://studio.test")
    handing = Handing(desk=crew.desk, stores=crew.stores, handover=handover)
    with crew.view(by or crew.artist) as view:
        found = page_uploads(view, handing, "prp_chair", 1, Paging(limit=limit, cursor=cursor))
    return found.items, found.next_cursor


@pytest.fixture
def drafted(crew: Crew) -> Drafted:
    crew.registers("prp_chair")
    return crew.drafts("prp_chair", stored("scan.e57", SCAN), stored("a.usd", b"model"), by=crew.artist)


def in_parts(crew: Crew, size: int = 5) -> list[str]:
    """Let the scan travel in parts of ``size`` bytes, as only very large files do by themselves."""
    digests = [digest(SCAN[start : start + size]) for start in range(0, len(SCAN), size)]
    with crew.desk.bookkeeping() as session:
        session.execute(
            update(Upload).where(Upload.sha256 == digest(SCAN)).values(part_size_bytes=size, part_sha256=digests)
        )
    return digests


def scan_in(items: Sequence[Awaited]) -> Awaited:
    return next(one for one in items if one.sha256 == digest(SCAN))


def transfer_of(crew: Crew) -> str:
    with crew.desk.read() as session:
        found = session.scalars(select(Upload.transfer_id).where(Upload.sha256 == digest(SCAN))).one()
    assert found is not None
    return found


def test_every_blob_that_is_awaited_has_a_signed_request(crew: Crew, drafted: Drafted) -> None:
    items, cursor = page(crew)

    assert [(one.sha256, one.size_bytes, len(one.steps)) for one in items] == sorted(
        [(digest(SCAN), 12, 1), (digest(b"model"), 5, 1)]
    )
    step = items[0].steps[0]
    assert (step.number, step.offset_bytes, step.size_bytes) == (None, 0, items[0].size_bytes)
    assert step.request.method == "PUT"
    assert step.request.url.startswith("http://studio.test/")
    assert cursor is None


def test_requests_come_in_pages_by_digest(crew: Crew, drafted: Drafted) -> None:
    first, cursor = page(crew, limit=1)
    second, end = page(crew, limit=1, cursor=cursor)

    assert [one.sha256 for one in (*first, *second)] == sorted([digest(SCAN), digest(b"model")])
    assert end is None


def test_what_has_arrived_is_not_asked_for_again(crew: Crew, drafted: Drafted) -> None:
    crew.brings(drafted.id, SCAN)

    items, _ = page(crew)

    assert [one.sha256 for one in items] == [digest(b"model")]


def test_what_arrived_cut_short_is_asked_for_again(crew: Crew, drafted: Drafted) -> None:
    crew.stores.originals.put(incoming_key(drafted.id, digest(SCAN)), b"a lar", sha256=digest(b"a lar"))

    items, _ = page(crew)

    assert digest(SCAN) in [one.sha256 for one in items]


def test_what_another_version_waits_for_is_another_matter(crew: Crew, drafted: Drafted) -> None:
    crew.registers("prp_table")
    other = crew.drafts("prp_table", stored("scan.e57", SCAN), by=crew.artist)
    crew.brings(other.id, SCAN)

    items, _ = page(crew)

    assert digest(SCAN) in [one.sha256 for one in items]


def test_a_large_blob_has_a_request_for_each_part(crew: Crew, drafted: Drafted) -> None:
    in_parts(crew)

    items, _ = page(crew)

    steps = scan_in(items).steps
    assert [(step.number, step.offset_bytes, step.size_bytes) for step in steps] == [(1, 0, 5), (2, 5, 5), (3, 10, 2)]


def test_parts_that_have_arrived_are_not_asked_for_again(crew: Crew, drafted: Drafted) -> None:
    in_parts(crew)
    page(crew)
    with crew.desk.read() as session:
        upload = session.scalars(select(Upload).where(Upload.sha256 == digest(SCAN))).one()
    crew.stores.transfers.receive(upload.staging_key, transfer_of(crew), parts_of(upload)[1], SCAN[5:10])

    items, _ = page(crew)

    assert [step.number for step in scan_in(items).steps] == [1, 3]


def test_one_transfer_is_begun_however_often_its_parts_are_asked_for(crew: Crew, drafted: Drafted) -> None:
    in_parts(crew)

    page(crew)
    first = transfer_of(crew)
    page(crew)

    assert transfer_of(crew) == first
    assert [one.transfer_id for one in crew.stores.staging.unfinished(now())] == [first]


def test_a_transfer_that_the_store_gave_up_is_begun_again(crew: Crew, drafted: Drafted) -> None:
    in_parts(crew)
    page(crew)
    given_up = transfer_of(crew)
    crew.stores.transfers.abort(incoming_key(drafted.id, digest(SCAN)), given_up)

    items, _ = page(crew)

    assert [step.number for step in scan_in(items).steps] == [1, 2, 3]
    assert transfer_of(crew) != given_up


def test_parts_that_were_put_together_already_are_not_asked_for_again(crew: Crew, drafted: Drafted) -> None:
    in_parts(crew)
    page(crew)
    with crew.desk.read() as session:
        upload = session.scalars(select(Upload).where(Upload.sha256 == digest(SCAN))).one()
    for part in parts_of(upload):
        start = (part.number - 1) * 5
        crew.stores.transfers.receive(upload.staging_key, transfer_of(crew), part, SCAN[start : start + 5])
    crew.stores.transfers.finish(upload.staging_key, transfer_of(crew), parts_of(upload))

    items, _ = page(crew)

    assert [one.sha256 for one in items] == [digest(b"model")]


def test_a_version_tells_how_much_it_still_waits_for(crew: Crew, drafted: Drafted) -> None:
    with crew.view(crew.artist) as view:
        assert still_needed(view, drafted.id) == (2, 17)

    crew.brings(drafted.id, SCAN, b"model")
    crew.submits("prp_chair", 1, by=crew.artist)
    crew.settles(drafted.id)

    with crew.view(crew.artist) as view:
        assert still_needed(view, drafted.id) == (0, 0)


def test_a_version_tells_which_work_is_owed_for_it(crew: Crew, drafted: Drafted) -> None:
    def pending() -> list[str]:
        with crew.view(crew.artist) as view:
            return pending_work(view, drafted.id)

    before = pending()
    crew.submits("prp_chair", 1, by=crew.artist)
    owed = pending()
    with crew.desk.bookkeeping() as session:
        claimed = claiming.claim(session, "here:1", 0, now())
        assert claimed is not None
        claiming.failed(session, claimed, "no disk", now(), final=True)

    assert (before, owed, pending()) == ([], ["settle-version"], ["settle-version (failed)"])


def test_a_published_version_waits_for_nothing(crew: Crew) -> None:
    crew.publishes("prp_chair", by=crew.artist)

    with pytest.raises(Conflict, match="prp_chair@1 is published; nothing is to be uploaded") as refused:
        page(crew)

    assert refused.value.code == "not-open"


def test_only_the_maker_gets_requests(crew: Crew, drafted: Drafted) -> None:
    with pytest.raises(NotFound, match="prp_chair has no version 1"):
        page(crew, by=crew.supervisor)
    with pytest.raises(NotPermitted, match="vic may not publish"):
        page(crew, by=crew.viewer)
