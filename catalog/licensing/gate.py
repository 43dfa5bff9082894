"""The gate: the only way to an original, whether by download, pull, resolve, copied path or export.

Every admission records who took what, how and for which use, as one ledger entry. It admits what is offered to
whoever may see it and has the ability; clearance of the planned use will decide here, too.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Any
from uuid import UUID

from catalog.assets.vocabulary import OFFERED, Custody
from catalog.kernel.abilities import Ability
from catalog.kernel.errors import Conflict, NotFound
from catalog.kernel.ids import new_id
from catalog.ledger.queries import find_entry_about
from catalog.ledger.writing import actor_as_json
from catalog.licensing.events import FilesReleased
from catalog.shows.queries import get_show
from catalog.storage.keys import blob_key

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from catalog.assets.models import AssetVersion, File
    from catalog.storage.port import Stores, TransferRequest
    from catalog.work.unit import UnitOfWork

DOWNLOAD_S = 60
CONTINUES = timedelta(days=1)
"""So long whoever was let out may go on under the same entry."""


class Purpose(StrEnum):
    """What a use is for (domain.md B.3)."""

    PRODUCTION = "production"
    PREVIS = "previs"
    LOOKDEV_TEST = "lookdev_test"
    REFERENCE = "reference"
    MARKETING = "marketing"
    ADVERTISING = "advertising"
    ARCHIVE = "archive"
    RESEARCH = "research"
    EDUCATION = "education"
    RESALE = "resale"
    DATA_MINING = "data_mining"
    AI_INFERENCE = "ai_inference"
    AI_TRAINING = "ai_training"
    AI_GENERATIVE_TRAINING = "ai_generative_training"


class How(StrEnum):
    """The way out."""

    DOWNLOAD = "download"
    PULL = "pull"
    RESOLVE = "resolve"
    EXPORT = "export"

    def covers(self, asked: How) -> bool:
        """Whether whoever went this way may go on in the ``asked`` one: a pull may download, else only the same."""
        return asked is self or (self is How.PULL and asked is How.DOWNLOAD)


@dataclass(frozen=True, kw_only=True)
class Use:
    """What somebody plans to do with an asset; None is not said."""

    show: str | None = None
    shot: str | None = None
    purpose: Purpose | None = None

    def as_json(self) -> dict[str, str]:
        """Return what was said."""
        said = {"show": self.show, "shot": self.shot, "purpose": self.purpose.value if self.purpose else None}
        return {key: value for key, value in said.items() if value is not None}


@dataclass(frozen=True, kw_only=True)
class Release:
    """A version of which originals are asked for; no ``files`` means all of them."""

    version: AssetVersion
    files: tuple[File, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Admission:
    """Leave to take originals out. Nothing else opens them."""

    id: UUID
    files: frozenset[UUID]
    versions: frozenset[UUID]

    def covers(self, file: File) -> bool:
        """Whether this file was admitted."""
        return file.version_id in self.versions or file.id in self.files


def admit(
    work: UnitOfWork, releases: Sequence[Release], use: Use, how: How, *, continued: UUID | None = None
) -> Admission:
    """Let originals out, or refuse.

    A batch is one entry: what the same actor was let out with for the same use within a day, in a way that covers this
    one, under the admission that is ``continued``, is let out again without another one. Each time all is checked as if
    it were the first.
    Raises ``NotPermitted`` without the ability to take originals out, ``Conflict`` for a version that is not offered
    (withdrawn, or not published yet) or a download of a file that is not stored here, and ``NotFound`` for a file that
    is not of its version, or for a use in a show that the actor may not know of.
    """
    work.require(Ability.RELEASE)
    if use.show is not None:
        use = replace(use, show=get_show(work.view, use.show).code)
    for release in releases:
        _refuse(release, how)
    goes_on = continued is not None and _was_admitted(work, continued, releases, use, how)
    admission = Admission(
        id=continued if continued is not None and goes_on else new_id(),
        files=frozenset(file.id for release in releases for file in release.files),
        versions=frozenset(release.version.id for release in releases if not release.files),
    )
    if goes_on:
        return admission
    work.record(
        FilesReleased(
            admission_id=admission.id,
            asset_ids=tuple(dict.fromkeys(release.version.asset_id for release in releases)),
            version_ids=tuple(dict.fromkeys(release.version.id for release in releases)),
            how=how.value,
            use=use.as_json(),
            files=_granted(releases),
        )
    )
    return admission


def _was_admitted(work: UnitOfWork, admission_id: UUID, releases: Sequence[Release], use: Use, how: How) -> bool:
    """Whether an admission's entry is this actor's, for this use and way, not old, and names all that is asked for."""
    entry = find_entry_about(work.session, admission_id, FilesReleased)
    if entry is None or entry.values is None or entry.at < work.now - CONTINUES:
        return False
    if entry.actor != actor_as_json(work.actor) or entry.values["use"] != use.as_json():
        return False
    if not How(entry.values["how"]).covers(how):
        return False
    granted = {one["version"]: one["paths"] for one in entry.values["files"]}
    return all(_is_granted(release, granted) for release in releases)


def _is_granted(release: Release, granted: Mapping[str, list[str] | None]) -> bool:
    version_id = str(release.version.id)
    if version_id not in granted:
        return False
    paths = granted[version_id]
    return paths is None or (bool(release.files) and {file.path for file in release.files} <= set(paths))


def _granted(releases: Sequence[Release]) -> tuple[dict[str, Any], ...]:
    """Return what is let out of each version, as the entry holds it: paths in the order asked for, or None for all."""
    found: dict[UUID, dict[str, Any]] = {}
    for release in releases:
        version = release.version
        new = {"version": version.id, "asset": version.asset.code, "number": version.number, "paths": []}
        grant = found.setdefault(version.id, new)
        if not release.files:
            grant["paths"] = None
        elif grant["paths"] is not None:
            grant["paths"] = list(dict.fromkeys([*grant["paths"], *(file.path for file in release.files)]))
    return tuple(found.values())


def _refuse(release: Release, how: How) -> None:
    version = release.version
    if version.status not in OFFERED:
        reason = f": {version.standing_reason}" if version.standing_reason else ""
        raise Conflict(
            f"{version.asset.code}@{version.number} is {version.status}{reason}; its files are not released",
            code="not-offered",
        )
    for file in release.files:
        if file.version_id != version.id:
            raise NotFound(f"{version.asset.code}@{version.number} has no file {file.path!r}", code="unknown-file")
        if how is How.DOWNLOAD:
            _refuse_referenced(file)


def download(stores: Stores, admission: Admission, file: File, media_type: str | None = None) -> TransferRequest | None:
    """Return an address that opens an admitted, stored file for at most 60 s; None where the door relays the bytes."""
    _check(admission, file)
    if stores.handover is None:
        return None
    name = file.path.rsplit("/", 1)[-1]
    return stores.handover.download(
        blob_key(file.sha256), file_name=name, media_type=media_type or "application/octet-stream", expires_s=DOWNLOAD_S
    )


def read(
    stores: Stores, admission: Admission, file: File, *, start: int = 0, end: int | None = None
) -> Iterator[bytes]:
    """Return the bytes ``[start, end)`` of an admitted, stored file, for doors that relay.

    The store is asked only when the first byte is: after the unit of work that let it out has committed.
    """
    _check(admission, file)
    return _bytes_of(stores, blob_key(file.sha256), start, end)


def _bytes_of(stores: Stores, key: str, start: int, end: int | None) -> Iterator[bytes]:
    yield from stores.originals.open(key, start=start, end=end)


def _check(admission: Admission, file: File) -> None:
    if not admission.covers(file):
        raise NotFound(f"file {file.path!r} was not asked for at the gate")
    _refuse_referenced(file)


def _refuse_referenced(file: File) -> None:
    if file.custody != Custody.STORED:
        raise Conflict(
            f"{file.path!r} is referenced, not stored here; resolve it to a path instead", code="referenced-file"
        )
