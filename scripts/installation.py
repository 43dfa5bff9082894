"""What the scripts that measure and prove share: a whole installation in a folder of its own, started and stopped."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

import requests

from catalog.app.children import tied_to

ROOT = Path(__file__).resolve().parents[1]
READY_WITHIN_S = 120.0
TICKS_S = 1 / os.sysconf("SC_CLK_TCK")


@dataclass
class Installation:
    """One running catalogue: ``scripts/run`` without its preparation, in ``folder``; empty unless ``demo``."""

    folder: Path
    database_url: str | None = None
    demo: bool = False
    host: str | None = None
    _process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        """Start it and wait until it is ready."""
        environment = {**os.environ, "PYTHONPATH": str(ROOT)}
        if self.database_url:
            environment["CATALOG_DATABASE_URL"] = self.database_url
        command = [sys.executable, "-m", "catalog.app.supervisor", "--port", "0", "--data", str(self.folder)]
        if not self.demo:
            command.append("--no-demo")
        if self.host:
            command += ["--host", self.host]
        self.folder.mkdir(parents=True, exist_ok=True)
        with (self.folder.parent / f"{self.folder.name}.log").open("ab") as log:
            self._process = subprocess.Popen(
                command,
                cwd=ROOT,
                env=environment,
                stdout=log,
                stderr=log,
                preexec_fn=tied_to(os.getpid()),  # noqa: PLW1509 — it only asks the kernel to end it with this script
            )
        ends = time.monotonic() + READY_WITHIN_S
        while time.monotonic() < ends:
            try:
                if requests.get(f"{self.url}/readyz", timeout=2).ok:
                    return self
            except (OSError, ValueError, KeyError, requests.RequestException):
                pass
            if self._process.poll() is not None:
                sys.exit(f"the installation ended: see {log.name}")
            time.sleep(0.1)
        sys.exit(f"the installation was not ready within {READY_WITHIN_S} s: see {log.name}")

    def __exit__(self, *_: object) -> None:
        """Stop it as Ctrl-C does."""
        if self._process:
            self._process.send_signal(signal.SIGINT)
            try:
                self._process.wait(30)
            except subprocess.TimeoutExpired:
                self._process.kill()

    def kill(self) -> None:
        """Kill the parent of all its processes as a crash would; enter the context again to start it anew."""
        if self._process:
            self._process.kill()
            self._process.wait(30)

    def admin(self, *arguments: str, within_s: float = 300) -> subprocess.CompletedProcess[str]:
        """Run ``catalog admin`` on its data folder."""
        return self.command("admin", *arguments, "--data", str(self.folder), within_s=within_s)

    def command(self, *arguments: str, within_s: float = 300) -> subprocess.CompletedProcess[str]:
        """Run the command line against it to its end; its words and exit code are kept."""
        return subprocess.run(
            [sys.executable, "-m", "catalog", *arguments],
            cwd=ROOT,
            env=self.command_environment,
            capture_output=True,
            text=True,
            timeout=within_s,
            check=False,
        )

    @property
    def command_environment(self) -> dict[str, str]:
        """What the command line is told by the environment: server and token, and a home folder beside the data."""
        home = self.folder.with_name(f"{self.folder.name}-home")
        home.mkdir(exist_ok=True)
        return {
            **os.environ,
            "CATALOG_URL": self.url,
            "CATALOG_TOKEN": self.token,
            "HOME": str(home),
            "CATALOG_CACHE": str(home / "cache"),
            "PYTHONPATH": str(ROOT),
        }

    @property
    def run(self) -> dict[str, Any]:
        """What ``run.json`` says."""
        said: dict[str, Any] = json.loads((self.folder / "run.json").read_text())
        return said

    @property
    def url(self) -> str:
        """Where it listens."""
        return str(self.run["url"])

    @property
    def token(self) -> str:
        """An administrator's token."""
        return str(self.run["token"])

    @property
    def environment(self) -> dict[str, str]:
        """The settings that its processes have, for those who open its database themselves."""
        lines = (self.folder / "environment").read_text().splitlines()
        pairs = (line.partition("=") for line in lines if "=" in line and not line.startswith("#"))
        return {name: value.strip().strip("'\"") for name, _, value in pairs}

    def processes(self, *words: str) -> list[int]:
        """Return the ids of its processes whose command line has all these words."""
        return [pid for pid in descendants(self.supervisor) if all(word in command_of(pid) for word in words)]

    @property
    def supervisor(self) -> int:
        """The parent of all its processes."""
        return self._process.pid if self._process else 0


def descendants(pid: int) -> list[int]:
    """Return all processes below one."""
    parents: dict[int, list[int]] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                fields = (entry / "stat").read_text().rpartition(")")[2].split()
            except OSError:
                continue
            parents.setdefault(int(fields[1]), []).append(int(entry.name))
    found, level = [], [pid]
    while level:
        level = [child for one in level for child in parents.get(one, [])]
        found += level
    return found


def command_of(pid: int) -> str:
    """Return a process's command line; empty once it is gone."""
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
    except OSError:
        return ""


def cpu_s(pids: list[int]) -> float:
    """Return the processor seconds that these processes have used."""
    total = 0.0
    for pid in pids:
        try:
            fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        except OSError:
            continue
        total += (int(fields[11]) + int(fields[12])) * TICKS_S
    return total


def memory_mb(pids: list[int]) -> float:
    """Return the proportional memory (PSS) of these processes, MB."""
    total = 0
    for pid in pids:
        try:
            rollup = Path(f"/proc/{pid}/smaps_rollup").read_text()
        except OSError:
            continue
        total += sum(int(line.split()[1]) for line in rollup.splitlines() if line.startswith("Pss:"))
    return total / 1024
