"""Making anew what was derived from files: after it was dropped, or when the tool that makes it has changed.

What is there already costs a look only, so both acts may be repeated at any time.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

from sqlalchemy import ColumnElement, and_, func, not_, or_, select

from catalog.assets.models import AssetVersion, File
from catalog.assets.referenced import roots_in_sight
from catalog.assets.vocabulary import OFFERED, Custody
from catalog.jobs.vocabulary import Lane
from catalog.kernel.abilities import Ability
from catalog.media.jobs import INSPECT_VERSION, RENDER_DETAILS, RENDER_PREVIEWS
from catalog.media.makers.table import VERSIONS
from catalog.media.models import ALONE, Measurement, Preview, Summary
from catalog.media.queries import seen
from catalog.media.vocabulary import MEASURING_VERSION

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from sqlalchemy import Select

    from catalog.jobs.vocabulary import JobKind
    from catalog.storage.port import Stores
    from catalog.work.desk import Desk
    from catalog.work.unit import UnitOfWork

BATCH = 1_000


def owe_previews(work: UnitOfWork, after: UUID | None = None) -> tuple[int, UUID | None]:
    """Owe pictures and details of the next 1,000 offered versions, in the bulk lane; what is complete costs a look.

    Returns how many, and the last version, to go on ``after``; None when there are no more.
    """
    return _owe(work, (RENDER_PREVIEWS, RENDER_DETAILS), select(AssetVersion.id), after)


def owe_facts(work: UnitOfWork, after: UUID | None = None) -> tuple[int, UUID | None]:
    """Owe the measuring of the next 1,000 offered versions with files that lack it, in the bulk lane.

    So are versions that were never summed up; what is measured of them already costs a look.
    Files that no worker has looked at yet lack it too, whether or not this machine sees their root: the worker that
    takes the job may. Returns how many, and the last version, to go on ``after``; None when there are no more.
    """
    return _owe(work, (INSPECT_VERSION,), select(AssetVersion.id).where(_has_file(_lacking())), after)


def _owe(
    work: UnitOfWork, kinds: Sequence[JobKind], versions: Select[UUID], after: UUID | None
) -> tuple[int, UUID | None]:
    work.require(Ability.OPERATE)
    query = versions.where(AssetVersion.status.in_(OFFERED)).order_by(AssetVersion.id).limit(BATCH)
    ids = work.session.scalars(query.where(AssetVersion.id > after) if after else query).all()
    for version_id in ids:
        for kind in kinds:
            work.owe(kind, version_id, Lane.BULK)
    return len(ids), ids[-1] if len(ids) == BATCH else None


def count_unmeasured(desk: Desk, *, site: str) -> int:
    """Return how many offered versions have files that ``owe_facts`` would have measured and this machine can reach.

    Files under roots that it does not see are left out: nothing that is done here would measure them.
    """
    in_sight = roots_in_sight(desk, site)
    with desk.read() as session:
        within = or_(File.root_id.is_(None), File.root_id.in_(in_sight))
        lacking = _has_file(and_(within, _lacking()))
        query = select(func.count()).select_from(AssetVersion).where(AssetVersion.status.in_(OFFERED), lacking)
        return session.scalar(query) or 0


def _has_file(condition: ColumnElement[bool]) -> ColumnElement[bool]:
    return select(File.id).where(File.version_id == AssetVersion.id, condition).exists()


def _lacking() -> ColumnElement[bool]:
    """The condition that a file lacks facts, or its version what they sum up to."""
    summed = select(Summary.version_id).where(Summary.version_id == AssetVersion.id)
    return or_(_lacks_facts(), not_(summed.exists()))


def _lacks_facts() -> ColumnElement[bool]:
    """The condition that nobody has looked at a file, or that its bytes were seen and not measured as they are now."""
    unread = and_(File.custody == Custody.REFERENCED, File.checked_at.is_(None))
    measured = select(Measurement.sha256).where(
        Measurement.sha256 == File.sha256,
        or_(Measurement.tree_sha256 == ALONE, Measurement.tree_sha256 == AssetVersion.manifest_sha256),
        Measurement.measuring_version == MEASURING_VERSION,
    )
    return or_(unread, and_(seen(), not_(measured.exists())))


@dataclass(frozen=True, kw_only=True)
class PictureVerification:
    """What a walk over all pictures found."""

    checked: int
    missing: int
    """Their bytes are not in the store."""
    outdated: int
    """They were drawn by an older drawing version."""

    @property
    def holds(self) -> bool:
        """Whether every picture that the database speaks of is there, as this program draws it."""
        return not (self.missing or self.outdated)


def verify_previews(
    desk: Desk, stores: Stores, progress: Callable[[int], None] = lambda _done: None
) -> PictureVerification:
    """Look whether the store has every picture that the database speaks of; reads no bytes."""
    checked = missing = outdated = 0
    for batch in _pictures(desk):
        for picture in batch:
            found = stores.derived.find(picture.key)
            missing += found is None or found.size_bytes != picture.size_bytes
            outdated += picture.tool_version != VERSIONS.get(picture.derivative)
        checked += len(batch)
        progress(checked)
    return PictureVerification(checked=checked, missing=missing, outdated=outdated)


def _pictures(desk: Desk) -> Iterator[list[Preview]]:
    """Every picture's row, in batches; whole trees at a time, so that none is cut."""
    after = ""
    while True:
        with desk.read() as session:
            trees = (
                select(Preview.source_sha256)
                .where(Preview.source_sha256 > after)
                .distinct()
                .order_by(Preview.source_sha256)
                .limit(BATCH)
            )
            named = list(session.scalars(trees))
            if not named:
                return
            batch = list(
                session.scalars(
                    select(Preview).where(Preview.source_sha256 > after, Preview.source_sha256 <= named[-1])
                )
            )
        yield batch
        after = named[-1]
