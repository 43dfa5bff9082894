"""A bounded folder of pictures in front of the derived bucket."""

import hashlib
import os
from pathlib import Path

import pytest

from catalog.kernel.errors import InvalidInput, NotFound
from catalog.media.preview_cache import LARGEST_BYTES, PreviewCache
from catalog.storage.memory import memory_stores
from catalog.storage.port import BlobStore


def _put(store: BlobStore, key: str, content: bytes) -> str:
    sha256 = hashlib.sha256(content).hexdigest()
    store.put(key, content, sha256=sha256)
    return sha256


def _read(cache: PreviewCache, sha256: str, key: str) -> bytes:
    with cache.open(sha256, key) as file:
        return file.read()


def test_a_picture_is_fetched_once(tmp_path: Path) -> None:
    derived = memory_stores().derived
    cache = PreviewCache(folder=tmp_path, derived=derived, limit_bytes=1000)
    sha256 = _put(derived, "a", b"picture")

    first = _read(cache, sha256, "a")
    derived.remove("a")

    assert first == _read(cache, sha256, "a") == b"picture"


def test_what_was_read_longest_ago_makes_room(tmp_path: Path) -> None:
    derived = memory_stores().derived
    cache = PreviewCache(folder=tmp_path, derived=derived, limit_bytes=250)
    names = {key: _put(derived, key, key.encode() * 100) for key in "abc"}

    _read(cache, names["a"], "a")
    _read(cache, names["b"], "b")
    _read(cache, names["a"], "a")
    _read(cache, names["c"], "c")

    assert {path.stem for path in tmp_path.glob("*/*.preview")} == {names["a"], names["c"]}


def test_what_an_earlier_process_left_is_used_and_counted(tmp_path: Path) -> None:
    derived = memory_stores().derived
    names = {key: _put(derived, key, key.encode() * 100) for key in "abc"}
    before = PreviewCache(folder=tmp_path, derived=derived, limit_bytes=1000)
    for number, key in enumerate("ab"):
        _read(before, names[key], key)
        path = tmp_path / names[key][:2] / f"{names[key]}.preview"
        os.utime(path, (number, number))

    PreviewCache(folder=tmp_path, derived=derived, limit_bytes=250).open(names["c"], "c").close()

    assert {path.stem for path in tmp_path.glob("*/*.preview")} == {names["b"], names["c"]}


def test_an_emptied_bucket_has_no_picture(tmp_path: Path) -> None:
    cache = PreviewCache(folder=tmp_path, derived=memory_stores().derived, limit_bytes=1000)

    with pytest.raises(NotFound):
        _read(cache, "0" * 64, "gone")


def test_bytes_that_are_not_the_picture_are_not_served(tmp_path: Path) -> None:
    derived = memory_stores().derived
    _put(derived, "a", b"another version's picture")
    cache = PreviewCache(folder=tmp_path, derived=derived, limit_bytes=1000)

    with pytest.raises(NotFound, match="being made again"):
        _read(cache, "0" * 64, "a")


def test_a_name_cannot_lead_out_of_the_cache(tmp_path: Path) -> None:
    cache = PreviewCache(folder=tmp_path, derived=memory_stores().derived, limit_bytes=1000)

    with pytest.raises(InvalidInput):
        _read(cache, "../../etc/passwd", "a")


def test_a_folder_that_cannot_be_written_costs_only_speed(tmp_path: Path) -> None:
    (tmp_path / "cache").write_text("a file where the folder should be", encoding="utf-8")
    derived = memory_stores().derived
    sha256 = _put(derived, "a", b"picture")
    cache = PreviewCache(folder=tmp_path / "cache", derived=derived, limit_bytes=1000)

    assert _read(cache, sha256, "a") == b"picture"


def test_a_film_that_makes_room_is_read_to_its_end(tmp_path: Path) -> None:
    derived = memory_stores().derived
    cache = PreviewCache(folder=tmp_path, derived=derived, limit_bytes=3_000_000)
    names = {key: _put(derived, key, key.encode() * 2_000_000) for key in "ab"}

    with cache.open(names["a"], "a") as film:
        _read(cache, names["b"], "b")
        read = film.read()

    assert (len(read), [path.stem for path in tmp_path.glob("*/*.preview")]) == (2_000_000, [names["b"]])


def test_what_is_too_large_for_a_preview_is_not_served(tmp_path: Path) -> None:
    derived = memory_stores().derived
    sha256 = _put(derived, "a", bytes(LARGEST_BYTES + 1))
    cache = PreviewCache(folder=tmp_path, derived=derived, limit_bytes=1000)

    with pytest.raises(NotFound):
        _read(cache, sha256, "a")
