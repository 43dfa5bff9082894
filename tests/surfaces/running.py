"""Starting the real thing for tests: one supervisor with its children, on free ports, in a folder of its own."""

import json
import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
STARTS_WITHIN_S = 300.0
HEALS_WITHIN_S = 240.0
ENDS_WITHIN_S = 120.0
"""Three times what a busy machine of two cores needs, and more: whoever is quick waits no longer than it takes."""


@dataclass(frozen=True, kw_only=True)
class Catalogue:
    """A started supervisor; its processes are found from its number down."""

    process: "subprocess.Popen[str]"
    folder: Path
    output: Path

    @property
    def announced(self) -> dict[str, Any]:
        """What ``run.json`` says."""
        found: dict[str, Any] = json.loads((self.folder / "run.json").read_text())
        return found

    @property
    def said(self) -> str:
        """What it printed."""
        return self.output.read_text()

    def get(self, path: str) -> tuple[int, str]:
        """Ask the web process with the announced token; status and body."""
        announced = self.announced
        request = urllib.request.Request(
            announced["url"] + path, headers={"Authorization": f"Bearer {announced['token']}"}
        )
        try:
            with urllib.request.urlopen(request, timeout=ENDS_WITHIN_S) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as refusal:
            with refusal:
                return refusal.code, refusal.read().decode()

    def find(self, word: str) -> int | None:
        """The number of the process right below the supervisor whose command has this word, if there is one."""
        return next((pid for pid in below(self.process.pid, deep=False) if word in command_of(pid)), None)

    def kill(self, word: str) -> int:
        """Kill the process right below the supervisor whose command has this word, and return its number."""
        number = self.find(word)
        assert number is not None, f"no {word} runs"
        os.kill(number, signal.SIGKILL)
        return number

    def stop(self, wish: signal.Signals = signal.SIGINT) -> float:
        """End it and return how many seconds that took."""
        began = time.monotonic()
        self.process.send_signal(wish)
        self.process.wait(ENDS_WITHIN_S)
        return time.monotonic() - began


SUPERVISOR = (sys.executable, "-P", "-m", "catalog.app.supervisor")
SCRIPT = (str(ROOT / "scripts" / "run"),)


def start(folder: Path, *options: str, command: tuple[str, ...] = SUPERVISOR) -> Catalogue:
    """Start a supervisor without waiting for it, from the folder above the data folder."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    output = folder.with_name(f"{folder.name}.{time.monotonic_ns()}.said")
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("CATALOG_", "AWS_"))}
    with output.open("w") as said:
        process = subprocess.Popen(
            [*command, "--port", "0", "--data", folder.name, *options],
            cwd=folder.parent,
            env={**environment, "PYTHONPATH": str(ROOT)},
            stdin=subprocess.DEVNULL,
            stdout=said,
            stderr=subprocess.STDOUT,
            text=True,
        )
    return Catalogue(process=process, folder=folder, output=output)


@contextmanager
def running(folder: Path, *options: str, command: tuple[str, ...] = SUPERVISOR) -> Iterator[Catalogue]:
    """Run a catalogue until the block ends."""
    catalogue = start(folder, *options, command=command)
    try:
        assert eventually(lambda: "is ready" in catalogue.said or catalogue.process.poll() is not None, STARTS_WITHIN_S)
        assert catalogue.process.poll() is None, catalogue.said
        yield catalogue
    finally:
        if catalogue.process.poll() is None:
            catalogue.stop()


def eventually(true: Callable[[], object], within_s: float = HEALS_WITHIN_S) -> bool:
    """Whether it becomes true in time."""
    deadline = time.monotonic() + within_s
    while time.monotonic() < deadline:
        if true():
            return True
        time.sleep(0.05)
    return False


def below(pid: int, *, deep: bool = True) -> list[int]:
    """The numbers of living processes that a process started, and of those that these started."""
    parents = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit() and (fields := _stat(int(entry.name))) and fields[0] != "Z":
            parents[int(entry.name)] = int(fields[1])
    found: set[int] = set()
    level = {pid}
    while level := {child for child, parent in parents.items() if parent in level} - found:
        found |= level
        if not deep:
            break
    return sorted(found)


def lives(pid: int) -> bool:
    """Whether a process is there and not a zombie."""
    fields = _stat(pid)
    return fields is not None and fields[0] != "Z"


def command_of(pid: int) -> str:
    """The command line of a process; empty once it is gone."""
    try:
        return Path(f"/proc/{pid}/cmdline").read_text().replace("\0", " ")
    except OSError:
        return ""


def _stat(pid: int) -> list[str] | None:
    try:
        return Path(f"/proc/{pid}/stat").read_text(errors="replace").rpartition(")")[2].split()
    except OSError:
        return None
