"""The data folder of one installation."""

import json
import multiprocessing
import os
import stat
from multiprocessing.connection import Connection
from pathlib import Path

import pytest

from catalog.app.installation import Installation, Running, open_installation, write_privately
from catalog.kernel.errors import Conflict, InvalidInput


@pytest.fixture
def installation(tmp_path: Path) -> Installation:
    return open_installation(tmp_path / "var")


def _mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_a_new_data_folder_is_readable_by_its_owner_only(installation: Installation) -> None:
    assert _mode(installation.folder) == 0o700
    assert {_mode(entry) for entry in installation.folder.iterdir()} == {0o700}


def test_a_data_folder_is_opened_again_with_what_it_keeps(installation: Installation) -> None:
    installation.keep_secret("admin_token", "rpr_first")

    again = open_installation(installation.folder)

    assert again.secret("admin_token") == "rpr_first"


def test_a_folder_with_other_things_in_it_is_refused_untouched(tmp_path: Path) -> None:
    tmp_path.chmod(0o755)
    (tmp_path / "holiday.jpg").write_bytes(b"sand")

    with pytest.raises(InvalidInput, match="not empty and not a data folder"):
        open_installation(tmp_path)

    assert _mode(tmp_path) == 0o755
    assert [entry.name for entry in tmp_path.iterdir()] == ["holiday.jpg"]


def test_a_folder_that_cannot_be_made_is_refused_with_the_remedy(tmp_path: Path) -> None:
    (tmp_path / "file").touch()

    with pytest.raises(InvalidInput, match="Not a directory; name one that can be written with --data"):
        open_installation(tmp_path / "file" / "var")


def test_a_secret_is_made_once_and_readable_by_its_owner_only(installation: Installation) -> None:
    first = installation.secret("secret_key")
    second = installation.secret("secret_key")

    assert first == second
    assert len(first) == 43
    assert _mode(installation.folder / "secrets" / "secret_key") == 0o600


def test_a_secret_that_a_crash_left_empty_is_made_anew(installation: Installation) -> None:
    (installation.folder / "secrets" / "secret_key").touch()

    assert installation.secret("secret_key", lambda: "fresh") == "fresh"


def test_the_announcement_is_readable_by_its_owner_only_and_goes_when_it_is_withdrawn(
    installation: Installation,
) -> None:
    installation.announce(Running(url="http://127.0.0.1:8000", pid=42, token="rpr_secret"))

    assert _mode(installation.run_file) == 0o600
    assert json.loads(installation.run_file.read_text()) == {
        "url": "http://127.0.0.1:8000",
        "pid": 42,
        "token": "rpr_secret",
    }

    installation.withdraw()

    assert not installation.run_file.exists()


@pytest.mark.parametrize("left", ["", "{", '"words"', '{"url": "http://127.0.0.1:8000"}', '{"url": "", "pid": "x"}'])
def test_an_announcement_that_a_crash_left_half_written_says_nothing(installation: Installation, left: str) -> None:
    installation.run_file.write_text(left)

    assert installation.running() is None


def test_a_second_start_on_the_same_folder_is_refused_and_told_what_runs(installation: Installation) -> None:
    with installation.held():
        installation.announce(Running(url="http://127.0.0.1:8123", pid=4711, token="rpr_secret"))

        with pytest.raises(Conflict) as refusal, installation.held():
            pass

    assert "already runs" in refusal.value.message
    assert "http://127.0.0.1:8123 (process 4711)" in refusal.value.message
    assert "--data" in refusal.value.message


def test_a_second_start_before_the_first_is_ready_is_refused_too(installation: Installation) -> None:
    with (
        installation.held(),
        pytest.raises(Conflict, match="already starting or stopping"),
        installation.held(),
    ):
        pass


def _hold_and_die(folder: Path, ready: Connection) -> None:
    with open_installation(folder).held():
        ready.send("held")
        os._exit(9)


def test_what_a_killed_process_left_behind_is_no_obstacle(installation: Installation) -> None:
    ours, theirs = multiprocessing.Pipe()
    killed = multiprocessing.get_context("spawn").Process(target=_hold_and_die, args=(installation.folder, theirs))
    killed.start()
    assert ours.recv() == "held"
    killed.join()
    installation.announce(Running(url="http://127.0.0.1:8000", pid=killed.pid or 0, token="stale"))

    (installation.folder / "scratch" / "inspect-version-x1").mkdir()
    (installation.folder / "scratch" / "upload.part").touch()

    with installation.held():
        assert installation.running() is None
        assert list((installation.folder / "scratch").iterdir()) == []


def test_the_settings_of_the_folder_are_kept_as_an_environment_file(installation: Installation) -> None:
    installation.keep_environment({"CATALOG_SECRET_KEY": "it's $secret", "CATALOG_BASE_URL": "http://127.0.0.1:8000"})

    kept = installation.folder / "environment"
    assert kept.read_text() == "CATALOG_BASE_URL='http://127.0.0.1:8000'\nCATALOG_SECRET_KEY='it\\'s $secret'\n"
    assert _mode(kept) == 0o600


def test_a_file_is_replaced_in_one_step(tmp_path: Path) -> None:
    write_privately(tmp_path / "run.json", "old")
    with (tmp_path / "run.json").open() as reader:
        write_privately(tmp_path / "run.json", "new")

        assert reader.read() == "old"
    assert [(entry.name, entry.read_text()) for entry in tmp_path.iterdir()] == [("run.json", "new")]
