"""Two machines in one: this process in a network of its own, and a colleague's network beside it, joined by a cable.

Everything is a Linux namespace that nothing but these processes holds, so the kernel removes it with the last of them,
however they end, and the network of the machine is never touched. Needs no root where the kernel lets users have
namespaces of their own.
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
from pathlib import Path

HERE = "10.77.0.1"
THERE = "10.77.0.2"
INSIDE = "REPRISE_PROOF_INSIDE"
TOOLS = ("unshare", "nsenter", "ip")
APPEARS_WITHIN_S = 10.0


def enter() -> None:
    """Run this very command again in a network of its own; returns in there, and never out here."""
    if os.environ.get(INSIDE) == "1":
        run("ip", "link", "set", "lo", "up")
        return
    os.environ[INSIDE] = "1"
    command = _unshare()
    os.execvp(command[0], [*command, sys.executable, *sys.argv])  # noqa: S606 — this very program


def objection() -> str | None:
    """Say why this machine cannot make such networks; None where it can."""
    missing = [tool for tool in TOOLS if shutil.which(tool, path=_path()) is None]
    if missing:
        return f"there is no {missing[0]}; install util-linux and iproute2"
    tried = subprocess.run(
        [*_unshare(), "ip", "link", "add", "probe0", "type", "veth", "peer", "name", "probe1"],
        env={**os.environ, "PATH": _path()},
        capture_output=True,
        text=True,
        check=False,
    )
    return f"no network namespace can be made here: {tried.stderr.strip()}" if tried.returncode else None


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


def _unshare() -> list[str]:
    mine = [] if os.geteuid() == 0 else ["--user", "--map-root-user"]
    return ["unshare", *mine, "--net", "--"]


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
