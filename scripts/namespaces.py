"""Two machines in one, and disks as small as they are needed, without touching the machine that this runs on.

A script enters a network or a set of mounts of its own, in which it may do what root may. Everything is a Linux
namespace that nothing but the script's processes holds, so the kernel removes it with the last of them, however they
end. Needs no root where the kernel lets users have namespaces of their own.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from types import TracebackType
from typing import Self

HERE = "10.77.0.1"
THERE = "10.77.0.2"
INSIDE = "REPRISE_PROOF_INSIDE"
APPEARS_WITHIN_S = 10.0
BLOCK_BYTES = 2**20


class Own(StrEnum):
    """What a script has for itself."""

    NETWORK = "--net"
    MOUNTS = "--mount"


TRIALS = {
    Own.NETWORK: ("ip", "link", "add", "probe0", "type", "veth", "peer", "name", "probe1"),
    Own.MOUNTS: ("mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", "/tmp"),  # noqa: S108 — in mounts of its own
}


def enter(own: Own) -> None:
    """Run this very command again with a network or mounts of its own; returns in there, and never out here."""
    if os.environ.get(INSIDE) == own:
        if own is Own.NETWORK:
            run("ip", "link", "set", "lo", "up")
        return
    os.environ[INSIDE] = own
    command = _unshare(own)
    os.execvp(command[0], [*command, sys.executable, *sys.argv])  # noqa: S606 — this very program


def objection(own: Own) -> str | None:
    """Say why a script cannot have this here; None where it can."""
    missing = [tool for tool in ("unshare", "nsenter", TRIALS[own][0]) if shutil.which(tool, path=_path()) is None]
    if missing:
        return f"there is no {missing[0]}; install util-linux and iproute2"
    tried = subprocess.run(
        [*_unshare(own), *TRIALS[own]],
        env={**os.environ, "PATH": _path()},
        capture_output=True,
        text=True,
        check=False,
    )
    return f"no namespace can be made here: {tried.stderr.strip()}" if tried.returncode else None


class SmallDisk:
    """A disk in memory at a folder, as large as is asked for; inside ``enter(Own.MOUNTS)`` only."""

    def __init__(self, folder: Path, size_bytes: int) -> None:
        self.folder = folder
        self._size_bytes = size_bytes
        self._ballast = folder / "ballast"

    def __enter__(self) -> Self:
        """Mount it."""
        self.folder.mkdir(parents=True, exist_ok=True)
        run("mount", "-t", "tmpfs", "-o", f"size={self._size_bytes},mode=700", "tmpfs", str(self.folder))
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        """Unmount it; what is in it is gone."""
        run("umount", "--lazy", str(self.folder))

    @property
    def used_bytes(self) -> int:
        """How many bytes are taken, the ballast not counted."""
        return shutil.disk_usage(self.folder).used - (self._ballast.stat().st_size if self._ballast.exists() else 0)

    def fill(self) -> None:
        """Write ballast until nothing more fits."""
        with self._ballast.open("ab", buffering=0) as ballast:
            for size in (BLOCK_BYTES, 4096):
                try:
                    while ballast.write(b"\1" * size) == size:
                        pass
                except OSError:
                    continue

    def free(self) -> None:
        """Remove the ballast."""
        self._ballast.unlink(missing_ok=True)

    def resize(self, size_bytes: int) -> None:
        """Make it larger, or smaller."""
        run("mount", "-o", f"remount,size={size_bytes}", str(self.folder))


@dataclass(frozen=True, kw_only=True)
class Colleague:
    """Another machine; ``pid`` is a process that keeps its network open."""

    pid: int

    def command(self, *words: str) -> list[str]:
        """Return the command that runs these words over there."""
        return ["nsenter", f"--target={self.pid}", "--net", *words]


@contextmanager
def colleague() -> Iterator[Colleague]:
    """Make the other network and the cable; this side is ``HERE``, the other ``THERE``."""
    command = ["unshare", "--net", "cat"]
    keeper = subprocess.Popen(command, env={**os.environ, "PATH": _path()}, stdin=subprocess.PIPE)
    try:
        _wait_for_network(keeper.pid)
        there = Colleague(pid=keeper.pid)
        run("ip", "link", "add", "here", "type", "veth", "peer", "name", "there", "netns", str(keeper.pid))
        run("ip", "address", "add", f"{HERE}/30", "dev", "here")
        run("ip", "link", "set", "here", "up")
        run("ip", "route", "add", "default", "via", THERE)
        run(*there.command("ip", "link", "set", "lo", "up"))
        run(*there.command("ip", "address", "add", f"{THERE}/30", "dev", "there"))
        run(*there.command("ip", "link", "set", "there", "up"))
        yield there
        run("ip", "link", "delete", "here")
    finally:
        keeper.kill()
        keeper.wait()


def run(*command: str) -> None:
    """Run a command that has to succeed."""
    subprocess.run(command, env={**os.environ, "PATH": _path()}, check=True)


def _unshare(own: Own) -> list[str]:
    mine = [] if os.geteuid() == 0 else ["--user", "--map-root-user"]
    return ["unshare", *mine, own.value, "--"]


def _path() -> str:
    # Where an ordinary user has no sbin on the path, the tools are there all the same.
    return f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin"


def _wait_for_network(pid: int) -> None:
    """Wait until the process has left our network for its own."""
    ends = time.monotonic() + APPEARS_WITHIN_S
    while Path(f"/proc/{pid}/ns/net").readlink() == Path("/proc/self/ns/net").readlink():
        if time.monotonic() > ends:
            sys.exit("the colleague's network could not be made")
        time.sleep(0.01)
