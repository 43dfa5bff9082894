"""Settling: the job between submission and publication.

For each blob that the maker brought: is it there, is it what was declared, then move it under its own digest; bytes
first, row second. When all are settled the version is published; when one is not what was declared the version goes
back to its maker as a draft that says why. Safe to run twice, and to be killed at any point.
"""

from __future__ import annotations

import hashlib
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import select, update
from sqlalchemy.orm import joinedload

from catalog.assets import publishing
from catalog.assets.models import AssetVersion, Upload
from catalog.assets.transfers import parts_of
from catalog.assets.vocabulary import VersionStatus
from catalog.kernel import clock
from catalog.kernel.errors import Conflict, InvalidInput, NotFound
from catalog.storage.blobs import mark_verified
from catalog.storage.keys import blob_key

if TYPE_CHECKING:
    from collections.abc import Sequence
    from uuid import UUID

    from sqlalchemy.orm import Session

    from catalog.storage.port import Part, Stores
    from catalog.work.workshop import Workshop

BATCH = 64
THREADS = 8
NAMED_MAX = 5


@dataclass(frozen=True, kw_only=True)
class _Arrival:
    """One awaited blob, free of the database session so that threads may hold it."""

    sha256: str
    size_bytes: int
    staging_key: str
    transfer_id: str | None
    parts: tuple[Part, ...]


def settle_version(workshop: Workshop, version_id: UUID) -> None:
    """Verify and move what was uploaded, then publish the version or give it back."""
    total = 0
    settled = 0
    while True:
        with workshop.desk.view(workshop.actor) as view:
            version = view.session.get(AssetVersion, version_id)
            if version is None or version.status != VersionStatus.VERIFYING:
                return
            awaited = view.session.scalars(
                select(Upload).where(Upload.version_id == version_id, ~Upload.settled).order_by(Upload.sha256)
            ).all()
            arrivals = [_arrival(upload) for upload in awaited]
        total = total or len(arrivals)
        if not arrivals:
            break
        problems = _settle_batch(workshop, version_id, arrivals[:BATCH])
        if problems:
            _give_back(workshop, version_id, problems)
            return
        settled += len(arrivals[:BATCH])
        workshop.beat(settled / max(total, 1))
    _publish(workshop, version_id)


def _arrival(upload: Upload) -> _Arrival:
    return _Arrival(
        sha256=upload.sha256,
        size_bytes=upload.size_bytes,
        staging_key=upload.staging_key,
        transfer_id=upload.transfer_id,
        parts=tuple(parts_of(upload)),
    )


def _settle_batch(workshop: Workshop, version_id: UUID, arrivals: Sequence[_Arrival]) -> list[str]:
    with ThreadPoolExecutor(max_workers=THREADS) as threads:
        problems = list(threads.map(lambda arrival: _settle(workshop.stores, arrival), arrivals))
    moved = [arrival for arrival, problem in zip(arrivals, problems, strict=True) if problem is None]
    with workshop.desk.bookkeeping() as session:
        sizes = {arrival.sha256: arrival.size_bytes for arrival in moved}
        mark_verified(session, sizes, store=workshop.stores.name, now=clock.now())
        session.execute(
            update(Upload)
            .where(Upload.version_id == version_id, Upload.sha256.in_([arrival.sha256 for arrival in moved]))
            .values(settled=True)
        )
    for arrival in moved:
        workshop.stores.originals.remove(arrival.staging_key)
    return [problem for problem in problems if problem]


def _settle(stores: Stores, arrival: _Arrival) -> str | None:
    """Return what is wrong with one blob, or None once it lies verified under its own digest."""
    short = f"{arrival.sha256[:12]}…"
    if arrival.parts and arrival.transfer_id is None:
        return f"upload of {short} was never begun; publish again to go on"
    try:
        if arrival.transfer_id is not None:
            stores.transfers.finish(arrival.staging_key, arrival.transfer_id, arrival.parts)
        staged = stores.originals.find(arrival.staging_key)
        if staged is None:
            return f"upload of {short} ({arrival.size_bytes} bytes) never arrived; publish again to go on"
        found = staged.sha256 or _digest_of(stores, arrival.staging_key)
        if (found, staged.size_bytes) != (arrival.sha256, arrival.size_bytes):
            stores.originals.remove(arrival.staging_key)
            return (
                f"{short} was declared with {arrival.size_bytes} bytes; {staged.size_bytes} arrived, with digest "
                f"{found[:12]}…; the file changed while it was sent, publish again"
            )
        stores.staging.settle(arrival.staging_key, blob_key(arrival.sha256), sha256=arrival.sha256)
    except (Conflict, InvalidInput, NotFound) as problem:
        return f"{short}: {problem.message}"
    return None


def _digest_of(stores: Stores, key: str) -> str:
    digest = hashlib.sha256()
    for chunk in stores.originals.open(key):
        digest.update(chunk)
    return digest.hexdigest()


def _give_back(workshop: Workshop, version_id: UUID, problems: Sequence[str]) -> None:
    more = f" (and {len(problems) - NAMED_MAX} more)" if len(problems) > NAMED_MAX else ""
    with workshop.desk.work(workshop.actor, lane=workshop.lane) as work:
        version = _version(work.session, version_id)
        if version.status == VersionStatus.VERIFYING:
            publishing.refuse(work, version, "; ".join(problems[:NAMED_MAX]) + more)


def _publish(workshop: Workshop, version_id: UUID) -> None:
    with workshop.desk.work(workshop.actor, lane=workshop.lane) as work:
        version = _version(work.session, version_id)
        if version.status == VersionStatus.VERIFYING and not publishing.anything_unsettled(work, version_id):
            publishing.publish(work, version)


def _version(session: Session, version_id: UUID) -> AssetVersion:
    return session.scalars(
        select(AssetVersion).options(joinedload(AssetVersion.asset)).where(AssetVersion.id == version_id)
    ).one()
