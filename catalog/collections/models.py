"""Tables of collections."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, ForeignKey, Index, LargeBinary, String, Text, UniqueConstraint, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from catalog.db.base import Base, UtcDateTime


class Collection(Base):
    """A list of assets with a title. ``studio_role`` is what the whole studio may do with it, NULL for nothing."""

    __tablename__ = "collection"
    __table_args__ = (Index(None, "updated_at", "id"),)

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    title: Mapped[str] = mapped_column(String(200))
    description: Mapped[str] = mapped_column(Text, default="")
    owner_id: Mapped[UUID] = mapped_column(ForeignKey("user_account.id"), index=True)
    studio_role: Mapped[str | None] = mapped_column(String(4))
    revision: Mapped[int] = mapped_column(default=1)
    """Counts changes but for additions at the end, which take nothing away of what was read; the ETag."""
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime)
    removed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """When it was removed: nobody sees it any more, but the ledger goes on speaking of it."""


class CollectionShare(Base):
    """One user, or one group, with whom a collection is shared."""

    __tablename__ = "collection_share"
    __table_args__ = (UniqueConstraint("collection_id", "user_id"), UniqueConstraint("collection_id", "group_id"))

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    collection_id: Mapped[UUID] = mapped_column(ForeignKey("collection.id"))
    user_id: Mapped[UUID | None] = mapped_column(ForeignKey("user_account.id"), index=True)
    group_id: Mapped[UUID | None] = mapped_column(ForeignKey("user_group.id"), index=True)
    role: Mapped[str] = mapped_column(String(4))


class CollectionItem(Base):
    """An asset in a collection, or one of its versions. The same is in it once."""

    __tablename__ = "collection_item"
    __table_args__ = (
        UniqueConstraint("collection_id", "asset_id", "version_number"),
        Index(None, "collection_id", "position"),
        Index(None, "added_by_id", "collection_id", "added_at"),
    )

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    collection_id: Mapped[UUID] = mapped_column(ForeignKey("collection.id"))
    asset_id: Mapped[UUID] = mapped_column(ForeignKey("asset.id"), index=True)
    version_number: Mapped[int] = mapped_column(default=0)
    """A version of the asset; 0 is whichever is the latest."""
    position: Mapped[int] = mapped_column(BigInteger)
    """Its place among the others, with gaps between (``ordering.py``). Whoever writes one holds the collection."""
    note: Mapped[str] = mapped_column(Text, default="")
    revision: Mapped[int] = mapped_column(default=1)
    """Counts changes of the note and of the version; the ETag."""
    added_by_id: Mapped[UUID] = mapped_column(Uuid)
    added_at: Mapped[datetime] = mapped_column(UtcDateTime)


class CollectionLink(Base):
    """An address that opens a collection to whoever of the studio has it, until it ends.

    ``secret_hash`` is SHA-256: the secret has 256 random bits, so nothing slower is needed.
    """

    __tablename__ = "collection_link"

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    collection_id: Mapped[UUID] = mapped_column(ForeignKey("collection.id"), index=True)
    name: Mapped[str] = mapped_column(String(200))
    secret_hash: Mapped[str] = mapped_column(String(64), unique=True)
    created_by_id: Mapped[UUID] = mapped_column(Uuid)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    revoked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class SavedSearch(Base):
    """A search that somebody keeps under a title, and what it found when they last looked.

    ``known`` holds the ids of that, 16 bytes each; NULL where they were too many: then all is known that was registered
    by then. ``looked_seq`` is the ledger's entry up to which the index had followed.
    """

    __tablename__ = "saved_search"

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    title: Mapped[str] = mapped_column(String(200))
    query: Mapped[str] = mapped_column(Text)
    """The query of its address, as ``search.questions`` spells it."""
    owner_id: Mapped[UUID] = mapped_column(ForeignKey("user_account.id"), index=True)
    shared: Mapped[bool] = mapped_column()
    revision: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime)
    removed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    looked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    looked_seq: Mapped[int] = mapped_column(BigInteger)
    known: Mapped[bytes | None] = mapped_column(LargeBinary, deferred=True)


class SavedSearchShare(Base):
    """One user, or one group, to whom a saved search is shown. Nobody but its owner adds one."""

    __tablename__ = "saved_search_share"
    __table_args__ = (UniqueConstraint("search_id", "user_id"), UniqueConstraint("search_id", "group_id"))

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    search_id: Mapped[UUID] = mapped_column(ForeignKey("saved_search.id"))
    user_id: Mapped[UUID | None] = mapped_column(ForeignKey("user_account.id"), index=True)
    group_id: Mapped[UUID | None] = mapped_column(ForeignKey("user_group.id"), index=True)


class SavedSearchNews(Base):
    """An asset that a saved search finds since its owner last looked; ``seq`` is when the index showed it."""

    __tablename__ = "saved_search_news"

    search_id: Mapped[UUID] = mapped_column(ForeignKey("saved_search.id"), primary_key=True)
    asset_id: Mapped[UUID] = mapped_column(ForeignKey("asset.id"), primary_key=True, index=True)
    seq: Mapped[int] = mapped_column(BigInteger)


class SavedSearchWatch(Base):
    """The ledger's entry up to which saved searches were held against what changed; one row, once there was one.

    Where what follows touches very much, it is done in parts: of all entries up to ``through``, those assets are done
    whose ids are not above ``asset_id``. ``calls`` counts the searches that were saved, and what steps told and moved:
    a step that did not know of all is done again.
    """

    __tablename__ = "saved_search_watch"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    seq: Mapped[int] = mapped_column(BigInteger)
    calls: Mapped[int] = mapped_column(BigInteger, default=0)
    through: Mapped[int | None] = mapped_column(BigInteger)
    asset_id: Mapped[UUID | None] = mapped_column(Uuid)
