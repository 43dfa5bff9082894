"""What every store promises of uploads in parts and of the way to a blob's own key, over each of them."""

import hashlib
import io
from datetime import UTC, datetime

import pytest

from catalog.kernel.errors import Conflict, InvalidInput, NotFound
from catalog.storage.keys import blob_key
from catalog.storage.port import Part, StoredPart, Stores

FIRST = b"1" * (5 * 2**20)  # the smallest part but the last that S3 takes
SECOND = b"2" * 1000
WHOLE = FIRST + SECOND
FAR = datetime(2999, 1, 1, tzinfo=UTC)


def digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def part(number: int, content: bytes) -> Part:
    return Part(number=number, sha256=digest(content), size_bytes=len(content))


PARTS = (part(1, FIRST), part(2, SECOND))


@pytest.fixture
def key(place: str) -> str:
    return f"incoming/{place}/{digest(WHOLE)}"


def unfinished_under(stores: Stores, key: str) -> list[str]:
    return [each.transfer_id for each in stores.staging.unfinished(FAR) if each.key == key]


def test_parts_become_one_object_only_when_the_transfer_is_finished(stores: Stores, key: str) -> None:
    transfer = stores.transfers.begin(key)
    stores.transfers.receive(key, transfer, PARTS[0], FIRST)
    stores.transfers.receive(key, transfer, PARTS[1], io.BytesIO(SECOND))
    assert stores.originals.find(key) is None

    stores.transfers.finish(key, transfer, PARTS)

    assert b"".join(stores.originals.open(key)) == WHOLE


def test_the_digest_of_an_object_sent_in_parts_is_not_claimed_to_be_known(stores: Stores, key: str) -> None:
    transfer = stores.transfers.begin(key)
    stores.transfers.receive(key, transfer, PARTS[0], FIRST)
    stores.transfers.receive(key, transfer, PARTS[1], SECOND)

    stores.transfers.finish(key, transfer, PARTS)

    found = stores.originals.find(key)
    assert found is not None
    assert (found.size_bytes, found.sha256) == (len(WHOLE), None)


def test_a_transfer_goes_on_where_it_was_interrupted(stores: Stores, key: str) -> None:
    transfer = stores.transfers.begin(key)
    stores.transfers.receive(key, transfer, PARTS[0], FIRST)

    assert stores.transfers.parts(key, transfer) == (StoredPart(number=1, size_bytes=len(FIRST)),)


def test_a_part_that_is_sent_twice_counts_once(stores: Stores, key: str) -> None:
    transfer = stores.transfers.begin(key)
    stores.transfers.receive(key, transfer, PARTS[0], FIRST)
    stores.transfers.receive(key, transfer, PARTS[0], FIRST)
    stores.transfers.receive(key, transfer, PARTS[1], SECOND)

    assert [arrived.number for arrived in stores.transfers.parts(key, transfer)] == [1, 2]
    stores.transfers.finish(key, transfer, PARTS)
    assert b"".join(stores.originals.open(key)) == WHOLE


@pytest.mark.parametrize("wrong", [b"3" * 1000, b"2" * 999], ids=["other bytes", "too few bytes"])
def test_a_part_of_other_bytes_is_refused(stores: Stores, key: str, wrong: bytes) -> None:
    transfer = stores.transfers.begin(key)

    with pytest.raises(InvalidInput, match="do not have the digest"):
        stores.transfers.receive(key, transfer, PARTS[1], wrong)

    assert stores.transfers.parts(key, transfer) == ()


def test_a_relayed_part_takes_no_more_from_the_wire_than_it_declares(stores: Stores, key: str) -> None:
    transfer = stores.transfers.begin(key)
    wire = io.BytesIO(SECOND + b"the next request")

    stores.transfers.receive(key, transfer, PARTS[1], wire)

    assert wire.read() == b"the next request"


def test_a_transfer_with_missing_parts_is_not_finished_and_says_which(stores: Stores, key: str) -> None:
    transfer = stores.transfers.begin(key)
    stores.transfers.receive(key, transfer, PARTS[0], FIRST)

    with pytest.raises(Conflict, match=r"1 of 2 parts .* missing or not whole: 2") as refusal:
        stores.transfers.finish(key, transfer, PARTS)

    assert refusal.value.code == "parts-missing"
    assert stores.originals.find(key) is None


def test_a_transfer_is_not_finished_with_other_digests_than_its_parts_have(stores: Stores, key: str) -> None:
    transfer = stores.transfers.begin(key)
    stores.transfers.receive(key, transfer, PARTS[0], FIRST)
    stores.transfers.receive(key, transfer, PARTS[1], SECOND)
    other = Part(number=2, sha256=digest(b"3" * 1000), size_bytes=1000)

    with pytest.raises(InvalidInput, match="do not have the digest"):
        stores.transfers.finish(key, transfer, (PARTS[0], other))

    assert stores.originals.find(key) is None


def test_parts_are_numbered_without_a_gap(stores: Stores, key: str) -> None:
    transfer = stores.transfers.begin(key)

    with pytest.raises(InvalidInput, match="numbered from 1"):
        stores.transfers.finish(key, transfer, (PARTS[1],))


def test_finishing_twice_is_finishing_once(stores: Stores, key: str) -> None:
    transfer = stores.transfers.begin(key)
    stores.transfers.receive(key, transfer, PARTS[0], FIRST)
    stores.transfers.receive(key, transfer, PARTS[1], SECOND)

    stores.transfers.finish(key, transfer, PARTS)
    stores.transfers.finish(key, transfer, PARTS)

    assert b"".join(stores.originals.open(key)) == WHOLE


def test_a_finished_transfer_takes_no_more_parts(stores: Stores, key: str) -> None:
    transfer = stores.transfers.begin(key)
    stores.transfers.receive(key, transfer, part(1, SECOND), SECOND)
    stores.transfers.finish(key, transfer, (part(1, SECOND),))

    with pytest.raises(NotFound, match="is over"):
        stores.transfers.receive(key, transfer, part(1, b"late"), b"late")

    assert b"".join(stores.originals.open(key)) == SECOND


def test_an_aborted_transfer_is_over(stores: Stores, key: str) -> None:
    transfer = stores.transfers.begin(key)
    stores.transfers.receive(key, transfer, PARTS[0], FIRST)

    stores.transfers.abort(key, transfer)
    stores.transfers.abort(key, transfer)

    with pytest.raises(NotFound, match="is over"):
        stores.transfers.finish(key, transfer, PARTS)
    assert unfinished_under(stores, key) == []


def test_aborting_a_finished_transfer_leaves_its_object(stores: Stores, key: str) -> None:
    transfer = stores.transfers.begin(key)
    stores.transfers.receive(key, transfer, part(1, SECOND), SECOND)
    stores.transfers.finish(key, transfer, (part(1, SECOND),))

    stores.transfers.abort(key, transfer)

    assert b"".join(stores.originals.open(key)) == SECOND


def test_transfers_that_nobody_finished_are_found_by_their_age(stores: Stores, key: str) -> None:
    transfer = stores.transfers.begin(key)

    assert unfinished_under(stores, key) == [transfer]
    assert [each for each in stores.staging.unfinished(datetime(2020, 1, 1, tzinfo=UTC)) if each.key == key] == []


def test_a_verified_object_is_settled_under_its_own_key(stores: Stores, place: str) -> None:
    content = f"settled in {place}".encode()
    staged = f"incoming/{place}/{digest(content)}"
    stores.originals.put(staged, content, sha256=digest(content))

    stores.staging.settle(staged, blob_key(digest(content)), sha256=digest(content))

    found = stores.originals.find(blob_key(digest(content)))
    assert found is not None
    assert found.sha256 == digest(content)
    assert b"".join(stores.originals.open(found.key)) == content


def test_settling_twice_is_settling_once(stores: Stores, place: str) -> None:
    content = f"settled twice in {place}".encode()
    staged, own = f"incoming/{place}/{digest(content)}", blob_key(digest(content))
    stores.originals.put(staged, content, sha256=digest(content))

    stores.staging.settle(staged, own, sha256=digest(content))
    stores.staging.settle(staged, own, sha256=digest(content))

    assert b"".join(stores.originals.open(own)) == content


def test_what_came_in_parts_keeps_its_verified_digest_when_it_is_settled(stores: Stores, key: str) -> None:
    transfer = stores.transfers.begin(key)
    stores.transfers.receive(key, transfer, PARTS[0], FIRST)
    stores.transfers.receive(key, transfer, PARTS[1], SECOND)
    stores.transfers.finish(key, transfer, PARTS)

    stores.staging.settle(key, blob_key(digest(WHOLE)), sha256=digest(WHOLE))

    found = stores.originals.find(blob_key(digest(WHOLE)))
    assert found is not None
    assert (found.size_bytes, found.sha256) == (len(WHOLE), digest(WHOLE))


def test_nothing_is_settled_without_the_object_or_under_another_blobs_key(stores: Stores, place: str) -> None:
    stores.originals.put(f"incoming/{place}/a", SECOND, sha256=digest(SECOND))

    with pytest.raises(NotFound, match=place):
        stores.staging.settle(f"incoming/{place}/b", blob_key(digest(SECOND)), sha256=digest(SECOND))
    with pytest.raises(NotFound, match=place):
        stores.staging.settle(f"incoming/{place}/b", blob_key(digest(SECOND)), sha256=digest(SECOND), size_bytes=3)
    with pytest.raises(InvalidInput, match="do not have the digest"):
        stores.staging.settle(f"incoming/{place}/a", blob_key(digest(b"victim")), sha256=digest(SECOND))

    assert stores.originals.find(blob_key(digest(b"victim"))) is None


def test_many_staged_objects_are_removed_at_once_and_nothing_else(stores: Stores, place: str) -> None:
    staged = [f"incoming/{place}/{number}" for number in range(3)]
    for each in staged:
        stores.originals.put(each, SECOND, sha256=digest(SECOND))

    stores.staging.clear(staged[:2])
    stores.staging.clear(staged[:2])
    stores.staging.clear([])

    assert [stores.originals.find(each) is None for each in staged] == [True, True, False]
