"""Making the index anew, and asking whether it agrees with the database."""

from dataclasses import replace
from pathlib import Path

import pytest

from catalog.kernel.errors import Unavailable
from catalog.kernel.ids import new_id
from catalog.search.documents import documents_of
from catalog.search.follower import FOLLOWER, follow
from catalog.search.port import Removal, SearchQuery
from catalog.search.rebuild import keep_up, rebuild, verify
from catalog.search.whoosh_index.index import WhooshIndex
from catalog.work.desk import Desk
from tests.rooms.search.catalogue import Catalogue


@pytest.fixture
def shelf(desk: Desk, tmp_path: Path) -> Catalogue:
    """A catalogue whose index is on disk."""
    return Catalogue(desk, WhooshIndex(tmp_path / "index"))


def codes(catalogue: Catalogue) -> int:
    return catalogue.index.search(SearchQuery(audiences=None)).total


def test_a_rebuilt_index_holds_the_whole_registry_and_stands_at_the_ledgers_end(shelf: Catalogue) -> None:
    shelf.registers_all([shelf.entry(f"prp_box{number}") for number in range(30)])

    rebuilt = rebuild(shelf.desk, shelf.index)

    assert (rebuilt.documents, rebuilt.seq, codes(shelf)) == (30, 30, 30)
    assert follow(shelf.desk, shelf.index) == 0
    assert verify(shelf.desk, shelf.index).agrees


def test_an_empty_registry_gives_an_empty_index(shelf: Catalogue) -> None:
    rebuilt = rebuild(shelf.desk, shelf.index)

    assert (rebuilt.documents, rebuilt.seq, codes(shelf)) == (0, 0, 0)


def test_progress_is_told_and_what_happens_meanwhile_is_caught_up(catalogue: Catalogue) -> None:
    catalogue.registers_all([catalogue.entry(f"prp_box{number}") for number in range(1_200)])
    told: list[int] = []

    def tell(done: int) -> None:
        if not told:
            catalogue.changes("prp_box0", name="Renamed meanwhile")
        told.append(done)

    rebuilt = rebuild(catalogue.desk, catalogue.index, tell)

    assert told == [500, 1_000]
    assert (rebuilt.documents, rebuilt.seq) == (1_200, 1_201)
    assert verify(catalogue.desk, catalogue.index).agrees


def test_verification_names_what_disagrees(shelf: Catalogue) -> None:
    right, lost, changed = (shelf.registers(f"prp_box{number}") for number in range(3))
    shelf.follows()
    with shelf.desk.view(FOLLOWER) as view:
        (document,) = documents_of(view, [changed.id])
    ghost = replace(document, id=new_id())
    seq = shelf.index.seq
    shelf.index.write([Removal(id=lost.id), replace(document, name="Something else"), ghost], seq, seq)

    found = verify(shelf.desk, shelf.index)

    assert not found.agrees
    assert (found.missing, found.stale, found.extra) == ((lost.id,), (changed.id,), (ghost.id,))
    assert (found.missing_count, found.stale_count, found.extra_count) == (1, 1, 1)
    assert (found.documents, found.seq, found.behind) == (2, seq, 0)
    assert right.id not in {*found.missing, *found.stale, *found.extra}


def test_what_the_follower_has_yet_to_reach_is_no_disagreement(shelf: Catalogue) -> None:
    shelf.registers("prp_box", "Box")
    shelf.follows()

    shelf.changes("prp_box", name="Crate")
    shelf.registers("prp_new")
    found = verify(shelf.desk, shelf.index)

    assert (found.agrees, found.behind) == (True, 2)


def test_a_sound_index_is_followed_not_rebuilt(shelf: Catalogue, tmp_path: Path) -> None:
    shelf.registers("prp_box")
    assert shelf.index.seq == 0
    before = (tmp_path / "index" / "CURRENT").read_text()

    steps = [keep_up(shelf.desk, shelf.index) for _ in range(2)]

    assert (steps, codes(shelf)) == ([1, 0], 1)
    assert (tmp_path / "index" / "CURRENT").read_text() == before


def test_a_damaged_index_is_rebuilt(shelf: Catalogue, tmp_path: Path) -> None:
    shelf.registers("prp_box")
    shelf.follows()
    for segment in (tmp_path / "index").glob("v*/*.seg"):
        segment.write_bytes(b"rotten")
    reopened = WhooshIndex(tmp_path / "index")

    assert keep_up(shelf.desk, reopened) == 1
    assert verify(shelf.desk, reopened).agrees


def test_an_index_ahead_of_a_restored_database_is_rebuilt(catalogue: Catalogue) -> None:
    catalogue.registers("prp_box")
    catalogue.index.write([], 0, 500)

    keep_up(catalogue.desk, catalogue.index)

    assert codes(catalogue) == 1
    assert catalogue.index.seq == 1


def test_what_a_rebuild_cannot_cure_is_passed_on(desk: Desk, tmp_path: Path) -> None:
    index = WhooshIndex(tmp_path / "index")
    index.write([], 0, 1)
    current = tmp_path / "index" / "CURRENT"
    (segment,) = (tmp_path / "index" / current.read_text().strip()).glob("*.seg")
    segment.unlink()
    segment.mkdir()  # the operating system refuses to open it as a file

    with pytest.raises(Unavailable, match="cannot be read now"):
        keep_up(desk, WhooshIndex(tmp_path / "index"))
