"""What became other from one version to another: files that came, went and changed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import and_, func, select
from sqlalchemy.orm import aliased

from catalog.assets.models import File

if TYPE_CHECKING:
    from sqlalchemy import Select

    from catalog.assets.models import AssetVersion
    from catalog.work.view import View

LISTED_MAX = 200


@dataclass(frozen=True, kw_only=True)
class Difference:
    """One file in both versions; what is None is not in that one. ``moved_from``: where the older one has its bytes."""

    path: str
    sha256_before: str | None = None
    sha256_after: str | None = None
    size_bytes_before: int | None = None
    size_bytes_after: int | None = None
    moved_from: str | None = None


@dataclass(frozen=True, kw_only=True)
class Comparison:
    """Two versions beside each other: the first 200 of each kind by path, and how many there are."""

    added: tuple[Difference, ...]
    removed: tuple[Difference, ...]
    changed: tuple[Difference, ...]
    added_count: int
    removed_count: int
    changed_count: int
    same_count: int


def compare(view: View, before: AssetVersion, after: AssetVersion) -> Comparison:
    """Compare the files of two versions that were read through this view, by path and content."""
    old, new = aliased(File), aliased(File)
    both = and_(old.path == new.path, old.version_id == before.id)
    added = (
        select(new.path, new.sha256, new.size_bytes)
        .outerjoin(old, both)
        .where(new.version_id == after.id, old.id.is_(None))
        .order_by(new.path)
    )
    removed = (
        select(old.path, old.sha256, old.size_bytes)
        .outerjoin(new, and_(new.path == old.path, new.version_id == after.id))
        .where(old.version_id == before.id, new.id.is_(None))
        .order_by(old.path)
    )
    changed = (
        select(new.path, old.sha256, new.sha256, old.size_bytes, new.size_bytes)
        .join(old, both)
        .where(new.version_id == after.id, old.sha256 != new.sha256)
        .order_by(new.path)
    )
    come = view.session.execute(added.limit(LISTED_MAX)).all()
    lay_at = _paths_of(view, before, {sha256 for _, sha256, _ in come})
    added_count, removed_count, changed_count = (_count(view, query) for query in (added, removed, changed))
    return Comparison(
        added=tuple(
            Difference(path=path, sha256_after=sha256, size_bytes_after=size, moved_from=lay_at.get(sha256))
            for path, sha256, size in come
        ),
        removed=tuple(
            Difference(path=path, sha256_before=sha256, size_bytes_before=size)
            for path, sha256, size in view.session.execute(removed.limit(LISTED_MAX))
        ),
        changed=tuple(
            Difference(
                path=path,
                sha256_before=sha256_before,
                sha256_after=sha256_after,
                size_bytes_before=size_before,
                size_bytes_after=size_after,
            )
            for path, sha256_before, sha256_after, size_before, size_after in view.session.execute(
                changed.limit(LISTED_MAX)
            )
        ),
        added_count=added_count,
        removed_count=removed_count,
        changed_count=changed_count,
        same_count=after.file_count - added_count - changed_count,
    )


def _paths_of(view: View, version: AssetVersion, digests: set[str]) -> dict[str, str]:
    """Return where a version has these bytes: the first path by name."""
    query = (
        select(File.sha256, func.min(File.path))
        .where(File.version_id == version.id, File.sha256.in_(digests))
        .group_by(File.sha256)
    )
    return dict(view.session.execute(query).all())


def _count(view: View, query: Select[*tuple[object, ...]]) -> int:
    return view.session.scalar(select(func.count()).select_from(query.order_by(None).subquery())) or 0
