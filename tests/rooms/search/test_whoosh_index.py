"""What only an index on disk must stand: being killed, damaged, outdated, shared by processes, followed for months."""

import os
import resource
import signal
import stat
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import pytest
from whoosh.index import TOC, EmptyIndexError, FileIndex

from catalog.kernel.errors import Conflict, Unavailable
from catalog.search.opening import open_index
from catalog.search.port import Document, Removal, SearchAnswer, SearchQuery
from catalog.search.query import parse
from catalog.search.vocabulary import Facet
from catalog.search.whoosh_index.asking import search
from catalog.search.whoosh_index.folder import IndexFolder
from catalog.search.whoosh_index.index import WhooshIndex
from catalog.search.whoosh_index.merging import Merger
from catalog.search.whoosh_index.schema import GROUPS, new_schema
from catalog.search.whoosh_index.segment import Vocabulary
from catalog.search.whoosh_index.snapshot import Snapshot, take
from catalog.search.whoosh_index.storage import DurableStorage
from catalog.search.whoosh_index.writing import commit, due_segments, install, merge
from tests.house.source import ROOT


def asset(number: int, name: str = "Wolf") -> Document:
    return Document(
        id=UUID(int=number),
        code=f"prp_{number}",
        name=name,
        kind="prop",
        status="active",
        updated_at=datetime(2026, 1, 1, tzinfo=UTC),
        asset_audience="studio",
        show_audience="studio",
    )


def total(index: WhooshIndex, text: str = "") -> int:
    return index.search(SearchQuery(audiences=None, text=parse(text))).total


def live_folder(root: Path) -> Path:
    return root / (root / "CURRENT").read_text().strip()


def segment_files(root: Path) -> list[Path]:
    return sorted(live_folder(root).glob("*.seg"))


@contextmanager
def child(script: str, *arguments: str) -> Iterator[subprocess.Popen[str]]:
    """A process of its own that runs a script and says a line when it is ready."""
    command = [sys.executable, "-c", script, *arguments]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


@contextmanager
def full_disk() -> Iterator[None]:
    """No file can grow beyond some bytes."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (2_000, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


WRITES_FOREVER = """
import sys
from pathlib import Path
from tests.rooms.search.test_whoosh_index import WhooshIndex, asset
index = WhooshIndex(Path(sys.argv[1]))
print("ready", flush=True)
while True:
    seq = index.seq
    index.write([asset(number, f"Wolf state{seq + 1}") for number in range(1, 31)], seq, seq + 1)
"""


def test_searches_are_answered_from_what_is_held_while_another_thread_opens_what_was_written(tmp_path: Path) -> None:
    index = WhooshIndex(tmp_path)
    index.write([asset(1)], 0, 1)
    WhooshIndex(tmp_path).write([asset(2)], 1, 2)

    with index._opening:  # as a thread holds it that opens a large segment
        meanwhile = (total(index), index.seq)
    afterwards = (total(index), index.seq)

    assert (meanwhile, afterwards) == ((1, 1), (2, 2))


def test_the_folder_is_readable_by_its_owner_alone(tmp_path: Path) -> None:
    WhooshIndex(tmp_path / "index").write([asset(1)], 0, 1)

    folders = [tmp_path / "index", live_folder(tmp_path / "index")]

    assert [stat.S_IMODE(folder.stat().st_mode) for folder in folders] == [0o700, 0o700]


def test_another_process_opens_what_was_written(tmp_path: Path) -> None:
    WhooshIndex(tmp_path).write([asset(1), asset(2)], 0, 9)

    again = WhooshIndex(tmp_path)

    assert (total(again, "wolf"), again.seq) == (2, 9)


def test_two_that_have_it_open_see_each_others_writes(tmp_path: Path) -> None:
    one, other = WhooshIndex(tmp_path), WhooshIndex(tmp_path)
    one.write([asset(1)], 0, 1)
    assert total(other) == 1

    other.write([asset(2), Removal(id=UUID(int=1))], 1, 2)

    assert (total(one), one.seq) == (1, 2)


@pytest.mark.slow
def test_a_writer_killed_at_any_moment_leaves_a_whole_state_that_the_seq_names(tmp_path: Path) -> None:
    for attempt in range(8):
        with child(WRITES_FOREVER, str(tmp_path)) as writer:
            assert writer.stdout
            assert writer.stdout.readline() == "ready\n"
            time.sleep(0.03 + attempt * 0.023)
            os.kill(writer.pid, signal.SIGKILL)
            writer.wait()

        index = WhooshIndex(tmp_path)
        seq = index.seq

        assert total(index, f"state{seq} ") == total(index) == (30 if seq else 0)
        index.write([], seq, seq + 1)
        index.write([asset(number, f"Wolf state{seq + 2}") for number in range(1, 31)], seq + 1, seq + 2)


@pytest.mark.slow
def test_searches_go_on_while_another_process_writes(tmp_path: Path) -> None:
    index = WhooshIndex(tmp_path)
    index.write([asset(number, "Wolf state1") for number in range(1, 31)], 0, 1)
    seen: dict[int, int] = {}

    with child(WRITES_FOREVER, str(tmp_path)) as writer:
        while len(seen) < 12:
            assert writer.poll() is None
            answer = index.search(SearchQuery(audiences=None, text=parse("wolf")))
            seen[answer.seq] = answer.total

    assert set(seen.values()) == {30}


def test_an_index_that_follows_single_changes_keeps_few_segments(tmp_path: Path) -> None:
    index = WhooshIndex(tmp_path)

    for seq in range(150):
        index.write([asset(seq % 60 + 1)], seq, seq + 1)

    assert total(index) == 60
    assert len(segment_files(tmp_path)) <= 8


def test_large_segments_are_merged_beside_commits_without_changing_an_answer(tmp_path: Path) -> None:
    index = new_index(tmp_path)
    for seq in range(1, 6):
        write_apart(index, tmp_path, [asset(seq * 10 + number, f"Wolf {seq}") for number in range(3)], seq)
    write_apart(index, tmp_path, [Removal(id=UUID(int=31)), asset(50, "Fox")], 6)
    before = everything(tmp_path)

    made = merge(index, due_segments(taken(index, tmp_path)))
    install(index, taken(index, tmp_path), made)

    assert (len(before.hits), before.seq) == (14, 6)
    assert everything(tmp_path) == before
    assert len(list(tmp_path.glob("*.seg"))) == 1
    assert not due_segments(taken(index, tmp_path))


def test_what_changes_while_segments_are_merged_is_as_it_was_changed(tmp_path: Path) -> None:
    index = new_index(tmp_path)
    for seq in range(1, 4):
        write_apart(index, tmp_path, [asset(seq * 10 + number, f"Wolf {seq}") for number in range(3)], seq)

    made = merge(index, due_segments(taken(index, tmp_path)))
    commit(
        index,
        taken(index, tmp_path),
        [Removal(id=UUID(int=10)), asset(20, "Wolf, the new one")],
        4,
        busy={each.key for each in made.parts},
    )
    before = everything(tmp_path)
    install(index, taken(index, tmp_path), made)

    assert (len(before.hits), before.seq) == (8, 4)
    assert everything(tmp_path) == before
    assert len(list(tmp_path.glob("*.seg"))) == 2


def test_a_merge_of_what_somebody_else_merged_is_for_nothing(tmp_path: Path) -> None:
    index = new_index(tmp_path)
    for seq in range(1, 4):
        write_apart(index, tmp_path, [asset(seq * 10, f"Wolf {seq}")], seq)
    made = merge(index, due_segments(taken(index, tmp_path)))
    commit(index, taken(index, tmp_path), [asset(40, "Wolf 4")], 4)
    before = everything(tmp_path)

    install(index, taken(index, tmp_path), made)

    assert everything(tmp_path) == before
    assert len(before.hits) == 4


def test_commits_leave_large_merges_to_the_background(tmp_path: Path) -> None:
    index = WhooshIndex(tmp_path, at_once=0)

    for seq in range(20):
        index.write([asset(seq * 3 + number) for number in range(1, 4)], seq, seq + 1)
    index.settle()

    assert (total(index), index.seq) == (60, 20)
    assert len(segment_files(tmp_path)) <= 6


def test_what_killed_writers_and_merges_left_is_removed(tmp_path: Path) -> None:
    index = WhooshIndex(tmp_path, at_once=0)
    index.write([asset(1)], 0, 1)
    folder = live_folder(tmp_path)
    (folder / "_MAIN_7.toc.1790000000.5").write_bytes(b"half a table of contents")
    (folder / "merging-MAIN_abc.seg").write_bytes(b"half a segment")

    index.write([asset(2)], 1, 2)
    index.write([asset(3)], 2, 3)
    index.settle()

    assert not [path.name for path in folder.iterdir() if "toc." in path.name or "abc" in path.name]
    assert total(index) == 3


@pytest.mark.parametrize("kind", [OSError, EmptyIndexError])
def test_merging_that_is_refused_is_tried_again_with_the_next_commit(kind: type[Exception]) -> None:
    refused = iter([True, False])
    merged: list[str] = []

    def merge_once() -> bool:
        if next(refused, False):
            message = "no space left"
            raise kind(message)
        merged.append("merged")
        return False

    merger = Merger(merge_once)
    merger.wake()
    merger.wait()
    merger.wake()
    merger.wait()

    assert merged == ["merged"]


def test_segments_that_are_half_dead_are_copied_as_far_as_there_is_room_for_it(tmp_path: Path) -> None:
    index = new_index(tmp_path)
    for seq, size in enumerate((4, 6, 20), 1):
        documents = [asset(seq * 100 + number) for number in range(size)]
        commit(index, taken(index, tmp_path), documents, seq, at_once=0)
    commit(index, taken(index, tmp_path), [Removal(id=UUID(int=300 + number)) for number in range(10)], 4, at_once=0)

    due = due_segments(taken(index, tmp_path), most=12)

    assert [each.contents.count for each in due] == [20]


def test_a_segment_whose_documents_are_mostly_dead_is_written_anew(tmp_path: Path) -> None:
    index = new_index(tmp_path)
    write_apart(index, tmp_path, [asset(number) for number in range(1, 10)], 1)

    commit(index, taken(index, tmp_path), [Removal(id=UUID(int=number)) for number in range(1, 5)], 2)

    assert [(each.count, each.deleted_count()) for each in TOC.read(index.storage, index.indexname).segments] == [
        (5, 0)
    ]


def new_index(folder: Path) -> FileIndex:
    index: FileIndex = DurableStorage(folder).create_index(new_schema())
    return index


def taken(index: FileIndex, folder: Path) -> Snapshot:
    return take(index, folder, {str(group): Vocabulary() for group in GROUPS}, {})


def write_apart(index: FileIndex, folder: Path, changes: list[Document | Removal], seq: int) -> None:
    """Write changes into a segment of their own, as if they were many."""
    commit(index, taken(index, folder), changes, seq, at_once=0)


def everything(folder: Path) -> SearchAnswer:
    index = FileIndex(DurableStorage(folder))
    return search(taken(index, folder), SearchQuery(audiences=None, text=parse("wolf OR fo"), facets=tuple(Facet)))


@pytest.mark.parametrize(
    "harm",
    [
        lambda path: path.write_bytes(path.read_bytes()[: path.stat().st_size // 2]),
        lambda path: path.write_bytes(b"\0" * path.stat().st_size),
        lambda path: path.write_bytes(b""),
        lambda path: path.unlink(),
        lambda path: path.write_bytes(path.read_bytes()[:200] + b"\xff" + path.read_bytes()[201:]),
    ],
    ids=["cut", "zeroed", "emptied", "removed", "one byte"],
)
@pytest.mark.parametrize("which", ["*.seg", "*.toc"])
def test_a_damaged_index_is_found_when_it_is_opened_and_set_aside(tmp_path: Path, harm: object, which: str) -> None:
    WhooshIndex(tmp_path).write([asset(1)], 0, 1)
    (victim,) = live_folder(tmp_path).glob(which)
    assert callable(harm)
    harm(victim)

    with pytest.raises(Unavailable, match="catalog admin reindex") as damaged:
        total(WhooshIndex(tmp_path))
    with pytest.raises(Unavailable, match="catalog admin reindex") as missing:
        total(WhooshIndex(tmp_path))

    assert (damaged.value.code, missing.value.code) == ("index-damaged", "index-missing")
    assert [folder.name.endswith(".damaged") for folder in tmp_path.glob("v*")] == [True]


def test_a_rebuild_cures_a_damaged_index(tmp_path: Path) -> None:
    WhooshIndex(tmp_path).write([asset(1)], 0, 1)
    segment_files(tmp_path)[0].write_bytes(b"")
    index = WhooshIndex(tmp_path)
    with pytest.raises(Unavailable):
        total(index)

    with index.rebuilding() as fresh:
        fresh.write([asset(2)], 0, 4)

    assert (total(index), index.seq) == (1, 4)
    assert [folder.name for folder in tmp_path.glob("v*")] == [live_folder(tmp_path).name]


def test_an_index_of_another_version_says_so(tmp_path: Path) -> None:
    WhooshIndex(tmp_path).write([asset(1)], 0, 1)
    folder = live_folder(tmp_path)
    folder.rename(tmp_path / "v0.9-0123456789ab")
    (tmp_path / "CURRENT").write_text("v0.9-0123456789ab\n")
    index = WhooshIndex(tmp_path)

    with pytest.raises(Unavailable, match=r"version 0\.9.*catalog admin reindex") as refusal:
        total(index)

    assert refusal.value.code == "index-outdated"
    with index.rebuilding() as fresh:
        fresh.write([asset(1)], 0, 1)
    assert total(index) == 1


def test_only_one_rebuilds_at_a_time(tmp_path: Path) -> None:
    with (
        WhooshIndex(tmp_path).rebuilding(),
        pytest.raises(Conflict, match="being rebuilt already"),
        WhooshIndex(tmp_path).rebuilding(),
    ):
        pass


def test_a_write_that_the_disk_refuses_changes_nothing_and_says_why(tmp_path: Path) -> None:
    index = WhooshIndex(tmp_path)
    index.write([asset(1)], 0, 1)

    with full_disk(), pytest.raises(Unavailable, match="cannot be written now") as refusal:
        index.write([asset(2)], 1, 2)
    assert (total(index), index.seq) == (1, 1)
    index.write([asset(2)], 1, 2)

    assert refusal.value.code == "index-unwritable"
    assert (total(index), index.seq) == (2, 2)


def test_a_document_that_cannot_be_written_does_not_keep_others_out(tmp_path: Path) -> None:
    index = WhooshIndex(tmp_path)
    broken = replace(asset(1), updated_at=None)  # type: ignore[arg-type] # what no database holds

    with pytest.raises(TypeError):
        index.write([broken], 0, 1)
    index.write([asset(2)], 0, 1)

    assert (total(index), index.seq) == (1, 1)


def test_the_settings_folder_opens_as_an_index(tmp_path: Path) -> None:
    index = open_index(tmp_path / "index")

    index.write([asset(1)], 0, 1)

    assert index.search(SearchQuery(audiences=None)).total == 1


def test_what_a_killed_rebuild_left_is_cleared_by_the_next(tmp_path: Path) -> None:
    index = WhooshIndex(tmp_path)
    index.write([asset(1)], 0, 1)
    left = IndexFolder(tmp_path).new()

    with index.rebuilding() as fresh:
        fresh.write([asset(2)], 0, 1)

    assert not left.exists()
    assert [folder.name for folder in tmp_path.glob("v*")] == [live_folder(tmp_path).name]


def test_a_writer_that_waits_too_long_says_who_is_in_the_way(tmp_path: Path) -> None:
    folder = IndexFolder(tmp_path)

    with folder.writing(), pytest.raises(Unavailable, match="another process has been writing"), folder.writing(0.05):
        pass


def test_an_index_that_cannot_be_read_now_is_not_called_damaged(tmp_path: Path) -> None:
    WhooshIndex(tmp_path).write([asset(1)], 0, 1)
    (victim,) = segment_files(tmp_path)
    kept = victim.rename(tmp_path / "kept")
    victim.mkdir()  # the operating system refuses to open it as a file

    with pytest.raises(Unavailable) as refusal:
        total(WhooshIndex(tmp_path))
    victim.rmdir()
    kept.rename(victim)

    assert refusal.value.code == "index-unreadable"
    assert total(WhooshIndex(tmp_path)) == 1
