"""Backups: a consistent copy of the database, the documents, what signs, and a manifest of the blobs.

::

    DIR/                    0700
      backup.json           what this is, and the digest of every file below; written last, so without it nothing counts
      catalog.sqlite        the database (catalog.dump: PostgreSQL's)
      blobs.tsv             digest, size and store of every verified blob
      objects.tsv           bucket, key, digest and size of every object that is copied
      documents/ anchors/   their objects, under their keys
      originals/            the blobs, where they were asked for
      environment secrets/  settings and secrets of the data folder, 0600

Blobs never change and are usually many; where the object store is copied by its own means they need not be here. The
database is copied first: a blob that a row of the copy speaks of was there before.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from catalog.kernel.errors import Conflict, InvalidInput
from catalog.ledger.queries import head_of
from catalog.storage.keys import blob_key
from catalog.storage.queries import blobs_after
from catalog.storage.vocabulary import BlobState
from catalog.upkeep import dumping

if TYPE_CHECKING:
    from datetime import datetime

    from catalog.storage.port import BlobStore, Stores
    from catalog.work.desk import Desk

FORMAT = 1
MANIFEST = "backup.json"
BLOBS = "blobs.tsv"
OBJECTS = "objects.tsv"
KEPT = ("environment", "secrets")
PRIVATE = 0o700
Tell = Callable[[str, int], None]


@dataclass(frozen=True, kw_only=True)
class BackedUp:
    """What a backup holds: the ledger up to entry ``seq`` at least."""

    folder: Path
    seq: int
    blobs: int
    objects: int
    with_originals: bool


@dataclass(frozen=True, kw_only=True)
class CopiedObject:
    """An object of the store as it lies in a backup."""

    bucket: str
    key: str
    sha256: str
    size_bytes: int


def back_up(
    desk: Desk,
    stores: Stores,
    data: Path,
    folder: Path,
    *,
    now: datetime,
    originals: bool = False,
    tell: Tell = lambda _what, _count: None,
) -> BackedUp:
    """Write a backup into a folder that is empty, or that holds an unfinished backup or an older one.

    Over an older one only originals that are not there yet are copied. Raises ``Conflict`` for a folder with other
    things in it.
    """
    _prepare(folder)
    with desk.read() as session:
        seq, head = head_of(session)
    copy = dumping.dump(desk.engine, folder)
    blobs = _write_blobs(desk, folder)
    tell("blobs", blobs)
    copied = [one for bucket in ("documents", "anchors") for one in _copy_bucket(stores, bucket, folder)]
    if originals:
        copied += _copy_originals(stores, folder, tell)
    lines = (f"{one.bucket}\t{one.key}\t{one.sha256}\t{one.size_bytes}\n" for one in copied)
    (folder / OBJECTS).write_text("".join(lines), encoding="utf-8")
    _keep(data, folder)
    files = {name: digest_of(folder / name) for name in (copy.name, BLOBS, OBJECTS)}
    said = {
        "format": FORMAT,
        "made_at": now.isoformat(),
        "database": copy.name,
        "ledger": {"seq": seq, "head": head},
        "blobs": blobs,
        "with_originals": originals,
        "files": files,
    }
    (folder / MANIFEST).write_text(json.dumps(said, indent=1) + "\n", encoding="utf-8")
    return BackedUp(folder=folder, seq=seq, blobs=blobs, objects=len(copied), with_originals=originals)


def read_manifest(folder: Path) -> dict[str, object]:
    """Return what a backup says of itself once its files are seen to be those; ``InvalidInput`` where they are not."""
    try:
        said: dict[str, object] = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        files: dict[str, str] = dict(said["files"])  # type: ignore[call-overload]  # refused below where it is none
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise InvalidInput(
            f"{folder} holds no finished backup: {MANIFEST} is not there or unreadable", code="no-backup"
        ) from error
    if said.get("format") != FORMAT:
        raise InvalidInput(
            f"{folder} is a backup of format {said.get('format')}; this program reads {FORMAT}", code="no-backup"
        )
    for name, sha256 in files.items():
        if not (folder / name).is_file() or digest_of(folder / name) != sha256:
            raise InvalidInput(f"{folder / name} is missing or was changed since the backup", code="damaged-backup")
    return said


def objects_of(folder: Path) -> Iterator[CopiedObject]:
    """Yield the objects of a backup."""
    with (folder / OBJECTS).open(encoding="utf-8") as lines:
        for line in lines:
            bucket, key, sha256, size_bytes = line.rstrip("\n").split("\t")
            yield CopiedObject(bucket=bucket, key=key, sha256=sha256, size_bytes=int(size_bytes))


def blobs_of(folder: Path) -> Iterator[tuple[str, int]]:
    """Yield digest and size of every blob that the backup's database speaks of."""
    with (folder / BLOBS).open(encoding="utf-8") as lines:
        for line in lines:
            sha256, size_bytes, _store = line.rstrip("\n").split("\t")
            yield sha256, int(size_bytes)


def digest_of(path: Path) -> str:
    """Return the SHA-256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _prepare(folder: Path) -> None:
    folder.mkdir(mode=PRIVATE, parents=True, exist_ok=True)
    folder.chmod(PRIVATE)
    ours = {
        MANIFEST,
        BLOBS,
        OBJECTS,
        dumping.SQLITE_COPY,
        dumping.POSTGRESQL_COPY,
        "documents",
        "anchors",
        "originals",
        *KEPT,
    }
    others = [path.name for path in folder.iterdir() if path.name not in ours]
    if others:
        raise Conflict(
            f"{folder} holds other things ({', '.join(sorted(others)[:3])}); name an empty folder", code="not-empty"
        )
    # What is there is no backup any more until this one is finished.
    for name in (MANIFEST, dumping.SQLITE_COPY, dumping.POSTGRESQL_COPY):
        (folder / name).unlink(missing_ok=True)


def _write_blobs(desk: Desk, folder: Path) -> int:
    count, after = 0, ""
    with (folder / BLOBS).open("w", encoding="utf-8") as file:
        while True:
            with desk.read() as session:
                some = blobs_after(session, after, state=BlobState.VERIFIED)
                lines = [f"{blob.sha256}\t{blob.size_bytes}\t{blob.store}\n" for blob in some]
            if not lines:
                return count
            file.writelines(lines)
            count += len(lines)
            after = lines[-1].partition("\t")[0]


def _copy_bucket(stores: Stores, bucket: str, folder: Path) -> Iterator[CopiedObject]:
    store: BlobStore = getattr(stores, bucket)
    for stored in store.walk():
        target = path_in(folder / bucket, stored.key)
        sha256, size_bytes = _copy(store, stored.key, target)
        yield CopiedObject(bucket=bucket, key=stored.key, sha256=sha256, size_bytes=size_bytes)


def _copy_originals(stores: Stores, folder: Path, tell: Tell) -> Iterator[CopiedObject]:
    for number, (sha256, size_bytes) in enumerate(blobs_of(folder), start=1):
        key = blob_key(sha256)
        target = path_in(folder / "originals", key)
        if not (target.is_file() and target.stat().st_size == size_bytes):
            found, _ = _copy(stores.originals, key, target)
            if found != sha256:
                target.unlink()
                raise Conflict(
                    f"blob {sha256} of the store has the digest {found}; verify the storage", code="altered-blob"
                )
        tell("originals", number)
        yield CopiedObject(bucket="originals", key=key, sha256=sha256, size_bytes=size_bytes)


def path_in(folder: Path, key: str) -> Path:
    """Return where an object lies in a backup; ``InvalidInput`` for a key that would lead elsewhere."""
    if any(part in {"", ".", ".."} for part in key.split("/")) or "\\" in key or "\0" in key:
        raise InvalidInput(f"object {key[:80]!r} has a name that no file can have", code="bad-key")
    return folder / key


def _copy(store: BlobStore, key: str, target: Path) -> tuple[str, int]:
    target.parent.mkdir(mode=PRIVATE, parents=True, exist_ok=True)
    beside = target.with_name(f"{target.name}.copying")
    digest, size_bytes = hashlib.sha256(), 0
    with beside.open("wb") as file:
        for chunk in store.open(key):
            file.write(chunk)
            digest.update(chunk)
            size_bytes += len(chunk)
        file.flush()
        os.fsync(file.fileno())
    beside.replace(target)
    return digest.hexdigest(), size_bytes


def _keep(data: Path, folder: Path) -> None:
    for name in KEPT:
        source, target = data / name, folder / name
        if source.is_dir():
            shutil.copytree(source, target, dirs_exist_ok=True)
        elif source.is_file():
            shutil.copy2(source, target)
