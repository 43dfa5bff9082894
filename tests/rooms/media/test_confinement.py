"""What a child cannot reach, tried from inside."""

import os
import socket
from pathlib import Path

import pytest
from pydantic import TypeAdapter

from catalog.media import confinement
from catalog.media.asking import Bench
from catalog.media.children import ChildFailed, Nursery, Task

ANY: TypeAdapter[object] = TypeAdapter(object)
needs_landlock = pytest.mark.skipif(confinement.landlock_version() == 0, reason="this kernel has no Landlock")


def _ask(nursery: Nursery, folder: Path, name: str, **arguments: str | int) -> object:
    task = Task(name=f"tests.rooms.media.mischief:{name}", answer=ANY)
    return nursery.run(task, folder=folder, readable=(), writable=(), **arguments)


def test_a_child_reads_its_own_folder(nursery: Nursery, tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("mine", encoding="utf-8")

    assert _ask(nursery, tmp_path, "read", path="mine.txt") == "mine"


@needs_landlock
def test_a_child_reads_no_other_folder(nursery: Nursery, tmp_path: Path) -> None:
    (tmp_path / "job").mkdir()
    (tmp_path / "secret.txt").write_text("the key", encoding="utf-8")

    for path in (str(tmp_path / "secret.txt"), "../secret.txt", "/etc/passwd", f"/proc/{os.getpid()}/environ"):
        with pytest.raises(ChildFailed, match="Permission denied"):
            _ask(nursery, tmp_path / "job", "read", path=path)


@needs_landlock
def test_a_child_does_not_read_what_stands_beside_our_code(nursery: Nursery, tmp_path: Path) -> None:
    beside = Path(confinement.__file__).resolve().parents[2] / "pyproject.toml"

    with pytest.raises(ChildFailed, match="Permission denied"):
        _ask(nursery, tmp_path, "read", path=str(beside))


@needs_landlock
def test_a_child_follows_no_link_out_of_its_folder(nursery: Nursery, tmp_path: Path) -> None:
    (tmp_path / "job").mkdir()
    (tmp_path / "secret.txt").write_text("the key", encoding="utf-8")
    (tmp_path / "job" / "innocent.txt").symlink_to(tmp_path / "secret.txt")

    with pytest.raises(ChildFailed, match="Permission denied"):
        _ask(nursery, tmp_path / "job", "read", path="innocent.txt")


def test_a_child_follows_a_link_to_what_it_was_given(nursery: Nursery, tmp_path: Path) -> None:
    (tmp_path / "job").mkdir()
    (tmp_path / "library.txt").write_text("referenced", encoding="utf-8")
    (tmp_path / "job" / "link.txt").symlink_to(tmp_path / "library.txt")

    answer = nursery.run(
        Task(name="tests.rooms.media.mischief:read", answer=ANY),
        folder=tmp_path / "job",
        readable=[tmp_path / "library.txt"],
        path="link.txt",
    )

    assert answer == "referenced"


@needs_landlock
def test_a_child_writes_only_where_it_was_told(nursery: Nursery, tmp_path: Path) -> None:
    with pytest.raises(ChildFailed, match="Permission denied"):
        _ask(nursery, tmp_path, "write", path="changed.txt")

    assert list(tmp_path.iterdir()) == []


def test_a_child_knows_no_credentials(nursery: Nursery, tmp_path: Path) -> None:
    os.environ["AWS_SECRET_ACCESS_KEY"] = "a secret of the tests"
    try:
        own = Nursery()
        known = own.run(Task(name="tests.rooms.media.mischief:environment", answer=ANY), folder=tmp_path)
        own.close()
    finally:
        del os.environ["AWS_SECRET_ACCESS_KEY"]

    assert "a secret of the tests" not in str(known)
    assert isinstance(known, dict)
    assert known["OPENBLAS_NUM_THREADS"] == "1"


def test_a_child_inherits_no_open_file(nursery: Nursery, tmp_path: Path) -> None:
    with (tmp_path / "database").open("wb") as kept, socket.create_server(("127.0.0.1", 0)):
        os.set_inheritable(kept.fileno(), True)
        own = Nursery()
        held = own.run(Task(name="tests.rooms.media.mischief:descriptors", answer=ANY), folder=tmp_path)
        own.close()

    assert held == [0, 1, 2, 3]


def test_a_child_reaches_no_network(nursery: Nursery, tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server, pytest.raises(ChildFailed):
        _ask(nursery, tmp_path, "connect", host="127.0.0.1", port=server.getsockname()[1])


def test_a_child_starts_no_program(nursery: Nursery, tmp_path: Path) -> None:
    with pytest.raises(ChildFailed, match=r"Operation not permitted|Permission denied"):
        _ask(nursery, tmp_path, "run_a_program")


def test_a_child_starts_threads_and_no_process(nursery: Nursery, tmp_path: Path) -> None:
    assert _ask(nursery, tmp_path, "start_threads") == 10
    with pytest.raises(ChildFailed, match="Operation not permitted"):
        _ask(nursery, tmp_path, "start_a_process")


def test_a_child_leaves_no_core_file(nursery: Nursery, tmp_path: Path) -> None:
    assert _ask(nursery, tmp_path, "core_limit") == [0, 0]


@needs_landlock
def test_what_is_in_force_is_measured_in_a_child(bench: Bench) -> None:
    found = bench.confinement()

    assert found.limits
    assert found.privileges
    assert found.files
    assert found.network
    assert found.system_calls
