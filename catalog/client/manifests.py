"""Manifests of an import: one asset a row, as CSV or as JSONL. Read a row at a time.

**CSV**, UTF-8, with a first line that names the columns, in any order. ``code``, ``name`` and ``kind`` must be there;
the others may be: ``description``, ``owner``, ``show``, ``note``; several values in one cell, separated by ``;``:
``tags``, ``audience``, ``aliases`` (``text|language``, the language may be missing), ``external_ids``
(``system:value``). A custom field of the studio is a column of its own: ``fields.vendor``. An asset whose files lie
under a declared root gets them as its first version, by reference: ``root`` and ``path``, the file or folder under it.
A folder is walked and its files are read for their digests, so the root must be mounted here; for one file ``sha256``
and ``size_bytes`` may be given instead.

**JSONL**: each line is an object with the fields of ``POST /imports``, or with ``root`` and ``path`` as above.

A row's number is that of its line, and belongs to its identity: what was entered is not entered again.
"""

from __future__ import annotations

import csv
import hashlib
import json
import os
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any

from catalog.client.digests import digests_of
from catalog.client.errors import CatalogError, InvalidInput, NotFound
from catalog.client.referencing import LocalRoot, local_root
from catalog.client.trees import read_tree

if TYPE_CHECKING:
    from catalog.client.connection import Connection

PLAIN = ("code", "name", "kind", "description", "owner", "show", "note")
REQUIRED = ("code", "name", "kind")
FILES = ("root", "path", "sha256", "size_bytes")
FIELD = "fields."
"""How a column of a custom field begins."""
CELL_MAX = 10 * 2**20


@dataclass(frozen=True)
class ManifestRow:
    """One row: its line number, the asset's code if it has one, and either what is sent, or what is wrong with it."""

    number: int
    body: dict[str, Any] | None
    asset: str | None = None
    code: str | None = None
    message: str | None = None


def key_of(manifest: Path) -> str:
    """Return the default key of an import: the manifest's name, and a part of the digest of its whole path."""
    name = re.sub(r"[^\w.+-]+", "-", manifest.name, flags=re.ASCII)[:60]
    return f"{name}-{hashlib.sha256(os.fspath(manifest.resolve()).encode('utf-8', 'surrogatepass')).hexdigest()[:12]}"


def read_manifest(manifest: Path, connection: Connection) -> Iterator[ManifestRow]:
    """Yield the rows of a manifest; ``InvalidInput`` at once for one that is no manifest."""
    if not manifest.is_file():
        raise NotFound(f"there is no manifest at {str(manifest)!r}; check the path", code="no-such-path")
    suffix = manifest.suffix.casefold()
    readers = {".csv": _read_csv, ".jsonl": _read_jsonl, ".ndjson": _read_jsonl}
    if suffix not in readers:
        raise InvalidInput(f"{manifest.name!r} is neither .csv nor .jsonl", code="bad-manifest")
    return readers[suffix](manifest, _Referenced(connection))


def _read_csv(manifest: Path, referenced: _Referenced) -> Iterator[ManifestRow]:
    csv.field_size_limit(CELL_MAX)
    with manifest.open(encoding="utf-8-sig", newline="") as file:
        reader = csv.reader(file, strict=True)
        try:
            columns = [name.strip() for name in next(reader, [])]
        except (csv.Error, UnicodeDecodeError) as error:
            raise InvalidInput(
                f"{manifest.name} is not a CSV file in UTF-8 ({error}); save it as 'CSV UTF-8'", code="bad-manifest"
            ) from error
        _check_columns(manifest, columns)
        while True:
            number = reader.line_num + 1
            try:
                cells = next(reader, None)
            except (csv.Error, UnicodeDecodeError) as error:
                raise InvalidInput(f"{manifest.name} line {number}: {error}", code="bad-manifest") from error
            if cells is None:
                return
            if cells:
                yield _row(number, referenced, partial(_from_cells, columns, cells))


def _check_columns(manifest: Path, columns: list[str]) -> None:
    known = {*PLAIN, *SEVERAL, *FILES}
    unknown = [name for name in columns if name not in known and not name.startswith(FIELD)]
    missing = [name for name in REQUIRED if name not in columns]
    if unknown or missing or len(set(columns)) < len(columns):
        said = [f"has no column {name!r}" for name in missing] + [f"has an unknown column {name!r}" for name in unknown]
        raise InvalidInput(
            f"{manifest.name} {'; '.join(said[:5]) or 'has a column twice'}; known are {', '.join(sorted(known))}",
            code="bad-manifest",
        )


def _read_jsonl(manifest: Path, referenced: _Referenced) -> Iterator[ManifestRow]:
    with manifest.open("rb") as file:
        for number, line in enumerate(file, start=1):
            if line.strip():
                yield _row(number, referenced, partial(_from_line, line))


def _row(number: int, referenced: _Referenced, read: Callable[[], dict[str, Any]]) -> ManifestRow:
    code: object = None
    try:
        found = read()
        code = found.get("code")
        return ManifestRow(number, {**referenced.completed(found), "row": number}, str(code))
    except CatalogError as refusal:
        return ManifestRow(number, None, str(code or "") or None, refusal.code, refusal.message)


def _from_line(line: bytes) -> dict[str, Any]:
    try:
        found = json.loads(line.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise InvalidInput(f"the line is no JSON: {error}", code="bad-row") from error
    if not isinstance(found, dict):
        raise InvalidInput(f"the line is {type(found).__name__}, not an object", code="bad-row")
    return found


def _from_cells(columns: list[str], cells: list[str]) -> dict[str, Any]:
    if len(cells) > len(columns):
        raise InvalidInput(
            f"the row has {len(cells)} cells for {len(columns)} columns; quote cells with commas", code="bad-row"
        )
    found: dict[str, Any] = {}
    for name, cell in zip(columns, cells):
        if not cell.strip():
            continue
        if name.startswith(FIELD):
            found.setdefault("fields", {})[name.removeprefix(FIELD)] = cell.strip()
            continue
        found[name] = SEVERAL[name](_split(cell)) if name in SEVERAL else cell.strip()
    return found


def _split(cell: str) -> list[str]:
    return [part.strip() for part in cell.split(";") if part.strip()]


def _aliases(parts: list[str]) -> list[dict[str, str]]:
    pairs = [part.rpartition("|") if "|" in part else (part, "", "und") for part in parts]
    return [{"text": text.strip(), "language": language.strip() or "und"} for text, _, language in pairs]


def _external_ids(parts: list[str]) -> list[dict[str, str]]:
    for part in parts:
        if ":" not in part:
            raise InvalidInput(f"external id {part!r} names no system; write system:value", code="bad-row")
    return [{"system": part.partition(":")[0].strip(), "value": part.partition(":")[2].strip()} for part in parts]


SEVERAL: dict[str, Callable[[list[str]], Any]] = {
    "tags": list,
    "audience": list,
    "aliases": _aliases,
    "external_ids": _external_ids,
}


class _Referenced:
    """Makes files of ``root`` and ``path``; looks at each root once."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._roots: dict[str, LocalRoot] = {}

    def completed(self, row: dict[str, Any]) -> dict[str, Any]:
        told = {name: row.pop(name) for name in FILES if name in row}
        if not told:
            return row
        if not isinstance(told.get("root"), str) or not isinstance(told.get("path"), str):
            raise InvalidInput("files by reference need a root and a path", code="bad-row")
        files = _declared(told) if "sha256" in told else self._read(told["root"], told["path"])
        return {**row, "files": files}

    def _read(self, name: str, path: str) -> list[dict[str, Any]]:
        root = self._roots.get(name)
        if root is None:
            root = self._roots[name] = local_root(self._connection, name)
        pure = PurePosixPath(path)
        if pure.is_absolute() or ".." in pure.parts:
            raise InvalidInput(f"path {path!r} is not relative to root {name!r}", code="bad-row")
        source = next((folder / pure for folder in root.folders if (folder / pure).exists()), None)
        if source is None:
            raise NotFound(f"there is no {path!r} under root {name!r} on this machine", code="no-such-path")
        tree = read_tree(source)
        digests = digests_of(tree.files)
        return [
            {
                "path": file.path,
                "sha256": digests[file.path].sha256,
                "size_bytes": file.size_bytes,
                "custody": "referenced",
                "root": name,
                "root_path": root.path_of(file.source),
            }
            for file in tree.files
        ]


def _declared(told: dict[str, Any]) -> list[dict[str, Any]]:
    try:
        size_bytes = int(told["size_bytes"])
    except (KeyError, ValueError, TypeError) as error:
        raise InvalidInput("a file with a sha256 needs its size_bytes, a whole number", code="bad-row") from error
    one = {
        "path": PurePosixPath(told["path"]).name,
        "sha256": told["sha256"],
        "size_bytes": size_bytes,
        "custody": "referenced",
        "root": told["root"],
        "root_path": told["path"],
    }
    return [one]
