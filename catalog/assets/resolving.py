"""Resolving references: from ``chr_ann@3`` or a URI to files and where they are. The gate comes after."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, partial
from typing import TYPE_CHECKING

from catalog.assets import queries, roots
from catalog.assets.naming import entity_reference, parse_reference
from catalog.assets.vocabulary import OFFERED, Custody
from catalog.kernel.errors import CatalogError, Conflict

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from catalog.assets.models import AssetVersion, File
    from catalog.assets.vocabulary import Platform
    from catalog.work.view import View


@dataclass(frozen=True, kw_only=True)
class Found:
    """A file, and its path on the asked platform where it is referenced (None: stored, or no template says)."""

    file: File
    location: str | None


@dataclass(frozen=True, kw_only=True)
class Resolved:
    """What a reference stands for, or why it cannot be said."""

    reference: str
    version: AssetVersion | None = None
    path: str | None = None
    files: tuple[Found, ...] = ()
    code: str | None = None
    message: str | None = None

    @property
    def entity(self) -> str | None:
        """The reference as a URI that names the version."""
        return entity_reference(self.version.asset.code, self.version.number, self.path) if self.version else None


def resolve_all(view: View, references: Sequence[str], *, platform: Platform, site: str) -> list[Resolved]:
    """Return one answer for each reference, in order; what cannot be resolved says why and leaves the others alone."""
    get_version = cache(partial(queries.get_version, view))
    return [_resolve(view, reference, platform, site, get_version) for reference in references]


def _resolve(
    view: View, text: str, platform: Platform, site: str, get_version: Callable[[str, int | None], AssetVersion]
) -> Resolved:
    try:
        reference = parse_reference(text)
        version = get_version(reference.asset, reference.number)
        if version.status not in OFFERED:
            raise Conflict(
                f"{version.asset.code}@{version.number} is {version.status}; it is not released", code="not-offered"
            )
        if reference.path:
            files = [queries.get_file(view, version, reference.path)]
        else:
            files = queries.files_of(view, version.id)
        found = _locate(view, files, platform, site)
    except CatalogError as error:
        return Resolved(reference=text, code=error.code, message=error.message)
    return Resolved(reference=text, version=version, path=reference.path, files=found)


def _locate(view: View, files: Sequence[File], platform: Platform, site: str) -> tuple[Found, ...]:
    known = roots.roots_by_id(view, (file.root_id for file in files if file.root_id))
    found = []
    for file in files:
        location = None
        if file.custody == Custody.REFERENCED and file.root_id:
            root = known[file.root_id]
            location = roots.spell(root, file.root_path or file.path, platform=platform, site=site)
            if location is None:
                raise Conflict(
                    f"root {root.name!r} has no {platform} path at site {site!r}; an administrator can add a template",
                    code="no-template",
                )
        found.append(Found(file=file, location=location))
    return tuple(found)
