"""Assets, shows and groups for the tests of search, made by the same acts as in an installation."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from catalog.accounts.users import NewGroup, create_group
from catalog.accounts.vocabulary import Role, abilities_of
from catalog.assets import registry
from catalog.assets.changing import AssetChange, change
from catalog.assets.models import Asset
from catalog.assets.registry import Alias, ForeignId, Registration
from catalog.assets.vocabulary import Kind
from catalog.kernel.actors import Actor, system_actor
from catalog.kernel.ids import new_id
from catalog.search.follower import catch_up
from catalog.search.port import SearchIndex
from catalog.shows.registry import NewShow, ShowChange, change_show, create_show
from catalog.work.desk import Desk

OPERATOR = system_actor("operator:tests")
ANYBODY = Actor(id=new_id(), name="vic", abilities=abilities_of([Role.VIEWER]))


class Catalogue:
    """A desk and an index, with short names for what happens in a studio."""

    def __init__(self, desk: Desk, index: SearchIndex) -> None:
        self.desk = desk
        self.index = index

    def registers(self, code: str, name: str = "", **given: Any) -> Asset:  # noqa: ANN401 — any field of a registration
        (asset_id,) = self.registers_all([self.entry(code, name, **given)])
        with self.desk.view(OPERATOR) as view:
            return view.session.get_one(Asset, asset_id)

    @staticmethod
    def entry(
        code: str,
        name: str = "",
        *,
        kind: Kind = Kind.PROP,
        aliases: Sequence[str] = (),
        ids: Sequence[tuple[str, str]] = (),
        tags: Sequence[str] = (),
        **given: Any,  # noqa: ANN401 — any other field of a registration
    ) -> Registration:
        return Registration(
            code=code,
            name=name or code,
            kind=kind,
            aliases=tuple(Alias(text=text) for text in aliases),
            external_ids=tuple(ForeignId(system=system, value=value) for system, value in ids),
            tags=tuple(tags),
            **given,
        )

    def registers_all(self, entries: Sequence[Registration]) -> list[UUID]:
        with self.desk.work(OPERATOR) as work:
            return [row["id"] for row in registry.register_all(work, entries)]

    def changes(self, code: str, **changes: Any) -> None:  # noqa: ANN401 — any field of an asset
        with self.desk.work(OPERATOR) as work:
            change(work, code, AssetChange(**changes))

    def retires(self, code: str) -> None:
        with self.desk.work(OPERATOR) as work:
            registry.retire(work, code, "worn out")

    def opens_show(self, code: str, name: str = "", audience: tuple[str, ...] | None = None) -> None:
        with self.desk.work(OPERATOR) as work:
            create_show(work, NewShow(code=code, name=name or code.title(), audience=audience))

    def changes_show(self, code: str, **fields: Any) -> None:  # noqa: ANN401 — any field of a show
        with self.desk.work(OPERATOR) as work:
            change_show(work, code, ShowChange(**fields))

    def founds(self, code: str) -> UUID:
        """Make a group; its id."""
        with self.desk.work(OPERATOR) as work:
            return create_group(work, NewGroup(code=code, name=code.title())).id

    @staticmethod
    def member(*groups: UUID) -> Actor:
        """Somebody who belongs to these groups."""
        return Actor(id=new_id(), name="mia", abilities=abilities_of([Role.ARTIST]), groups=frozenset(groups))

    def follows(self) -> int:
        return catch_up(self.desk, self.index)
