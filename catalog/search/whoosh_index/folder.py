"""What lies where on disk.

::

    <root>/            readable by its owner alone: the files are pickles
      CURRENT          the name of the folder that answers; replaced by renaming, so it is always whole
      WRITING          locked while somebody writes, swaps or sets aside
      MERGING          locked while somebody copies segments of the live index
      REBUILDING       locked while somebody builds a new index beside the live one
      v1.1-4f0c…/      an index; its name starts with the version of its schema
      v1.1-77ab….damaged/   one that could not be opened, kept until the next rebuild for whoever wants to know why
"""

from __future__ import annotations

import fcntl
import os
import secrets
import shutil
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

from catalog.kernel.errors import Conflict, Unavailable
from catalog.search.whoosh_index.schema import VERSION
from catalog.search.whoosh_index.storage import sync_folder

REMEDY = "`catalog admin reindex` builds it anew from the database"
DAMAGED = ".damaged"
WAIT_S = 30.0
_LOOK_AGAIN_S = 0.02


class IndexFolder:
    """The folder that holds the live index, and while one is built, the next."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self._pointer = str(root / "CURRENT")
        self._read: tuple[tuple[int, int], str] = ((0, 0), "")

    def current(self) -> Path | None:
        """Return the folder of the live index, or None before there is one.

        Raises ``Unavailable`` when it has another version or was set aside, with the remedy.
        """
        name = self._named()
        if name is None:
            return None
        if not name.startswith(f"v{VERSION}-"):
            version = name.partition("-")[0].removeprefix("v")
            raise Unavailable(
                f"the search index has version {version} and this release reads {VERSION}; {REMEDY}",
                code="index-outdated",
            )
        found = self.root / name
        if not found.is_dir():
            raise Unavailable(
                f"the search index {name} was set aside as damaged or removed; {REMEDY}", code="index-missing"
            )
        return found

    def _named(self) -> str | None:
        """Return the name that stands in ``CURRENT``; read only where that is another file than the last time."""
        try:
            found = os.stat(self._pointer)  # noqa: PTH116 — with every search, and five times as fast as of a path
            if (found.st_ino, found.st_mtime_ns) != self._read[0]:
                name = Path(self._pointer).read_text(encoding="ascii").strip()
                self._read = ((found.st_ino, found.st_mtime_ns), name)
        except FileNotFoundError:
            return None
        return self._read[1]

    def new(self) -> Path:
        """Make the folder of an index that nobody reads yet."""
        self.root.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.root.chmod(0o700)
        folder = self.root / f"v{VERSION}-{secrets.token_hex(6)}"
        folder.mkdir(mode=0o700)
        return folder

    def install(self, folder: Path) -> None:
        """Make this folder the one that answers, in one step."""
        following = self.root / "CURRENT.next"
        with following.open("w", encoding="ascii") as file:
            file.write(folder.name + "\n")
            file.flush()
            os.fsync(file.fileno())
        following.replace(self.root / "CURRENT")
        sync_folder(self.root)

    def set_aside(self, folder: Path) -> None:
        """Take a damaged index out of use, but keep it."""
        folder.rename(folder.with_name(folder.name + DAMAGED))
        sync_folder(self.root)

    def clear(self) -> None:
        """Remove every index but the live one. Whoever still reads a removed one goes on reading its mapped files."""
        try:
            keep = (self.root / "CURRENT").read_text(encoding="ascii").strip()
        except FileNotFoundError:
            keep = ""
        for folder in self.root.glob("v*-*"):
            if folder.name != keep:
                shutil.rmtree(folder, ignore_errors=True)

    @contextmanager
    def writing(self, wait_s: float = WAIT_S) -> Iterator[None]:
        """Be the only writer; ``Unavailable`` when another one does not finish in time."""
        with self._locked("WRITING", wait_s) as mine:
            if not mine:
                raise Unavailable(
                    f"another process has been writing the search index for more than {wait_s:.0f} s; try again",
                    code="index-busy",
                )
            yield

    def merging(self) -> AbstractContextManager[bool]:
        """Try to be the only one who copies segments; whether that worked."""
        return self._locked("MERGING", 0)

    @contextmanager
    def rebuilding(self) -> Iterator[None]:
        """Be the only one who rebuilds; ``Conflict`` when somebody else is at it."""
        with self._locked("REBUILDING", 0) as mine:
            if not mine:
                raise Conflict("the search index is being rebuilt already; wait for that", code="index-being-rebuilt")
            yield

    @contextmanager
    def _locked(self, name: str, wait_s: float) -> Iterator[bool]:
        """Try to lock a file, which the kernel releases even when its owner is killed; say whether that worked."""
        self.root.mkdir(mode=0o700, parents=True, exist_ok=True)
        give_up = time.monotonic() + wait_s
        with (self.root / name).open("a") as file:
            mine = _try_lock(file.fileno())
            while not mine and time.monotonic() < give_up:
                time.sleep(_LOOK_AGAIN_S)
                mine = _try_lock(file.fileno())
            yield mine


def _try_lock(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
