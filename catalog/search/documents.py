"""Documents from the registry: what of an asset can be searched. Read in batches, each with two queries."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Row, Select, select

from catalog.accounts.audiences import term_of
from catalog.assets.models import Asset, ExternalId
from catalog.kernel.abilities import Ability
from catalog.kernel.batches import in_batches
from catalog.search.port import Document
from catalog.shows.models import Show
from catalog.work.view import View

BATCH = 500


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


def _assets() -> Select[*tuple[Any, ...]]:
    return select(
        Asset.id,
        Asset.code,
        Asset.name,
        Asset.kind,
        Asset.status,
        Asset.updated_at,
        Asset.aliases,
        Asset.description,
        Asset.tags,
        Asset.audience_id,
        Show.code.label("show_code"),
        Show.audience_id.label("show_audience_id"),
    ).outerjoin(Show, Show.id == Asset.show_id)


def _read(view: View, query: Select[*tuple[Any, ...]]) -> list[Document]:
    rows = view.session.execute(query).all()
    external: dict[UUID, list[str]] = {}
    pairs = select(ExternalId.asset_id, ExternalId.value).where(ExternalId.asset_id.in_([row.id for row in rows]))
    for asset_id, value in view.session.execute(pairs.order_by(ExternalId.system, ExternalId.value_key)):
        external.setdefault(asset_id, []).append(value)
    return [_document(row, external.get(row.id, [])) for row in rows]


def _document(row: Row[Any], external_ids: list[str]) -> Document:
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
        external_ids=tuple(external_ids),
        shows=(row.show_code,) if row.show_code else (),
        asset_audience=term_of(row.audience_id),
        show_audience=term_of(row.show_audience_id),
    )
