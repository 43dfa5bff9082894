"""Whose turn it is to write next to a SQLite file: nobody waits for a writer who came later.

SQLite lets whoever asks first after a commit write next, and that is most often the writer who has just committed:
beside an import that writes without pause, an artist waits for many of its transactions. Here each writer passes a
turnstile, a lock on a file of its own, and keeps it until SQLite has let them write. So the one who writes again stands
behind the one who waited.
"""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from time import monotonic, sleep

LOOK_EVERY_S = 0.001
PATIENT_LOOK_EVERY_S = 0.02
"""Where somebody waits for the others, they mostly find it open first."""


@contextmanager
def passing(turnstile: Path, within_s: float, *, patiently: bool) -> Iterator[None]:
    """Keep the turnstile while the block asks SQLite for its lock; whoever passes ``patiently`` lets others go first.

    After ``within_s`` in vain the block runs all the same: SQLite's own lock is the one that counts.
    """
    until = monotonic() + within_s
    try:
        # Opened anew each time: one that is shared would let all threads of a process pass at once.
        opened = turnstile.open("ab")
    except OSError:  # no room, no descriptors, a folder that cannot be written: SQLite will say what it makes of that
        yield
        return
    with opened as lock:
        while not _is_locked(lock.fileno()) and monotonic() < until:
            sleep(PATIENT_LOOK_EVERY_S if patiently else LOOK_EVERY_S)
        yield


def _is_locked(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError:
        return True  # a file system without locks
    return True
