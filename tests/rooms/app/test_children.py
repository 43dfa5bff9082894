"""Child processes that do not outlive their parent, and return when they die."""

import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from catalog.app.children import Child, Program


def _program(folder: Path, script: str) -> Program:
    return Program(
        name="clock",
        command=(sys.executable, "-c", script),
        environment={"GREETING": "hello"},
        folder=folder,
        log=folder / "clock.log",
    )


def _eventually(true: Callable[[], object], within_s: float = 60.0) -> bool:
    deadline = time.monotonic() + within_s
    while time.monotonic() < deadline:
        if true():
            return True
        time.sleep(0.02)
    return False


def _runs(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


FOREVER = "import time; print('up', flush=True); time.sleep(600)"


def test_a_child_runs_with_its_environment_and_writes_its_log(tmp_path: Path) -> None:
    child = Child(program=_program(tmp_path, "import os; print(os.environ['GREETING'])"))

    child.start()

    assert _eventually(lambda: not child.alive)
    assert (tmp_path / "clock.log").read_text() == "hello\n"


def test_the_end_of_a_child_is_told_once_with_its_cause(tmp_path: Path) -> None:
    child = Child(program=_program(tmp_path, "import os, signal; os.kill(os.getpid(), signal.SIGKILL)"))
    child.start()
    assert _eventually(lambda: not child.alive)

    words = [child.obituary(), child.obituary()]

    assert words == ["clock was killed by SIGKILL; starting it again in 0.5 s", None]


def test_each_death_in_a_row_lengthens_the_pause(tmp_path: Path) -> None:
    child = Child(program=_program(tmp_path, "raise SystemExit(3)"))
    words = []

    for _ in range(3):
        child.start()
        assert _eventually(lambda: not child.alive)
        words.append(child.obituary())

    assert words == [
        "clock ended with exit code 3; starting it again in 0.5 s",
        "clock ended with exit code 3; starting it again in 1 s",
        "clock ended with exit code 3; starting it again in 2 s",
    ]


def test_a_dead_child_is_started_again_when_its_pause_is_over(tmp_path: Path) -> None:
    child = Child(program=_program(tmp_path, "raise SystemExit(3)"))
    child.start()
    assert _eventually(lambda: not child.alive)
    child.obituary()

    at_once = child.start_if_due()
    later = _eventually(child.start_if_due)

    assert (at_once, later) == (False, True)
    child.stop(within_s=5)


def test_a_child_that_ignores_the_polite_signal_is_killed_when_its_time_is_up(tmp_path: Path) -> None:
    deaf = (
        "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('up', flush=True); time.sleep(600)"
    )
    child = Child(program=_program(tmp_path, deaf))
    child.start()
    assert _eventually(lambda: "up" in (tmp_path / "clock.log").read_text())
    assert child.process is not None
    pid = child.process.pid

    child.stop(within_s=0.2)

    assert not _runs(pid)


def test_what_a_child_started_ends_with_it(tmp_path: Path) -> None:
    script = (
        "import subprocess, sys, time;"
        "print(subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(600)']).pid, flush=True);"
        "time.sleep(600)"
    )
    child = Child(program=_program(tmp_path, script))
    child.start()
    assert _eventually(lambda: (tmp_path / "clock.log").read_text().endswith("\n"))
    grandchild = int((tmp_path / "clock.log").read_text())

    child.stop(within_s=5)

    assert _eventually(lambda: not _runs(grandchild))


def test_stopping_twice_is_harmless(tmp_path: Path) -> None:
    child = Child(program=_program(tmp_path, FOREVER))
    child.start()

    child.stop(within_s=5)
    child.stop(within_s=5)

    assert not child.alive


PARENT = """
import sys, time
from pathlib import Path
from catalog.app.children import Child, Program, adopt_orphans, descendants, end_all_descendants

adopt_orphans()
folder = Path(sys.argv[1])
Child(program=Program(
    name="child", command=(sys.executable, "-c", sys.argv[2]), environment={}, folder=folder, log=folder / "child.log",
)).start()
while len((folder / "child.log").read_text().splitlines()) < int(sys.argv[3]):
    time.sleep(0.02)
"""


def _parent(folder: Path, child: str, lines: int, then: str) -> "subprocess.Popen[str]":
    command = [sys.executable, "-c", PARENT + then, str(folder), child, str(lines)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True)


def test_a_child_ends_when_its_parent_is_killed(tmp_path: Path) -> None:
    announcing = "import os, time; print(os.getpid(), flush=True); time.sleep(600)"
    with _parent(tmp_path, announcing, 1, "print('ready', flush=True); time.sleep(600)") as parent:
        assert parent.stdout is not None
        assert parent.stdout.readline() == "ready\n"
        child = int((tmp_path / "child.log").read_text())
        assert _runs(child)

        parent.send_signal(signal.SIGKILL)

    assert _eventually(lambda: not _runs(child))


def test_what_ran_away_into_a_session_of_its_own_is_found_and_ended(tmp_path: Path) -> None:
    running_away = """
import os, time
if os.fork() == 0:
    os.setsid()
    print(os.getpid(), flush=True)
    time.sleep(600)
"""
    then = "print(len(descendants()), flush=True); end_all_descendants(); print(descendants())"
    with _parent(tmp_path, running_away, 1, then) as parent:
        said, _ = parent.communicate(timeout=120)

    runaway = int((tmp_path / "child.log").read_text())
    assert said.splitlines()[-1] == "[]"
    assert not _runs(runaway)
