"""Audiences: who may know that something exists.

A show or an asset has the whole studio as its audience (``audience_id`` NULL) or a set of groups. Sets are interned, so
that "may this viewer see it" is membership of one id in a short list, in the database and in the search index alike.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING
from uuid import UUID

from sqlalchemy import ColumnElement, or_, select, true

from catalog.accounts.models import Audience, AudienceGroup, Group
from catalog.kernel.errors import InvalidInput
from catalog.kernel.ids import new_id

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from sqlalchemy.orm import InstrumentedAttribute, Session

    from catalog.work.unit import UnitOfWork
    from catalog.work.view import View

STUDIO = "studio"
"""The audience term of what the whole studio may see."""


def admits(view: View, audience_id: InstrumentedAttribute[UUID | None]) -> ColumnElement[bool]:
    """Return the condition that the viewer belongs to this audience."""
    if view.viewer.sees_everything:
        return true()
    mine = select(AudienceGroup.audience_id).where(AudienceGroup.group_id.in_(view.viewer.groups))
    return or_(audience_id.is_(None), audience_id.in_(mine))


def terms_for(view: View) -> frozenset[str] | None:
    """Return the audience terms that the viewer may see, or None where audiences do not limit the viewer."""
    if view.viewer.sees_everything:
        return None
    mine = select(AudienceGroup.audience_id).where(AudienceGroup.group_id.in_(view.viewer.groups)).distinct()
    return frozenset({STUDIO, *map(str, view.session.scalars(mine))})


def term_of(audience_id: UUID | None) -> str:
    """Return the audience as one word."""
    return STUDIO if audience_id is None else str(audience_id)


def audience_of_groups(work: UnitOfWork, codes: Sequence[str] | None, field: str = "audience") -> UUID | None:
    """Return the audience of these groups, made if it is new; None (the studio) for None.

    Raises ``InvalidInput`` for an unknown group, and for a set that would lock the actor out: nobody hides from
    themselves what they are about to make. Bookkeeping: an audience without a show or asset means nothing, so it
    leaves no entry.
    """
    if codes is None:
        return None
    groups = _groups(work.session, codes, field)
    if not work.actor.sees_everything and not work.actor.groups & {group.id for group in groups}:
        raise InvalidInput(
            f"{field} {sorted(codes)} does not include a group of {work.actor.name}; name one you belong to",
            code="audience-without-you",
        )
    ids = sorted(group.id for group in groups)
    key = hashlib.sha256("\n".join(map(str, ids)).encode()).hexdigest()
    found = work.session.scalar(select(Audience.id).where(Audience.key == key))
    if found is not None:
        return found
    audience = Audience(id=new_id(), key=key)
    work.session.add(audience)
    work.session.flush()
    work.session.add_all(AudienceGroup(audience_id=audience.id, group_id=group_id) for group_id in ids)
    work.session.flush()
    return audience.id


def group_codes(session: Session, audience_ids: Iterable[UUID | None]) -> dict[UUID, list[str]]:
    """Return the group codes of each audience, sorted."""
    wanted = {audience_id for audience_id in audience_ids if audience_id is not None}
    if not wanted:
        return {}
    rows = session.execute(
        select(AudienceGroup.audience_id, Group.code)
        .join(Group, Group.id == AudienceGroup.group_id)
        .where(AudienceGroup.audience_id.in_(wanted))
        .order_by(Group.code)
    )
    codes: dict[UUID, list[str]] = {}
    for audience_id, code in rows:
        codes.setdefault(audience_id, []).append(code)
    return codes


def _groups(session: Session, codes: Sequence[str], field: str) -> list[Group]:
    if not codes:
        raise InvalidInput(f"{field} is empty: name groups, or null for the whole studio", code="empty-audience")
    wanted = {code.casefold(): code for code in codes}
    groups = list(session.scalars(select(Group).where(Group.code_key.in_(wanted))))
    missing = sorted(set(wanted) - {group.code_key for group in groups})
    if missing:
        raise InvalidInput(
            f"{field} names no group we know: {', '.join(wanted[key] for key in missing)}", code="unknown-group"
        )
    return groups
