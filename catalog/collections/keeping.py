"""Acts on collections: begin one, change its words and who sees it, hand it over, remove it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import delete

from catalog.accounts.authentication import actor_named
from catalog.accounts.queries import logins_of
from catalog.collections import queries, sharing
from catalog.collections.events import CollectionChanged, CollectionCreated, CollectionRemoved
from catalog.collections.models import Collection, CollectionShare
from catalog.collections.vocabulary import Access, ShareRole
from catalog.kernel.abilities import Ability
from catalog.kernel.errors import InvalidInput, NotPermitted
from catalog.kernel.ids import new_id
from catalog.kernel.texts import checked_text
from catalog.kernel.unsaid import UNSAID, Unsaid
from catalog.work.revising import refuse_stale, what_changed

if TYPE_CHECKING:
    from uuid import UUID

    from catalog.collections.sharing import Share
    from catalog.work.unit import UnitOfWork


@dataclass(frozen=True, kw_only=True)
class CollectionChange:
    """What is to change. ``owner`` is a login; ``studio`` is what the whole studio may do, None for nothing.

    ``shares`` take the place of all that there are.
    """

    title: str | Unsaid = UNSAID
    description: str | Unsaid = UNSAID
    owner: str | Unsaid = UNSAID
    studio: ShareRole | Unsaid | None = UNSAID
    shares: tuple[Share, ...] | Unsaid = UNSAID

    @property
    def opens(self) -> bool:
        """Whether it says who sees or owns the collection, and not only what it is called."""
        return any(said is not UNSAID for said in (self.owner, self.studio, self.shares))


def create(work: UnitOfWork, title: str, description: str = "") -> Collection:
    """Begin a collection; it is the actor's alone."""
    work.require(Ability.COLLECT)
    if work.actor.is_system:
        raise InvalidInput("a collection is somebody's: begin it as a user", code="no-owner")
    collection = Collection(
        id=new_id(),
        title=_title(title),
        description=checked_text("description", description),
        owner_id=work.actor.person_id,
        studio_role=None,
        revision=1,
        created_at=work.now,
        updated_at=work.now,
    )
    work.session.add(collection)
    work.session.flush()
    work.record(CollectionCreated(collection_id=collection.id, title=collection.title))
    return collection


def change(
    work: UnitOfWork, collection_id: UUID | str, said: CollectionChange, *, if_revision: int | None = None
) -> Collection:
    """Change what is said of a collection, and only that; changing nothing records nothing.

    Whoever edits it may change its words; who sees it, and whose it is, is for its owner. Raises ``Stale`` where it is
    no longer at ``if_revision``.
    """
    work.require(Ability.COLLECT)
    collection = hold(work, collection_id, Access.OWN if said.opens else Access.EDIT)
    refuse_stale(_quoted(collection), collection.revision, if_revision)
    before = _told(work, collection)
    if said.title is not UNSAID:
        collection.title = _title(said.title)
    if said.description is not UNSAID:
        collection.description = checked_text("description", said.description)
    if said.studio is not UNSAID:
        collection.studio_role = said.studio.value if said.studio else None
    if said.shares is not UNSAID:
        sharing.replace_shares(work, collection, said.shares)
    if said.owner is not UNSAID:
        _hand_over(work, collection, said.owner)
    work.session.flush()
    changes = what_changed(before, _told(work, collection))
    if changes:
        touch(work, collection)
        work.record(CollectionChanged(collection_id=collection.id, changes=changes))
    return collection


def remove(work: UnitOfWork, collection_id: UUID | str) -> None:
    """Remove a collection for everybody; its assets are not touched."""
    work.require(Ability.COLLECT)
    collection = hold(work, collection_id, Access.OWN)
    collection.removed_at = work.now
    work.record(CollectionRemoved(collection_id=collection.id, title=collection.title))


def hold(work: UnitOfWork, collection_id: UUID | str, wanted: Access) -> Collection:
    """Hold a collection until the commit, for an actor who may do what is ``wanted`` with it.

    A part of acts. Raises ``NotFound`` where they may not know of it, ``NotPermitted`` where they may only look. Those
    who manage accounts count as owners of what they see, so that the collections of people who left find a new one.
    """
    work.require(Ability.COLLECT)
    collection = queries.get_collection(work.view, collection_id)
    work.hold(collection)
    collection = queries.get_collection(work.view, collection.id)
    access = queries.access_to(work.view, [collection])[collection.id]
    order = tuple(Access)
    steward = wanted is Access.OWN and queries.may_govern(work.view, access)
    if order.index(access) < order.index(wanted) and not steward:
        need = "its owner may do that" if wanted is Access.OWN else "ask its owner to let you edit it"
        raise NotPermitted(
            f"{_quoted(collection)} is shared with {work.actor.on_behalf_of or work.actor.name} to {access}; {need}",
            code="not-yours",
        )
    return collection


def touch(work: UnitOfWork, collection: Collection) -> None:
    """Count a change of a collection that is held. A part of acts."""
    work.require(Ability.COLLECT)
    collection.revision += 1
    collection.updated_at = work.now


def _hand_over(work: UnitOfWork, collection: Collection, login: str) -> None:
    """Make somebody else the owner; who had it until now may go on editing it."""
    named = actor_named(work.session, login)
    if named is None:
        raise InvalidInput(f"owner {login[:80]!r} is no active user here; give a login", code="unknown-user")
    if named.id == collection.owner_id:
        return
    if not named.can(Ability.COLLECT):
        raise InvalidInput(
            f"owner {named.name} may not 'collect', so nobody could change the collection; name somebody who may",
            code="unfit-owner",
        )
    both = (named.id, collection.owner_id)
    theirs = (CollectionShare.collection_id == collection.id) & CollectionShare.user_id.in_(both)
    work.session.execute(delete(CollectionShare).where(theirs))
    work.session.add(
        CollectionShare(
            id=new_id(),
            collection_id=collection.id,
            user_id=collection.owner_id,
            group_id=None,
            role=ShareRole.EDIT.value,
        )
    )
    collection.owner_id = named.id


def _title(title: str) -> str:
    try:
        return checked_text("name", title, required=True)
    except InvalidInput as refusal:
        raise InvalidInput(refusal.message.replace("name", "title", 1), code="bad-title") from refusal


def _quoted(collection: Collection) -> str:
    return f"the collection “{collection.title}”"


def _told(work: UnitOfWork, collection: Collection) -> dict[str, Any]:
    """Return the collection as the ledger tells of it: people and groups as they are named."""
    return {
        "title": collection.title,
        "description": collection.description,
        "owner": logins_of(work.view, [collection.owner_id]).get(collection.owner_id),
        "studio": collection.studio_role,
        "shares": [str(share) for share in sharing.told(work.view, [collection])[collection.id]],
    }
