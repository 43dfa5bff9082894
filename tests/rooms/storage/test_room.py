"""Whether there is room for what is announced."""

import os
from dataclasses import replace
from pathlib import Path

import pytest

from catalog.kernel.errors import Unavailable
from catalog.storage.memory import memory_stores
from catalog.storage.room import check_room, in_words, room_on_disk_of


def test_an_upload_that_the_store_has_no_room_for_is_refused_with_the_amounts_and_the_remedy() -> None:
    stores = replace(memory_stores(), room=lambda: 7 * 10**9)

    with pytest.raises(Unavailable) as refused:
        check_room(stores, 4 * 10**9)

    assert refused.value.code == "store-full"
    assert refused.value.message == (
        "the upload of 4 GB needs 8 GB of the store for a while, and it has room for 7 GB; "
        "have room made on its disk, then publish again"
    )


def test_an_upload_that_fits_twice_is_taken() -> None:
    check_room(replace(memory_stores(), room=lambda: 8 * 10**9), 4 * 10**9)


def test_where_nobody_knows_how_much_room_there_is_nothing_is_refused() -> None:
    check_room(memory_stores(), 2**60)


def test_a_full_store_takes_a_version_whose_bytes_are_all_there() -> None:
    check_room(replace(memory_stores(), room=lambda: 0), 0)


def test_of_a_disk_a_part_is_left_alone(tmp_path: Path) -> None:
    free = os.statvfs(tmp_path).f_bavail * os.statvfs(tmp_path).f_frsize

    room = room_on_disk_of(tmp_path)()

    assert room is not None
    assert room < free


def test_of_a_folder_that_is_not_there_nobody_knows(tmp_path: Path) -> None:
    assert room_on_disk_of(tmp_path / "nowhere")() is None


@pytest.mark.parametrize(
    "size_bytes, words", [(0, "0 bytes"), (999, "999 bytes"), (1_500, "1.5 kB"), (21_474_836_480, "21.5 GB")]
)
def test_amounts_are_written_for_people(size_bytes: int, words: str) -> None:
    assert in_words(size_bytes) == words
