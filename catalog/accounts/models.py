"""Tables of people, groups, tokens and audiences."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import JSON, ForeignKey, String, Uuid
from sqlalchemy.orm import Mapped, mapped_column, relationship

from catalog.db.base import Base, UtcDateTime


class User(Base):
    """A person or a service who signs in. ``login_key`` is the login case-folded, so that Ann and ann are one."""

    __tablename__ = "user_account"

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    login: Mapped[str] = mapped_column(String(80))
    login_key: Mapped[str] = mapped_column(String(80), unique=True)
    display_name: Mapped[str] = mapped_column(String(200))
    password_hash: Mapped[str | None] = mapped_column(String(200))
    roles: Mapped[list[str]] = mapped_column(JSON)
    active: Mapped[bool] = mapped_column(default=True)
    session_epoch: Mapped[int] = mapped_column(default=0)
    """Web sessions carry it; raising it signs the user out everywhere."""
    language: Mapped[str | None] = mapped_column(String(20))
    """What they chose to read pages in; None where they chose nothing."""
    last_seen_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """When a page was opened or a token of theirs used, to within five minutes."""
    revision: Mapped[int] = mapped_column(default=1)
    """Counts changes; the ETag."""
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime)

    memberships: Mapped[list[Membership]] = relationship(lazy="raise", order_by="Membership.group_id")


class Group(Base):
    """A set of users that audiences name."""

    __tablename__ = "user_group"

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    code: Mapped[str] = mapped_column(String(80))
    code_key: Mapped[str] = mapped_column(String(80), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    revision: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)

    memberships: Mapped[list[Membership]] = relationship(lazy="raise", order_by="Membership.user_id")


class Membership(Base):
    """One user in one group."""

    __tablename__ = "membership"

    user_id: Mapped[UUID] = mapped_column(ForeignKey("user_account.id"), primary_key=True)
    group_id: Mapped[UUID] = mapped_column(ForeignKey("user_group.id"), primary_key=True, index=True)

    user: Mapped[User] = relationship(lazy="raise", overlaps="memberships")
    group: Mapped[Group] = relationship(lazy="raise", overlaps="memberships")


class Token(Base):
    """A bearer token's record.

    ``secret_hash`` is SHA-256: the secret has 256 random bits, so nothing slower is needed.
    """

    __tablename__ = "token"

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    user_id: Mapped[UUID] = mapped_column(ForeignKey("user_account.id"), index=True)
    name: Mapped[str] = mapped_column(String(200))
    secret_hash: Mapped[str] = mapped_column(String(64), unique=True)
    scopes: Mapped[list[str]] = mapped_column(JSON)
    """Abilities the token carries; those its user lacks have no effect."""
    networks: Mapped[list[str]] = mapped_column(JSON)
    """Where it may be used from; none: anywhere."""
    service: Mapped[bool] = mapped_column(default=False)
    expires_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    revoked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    last_used_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """To within five minutes, as is the address that it was used from."""
    last_used_from: Mapped[str | None] = mapped_column(String(64))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)

    user: Mapped[User] = relationship(lazy="raise")


class Audience(Base):
    """A set of groups, kept once however many shows and assets have it; no audience at all is the whole studio."""

    __tablename__ = "audience"

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    key: Mapped[str] = mapped_column(String(64), unique=True)
    """SHA-256 over the sorted group ids."""


class AudienceGroup(Base):
    """One group of an audience."""

    __tablename__ = "audience_group"

    audience_id: Mapped[UUID] = mapped_column(ForeignKey("audience.id"), primary_key=True)
    group_id: Mapped[UUID] = mapped_column(ForeignKey("user_group.id"), primary_key=True, index=True)
