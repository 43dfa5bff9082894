"""Bulk registration: rows of an import, up to 500 at a time, each answered for itself, safe to send again.

A row is an asset, with or without a version whose files are referenced under a root. Rows that are wrong are answered
as such and leave the others alone; rows that were done before get the answer they had. What the actor sends under one
import key is theirs alone.
"""

from __future__ import annotations

from collections import Counter
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import insert, select

from catalog.assets import manifests, registry
from catalog.assets.drafting import file_rows, spots_of, version_row
from catalog.assets.events import VersionPublished
from catalog.assets.models import Asset, AssetVersion, File, ImportRow
from catalog.assets.places import Places
from catalog.assets.vocabulary import Custody, VersionStatus
from catalog.db.base import table_of
from catalog.kernel.abilities import Ability
from catalog.kernel.errors import CatalogError, Conflict, InvalidInput
from catalog.kernel.texts import checked_text
from catalog.ledger.chain import canonical
from catalog.work.idempotency import digest_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from catalog.assets.manifests import FileEntry
    from catalog.assets.registry import Registration
    from catalog.work.unit import UnitOfWork

ROWS_MAX = 500


@dataclass(frozen=True, kw_only=True)
class Row:
    """One row: its number in the manifest, the asset to be, and its first version's files, if any."""

    number: int
    registration: Registration
    files: tuple[FileEntry, ...] = ()
    note: str = ""
    digest: str = ""


@dataclass(frozen=True, kw_only=True)
class RowAnswer:
    """What became of a row: ``registered``, ``unchanged`` (done before), or ``refused`` with code and message."""

    row: int
    outcome: str
    asset: str | None = None
    version: int | None = None
    code: str | None = None
    message: str | None = None

    def as_json(self) -> dict[str, Any]:
        """Return what is kept of the answer."""
        return {key: value for key, value in vars(self).items() if value is not None}


def digest_of_row(row: dict[str, Any]) -> str:
    """Return the digest by which a row is known again."""
    return digest_of(canonical(row))


def enter_rows(work: UnitOfWork, import_key: str, rows: Sequence[Row]) -> list[RowAnswer]:
    """Enter the rows that are right and new; answer each, in order."""
    work.require(Ability.IMPORT)
    if len(rows) > ROWS_MAX:
        raise InvalidInput(
            f"{len(rows)} rows are too many for one request; send at most {ROWS_MAX}", code="too-many-rows"
        )
    if any(row.files for row in rows):
        work.require(Ability.PUBLISH)
    numbers = Counter(row.number for row in rows)
    if len(numbers) < len(rows):
        raise InvalidInput(
            f"row {numbers.most_common(1)[0][0]} is there twice in one request; number each row once", code="row-twice"
        )
    before = _answered_before(work, import_key, rows)
    answers: dict[int, RowAnswer] = {row.number: before[row.number] for row in rows if row.number in before}
    fresh = [row for row in rows if row.number not in answers]
    right: list[_Prepared] = []
    taken, places = _Taken(work, fresh), Places(work)
    for row in fresh:
        try:
            right.append(_prepare(work, row, taken, places))
            taken.add(row)
        except CatalogError as error:
            answers[row.number] = _refused(row, error)
    _enter(work, right, places)
    for one in right:
        version = 1 if one.files else None
        answers[one.row.number] = RowAnswer(
            row=one.row.number, outcome="registered", asset=one.asset["code"], version=version
        )
    _keep(work, import_key, [one.row for one in right], answers)
    return [answers[row.number] for row in rows]


@dataclass(frozen=True, kw_only=True)
class _Prepared:
    """A row that is right, with its asset and files checked."""

    row: Row
    asset: registry.AssetRow
    files: tuple[FileEntry, ...]
    note: str


def _answered_before(work: UnitOfWork, import_key: str, rows: Sequence[Row]) -> dict[int, RowAnswer]:
    query = select(ImportRow).where(
        ImportRow.import_key == import_key,
        ImportRow.actor_id == work.actor.person_id,
        ImportRow.row.in_([row.number for row in rows]),
    )
    digests = {row.number: row.digest for row in rows}
    found: dict[int, RowAnswer] = {}
    for kept in work.session.scalars(query):
        if kept.digest == digests[kept.row]:
            found[kept.row] = RowAnswer(**{**kept.outcome, "outcome": "unchanged"})
        else:
            found[kept.row] = RowAnswer(
                row=kept.row,
                outcome="refused",
                asset=kept.outcome.get("asset"),
                code="row-changed",
                message=f"row {kept.row} was other in this import; change the asset itself, or use another import key",
            )
    return found


class _Taken:
    """Codes and external ids that assets have already, those of the rows before included."""

    def __init__(self, work: UnitOfWork, rows: Sequence[Row]) -> None:
        codes = [row.registration.code.casefold() for row in rows]
        self._codes = set(work.session.scalars(select(Asset.code_key).where(Asset.code_key.in_(codes))))
        self._external = registry.taken_external_keys(work, (key for row in rows for key in _external_keys(row)))

    def refuse(self, row: Row) -> None:
        """Raise ``Conflict`` where the row asks for what another asset has."""
        code = row.registration.code
        if code.casefold() in self._codes:
            raise Conflict(
                f"code {code!r} is taken; choose another, or publish a version of it", code="code-taken", value=code
            )
        for foreign in row.registration.external_ids:
            if registry.external_key(foreign) in self._external:
                raise registry.external_id_taken(foreign)

    def add(self, row: Row) -> None:
        """Count what a row will have as taken."""
        self._codes.add(row.registration.code.casefold())
        self._external.update(_external_keys(row))


def _external_keys(row: Row) -> Iterator[registry.ExternalKey]:
    for foreign in row.registration.external_ids:
        with suppress(InvalidInput):  # answered with the row
            yield registry.external_key(foreign)


def _prepare(work: UnitOfWork, row: Row, taken: _Taken, places: Places) -> _Prepared:
    asset = registry.prepare(work, row.registration, places)
    taken.refuse(row)
    files = tuple(manifests.checked_entries(row.files)) if row.files else ()
    for file in files:
        if file.custody is not Custody.REFERENCED:
            raise InvalidInput(
                f"{file.path!r} names no root; an import references files, publish stores them", code="stored-file"
            )
        places.root(file.root or "")
    return _Prepared(row=row, asset=asset, files=files, note=checked_text("note", row.note))


def _refused(row: Row, error: CatalogError) -> RowAnswer:
    asset = row.registration.code[:64]
    return RowAnswer(row=row.number, outcome="refused", asset=asset, code=error.code, message=error.message)


def _enter(work: UnitOfWork, prepared: Sequence[_Prepared], places: Places) -> None:
    versions: list[dict[str, Any]] = []
    files: list[dict[str, Any]] = []
    at_once = {"status": VersionStatus.PUBLISHED.value, "published_at": work.now}
    for one in prepared:
        if one.files:
            one.asset["latest_number"] = 1
            version = version_row(work, one.asset["id"], one.files, number=1, note=one.note)
            versions.append({**version, **at_once})
            files += file_rows(versions[-1]["id"], one.files, spots_of(one.files, places))
    registry.enter_prepared(work, [(one.asset, one.row.registration) for one in prepared])
    if versions:
        work.session.execute(insert(table_of(AssetVersion)), versions)
        work.session.execute(insert(table_of(File)), files)
        work.record(*(_published(version) for version in versions))


def _published(version: dict[str, Any]) -> VersionPublished:
    return VersionPublished(
        version_id=version["id"],
        asset_id=version["asset_id"],
        number=version["number"],
        manifest_sha256=version["manifest_sha256"],
        note=version["note"],
    )


def _keep(work: UnitOfWork, import_key: str, rows: Sequence[Row], answers: dict[int, RowAnswer]) -> None:
    kept = [
        {
            "import_key": import_key,
            "actor_id": work.actor.person_id,
            "row": row.number,
            "digest": row.digest,
            "outcome": answers[row.number].as_json(),
            "created_at": work.now,
        }
        for row in rows
    ]
    if kept:
        work.session.execute(insert(table_of(ImportRow)), kept)
