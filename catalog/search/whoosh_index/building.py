"""Building an index of many documents: several processes make segments, while this one reads documents and hands out.

Only what comes in the order of ids can be handed out, because no document then replaces another.
"""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
from collections.abc import Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextlib import ExitStack, closing, contextmanager, nullcontext, suppress
from itertools import chain, islice, pairwise
from pathlib import Path
from queue import SimpleQueue
from uuid import UUID

from catalog.kernel.errors import Unavailable
from catalog.search.port import Change, Document
from catalog.search.whoosh_index.codec import ArraySegment
from catalog.search.whoosh_index.writing import SEGMENT_MAX

MAKERS_MAX = 4
BATCH = 10_000
"""So many documents make a segment: about 200 MB in the process that makes it, and 10 MB on the disk."""


def build(
    folder: Path, changes: Iterable[Change], batch: int = BATCH, most: int = SEGMENT_MAX
) -> tuple[list[ArraySegment], Iterator[Change]]:
    """Make segments of the first changes, as long as these are full batches of new documents.

    Small ones are merged as soon as they make one of ``most`` documents together. Return the segments, which no table
    of contents names yet, and the changes that are left.
    """
    remaining = iter(changes)
    taken = list(islice(remaining, batch))
    last = UUID(int=0)
    segments: list[ArraySegment] = []
    if len(taken) == batch:
        with _makers(folder) as makers:
            while len(taken) == batch and _follows(last, taken):
                last = taken[-1].id
                segments += makers.give(taken)
                segments = _merging(makers, segments, most - batch + 1, most)
                taken = list(islice(remaining, batch))
            segments = _merging(makers, [*segments, *makers.rest()], 1, most)
            segments += makers.rest()
    return segments, chain(taken, remaining)


def _merging(makers: _Makers, segments: list[ArraySegment], least: int, most: int) -> list[ArraySegment]:
    """Have small segments merged that make one of ``least`` to ``most`` documents; return the others."""
    small: list[ArraySegment] = []
    for each in sorted(segments, key=lambda segment: segment.count):
        if 2 * each.count <= most and each.count + sum(one.count for one in small) <= most:
            small.append(each)
    if len(small) == 1 or sum(one.count for one in small) < least:
        return segments
    made = makers.give(small)
    return [*(each for each in segments if each not in small), *made]


def _follows(last: UUID, changes: list[Change]) -> bool:
    """Whether these are documents in the order of their ids, and all come after the last one."""
    ids = [last, *(change.id for change in changes)]
    return all(isinstance(change, Document) for change in changes) and all(one < other for one, other in pairwise(ids))


class _Makers:
    """Processes that make segments, each with a thread that talks to it."""

    def __init__(self, processes: list[subprocess.Popen[bytes]]) -> None:
        self._idle: SimpleQueue[subprocess.Popen[bytes]] = SimpleQueue()
        for process in processes:
            self._idle.put(process)
        self._threads = ThreadPoolExecutor(len(processes))
        self._pending: set[Future[ArraySegment]] = set()
        self._most = len(processes) + 1

    def give(self, given: list[Change] | list[ArraySegment]) -> list[ArraySegment]:
        """Have a segment made or some merged; return those that are ready. Waits while all work and one more waits."""
        self._pending.add(self._threads.submit(self._make, pickle.dumps(given, pickle.HIGHEST_PROTOCOL)))
        return self._taken() if len(self._pending) >= self._most else []

    def rest(self) -> list[ArraySegment]:
        """Wait for the last segments."""
        found = []
        while self._pending:
            found += self._taken()
        return found

    def close(self) -> None:
        """Let no thread outlive this."""
        self._threads.shutdown(cancel_futures=True)

    def _taken(self) -> list[ArraySegment]:
        done, self._pending = wait(self._pending, return_when=FIRST_COMPLETED)
        return [each.result() for each in done]

    def _make(self, given: bytes) -> ArraySegment:
        process = self._idle.get()
        try:
            return _asked(process, given)
        finally:
            self._idle.put(process)


def _asked(process: subprocess.Popen[bytes], given: bytes) -> ArraySegment:
    assert process.stdin and process.stdout  # noqa: S101, PT018 — both are pipes
    try:
        process.stdin.write(given)
        process.stdin.flush()
        answer = pickle.load(process.stdout)  # noqa: S301 — from a process that this one started
    except (BrokenPipeError, EOFError, pickle.UnpicklingError) as error:
        raise Unavailable(
            "a process that makes the search index died, perhaps for want of memory; the next try begins anew",
            code="index-unwritable",
        ) from error
    if isinstance(answer, ArraySegment):
        return answer
    raise answer


@contextmanager
def _makers(folder: Path) -> Iterator[_Makers]:
    command = [sys.executable, "-P", "-m", "catalog.search.whoosh_index.making", str(folder)]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(entry or str(Path.cwd()) for entry in sys.path)}
    with ExitStack() as stack:
        processes = []
        for _ in range(min(os.cpu_count() or 1, MAKERS_MAX)):
            process = subprocess.Popen(command, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
            processes.append(stack.enter_context(process))
        makers = stack.enter_context(closing(_Makers(processes)))
        try:
            yield makers
        except BaseException:
            for process in processes:
                process.kill()
                with suppress(OSError), process.stdin or nullcontext():  # what it did not take goes nowhere
                    pass
            raise
