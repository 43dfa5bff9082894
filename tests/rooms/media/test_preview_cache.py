"""A bounded folder of pictures in front of the derived bucket."""

import hashlib
import os
from pathlib import Path

import pytest

from catalog.kernel.errors import InvalidInput, NotFound
from catalog.media.preview_cache import PreviewCache
from catalog.storage.memory import memory_stores
from catalog.storage.port import BlobStore


def _put(store: BlobStore, key: str, content: bytes) -> str:
    sha256 = hashlib.sha256(content).hexdigest()
    store.put(key, content, sha256=sha256)
    return sha256


def test_a_picture_is_fetched_once(tmp_path: Path) -> None:
    derived = memory_stores().derived
    cache = PreviewCache(folder=tmp_path, derived=derived, limit_bytes=1000)
    sha256 = _put(derived, "a", b"picture")

    first = cache.read(sha256, "a")
    derived.remove("a")

    assert first == cache.read(sha256, "a") == b"picture"


def test_what_was_read_longest_ago_makes_room(tmp_path: Path) -> None:
    derived = memory_stores().derived
    cache = PreviewCache(folder=tmp_path, derived=derived, limit_bytes=250)
    names = {key: _put(derived, key, key.encode() * 100) for key in "abc"}

    cache.read(names["a"], "a")
    cache.read(names["b"], "b")
    cache.read(names["a"], "a")
    cache.read(names["c"], "c")

    assert {path.stem for path in tmp_path.glob("*/*.webp")} == {names["a"], names["c"]}


def test_what_an_earlier_process_left_is_used_and_counted(tmp_path: Path) -> None:
    derived = memory_stores().derived
    names = {key: _put(derived, key, key.encode() * 100) for key in "abc"}
    before = PreviewCache(folder=tmp_path, derived=derived, limit_bytes=1000)
    for number, key in enumerate("ab"):
        before.read(names[key], key)
        path = tmp_path / names[key][:2] / f"{names[key]}.webp"
        os.utime(path, (number, number))

    PreviewCache(folder=tmp_path, derived=derived, limit_bytes=250).read(names["c"], "c")

    assert {path.stem for path in tmp_path.glob("*/*.webp")} == {names["b"], names["c"]}


def test_an_emptied_bucket_has_no_picture(tmp_path: Path) -> None:
    cache = PreviewCache(folder=tmp_path, derived=memory_stores().derived, limit_bytes=1000)

    with pytest.raises(NotFound):
        cache.read("0" * 64, "gone")


def test_bytes_that_are_not_the_picture_are_not_served(tmp_path: Path) -> None:
    derived = memory_stores().derived
    _put(derived, "a", b"another version's picture")
    cache = PreviewCache(folder=tmp_path, derived=derived, limit_bytes=1000)

    with pytest.raises(NotFound, match="being made again"):
        cache.read("0" * 64, "a")


def test_a_name_cannot_lead_out_of_the_cache(tmp_path: Path) -> None:
    cache = PreviewCache(folder=tmp_path, derived=memory_stores().derived, limit_bytes=1000)

    with pytest.raises(InvalidInput):
        cache.read("../../etc/passwd", "a")


def test_a_folder_that_cannot_be_written_costs_only_speed(tmp_path: Path) -> None:
    (tmp_path / "cache").write_text("a file where the folder should be", encoding="utf-8")
    derived = memory_stores().derived
    sha256 = _put(derived, "a", b"picture")

    assert PreviewCache(folder=tmp_path / "cache", derived=derived, limit_bytes=1000).read(sha256, "a") == b"picture"
