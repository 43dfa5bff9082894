"""What every ``BlobStore`` promises, over each of them."""

import hashlib
import io
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from catalog.kernel.errors import InvalidInput, NotFound
from catalog.storage.keys import blob_key
from catalog.storage.port import Stores

HELLO = b"hello, bytes"
NUMBERS = bytes(range(100))
LARGE = bytes(range(256)) * (80 * 1024) + b"and a bit"  # 20 MiB: more than the adapter holds in memory


def digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


class Trickle:
    """A stream that answers a little at a time, as a socket does."""

    def __init__(self, content: bytes, step: int) -> None:
        self._content = io.BytesIO(content)
        self._step = step

    def read(self, size: int, /) -> bytes:
        return self._content.read(min(size, self._step))


def all_of(chunks: Iterator[bytes]) -> bytes:
    return b"".join(chunks)


def test_what_was_put_is_read_again(stores: Stores, place: str) -> None:
    stores.documents.put(f"{place}/a", HELLO, sha256=digest(HELLO))

    read = all_of(stores.documents.open(f"{place}/a"))

    assert read == HELLO


def test_a_stream_is_put_from_where_it_stands(stores: Stores, place: str) -> None:
    stream = io.BytesIO(b"already read|" + HELLO)
    stream.seek(13)

    stores.documents.put(f"{place}/a", stream, sha256=digest(HELLO))

    assert all_of(stores.documents.open(f"{place}/a")) == HELLO


def test_a_large_stream_keeps_its_digest_and_comes_back_in_chunks_of_at_most_a_mebibyte(
    stores: Stores, place: str
) -> None:
    stores.documents.put(f"{place}/a", Trickle(LARGE, 700_001), sha256=digest(LARGE))

    found = stores.documents.find(f"{place}/a")
    chunks = list(stores.documents.open(f"{place}/a"))

    assert found is not None
    assert (found.size_bytes, found.sha256) == (len(LARGE), digest(LARGE))
    assert max(map(len, chunks)) <= 2**20
    assert digest(b"".join(chunks)) == digest(LARGE)


def test_an_empty_object_is_an_object(stores: Stores, place: str) -> None:
    stores.documents.put(f"{place}/a", b"", sha256=digest(b""))

    found = stores.documents.find(f"{place}/a")

    assert found is not None
    assert (found.size_bytes, found.sha256) == (0, digest(b""))
    assert all_of(stores.documents.open(f"{place}/a")) == b""


@pytest.mark.parametrize("content", [HELLO, LARGE], ids=["whole", "in parts"])
def test_bytes_of_another_digest_are_refused_and_nothing_is_stored(stores: Stores, place: str, content: bytes) -> None:
    with pytest.raises(InvalidInput, match="do not have the digest") as refusal:
        stores.documents.put(f"{place}/a", io.BytesIO(content), sha256=digest(b"other"))

    assert refusal.value.code == "wrong-digest"
    assert stores.documents.find(f"{place}/a") is None


@pytest.mark.parametrize("sha256", ["", "zz", digest(HELLO).upper(), digest(HELLO) + "0"])
def test_what_is_no_digest_is_refused(stores: Stores, place: str, sha256: str) -> None:
    with pytest.raises(InvalidInput, match="no SHA-256"):
        stores.documents.put(f"{place}/a", HELLO, sha256=sha256)


def test_a_blobs_own_key_takes_no_other_bytes(stores: Stores) -> None:
    with pytest.raises(InvalidInput, match="do not have the digest"):
        stores.originals.put(blob_key(digest(HELLO)), b"other", sha256=digest(b"other"))

    assert stores.originals.find(blob_key(digest(HELLO))) is None


@pytest.mark.parametrize("key", ["", "/a", "a//b", "a/", "../a", "a/./b", "a b", "å", "a\n", "x" * 513])
def test_what_is_no_key_is_refused(stores: Stores, key: str) -> None:
    with pytest.raises(InvalidInput, match="is no key"):
        stores.documents.put(key, HELLO, sha256=digest(HELLO))


def test_putting_twice_is_putting_once(stores: Stores, place: str) -> None:
    stores.documents.put(f"{place}/a", HELLO, sha256=digest(HELLO))
    first = stores.documents.find(f"{place}/a")

    stores.documents.put(f"{place}/a", HELLO, sha256=digest(HELLO))

    assert stores.documents.find(f"{place}/a") == first


def test_other_bytes_replace_what_was_there(stores: Stores, place: str) -> None:
    stores.derived.put(f"{place}/a", HELLO, sha256=digest(HELLO))

    stores.derived.put(f"{place}/a", NUMBERS, sha256=digest(NUMBERS))

    assert all_of(stores.derived.open(f"{place}/a")) == NUMBERS


def test_sixteen_who_put_the_same_at_once_all_succeed(stores: Stores, place: str) -> None:
    together = threading.Barrier(16)

    def put(_: int) -> None:
        together.wait()
        stores.documents.put(f"{place}/a", HELLO, sha256=digest(HELLO))

    with ThreadPoolExecutor(16) as threads:
        list(threads.map(put, range(16)))

    assert all_of(stores.documents.open(f"{place}/a")) == HELLO


def test_a_reader_sees_the_old_bytes_or_the_new_ones_and_never_a_mixture(stores: Stores, place: str) -> None:
    old, new = b"o" * 3_000_000, b"n" * 3_000_000
    stores.derived.put(f"{place}/a", old, sha256=digest(old))

    with ThreadPoolExecutor(1) as threads:
        writing = threads.submit(stores.derived.put, f"{place}/a", new, sha256=digest(new))
        seen = {digest(all_of(stores.derived.open(f"{place}/a"))) for _ in range(10)}
        writing.result()

    assert seen <= {digest(old), digest(new)}


@pytest.mark.parametrize(
    "start, end, expected",
    [
        (0, 1, NUMBERS[:1]),
        (10, 20, NUMBERS[10:20]),
        (90, None, NUMBERS[90:]),
        (0, None, NUMBERS),
        (-7, None, NUMBERS[-7:]),
        (-1000, None, NUMBERS),
        (99, 5000, NUMBERS[99:]),
    ],
)
def test_a_range_is_read(stores: Stores, place: str, start: int, end: int | None, expected: bytes) -> None:
    stores.documents.put(f"{place}/a", NUMBERS, sha256=digest(NUMBERS))

    assert all_of(stores.documents.open(f"{place}/a", start=start, end=end)) == expected


@pytest.mark.parametrize("start, end", [(100, None), (100, 200), (5, 5), (9, 3), (-5, 98)])
def test_a_range_without_a_byte_is_refused_before_anything_is_read(
    stores: Stores, place: str, start: int, end: int | None
) -> None:
    stores.documents.put(f"{place}/a", NUMBERS, sha256=digest(NUMBERS))

    with pytest.raises(InvalidInput, match="has no bytes from") as refusal:
        stores.documents.open(f"{place}/a", start=start, end=end)

    assert refusal.value.code == "bad-range"


def test_a_reader_may_stop_early(stores: Stores, place: str) -> None:
    stores.documents.put(f"{place}/a", LARGE, sha256=digest(LARGE))

    chunks = stores.documents.open(f"{place}/a")
    next(chunks)
    chunks.close()

    assert list(chunks) == []


def test_what_is_not_there_is_not_found(stores: Stores, place: str) -> None:
    assert stores.documents.find(f"{place}/a") is None
    with pytest.raises(NotFound, match=place):
        stores.documents.open(f"{place}/a")


def test_what_was_removed_is_gone_and_may_be_removed_again(stores: Stores, place: str) -> None:
    stores.documents.put(f"{place}/a", HELLO, sha256=digest(HELLO))

    stores.documents.remove(f"{place}/a")
    stores.documents.remove(f"{place}/a")

    assert stores.documents.find(f"{place}/a") is None


def test_a_bucket_does_not_show_what_another_one_has(stores: Stores, place: str) -> None:
    stores.documents.put(f"{place}/a", HELLO, sha256=digest(HELLO))

    assert stores.derived.find(f"{place}/a") is None


def test_a_walk_meets_every_object_once_and_goes_on_where_it_stopped(stores: Stores, place: str) -> None:
    keys = [f"{place}/{number:02}/{leaf}" for number in range(4) for leaf in ("a", "a-b.c", "a.b", "b")]
    for key in keys:
        stores.documents.put(key, HELLO, sha256=digest(HELLO))

    met = [found.key for found in stores.documents.walk() if found.key.startswith(place)]
    later = [found.key for found in stores.documents.walk(after=met[5]) if found.key.startswith(place)]

    assert sorted(met) == sorted(keys)
    assert later == met[6:]


def test_a_walk_says_how_large_and_how_old_objects_are(stores: Stores, place: str) -> None:
    stores.documents.put(f"{place}/a", HELLO, sha256=digest(HELLO))

    (met,) = [found for found in stores.documents.walk() if found.key == f"{place}/a"]

    assert met.size_bytes == len(HELLO)
    assert met.stored_at.utcoffset() is not None
