"""Taking bytes into custody."""

import hashlib
from uuid import UUID

from catalog.storage import custody
from catalog.storage.custody import Staged, Verdict
from catalog.storage.keys import blob_key, incoming_key
from catalog.storage.port import Part, Stores
from catalog.storage.vocabulary import BlobState

VERSION = UUID("01900000-0000-7000-8000-000000000000")
HELLO = b"hello, bytes"
HALVES = (b"hello,", b" bytes")


def digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def staged_whole(content: bytes = HELLO, *, size_bytes: int | None = None) -> Staged:
    size = len(content) if size_bytes is None else size_bytes
    return Staged(key=incoming_key(VERSION, digest(content)), sha256=digest(content), size_bytes=size)


def staged_in_parts(stores: Stores, *, sha256: str = digest(HELLO)) -> Staged:
    key = incoming_key(VERSION, sha256)
    parts = tuple(
        Part(number=number, sha256=digest(half), size_bytes=len(half)) for number, half in enumerate(HALVES, start=1)
    )
    return Staged(key=key, sha256=sha256, size_bytes=len(HELLO), transfer_id=stores.transfers.begin(key), parts=parts)


def bring(stores: Stores, staged: Staged, halves: tuple[bytes, ...] = HALVES) -> None:
    assert staged.transfer_id is not None
    for part, half in zip(staged.parts, halves, strict=False):
        stores.transfers.receive(staged.key, staged.transfer_id, part, half)


def read(stores: Stores, key: str) -> bytes:
    return b"".join(stores.originals.open(key))


def test_what_is_as_declared_gets_its_own_key(stores: Stores) -> None:
    staged = staged_whole()
    stores.originals.put(staged.key, HELLO, sha256=digest(HELLO))

    settlement = custody.settle(stores, staged, is_verified=False)

    assert settlement.verdict is Verdict.VERIFIED
    assert read(stores, blob_key(digest(HELLO))) == HELLO


def test_parts_are_assembled_read_and_get_their_own_key(stores: Stores) -> None:
    staged = staged_in_parts(stores)
    bring(stores, staged)

    settlement = custody.settle(stores, staged, is_verified=False)

    assert settlement.verdict is Verdict.VERIFIED
    assert read(stores, blob_key(digest(HELLO))) == HELLO


def test_settling_again_after_a_crash_gives_the_same(stores: Stores) -> None:
    staged = staged_in_parts(stores)
    bring(stores, staged)

    first = custody.settle(stores, staged, is_verified=False)
    second = custody.settle(stores, staged, is_verified=True)

    assert first == second
    assert read(stores, blob_key(digest(HELLO))) == HELLO


def test_staged_bytes_stay_until_they_are_discarded(stores: Stores) -> None:
    staged = staged_whole()
    stores.originals.put(staged.key, HELLO, sha256=digest(HELLO))
    custody.settle(stores, staged, is_verified=False)
    assert stores.originals.find(staged.key) is not None

    custody.discard(stores, staged)
    custody.discard(stores, staged)

    assert stores.originals.find(staged.key) is None
    assert read(stores, blob_key(digest(HELLO))) == HELLO


def test_bytes_that_did_not_arrive_are_awaited(stores: Stores) -> None:
    settlement = custody.settle(stores, staged_whole(), is_verified=False)

    assert settlement.verdict is Verdict.INCOMPLETE
    assert str(settlement.problem) == f"the bytes of {digest(HELLO)} did not arrive; send them"
    assert not settlement.begin_again


def test_who_names_a_known_digest_without_bringing_its_bytes_gets_nothing(stores: Stores) -> None:
    stores.originals.put(blob_key(digest(HELLO)), HELLO, sha256=digest(HELLO))

    settlement = custody.settle(stores, staged_whole(), is_verified=True)

    assert settlement.verdict is Verdict.INCOMPLETE


def test_missing_parts_are_named(stores: Stores) -> None:
    staged = staged_in_parts(stores)
    bring(stores, staged, HALVES[:1])

    settlement = custody.settle(stores, staged, is_verified=False)

    assert settlement.verdict is Verdict.INCOMPLETE
    assert "missing or not whole: 2" in str(settlement.problem)
    assert not settlement.begin_again


def test_a_transfer_that_was_never_begun_is_to_be_begun(stores: Stores) -> None:
    part = Part(number=1, sha256=digest(HELLO), size_bytes=len(HELLO))
    staged = Staged(key="incoming/a/b", sha256=digest(HELLO), size_bytes=len(HELLO), parts=(part,))

    settlement = custody.settle(stores, staged, is_verified=False)

    assert (settlement.verdict, settlement.begin_again) == (Verdict.INCOMPLETE, True)


def test_a_transfer_that_was_swept_is_to_be_begun_again(stores: Stores) -> None:
    staged = staged_in_parts(stores)
    bring(stores, staged)
    assert staged.transfer_id is not None
    stores.transfers.abort(staged.key, staged.transfer_id)

    settlement = custody.settle(stores, staged, is_verified=False)

    assert (settlement.verdict, settlement.begin_again) == (Verdict.INCOMPLETE, True)


def test_parts_that_are_right_one_by_one_but_not_together_are_refused_and_removed(stores: Stores) -> None:
    staged = staged_in_parts(stores, sha256=digest(b"another whole"))
    bring(stores, staged)

    settlement = custody.settle(stores, staged, is_verified=False)

    assert (settlement.verdict, settlement.begin_again) == (Verdict.ALTERED, True)
    assert digest(HELLO) in str(settlement.problem)
    assert stores.originals.find(staged.key) is None
    assert stores.originals.find(blob_key(digest(b"another whole"))) is None


def test_a_wrong_size_is_refused(stores: Stores) -> None:
    staged = staged_whole(size_bytes=5)
    stores.originals.put(staged.key, HELLO, sha256=digest(HELLO))

    settlement = custody.settle(stores, staged, is_verified=False)

    assert settlement.verdict is Verdict.ALTERED
    assert "12 bytes" in str(settlement.problem)


def test_a_blob_that_the_store_lost_is_put_back_by_whoever_brings_it_again(stores: Stores) -> None:
    staged = staged_whole()
    stores.originals.put(staged.key, HELLO, sha256=digest(HELLO))

    custody.settle(stores, staged, is_verified=True)

    assert read(stores, blob_key(digest(HELLO))) == HELLO


def test_long_reading_says_how_far_it_is_and_is_half_the_work(stores: Stores) -> None:
    content = bytes(130 * 2**20)
    part = Part(number=1, sha256=digest(content), size_bytes=len(content))
    key = incoming_key(VERSION, digest(content))
    transfer = stores.transfers.begin(key)
    stores.transfers.receive(key, transfer, part, content)
    staged = Staged(key=key, sha256=digest(content), size_bytes=len(content), transfer_id=transfer, parts=(part,))
    beats: list[float] = []

    custody.settle(stores, staged, is_verified=False, beat=beats.append)

    assert [round(beat, 2) for beat in beats] == [0.25, 0.49]


def test_a_check_sees_what_is_right_missing_and_altered(stores: Stores) -> None:
    stores.originals.put(blob_key(digest(HELLO)), HELLO, sha256=digest(HELLO))
    stores.originals.put("incoming/a/b", b"other bytes!", sha256=digest(b"other bytes!"))
    stores.staging.settle("incoming/a/b", blob_key(digest(b"hello, again")), sha256=digest(b"hello, again"))

    assert custody.check(stores, digest(HELLO), 12, reading=True) is BlobState.VERIFIED
    assert custody.check(stores, digest(b"nowhere"), 12, reading=True) is BlobState.MISSING
    assert custody.check(stores, digest(HELLO), 13, reading=False) is BlobState.ALTERED
    assert custody.check(stores, digest(b"hello, again"), 12, reading=False) is BlobState.VERIFIED
    assert custody.check(stores, digest(b"hello, again"), 12, reading=True) is BlobState.ALTERED
