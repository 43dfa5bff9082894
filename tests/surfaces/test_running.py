"""The whole catalogue on one machine: started, damaged, healed, stopped."""

import json
import re
import shutil
import signal
import socket
import stat
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

from catalog.app.supervisor import main
from catalog.cli.program import program
from tests.surfaces.running import (
    ENDS_WITHIN_S,
    SCRIPT,
    Catalogue,
    below,
    command_of,
    eventually,
    lives,
    running,
    start,
)

pytestmark = pytest.mark.slow
ROLES = ("master", "volume", "filer", "s3")


@pytest.fixture(scope="module")
def catalogue(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Catalogue]:
    with running(tmp_path_factory.mktemp("running") / "var", "--no-demo") as catalogue:
        yield catalogue


def _ready(catalogue: Catalogue) -> bool:
    try:
        return catalogue.get("/readyz")[0] == 200
    except OSError:  # the process that had accepted the request was killed
        return False


def test_a_start_says_where_it_runs_and_how_to_sign_in_but_no_real_password(catalogue: Catalogue) -> None:
    password = (catalogue.folder / "secrets" / "admin_password").read_text().strip()

    assert re.search(r"Reprise is ready after [\d.]+ s: http://127\.0\.0\.1:\d+\n", catalogue.said)
    assert f"admin, with the password in {catalogue.folder}/secrets/admin_password" in catalogue.said
    assert password not in catalogue.said


def test_local_scripts_are_told_a_token_that_only_the_owner_can_read(catalogue: Catalogue) -> None:
    assert stat.S_IMODE((catalogue.folder / "run.json").stat().st_mode) == 0o600
    assert sorted(catalogue.announced) == ["pid", "token", "url"]
    assert catalogue.announced["pid"] == catalogue.process.pid
    assert catalogue.get("/api/v1/assets")[0] == 200


def test_nothing_that_it_writes_can_be_read_by_others(catalogue: Catalogue) -> None:
    assert stat.S_IMODE(catalogue.folder.stat().st_mode) == 0o700


def test_the_script_tells_its_options_at_once_and_installs_nothing(tmp_path: Path) -> None:
    (tmp_path / "bare" / "scripts").mkdir(parents=True)
    script = shutil.copy(SCRIPT[0], tmp_path / "bare" / "scripts")

    told = subprocess.run([script, "--port", "0", "--help"], capture_output=True, check=True, text=True).stdout

    options = [name for option in main.params for name in (*option.opts, *option.secondary_opts)]
    assert [name for name in options if f"  {name} " not in told] == []
    assert list((tmp_path / "bare").rglob("*")) == [tmp_path / "bare" / "scripts", Path(script)]


def test_a_second_start_on_the_same_folder_is_refused_and_told_what_runs(catalogue: Catalogue) -> None:
    second = start(catalogue.folder, "--no-demo")
    second.process.wait(ENDS_WITHIN_S)

    assert second.process.returncode == 5
    assert f"already runs on {catalogue.folder}: {catalogue.announced['url']}" in second.said
    assert f"process {catalogue.process.pid}" in second.said
    assert _ready(catalogue)


def test_a_taken_port_is_refused_with_the_remedy(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        refused = start(tmp_path / "var", "--no-demo", "--port", str(taken.getsockname()[1]))
        refused.process.wait(ENDS_WITHIN_S)

    assert refused.process.returncode == 5
    assert "choose another one with --port" in refused.said


@pytest.mark.parametrize("part", ["gunicorn", "catalog.worker", "weed"])
def test_a_part_that_is_killed_is_started_again(catalogue: Catalogue, part: str) -> None:
    killed = catalogue.kill(part)

    assert eventually(lambda: catalogue.find(part) not in (None, killed))
    assert eventually(lambda: _ready(catalogue))
    assert "was killed by SIGKILL; starting it again" in catalogue.said


def test_a_request_waits_while_the_web_process_is_started_again(catalogue: Catalogue) -> None:
    processes = below(catalogue.process.pid)
    serving = [pid for pid in processes if "gunicorn" in command_of(pid)]
    catalogue.kill("gunicorn")
    assert eventually(lambda: not any(lives(pid) for pid in serving))

    assert catalogue.get("/healthz")[0] == 200


def test_the_first_start_of_the_script_is_ready_before_the_demo_studio_and_a_second_one_goes_on(tmp_path: Path) -> None:
    with running(tmp_path / "var", command=SCRIPT) as catalogue:
        assert "Demo      mira, password try-the-demo (artist; invented)\n" in catalogue.said
        assert eventually(lambda: re.search(r"demo studio: [1-9]\d* of \d+ assets\n", catalogue.said))
        assert "prp_crateMarket" in catalogue.get("/api/v1/assets")[1]
        assert "demo studio was entered" not in catalogue.said

    with running(tmp_path / "var", command=SCRIPT) as again:
        assert "Demo      mira, password try-the-demo (artist; invented)\n" in again.said
        assert eventually(lambda: "prp_stallNoodle" in again.get("/api/v1/assets")[1])


@pytest.mark.parametrize("wish", [signal.SIGINT, signal.SIGTERM])
def test_it_stops_cleanly_and_leaves_nothing_behind(tmp_path: Path, wish: signal.Signals) -> None:
    with running(tmp_path / "var", "--no-demo") as catalogue:
        processes = below(catalogue.process.pid)
        assert len(processes) >= 4

        took_s = catalogue.stop(wish)

    assert catalogue.process.returncode == 0
    assert [command_of(pid) for pid in processes if lives(pid)] == []
    assert not (tmp_path / "var" / "run.json").exists()
    assert took_s < 30
    assert "\nstopping …\n" in catalogue.said


def test_a_studio_that_is_worked_in_gets_no_demo_and_is_not_told_so(tmp_path: Path) -> None:
    with running(tmp_path / "var", "--no-demo") as catalogue:
        runs = CliRunner().invoke(
            program,
            ["--data", str(catalogue.folder), "users", "create", "--login", "zoe", "--role", "artist", "--no-password"],
        )
        assert runs.exit_code == 0, runs.output

    with running(tmp_path / "var") as again:
        assert "demo" not in again.said.casefold()
        assert "mira" not in again.get("/api/v1/users")[1]


def test_who_cannot_wait_for_a_clean_end_leaves_nothing_behind_either(tmp_path: Path) -> None:
    with running(tmp_path / "var", "--no-demo") as catalogue:
        ports = json.loads((tmp_path / "var/store/ports.json").read_text())
        sockets = [Path(f"/tmp/seaweedfs-{role}-grpc-{ports[f'{role}_grpc']}.sock") for role in ROLES]  # noqa: S108 — SeaweedFS's choice
        assert [path for path in sockets if not path.exists()] == []
        processes = below(catalogue.process.pid)

        catalogue.process.send_signal(signal.SIGINT)
        assert eventually(lambda: not (tmp_path / "var/run.json").exists())  # it has begun to stop
        catalogue.stop(signal.SIGINT)

    assert [command_of(pid) for pid in processes if lives(pid)] == []
    assert [path for path in sockets if path.exists()] == []


def test_after_the_supervisor_is_killed_nothing_is_left_and_the_next_start_keeps_the_data(tmp_path: Path) -> None:
    with running(tmp_path / "var", "--no-demo") as catalogue:
        token = catalogue.announced["token"]
        processes = below(catalogue.process.pid)

        catalogue.stop(signal.SIGKILL)

        assert eventually(lambda: not any(lives(pid) for pid in processes))
        assert (tmp_path / "var" / "run.json").exists()

    with running(tmp_path / "var", "--no-demo") as again:
        assert again.announced["token"] == token
        assert again.get("/api/v1/assets")[0] == 200
