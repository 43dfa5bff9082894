"""What tests of collections do again and again: begin one, add to it, and see what somebody sees of it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from catalog.collections import collecting, keeping, queries
from catalog.collections.keeping import CollectionChange
from catalog.collections.queries import Collected
from catalog.kernel.actors import Actor
from catalog.kernel.paging import Paging
from tests.crew import Crew


def begins(crew: Crew, title: str = "Night market", *codes: str, by: Actor | None = None) -> UUID:
    """Begin a collection, the artist's unless another's, with these assets; its id."""
    with crew.work(by or crew.artist) as work:
        collection = keeping.create(work, title)
        if codes:
            collecting.add(work, collection.id, codes)
        return collection.id


def adds(crew: Crew, collection_id: UUID, *codes: str, by: Actor | None = None, note: str = "") -> list[UUID]:
    """Add assets; the ids of the items that are new."""
    with crew.work(by or crew.artist) as work:
        return [one.item.id for one in collecting.add(work, collection_id, codes, note).items]


def changes(crew: Crew, collection_id: UUID, *, by: Actor | None = None, **said: Any) -> None:  # noqa: ANN401 — fields
    """Change what is said of a collection."""
    with crew.work(by or crew.artist) as work:
        keeping.change(work, collection_id, CollectionChange(**said))


def items(crew: Crew, collection_id: UUID, viewer: Actor | None = None) -> list[Collected]:
    """Return the items that somebody sees, in order."""
    with crew.view(viewer or crew.artist) as view:
        collection = queries.get_collection(view, collection_id)
        return list(queries.page_items(view, collection, Paging(limit=200)).items)


def names(crew: Crew, collection_id: UUID, viewer: Actor | None = None) -> list[str]:
    """Return what those items name."""
    return [one.named for one in items(crew, collection_id, viewer)]


def ids(crew: Crew, collection_id: UUID) -> dict[str, UUID]:
    """Return the ids of the items by what they name."""
    return {one.named: one.item.id for one in items(crew, collection_id)}
