"""Which server a command or script talks to, and with which token."""

from __future__ import annotations

import json
import stat
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from catalog.cli.program import program
from catalog.client import Client, InvalidInput, NotSignedIn, Unavailable
from tests.surfaces.serving import Served


def runs(*arguments: str, answer: str | None = None, **environment: str) -> Result:
    """Run a command with nothing in its environment but this."""
    return CliRunner().invoke(program, arguments, env=environment, input=answer)


def test_a_login_is_tried_kept_for_this_person_only_and_used_by_scripts(door: Served, home: Path) -> None:
    ended = runs("login", "--url", f"{door.url}/", "--token", door.studio.artist.token)

    kept = home / "config/reprise/login.json"
    assert (ended.exit_code, ended.stdout) == (0, f"signed in to {door.url}/ as art; kept in {kept}\n")
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    with Client.from_environment() as client:
        assert client.me.get().login == "art"
    assert "art" in runs("me", "get").stdout


def test_a_login_asks_for_what_is_not_given(door: Served) -> None:
    ended = runs("login", answer=f"{door.url}\n{door.studio.artist.token}\n")

    assert ended.exit_code == 0
    assert door.studio.artist.token not in ended.output


def test_a_token_that_does_not_work_is_not_kept(door: Served, home: Path) -> None:
    assert runs("login", "--url", door.url, "--token", "rpr_wrong").exit_code == 6
    assert not (home / "config").exists()


def test_a_kept_token_can_be_forgotten(door: Served) -> None:
    runs("login", "--url", door.url, "--token", door.studio.artist.token)

    assert runs("logout").stdout == "the kept token is forgotten\n"
    assert runs("logout").stdout == "no token was kept\n"
    assert runs("--url", door.url, "me", "get").exit_code == 6


def test_a_kept_token_is_not_sent_to_another_server(door: Served) -> None:
    runs("login", "--url", door.url, "--token", door.studio.artist.token)

    ended = runs("me", "get", "--url", "http://elsewhere.test")

    assert (ended.exit_code, "no token for http://elsewhere.test" in ended.stderr) == (6, True)


def test_the_token_of_the_environment_is_not_sent_to_another_server(door: Served, tmp_path: Path) -> None:
    (tmp_path / "run.json").write_text(json.dumps({"url": door.url, "pid": 1, "token": door.studio.admin.token}))
    elsewhere = {"CATALOG_URL": "http://elsewhere.test", "CATALOG_TOKEN": door.studio.viewer.token}

    refused = runs("--url", door.url, "me", "get", **elsewhere)
    by_folder = runs("--data", str(tmp_path), "me", "get", "--format", "json", **elsewhere)
    same = runs("--url", f"{door.url}/", "me", "get", **{**elsewhere, "CATALOG_URL": door.url})
    unbound = runs("--url", door.url, "me", "get", CATALOG_TOKEN=door.studio.viewer.token)

    assert (refused.exit_code, f"no token for {door.url}" in refused.stderr) == (6, True)
    assert "vic" in unbound.stdout
    assert json.loads(by_folder.stdout)["login"] == "admin"
    assert "vic" in same.stdout


def test_the_token_beside_a_data_folder_is_its_servers_alone(door: Served, tmp_path: Path) -> None:
    (tmp_path / "run.json").write_text(json.dumps({"url": "http://elsewhere.test", "pid": 1, "token": "rpr_other"}))
    runs("login", "--url", door.url, "--token", door.studio.artist.token)
    folder = {"CATALOG_DATA": str(tmp_path)}

    kept = runs("--url", door.url, "me", "get", **folder, CATALOG_TOKEN=door.studio.viewer.token)
    by_name = runs("--url", door.url, "me", "get", **folder)

    assert "art" in kept.stdout
    assert "art" in by_name.stdout


def test_options_count_before_the_environment_and_the_environment_before_what_is_kept(door: Served) -> None:
    runs("login", "--url", door.url, "--token", door.studio.artist.token)
    viewer, admin = door.studio.viewer.token, door.studio.admin.token

    from_environment = runs("me", "get", "--format", "json", CATALOG_TOKEN=viewer)
    from_option = runs("--token", admin, "me", "get", "--format", "json", CATALOG_TOKEN=viewer)
    nearest = runs("--token", viewer, "me", "get", "--token", admin, "--format", "json")

    assert [json.loads(one.stdout)["login"] for one in (from_environment, from_option, nearest)] == [
        "vic",
        "admin",
        "admin",
    ]


def test_without_a_server_or_token_the_remedy_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(InvalidInput, match="set CATALOG_URL and CATALOG_TOKEN, or CATALOG_DATA"):
        Client.from_environment()
    monkeypatch.setenv("CATALOG_URL", "http://studio.test")
    with pytest.raises(NotSignedIn, match="set CATALOG_TOKEN, and CATALOG_URL to this address, or sign in"):
        Client.from_environment()


def test_a_data_folder_tells_its_own_scripts_where_it_runs(door: Served, tmp_path: Path) -> None:
    running = {"url": door.url, "pid": 1, "token": door.studio.admin.token}
    (tmp_path / "run.json").write_text(json.dumps(running))

    assert "admin" in runs("--data", str(tmp_path), "me", "get").stdout
    assert "admin" in runs("me", "get", "--data", str(tmp_path)).stdout
    elsewhere = runs("--data", str(tmp_path), "--url", "http://elsewhere.test", "me", "get")
    assert (elsewhere.exit_code, "no token for http://elsewhere.test" in elsewhere.stderr) == (6, True)


def test_a_script_finds_the_catalogue_that_runs_on_a_folder(
    door: Served, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    running = {"url": door.url, "pid": 1, "token": door.studio.admin.token}
    (tmp_path / "var").mkdir()
    (tmp_path / "var/run.json").write_text(json.dumps(running))

    monkeypatch.chdir(tmp_path)
    with Client.from_environment() as client:
        assert client.me.get().login == "admin"
    monkeypatch.chdir("/")
    monkeypatch.setenv("CATALOG_DATA", str(tmp_path / "var"))
    with Client.from_environment() as client:
        assert client.me.get().login == "admin"
    monkeypatch.setenv("CATALOG_DATA", str(tmp_path))
    with pytest.raises(Unavailable, match="no catalogue runs on"):
        Client.from_environment()


def test_a_token_that_is_refused_is_told_with_its_origin_and_the_remedy(door: Served, tmp_path: Path) -> None:
    (tmp_path / "run.json").write_text(json.dumps({"url": door.url, "pid": 1, "token": "rpr_old"}))

    from_option = runs("--url", door.url, "--token", "rpr_wrong", "me", "get")
    from_environment = runs("me", "get", CATALOG_URL=door.url, CATALOG_TOKEN="rpr_wrong")
    from_folder = runs("me", "get", CATALOG_DATA=str(tmp_path))

    assert [one.stderr.splitlines()[-1] for one in (from_option, from_environment, from_folder)] == [
        "  the token is that of --token",
        "  the token is that of CATALOG_TOKEN",
        f"  the token is that of {tmp_path / 'run.json'}",
    ]
    assert "make one on the page /me/tokens, or with `catalog admin create-token LOGIN`" in from_option.stderr


def test_the_address_of_a_page_is_told_to_be_no_catalogue(door: Served) -> None:
    ended = runs("--url", f"{door.url}/assets", "--token", door.studio.artist.token, "me", "get")

    said = f"404 NOT FOUND: {door.url}/assets/api/v1/me is a web page; the address of a catalogue is one like"
    assert (ended.exit_code, said in ended.stderr, "<" in ended.stderr) == (3, True, False), ended.stderr


def test_a_data_folder_where_nothing_runs_is_named(tmp_path: Path) -> None:
    ended = runs("--data", str(tmp_path), "me", "get")

    said = f"no catalogue runs on {tmp_path}: there is no run.json; start it with scripts/run"
    assert (ended.exit_code, said in ended.stderr) == (8, True)


def test_a_catalogue_that_was_killed_does_not_answer_and_the_remedy_is_said(tmp_path: Path) -> None:
    killed = {"url": "http://127.0.0.1:9", "pid": 1, "token": "rpr_x"}
    (tmp_path / "run.json").write_text(json.dumps(killed))

    ended = runs("--data", str(tmp_path), "shows", "change", "orion", "--name", "Orion")

    said = "nothing answers at http://127.0.0.1:9 ([Errno 111] Connection refused); start it with scripts/run"
    assert (ended.exit_code, said in ended.stderr) == (8, True)
