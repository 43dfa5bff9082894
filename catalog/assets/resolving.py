"""Resolving references: from ``chr_ann@3`` or a URI to files and where they are. The gate comes after.

Many references are resolved by the same few questions as one. What was found is looked at again before it is let out,
so that nobody holds up those who write while a long answer is made.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from catalog.assets import queries, roots
from catalog.assets.merged import survivors_of
from catalog.assets.naming import entity_reference, parse_reference
from catalog.assets.vocabulary import OFFERED, AssetStatus, Custody, VersionStatus
from catalog.kernel.errors import CatalogError, Conflict, InvalidInput

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from uuid import UUID

    from catalog.assets.models import Asset, AssetVersion, File
    from catalog.assets.naming import Reference
    from catalog.assets.vocabulary import Platform
    from catalog.work.view import View

FILES_MAX = 100_000
"""So many files at most are named in one answer."""
A = TypeVar("A")
B = TypeVar("B")


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
    merged: str | None = None
    """The code of the asset that it names, where that was merged into the one whose latest version this is."""
    code: str | None = None
    message: str | None = None

    @property
    def entity(self) -> str | None:
        """The reference as a URI that names the version."""
        return entity_reference(self.version.asset.code, self.version.number, self.path) if self.version else None

    @property
    def remarks(self) -> tuple[str, ...]:
        """What whoever takes it should know: that its asset is retired or it is deprecated, and why."""
        if self.version is None:
            return ()
        asset, said = self.version.asset, []
        if self.merged:
            said.append(f"{self.merged} was merged into {asset.code}; this is the latest version of {asset.code}")
        if asset.status == AssetStatus.RETIRED:
            said.append(f"{asset.code} is retired{_because(asset.retirement_reason)}")
        if self.version.status == VersionStatus.DEPRECATED:
            said.append(f"{asset.code}@{self.version.number} is deprecated{_because(self.version.standing_reason)}")
        return tuple(said)


def _because(reason: str | None) -> str:
    return f": {reason}" if reason else ""


def resolve_all(view: View, references: Sequence[str], *, platform: Platform, site: str) -> list[Resolved]:
    """Return one answer for each reference, in order; what cannot be resolved says why and leaves the others alone.

    Raises ``InvalidInput`` where they name more files together than fit into one answer.
    """
    refusals: dict[str, CatalogError] = {}
    read = _each({text: text for text in references}, parse_reference, refusals)
    assets = queries.assets_named(view, read.values())
    survivors = survivors_of(view, (asset for several in assets.values() for asset in several))
    asked = _each(read, lambda reference: _asked(reference, assets, survivors), refusals)
    versions = queries.versions_numbered(view, ((one.asset, one.wanted) for one in asked.values()))
    offered = _each(asked, lambda one: _offered(one, versions), refusals)
    _refuse_too_many(offered[text] for text in references if text in offered)
    finder = _Finder(view, list(offered.values()), platform, site)
    found = _each(offered, finder.files_of, refusals)
    answers = {
        text: Resolved(
            reference=text,
            version=offered[text].version,
            path=offered[text].path,
            files=files,
            merged=asked[text].merged,
        )
        for text, files in found.items()
    }
    answers |= {text: Resolved(reference=text, code=one.code, message=one.message) for text, one in refusals.items()}
    return [answers[text] for text in references]


def look_again(view: View, resolved: Sequence[Resolved], *, platform: Platform, site: str) -> list[Resolved]:
    """Return what was resolved a moment ago; what was withdrawn or hidden since then is resolved anew."""
    versions = queries.versions_by_id(view, (one.version.id for one in resolved if one.version))

    def stands(one: Resolved) -> bool:
        return one.version is None or (one.version.id in versions and versions[one.version.id].status in OFFERED)

    changed = [one.reference for one in resolved if not stands(one)]
    anew = iter(resolve_all(view, changed, platform=platform, site=site))
    return [one if stands(one) else next(anew) for one in resolved]


@dataclass(frozen=True, kw_only=True)
class _Asked:
    """The version that a reference names, by its number or as the latest, and the file in it."""

    asset: Asset
    number: int | None
    path: str | None
    merged: str | None = None

    @property
    def wanted(self) -> int:
        """The number of the version; 0 where the latest is asked for and there is none."""
        return (self.number if self.number is not None else self.asset.latest_number) or 0


@dataclass(frozen=True, kw_only=True)
class _Offered:
    """A version that may be let out, and the file that was asked for."""

    version: AssetVersion
    path: str | None


def _each(values: Mapping[str, A], step: Callable[[A], B], refusals: dict[str, CatalogError]) -> dict[str, B]:
    """Take each value a step further; those that are refused leave the others alone."""
    further: dict[str, B] = {}
    for text, value in values.items():
        try:
            further[text] = step(value)
        except CatalogError as error:
            refusals[text] = error
    return further


def _asked(reference: Reference, assets: Mapping[str, Sequence[Asset]], survivors: Mapping[UUID, Asset]) -> _Asked:
    """Return what is asked for. A number means the version it always meant; only the latest moves on by a merge."""
    asset, number = queries.named_by(reference, assets)
    survivor = survivors.get(asset.id) if number is None else None
    if survivor is None:
        return _Asked(asset=asset, number=number, path=reference.path)
    return _Asked(asset=survivor, number=None, path=reference.path, merged=asset.code)


def _offered(one: _Asked, versions: Mapping[tuple[UUID, int], AssetVersion]) -> _Offered:
    version = versions.get((one.asset.id, one.wanted))
    if version is None:
        raise queries.unknown_version(one.asset, one.number)
    if version.status not in OFFERED:
        raise Conflict(
            f"{version.asset.code}@{version.number} is {version.status}; it is not released", code="not-offered"
        )
    return _Offered(version=version, path=one.path)


def _refuse_too_many(offered: Iterable[_Offered]) -> None:
    if sum(1 if one.path else one.version.file_count for one in offered) > FILES_MAX:
        raise InvalidInput(
            f"these references name more than {FILES_MAX} files; send fewer at once", code="too-many-files"
        )


class _Finder:
    """Finds files and says where they are, for one platform and site."""

    def __init__(self, view: View, offered: Sequence[_Offered], platform: Platform, site: str) -> None:
        self._platform, self._site = platform, site
        self._whole = queries.files_of_versions(view, {one.version.id for one in offered if not one.path})
        self._single = queries.files_at(view, ((one.version, one.path) for one in offered if one.path))
        files = (*self._single.values(), *(file for several in self._whole.values() for file in several))
        self._roots = roots.roots_by_id(view, (file.root_id for file in files if file.root_id))

    def files_of(self, one: _Offered) -> tuple[Found, ...]:
        """Return the files that were asked for; ``Conflict`` where a template is missing."""
        files = [queries.file_at(one.version, one.path, self._single)] if one.path else self._whole[one.version.id]
        return tuple(Found(file=file, location=self._location(file)) for file in files)

    def _location(self, file: File) -> str | None:
        if file.custody != Custody.REFERENCED or not file.root_id:
            return None
        root = self._roots[file.root_id]
        location = roots.spell(root, file.root_path or file.path, platform=self._platform, site=self._site)
        if location is None:
            raise Conflict(
                f"root {root.name!r} has no {self._platform} path at site {self._site[:80]!r}; "
                "an administrator can add a template",
                code="no-template",
            )
        return location
