"""Owners, shows, audiences and roots by name, each looked up once however many rows of a batch speak of it."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from sqlalchemy import select

from catalog.accounts.audiences import audience_of_groups
from catalog.accounts.models import User
from catalog.assets.models import Root
from catalog.assets.roots import get_root
from catalog.kernel.errors import InvalidInput
from catalog.shows.queries import get_show

if TYPE_CHECKING:
    from collections.abc import Sequence

    from catalog.work.unit import UnitOfWork


class Places:
    """What the names in one unit of work stand for."""

    def __init__(self, work: UnitOfWork) -> None:
        self._work = work
        self._ids: dict[tuple[str, object], UUID | None] = {}
        self._roots: dict[str, Root] = {}

    def owner(self, login: str | None) -> UUID | None:
        """Return the user of this login; for None the actor, where a person acts."""
        if login is None:
            return self._person(self._work.actor.on_behalf_of or self._work.actor.name, required=False)
        return self._person(login, required=True)

    def _person(self, login: str, *, required: bool) -> UUID | None:
        key = ("user", login.casefold())
        if key not in self._ids:
            self._ids[key] = self._work.session.scalar(select(User.id).where(User.login_key == login.casefold()))
        if required and self._ids[key] is None:
            raise InvalidInput(f"owner {login!r} is no user here; give a login", code="unknown-user")
        return self._ids[key]

    def show(self, code: str | None) -> UUID | None:
        """Return the show of this code; ``NotFound`` where the actor may not know of it."""
        if code is None:
            return None
        key = ("show", code.casefold())
        if key not in self._ids:
            self._ids[key] = get_show(self._work.view, code).id
        return self._ids[key]

    def audience(self, groups: Sequence[str] | None) -> UUID | None:
        """Return the audience of these groups; None for the whole studio."""
        key = ("audience", None if groups is None else tuple(sorted(groups)))
        if key not in self._ids:
            self._ids[key] = audience_of_groups(self._work, groups)
        return self._ids[key]

    def root(self, name: str) -> Root:
        """Return the root of this name; ``NotFound`` names those that there are."""
        if name not in self._roots:
            self._roots[name] = get_root(self._work.view, name)
        return self._roots[name]
