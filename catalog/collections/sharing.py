"""With whom a collection is shared: users and groups by name, each to view or to edit."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from sqlalchemy import delete, select

from catalog.accounts.models import Group, User
from catalog.collections import queries
from catalog.collections.models import CollectionShare
from catalog.collections.vocabulary import SHARES_MAX, ShareRole
from catalog.kernel.abilities import Ability
from catalog.kernel.errors import InvalidInput
from catalog.kernel.ids import new_id

if TYPE_CHECKING:
    from collections.abc import Sequence
    from uuid import UUID

    from catalog.collections.models import Collection
    from catalog.work.unit import UnitOfWork
    from catalog.work.view import View


class With(StrEnum):
    """Whom a share names."""

    USER = "user"
    GROUP = "group"


@dataclass(frozen=True, kw_only=True)
class Share:
    """Somebody with whom a collection is shared: a login, or the code of a group."""

    kind: With
    name: str
    role: ShareRole

    def __str__(self) -> str:
        """Return it as the ledger tells of it: ``group:dawn-crew:edit``."""
        return f"{self.kind}:{self.name}:{self.role}"


def replace_shares(work: UnitOfWork, collection: Collection, shares: Sequence[Share]) -> None:
    """Share a collection that is held with these, and with nobody else. A part of acts.

    Raises ``InvalidInput`` for a name of nobody, the owner's, or one that is there twice. Who was disabled may stay, so
    that what was told can be said again with one name more, but is not new among them.
    """
    work.require(Ability.COLLECT)
    if len(shares) > SHARES_MAX:
        raise InvalidInput(
            f"{len(shares)} shares are more than {SHARES_MAX}; make a group of them", code="too-many-shares"
        )
    users = _ids(work, collection, With.USER, shares)
    groups = _ids(work, collection, With.GROUP, shares)
    if collection.owner_id in users.values():
        raise InvalidInput("the collection is its owner's already; leave them out of its shares", code="bad-share")
    work.session.execute(delete(CollectionShare).where(CollectionShare.collection_id == collection.id))
    work.session.add_all(
        CollectionShare(
            id=new_id(),
            collection_id=collection.id,
            user_id=users[share.name.casefold()] if share.kind is With.USER else None,
            group_id=groups[share.name.casefold()] if share.kind is With.GROUP else None,
            role=share.role.value,
        )
        for share in shares
    )


def told(view: View, collections: Sequence[Collection]) -> dict[UUID, list[Share]]:
    """Return with whom each of these collections is shared, by name: users first. For their owners."""
    rows = queries.shares_of(view, collections)
    every = [row for several in rows.values() for row in several]
    users = select(User.id, User.login).where(User.id.in_({row.user_id for row in every if row.user_id}))
    groups = select(Group.id, Group.code).where(Group.id.in_({row.group_id for row in every if row.group_id}))
    names = {found: name for query in (users, groups) for found, name in view.session.execute(query)}

    def share(row: CollectionShare) -> Share:
        kind = With.USER if row.user_id else With.GROUP
        name = next(names[named] for named in (row.user_id, row.group_id) if named)
        return Share(kind=kind, name=name, role=ShareRole(row.role))

    return {
        collection_id: sorted(map(share, several), key=lambda one: (one.kind is With.GROUP, one.name.casefold()))
        for collection_id, several in rows.items()
    }


def _ids(work: UnitOfWork, collection: Collection, kind: With, shares: Sequence[Share]) -> dict[str, UUID]:
    """Return the ids of all users, or all groups, that are named, by their name case-folded."""
    names = [share.name for share in shares if share.kind is kind]
    keys = [name.casefold() for name in names]
    there = select(CollectionShare.user_id).where(CollectionShare.collection_id == collection.id)
    query = (
        select(User.login_key, User.id).where(User.login_key.in_(keys), User.active | User.id.in_(there))
        if kind is With.USER
        else select(Group.code_key, Group.id).where(Group.code_key.in_(keys))
    )
    found = dict(work.session.execute(query).all())
    unknown = sorted(name for name in names if name.casefold() not in found)
    if unknown:
        raise InvalidInput(
            f"shares name no {kind} we know: {', '.join(name[:80] for name in unknown)}", code=f"unknown-{kind}"
        )
    if len(set(keys)) < len(keys):
        raise InvalidInput(f"shares name the same {kind} twice; say once what they may", code="bad-share")
    return found
