"""Restoring a backup: into nothing only, so that no restore can lose what is there."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from catalog.db import migrate
from catalog.kernel.errors import InvalidInput
from catalog.storage import turns
from catalog.storage.keys import blob_key
from catalog.upkeep import dumping
from catalog.upkeep.backups import blobs_of, digest_of, objects_of, path_in, read_manifest
from catalog.work.desk import Desk

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from catalog.storage.port import BlobStore, Stores

Tell = Callable[[str, int], None]
HELD = "the database was restored from a backup, and what was stored after that has no row"


@dataclass(frozen=True, kw_only=True)
class RestoredObjects:
    """What became of the objects: how many were put back, and the blobs that neither backup nor store has."""

    put_back: int
    missing: tuple[str, ...]


def restore_database(engine: Engine, data: Path, folder: Path) -> None:
    """Put database and secrets back into a data folder that has none, and bring the tables up to this program's.

    What was stored since the backup has no row in it, so the store is not swept before an operator says so.
    Raises ``InvalidInput`` for a damaged backup and ``Conflict`` for a database with tables; nothing is changed then.
    """
    read_manifest(folder)
    dumping.load(engine, folder)
    migrate.upgrade(engine)
    with Desk(engine=engine, reactions={}).bookkeeping() as session:
        turns.hold(session, HELD)
    # Addresses of database and store belong to the old place; what signs belongs to the catalogue.
    secrets = folder / "secrets"
    if secrets.is_dir() and not (data / "secrets").exists():
        shutil.copytree(secrets, data / "secrets")
        (data / "secrets").chmod(0o700)


def restore_objects(stores: Stores, folder: Path, tell: Tell = lambda _what, _count: None) -> RestoredObjects:
    """Put documents, and originals where the backup has them, back into the store; safe to run twice.

    Raises ``InvalidInput`` for a file that was changed since the backup.
    """
    read_manifest(folder)
    put_back = 0
    for one in objects_of(folder):
        path = path_in(folder / one.bucket, one.key)
        if not path.is_file() or digest_of(path) != one.sha256:
            raise InvalidInput(f"{path} is missing or was changed since the backup", code="damaged-backup")
        store: BlobStore = getattr(stores, one.bucket)
        with path.open("rb") as file:
            store.put(one.key, file, sha256=one.sha256)
        put_back += 1
        tell("objects", put_back)
    return RestoredObjects(put_back=put_back, missing=tuple(_missing(stores, folder)))


def _missing(stores: Stores, folder: Path) -> Iterator[str]:
    for sha256, size_bytes in blobs_of(folder):
        found = stores.originals.find(blob_key(sha256))
        if found is None or found.size_bytes != size_bytes:
            yield sha256
