"""What tests of saved searches do again and again: keep one, let time pass, and see what is new in it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from catalog.assets import changing
from catalog.collections import saved, saving
from catalog.collections.saving import SavedSearchChange
from catalog.collections.watching import watch
from catalog.kernel.actors import Actor
from catalog.kernel.paging import Paging
from catalog.search.follower import catch_up
from catalog.search.port import SearchIndex
from tests.crew import Crew


@dataclass(frozen=True, kw_only=True)
class Shelf:
    """A crew with an index, and the searches that its people keep."""

    crew: Crew
    index: SearchIndex

    def stock(self, query: str, by: Actor | None = None) -> saved.Stock:
        with self.crew.view(by or self.crew.artist) as view:
            return saved.take_stock(view, self.index, query)

    def keeps(self, query: str, by: Actor | None = None, **said: Any) -> UUID:  # noqa: ANN401 — fields of a search
        """Keep a search, the artist's unless another's; its id."""
        stock = self.stock(query, by)
        with self.crew.work(by or self.crew.artist) as work:
            return saving.save(work, said.pop("title", "Kept"), stock, **said).id

    def changes(self, search_id: UUID, by: Actor | None = None, **said: Any) -> None:  # noqa: ANN401 — fields of a change
        query = said.pop("query", None)
        told = {**said, "stock": self.stock(query, by)} if query is not None else said
        with self.crew.work(by or self.crew.artist) as work:
            saving.change(work, search_id, SavedSearchChange(**told))

    def looks(self, search_id: UUID, by: Actor | None = None) -> None:
        with self.crew.view(by or self.crew.artist) as view:
            stock = saved.take_stock_of_kept(view, self.index, search_id)
        with self.crew.work(by or self.crew.artist) as work:
            saving.look(work, search_id, stock)

    def edits(self, code: str, **fields: Any) -> None:  # noqa: ANN401 — any field of an asset
        with self.crew.work() as work:
            changing.change(work, code, changing.AssetChange(**fields))

    def passes(self) -> None:
        """Let the index follow, and saved searches be held against what changed."""
        catch_up(self.crew.desk, self.index)
        while watch(self.crew.desk, self.index):
            pass

    def news(self, search_id: UUID, by: Actor | None = None) -> list[str]:
        """Return the codes of what is new, last registered first."""
        with self.crew.view(by or self.crew.artist) as view:
            search = saved.get_search(view, search_id)
            page = saved.page_news(view, search, Paging(limit=200))
            mine = search.owner_id == view.viewer.person_id
            assert saved.count_news(view, [search]) == ({search_id: page.total} if mine else {})
            return [asset.code for asset in page.items]
