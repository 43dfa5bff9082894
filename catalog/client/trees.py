"""Local folders as the tree of a version: which files, under which paths, and what was left out.

- One folder: what is in it is the tree. ``publish("chr_ann", "ann")`` with ``ann/geo/ann.usd`` gives ``geo/ann.usd``.
- One file: the tree is that file under its own name.
- Several paths: they are laid side by side under their own names, as a shell's ``ann/*`` spells them.

Hidden files and what operating systems leave behind are left out and named. Links are followed while they stay inside
what was given; one that leads out is refused, because its content is somebody else's.
"""

from __future__ import annotations

import fnmatch
import os
import stat
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Union

from catalog.client.errors import FieldError, InvalidInput, NotFound

LocalPath = Union[str, "os.PathLike[str]"]

RUBBISH = frozenset({"thumbs.db", "ehthumbs.db", "desktop.ini", "__macosx", "$recycle.bin", "@eadir", "lost+found"})
RUBBISH_ENDINGS = ("~", ".swp")
FAULTS_NAMED = 50


@dataclass(frozen=True)
class LocalFile:
    """A file of a tree: ``path`` in the version, ``source`` on this machine, and how the source looked at first."""

    path: str
    source: Path
    size_bytes: int
    modified_ns: int
    role: str | None = None

    def is_as_it_was(self) -> bool:
        """Whether size and time of change are what they were; says nothing where the file is gone."""
        try:
            found = self.source.stat()
        except OSError:
            return False
        return (found.st_size, found.st_mtime_ns) == (self.size_bytes, self.modified_ns)


@dataclass(frozen=True)
class Tree:
    """The files of a version to be, by path, and what was left out (paths as they were given)."""

    files: tuple[LocalFile, ...]
    left_out: tuple[str, ...]


def read_tree(paths: LocalPath | Sequence[LocalPath], roles: Mapping[str, str] | None = None) -> Tree:
    """Return the tree that the paths spell, with roles by pattern (``{"tex/*": "texture_set"}``, the first that fits).

    Raises ``NotFound`` for a path that is not there and ``InvalidInput`` for a tree that cannot be published: nothing
    in it, two files under one path, a link that leads out, a name that is no text, a pattern that fits nothing.
    """
    given = [Path(paths)] if isinstance(paths, (str, os.PathLike)) else [Path(path) for path in paths]
    for path in given:
        if not path.exists():
            raise NotFound(f"there is nothing at {str(path)!r}; check the path", code="no-such-path")
    walk = _Walk(allowed=tuple(path.resolve() for path in given))
    single = len(given) == 1
    found = [file for path in given for file in walk.walk(path, "" if single and path.is_dir() else _name_of(path))]
    if walk.faults:
        raise _together(walk.faults)
    if not found:
        shown = ", ".join(map(str, given)) or "no path"
        raise InvalidInput(f"there is no file to publish in {shown}", code="no-files")
    files = sorted(found, key=lambda file: file.path)
    for one, other in zip(files, files[1:]):
        if one.path == other.path:
            raise InvalidInput(f"{one.source} and {other.source} would both be {one.path!r}", code="same-path")
    return Tree(files=tuple(_with_roles(files, roles or {})), left_out=tuple(sorted(walk.left_out)))


def is_rubbish(name: str) -> bool:
    """Whether a file or folder of this name is hidden, or left behind by an operating system or editor."""
    return name.startswith(".") or name.casefold() in RUBBISH or name.endswith(RUBBISH_ENDINGS)


def absolute(path: Path) -> Path:
    """Return a path from the top, without ``..``, its links as they are."""
    return Path(os.path.abspath(path))  # noqa: PTH100 — resolve() would follow the links


def _together(faults: Sequence[InvalidInput]) -> InvalidInput:
    """Return one refusal that names everything that is in the way, so that it is mended in one go."""
    more = f"; {len(faults) - 1} more are in the way" if len(faults) > 1 else ""
    errors = [error for fault in faults[:FAULTS_NAMED] for error in fault.errors]
    return InvalidInput(f"{faults[0].message}{more}", code=faults[0].code, errors=errors)


def _fault(path: Path, words: str, code: str) -> InvalidInput:
    return InvalidInput(f"{path} {words}", code=code, errors=[FieldError(str(path), words)])


def _name_of(path: Path) -> str:
    # "." and "folder/.." have a name only once they are spelled out.
    return path.name if path.name not in {"", ".."} else path.resolve().name


def _with_roles(files: Sequence[LocalFile], roles: Mapping[str, str]) -> Iterator[LocalFile]:
    for pattern in roles:
        if not any(fnmatch.fnmatchcase(file.path, pattern) for file in files):
            raise InvalidInput(
                f"no file is called like {pattern!r}; the first is {files[0].path!r}", code="bad-role-pattern"
            )
    for file in files:
        role = next((role for pattern, role in roles.items() if fnmatch.fnmatchcase(file.path, pattern)), None)
        yield replace(file, role=role)


class _Walk:
    def __init__(self, allowed: tuple[Path, ...]) -> None:
        self._allowed = allowed
        self.left_out: list[str] = []
        self.faults: list[InvalidInput] = []

    def walk(self, path: Path, name: str) -> Iterator[LocalFile]:
        """Yield the files at and below a path that was given, under ``name``."""
        yield from self._visit(path, _text(name, path), above=())

    def _visit(self, path: Path, name: str, above: tuple[Path, ...]) -> Iterator[LocalFile]:
        found = path.stat()
        if stat.S_ISDIR(found.st_mode):
            real = path.resolve()
            if real in above:
                raise _fault(path, "is a link to a folder that it is in; remove it", "looping-link")
            yield from self._visit_folder(path, name, (*above, real))
        elif stat.S_ISREG(found.st_mode):
            yield LocalFile(name, path, found.st_size, found.st_mtime_ns)
        else:
            self.left_out.append(str(path))

    def _visit_folder(self, folder: Path, name: str, above: tuple[Path, ...]) -> Iterator[LocalFile]:
        try:
            with os.scandir(folder) as entries:
                listed = sorted(entries, key=lambda entry: entry.name)
        except OSError as error:
            raise _fault(folder, f"cannot be read: {error.strerror}", "unreadable") from error
        for entry in listed:
            if is_rubbish(entry.name):
                self.left_out.append(str(folder / entry.name))
            else:
                yield from self._visit_entry(folder / entry.name, name, above)

    def _visit_entry(self, path: Path, folder: str, above: tuple[Path, ...]) -> Iterator[LocalFile]:
        """Yield the files at and below a path in a folder; what is wrong with it is noted, and the walk goes on."""
        try:
            if path.is_symlink():
                self._check_link(path)
            yield from self._visit(path, _text(f"{folder}/{path.name}" if folder else path.name, path), above)
        except InvalidInput as fault:
            self.faults.append(fault)

    def _check_link(self, path: Path) -> None:
        try:
            target = path.resolve(strict=True)
        except (OSError, RuntimeError) as error:
            raise _fault(path, "is a link to nothing; remove it or restore its target", "broken-link") from error
        if not any(target == root or root in target.parents for root in self._allowed):
            words = f"is a link that leads out of the folder, to {target}; copy the file or publish its folder"
            raise _fault(path, words, "escaping-link")


def _text(name: str, path: Path) -> str:
    try:
        name.encode("utf-8")
    except UnicodeEncodeError as error:
        shown = Path(os.fsencode(path).decode(errors="replace"))
        raise _fault(shown, "has a name that is no Unicode text; rename it", "bad-path") from error
    return unicodedata.normalize("NFC", name)
