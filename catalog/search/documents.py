"""Documents from the registry: what of an asset can be searched. Read in batches, each with four queries."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Row, Select, or_, select
from sqlalchemy.orm import InstrumentedAttribute

from catalog.accounts.audiences import term_of
from catalog.accounts.models import User
from catalog.assets.merged import STEPS_MAX
from catalog.assets.models import Asset, AssetVersion, ExternalId, Relation
from catalog.fields.models import CustomField
from catalog.fields.queries import fields_in_use
from catalog.fields.values import Value
from catalog.fields.vocabulary import FieldType
from catalog.kernel.abilities import Ability
from catalog.kernel.batches import in_batches
from catalog.media.models import Summary
from catalog.search.port import Document
from catalog.search.recorded import Custom
from catalog.search.vocabulary import Measure
from catalog.shows.models import Show
from catalog.work.view import View

BATCH = 500
AFTER_MAX = 2_000
"""So many documents at once when all are read, one after the other: they need no list of ids."""

FIELDS_AT_ONCE = 50
_SUMMED = {
    "triangles": Measure.POLYS,
    "texture_px": Measure.TEXTURE,
    "height_um": Measure.HEIGHT,
    "width_um": Measure.WIDTH,
    "depth_um": Measure.DEPTH,
}
"""What measures are called where versions are summed up."""


Within = Callable[[InstrumentedAttribute[Any]], ColumnElement[bool]]
"""Makes the condition that a column names one of the assets that are read."""


def documents_of(view: View, asset_ids: Sequence[UUID]) -> list[Document]:
    """Return the documents of these assets, at most 500; the viewer must see everything (``NotPermitted``)."""
    view.require(Ability.SEE_EVERYTHING)
    asked = asset_ids[:BATCH]
    return _read(
        view, view.session.execute(_assets().where(Asset.id.in_(asked))).all(), lambda column: column.in_(asked)
    )


def documents_after(view: View, after: UUID | None, limit: int = AFTER_MAX) -> list[Document]:
    """Return so many next documents by id; the viewer must see everything (``NotPermitted``)."""
    view.require(Ability.SEE_EVERYTHING)
    query = _assets().order_by(Asset.id).limit(limit)
    rows = view.session.execute(query if after is None else query.where(Asset.id > after)).all()
    return _read(view, rows, lambda column: column.between(rows[0].id, rows[-1].id)) if rows else []


def ids_at_home_in(view: View, show_ids: Sequence[UUID]) -> list[UUID]:
    """Return the assets whose home is one of these shows: what changes when a show changes."""
    view.require(Ability.SEE_EVERYTHING)
    found: list[UUID] = []
    for batch in in_batches(show_ids, BATCH):
        found += view.session.scalars(select(Asset.id).where(Asset.show_id.in_(batch)))
    return found


def ids_carrying(view: View, field_ids: Sequence[UUID]) -> list[UUID]:
    """Return the assets that carry a value of one of these custom fields: what changes when one is retired."""
    view.require(Ability.SEE_EVERYTHING)
    found: set[UUID] = set()
    for batch in in_batches(field_ids, FIELDS_AT_ONCE):
        names = view.session.scalars(select(CustomField.name).where(CustomField.id.in_(batch))).all()
        carrying = [Asset.fields[name].as_string().is_not(None) for name in names]
        found.update(view.session.scalars(select(Asset.id).where(or_(*carrying))) if carrying else ())
    return sorted(found)


def ids_of_survivors(view: View, asset_ids: Iterable[UUID]) -> set[UUID]:
    """Return the assets that these were merged into, one into the next: their documents tell of them, too."""
    view.require(Ability.SEE_EVERYTHING)
    found: set[UUID] = set()
    level = set(asset_ids)
    for _ in range(STEPS_MAX):
        ahead: set[UUID] = set()
        for batch in in_batches(level, BATCH):
            into = select(Asset.merged_into_id).where(Asset.id.in_(batch), Asset.merged_into_id.is_not(None))
            ahead.update(one for one in view.session.scalars(into) if one is not None)
        level = ahead - found
        if not level:
            break
        found |= level
    return found


def ids_used_by(view: View, asset_ids: Iterable[UUID]) -> set[UUID]:
    """Return the assets that these depend on: who uses them, and who may know of it, is told in their documents."""
    view.require(Ability.SEE_EVERYTHING)
    found: set[UUID] = set()
    for batch in in_batches(asset_ids, BATCH):
        found.update(view.session.scalars(select(Relation.target_id).where(Relation.source_id.in_(batch))))
    return found


def _uses(view: View, rows: Sequence[Row[Any]], within: Within) -> Counter[UUID]:
    """Return how many assets depend on each of these; only those that everybody sees who sees this one are counted."""
    seen = {row.id: {row.audience_id, row.show_audience_id} for row in rows}
    pairs = (
        select(Relation.target_id, Asset.id, Asset.audience_id, Show.audience_id.label("show_audience_id"))
        .distinct()
        .join(Asset, Asset.id == Relation.source_id)
        .outerjoin(Show, Show.id == Asset.show_id)
        .where(within(Relation.target_id), Asset.merged_into_id.is_(None))
    )
    return Counter(
        one.target_id
        for one in view.session.execute(pairs)
        if one.target_id in seen and {one.audience_id, one.show_audience_id} <= seen[one.target_id]
    )


def _assets() -> Select[*tuple[Any, ...]]:
    """Return the query over what is searched: of two that were merged, the one that stays."""
    return _columns().where(Asset.merged_into_id.is_(None))


def _columns() -> Select[*tuple[Any, ...]]:
    return (
        select(
            Asset.id,
            Asset.code,
            Asset.name,
            Asset.kind,
            Asset.status,
            Asset.updated_at,
            Asset.created_at,
            AssetVersion.size_bytes,
            Summary.formats,
            Summary.names.label("files"),
            Summary.parts,
            Summary.measures,
            Asset.aliases,
            Asset.description,
            Asset.tags,
            Asset.fields,
            Asset.audience_id,
            Asset.merged_into_id,
            User.login.label("owner"),
            Show.code.label("show_code"),
            Show.audience_id.label("show_audience_id"),
        )
        .outerjoin(Show, Show.id == Asset.show_id)
        .outerjoin(User, User.id == Asset.owner_id)
        .outerjoin(AssetVersion, (AssetVersion.asset_id == Asset.id) & (AssetVersion.number == Asset.latest_number))
        .outerjoin(Summary, Summary.version_id == AssetVersion.id)
    )


def _read(view: View, rows: Sequence[Row[Any]], within: Within) -> list[Document]:
    merged = _merged(view, rows, within)
    external = _external_ids(view, within(ExternalId.asset_id))
    for batch in in_batches([one.id for several in merged.values() for one in several], BATCH):
        external |= _external_ids(view, ExternalId.asset_id.in_(batch))
    fields = fields_in_use(view) if any(row.fields for row in rows) else {}
    uses = _uses(view, rows, within)
    return [_document(row, merged.get(row.id, ()), external, fields, uses[row.id]) for row in rows]


def _external_ids(view: View, wanted: ColumnElement[bool]) -> dict[UUID, list[str]]:
    found: dict[UUID, list[str]] = {}
    pairs = select(ExternalId.asset_id, ExternalId.value).where(wanted)
    for asset_id, value in view.session.execute(pairs.order_by(ExternalId.system, ExternalId.value_key)):
        found.setdefault(asset_id, []).append(value)
    return found


def _merged(view: View, rows: Sequence[Row[Any]], within: Within) -> dict[UUID, list[Row[Any]]]:
    """Return, by the asset that stays, what was merged into it; none that others see than see that one."""
    found: dict[UUID, list[Row[Any]]] = {}
    stays = {row.id: row for row in rows}
    into = within(Asset.merged_into_id)
    for _ in range(STEPS_MAX):
        level = view.session.execute(_columns().where(into).order_by(Asset.id)).all()
        level = [row for row in level if row.merged_into_id in stays]
        if not level:
            break
        into = Asset.merged_into_id.in_([row.id for row in level])
        stays |= {row.id: stays[row.merged_into_id] for row in level}
        for row in level:
            survivor = stays[row.id]
            if (row.audience_id, row.show_audience_id) == (survivor.audience_id, survivor.show_audience_id):
                found.setdefault(survivor.id, []).append(row)
    return found


def _document(
    row: Row[Any],
    merged: Sequence[Row[Any]],
    external: Mapping[UUID, list[str]],
    fields: Mapping[str, CustomField],
    uses: int,
) -> Document:
    shows = (one.show_code for one in (row, *merged) if one.show_code)
    names = [*external.get(row.id, ()), *(name for one in merged for name in (one.code, *external.get(one.id, ())))]
    return Document(
        id=row.id,
        code=row.code,
        name=row.name,
        kind=row.kind,
        status=row.status,
        updated_at=row.updated_at,
        aliases=tuple(alias["text"] for alias in row.aliases),
        description=row.description,
        tags=tuple(row.tags),
        external_ids=tuple(names),
        shows=tuple(dict.fromkeys(shows)),
        uses=uses,
        owner=row.owner,
        created_at=row.created_at,
        custom=_custom(row.fields, fields) if row.fields else (),
        formats=tuple(row.formats or ()),
        files=tuple(row.files or ()),
        parts=tuple(row.parts or ()),
        measures=_measures(row.size_bytes, row.measures or {}),
        asset_audience=term_of(row.audience_id),
        show_audience=term_of(row.show_audience_id),
    )


def _custom(values: Mapping[str, Value], fields: Mapping[str, CustomField]) -> tuple[Custom, ...]:
    return tuple(
        Custom(name=name, type=FieldType(field.type), value=values[name])
        for name, field in fields.items()
        if name in values
    )


def _measures(size_bytes: int | None, summed: Mapping[str, int]) -> dict[Measure, int]:
    """Return what is known of the latest version."""
    measures = {} if size_bytes is None else {Measure.SIZE: size_bytes}
    return measures | {_SUMMED[name]: value for name, value in summed.items() if name in _SUMMED}
