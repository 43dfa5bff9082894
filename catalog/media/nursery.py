"""The warm process that forks one limited child per task; started by ``children``, never imported by it.

It is a fresh interpreter with a scrubbed environment and no descriptor of the process that started it, so a child
inherits neither credentials nor database connections. It imports the heavy libraries once and then only forks: a fork
costs some milliseconds where importing them costs a second. It stays single-threaded, because forking threads is
unsafe.

Per task it forks a *warden*, and the warden forks the *child*: the warden owns the namespaces, waits, ends the child
when its time is up, and reports how it ended. When the process that started the nursery ends, all of them end.

Protocol, over the packet socket whose descriptor is the first argument: each packet carries four descriptors (request
to read, answer, words and ending to write) and no other meaning. All four carry JSON or text, an answer its kind in a
line before; nothing is ever unpickled.
"""

from __future__ import annotations

import gc
import importlib
import json
import os
import select
import shutil
import signal
import socket
import sys
import time
import traceback
from collections.abc import Callable, Mapping
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Any, Final

from catalog.kernel.errors import CatalogError
from catalog.media import confinement, system_calls, warmth

_ANSWER_DESCRIPTOR: Final = 3
_DESCRIPTORS_PER_TASK: Final = 4
_SIGNALS_TO_RESTORE: Final = (signal.SIGCHLD, signal.SIGINT, signal.SIGTERM, signal.SIGPIPE)


def main(control_descriptor: int, parent_id: int, folder: Path) -> None:
    """Fork a warden for every packet until the other end or the parent process is gone; then remove ``folder``."""
    try:
        _serve(control_descriptor, parent_id)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _serve(control_descriptor: int, parent_id: int) -> None:
    control = socket.socket(fileno=control_descriptor)
    parent = os.pidfd_open(parent_id)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the worker, whose end ends this process
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # wardens report by themselves; the kernel reaps them
    warmth.warm_up()
    gc.freeze()  # a child's garbage collection would write to, and so copy, everything that was warmed up
    while True:
        ready, _, _ = select.select([control.fileno(), parent], [], [])
        if parent in ready:
            return
        packet, descriptors, _, _ = socket.recv_fds(control, 16, _DESCRIPTORS_PER_TASK)
        if not packet:
            return
        if os.fork() == 0:
            control.close()
            os.close(parent)
            _end_quietly(partial(_ward, *descriptors))
        for descriptor in descriptors:
            os.close(descriptor)


def _ward(request: int, answer: int, words: int, ending: int) -> None:
    """Run one child in its own namespaces, wait for it, and write how it ended."""
    for number in _SIGNALS_TO_RESTORE:
        signal.signal(number, signal.SIG_DFL)
    with os.fdopen(request, "rb") as source:
        wanted = json.loads(source.read())
    confinement.adopt_orphans()
    confinement.leave_shared_namespaces()
    confinement.die_with_parent()  # again a parent's death signal, which a change of credentials forgets
    started = time.monotonic()
    child = os.fork()
    if child == 0:
        os.close(ending)
        _end_quietly(lambda: _live(wanted, answer, words))
    os.close(answer)
    os.close(words)
    timed_out = not _ended_within(child, wanted["limits"]["wall_s"])
    if timed_out:
        _end_everything(child)
    _, status, usage = os.wait4(child, 0)
    _end_descendants()
    code = os.waitstatus_to_exitcode(status)
    report = {
        "exit_code": max(code, 0),
        "signal": max(-code, 0),
        "timed_out": timed_out,
        "wall_s": time.monotonic() - started,
        "cpu_s": usage.ru_utime + usage.ru_stime,
        "memory_bytes": usage.ru_maxrss * 1024,
    }
    os.write(ending, json.dumps(report).encode())
    os.close(ending)  # whoever waits for it need not wait until this process is gone


def _ended_within(child: int, wall_s: float) -> bool:
    watched = os.pidfd_open(child)
    try:
        return bool(select.select([watched], [], [], wall_s)[0])
    finally:
        os.close(watched)


def _end_everything(child: int) -> None:
    # The child leads its own process group; where it is the first of its process table, the whole table ends with it.
    with suppress(ProcessLookupError):
        os.killpg(child, signal.SIGKILL)
    with suppress(ProcessLookupError):
        os.kill(child, signal.SIGKILL)


def _end_descendants() -> None:
    """End what the child left behind where it had no process table of its own; orphans have become ours."""
    listing = Path(f"/proc/self/task/{os.getpid()}/children")
    while True:
        with suppress(OSError):
            for left in listing.read_text(encoding="ascii").split():
                os.kill(int(left), signal.SIGKILL)
        try:
            os.wait()
        except ChildProcessError:
            return


def _live(wanted: Mapping[str, Any], answer: int, words: int) -> None:
    """Be the child: tie the hands, do the task, write the answer."""
    os.setsid()
    os.umask(0o077)
    _keep_only(answer, words)
    folder = Path(wanted["folder"])
    os.chdir(folder)
    task = _found(wanted["task"])  # our own code, imported before files are confined
    confinement.limit_resources(confinement.Limits(**wanted["limits"]))
    confinement.renounce_privileges()
    readable = [folder, *map(Path, wanted["readable"]), *warmth.code_folders()]
    confinement.confine_files(readable, [Path(path) for path in wanted["writable"]])
    system_calls.filter_system_calls()
    confinement.die_with_parent()
    _write_answer(*_outcome(task, wanted["arguments"]))


def _keep_only(answer: int, words: int) -> None:
    """Standard streams and the answer; everything else that was open is closed."""
    with open(os.devnull, "rb", buffering=0) as nothing:  # noqa: PTH123 — a descriptor is wanted, not a path
        os.dup2(nothing.fileno(), 0)
    os.dup2(words, 1)
    os.dup2(words, 2)
    if answer != _ANSWER_DESCRIPTOR:
        os.dup2(answer, _ANSWER_DESCRIPTOR)
    os.closerange(_ANSWER_DESCRIPTOR + 1, os.sysconf("SC_OPEN_MAX"))


def _found(name: str) -> Callable[..., object]:
    module, _, function = name.partition(":")
    found: Callable[..., object] = getattr(importlib.import_module(module), function)
    return found


def _outcome(task: Callable[..., object], arguments: Mapping[str, object]) -> tuple[str, object]:
    """What kind of answer it is, and the answer."""
    try:
        return "value", task(**arguments)
    except MemoryError:
        return "out-of-memory", "it asked for more memory than a task may use"
    except CatalogError as refusal:
        return "refused", refusal.message
    except Exception as unexpected:  # noqa: BLE001 — hostile content makes readers raise anything; the words keep the trace
        traceback.print_exc()
        return "refused", f"{type(unexpected).__name__}: {unexpected}"


def _write_answer(kind: str, said: object) -> None:
    with os.fdopen(_ANSWER_DESCRIPTOR, "wb") as destination:
        destination.write(f"{kind}\n{json.dumps(said, default=warmth.as_json)}".encode())


def _end_quietly(work: Callable[[], None]) -> None:
    """Do ``work`` and end without running destructors or exit handlers, some of which crash after a fork."""
    code = 1
    try:
        work()
        code = 0
    except BaseException:  # noqa: BLE001 — nothing may return into the loop of the process that was forked
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]), Path(sys.argv[3]))
