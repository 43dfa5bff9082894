"""Links: addresses that open a collection, to look at, for whoever of the studio has one; each ends on its day.

A link opens the list and nothing beyond it: whoever follows it signs in, and sees those items whose assets they may
know of. Its secret is shown once, when it is made; only its hash is kept.
"""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import ColumnElement, func, select

from catalog.collections import queries
from catalog.collections.events import LinkMade, LinkRevoked
from catalog.collections.keeping import hold
from catalog.collections.models import Collection, CollectionLink
from catalog.collections.vocabulary import LINK_DAYS_MAX, LINKS_MAX, Access
from catalog.kernel.abilities import Ability
from catalog.kernel.errors import InvalidInput, NotFound, NotPermitted
from catalog.kernel.ids import find_id, new_id
from catalog.kernel.texts import checked_text

if TYPE_CHECKING:
    from uuid import UUID

    from catalog.work.unit import UnitOfWork
    from catalog.work.view import View

PREFIX = "rpl_"


@dataclass(frozen=True, kw_only=True)
class MadeLink:
    """A new link with its secret, for the one time that it is shown."""

    link: CollectionLink
    secret: str


def make_link(work: UnitOfWork, collection_id: UUID | str, name: str, days: int) -> MadeLink:
    """Make a link that opens a collection of the actor's for so many days; ``name`` says whom it is for."""
    work.require(Ability.COLLECT)
    if not 1 <= days <= LINK_DAYS_MAX:
        raise InvalidInput(f"days {days} is not between 1 and {LINK_DAYS_MAX}", code="bad-expiry")
    collection = hold(work, collection_id, Access.OWN)
    live = select(func.count()).where(CollectionLink.collection_id == collection.id, _is_live(work.view))
    if (work.session.scalar(live) or 0) >= LINKS_MAX:
        raise InvalidInput(f"{LINKS_MAX} links open it already; revoke one first", code="too-many-links")
    secret = PREFIX + secrets.token_urlsafe(32)
    link = CollectionLink(
        id=new_id(),
        collection_id=collection.id,
        name=checked_text("name", name, required=True),
        secret_hash=_hash_of(secret),
        created_by_id=work.actor.person_id,
        created_at=work.now,
        expires_at=work.now + timedelta(days=days),
        revoked_at=None,
    )
    work.session.add(link)
    work.session.flush()
    work.record(
        LinkMade(
            collection_id=collection.id, link_id=link.id, link_name=link.name, expires_at=link.expires_at.isoformat()
        )
    )
    return MadeLink(link=link, secret=secret)


def revoke_link(work: UnitOfWork, collection_id: UUID | str, link_id: UUID | str) -> None:
    """Let a link of the actor's collection open nothing any more; safe to run twice."""
    work.require(Ability.COLLECT)
    collection = hold(work, collection_id, Access.OWN)
    wanted = find_id(link_id) if isinstance(link_id, str) else link_id
    link = work.session.get(CollectionLink, wanted) if wanted else None
    if link is None or link.collection_id != collection.id:
        raise NotFound(f"there is no link {str(link_id)[:80]!r} to this collection", code="unknown-link")
    if link.revoked_at is None:
        link.revoked_at = work.now
        work.record(LinkRevoked(collection_id=collection.id, link_id=link.id, link_name=link.name))


def links_of(view: View, collection: Collection) -> list[CollectionLink]:
    """Return the links that open a collection now, newest first; for whoever may revoke them."""
    if not queries.may_govern(view, queries.access_to(view, [collection])[collection.id]):
        raise NotPermitted("who else can open a collection is for its owner to know", code="not-yours")
    query = select(CollectionLink).where(CollectionLink.collection_id == collection.id, _is_live(view))
    return list(view.session.scalars(query.order_by(CollectionLink.id.desc()).limit(LINKS_MAX)))


def open_collection(view: View, collection_id: UUID | str, secret: str | None) -> Collection:
    """Return a collection that a link opens, or, where there is none (``secret`` is None), one that is shared.

    Raises ``NotFound``: a link that has ended says so, for whoever has its secret knew of the collection.
    """
    if secret is None:
        return queries.get_collection(view, collection_id)
    wanted = find_id(collection_id) if isinstance(collection_id, str) else collection_id
    found = (
        select(CollectionLink, Collection)
        .join(Collection, Collection.id == CollectionLink.collection_id)
        .where(CollectionLink.secret_hash == _hash_of(secret), Collection.removed_at.is_(None))
    )
    row = view.session.execute(found.where(Collection.id == wanted)).first()
    if row is None:
        return queries.get_collection(view, collection_id)
    link, collection = row
    if link.revoked_at is not None or link.expires_at <= view.now:
        how = "was revoked" if link.revoked_at else f"ended at {link.expires_at:%Y-%m-%d %H:%M} UTC"
        raise NotFound(f"this link {how}; ask whoever gave it to you for another", code="link-ended")
    opened: Collection = collection
    return opened


def _is_live(view: View) -> ColumnElement[bool]:
    return CollectionLink.revoked_at.is_(None) & (CollectionLink.expires_at > view.now)


def _hash_of(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
