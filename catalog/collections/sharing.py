"""With whom collections and saved searches are shared: users and groups by name; collections to view or to edit."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from sqlalchemy import Select, delete, select

from catalog.accounts.models import Group, User
from catalog.collections import queries
from catalog.collections.models import CollectionShare, SavedSearchShare
from catalog.collections.vocabulary import SHARES_MAX, ShareRole
from catalog.kernel.abilities import Ability
from catalog.kernel.errors import InvalidInput
from catalog.kernel.ids import new_id

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from uuid import UUID

    from catalog.collections.models import Collection, SavedSearch
    from catalog.work.unit import UnitOfWork
    from catalog.work.view import View


class With(StrEnum):
    """Whom a share names."""

    USER = "user"
    GROUP = "group"


@dataclass(frozen=True, kw_only=True)
class Share:
    """Somebody with whom something is shared: a login, or the code of a group."""

    kind: With
    name: str
    role: ShareRole = ShareRole.VIEW

    def __str__(self) -> str:
        """Return it as the ledger tells of it: ``group:dawn-crew:edit``."""
        return f"{self.kind}:{self.name}:{self.role}"


def replace_shares(work: UnitOfWork, collection: Collection, shares: Sequence[Share]) -> None:
    """Share a collection that is held with these, and with nobody else. A part of acts.

    Raises ``InvalidInput`` for a name of nobody, the owner's, or one that is there twice. Who was disabled may stay, so
    that what was told can be said again with one name more, but is not new among them.
    """
    work.require(Ability.COLLECT)
    there = CollectionShare.collection_id == collection.id
    named = _named(work, collection.owner_id, shares, select(CollectionShare.user_id).where(there))
    work.session.execute(delete(CollectionShare).where(there))
    work.session.add_all(
        CollectionShare(id=new_id(), collection_id=collection.id, role=share.role.value, **ids)
        for share, ids in zip(shares, named, strict=True)
    )


def replace_shares_of_search(work: UnitOfWork, search: SavedSearch, shares: Sequence[Share]) -> None:
    """Show a saved search that is held to these by name, and to nobody else so. A part of acts.

    Raises what ``replace_shares`` does, and for a share to edit.
    """
    work.require(Ability.COLLECT)
    if any(share.role is not ShareRole.VIEW for share in shares):
        raise InvalidInput("a saved search is shared to view alone; others keep one of their own", code="bad-share")
    there = SavedSearchShare.search_id == search.id
    named = _named(work, search.owner_id, shares, select(SavedSearchShare.user_id).where(there))
    work.session.execute(delete(SavedSearchShare).where(there))
    work.session.add_all(SavedSearchShare(id=new_id(), search_id=search.id, **ids) for ids in named)


def told(view: View, collections: Sequence[Collection]) -> dict[UUID, list[Share]]:
    """Return with whom each of these collections is shared, by name: users first. For their owners."""
    return _told(view, queries.shares_of(view, collections))


def told_of_searches(view: View, searches: Sequence[SavedSearch]) -> dict[UUID, list[Share]]:
    """Return to whom each of these saved searches is shown, as ``told`` does."""
    found: dict[UUID, list[SavedSearchShare]] = {one.id: [] for one in searches}
    for row in view.session.scalars(select(SavedSearchShare).where(SavedSearchShare.search_id.in_(found))):
        found[row.search_id].append(row)
    return _told(view, found)


def _told(view: View, rows: Mapping[UUID, Sequence[CollectionShare | SavedSearchShare]]) -> dict[UUID, list[Share]]:
    every = [row for several in rows.values() for row in several]
    users = select(User.id, User.login).where(User.id.in_({row.user_id for row in every if row.user_id}))
    groups = select(Group.id, Group.code).where(Group.id.in_({row.group_id for row in every if row.group_id}))
    names = {found: name for query in (users, groups) for found, name in view.session.execute(query)}

    def share(row: CollectionShare | SavedSearchShare) -> Share:
        kind = With.USER if row.user_id else With.GROUP
        name = next(names[named] for named in (row.user_id, row.group_id) if named)
        role = ShareRole(row.role) if isinstance(row, CollectionShare) else ShareRole.VIEW
        return Share(kind=kind, name=name, role=role)

    return {
        shared_id: sorted(map(share, several), key=lambda one: (one.kind is With.GROUP, one.name.casefold()))
        for shared_id, several in rows.items()
    }


def _named(
    work: UnitOfWork, owner_id: UUID, shares: Sequence[Share], there: Select[UUID | None]
) -> list[dict[str, UUID | None]]:
    """Return whom each share names, as its row says it; ``there`` are the users with whom it is shared until now."""
    if len(shares) > SHARES_MAX:
        raise InvalidInput(
            f"{len(shares)} shares are more than {SHARES_MAX}; make a group of them", code="too-many-shares"
        )
    ids = {kind: _ids(work, kind, shares, there) for kind in With}
    if owner_id in ids[With.USER].values():
        raise InvalidInput("it is its owner's already; leave them out of its shares", code="bad-share")
    return [
        {f"{kind}_id": ids[kind][share.name.casefold()] if share.kind is kind else None for kind in With}
        for share in shares
    ]


def _ids(work: UnitOfWork, kind: With, shares: Sequence[Share], there: Select[UUID | None]) -> dict[str, UUID]:
    """Return the ids of all users, or all groups, that are named, by their name case-folded."""
    names = [share.name for share in shares if share.kind is kind]
    keys = [name.casefold() for name in names]
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
