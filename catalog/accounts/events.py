"""What can happen to accounts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar
from uuid import UUID

from catalog.ledger.event import Event


@dataclass(frozen=True, kw_only=True)
class UserCreated(Event):
    """A user can sign in from now on."""

    name: ClassVar[str] = "user.created"
    about: ClassVar[str] = "user_id"
    user_id: UUID
    login: str
    display_name: str
    roles: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class UserChanged(Event):
    """A user's name, roles, password or standing changed; a password is only said to have changed."""

    name: ClassVar[str] = "user.changed"
    about: ClassVar[str] = "user_id"
    user_id: UUID
    changes: dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class GroupCreated(Event):
    """A group can be an audience from now on."""

    name: ClassVar[str] = "group.created"
    about: ClassVar[str] = "group_id"
    group_id: UUID
    code: str
    members: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class GroupChanged(Event):
    """A group's name or members changed, and with them who sees what."""

    name: ClassVar[str] = "group.changed"
    about: ClassVar[str] = "group_id"
    group_id: UUID
    changes: dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class TokenIssued(Event):
    """A token was made; its secret was shown once and is not kept."""

    name: ClassVar[str] = "token.issued"
    about: ClassVar[str] = "token_id"
    token_id: UUID
    user_id: UUID
    token_name: str
    scopes: tuple[str, ...]
    networks: tuple[str, ...]
    service: bool
    expires_at: str | None


@dataclass(frozen=True, kw_only=True)
class TokenRevoked(Event):
    """A token opens nothing any more."""

    name: ClassVar[str] = "token.revoked"
    about: ClassVar[str] = "token_id"
    token_id: UUID
    user_id: UUID
    token_name: str
