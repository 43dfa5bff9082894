"""Bringing the bytes of an open version: signed requests for what has not arrived, in pages that can be renewed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import func, select, update

from catalog.assets import queries
from catalog.assets.drafting import Outcome
from catalog.assets.models import Upload
from catalog.assets.vocabulary import OPEN
from catalog.jobs.queries import unsettled
from catalog.jobs.vocabulary import JobState, is_waited_for
from catalog.kernel.abilities import Ability
from catalog.kernel.errors import Conflict, NotFound
from catalog.kernel.paging import Page, Paging, decode_cursor, page_of
from catalog.storage.port import Part
from catalog.storage.room import check_room

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from uuid import UUID

    from catalog.assets.drafting import Draft
    from catalog.assets.models import AssetVersion
    from catalog.storage.port import Intake, Readable, Stores, TransferRequest
    from catalog.work.desk import Desk
    from catalog.work.view import View

UPLOAD_S = 3_600
STEPS_MAX = 1_000


@dataclass(frozen=True, kw_only=True)
class Step:
    """One request that brings a blob, or a part of it."""

    number: int | None
    request: TransferRequest
    offset_bytes: int
    size_bytes: int


@dataclass(frozen=True, kw_only=True)
class Awaited:
    """A blob that is still to be brought, with the requests that do it."""

    sha256: str
    size_bytes: int
    steps: tuple[Step, ...]


@dataclass(frozen=True, kw_only=True)
class Handing:
    """The stores, what signs uploads to them (they themselves, or the web process that relays), and the desk.

    The desk notes which transfers in parts were begun.
    """

    desk: Desk
    stores: Stores
    handover: Intake


def still_needed(view: View, version_id: UUID) -> tuple[int, int]:
    """Return how many blobs a version still waits for, and their bytes; some of them may have arrived unverified."""
    query = select(func.count(), func.coalesce(func.sum(Upload.size_bytes), 0)).where(
        Upload.version_id == version_id, ~Upload.settled
    )
    count, size = view.session.execute(query).one()
    return int(count), int(size)


def expected(view: View, stores: Stores, draft: Draft) -> tuple[int, int]:
    """Return how many blobs a draft waits for, and their bytes.

    ``Unavailable`` where it is new and the store is known to have no room for it, so that nothing is begun then.
    """
    count, size_bytes = still_needed(view, draft.version.id)
    if draft.outcome is Outcome.DRAFTED:  # of one that is resumed, some bytes may have arrived
        check_room(stores, size_bytes)
    return count, size_bytes


def pending_work(view: View, version_id: UUID) -> list[str]:
    """Return the kinds of work that a version waits for, each once, and ``… (failed)`` for every dead letter."""
    jobs = unsettled(view.session, [version_id])
    failed = {f"{job.kind} (failed)" for job in jobs if job.state == JobState.DEAD}
    return sorted(failed | {job.kind for job in jobs if job.state != JobState.DEAD and is_waited_for(job.kind)})


def is_worked_on(view: View, version_id: UUID) -> bool:
    """Whether work is owed for a version that was not given up, also such that nobody waits for."""
    return any(job.state != JobState.DEAD for job in unsettled(view.session, [version_id]))


def page_uploads(view: View, handing: Handing, reference: str, number: int, paging: Paging) -> Page[Awaited]:
    """Return signed requests for blobs that have not arrived, by digest; renewed each time they are asked for.

    Asks the store what has arrived: one listing for the page, and one for each blob in parts. Nothing of the registry
    changes, so this is a reading; but a transfer in parts that was not begun, or that the store gave up, is begun here
    and noted as bookkeeping, which is why the desk comes with it. A unit of work may not ask the store, and a draft
    whose bytes never come should leave no transfers behind.

    Raises ``Conflict`` for a version that is published already, and ``Unavailable`` where the store is known to have no
    room for the page.
    """
    view.require(Ability.PUBLISH)
    version = queries.get_version(view, reference, number)
    if version.status not in OPEN:
        raise Conflict(f"{version.asset.code}@{number} is {version.status}; nothing is to be uploaded", code="not-open")
    query = select(Upload).where(Upload.version_id == version.id, ~Upload.settled).order_by(Upload.sha256)
    if paging.cursor:
        (after,) = decode_cursor(paging.cursor, str)
        query = query.where(Upload.sha256 > after)
    page = page_of(view.session.scalars(query.limit(paging.limit + 1)).all(), paging.limit, lambda one: [one.sha256])
    arrived = _arrived(handing.stores, page.items)
    awaited = tuple(_awaited(handing, upload) for upload in page.items if upload.sha256 not in arrived)
    check_room(handing.stores, sum(step.size_bytes for one in awaited for step in one.steps))
    return Page(items=awaited, next_cursor=page.next_cursor)


def missing(view: View, stores: Stores, version: AssetVersion, digests: Collection[str]) -> set[str]:
    """Return those of the digests (at most 500) whose bytes have not arrived for an open version; asks the store."""
    mine = Upload.version_id == version.id
    query = select(Upload).where(mine, ~Upload.settled, Upload.sha256.in_(digests)).order_by(Upload.sha256)
    uploads = view.session.scalars(query).all()
    return {upload.sha256 for upload in uploads} - _arrived(stores, uploads)


def bring(view: View, stores: Stores, reference: str, number: int, contents: Mapping[str, Readable]) -> None:
    """Store bytes of an open version that came with a form, by their digests; those that nobody waits for are left out.

    Only for blobs that travel whole. ``InvalidInput`` where bytes do not have their digest.
    """
    view.require(Ability.PUBLISH)
    version = queries.get_version(view, reference, number)
    query = select(Upload).where(Upload.version_id == version.id, ~Upload.settled)
    for upload in view.session.scalars(query):
        if upload.sha256 in contents and not upload.part_sha256:
            stores.originals.put(upload.staging_key, contents[upload.sha256], sha256=upload.sha256)


def _arrived(stores: Stores, uploads: Sequence[Upload]) -> set[str]:
    """Return the digests whose staged object is there whole; staging keys of one version are in order of digest."""
    if not uploads:
        return set()
    wanted = {upload.staging_key: upload for upload in uploads}
    first, last = uploads[0].staging_key, uploads[-1].staging_key
    found: set[str] = set()
    # One character short of the first key sorts before it, and after every key of a smaller digest that matters.
    for stored in stores.originals.walk(first[:-1]):
        if stored.key > last:
            break
        upload = wanted.get(stored.key)
        if upload is not None and upload.size_bytes == stored.size_bytes:
            found.add(upload.sha256)
    return found


def _awaited(handing: Handing, upload: Upload) -> Awaited:
    steps = _in_parts(handing, upload) if upload.part_sha256 else (_whole(handing.handover, upload),)
    return Awaited(sha256=upload.sha256, size_bytes=upload.size_bytes, steps=steps)


def _whole(handover: Intake, upload: Upload) -> Step:
    request = handover.single_upload(
        upload.staging_key, sha256=upload.sha256, size_bytes=upload.size_bytes, expires_s=UPLOAD_S
    )
    return Step(number=None, request=request, offset_bytes=0, size_bytes=upload.size_bytes)


def _in_parts(handing: Handing, upload: Upload) -> tuple[Step, ...]:
    """Return requests for the parts that have not arrived; the first 1,000 of them, the rest when asked again."""
    key, transfers = upload.staging_key, handing.stores.transfers
    transfer_id = upload.transfer_id or _begin(handing, upload)
    try:
        there = {part.number for part in transfers.parts(key, transfer_id)}
    except NotFound:  # the store gave the transfer up, because it took too long
        transfer_id, there = _begin(handing, upload), set()
    missing = [part for part in parts_of(upload) if part.number not in there][:STEPS_MAX]
    size = upload.part_size_bytes or 0
    return tuple(
        Step(
            number=part.number,
            request=handing.handover.part_upload(key, transfer_id, part, expires_s=UPLOAD_S),
            offset_bytes=(part.number - 1) * size,
            size_bytes=part.size_bytes,
        )
        for part in missing
    )


def _begin(handing: Handing, upload: Upload) -> str:
    """Begin a transfer in parts in place of the one that was known; of two who do so at once, one gives its own up."""
    begun = handing.stores.transfers.begin(upload.staging_key)
    mine = (Upload.version_id == upload.version_id) & (Upload.sha256 == upload.sha256)
    known = Upload.transfer_id.is_not_distinct_from(upload.transfer_id)
    with handing.desk.bookkeeping() as session:
        session.execute(update(Upload).where(mine, known).values(transfer_id=begun))
        noted = session.scalars(select(Upload.transfer_id).where(mine)).one()
    if noted is not None and noted != begun:
        handing.stores.transfers.abort(upload.staging_key, begun)
    return noted or begun


def parts_of(upload: Upload) -> list[Part]:
    """Return the parts in which a large blob travels."""
    size, left = upload.part_size_bytes or 0, upload.size_bytes
    parts = []
    for number, sha256 in enumerate(upload.part_sha256 or (), start=1):
        parts.append(Part(number=number, sha256=sha256, size_bytes=min(size, left)))
        left -= size
    return parts
