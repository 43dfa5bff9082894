"""Threads that share out work, end together, and say how far they are."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from queue import Empty, SimpleQueue
from typing import TypeVar

T = TypeVar("T")
R = TypeVar("R")
TELL_EVERY_S = 0.1
LISTEN_EVERY_S = 0.2


class Stopped(Exception):
    """Another thread failed, or somebody pressed Ctrl-C: this one ends, too."""


@dataclass(frozen=True)
class Progress:
    """How far a step is: ``done`` of ``total`` bytes or rows (``unit``); ``total`` is None where nobody knows."""

    step: str
    done: int
    total: int | None
    unit: str = "bytes"


Tell = Callable[[Progress], None]
"""Is told how far it is, some times a second, from one thread at a time."""


class Meter:
    """Counts what several threads have done of a step, and tells it."""

    def __init__(self, tell: Tell | None, step: str, total: int | None, unit: str = "bytes") -> None:
        self._tell = tell
        self._step = step
        self._total = total
        self._unit = unit
        self._done = 0
        self._told_at = 0.0
        self._lock = threading.Lock()
        self.advance(0)

    def advance(self, amount: int) -> None:
        """Count some more; a negative amount takes back what has to be done again."""
        with self._lock:
            self._done += amount
            now = time.monotonic()
            if self._tell and (now - self._told_at >= TELL_EVERY_S or self._done == self._total):
                self._told_at = now
                self._tell(Progress(self._step, self._done, self._total, self._unit))

    def finish(self) -> None:
        """Say that all is done, also where some of it needed no doing."""
        if self._total is not None:
            self.advance(self._total - self._done)


def share(work: Callable[[T, threading.Event], R], items: Iterable[T], threads: int) -> Iterator[R]:
    """Yield what ``work`` makes of each item, as it gets ready, in no order.

    Items are taken as threads become free. ``work`` is given an event that is set when all are to end; it raises
    ``Stopped`` then. The first failure ends all the others and is raised.
    """
    stop = threading.Event()
    pool = ThreadPoolExecutor(max_workers=threads, thread_name_prefix="reprise")
    ended: SimpleQueue[Future[R]] = SimpleQueue()
    running = 0
    patient = True
    try:
        for item in items:
            pool.submit(work, item, stop).add_done_callback(ended.put)
            running += 1
            if running == 2 * threads:
                yield _first(ended).result()
                running -= 1
        for _ in range(running):
            yield _first(ended).result()
    except (KeyboardInterrupt, GeneratorExit):
        patient = False  # whoever wants to leave does not wait for a server that hangs
        raise
    finally:
        stop.set()
        pool.shutdown(wait=patient, cancel_futures=True)


def _first(ended: SimpleQueue[Future[R]]) -> Future[R]:
    """Wait for whichever ends first, and listen for Ctrl-C.

    A signal may reach any thread, and on Windows wakes none that waits for a lock; only the main thread acts on it.
    """
    while True:
        with suppress(Empty):
            return ended.get(timeout=LISTEN_EVERY_S)
