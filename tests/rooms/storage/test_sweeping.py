"""Removing what nobody needs."""

import hashlib
from collections.abc import Collection
from time import monotonic

import pytest

from catalog.kernel.errors import Unavailable
from catalog.kernel.ids import new_id
from catalog.storage import sweeping
from catalog.storage.keys import blob_key
from catalog.storage.port import Part, Stores
from catalog.storage.turns import Turn
from tests.rooms.storage.conftest import Clock


def digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def store_blob(stores: Stores, content: bytes) -> str:
    stores.originals.put(blob_key(digest(content)), content, sha256=digest(content))
    return digest(content)


def nothing(_: Collection[str]) -> set[str]:
    return set()


def test_blobs_without_a_row_are_orphans_once_they_are_old(stores: Stores, clock: Clock) -> None:
    known, orphan = store_blob(stores, b"known"), store_blob(stores, b"orphan")
    clock.move(days=2)
    store_blob(stores, b"just arriving")

    clock.move(hours=1)
    (found,) = sweeping.find_orphans(
        stores, before=clock.at.replace(hour=0), known=lambda digests: {known} & set(digests)
    )

    assert found == {orphan: len(b"orphan")}


def test_incoming_bytes_are_no_orphans(stores: Stores, clock: Clock) -> None:
    stores.originals.put("incoming/a/b", b"x", sha256=digest(b"x"))
    clock.move(days=9)

    assert list(sweeping.find_orphans(stores, before=clock(), known=nothing)) == []


def test_orphans_come_in_batches(stores: Stores, clock: Clock) -> None:
    for number in range(501):
        store_blob(stores, b"%d" % number)
    clock.move(days=9)

    assert [len(some) for some in sweeping.find_orphans(stores, before=clock(), known=nothing)] == [500, 1]


def test_doomed_bytes_are_removed_and_may_be_removed_again(stores: Stores) -> None:
    orphan, turn = store_blob(stores, b"orphan"), Turn(id=new_id(), removes_until=monotonic() + 60)

    sweeping.remove_blobs(stores, turn, [orphan])
    sweeping.remove_blobs(stores, turn, [orphan])

    assert stores.originals.find(blob_key(orphan)) is None


def test_nothing_is_removed_in_the_second_half_of_a_turn(stores: Stores) -> None:
    orphan, turn = store_blob(stores, b"orphan"), Turn(id=new_id(), removes_until=monotonic() - 1)

    with pytest.raises(Unavailable, match="the next sweep goes on there"):
        sweeping.remove_blobs(stores, turn, [orphan])

    assert stores.originals.find(blob_key(orphan)) is not None


def test_stale_uploads_are_swept_and_wanted_or_fresh_ones_stay(stores: Stores, clock: Clock) -> None:
    blob = store_blob(stores, b"verified")
    for key in ("incoming/old/a", "incoming/wanted/a"):
        stores.originals.put(key, b"x", sha256=digest(b"x"))
    clock.move(days=8)
    stores.originals.put("incoming/new/a", b"x", sha256=digest(b"x"))
    clock.move(hours=1)

    removed = sweeping.sweep_incoming(
        stores, before=clock.at.replace(hour=0), wanted=lambda keys: {"incoming/wanted/a"} & set(keys)
    )

    assert removed == 1
    assert [found.key for found in stores.originals.walk()] == [
        "incoming/new/a",
        "incoming/wanted/a",
        blob_key(blob),
    ]


def test_transfers_that_nobody_finished_are_aborted(stores: Stores, clock: Clock) -> None:
    stale, wanted = stores.transfers.begin("incoming/old/a"), stores.transfers.begin("incoming/wanted/a")
    part = Part(number=1, sha256=digest(b"x"), size_bytes=1)
    stores.transfers.receive("incoming/old/a", stale, part, b"x")
    clock.move(days=8)

    removed = sweeping.sweep_incoming(stores, before=clock(), wanted=lambda keys: {"incoming/wanted/a"} & set(keys))

    assert removed == 1
    assert [each.transfer_id for each in stores.staging.unfinished(clock())] == [wanted]
