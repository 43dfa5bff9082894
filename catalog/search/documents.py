"""Documents from the registry: what of an asset can be searched. Read in batches, each with two queries."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

from sqlalchemy import Row, Select, or_, select

from catalog.accounts.audiences import term_of
from catalog.accounts.models import User
from catalog.assets.merged import STEPS_MAX
from catalog.assets.models import Asset, AssetVersion, ExternalId, Relation
from catalog.fields.models import CustomField
from catalog.fields.queries import fields_in_use
from catalog.fields.vocabulary import FieldType
from catalog.kernel.abilities import Ability
from catalog.kernel.batches import in_batches
from catalog.media.models import Summary
from catalog.media.summing import summaries_of
from catalog.search.port import Document
from catalog.search.recorded import Custom
from catalog.search.vocabulary import Measure
from catalog.shows.models import Show
from catalog.work.view import View

BATCH = 500
FIELDS_AT_ONCE = 50
_SUMMED = {
    "triangles": Measure.POLYS,
    "texture_px": Measure.TEXTURE,
    "height_um": Measure.HEIGHT,
    "width_um": Measure.WIDTH,
    "depth_um": Measure.DEPTH,
}
"""What measures are called where versions are summed up."""


def documents_of(view: View, asset_ids: Sequence[UUID]) -> list[Document]:
    """Return the documents of these assets, at most 500; the viewer must see everything (``NotPermitted``)."""
    view.require(Ability.SEE_EVERYTHING)
    return _read(view, _assets().where(Asset.id.in_(asset_ids[:BATCH])))


def documents_after(view: View, after: UUID | None) -> list[Document]:
    """Return the next 500 documents by id; the viewer must see everything (``NotPermitted``)."""
    view.require(Ability.SEE_EVERYTHING)
    query = _assets().order_by(Asset.id).limit(BATCH)
    return _read(view, query if after is None else query.where(Asset.id > after))


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


def _uses(view: View, rows: Sequence[Row[Any]]) -> Counter[UUID]:
    """Return how many assets depend on each of these; only those that everybody sees who sees this one are counted."""
    seen = {row.id: {row.audience_id, row.show_audience_id} for row in rows}
    pairs = (
        select(Relation.target_id, Asset.id, Asset.audience_id, Show.audience_id.label("show_audience_id"))
        .distinct()
        .join(Asset, Asset.id == Relation.source_id)
        .outerjoin(Show, Show.id == Asset.show_id)
        .where(Relation.target_id.in_(seen), Asset.merged_into_id.is_(None))
    )
    return Counter(
        one.target_id
        for one in view.session.execute(pairs)
        if {one.audience_id, one.show_audience_id} <= seen[one.target_id]
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
            AssetVersion.id.label("version_id"),
            AssetVersion.size_bytes,
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
    )


def _read(view: View, query: Select[*tuple[Any, ...]]) -> list[Document]:
    rows = view.session.execute(query).all()
    merged = _merged(view, rows)
    external: dict[UUID, list[str]] = {}
    ids = [row.id for row in (*rows, *(one for several in merged.values() for one in several))]
    pairs = select(ExternalId.asset_id, ExternalId.value).where(ExternalId.asset_id.in_(ids))
    for asset_id, value in view.session.execute(pairs.order_by(ExternalId.system, ExternalId.value_key)):
        external.setdefault(asset_id, []).append(value)
    fields = fields_in_use(view) if any(row.fields for row in rows) else {}
    uses = _uses(view, rows)
    summaries = summaries_of(view, [row.version_id for row in rows if row.version_id])
    return [
        replace(
            _document(row, merged.get(row.id, []), external, fields),
            uses=uses[row.id],
            **_summed(row.size_bytes, summaries.get(row.version_id)),
        )
        for row in rows
    ]


def _merged(view: View, rows: Sequence[Row[Any]]) -> dict[UUID, list[Row[Any]]]:
    """Return, by the asset that stays, what was merged into it; none that others see than see that one."""
    found: dict[UUID, list[Row[Any]]] = {}
    stays, level = {row.id: row for row in rows}, list(rows)
    for _ in range(STEPS_MAX):
        ids = [row.id for row in level]
        level = list(view.session.execute(_columns().where(Asset.merged_into_id.in_(ids)).order_by(Asset.id)))
        if not level:
            break
        stays |= {row.id: stays[row.merged_into_id] for row in level}
        for row in level:
            survivor = stays[row.id]
            if (row.audience_id, row.show_audience_id) == (survivor.audience_id, survivor.show_audience_id):
                found.setdefault(survivor.id, []).append(row)
    return found


def _document(
    row: Row[Any], merged: Sequence[Row[Any]], external: Mapping[UUID, list[str]], fields: Mapping[str, CustomField]
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
        owner=row.owner,
        created_at=row.created_at,
        custom=tuple(
            Custom(name=name, type=FieldType(field.type), value=row.fields[name])
            for name, field in fields.items()
            if name in row.fields
        ),
        asset_audience=term_of(row.audience_id),
        show_audience=term_of(row.show_audience_id),
    )


def _summed(size_bytes: int | None, summary: Summary | None) -> dict[str, Any]:
    """Return what is known of the latest version, as fields of a document."""
    measures = {} if size_bytes is None else {Measure.SIZE: size_bytes}
    if summary is None:
        return {"measures": measures}
    measures |= {_SUMMED[name]: value for name, value in summary.measures.items() if name in _SUMMED}
    return {
        "formats": tuple(summary.formats),
        "files": tuple(summary.names),
        "parts": tuple(summary.parts),
        "measures": measures,
    }
