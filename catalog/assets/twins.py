"""Twins: files whose bytes the catalogue has already, in a version that the viewer may see."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import func, select

from catalog.assets.models import Asset, AssetVersion, File
from catalog.assets.queries import visible_to
from catalog.assets.vocabulary import OFFERED
from catalog.kernel.batches import in_batches

if TYPE_CHECKING:
    from collections.abc import Iterable
    from uuid import UUID

    from catalog.work.view import View

BATCH = 500
TWINS_MAX = 100
EMPTY = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
"""The digest of no bytes: two empty files have nothing in common."""


@dataclass(frozen=True, kw_only=True)
class Twin:
    """Where the bytes of a digest are already."""

    sha256: str
    asset: str
    number: int
    path: str


def twins_of(view: View, digests: Iterable[str], *, besides: UUID | None = None) -> list[Twin]:
    """Return where bytes with these digests are offered already: of each, the newest place; a hundred at most.

    Hidden assets are not among them, nor is the asset ``besides``, whose next version likely shares files with others.
    """
    found: list[Twin] = []
    for batch in in_batches(sorted(set(digests) - {EMPTY}), BATCH):
        newest = func.row_number().over(partition_by=File.sha256, order_by=(AssetVersion.id.desc(), File.path))
        places = (
            select(File.sha256, Asset.code, AssetVersion.number, File.path, newest.label("place"))
            .join(AssetVersion, AssetVersion.id == File.version_id)
            .join(Asset, Asset.id == AssetVersion.asset_id)
            .where(visible_to(view), AssetVersion.status.in_(OFFERED), File.sha256.in_(batch))
        )
        if besides is not None:
            places = places.where(Asset.id != besides)
        each = places.subquery()
        rows = view.session.execute(select(each).where(each.c.place == 1).order_by(each.c.sha256).limit(TWINS_MAX))
        found += [Twin(sha256=sha256, asset=code, number=number, path=path) for sha256, code, number, path, _ in rows]
        if len(found) >= TWINS_MAX:
            break
    return found[:TWINS_MAX]
