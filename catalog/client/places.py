"""Where this package keeps things on this machine: what it was told, and what can be made anew."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from catalog.client.errors import InvalidInput

NAME = "reprise"


@contextmanager
def usable(path: Path) -> Iterator[None]:
    """Say in words which local path the operating system refuses: ``path``, something in it, or the cache."""
    try:
        yield
    except OSError as error:
        # What requests raises is an OSError, too, but the operating system gave it no number.
        if error.errno is None:
            raise
        refused = Path(os.fsdecode(error.filename)) if error.filename is not None else path
        cached = cache_folder() in (refused, *refused.parents)
        named = refused if cached or path in refused.parents else path
        remedy = "set CATALOG_CACHE to a folder that you may write to" if cached else "name another place"
        raise InvalidInput(
            f"{named} cannot be used: {(error.strerror or str(error)).lower()}; {remedy}", code="unusable-path"
        ) from error


def cache_folder() -> Path:
    """Return the folder of what can be made anew: ``CATALOG_CACHE``, or the platform's own (``~/.cache/reprise``)."""
    if os.environ.get("CATALOG_CACHE"):
        return Path(os.environ["CATALOG_CACHE"])
    return _platforms("XDG_CACHE_HOME", ".cache", windows="LOCALAPPDATA", macos="Library/Caches")


def config_folder() -> Path:
    """Return the folder of what a person said: the platform's own (``~/.config/reprise``)."""
    return _platforms("XDG_CONFIG_HOME", ".config", windows="APPDATA", macos="Library/Application Support")


def platform_word() -> str:
    """Return what the catalogue calls this operating system: ``linux``, ``windows`` or ``macos``."""
    return {"win32": "windows", "darwin": "macos"}.get(sys.platform, "linux")


def write_in_one_step(path: Path, content: bytes, *, mode: int = 0o600) -> None:
    """Replace a file: whoever reads it sees the old bytes or the new ones. Its folder is made where it is missing."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    beside.replace(path)


def _platforms(variable: str, usual: str, *, windows: str, macos: str) -> Path:
    if sys.platform == "win32":
        return Path(os.environ.get(windows) or Path.home()) / NAME
    if sys.platform == "darwin":
        return Path.home() / macos / NAME
    return Path(os.environ.get(variable) or Path.home() / usual) / NAME
