"""Settling: the job between submission and publication.

For each blob that the maker brought: is it there, is it what was declared, then it gets its own key
(``storage.custody``); bytes first, row second. When all are settled the version is published; when one is not what was
declared, the version goes back to its maker as a draft that says why. Safe to run twice, and to be killed at any point.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session, joinedload

from catalog.assets import publishing
from catalog.assets.models import AssetVersion, File, Upload
from catalog.assets.transfers import parts_of, still_needed
from catalog.assets.vocabulary import VersionStatus
from catalog.kernel import clock
from catalog.kernel.errors import Conflict, Unavailable
from catalog.storage import custody
from catalog.storage.blobs import mark_verified, note_checked, verified_digests
from catalog.storage.custody import Settlement, Staged, Verdict
from catalog.storage.vocabulary import BlobState

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from uuid import UUID

    from catalog.kernel.errors import CatalogError
    from catalog.work.workshop import Workshop

BATCH = 64
THREADS = 8
NAMED_MAX = 5


def settle_version(workshop: Workshop, version_id: UUID) -> None:
    """Verify and move what was uploaded, then publish the version or give it back."""
    settled = 0
    while True:
        with workshop.desk.view(workshop.actor) as view:
            version = view.session.get(AssetVersion, version_id)
            if version is None or version.status != VersionStatus.VERIFYING:
                return
            left, _ = still_needed(view, version_id)
            batch = [_staged(upload) for upload in _awaited(view.session, version_id)]
            known = verified_digests(view.session, [staged.sha256 for staged in batch])
        if not batch:
            break
        problems = _settle_batch(workshop, version_id, batch, known, settled=settled, of=settled + left)
        if problems and _give_back(workshop, version_id, problems):
            return
        settled += len(batch)
        workshop.beat(settled / (settled + left - len(batch)))
    _publish(workshop, version_id)


def _awaited(session: Session, version_id: UUID) -> Sequence[Upload]:
    query = select(Upload).where(Upload.version_id == version_id, ~Upload.settled).order_by(Upload.sha256)
    return session.scalars(query.limit(BATCH)).all()


def _staged(upload: Upload) -> Staged:
    return Staged(
        key=upload.staging_key,
        sha256=upload.sha256,
        size_bytes=upload.size_bytes,
        transfer_id=upload.transfer_id,
        parts=tuple(parts_of(upload)),
    )


def _settle_batch(
    workshop: Workshop, version_id: UUID, batch: Sequence[Staged], known: set[str], *, settled: int, of: int
) -> dict[str, CatalogError]:
    """Settle some blobs side by side, enter the good ones, and return what is wrong with the others, by digest.

    ``settled`` of so many blobs of the version are settled already.
    """

    def settle(staged: Staged) -> Settlement:
        return custody.settle(
            workshop.stores,
            staged,
            is_verified=staged.sha256 in known,
            beat=lambda share: workshop.beat((settled + share) / of),
        )

    with ThreadPoolExecutor(max_workers=THREADS) as threads:
        found = list(zip(batch, threads.map(settle, batch), strict=True))
    good = [staged for staged, settlement in found if settlement.verdict is Verdict.VERIFIED]
    again = [staged.sha256 for staged, settlement in found if settlement.begin_again]
    with workshop.desk.bookkeeping() as session:
        sizes = {staged.sha256: staged.size_bytes for staged in good}
        mark_verified(session, sizes, store=workshop.stores.name, now=clock.now())
        mine = update(Upload).where(Upload.version_id == version_id)
        session.execute(mine.where(Upload.sha256.in_(sizes)).values(settled=True))
        session.execute(mine.where(Upload.sha256.in_(again)).values(transfer_id=None))
    _see_in_place(workshop, version_id, good)
    custody.discard(workshop.stores, *good)
    return {staged.sha256: settlement.problem for staged, settlement in found if settlement.problem}


def _see_in_place(workshop: Workshop, version_id: UUID, good: Sequence[Staged]) -> None:
    """Look once before the staged bytes go: a sweep that began before a blob was entered may have removed it."""
    with ThreadPoolExecutor(max_workers=THREADS) as threads:
        kept = list(threads.map(lambda staged: custody.is_in_place(workshop.stores, staged), good))
    gone = [staged.sha256 for staged, is_kept in zip(good, kept, strict=True) if not is_kept]
    if gone:
        with workshop.desk.bookkeeping() as session:
            mine = update(Upload).where(Upload.version_id == version_id, Upload.sha256.in_(gone))
            session.execute(mine.values(settled=False))
            for sha256 in gone:
                note_checked(session, sha256, BlobState.MISSING, clock.now())
        raise Unavailable(f"{len(gone)} blobs were lost while they were entered; they are settled again")


def _give_back(workshop: Workshop, version_id: UUID, problems: Mapping[str, CatalogError]) -> bool:
    """Return the version to its maker; False where another worker has settled meanwhile whatever was wrong.

    One that lost its lease without knowing may look for staged bytes that its successor has moved.
    """
    with workshop.desk.work(workshop.actor, lane=workshop.lane) as work:
        version = _version(work.session, version_id)
        work.hold(version)
        unsettled = select(Upload.sha256).where(Upload.version_id == version_id, ~Upload.settled)
        wrong = sorted(work.session.scalars(unsettled.where(Upload.sha256.in_(problems))))
        if wrong:
            named = _named(work.session, version_id, {sha256: problems[sha256] for sha256 in wrong[:NAMED_MAX]})
            more = f" (and {len(wrong) - NAMED_MAX} more)" if len(wrong) > NAMED_MAX else ""
            told = "; ".join(f"{path}: {problem.message}" for path, problem in named)
            publishing.refuse(work, version, told + more, [problem.kept(path) for path, problem in named])
        return bool(wrong)


def _named(session: Session, version_id: UUID, problems: Mapping[str, CatalogError]) -> list[tuple[str, CatalogError]]:
    """Return problems, each with the first path that has the digest: that is how people know a file."""
    query = (
        select(File.sha256, func.min(File.path))
        .where(File.version_id == version_id, File.sha256.in_(list(problems)))
        .group_by(File.sha256)
    )
    paths: dict[str, str] = dict(session.execute(query).all())
    return [(paths.get(sha256, sha256), problem) for sha256, problem in problems.items()]


def _publish(workshop: Workshop, version_id: UUID) -> None:
    with workshop.desk.work(workshop.actor, lane=workshop.lane) as work:
        version = _version(work.session, version_id)
        publishing.hold(work, version)
        if version.status != VersionStatus.VERIFYING or publishing.anything_unsettled(work, version_id):
            return
        try:
            publishing.complete(work, version)
        except Conflict as refusal:
            publishing.refuse(work, version, refusal.message, [refusal.kept()])


def _version(session: Session, version_id: UUID) -> AssetVersion:
    return session.scalars(
        select(AssetVersion).options(joinedload(AssetVersion.asset)).where(AssetVersion.id == version_id)
    ).one()
