"""Asks a limited child process to open an untrusted file, and takes its word for nothing.

``run(task, folder=…, arguments)`` returns the task's typed value or raises ``ChildFailed``. A child that crashes,
hangs, eats memory, prints garbage or answers something else changes nothing here. ``confinement`` tells what holds it,
``nursery`` how it is made.
"""

from __future__ import annotations

import atexit
import fcntl
import json
import os
import selectors
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Final, Generic, TypeVar

from pydantic import TypeAdapter, ValidationError

from catalog.kernel.errors import InvalidInput, Unavailable
from catalog.media.confinement import MIB, Limits
from catalog.media.orders import HOLD_RENDERER, STUDIO

T = TypeVar("T")

_LONGEST_ANSWER_BYTES: Final = 32 * MIB
_LAST_WORDS_BYTES: Final = 4096
_LONGEST_ENDING_BYTES: Final = 4096
_GRACE_S: Final = 15.0  # beyond a task's own time, for a loaded machine to fork, end and report
_CHUNK_BYTES: Final = 65536
_PIPE_BYTES: Final = MIB  # three pictures fit in, so their child need not wait for a reader
# Large blocks of what is warmed up leave no gaps in the heap, which children use by large pages and keep to their end.
_LARGE_PAGES: Final = f"glibc.malloc.hugetlb=1:glibc.malloc.mmap_threshold={MIB}:glibc.malloc.top_pad={32 * MIB}"
_PASSED_ON: Final = ("LD_LIBRARY_PATH", "__EGL_VENDOR_LIBRARY_DIRS", "__EGL_VENDOR_LIBRARY_FILENAMES")


class FailureReason(StrEnum):
    """How a child let its task down."""

    CRASHED = "crashed"
    TIMED_OUT = "timed-out"
    OUT_OF_MEMORY = "out-of-memory"
    REFUSED = "refused"
    GARBLED = "garbled"


class ChildFailed(InvalidInput):
    """The child gave no answer, so nothing is known about the file. ``last_words`` is the end of what it printed."""

    default_code = "child-failed"

    def __init__(self, message: str, *, reason: FailureReason, signal: int = 0, last_words: str = "") -> None:
        super().__init__(message, reason=reason.value)
        self.reason = reason
        self.signal = signal
        self.last_words = last_words


@dataclass(frozen=True, kw_only=True)
class Task(Generic[T]):
    """Something a child can be asked.

    ``name`` is ``module:function`` of our own code, ``answer`` checks what it returns.
    """

    name: str
    answer: TypeAdapter[T]
    limits: Limits = field(default_factory=Limits)


@dataclass(frozen=True, kw_only=True)
class Ending:
    """How a child ended, and what it used."""

    exit_code: int
    signal: int
    timed_out: bool
    wall_s: float
    cpu_s: float
    memory_bytes: int


_ENDING = TypeAdapter(Ending)
_MESSAGE = TypeAdapter(str)
_UNABLE: Final = {b"refused": FailureReason.REFUSED, b"out-of-memory": FailureReason.OUT_OF_MEMORY}


class Nursery:
    """A warm process from which children are forked; safe to use from several threads, to be closed at the end.

    ``environment`` is added to the scrubbed one that children see.
    """

    folder: Path
    """A private folder for what children write; the nursery removes it when it ends, however this process ended."""

    def __init__(self, environment: Mapping[str, str] | None = None) -> None:
        self._environment = {**_scrubbed_environment(), **(environment or {})}
        self._lock = threading.Lock()
        self._start()

    def _start(self) -> None:
        self._control, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self.folder = Path(tempfile.mkdtemp(prefix="reprise-children-"))
        with theirs:
            self._process = subprocess.Popen(
                [
                    *(sys.executable, "-P", "-m", "catalog.media.nursery"),
                    *(str(theirs.fileno()), str(os.getpid()), str(self.folder)),
                ],
                pass_fds=(theirs.fileno(),),
                env=self._environment,
                cwd="/",
                stdin=subprocess.DEVNULL,
                start_new_session=True,
            )

    def run(
        self,
        task: Task[T],
        *,
        folder: Path,
        readable: Sequence[Path] = (),
        writable: Sequence[Path] = (),
        **arguments: object,
    ) -> T:
        """Do ``task`` in a child that may read ``folder`` and ``readable`` and write ``writable``; returns its value.

        Raises ``ChildFailed`` where it gave none, ``Unavailable`` where no child could be made. A child that could
        write has ended when this returns, so that what it wrote stays as it is; of another one its whole answer is
        enough, and it is ended then.
        """
        request = {
            "task": task.name,
            "folder": str(folder.resolve()),
            "readable": [str(path.resolve()) for path in readable],
            "writable": [str(path.resolve()) for path in writable],
            "arguments": arguments,
            "limits": asdict(task.limits),
        }
        answer, words, ending = self._exchange(
            json.dumps(request).encode(), wall_s=task.limits.wall_s + _GRACE_S, to_the_end=bool(writable)
        )
        said = words.decode(errors="replace").strip()
        if not writable and _is_whole_value(answer):
            return _value(task, answer, said)
        _require_good_end(task, said, ending)
        return _value(task, answer, said)

    @property
    def studio(self) -> Path:
        """Where what children render with is kept."""
        return self.folder / STUDIO

    def hold_renderer(self) -> None:
        """Have every child from now on forked with a renderer that is ready; the studio must be set up."""
        with self._lock, suppress(OSError):  # one that has died is replaced when it is needed
            self._control.send(HOLD_RENDERER)

    def close(self) -> None:
        """End the nursery and every child that still runs."""
        self._control.close()
        try:
            self._process.wait(timeout=5)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        shutil.rmtree(self.folder, ignore_errors=True)

    def _exchange(self, request: bytes, *, wall_s: float, to_the_end: bool) -> tuple[bytes, bytes, bytes]:
        """Send one request and read the answer, the last printed words and the ending until all are complete."""
        pipes = [os.pipe(), os.pipe(), os.pipe()]
        writing = [write for _, write in pipes]
        with suppress(OSError):  # where that much is not allowed, the child waits for its answer to be read
            fcntl.fcntl(writing[0], fcntl.F_SETPIPE_SZ, _PIPE_BYTES)
        wanted = os.memfd_create("request")
        try:
            os.write(wanted, request)
            self._hand_over([wanted, *writing])
        finally:
            for descriptor in (wanted, *writing):
                os.close(descriptor)
        return _read_all([read for read, _ in pipes], wall_s, to_the_end=to_the_end)

    def _hand_over(self, descriptors: Sequence[int]) -> None:
        """Send the descriptors of one task; a nursery that has died is replaced once."""
        with self._lock:
            try:
                socket.send_fds(self._control, [b"task"], descriptors)
            except OSError:
                self._control.close()
                self._process.kill()
                self._process.wait()
                shutil.rmtree(self.folder, ignore_errors=True)
                self._start()
                socket.send_fds(self._control, [b"task"], descriptors)


def _scrubbed_environment() -> dict[str, str]:
    """Nothing of ours but where our code is; single-threaded libraries; Mesa's software renderer, alike everywhere."""
    return {
        "PATH": "/usr/bin:/bin",
        "HOME": "/nonexistent",
        "LANG": "C.UTF-8",
        "PYTHONPATH": os.pathsep.join(entry or str(Path.cwd()) for entry in sys.path),
        "PYTHONDONTWRITEBYTECODE": "1",
        "OPENBLAS_NUM_THREADS": "1",
        "OMP_NUM_THREADS": "1",
        "PXR_WORK_THREAD_LIMIT": "1",
        "TF_ENV_SETTING_ALERTS_ENABLED": "0",
        "EGL_PLATFORM": "surfaceless",
        "LIBGL_ALWAYS_SOFTWARE": "1",
        "GALLIUM_DRIVER": "llvmpipe",
        # What is forked can have no threads; two children use two processors as well as one with two threads.
        "LP_NUM_THREADS": "0",
        "MESA_SHADER_CACHE_DISABLE": "true",
        "GLIBC_TUNABLES": _LARGE_PAGES,
        **{name: os.environ[name] for name in _PASSED_ON if name in os.environ},
    }


def _read_all(descriptors: Sequence[int], wall_s: float, *, to_the_end: bool) -> tuple[bytes, bytes, bytes]:
    """Read the three pipes to their ends, each bounded; of what was printed only the end is kept.

    Where the end does not matter, a value that is whole is all that is waited for.
    """
    buffers = [bytearray(), bytearray(), bytearray()]
    deadline = time.monotonic() + wall_s
    with selectors.DefaultSelector() as selector:
        for index, descriptor in enumerate(descriptors):
            selector.register(descriptor, selectors.EVENT_READ, index)
        while selector.get_map() and time.monotonic() < deadline:
            for key, _ in selector.select(timeout=max(deadline - time.monotonic(), 0)):
                chunk = os.read(key.fd, _CHUNK_BYTES)
                buffer = buffers[key.data]
                buffer += chunk
                if key.data == 1:
                    del buffer[:-_LAST_WORDS_BYTES]
                if not chunk or (key.data == 0 and len(buffer) > _LONGEST_ANSWER_BYTES):
                    selector.unregister(key.fd)
                    os.close(key.fd)
                if not (chunk or key.data or to_the_end) and _is_whole_value(buffer):
                    deadline = 0
        for key in list(selector.get_map().values()):
            os.close(key.fd)
    return bytes(buffers[0]), bytes(buffers[1]), bytes(buffers[2][:_LONGEST_ENDING_BYTES])


def _is_whole_value(answer: bytes | bytearray) -> bool:
    return answer.startswith(b"value\n") and answer.endswith(b"\n")


def _require_good_end(task: Task[T], words: str, ending: bytes) -> None:
    try:
        ended = _ENDING.validate_json(ending)
    except ValidationError as nothing_said:
        raise Unavailable(
            f"no child could be made for {task.name}: {words or 'it said nothing'}", code="no-children"
        ) from nothing_said
    if ended.timed_out or ended.cpu_s >= task.limits.cpu_s:
        raise ChildFailed(
            f"the reader did not finish within {task.limits.wall_s:g} s ({task.limits.cpu_s} s of computing)",
            reason=FailureReason.TIMED_OUT,
            last_words=words,
        )
    if ended.signal or ended.exit_code:
        raise _crash(ended, words)


def _value(task: Task[T], answer: bytes, words: str) -> T:
    kind, _, said = answer.partition(b"\n")
    try:
        if kind == b"value":
            return task.answer.validate_json(said, strict=True)
        reason, message = _UNABLE[kind], _MESSAGE.validate_json(said)
    except (ValidationError, KeyError) as lie:
        raise ChildFailed(
            f"the reader's answer is not what {task.name} promises",
            reason=FailureReason.GARBLED,
            last_words=words,
        ) from lie
    raise ChildFailed(message, reason=reason, last_words=words)


def _crash(ended: Ending, words: str) -> ChildFailed:
    if "bad_alloc" in words or "MemoryError" in words:
        return ChildFailed(
            "the reader asked for more memory than a task may use",
            reason=FailureReason.OUT_OF_MEMORY,
            signal=ended.signal,
            last_words=words,
        )
    how = f"signal {ended.signal}" if ended.signal else f"exit code {ended.exit_code}"
    return ChildFailed(
        f"the reader crashed ({how})", reason=FailureReason.CRASHED, signal=ended.signal, last_words=words
    )


_shared: dict[int, Nursery] = {}
_shared_lock = threading.Lock()


def nursery() -> Nursery:
    """The nursery of this process, started when it is first needed."""
    with _shared_lock:
        found = _shared.get(os.getpid())
        if found is None:
            _shared.clear()  # after a fork the parent's nursery is not ours to use or to end
            found = _shared[os.getpid()] = Nursery()
            atexit.register(found.close)
        return found
