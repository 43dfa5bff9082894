"""Resolving references: from ``chr_ann@3`` or a URI to files and where they are. The gate comes after."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, partial
from typing import TYPE_CHECKING

from catalog.assets import queries, roots
from catalog.assets.naming import entity_reference, parse_reference
from catalog.assets.vocabulary import OFFERED, Custody
from catalog.kernel.errors import CatalogError, Conflict, InvalidInput

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from uuid import UUID

    from catalog.assets.models import AssetVersion, File, Root
    from catalog.assets.vocabulary import Platform
    from catalog.work.view import View

FILES_MAX = 100_000
"""So many files at most are named in one answer."""


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
    """Return one answer for each reference, in order; what cannot be resolved says why and leaves the others alone.

    Raises ``InvalidInput`` where they name more files together than fit into one answer.
    """
    resolver = _Resolver(view, platform, site)
    resolved: list[Resolved] = []
    named = 0
    for reference in references:
        one = resolver.resolve(reference)
        named += len(one.files)
        if named > FILES_MAX:
            raise InvalidInput(
                f"these references name more than {FILES_MAX} files; send fewer at once", code="too-many-files"
            )
        resolved.append(one)
    return resolved


class _Resolver:
    """Resolves for one platform and site; each version, and its files, are looked up once."""

    def __init__(self, view: View, platform: Platform, site: str) -> None:
        self._view, self._platform, self._site = view, platform, site
        self._version = cache(partial(queries.get_version, view))
        self._whole = cache(self._files_of)

    def resolve(self, text: str) -> Resolved:
        """Return what a reference stands for, or why it cannot be said."""
        try:
            reference = parse_reference(text)
            version = self._version(reference.asset, reference.number)
            if version.status not in OFFERED:
                raise Conflict(
                    f"{version.asset.code}@{version.number} is {version.status}; it is not released",
                    code="not-offered",
                )
            if reference.path:
                files = self._located([queries.get_file(self._view, version, reference.path)])
            else:
                files = self._whole(version.id)
        except CatalogError as error:
            return Resolved(reference=text, code=error.code, message=error.message)
        return Resolved(reference=text, version=version, path=reference.path, files=files)

    def _files_of(self, version_id: UUID) -> tuple[Found, ...]:
        return self._located(queries.files_of(self._view, version_id))

    def _located(self, files: Sequence[File]) -> tuple[Found, ...]:
        known = roots.roots_by_id(self._view, (file.root_id for file in files if file.root_id))
        return tuple(Found(file=file, location=self._location(file, known)) for file in files)

    def _location(self, file: File, known: Mapping[UUID, Root]) -> str | None:
        if file.custody != Custody.REFERENCED or not file.root_id:
            return None
        root = known[file.root_id]
        location = roots.spell(root, file.root_path or file.path, platform=self._platform, site=self._site)
        if location is None:
            raise Conflict(
                f"root {root.name!r} has no {self._platform} path at site {self._site[:80]!r}; "
                "an administrator can add a template",
                code="no-template",
            )
        return location
