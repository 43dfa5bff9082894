"""Reading facts and pictures. Each function is one bounded query; pictures are seen by whoever may see their asset.

Facts and pictures are kept by the digest of bytes, so that equal bytes are measured once. They are told only where the
bytes themselves were seen: of files that are stored, or referenced and read. A digest alone, which anybody can write
into a draft or an import, opens nothing.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, false, not_, or_, select, true

from catalog.assets.models import Asset, AssetVersion, File
from catalog.assets.queries import known_versions, visible_to
from catalog.assets.vocabulary import Custody, FileState, VersionStatus
from catalog.media.conventions import holds_data
from catalog.media.models import ALONE, Fact, Measurement, Preview
from catalog.media.vocabulary import KINDS, MEASURING_VERSION, STRIPS, Evidence, FactKey

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from sqlalchemy import Row
    from sqlalchemy.orm import InstrumentedAttribute

    from catalog.work.view import View

    _CardRow = Row[UUID, str, str, int, int, str, str, int | None, int | None, int | None]
    _CardQuery = Select[UUID, str, str, int, int, str, str, int | None, int | None, int | None]

FACTS_MAX = 5000
FINDINGS_MAX = 500
CARDS_MAX = 500
SHORT_DIGITS = 16
"""Of a preview's digest: 64 bits, which no two pictures share by chance."""
_DIGEST = re.compile(rf"[0-9a-f]{{{SHORT_DIGITS},64}}")
_PUBLISHED = AssetVersion.published_at.is_not(None)
_CARD, _LARGER_CARD = "thumbnail-240", "thumbnail-480"


@dataclass(frozen=True, kw_only=True)
class FactOfFile:
    """One fact and the path of the file that it is about."""

    path: str
    key: str
    value: Any
    unit: str
    evidence: str
    tool: str
    tool_version: str
    measured_at: datetime


@dataclass(frozen=True, kw_only=True)
class FindingOfFile:
    """One finding and the path of the file that it is about."""

    path: str
    code: str
    message: str
    reference: str


@dataclass(frozen=True, kw_only=True)
class Strip:
    """Frames of one size, in rows from the left and the top."""

    sha256: str
    frame_count: int
    columns: int
    frame_width_px: int
    frame_height_px: int


@dataclass(frozen=True, kw_only=True)
class CardPicture:
    """The picture of a card: its smallest size, the next one for screens that show more pixels, what pointers turn."""

    sha256: str
    width_px: int
    height_px: int
    dominant_color: str
    caption: str
    larger_sha256: str | None
    larger_width_px: int | None
    strip: Strip | None = None


def facts_of(view: View, version: AssetVersion) -> list[FactOfFile]:
    """The facts of a version's files, by path and key; at most ``FACTS_MAX``, the first files first."""
    query = _facts(version).order_by(File.path, Fact.key).limit(FACTS_MAX)
    return [_told(path, fact) for path, fact in view.session.execute(query)]


def facts_of_files(
    view: View, version: AssetVersion, paths: Collection[str], keys: Collection[str]
) -> list[FactOfFile]:
    """Those facts of some files of a version, by path and key."""
    query = _facts(version).where(File.path.in_(paths), Fact.key.in_(keys)).order_by(File.path, Fact.key)
    return [_told(path, fact) for path, fact in view.session.execute(query)]


def _facts(version: AssetVersion) -> Select[str, Fact]:
    return (
        select(File.path, Fact)
        .join(Fact, and_(Fact.sha256 == File.sha256, Fact.tree_sha256.in_((ALONE, version.manifest_sha256))))
        .where(File.version_id == version.id, seen(), _made(version))
    )


def _told(path: str, fact: Fact) -> FactOfFile:
    """A fact is kept by bytes and a name belongs to a file, so what follows from names is told here.

    A reader that finds no tag infers the color space of its format, which for a map of normals would be a wrong
    instruction. ``data`` is the role that OpenColorIO gives to values without a color space.
    """
    inferred = fact.key == FactKey.COLOR_SPACE and fact.evidence == Evidence.INFERRED
    by_name = inferred and holds_data(path)
    return FactOfFile(
        path=path,
        key=fact.key,
        value="data" if by_name else fact.value,
        unit=fact.unit,
        evidence=fact.evidence,
        tool="reprise" if by_name else fact.tool,
        tool_version=MEASURING_VERSION if by_name else fact.tool_version,
        measured_at=fact.measured_at,
    )


def findings_of(view: View, version: AssetVersion) -> list[FindingOfFile]:
    """What people can act on in a version's files, by path; at most ``FINDINGS_MAX`` files."""
    query = (
        select(File.path, Measurement.findings)
        .join(
            Measurement,
            and_(Measurement.sha256 == File.sha256, Measurement.tree_sha256.in_((ALONE, version.manifest_sha256))),
        )
        .where(File.version_id == version.id, seen(), _made(version))
        .order_by(File.path)
        .limit(FINDINGS_MAX)
    )
    return [
        FindingOfFile(path=path, **finding) for path, findings in view.session.execute(query) for finding in findings
    ]


def previews_of(view: View, version: AssetVersion) -> list[Preview]:
    """All that shows a version that was read through this view, by derivative."""
    query = (
        select(Preview)
        .join(AssetVersion, AssetVersion.manifest_sha256 == Preview.source_sha256)
        .where(AssetVersion.id == version.id, _made(version), _whole(), Preview.derivative.in_(KINDS))
        .order_by(Preview.derivative)
        .limit(50)
    )
    return list(view.session.scalars(query))


def thumbnails_of_latest(view: View, assets: Sequence[Asset]) -> dict[UUID, CardPicture]:
    """The picture of the latest version of each of these assets, which were read through this view.

    Assets without one are left out. At most ``CARDS_MAX`` assets.
    """
    wanted = [asset.id for asset in assets if asset.latest_number is not None][:CARDS_MAX]
    if not wanted:
        return {}
    query = (
        _cards(AssetVersion.asset_id)
        .join(Asset, (Asset.id == AssetVersion.asset_id) & (Asset.latest_number == AssetVersion.number))
        .where(Asset.id.in_(wanted))
    )
    return _by_owner(view, query)


def thumbnails_of_versions(view: View, versions: Sequence[AssetVersion]) -> dict[UUID, CardPicture]:
    """The picture of each of these versions, which were read through this view; at most ``CARDS_MAX``."""
    wanted = [version.id for version in versions][:CARDS_MAX]
    shown = _PUBLISHED | (AssetVersion.status == VersionStatus.REVIEW)
    return _by_owner(view, _cards(AssetVersion.id, shown).where(AssetVersion.id.in_(wanted)))


def find_preview(view: View, sha256: str) -> Preview | None:
    """A preview by the digest of its bytes, if it shows a version that the viewer may see; else None.

    A page of cards names hundreds of them, so the first ``SHORT_DIGITS`` of its digest will do.
    """
    if not _DIGEST.fullmatch(sha256):
        return None
    query = (
        select(Preview)
        .join(AssetVersion, AssetVersion.manifest_sha256 == Preview.source_sha256)
        .join(Asset, Asset.id == AssetVersion.asset_id)
        .where(Preview.sha256.between(sha256, f"{sha256}g"), visible_to(view), _whole())  # no digit comes after "f"
        .where(_PUBLISHED | ((AssetVersion.status == VersionStatus.REVIEW) & known_versions(view)))
        .limit(1)
    )
    return view.session.scalar(query)


def _cards(owner: InstrumentedAttribute[UUID], shown: ColumnElement[bool] = _PUBLISHED) -> _CardQuery:
    """The query for the pictures that cards show, with whose they are; columns, for a page has hundreds of them."""
    return (
        select(
            owner.label("owner_id"),
            Preview.derivative,
            Preview.sha256,
            Preview.width_px,
            Preview.height_px,
            Preview.dominant_color,
            Preview.caption,
            Preview.frame_count,
            Preview.frame_width_px,
            Preview.frame_height_px,
        )
        .join(AssetVersion, AssetVersion.manifest_sha256 == Preview.source_sha256)
        .where(shown, Preview.derivative.in_((_CARD, _LARGER_CARD, *STRIPS)))
    )


def seen() -> ColumnElement[bool]:
    """The condition that a worker has had the bytes of a file in hand, and they were what its digest says."""
    read = and_(File.checked_at.is_not(None), File.state == FileState.ONLINE)
    return or_(File.custody == Custody.STORED, read)


def _whole() -> ColumnElement[bool]:
    """The condition that the bytes of all files of a version were seen. Looks at each file: not for a page of cards."""
    return not_(select(File.id).where(File.version_id == AssetVersion.id, not_(seen())).exists())


def _made(version: AssetVersion) -> ColumnElement[bool]:
    """The condition that the bytes of this version are all there: those of a draft that was given up never came."""
    there = version.published_at is not None or version.status == VersionStatus.REVIEW
    return true() if there else false()


def _by_owner(view: View, query: _CardQuery) -> dict[UUID, CardPicture]:
    found: dict[UUID, dict[str, _CardRow]] = {}
    for row in view.session.execute(query):
        found.setdefault(row.owner_id, {})[row.derivative] = row
    return {owner_id: _card(sizes) for owner_id, sizes in found.items() if _CARD in sizes}


def _card(sizes: Mapping[str, _CardRow]) -> CardPicture:
    small, larger = sizes[_CARD], sizes.get(_LARGER_CARD)
    return CardPicture(
        sha256=small.sha256,
        width_px=small.width_px,
        height_px=small.height_px,
        dominant_color=small.dominant_color,
        caption=small.caption,
        larger_sha256=larger.sha256 if larger else None,
        larger_width_px=larger.width_px if larger else None,
        strip=next((strip_of(sizes[name]) for name in STRIPS if name in sizes), None),
    )


def strip_of(row: Preview | _CardRow) -> Strip | None:
    """The frames of a preview; None where it is no strip."""
    if not (row.frame_count and row.frame_width_px and row.frame_height_px):
        return None
    return Strip(
        sha256=row.sha256,
        frame_count=row.frame_count,
        columns=max(row.width_px // row.frame_width_px, 1),
        frame_width_px=row.frame_width_px,
        frame_height_px=row.frame_height_px,
    )
