"""Long-running child processes: each in its own process group, ended with its parent, started again when it dies.

A child cannot outlive the process that started it: the kernel signals it when that process ends, however it ends
(``PR_SET_PDEATHSIG``, prctl(2)), and descendants that lose their own parent become ours (``PR_SET_CHILD_SUBREAPER``) so
that ``end_all_descendants`` finds them.
"""

import ctypes
import os
import signal
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

_PR_SET_PDEATHSIG = 1
_PR_SET_CHILD_SUBREAPER = 36
_libc = ctypes.CDLL(None, use_errno=True)

FIRST_PAUSE_S = 0.5
LONGEST_PAUSE_S = 30.0
STEADY_AFTER_S = 10.0
"""A child that lived this long did not die of its start, so its next pause is the shortest."""


def adopt_orphans() -> None:
    """Become the parent of descendants whose own parent ended."""
    _libc.prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def tied_to(parent: int) -> Callable[[], None]:
    """Return what a child runs first (``preexec_fn``) so that the kernel kills it when its parent process ends."""

    def tie() -> None:
        _libc.prctl(_PR_SET_PDEATHSIG, int(signal.SIGKILL), 0, 0, 0)
        if os.getppid() != parent:  # it ended between the fork and the line above
            os._exit(1)

    return tie


@dataclass(frozen=True, kw_only=True)
class Program:
    """What to run: its name in messages, the command, what it adds to the environment, and where its words go."""

    name: str
    command: Sequence[str]
    environment: Mapping[str, str]
    folder: Path
    log: Path
    descriptors: tuple[int, ...] = ()


@dataclass(kw_only=True)
class Child:
    """A program that is to be running. Times are of ``time.monotonic``, in seconds."""

    program: Program
    process: subprocess.Popen[bytes] | None = None
    started_at: float = 0.0
    start_again_at: float = 0.0
    pause_s: float = field(default=FIRST_PAUSE_S)

    @property
    def alive(self) -> bool:
        """Whether the process runs; collects its end otherwise."""
        return self.process is not None and self.process.poll() is None

    def start(self) -> None:
        """Start the program in a process group of its own, so that Ctrl-C at the terminal reaches only this process."""
        program = self.program
        with program.log.open("ab") as log:
            self.process = subprocess.Popen(
                program.command,
                cwd=program.folder,
                env={**os.environ, **program.environment},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                pass_fds=program.descriptors,
                start_new_session=True,
                preexec_fn=tied_to(os.getpid()),  # noqa: PLW1509 — this process has no other threads
            )
        self.started_at = time.monotonic()

    def obituary(self) -> str | None:
        """Say how the process ended, once per end; None while it runs. Ends what it left, and plans its return."""
        if self.process is None or self.process.poll() is None:
            return None
        code = self.process.returncode
        end_group(self.process.pid)
        self.process = None
        now = time.monotonic()
        if now - self.started_at > STEADY_AFTER_S:
            self.pause_s = FIRST_PAUSE_S
        self.start_again_at = now + self.pause_s
        how = f"was killed by {signal.Signals(-code).name}" if code < 0 else f"ended with exit code {code}"
        words = f"{self.program.name} {how}; starting it again in {self.pause_s:g} s"
        self.pause_s = min(self.pause_s * 2, LONGEST_PAUSE_S)
        return words

    def start_if_due(self) -> bool:
        """Start the program where it is not running and its pause is over; whether it was started."""
        if self.process is not None or time.monotonic() < self.start_again_at:
            return False
        self.start()
        return True

    def stop(self, within_s: float) -> None:
        """End the process by SIGTERM and, when the time is up, its whole group by SIGKILL; safe to run twice."""
        if self.process is None:
            return
        with suppress(ProcessLookupError):
            self.process.terminate()
        with suppress(subprocess.TimeoutExpired):
            self.process.wait(within_s)
        end_group(self.process.pid)
        self.process.wait()
        self.process = None


def end_group(leader: int) -> None:
    """Kill what is left of a process group; nothing happens where it is empty."""
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(leader, signal.SIGKILL)


def descendants() -> list[int]:
    """Return the processes that this one started, and those that they started, by number."""
    parents: dict[int, int] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            with suppress(OSError):
                # The name stands in parentheses and may hold anything; state and parent follow the last one.
                fields = (entry / "stat").read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()
                parents[int(entry.name)] = int(fields[1])
    found = {os.getpid()}
    while more := {pid for pid, parent in parents.items() if parent in found} - found:
        found |= more
    return sorted(found - {os.getpid()})


def end_all_descendants(within_s: float = 1.0) -> None:
    """Kill and collect every process that is left below this one."""
    deadline = time.monotonic() + within_s
    while (left := descendants()) and time.monotonic() < deadline:
        for pid in left:
            with suppress(ProcessLookupError, PermissionError):
                os.kill(pid, signal.SIGKILL)
        with suppress(ChildProcessError):
            while os.waitpid(-1, os.WNOHANG)[0]:
                pass
        time.sleep(0.01)
