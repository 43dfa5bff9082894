"""Interrupted in the middle, by Ctrl-C or by force: the same command goes on where it stopped."""

from __future__ import annotations

import json
import signal
import subprocess
from pathlib import Path

import pytest

from catalog.client import Client
from tests.surfaces.running import eventually
from tests.surfaces.serving import Served, start_program

FILES = 300
KILL_HALF_WAY = """
import os, signal, sys
from catalog.client import Client

def tell(progress):
    if progress.step == sys.argv[3] and progress.done * 2 >= progress.total:
        os.kill(os.getpid(), signal.SIGKILL)

Client.from_environment().versions.publish(sys.argv[1], sys.argv[2], progress=tell)
"""
KILL_PULL_HALF_WAY = """
import os, signal, sys
from catalog.client import Client

def tell(progress):
    if progress.total and progress.done * 2 >= progress.total:
        os.kill(os.getpid(), signal.SIGKILL)

Client.from_environment().assets.pull(sys.argv[1], to=sys.argv[2], progress=tell)
"""

pytestmark = pytest.mark.slow


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Many files, so that sending them takes a while, with bytes that no other test has brought."""
    folder = tmp_path / "many"
    folder.mkdir()
    for number in range(FILES):
        (folder / f"{number:03}.txt").write_text(f"{number:04} of {tmp_path.name}")
    return folder


def ended(process: subprocess.Popen[str]) -> tuple[int, str, str]:
    output, errors = process.communicate(timeout=300)
    return process.returncode, output, errors


def test_a_publish_that_was_killed_sends_only_the_rest(door: Served, client: Client, folder: Path) -> None:
    token = door.studio.artist.token
    killed = start_program("-c", KILL_HALF_WAY, "prp_killed", str(folder), "uploading", url=door.url, token=token)
    assert ended(killed)[0] == -signal.SIGKILL
    assert client.assets.get("prp_killed").latest_version is None

    version = client.versions.publish("prp_killed", folder)

    assert (version.number, version.status, version.file_count) == (1, "published", FILES)
    assert 0 < version.sent_bytes < version.size_bytes * 0.6
    assert [one.number for one in client.versions.list("prp_killed")] == [1]


@pytest.mark.usefixtures("listening")
def test_ctrl_c_ends_a_publish_and_says_that_it_goes_on(door: Served, client: Client, folder: Path) -> None:
    command = ("assets", "publish", str(folder), "--code", "prp_interrupted")
    with door.uploads.closed() as reached:
        process = door.starts(*command)
        assert reached.wait(300)

        process.send_signal(signal.SIGINT)
        code, output, errors = ended(process)

    assert (code, output) == (130, "")
    assert errors.strip() == "catalog: interrupted; the same command goes on where it stopped"
    again = json.loads(ended(door.starts(*command, "--format", "json"))[1])
    assert (again["outcome"], again["number"]) == ("published", 1)
    assert 0 < again["sent_bytes"] <= again["size_bytes"]


def test_a_pull_that_was_killed_is_whole_afterwards(door: Served, client: Client, folder: Path, tmp_path: Path) -> None:
    client.versions.publish("prp_pulled", folder)
    token, out = door.studio.artist.token, tmp_path / "out"
    killed = start_program("-c", KILL_PULL_HALF_WAY, "prp_pulled", str(out), url=door.url, token=token)
    assert ended(killed)[0] == -signal.SIGKILL
    there = len(list(out.glob("*.txt")))

    pulled = client.assets.pull("prp_pulled", to=out)

    assert 0 < there < FILES
    assert pulled.placed == FILES - there
    assert [path.read_text() for path in sorted(out.glob("*.txt"))] == [
        path.read_text() for path in sorted(folder.iterdir())
    ]
    assert not list(out.glob(".*.lock"))


def test_digests_that_were_read_once_are_not_read_again(door: Served, client: Client, tmp_path: Path) -> None:
    import os  # noqa: PLC0415 — only here
    import time  # noqa: PLC0415

    scene = tmp_path / "in" / "scene.bin"
    scene.parent.mkdir()
    scene.write_bytes(b"x" * 1000)
    client.versions.publish("prp_rested", scene)
    # A file that was just written may change again without its times showing it; this one rests since long.
    os.utime(scene, (time.time() - 3600,) * 2)
    assert eventually(lambda: time.time() - scene.stat().st_ctime > 10.5)
    client.versions.publish("prp_rested", scene)
    (memory,) = (tmp_path / "home/cache/digests").glob("*.json")

    remembered = json.loads(memory.read_text())
    assert list(remembered) == [str(scene)]
    remembered[str(scene)][-2] = "ab" * 32
    memory.write_text(json.dumps(remembered))
    drafted = json.loads(door.runs("versions", "draft", "prp_rested", str(scene), "--format", "json").stdout)
    assert (drafted["outcome"], drafted["uploads_needed"]) == ("drafted", 1)
