"""Whatever a child does ends in an answer of the expected type or in one ``ChildFailed``, and harms nothing."""

import base64
import os
import signal
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path, PurePosixPath
from typing import TypeVar

import pytest
from pydantic import TypeAdapter

from catalog.kernel.errors import InvalidInput
from catalog.media.asking import Bench
from catalog.media.children import ChildFailed, FailureReason, Nursery, Task
from catalog.media.confinement import MIB, Limits
from catalog.media.facts import Inspection
from tests import files

T = TypeVar("T")

ROOT = Path(__file__).resolve().parents[3]
ANY: TypeAdapter[object] = TypeAdapter(object)
QUICK = Limits(wall_s=90, cpu_s=10)


class FlakyNursery(Nursery):
    """A nursery whose readers crash on one file."""

    def __init__(self) -> None:
        """Start nothing."""

    def run(self, task: Task[T], *, paths: list[str], **_more: object) -> T:  # type: ignore[override]  # only what measuring asks
        if "evil.png" in paths:
            raise ChildFailed("the reader crashed (signal 11)", reason=FailureReason.CRASHED, signal=11)
        return task.answer.validate_python([Inspection() for _ in paths])


class LyingNursery(Nursery):
    """A nursery whose painters answer something of the right shape that is not true."""

    def __init__(self, lie: str) -> None:
        """Start nothing."""
        self._lie = lie
        self.folder = Path(tempfile.mkdtemp())

    def run(self, task: Task[T], **_more: object) -> T:
        webp = base64.b64encode(b"RIFF\0\0\0\0WEBPVP8 ").decode()
        content = {"no WebP": base64.b64encode(b"GIF89a").decode(), "no base64": "%%%"}.get(self._lie, webp)
        sides = (240, 480) if self._lie == "two sizes" else (240, 480, 960)
        thumbnails = [{"side_px": side, "width_px": 9, "height_px": 9, "content": content} for side in sides]
        color = "red" if self._lie == "no color" else "dc-00"
        drawing = {"thumbnails": thumbnails, "dominant_color": color, "caption": "", "tool": "t", "tool_version": "1"}
        return task.answer.validate_python(drawing)


def _task(name: str, limits: Limits = QUICK) -> Task[object]:
    return Task(name=f"tests.rooms.media.mischief:{name}", answer=ANY, limits=limits)


def _failure(nursery: Nursery, folder: Path, name: str, limits: Limits = QUICK) -> ChildFailed:
    with pytest.raises(ChildFailed) as caught:
        nursery.run(_task(name, limits), folder=folder)
    return caught.value


def test_a_child_returns_what_it_was_asked(nursery: Nursery, tmp_path: Path) -> None:
    answer = nursery.run(_task("echo"), folder=tmp_path, value={"faces": [1, 2.5, "four"]})

    assert answer == {"faces": [1, 2.5, "four"]}


def test_a_child_that_crashes_is_one_refusal_that_names_the_signal(nursery: Nursery, tmp_path: Path) -> None:
    failure = _failure(nursery, tmp_path, "crash")

    assert (failure.reason, failure.signal) == (FailureReason.CRASHED, signal.SIGSEGV)
    assert isinstance(failure, InvalidInput)
    assert nursery.run(_task("echo"), folder=tmp_path, value=1) == 1


def test_a_child_that_hangs_is_ended(nursery: Nursery, tmp_path: Path) -> None:
    started = time.monotonic()

    failure = _failure(nursery, tmp_path, "hang", Limits(wall_s=0.5, cpu_s=10))

    assert failure.reason is FailureReason.TIMED_OUT
    assert time.monotonic() - started < 120
    assert _descendants(nursery) == []


def test_a_child_that_computes_for_ever_is_ended(nursery: Nursery, tmp_path: Path) -> None:
    failure = _failure(nursery, tmp_path, "compute_for_ever", Limits(wall_s=90, cpu_s=1))

    assert failure.reason is FailureReason.TIMED_OUT


def test_a_child_that_eats_memory_is_stopped_by_its_limit(nursery: Nursery, tmp_path: Path) -> None:
    failure = _failure(nursery, tmp_path, "eat_memory")

    assert failure.reason is FailureReason.OUT_OF_MEMORY


def test_a_child_cannot_fill_the_disk(nursery: Nursery, tmp_path: Path) -> None:
    with pytest.raises(ChildFailed) as caught:
        nursery.run(
            _task("write_without_end", Limits(wall_s=90, cpu_s=10, file_bytes=4 * MIB)),
            folder=tmp_path,
            writable=[tmp_path],
            where=str(tmp_path),
        )

    assert caught.value.reason is FailureReason.REFUSED


def test_a_reader_that_raises_is_a_refusal_with_its_words(nursery: Nursery, tmp_path: Path) -> None:
    failure = _failure(nursery, tmp_path, "refuse")

    assert failure.reason is FailureReason.REFUSED
    assert failure.message == "ValueError: the header says 7 bytes, 3 follow"


def test_of_what_a_child_prints_the_end_is_kept(nursery: Nursery, tmp_path: Path) -> None:
    failure = _failure(nursery, tmp_path, "print_a_lot")

    assert len(failure.last_words) <= 4096
    assert "the last word" in failure.last_words


@pytest.mark.parametrize("mischief", ["write_garbage_and_leave", "leave_quietly", "answer_without_end"])
def test_an_answer_that_is_none_is_not_believed(nursery: Nursery, tmp_path: Path, mischief: str) -> None:
    failure = _failure(nursery, tmp_path, mischief)

    assert failure.reason in (FailureReason.GARBLED, FailureReason.CRASHED)


def test_a_child_that_stays_after_its_answer_is_ended(nursery: Nursery, tmp_path: Path) -> None:
    answer = nursery.run(_task("answer_and_stay"), folder=tmp_path)

    assert answer == 7
    assert _descendants(nursery) == []


def test_the_end_of_a_child_that_can_write_is_waited_for(nursery: Nursery, tmp_path: Path) -> None:
    with pytest.raises(ChildFailed) as caught:
        nursery.run(
            _task("answer_and_stay", Limits(wall_s=0.5, cpu_s=10)), folder=tmp_path, writable=[tmp_path / "own"]
        )

    assert caught.value.reason is FailureReason.TIMED_OUT


def test_half_an_answer_is_not_believed(nursery: Nursery, tmp_path: Path) -> None:
    failure = _failure(nursery, tmp_path, "answer_half_and_crash")

    assert (failure.reason, failure.signal) == (FailureReason.CRASHED, signal.SIGSEGV)


def test_an_answer_of_another_type_is_not_believed(nursery: Nursery, tmp_path: Path) -> None:
    wants_a_number = Task(name="tests.rooms.media.mischief:echo", answer=TypeAdapter(int), limits=QUICK)

    with pytest.raises(ChildFailed) as caught:
        nursery.run(wants_a_number, folder=tmp_path, value="forty-two")

    assert caught.value.reason is FailureReason.GARBLED


def test_children_run_side_by_side(nursery: Nursery, tmp_path: Path) -> None:
    with ThreadPoolExecutor(max_workers=6) as threads:
        answers = list(threads.map(lambda number: nursery.run(_task("echo"), folder=tmp_path, value=number), range(24)))

    assert answers == list(range(24))


def test_a_nursery_that_died_is_replaced(tmp_path: Path) -> None:
    nursery = Nursery()
    nursery.run(_task("echo"), folder=tmp_path, value=1)

    os.kill(nursery._process.pid, signal.SIGKILL)
    nursery._process.wait()

    assert nursery.run(_task("echo"), folder=tmp_path, value=2) == 2
    nursery.close()


def test_a_child_that_is_ended_while_it_stands_by_is_replaced(tmp_path: Path) -> None:
    nursery = Nursery()
    nursery.run(_task("echo"), folder=tmp_path, value=1)
    listing = Path(f"/proc/{nursery._process.pid}/task/{nursery._process.pid}/children")
    for _ in range(600):
        standing = listing.read_text(encoding="ascii").split()
        if len(standing) == 1:
            break
        time.sleep(0.1)
    os.kill(int(standing[0]), signal.SIGKILL)
    while listing.read_text(encoding="ascii").split():
        time.sleep(0.1)

    assert nursery.run(_task("echo"), folder=tmp_path, value=2) == 2
    nursery.close()


def test_children_are_forked_with_a_renderer_by_a_process_of_one_thread(bench: Bench, tmp_path: Path) -> None:
    if bench.studio() is None:
        pytest.skip("no EGL library is installed here, so F3D would crash")

    held = bench._nursery.run(_task("count_renderers"), folder=tmp_path)

    threads = Path(f"/proc/{bench._nursery._process.pid}/task").iterdir()
    assert (held, len(list(threads))) == (1, 1)


def test_a_renderer_that_cannot_be_held_costs_no_child(tmp_path: Path) -> None:
    nursery = Nursery()

    nursery.hold_renderer()  # without a studio

    assert nursery.run(_task("count_renderers"), folder=tmp_path) == 0
    nursery.close()


def test_children_end_when_the_process_that_asked_is_killed(tmp_path: Path) -> None:
    program = (
        "from pathlib import Path; from pydantic import TypeAdapter\n"
        "from catalog.media.children import Nursery, Task\n"
        "nursery = Nursery(); print(nursery._process.pid, nursery.folder, flush=True)\n"
        "nursery.run(Task(name='tests.rooms.media.mischief:hang', answer=TypeAdapter(object)), folder=Path('/tmp'))\n"
    )
    asker = subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, text=True, cwd=ROOT)
    with asker:
        assert asker.stdout is not None
        nursery_id, folder = asker.stdout.readline().split()
        time.sleep(0.5)
        asker.kill()

    assert _is_gone(int(nursery_id))
    assert not Path(folder).exists()


def _descendants(nursery: Nursery) -> list[str]:
    """What is there beside the pair that stands by, after a moment for the kernel to bury others."""
    listing = Path(f"/proc/{nursery._process.pid}/task/{nursery._process.pid}/children")
    for _ in range(600):
        left = listing.read_text(encoding="ascii").split()
        if len(left) == 1:
            return []
        time.sleep(0.1)
    return left


def _is_gone(process_id: int) -> bool:
    for _ in range(600):
        if not Path(f"/proc/{process_id}").exists():
            return True
        time.sleep(0.1)
    return False


def test_one_hostile_file_of_a_batch_costs_only_itself(tmp_path: Path) -> None:
    bench = Bench(FlakyNursery())
    (tmp_path / "good.png").write_bytes(files.png(40, 30))
    (tmp_path / "evil.png").write_bytes(files.png(4, 3))

    good, evil = bench.measure(tmp_path, [PurePosixPath("good.png"), PurePosixPath("evil.png")])

    assert good.findings == ()
    assert [finding.code for finding in evil.findings] == ["reader-failed"]
    assert {str(fact.key): fact.value for fact in evil.facts}["media_type"] == "image/png"


@pytest.mark.parametrize("lie", ["two sizes", "no WebP", "no base64", "no color"])
def test_pictures_that_are_none_are_not_believed(tmp_path: Path, lie: str) -> None:
    (tmp_path / "a.png").write_bytes(files.png())

    with pytest.raises(ChildFailed) as caught:
        Bench(LyingNursery(lie)).draw(tmp_path, PurePosixPath("a.png"))

    assert caught.value.reason is FailureReason.GARBLED
