"""An index of many documents is built by several processes, and is what one process would have made."""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import pytest

from catalog.kernel.errors import Unavailable
from catalog.search.port import Change, Document, Removal, SearchQuery
from catalog.search.query import parse
from catalog.search.whoosh_index.building import build
from catalog.search.whoosh_index.index import WhooshIndex


def asset(number: int, name: str = "Wolf") -> Document:
    return Document(
        id=UUID(int=number),
        code=f"chr_{number}",
        name=name,
        kind="creature",
        status="active",
        updated_at=datetime(2026, 1, 1, tzinfo=UTC),
        asset_audience="studio",
        show_audience="studio",
    )


def test_full_batches_become_segments_and_the_rest_is_left(tmp_path: Path) -> None:
    segments, left = build(tmp_path, (asset(number) for number in range(1, 24)), 5, most=5)

    assert sorted(each.count for each in segments) == [5, 5, 5, 5]
    assert [change.id.int for change in left] == [21, 22, 23]
    assert len(list(tmp_path.glob("*.seg"))) == 4


def test_segments_are_merged_as_soon_as_they_make_a_large_one(tmp_path: Path) -> None:
    segments, left = build(tmp_path, (asset(number) for number in range(1, 54)), 5, most=20)

    assert sorted(each.count for each in segments) == [10, 20, 20]
    assert [change.id.int for change in left] == [51, 52, 53]
    assert {path.name for path in tmp_path.iterdir()} == {
        each.make_filename(ending) for each in segments for ending in (".seg", ".seg.crc")
    }


def test_what_is_out_of_order_or_takes_something_out_is_left(tmp_path: Path) -> None:
    changes: list[Change] = [*(asset(number) for number in range(1, 11)), asset(3, "Fox"), Removal(id=UUID(int=4))]

    segments, left = build(tmp_path, [*changes, *(asset(number) for number in range(11, 19))], 5, most=5)

    assert [each.count for each in segments] == [5, 5]
    assert [change.id.int for change in left] == [3, 4, *range(11, 19)]


def test_a_rebuilt_index_is_the_same_however_many_made_it(tmp_path: Path) -> None:
    many, one = WhooshIndex(tmp_path / "many", beside=7), WhooshIndex(tmp_path / "one")
    changes: list[Change] = [
        *(asset(number, f"Wolf {number % 9}") for number in range(1, 60)),
        asset(7, "Fox"),
        Removal(id=UUID(int=9)),
    ]

    for index in (many, one):
        with index.rebuilding() as fresh:
            fresh.write(changes, 0, 5)

    question = SearchQuery(audiences=None, text=parse("wolf 3 "), limit=20)
    assert many.search(question) == one.search(question)
    assert list(many.digests()) == list(one.digests())
    assert (many.seq, many.search(SearchQuery(audiences=None)).total) == (5, 58)


def test_a_document_that_cannot_be_written_stops_the_build(tmp_path: Path) -> None:
    broken = replace(asset(3), updated_at=None)  # type: ignore[arg-type] # what no database holds

    with pytest.raises(TypeError):
        build(tmp_path, [asset(1), asset(2), broken, *(asset(number) for number in range(4, 60))], 5)


def test_an_error_while_documents_are_read_ends_all_processes(tmp_path: Path) -> None:
    def reading() -> Iterator[Document]:
        yield from (asset(number) for number in range(1, 20))
        message = "the database is gone"
        raise ConnectionError(message)

    with pytest.raises(ConnectionError, match="the database is gone"):
        build(tmp_path, reading(), 5)


def test_a_folder_that_is_gone_is_told(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        build(tmp_path / "gone", (asset(number) for number in range(1, 24)), 5)


class Deadly(str):
    """A name that ends whoever reads it."""

    __slots__ = ()

    def __reduce__(self) -> tuple[Callable[[int], object], tuple[int]]:
        return signal.raise_signal, (signal.SIGKILL,)


def test_a_process_that_dies_is_told(tmp_path: Path) -> None:
    changes = [asset(number, Deadly("Wolf") if number == 7 else "Wolf") for number in range(1, 24)]

    with pytest.raises(Unavailable, match="died"):
        build(tmp_path, changes, 5)
