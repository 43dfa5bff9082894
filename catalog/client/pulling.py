"""Pulling a version: its real folder tree on this machine, checked, read-only, from the local cache.

The folder remembers what was pulled into it (``.reprise-pull.json``). Pulling another version of the same asset
brings the folder to that one: what only the old version had is removed. What a person put there or changed is never
touched: it is said, and nothing is done.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event
from typing import TYPE_CHECKING, Any

from catalog.client.addresses import Addresses
from catalog.client.contents import CHUNK_BYTES, Contents, Rewound, remove, sha256_of
from catalog.client.crew import Meter, Tell, share
from catalog.client.errors import Conflict, InvalidInput, NotFound, Unavailable, refusal_of
from catalog.client.locks import alone
from catalog.client.places import cache_folder, usable, write_in_one_step
from catalog.client.wire import given, segment

if TYPE_CHECKING:
    import requests

    from catalog.client.answers.files import Resolution, ResolvedFile
    from catalog.client.connection import Connection

THREADS = 4
TRIES = 4
NAMED_MAX = 5
MARK = ".reprise-pull.json"
LOCK = ".reprise-pull.lock"
_ERRORS_FROM = 400
_UNSATISFIABLE = 416


@dataclass(frozen=True)
class Pulled:
    """What was pulled: ``files`` in all, ``placed`` of them new here; ``removed`` were an older version's."""

    asset: str
    version: int
    folder: Path
    files: int
    placed: int
    removed: int
    remarks: list[str] = field(default_factory=list)
    """What to know before it is used: that the version is deprecated or its asset retired, and why."""


@dataclass(frozen=True)
class _Kept:
    """A file that an earlier pull placed, and how it looked then."""

    sha256: str
    size_bytes: int
    modified_ns: int

    def is_as_placed(self, path: Path) -> bool:
        try:
            found = path.stat()
        except OSError:
            return False
        return (found.st_size, found.st_mtime_ns) == (self.size_bytes, self.modified_ns)


class Puller:
    """Brings the files of one resolution into one folder. ``use`` is what is said of the planned use."""

    def __init__(self, connection: Connection, resolution: Resolution, folder: Path, use: Mapping[str, Any]) -> None:
        if resolution.asset is None or resolution.version is None:
            raise InvalidInput(f"{resolution.reference!r} names no version")
        self._connection = connection
        self._asset, self._version = resolution.asset, resolution.version
        self._files = resolution.files
        self._remarks = resolution.remarks
        self._folder = folder
        self._use = dict(use)
        entity = (resolution.entity or "").partition("/files/")[0]
        self._addresses = Addresses(connection, entity, use) if resolution.direct and entity else None
        self._contents = Contents(cache_folder() / "contents")

    def pull(self, tell: Tell | None) -> Pulled:
        """Bring everything that is not there; ``Conflict`` where a person's files are in the way."""
        for file in self._files:
            check_path(file.path)
        with usable(self._folder):
            return self._pull(tell)

    def _pull(self, tell: Tell | None) -> Pulled:
        self._folder.mkdir(parents=True, exist_ok=True)
        with alone(self._folder / LOCK):
            before = self._read_mark()
            missing = self._missing(before)
            self._make_folders(missing)
            if self._addresses is not None:
                self._addresses.expect([file for file in missing if not file.location])
            meter = Meter(tell, "downloading", sum(file.size_bytes for file in missing))
            for _ in share(lambda file, stop: self._place(file, stop, meter), missing, THREADS):
                pass
            removed = self._remove_old(before)
            self._write_mark()
        meter.finish()
        return Pulled(self._asset, self._version, self._folder, len(self._files), len(missing), removed, self._remarks)

    def _missing(self, before: Mapping[str, _Kept]) -> list[ResolvedFile]:
        missing, in_the_way = [], []
        stop = Event()
        for file in self._files:
            path = self._folder / file.path
            kept = before.get(file.path)
            if path.is_symlink() or (path.exists() and not path.is_file()):
                in_the_way.append(file.path)
            elif not path.exists():
                missing.append(file)
            elif kept is not None and kept.is_as_placed(path):
                missing += [] if kept.sha256 == file.sha256 else [file]
            elif sha256_of(path, stop) != file.sha256:
                in_the_way.append(file.path)
        if in_the_way:
            more = " and more" if len(in_the_way) > NAMED_MAX else ""
            raise _in_the_way(
                f"{self._folder} has other files under the names {', '.join(in_the_way[:NAMED_MAX])}{more}; "
                "move them away, or pull to another folder"
            )
        return missing

    def _make_folders(self, files: Sequence[ResolvedFile]) -> None:
        root = self._folder.resolve()
        for parent in sorted({(self._folder / file.path).parent for file in files}):
            # A link that somebody put into the folder must not lead the files elsewhere.
            if root not in (parent.resolve(), *parent.resolve().parents):
                raise _in_the_way(f"{parent} leads out of {self._folder} by a link; remove the link")
            try:
                parent.mkdir(parents=True, exist_ok=True)
            except (FileExistsError, NotADirectoryError) as error:
                raise _in_the_way(f"{parent} is to be a folder, and a file is there; move it away") from error

    def _place(self, file: ResolvedFile, stop: Event, meter: Meter) -> None:
        target = self._folder / file.path

        def bring(start: int) -> Iterator[bytes]:
            chunks = _read_referenced(Path(file.location), start) if file.location else self._download(file, start)
            for chunk in chunks:
                meter.advance(len(chunk))
                yield chunk

        self._contents.place(file.sha256, file.size_bytes, target, bring, stop)

    def _download(self, file: ResolvedFile, start: int) -> Iterator[bytes]:
        """Yield the bytes from ``start`` on; a transfer that breaks off is taken up again where it stopped."""
        for number in range(TRIES):
            try:
                with self._opened(file, start, first=number == 0) as answer:
                    for chunk in _chunks(answer, start):
                        start += len(chunk)
                        yield chunk
                return
            except (OSError, Unavailable) as error:  # noqa: PERF203 — tried again; what requests raises are OSErrors
                if number == TRIES - 1:
                    raise Unavailable(
                        f"{file.path} could not be downloaded: {error}", code="download-failed"
                    ) from error

    def _opened(self, file: ResolvedFile, start: int, *, first: bool) -> requests.Response:
        """Open the store's address where there is one, and whenever that failed the file's own."""
        address = self._addresses.find(file) if first and self._addresses is not None else None
        if address is not None:
            return self._connection.open_signed(address, start=start)
        path = f"/assets/{segment(self._asset)}/versions/{self._version}/files/{segment(file.path, keep='/')}"
        return self._connection.open(path, query=given(**self._use), start=start)

    def _remove_old(self, before: Mapping[str, _Kept]) -> int:
        wanted = {file.path for file in self._files}
        removed = 0
        for name, kept in before.items():
            path = self._folder / name
            if name not in wanted and not path.is_symlink() and kept.is_as_placed(path):
                remove(path)
                removed += 1
                _remove_empty(path.parent, self._folder)
        return removed

    def _read_mark(self) -> dict[str, _Kept]:
        try:
            mark = json.loads((self._folder / MARK).read_text(encoding="utf-8"))
            asset, files = str(mark["asset"]), {str(name): _Kept(*one) for name, one in mark["files"].items()}
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            return {}
        if asset != self._asset:
            raise Conflict(
                f"{self._folder} holds {asset}@{mark.get('version')}; pull {self._asset} to a folder of its own",
                code="other-asset",
            )
        for name in files:
            check_path(name)
        return files

    def _write_mark(self) -> None:
        files = {}
        for file in self._files:
            found = (self._folder / file.path).stat()
            files[file.path] = [file.sha256, found.st_size, found.st_mtime_ns]
        mark = {"asset": self._asset, "version": self._version, "files": files}
        write_in_one_step(self._folder / MARK, json.dumps(mark, ensure_ascii=False).encode(), mode=0o644)


def check_path(path: str) -> None:
    """Refuse a path of the server that would lead out of the folder, or be something else than a file in it."""
    parts = path.split("/")
    bad = (
        any(part in {"", ".", ".."} for part in parts)
        or "\\" in path
        or re.match(r"[A-Za-z]:", path) is not None
        or any(unicodedata.category(character) == "Cc" for character in path)
        or parts[-1] in {MARK, LOCK}
    )
    if bad:
        raise InvalidInput(
            f"the server names a file {path[:200]!r}, which would not be in the folder; nothing is pulled",
            code="bad-path",
        )


def _in_the_way(message: str) -> Conflict:
    return Conflict(message, code="files-in-the-way")


def _chunks(answer: requests.Response, start: int) -> Iterator[bytes]:
    if answer.status_code >= _ERRORS_FROM and answer.status_code != _UNSATISFIABLE:
        raise Unavailable(refusal_of(answer).message)
    if start and not answer.headers.get("Content-Range", "").startswith(f"bytes {start}-"):
        raise Rewound
    yield from answer.iter_content(CHUNK_BYTES)


def _read_referenced(location: Path, start: int) -> Iterator[bytes]:
    try:
        with location.open("rb") as file:
            file.seek(start)
            while chunk := file.read(CHUNK_BYTES):
                yield chunk
    except OSError as error:
        raise NotFound(
            f"the referenced file {location} cannot be read: {error.strerror}; is its root mounted on this machine?",
            code="unreachable-reference",
        ) from error


def _remove_empty(folder: Path, root: Path) -> None:
    while folder != root and not any(folder.iterdir()):
        folder.rmdir()
        folder = folder.parent
