"""Acts on shows."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from catalog.accounts.audiences import audience_of_groups, group_codes
from catalog.kernel.abilities import Ability
from catalog.kernel.errors import Conflict, InvalidInput
from catalog.kernel.ids import new_id
from catalog.kernel.texts import checked_text
from catalog.kernel.unsaid import UNSAID, Unsaid
from catalog.shows import queries
from catalog.shows.events import ShowChanged, ShowCreated
from catalog.shows.models import Show
from catalog.work.revising import refuse_stale, what_changed

if TYPE_CHECKING:
    from catalog.work.unit import UnitOfWork

_CODE = re.compile(r"[A-Za-z][A-Za-z0-9_-]{0,63}")


@dataclass(frozen=True, kw_only=True)
class NewShow:
    """A show to be; ``audience`` names groups, None is the whole studio.

    ``reviewed``: versions of its assets are published only once somebody who curates has approved them.
    """

    code: str
    name: str
    description: str = ""
    audience: tuple[str, ...] | None = None
    reviewed: bool = False


@dataclass(frozen=True, kw_only=True)
class ShowChange:
    """What is to change; an empty ``name`` is the code, ``audience`` names groups, None is the whole studio.

    ``reviewed``: versions of its assets are published only once somebody who curates has approved them.
    """

    name: str | Unsaid = UNSAID
    description: str | Unsaid = UNSAID
    audience: tuple[str, ...] | Unsaid | None = UNSAID
    reviewed: bool | Unsaid = UNSAID


def create_show(work: UnitOfWork, new: NewShow) -> Show:
    """Enter a show; ``Conflict`` if its code is taken, ignoring case."""
    work.require(Ability.MANAGE_SHOWS)
    if not _CODE.fullmatch(new.code):
        raise InvalidInput(
            f"show code {new.code[:80]!r} is not 1–64 letters, digits, _ or - starting with a letter",
            code="bad-code",
            value=new.code[:80],
        )
    key = new.code.casefold()
    if work.session.scalar(select(Show.id).where(Show.code_key == key)) is not None:
        raise Conflict(f"show code {new.code!r} is taken", code="code-taken", value=new.code)
    show = Show(
        id=new_id(),
        code=new.code,
        code_key=key,
        name=checked_text("name", new.name) or new.code,
        description=checked_text("description", new.description),
        audience_id=audience_of_groups(work, new.audience),
        reviewed=new.reviewed,
        revision=1,
        created_at=work.now,
        updated_at=work.now,
    )
    work.session.add(show)
    work.session.flush()
    created = ShowCreated(
        show_id=show.id, code=show.code, title=show.name, audience=new.audience, reviewed=show.reviewed
    )
    work.record(created)
    return show


def change_show(work: UnitOfWork, code: str, said: ShowChange, *, if_revision: int | None = None) -> Show:
    """Change what is said of a show, who sees it, or whether it is reviewed; ``NotFound`` if it is hidden."""
    work.require(Ability.MANAGE_SHOWS)
    show = queries.get_show(work.view, code)
    work.hold(show)
    refuse_stale(show.code, show.revision, if_revision)
    before = _told(work, show)
    if said.name is not UNSAID:
        show.name = checked_text("name", said.name) or show.code
    if said.description is not UNSAID:
        show.description = checked_text("description", said.description)
    if said.audience is not UNSAID:
        show.audience_id = audience_of_groups(work, said.audience)
    if said.reviewed is not UNSAID:
        show.reviewed = said.reviewed
    changes = what_changed(before, _told(work, show))
    if changes:
        show.revision += 1
        show.updated_at = work.now
        work.record(ShowChanged(show_id=show.id, changes=changes))
    return show


def _told(work: UnitOfWork, show: Show) -> dict[str, Any]:
    """Return the show as the ledger tells of it, its audience by the codes of its groups."""
    codes = group_codes(work.session, [show.audience_id])
    audience = codes.get(show.audience_id) if show.audience_id else None
    return {"name": show.name, "description": show.description, "audience": audience, "reviewed": show.reviewed}
