"""Client and commands with everything real: gunicorn, the worker, and the object store that they talk to directly."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from dotenv import dotenv_values

from catalog.cli.program import program
from catalog.client import Client
from catalog.storage.keys import blob_key
from catalog.storage.port import Stores
from catalog.storage.s3.connection import S3Config
from catalog.storage.s3.opening import open_stores
from tests.files import png, usda
from tests.surfaces.running import ROOT, Catalogue, running
from tests.surfaces.serving import start_program
from tests.surfaces.test_interrupting import KILL_HALF_WAY

pytestmark = [pytest.mark.slow, pytest.mark.store]
LARGE = 130 * 2**20
"""In three parts."""


@pytest.fixture(scope="module")
def catalogue(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Catalogue]:
    with running(tmp_path_factory.mktemp("whole") / "var", "--no-demo") as catalogue:
        yield catalogue


@pytest.fixture
def client(catalogue: Catalogue) -> Iterator[Client]:
    with Client(catalogue.announced["url"], catalogue.announced["token"]) as client:
        yield client


def runs(*arguments: str) -> Result:
    """Run a command with nothing in its environment, and leave none of the settings that it reads behind."""
    kept = dict(os.environ)
    for name in kept:
        if name.startswith("AWS_"):
            del os.environ[name]
    try:
        return CliRunner().invoke(program, arguments)
    finally:
        os.environ.clear()
        os.environ.update(kept)


def test_what_is_published_is_measured_drawn_and_found_when_waiting_is_over(client: Client, tmp_path: Path) -> None:
    (tmp_path / "cup").mkdir()
    (tmp_path / "cup" / "tex.png").write_bytes(png())
    (tmp_path / "cup" / "cup.usda").write_bytes(usda())

    version = client.versions.publish("prp_waited", tmp_path / "cup", wait=True)

    assert version.pending == []
    assert {fact.path for fact in version.facts} == {"cup.usda", "tex.png"}
    assert client.previews.get(version.previews[0].sha256)[8:12] == b"WEBP"
    assert [card.code for card in client.search("prp_waited").items] == ["prp_waited"]


def test_a_large_file_travels_in_parts_and_goes_on_where_it_was_killed(
    catalogue: Catalogue, client: Client, tmp_path: Path
) -> None:
    large = tmp_path / "large.bin"
    block = os.urandom(2**20)
    with large.open("wb") as file:
        for number in range(LARGE // 2**20):
            file.write(number.to_bytes(4, "big") + block[4:])
    announced = catalogue.announced
    arguments = ("-c", KILL_HALF_WAY, "prp_large", str(large), "uploading")
    killed = start_program(*arguments, url=announced["url"], token=announced["token"])
    killed.communicate(timeout=600)
    assert killed.returncode == -signal.SIGKILL

    version = client.versions.publish("prp_large", large)
    pulled = client.assets.pull("prp_large", to=tmp_path / "out")

    assert (version.status, version.size_bytes, pulled.placed) == ("published", LARGE, 1)
    assert version.sent_bytes <= LARGE
    with large.open("rb") as sent, (tmp_path / "out/large.bin").open("rb") as received:
        assert hashlib.file_digest(sent, "sha256").digest() == hashlib.file_digest(received, "sha256").digest()


def test_an_operator_sees_that_everything_agrees(catalogue: Catalogue, client: Client, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("agreed")
    client.versions.publish("prp_agreed", tmp_path / "a.txt", wait=True)
    data = ("--data", str(catalogue.folder))

    said = {
        command: runs("admin", *command.split(), *data)
        for command in (
            *("migrate", "reindex", "reindex --verify", "verify-ledger", "verify-storage --read", "sweep", "init"),
            *("refill-previews", "refill-previews --verify", "remeasure", "remeasure --verify"),
        )
    }

    assert {command: ended.exit_code for command, ended in said.items()} == dict.fromkeys(said, 0), said
    assert "index and database agree" in said["reindex --verify"].stdout
    assert "the ledger holds: " in said["verify-ledger"].stdout
    assert "are what they should be" in said["verify-storage --read"].stdout
    assert "draw what is missing" in said["refill-previews"].stdout


def test_a_blob_that_is_lost_ends_with_five_and_is_named(catalogue: Catalogue, client: Client, tmp_path: Path) -> None:
    (tmp_path / "lost.txt").write_text("lost")
    client.versions.publish("prp_lost", tmp_path / "lost.txt", wait=True)
    sha256 = hashlib.sha256(b"lost").hexdigest()
    originals = stores_of(catalogue).originals
    originals.remove(blob_key(sha256))

    ended = runs("admin", "verify-storage", "--data", str(catalogue.folder))

    originals.put(blob_key(sha256), b"lost", sha256=sha256)
    assert (ended.exit_code, "1 of " in ended.stderr) == (5, True), ended.output
    assert f"missing  {sha256}  4 bytes" in ended.stdout


def stores_of(catalogue: Catalogue) -> Stores:
    """The stores of a running catalogue, opened beside it."""
    said = dotenv_values(catalogue.folder / "environment")
    return open_stores(
        S3Config(
            endpoint_url=said["CATALOG_S3_ENDPOINT_URL"],
            public_endpoint_url=None,
            bucket_prefix="catalog-",
            access_key_id=said["AWS_ACCESS_KEY_ID"],
            secret_access_key=said["AWS_SECRET_ACCESS_KEY"],
        )
    )


def test_an_operator_makes_users_and_tokens(catalogue: Catalogue) -> None:
    data = ("--data", str(catalogue.folder))

    made = runs("admin", "create-user", "zoe", "--role", "artist", "--display-name", "Zoë", "--no-password", *data)
    token = runs("admin", "create-token", "zoe", "--days", "1", "--scope", "browse", *data)
    again = runs("admin", "create-user", "Zoe", "--role", "artist", "--no-password", *data)
    unknown = runs("admin", "create-token", "nobody", *data)

    assert (made.exit_code, again.exit_code, unknown.exit_code) == (0, 5, 3)
    with Client(catalogue.announced["url"], token.stdout.strip()) as zoe:
        assert (zoe.me.get().login, zoe.me.get().abilities) == ("zoe", ["browse"])
    assert runs("admin", "create-token", "zoe", "--scope", "fly", *data).exit_code == 2


def test_a_backup_is_restored_into_a_new_folder_and_the_store_of_the_catalogue_that_then_runs(
    catalogue: Catalogue, client: Client, tmp_path: Path
) -> None:
    (tmp_path / "kept.txt").write_text("kept for good")
    client.versions.publish("prp_kept", tmp_path / "kept.txt", wait=True)
    backup, new = tmp_path / "backup", tmp_path / "new"

    made = runs("admin", "backup", str(backup), "--originals", "--data", str(catalogue.folder))
    assert made.exit_code == 0, made.stderr
    restored = runs("admin", "restore", str(backup), "--data", str(new))
    assert (restored.exit_code, "run the same command with --objects-only" in restored.stderr) == (8, True)
    assert "the catalogue was never started on this folder" in restored.stderr
    again = runs("admin", "restore", str(backup), "--data", str(new))
    assert (again.exit_code, "has tables already" in again.stderr) == (5, True)

    with running(new, "--no-demo") as second:
        objects = runs("admin", "restore", str(backup), "--objects-only", "--data", str(new))
        assert objects.exit_code == 0, objects.stderr
        with Client(second.announced["url"], second.announced["token"]) as client_of_new:
            assert client_of_new.files.get("prp_kept", 1, "kept.txt") == b"kept for good"
        held = runs("admin", "verify-ledger", "--data", str(new))
        assert held.exit_code == 0, held.stderr


def test_a_damaged_backup_is_not_restored(catalogue: Catalogue, tmp_path: Path) -> None:
    backup, new = tmp_path / "backup", tmp_path / "new"
    assert runs("admin", "backup", str(backup), "--data", str(catalogue.folder)).exit_code == 0
    with (backup / "blobs.tsv").open("a") as file:
        file.write("\n")

    damaged = runs("admin", "restore", str(backup), "--data", str(new))
    assert (damaged.exit_code, "blobs.tsv is missing or was changed" in damaged.stderr) == (4, True)
    assert not (new / "catalog.sqlite").exists()

    (backup / "somebody's.txt").write_text("x")
    crowded = runs("admin", "backup", str(backup), "--data", str(catalogue.folder))
    assert (crowded.exit_code, "holds other things" in crowded.stderr) == (5, True)
    shutil.rmtree(backup)
    nothing = runs("admin", "restore", str(backup), "--data", str(new))
    assert (nothing.exit_code, "holds no finished backup" in nothing.stderr) == (4, True)


def test_a_local_script_needs_only_the_data_folder(catalogue: Catalogue) -> None:
    listed = subprocess.run(
        [sys.executable, "-m", "catalog", "assets", "list", "--format", "json", "--data", str(catalogue.folder)],
        cwd=ROOT,
        capture_output=True,
        check=True,
        text=True,
    )

    assert type(json.loads(listed.stdout)) is list


def test_a_folder_that_is_none_is_not_found(tmp_path: Path) -> None:
    ended = runs("admin", "verify-ledger", "--data", str(tmp_path / "gone"))

    assert (ended.exit_code, "there is no data folder" in ended.stderr) == (3, True)
