"""Merging in the background: what commits leave is merged by a thread that stands back behind everything else.

It copies without the lock of writers and takes that only to put the outcome in place, so commits and searches go on.
Nothing is lost when it is killed: what it made is named by no table of contents yet, and the next merge removes it.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from contextlib import suppress

import structlog

from catalog.kernel.errors import CatalogError

NICE = 10
log = structlog.get_logger("catalog.search")


class Merger:
    """Merges as long as there is something to merge; one thread at a time, which ends when there is nothing left."""

    def __init__(self, merge: Callable[[], bool]) -> None:
        self._merge = merge
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None
        self._asked = False

    def wake(self) -> None:
        """Have somebody look whether there is something to merge."""
        with self._lock:
            self._asked = True
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="merging", daemon=True)
                self._thread.start()

    def wait(self) -> None:
        """Wait until nothing is left to merge."""
        thread = self._thread
        if thread is not None:
            thread.join()

    def _run(self) -> None:
        with suppress(OSError):  # whoever stands back further already may not come forward
            os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), NICE)  # on Linux this thread's own
        while self._goes_on():
            try:
                while self._merge():
                    pass
            except Exception as error:  # noqa: BLE001 — a thread that dies silently would never merge again
                level = log.warning if isinstance(error, CatalogError | OSError | MemoryError) else log.exception
                level("segments are not merged now; the next commit has it tried again", why=str(error))

    def _goes_on(self) -> bool:
        with self._lock:
            asked, self._asked = self._asked, False
            if not asked:
                self._thread = None
            return asked
