"""How the index keeps up with the ledger."""

from collections.abc import Iterable
from dataclasses import replace

import pytest

from catalog.assets.events import AssetRetired
from catalog.assets.models import Asset
from catalog.kernel.errors import Unavailable
from catalog.kernel.ids import new_id
from catalog.ledger.queries import head_of
from catalog.licensing.events import FilesReleased
from catalog.search.follower import FOLLOWER, catch_up, follow, touched_assets
from catalog.search.memory import MemoryIndex
from catalog.search.port import Change, Document, SearchQuery
from catalog.search.query import parse
from catalog.search.vocabulary import Facet
from catalog.work.desk import Desk
from tests.rooms.search.catalogue import OPERATOR, Catalogue


def head(desk: Desk) -> int:
    with desk.view(FOLLOWER) as view:
        return head_of(view.session)[0]


def document_of(asset: Asset) -> Document:
    return Document(
        id=asset.id,
        code=asset.code,
        name=asset.name,
        kind=asset.kind,
        status=asset.status,
        updated_at=asset.updated_at,
        asset_audience="studio",
        show_audience="studio",
    )


def total(catalogue: Catalogue, text: str = "", audiences: frozenset[str] | None = None) -> int:
    return catalogue.index.search(SearchQuery(audiences=audiences, text=parse(text))).total


def test_a_registered_asset_is_found_after_one_step(catalogue: Catalogue) -> None:
    catalogue.registers("chr_ann", "Ann")

    followed = follow(catalogue.desk, catalogue.index)

    assert (followed, catalogue.index.seq, total(catalogue, "ann")) == (1, head(catalogue.desk), 1)


def test_at_the_end_of_the_ledger_there_is_nothing_to_follow(catalogue: Catalogue) -> None:
    catalogue.registers("chr_ann")
    follow(catalogue.desk, catalogue.index)

    assert follow(catalogue.desk, catalogue.index) == 0


def test_changes_reach_the_index(catalogue: Catalogue) -> None:
    catalogue.registers("chr_ann", "Ann", tags=["hero"])
    catalogue.follows()

    catalogue.changes("chr_ann", name="Bea", tags=("villain",))
    catalogue.retires("chr_ann")
    catalogue.follows()

    answer = catalogue.index.search(SearchQuery(audiences=None, text=parse("bea"), facets=list(Facet)))
    assert total(catalogue, "ann ") == 1  # the code keeps the old name
    assert [count.value for count in answer.facets[Facet.TAG]] == ["villain"]
    assert [count.value for count in answer.facets[Facet.STATUS]] == ["retired"]


def test_a_show_that_becomes_private_takes_its_assets_along(catalogue: Catalogue) -> None:
    catalogue.founds("family")
    catalogue.opens_show("orion")
    catalogue.registers("chr_ann", "Ann", show="orion")
    catalogue.registers("prp_box", "Box")
    catalogue.follows()
    assert total(catalogue, audiences=frozenset({"studio"})) == 2

    catalogue.changes_show("orion", audience=["family"])
    catalogue.follows()

    assert total(catalogue, audiences=frozenset({"studio"})) == 1
    assert total(catalogue) == 2


def test_entries_about_other_things_only_move_the_seq(catalogue: Catalogue) -> None:
    catalogue.founds("family")

    assert catalogue.follows() > 0
    assert (catalogue.index.seq, total(catalogue)) == (head(catalogue.desk), 0)


def test_originals_that_are_let_out_only_move_the_seq(catalogue: Catalogue) -> None:
    ann = catalogue.registers("chr_ann", "Ann")
    catalogue.follows()
    entered = catalogue.index.seq
    with catalogue.desk.work(OPERATOR) as work:
        work.record(
            FilesReleased(admission_id=new_id(), asset_ids=(ann.id,), version_ids=(), how="pull", use={}, files=())
        )

    with catalogue.desk.view(FOLLOWER) as view:
        touched = touched_assets(view, entered, entered + 1)

    assert catalogue.follows() == 1
    assert touched == set()


def test_many_changes_to_one_asset_are_one_document(catalogue: Catalogue) -> None:
    catalogue.registers("chr_ann", "Ann")
    for number in range(5):
        catalogue.changes("chr_ann", name=f"Ann {number}")
    written: list[Change] = []

    class Noting(MemoryIndex):
        def write(self, changes: Iterable[Change], after_seq: int, through_seq: int) -> None:
            written.extend(kept := list(changes))
            super().write(kept, after_seq, through_seq)

    follow(catalogue.desk, Noting())

    assert len(written) == 1


def test_a_document_goes_when_the_asset_that_an_entry_names_is_not_there(catalogue: Catalogue) -> None:
    ghost = replace(document_of(catalogue.registers("chr_ann")), id=new_id())
    catalogue.follows()
    catalogue.index.write([ghost], catalogue.index.seq, catalogue.index.seq)
    assert total(catalogue) == 2

    with catalogue.desk.work(FOLLOWER) as work:
        work.record(AssetRetired(asset_id=ghost.id, reason="it never was"))
    catalogue.follows()

    assert total(catalogue) == 1


def test_a_follower_that_was_overtaken_goes_on_from_where_the_index_stands(catalogue: Catalogue) -> None:
    class Overtaken(MemoryIndex):
        """While the first write is prepared, another follower goes further."""

        overtaken = False

        def write(self, changes: Iterable[Change], after_seq: int, through_seq: int) -> None:
            if not self.overtaken:
                self.overtaken = True
                catalogue.registers("prp_late")
                catch_up(catalogue.desk, self)
            super().write(changes, after_seq, through_seq)

    catalogue.index = Overtaken()
    catalogue.registers("chr_ann")

    steps = [follow(catalogue.desk, catalogue.index), follow(catalogue.desk, catalogue.index)]

    assert steps == [1, 0]
    assert total(catalogue) == 2


def test_an_index_that_is_ahead_of_the_ledger_says_so(catalogue: Catalogue) -> None:
    catalogue.registers("chr_ann")
    catalogue.index.write([], 0, 1_000)

    with pytest.raises(Unavailable, match="catalog admin reindex") as refusal:
        follow(catalogue.desk, catalogue.index)

    assert refusal.value.code == "index-ahead"


@pytest.mark.slow
def test_a_long_ledger_is_followed_in_several_steps(catalogue: Catalogue) -> None:
    for start in range(0, 12_000, 2_000):
        catalogue.registers_all([catalogue.entry(f"prp_box{start + number}") for number in range(2_000)])

    steps = [follow(catalogue.desk, catalogue.index) for _ in range(3)]

    assert steps == [10_000, 2_000, 0]
    assert total(catalogue) == 12_000
