"""The warm process that forks one limited child per task; started by ``children``, never imported by it.

It is a fresh interpreter with a scrubbed environment and no descriptor of the process that started it, so a child
inherits neither credentials nor database connections. It imports the heavy libraries once and then only forks: a fork
costs some milliseconds where importing them costs a second. It stays single-threaded, because forking threads is
unsafe.

For each task there is a *warden*, and a *child* of it: the warden owns the namespaces, waits, ends the child when its
time is up or nobody waits for its end any more, and reports how it ended. A pair always stands by, tied as far as that
needs no task, so that nobody waits for it to be forked; it serves one task. When the process that started the nursery
ends, all of them end.

Once a child has found that this machine can render, the nursery holds a renderer that has compiled what most models
need, for its children to be forked with. It renders nothing but what our own code has made.

Protocol, over the packet socket whose descriptor is the first argument: each packet of a task carries four descriptors
(request to read, answer, words and ending to write); the only other one tells the nursery to hold a renderer. All four
carry JSON or text, an answer its kind in a line before; nothing is ever unpickled.
"""

from __future__ import annotations

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
from catalog.media.orders import HOLD_RENDERER, STUDIO

_ANSWER_DESCRIPTOR: Final = 3
_DESCRIPTORS_PER_TASK: Final = 4
_PACKET_BYTES: Final = 16
_SIGNALS_TO_RESTORE: Final = (signal.SIGCHLD, signal.SIGINT, signal.SIGTERM, signal.SIGPIPE)


def main(control_descriptor: int, parent_id: int, folder: Path) -> None:
    """Find a child for every packet until the other end or the parent process is gone; then remove ``folder``."""
    try:
        _serve(control_descriptor, parent_id, folder)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _serve(control_descriptor: int, parent_id: int, folder: Path) -> None:
    control = socket.socket(fileno=control_descriptor)
    parent = os.pidfd_open(parent_id)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the worker, whose end ends this process
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # wardens report by themselves; the kernel reaps them
    warmth.warm_up()
    warmth.settle()
    spare = _spare(control.fileno(), parent)
    while True:
        ready, _, _ = select.select([control.fileno(), parent], [], [])
        if parent in ready:
            return
        packet, descriptors, _, _ = socket.recv_fds(control, _PACKET_BYTES, _DESCRIPTORS_PER_TASK)
        if not packet:
            return
        if packet == HOLD_RENDERER:
            spare.close()
            warmth.hold_renderer(folder / STUDIO)
            warmth.settle()
            spare = _spare(control.fileno(), parent)
            continue
        try:
            socket.send_fds(spare, [packet], descriptors)
        except OSError:  # somebody has ended it while it stood by
            spare = _spare(control.fileno(), parent)
            socket.send_fds(spare, [packet], descriptors)
        for descriptor in descriptors:
            os.close(descriptor)
        spare.close()
        spare = _spare(control.fileno(), parent)


def _spare(*held: int) -> socket.socket:
    """Fork a warden with its child, and return where it takes its task; ``held`` is what it must not hold."""
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    if os.fork() == 0:
        for descriptor in (*held, ours.fileno()):
            os.close(descriptor)
        _end_quietly(partial(_ward, theirs))
    theirs.close()
    return ours


def _ward(orders: socket.socket) -> None:
    """Have a child in namespaces of its own; give it the task when it comes, wait for it, and write how it ended."""
    for number in _SIGNALS_TO_RESTORE:
        signal.signal(number, signal.SIG_DFL)
    confinement.adopt_orphans()
    confinement.leave_shared_namespaces()
    confinement.die_with_parent()  # again a parent's death signal, which a change of credentials forgets
    its_orders, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    child = os.fork()
    if child == 0:
        orders.close()
        its_orders.close()
        _end_quietly(partial(_stand_by, theirs))
    theirs.close()
    packet, descriptors, _, _ = socket.recv_fds(orders, _PACKET_BYTES, _DESCRIPTORS_PER_TASK)
    if not packet:
        return  # nobody wants anything any more, and the child ends with this process
    request, answer, words, ending = descriptors
    socket.send_fds(its_orders, [packet], [request, answer, words])
    started = time.monotonic()
    wanted = _read_request(request)
    for descriptor in (answer, words):
        os.close(descriptor)
    timed_out = not _ended_within(child, wanted["limits"]["wall_s"], ending)
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
    os.write(ending, json.dumps(report).encode())  # where whoever asked has gone with the answer, SIGPIPE ends this
    os.close(ending)  # whoever waits for it need not wait until this process is gone


def _ended_within(child: int, wall_s: float, ending: int) -> bool:
    """Wait for the child to end, until its time is up or nobody reads any more how it ended."""
    watching = select.poll()
    watched = os.pidfd_open(child)
    watching.register(watched, select.POLLIN)
    watching.register(ending, 0)  # an error, which is always told, is the other end being closed
    try:
        return watched in dict(watching.poll(wall_s * 1000))
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


def _stand_by(orders: socket.socket) -> None:
    """Be the child: do what needs no task, and wait for it."""
    os.setsid()
    os.umask(0o077)
    confinement.renounce_privileges()
    confinement.die_with_parent()
    system_calls.filter_system_calls()
    warmth.keep_memory()
    files = confinement.FileRules(warmth.code_folders())
    packet, descriptors, _, _ = socket.recv_fds(orders, _PACKET_BYTES, _DESCRIPTORS_PER_TASK)
    if packet:
        request, answer, words = descriptors
        _live(_read_request(request), files, answer, words)


def _read_request(descriptor: int) -> Any:  # noqa: ANN401 — JSON
    # Warden and child read at once from one open file, whose place they share.
    content = os.pread(descriptor, os.fstat(descriptor).st_size, 0)
    os.close(descriptor)
    return json.loads(content)


def _live(wanted: Mapping[str, Any], files: confinement.FileRules, answer: int, words: int) -> None:
    """Tie the hands, do the task, write the answer."""
    os.dup2(words, 1)
    os.dup2(words, 2)  # whatever fails from here on is told
    most = os.sysconf("SC_OPEN_MAX")  # before it is limited: what is open already may lie above
    folder = Path(wanted["folder"])
    os.chdir(folder)
    task = _found(wanted["task"])  # our own code, imported before files are confined
    confinement.limit_resources(confinement.Limits(**wanted["limits"]))
    files.restrict([folder, *map(Path, wanted["readable"])], [Path(path) for path in wanted["writable"]])
    _keep_only(answer, most)
    confinement.die_with_parent()
    _write_answer(*_outcome(task, wanted["arguments"]))


def _keep_only(answer: int, most: int) -> None:
    """Standard streams and the answer; everything else that was open, up to ``most`` descriptors, is closed."""
    with open(os.devnull, "rb", buffering=0) as nothing:  # noqa: PTH123 — a descriptor is wanted, not a path
        os.dup2(nothing.fileno(), 0)
    if answer != _ANSWER_DESCRIPTOR:
        os.dup2(answer, _ANSWER_DESCRIPTOR)
    os.closerange(_ANSWER_DESCRIPTOR + 1, most)


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
        destination.write(f"{kind}\n{json.dumps(said, default=warmth.as_json)}\n".encode())


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
