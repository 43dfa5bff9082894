"""Owners, shows, audiences and roots by name, each looked up once however many rows of a batch speak of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

from sqlalchemy import select

from catalog.accounts.audiences import audience_of_groups
from catalog.accounts.models import User
from catalog.assets.models import Root
from catalog.assets.roots import get_root
from catalog.assets.tagging import spelled, synonyms_of
from catalog.fields.queries import fields_in_use
from catalog.fields.values import checked_values
from catalog.kernel.errors import CatalogError, InvalidInput
from catalog.shows.queries import get_show

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from uuid import UUID

    from catalog.fields.values import Value
    from catalog.work.unit import UnitOfWork

T = TypeVar("T")


class Places:
    """What the names in one unit of work stand for, or why they are refused."""

    def __init__(self, work: UnitOfWork) -> None:
        self._work = work
        self._found: dict[tuple[str, object], object] = {}

    def owner(self, login: str | None) -> UUID | None:
        """Return the user of this login; for None the actor, where a person acts."""
        if login is None:
            actor = self._work.actor
            return None if actor.is_system else actor.person_id
        query = select(User.id).where(User.login_key == login.casefold())
        owner_id = self._once("user", login.casefold(), lambda: self._work.session.scalar(query))
        if owner_id is None:
            raise InvalidInput(f"owner {login!r} is no user here; give a login", code="unknown-user")
        return owner_id

    def show(self, code: str | None) -> UUID | None:
        """Return the show of this code; ``NotFound`` where the actor may not know of it."""
        if code is None:
            return None
        return self._once("show", code, lambda: get_show(self._work.view, code).id)

    def audience(self, groups: Sequence[str] | None) -> UUID | None:
        """Return the audience of these groups; None for the whole studio."""
        if groups is None:
            return None
        return self._once("audience", tuple(groups), lambda: audience_of_groups(self._work, groups))

    def tags(self, tags: Sequence[str]) -> list[str]:
        """Return tags checked, each as it is written now where it was merged into another."""
        return spelled(tags, self._once("synonyms", None, lambda: synonyms_of(self._work.session)))

    def fields(self, given: Mapping[str, Any]) -> dict[str, Value | None]:
        """Return values of custom fields checked, None for those that are to be emptied."""
        return (
            checked_values(self._once("fields", None, lambda: fields_in_use(self._work.view)), given) if given else {}
        )

    def root(self, name: str) -> Root:
        """Return the root of this name; ``NotFound`` names those that there are."""
        return self._once("root", name, lambda: get_root(self._work.view, name))

    def _once(self, what: str, name: object, look_up: Callable[[], T]) -> T:
        """Return what was found for the name, or raise what it was refused with: each is looked up once."""
        if (what, name) not in self._found:
            try:
                self._found[what, name] = look_up()
            except CatalogError as refusal:
                self._found[what, name] = refusal
        found: Any = self._found[what, name]
        if isinstance(found, CatalogError):
            raise found.with_traceback(None)
        answer: T = found
        return answer
