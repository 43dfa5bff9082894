"""What can happen to collections.

Assets are the subjects ``collected``, so that an entry is hidden with them, and is no part of their own history.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar
from uuid import UUID

from catalog.ledger.event import Event


@dataclass(frozen=True, kw_only=True)
class CollectionCreated(Event):
    """Somebody began a collection; it is theirs alone."""

    name: ClassVar[str] = "collection.created"
    about: ClassVar[str] = "collection_id"
    collection_id: UUID
    title: str


@dataclass(frozen=True, kw_only=True)
class CollectionChanged(Event):
    """A collection's words, owner or sharing changed; ``changes`` holds [before, after] by field."""

    name: ClassVar[str] = "collection.changed"
    about: ClassVar[str] = "collection_id"
    collection_id: UUID
    changes: dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class CollectionRemoved(Event):
    """A collection is seen by nobody any more."""

    name: ClassVar[str] = "collection.removed"
    about: ClassVar[str] = "collection_id"
    collection_id: UUID
    title: str


@dataclass(frozen=True, kw_only=True)
class ItemsAdded(Event):
    """Assets were added to a collection, all at once; ``items`` names them, in order."""

    name: ClassVar[str] = "collection.items_added"
    about: ClassVar[str] = "collection_id"
    collection_id: UUID
    collected_ids: tuple[UUID, ...]
    items: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class ItemsMoved(Event):
    """Items of a collection changed their places."""

    name: ClassVar[str] = "collection.items_moved"
    about: ClassVar[str] = "collection_id"
    collection_id: UUID
    collected_ids: tuple[UUID, ...]
    items: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class ItemsDropped(Event):
    """Items were taken out of a collection."""

    name: ClassVar[str] = "collection.items_dropped"
    about: ClassVar[str] = "collection_id"
    collection_id: UUID
    collected_ids: tuple[UUID, ...]
    items: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class ItemChanged(Event):
    """An item's note, or the version that it names, changed; ``changes`` holds [before, after] by field."""

    name: ClassVar[str] = "collection.item_changed"
    about: ClassVar[str] = "collection_id"
    collection_id: UUID
    collected_id: UUID
    changes: dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class LinkMade(Event):
    """A link opens a collection from now on; its secret was shown once and is not kept."""

    name: ClassVar[str] = "collection.link_made"
    about: ClassVar[str] = "collection_id"
    collection_id: UUID
    link_id: UUID
    link_name: str
    expires_at: str


@dataclass(frozen=True, kw_only=True)
class LinkRevoked(Event):
    """A link opens nothing any more."""

    name: ClassVar[str] = "collection.link_revoked"
    about: ClassVar[str] = "collection_id"
    collection_id: UUID
    link_id: UUID
    link_name: str


@dataclass(frozen=True, kw_only=True)
class SearchSaved(Event):
    """Somebody keeps a search under a title; it is theirs alone, unless they share it."""

    name: ClassVar[str] = "search.saved"
    about: ClassVar[str] = "search_id"
    search_id: UUID
    title: str
    query: str
    shared: bool


@dataclass(frozen=True, kw_only=True)
class SavedSearchChanged(Event):
    """A saved search's title, query or sharing changed; ``changes`` holds [before, after] by field."""

    name: ClassVar[str] = "search.changed"
    about: ClassVar[str] = "search_id"
    search_id: UUID
    changes: dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class SavedSearchRemoved(Event):
    """A saved search is seen by nobody any more."""

    name: ClassVar[str] = "search.removed"
    about: ClassVar[str] = "search_id"
    search_id: UUID
    title: str
