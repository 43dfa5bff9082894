"""Parts of the client by themselves, for what no whole act reaches on purpose."""

from __future__ import annotations

import io
import os
import signal
import threading
import time
from pathlib import Path
from uuid import UUID

import pytest

from catalog.cli.values import option_name
from catalog.client import Alias, InvalidInput, Progress, Unavailable
from catalog.client.contents import Contents
from catalog.client.crew import Meter, Stopped, share
from catalog.client.digests import Digest, digest_of, digests_of, part_size_of
from catalog.client.locks import alone
from catalog.client.places import cache_folder, config_folder
from catalog.client.trees import LocalFile, read_tree
from catalog.client.uploads import Slice
from catalog.client.waiting import wait_for
from catalog.client.wire import UNCHANGED, encoded, query_of
from tests.surfaces.serving import runs_alone

X = "2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881"
"""The SHA-256 of an x."""


def test_a_file_that_became_shorter_is_noticed_while_it_is_sent() -> None:
    body = Slice(io.BytesIO(b"short"), 10, threading.Event(), Meter(None, "uploading", 10))

    assert (len(body), body.read(3), body.sent) == (10, b"sho", 3)
    with pytest.raises(EOFError):
        body.read()


def test_what_is_being_sent_ends_when_all_are_to_end() -> None:
    stop = threading.Event()
    body = Slice(io.BytesIO(b"x" * 10), 10, stop, Meter(None, "uploading", 10))
    assert b"".join(body) == b"x" * 10

    stop.set()

    with pytest.raises(Stopped):
        body.read(1)


def test_the_first_failure_ends_all_other_work() -> None:
    ended: list[int] = []

    def work(item: int, stop: threading.Event) -> int:
        if item == 2:
            raise InvalidInput("two is one too many")
        if not stop.wait(120):
            ended.append(item)
        return item

    began = time.monotonic()
    with pytest.raises(InvalidInput, match="two is one too many"):
        list(share(work, range(50), 4))
    assert (ended, time.monotonic() - began < 60) == ([], True)


class _Hanging:
    """Work that hears of no end, as where a server hangs; whoever waits for it all the same is let go at last."""

    def __init__(self) -> None:
        self.begun = threading.Event()
        self.over = threading.Event()

    def __call__(self, item: int, _: threading.Event) -> int:
        """Do the first at once, and hang on all others."""
        if item:
            self.begun.set()
            self.over.wait(120)
        return item


@pytest.mark.usefixtures("listening")
def test_ctrl_c_is_heard_whichever_thread_it_reaches() -> None:
    hanging = _Hanging()

    def work(item: int, stop: threading.Event) -> int:
        time.sleep(0.3)  # until the main thread waits for this one
        signal.pthread_kill(threading.get_ident(), signal.SIGINT)
        return hanging(item, stop)

    began = time.monotonic()
    with pytest.raises(KeyboardInterrupt):
        list(share(work, [1], 1))
    took = time.monotonic() - began
    hanging.over.set()

    assert took < 60


@pytest.mark.usefixtures("listening")
def test_ctrl_c_while_an_outcome_is_looked_at_waits_for_nobody() -> None:
    hanging = _Hanging()

    def looked_at() -> None:
        for _ in share(hanging, [0, 1], 2):
            hanging.begun.wait(120)
            signal.raise_signal(signal.SIGINT)

    began = time.monotonic()
    with pytest.raises(KeyboardInterrupt):
        looked_at()
    took = time.monotonic() - began
    hanging.over.set()

    assert took < 60


def test_progress_is_told_seldom_and_at_the_end() -> None:
    told: list[Progress] = []
    meter = Meter(told.append, "hashing", 1_000)

    for _ in range(600):
        meter.advance(1)
    meter.finish()

    assert (told[-1], len(told) < 100) == (Progress("hashing", 1_000, 1_000), True)


def test_waiting_gives_up_in_words() -> None:
    with pytest.raises(Unavailable, match=r"the moon takes longer than 0\.05 s"):
        wait_for(lambda: None, "the moon", 0.05)


def test_a_lock_is_held_by_one_at_a_time_and_leaves_nothing(tmp_path: Path) -> None:
    (tmp_path / "locks").mkdir()
    inside, most = 0, 0
    counting = threading.Lock()

    def enter() -> None:
        nonlocal inside, most
        with alone(tmp_path / "locks" / "a.lock"):
            with counting:
                inside += 1
                most = max(most, inside)
            time.sleep(0.01)
            with counting:
                inside -= 1

    threads = [threading.Thread(target=enter) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert (most, list((tmp_path / "locks").iterdir())) == (1, [])


def test_values_travel_as_json() -> None:
    told = {"alias": Alias("x"), "id": UUID(int=1), "set": {"a"}, "none": None}

    assert encoded(told) == {
        "alias": {"text": "x", "language": "und"},
        "id": "00000000-0000-0000-0000-000000000001",
        "set": ["a"],
        "none": None,
    }
    assert query_of({"flag": True, "kind": ["a", "b"], "n": 3}) == [
        ("flag", "true"),
        ("kind", "a"),
        ("kind", "b"),
        ("n", "3"),
    ]
    assert repr(UNCHANGED) == "UNCHANGED"


def test_parts_are_so_large_that_ten_thousand_of_them_are_enough() -> None:
    assert part_size_of(10) == 64 * 2**20
    assert part_size_of(64 * 2**20 * 10_000 + 1) == 128 * 2**20


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    gone = LocalFile("a", tmp_path / "gone", 1, 0)

    with pytest.raises(InvalidInput, match="gone cannot be read: No such file"):
        digest_of(gone)


def test_a_pipe_is_left_out_of_a_tree(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("a")
    os.mkfifo(tmp_path / "pipe")

    tree = read_tree(tmp_path)

    assert ([file.path for file in tree.files], tree.left_out) == (["a.txt"], (str(tmp_path / "pipe"),))


def test_a_memory_that_cannot_be_read_costs_nothing_but_time(tmp_path: Path, home: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in/a.txt").write_text("x")
    tree = read_tree(tmp_path / "in")
    (home / "cache").mkdir()
    (home / "cache/digests").write_text("a file where a folder should be")

    assert digests_of(tree.files) == {"a.txt": Digest(X)}


def test_the_cache_and_the_configuration_have_their_places(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert (cache_folder(), config_folder()) == (home / "cache", home / "config/reprise")
    monkeypatch.delenv("CATALOG_CACHE")
    monkeypatch.delenv("XDG_CONFIG_HOME")
    monkeypatch.delenv("XDG_CACHE_HOME", raising=False)
    assert (cache_folder(), config_folder()) == (home / ".cache/reprise", home / ".config/reprise")


@pytest.mark.parametrize(
    "field,many,name",
    [
        ("external_ids", True, "--external-id"),
        ("aliases", True, "--alias"),
        ("likeness_bodies", True, "--likeness-body"),
        ("audience", True, "--audience"),
        ("display_name", False, "--display-name"),
    ],
)
def test_an_option_that_may_be_given_several_times_is_in_the_singular(field: str, many: bool, name: str) -> None:  # noqa: FBT001 — a column of the table above
    assert option_name(field, many=many) == name


def test_a_cache_is_pruned_of_what_nobody_links_to_and_nobody_used(tmp_path: Path, home: Path) -> None:
    contents = Contents(home / "cache/contents")
    (tmp_path / "out").mkdir()
    for name in ("linked", "unlinked"):
        contents.place(X, 1, tmp_path / "out" / name, lambda _start: iter([b"x"]), threading.Event())
    (kept,) = (home / "cache/contents").rglob(X)

    assert runs_alone("cache", "prune", "--days", "0").stdout == "removed 0 contents, 0 bytes\n"
    (tmp_path / "out/linked").unlink()
    (tmp_path / "out/unlinked").unlink()
    assert runs_alone("cache", "prune").stdout == "removed 0 contents, 0 bytes\n"
    time.sleep(0.02)
    assert runs_alone("cache", "prune", "--days", "0").stdout == "removed 1 content, 1 byte\n"
    assert list(kept.parent.iterdir()) == []


def test_the_program_says_what_there_is() -> None:
    said = runs_alone("--help")

    assert (said.exit_code, "Exit codes: 0 done, 2 bad" in said.stdout) == (0, True)
    assert "where-used" in said.stdout
    assert runs_alone("nothing").exit_code == 2
    assert "register" in runs_alone("assets", "--help").stdout


def test_values_with_parts_may_be_given_as_json() -> None:
    register = ("--url", "http://127.0.0.1:9", "--token", "x", "assets", "register", "--code", "a", "--name", "a")

    assert runs_alone(*register, "--kind", "prop", "--alias", "{broken").exit_code == 2
    assert runs_alone(*register, "--kind", "prop", "--external-id", "nocolon").exit_code == 2
