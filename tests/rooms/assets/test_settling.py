"""Settling: between submission and publication every blob is verified, and every crash is mended by beginning again."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import func, select, update

from catalog.assets import queries, registry
from catalog.assets.models import AssetVersion, Upload
from catalog.assets.settling import settle_version
from catalog.kernel.clock import now
from catalog.kernel.errors import Unavailable
from catalog.kernel.ids import new_id
from catalog.storage import blobs, custody
from catalog.storage.custody import Staged
from catalog.storage.keys import blob_key, incoming_key
from catalog.storage.memory import MemoryBucket
from catalog.storage.models import Blob
from catalog.storage.port import Part, StoredObject
from catalog.work.workshop import LeaseLost
from tests.crew import Crew, Drafted, digest, stored

MODEL, LOOK = b"model", b"look"


class Unreachable(MemoryBucket):
    """A bucket whose store does not answer."""

    def find(self, key: str) -> StoredObject | None:
        raise Unavailable(f"the store does not answer about {key}")


class Forgetful(MemoryBucket):
    """A bucket from which a sweep removes verified bytes in the very moment in which they are entered."""

    forgets = True

    def settle(self, staged_key: str, key: str, *, sha256: str, size_bytes: int | None = None, **_: object) -> None:
        super().settle(staged_key, key, sha256=sha256, size_bytes=size_bytes)
        if self.forgets:
            self.remove(key)


class Overtaken(MemoryBucket):
    """A bucket in which another worker is at work just before it is asked for something for the first time."""

    other_worker: Callable[[], None] | None = None

    def find(self, key: str) -> StoredObject | None:
        work, self.other_worker = self.other_worker, None
        if work:
            work()
        return super().find(key)


def submitted(crew: Crew, *contents: bytes) -> Drafted:
    """A version of these contents whose maker has asked for publication."""
    crew.registers("prp_chair", by=crew.artist)
    files = [stored(f"part{number}.usd", content) for number, content in enumerate(contents)]
    drafted = crew.drafts("prp_chair", *files, by=crew.artist)
    crew.submits("prp_chair", 1, by=crew.artist)
    return drafted


def lose_lease(_progress: float) -> None:
    raise LeaseLost


def version(crew: Crew) -> AssetVersion:
    with crew.view(crew.artist) as view:
        return queries.get_version(view, "prp_chair", 1)


def kept(crew: Crew) -> list[str]:
    """Everything that lies among the originals."""
    return [found.key for found in crew.stores.originals.walk()]


def blob_count(crew: Crew) -> int:
    with crew.desk.read() as session:
        return session.scalar(select(func.count()).select_from(Blob)) or 0


def in_parts(crew: Crew, drafted: Drafted, content: bytes, size: int) -> tuple[str, list[Part]]:
    """Let a blob travel in parts of ``size`` bytes, as only very large ones do by themselves; its transfer."""
    pieces = [content[start : start + size] for start in range(0, len(content), size)]
    parts = [Part(number=n, sha256=digest(one), size_bytes=len(one)) for n, one in enumerate(pieces, start=1)]
    transfer_id = crew.stores.transfers.begin(incoming_key(drafted.id, digest(content)))
    with crew.desk.bookkeeping() as session:
        session.execute(
            update(Upload)
            .where(Upload.version_id == drafted.id)
            .values(part_size_bytes=size, part_sha256=[part.sha256 for part in parts], transfer_id=transfer_id)
        )
    return transfer_id, parts


def test_a_version_whose_bytes_arrived_is_published(crew: Crew) -> None:
    drafted = submitted(crew, MODEL, LOOK)
    crew.brings(drafted.id, MODEL, LOOK)

    crew.settles(drafted.id)

    assert version(crew).status == "published"
    assert kept(crew) == sorted(blob_key(digest(content)) for content in (MODEL, LOOK))
    assert blob_count(crew) == 2
    assert crew.entries("version.published")[-1].actor["name"] == "worker:tests"


def test_a_version_of_an_asset_that_was_retired_meanwhile_is_given_back_with_the_reason(crew: Crew) -> None:
    drafted = submitted(crew, MODEL)
    crew.brings(drafted.id, MODEL)
    with crew.work(crew.supervisor) as work:
        registry.retire(work, "prp_chair", "broken")

    crew.settles(drafted.id)

    returned = version(crew)
    assert (returned.status, returned.problem) == (
        "draft",
        "prp_chair is retired; reinstate it before you publish",
    )


def test_bytes_that_a_sweep_removed_while_they_were_entered_are_settled_again(crew: Crew, tmp_path: Path) -> None:
    drafted = submitted(crew, MODEL)
    forgetful = Forgetful()
    losing = replace(crew.stores, originals=forgetful, staging=forgetful, transfers=forgetful)
    forgetful.put(incoming_key(drafted.id, digest(MODEL)), MODEL, sha256=digest(MODEL))

    with pytest.raises(Unavailable, match="1 blobs were lost while they were entered"):
        settle_version(replace(crew.workshop(tmp_path), stores=losing), drafted.id)
    with crew.desk.read() as session:
        assert session.scalars(select(Blob.state)).one() == "missing"
    forgetful.forgets = False
    settle_version(replace(crew.workshop(tmp_path), stores=losing), drafted.id)

    assert version(crew).status == "published"
    assert [found.key for found in forgetful.walk()] == [blob_key(digest(MODEL))]


def test_settling_twice_publishes_once(crew: Crew) -> None:
    drafted = submitted(crew, MODEL)
    crew.brings(drafted.id, MODEL)

    crew.settles(drafted.id)
    crew.settles(drafted.id)

    assert crew.types("version.published") == ["version.published/1"]
    assert blob_count(crew) == 1


def test_a_worker_that_was_overtaken_unknowingly_does_not_give_a_complete_version_back(
    crew: Crew, tmp_path: Path
) -> None:
    drafted = submitted(crew, MODEL)
    bucket = Overtaken()
    bucket.put(incoming_key(drafted.id, digest(MODEL)), MODEL, sha256=digest(MODEL))
    stores = replace(crew.stores, originals=bucket, staging=bucket, transfers=bucket)
    workshop = replace(crew.workshop(tmp_path), stores=stores)

    def settle_but_not_publish() -> None:
        with suppress(LeaseLost):
            settle_version(replace(workshop, beat=lose_lease), drafted.id)

    bucket.other_worker = settle_but_not_publish
    settle_version(workshop, drafted.id)

    assert (version(crew).status, version(crew).problem) == ("published", None)
    assert crew.types("version.refused") == []


def test_bytes_that_never_arrived_give_the_version_back_with_the_reason(crew: Crew) -> None:
    drafted = submitted(crew, MODEL, LOOK)
    crew.brings(drafted.id, MODEL)

    crew.settles(drafted.id)

    returned = version(crew)
    assert returned.status == "draft"
    assert digest(LOOK) in str(returned.problem)
    assert "did not arrive" in str(returned.problem)
    assert crew.entries("version.refused")[-1].values == {"number": 1, "problem": returned.problem}


def test_what_arrived_of_a_version_that_was_given_back_need_not_be_brought_again(crew: Crew) -> None:
    drafted = submitted(crew, MODEL, LOOK)
    crew.brings(drafted.id, MODEL)
    crew.settles(drafted.id)
    refused = version(crew)

    crew.brings(drafted.id, LOOK)
    crew.submits("prp_chair", 1, by=crew.artist)
    crew.settles(drafted.id)

    assert [one["code"] for one in refused.problem_codes or []] == ["bytes-missing"]
    assert (version(crew).status, version(crew).problem, version(crew).problem_codes) == ("published", None, None)


def test_other_bytes_than_were_declared_are_removed_and_told(crew: Crew) -> None:
    drafted = submitted(crew, MODEL)
    crew.stores.originals.put(incoming_key(drafted.id, digest(MODEL)), b"virus", sha256=digest(b"virus"))

    crew.settles(drafted.id)

    returned = version(crew)
    assert returned.status == "draft"
    assert f"5 bytes with the digest {digest(b'virus')}" in str(returned.problem)
    assert kept(crew) == []
    assert blob_count(crew) == 0


def test_the_right_bytes_after_the_wrong_ones_publish_the_version(crew: Crew) -> None:
    drafted = submitted(crew, MODEL)
    crew.stores.originals.put(incoming_key(drafted.id, digest(MODEL)), b"virus", sha256=digest(b"virus"))
    crew.settles(drafted.id)

    again = crew.drafts("prp_chair", stored("part0.usd", MODEL), by=crew.artist)
    crew.brings(drafted.id, MODEL)
    crew.submits("prp_chair", 1, by=crew.artist)
    crew.settles(drafted.id)

    assert again.outcome == "resumed"
    assert version(crew).status == "published"


def test_of_many_problems_five_are_told_and_the_rest_counted(crew: Crew) -> None:
    drafted = submitted(crew, *(f"content {number}".encode() for number in range(9)))

    crew.settles(drafted.id)

    problem = str(version(crew).problem)
    assert problem.count("did not arrive") == 5
    assert problem.endswith("(and 4 more)")


def test_bytes_in_parts_are_put_together_and_verified_as_a_whole(crew: Crew) -> None:
    drafted = submitted(crew, b"a large scan")
    transfer_id, parts = in_parts(crew, drafted, b"a large scan", 5)
    for part, piece in zip(parts, (b"a lar", b"ge sc", b"an"), strict=True):
        crew.stores.transfers.receive(incoming_key(drafted.id, digest(b"a large scan")), transfer_id, part, piece)

    crew.settles(drafted.id)

    assert version(crew).status == "published"
    assert b"".join(crew.stores.originals.open(blob_key(digest(b"a large scan")))) == b"a large scan"


def test_a_missing_part_gives_the_version_back_and_keeps_the_others(crew: Crew) -> None:
    drafted = submitted(crew, b"a large scan")
    key = incoming_key(drafted.id, digest(b"a large scan"))
    transfer_id, parts = in_parts(crew, drafted, b"a large scan", 5)
    crew.stores.transfers.receive(key, transfer_id, parts[0], b"a lar")

    crew.settles(drafted.id)

    assert version(crew).status == "draft"
    assert "2 of 3 parts" in str(version(crew).problem)
    assert [part.number for part in crew.stores.transfers.parts(key, transfer_id)] == [1]


def test_parts_that_were_given_up_are_begun_again(crew: Crew) -> None:
    drafted = submitted(crew, b"a large scan")
    transfer_id, _ = in_parts(crew, drafted, b"a large scan", 5)
    crew.stores.transfers.abort(incoming_key(drafted.id, digest(b"a large scan")), transfer_id)

    crew.settles(drafted.id)

    with crew.desk.read() as session:
        assert session.scalars(select(Upload.transfer_id)).one() is None
    assert version(crew).status == "draft"


def test_parts_that_were_never_begun_give_the_version_back(crew: Crew) -> None:
    drafted = submitted(crew, b"a large scan")
    in_parts(crew, drafted, b"a large scan", 5)
    with crew.desk.bookkeeping() as session:
        session.execute(update(Upload).values(transfer_id=None))

    crew.settles(drafted.id)

    assert "no part of" in str(version(crew).problem)


def test_a_crash_after_the_copy_and_before_the_row_is_mended(crew: Crew) -> None:
    drafted = submitted(crew, MODEL)
    crew.brings(drafted.id, MODEL)
    staged = Staged(key=incoming_key(drafted.id, digest(MODEL)), sha256=digest(MODEL), size_bytes=len(MODEL))
    custody.settle(crew.stores, staged, is_verified=False)

    crew.settles(drafted.id)

    assert version(crew).status == "published"
    assert kept(crew) == [blob_key(digest(MODEL))]


def test_a_crash_after_the_row_and_before_publication_is_mended(crew: Crew) -> None:
    drafted = submitted(crew, MODEL)
    crew.brings(drafted.id, MODEL)
    staged = Staged(key=incoming_key(drafted.id, digest(MODEL)), sha256=digest(MODEL), size_bytes=len(MODEL))
    custody.settle(crew.stores, staged, is_verified=False)
    with crew.desk.bookkeeping() as session:
        blobs.mark_verified(session, {digest(MODEL): len(MODEL)}, store=crew.stores.name, now=now())
        session.execute(update(Upload).values(settled=True))

    crew.settles(drafted.id)

    assert version(crew).status == "published"


def test_a_crash_between_the_parts_and_the_copy_is_mended(crew: Crew) -> None:
    drafted = submitted(crew, b"a large scan")
    key = incoming_key(drafted.id, digest(b"a large scan"))
    transfer_id, parts = in_parts(crew, drafted, b"a large scan", 6)
    for part, piece in zip(parts, (b"a larg", b"e scan"), strict=True):
        crew.stores.transfers.receive(key, transfer_id, part, piece)
    crew.stores.transfers.finish(key, transfer_id, parts)

    crew.settles(drafted.id)

    assert version(crew).status == "published"


def test_bytes_that_the_store_has_already_are_merged_silently(crew: Crew) -> None:
    crew.has_group("orion")
    crew.registers("prp_hidden", audience=("orion",))
    crew.publishes("prp_hidden", {"a.usd": MODEL})
    drafted = submitted(crew, MODEL)
    crew.brings(drafted.id, MODEL)

    crew.settles(drafted.id)

    assert version(crew).status == "published"
    assert (kept(crew), blob_count(crew)) == ([blob_key(digest(MODEL))], 1)


def test_bytes_that_the_database_knows_but_the_store_lost_are_put_back(crew: Crew) -> None:
    crew.publishes("prp_table", {"a.usd": MODEL})
    crew.stores.originals.remove(blob_key(digest(MODEL)))
    crew.has_group("orion")
    drafted = crew.drafts("prp_table", stored("b.usd", MODEL), stored("c.usd", LOOK), by=crew.artist)
    with crew.desk.bookkeeping() as session:
        session.add(Upload(version_id=drafted.id, sha256=digest(MODEL), size_bytes=5, settled=False))
    crew.brings(drafted.id, MODEL, LOOK)
    crew.submits("prp_table", 2, by=crew.artist)

    crew.settles(drafted.id)

    assert blob_key(digest(MODEL)) in kept(crew)


def test_a_version_that_nobody_submitted_is_left_alone(crew: Crew) -> None:
    crew.registers("prp_chair")
    drafted = crew.drafts("prp_chair", stored("a.usd", MODEL), by=crew.artist)
    crew.brings(drafted.id, MODEL)

    crew.settles(drafted.id)
    crew.settles(new_id())

    assert version(crew).status == "draft"
    assert blob_count(crew) == 0


def test_more_blobs_than_one_batch_are_settled_and_told_as_they_go(crew: Crew, tmp_path: Path) -> None:
    contents = [f"content {number}".encode() for number in range(130)]
    drafted = submitted(crew, *contents)
    crew.brings(drafted.id, *contents)
    told: list[float] = []

    settle_version(replace(crew.workshop(tmp_path), beat=told.append), drafted.id)

    assert version(crew).status == "published"
    assert [round(progress, 2) for progress in told] == [0.49, 0.98, 1.0]


def test_a_worker_that_lost_its_lease_stops_and_the_next_one_goes_on(crew: Crew, tmp_path: Path) -> None:
    contents = [f"content {number}".encode() for number in range(70)]
    drafted = submitted(crew, *contents)
    crew.brings(drafted.id, *contents)

    with pytest.raises(LeaseLost):
        settle_version(replace(crew.workshop(tmp_path), beat=lose_lease), drafted.id)
    before = version(crew).status
    crew.settles(drafted.id)

    assert (before, version(crew).status) == ("verifying", "published")


def test_a_store_that_cannot_be_reached_leaves_the_version_to_another_attempt(crew: Crew, tmp_path: Path) -> None:
    drafted = submitted(crew, MODEL)
    crew.brings(drafted.id, MODEL)
    unreachable = replace(crew.stores, originals=Unreachable())

    with pytest.raises(Unavailable, match="the store does not answer"):
        settle_version(replace(crew.workshop(tmp_path), stores=unreachable), drafted.id)
    before = version(crew).status
    crew.settles(drafted.id)

    assert (before, version(crew).status) == ("verifying", "published")


def test_bytes_that_a_sweep_removes_at_this_moment_are_settled_again_later(crew: Crew) -> None:
    drafted = submitted(crew, MODEL)
    crew.brings(drafted.id, MODEL)
    with crew.desk.bookkeeping() as session:
        blobs.doom(session, {digest(MODEL): len(MODEL)}, store=crew.stores.name, now=now())

    with pytest.raises(Unavailable, match="is being removed by a sweep"):
        crew.settles(drafted.id)
    with crew.desk.bookkeeping() as session:
        blobs.forget_doomed(session, [digest(MODEL)])
    crew.settles(drafted.id)

    assert version(crew).status == "published"


def test_a_version_that_was_withdrawn_while_it_was_verified_stays_withdrawn(crew: Crew, tmp_path: Path) -> None:
    drafted = submitted(crew, MODEL)
    crew.brings(drafted.id, MODEL)

    def withdrawn_meanwhile(_progress: float) -> None:
        with crew.desk.bookkeeping() as session:
            session.execute(update(AssetVersion).values(status="withdrawn"))

    settle_version(replace(crew.workshop(tmp_path), beat=withdrawn_meanwhile), drafted.id)

    assert crew.types("version.published") == []
