"""The embedded object store as a process: it starts, dies, comes back, and keeps its doors shut."""

import hashlib
import ipaddress
import json
import os
import signal
import socket
import stat
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import requests

from catalog.app.seaweed import EmbeddedStore
from catalog.kernel.errors import Conflict, InvalidInput, Unavailable
from catalog.storage.port import Stores
from catalog.storage.s3.opening import open_stores
from catalog.storage.s3.preparation import prepare
from tests.ports.conftest import config_of

pytestmark = pytest.mark.store

HELLO = b"hello, bytes"
ROOT = Path(__file__).resolve().parents[3]


def digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def opened(folder: Path, **more: str) -> EmbeddedStore:
    return EmbeddedStore(folder=folder / "store", log=folder / "store.log", **more)  # type: ignore[arg-type]  # only words are given here


@pytest.fixture
def store(tmp_path: Path) -> Iterator[EmbeddedStore]:
    opening = opened(tmp_path)
    yield opening
    opening.stop(within_s=0)
    opening.close()


def stores_of(store: EmbeddedStore) -> Stores:
    prepare(config_of(store))
    return open_stores(config_of(store))


def pid_of(store: EmbeddedStore) -> int:
    process = store.children[0].process
    assert process is not None
    return process.pid


def ends(pid: int, *, listening: bool) -> set[tuple[str, int]]:
    """Where a process listens on TCP, or else with whom it is connected (proc(5), /proc/net/tcp)."""
    own = {str(link.readlink()) for link in Path(f"/proc/{pid}/fd").iterdir() if link.is_symlink()}
    rows = [
        row.split() for name in ("tcp", "tcp6") for row in Path(f"/proc/{pid}/net/{name}").read_text().splitlines()[1:]
    ]
    mine = [row for row in rows if f"socket:[{row[9]}]" in own and (row[3] == "0A") == listening]
    return {_end(row[1] if listening else row[2]) for row in mine}


def _end(text: str) -> tuple[str, int]:
    host, _, port = text.partition(":")
    words = [int(host[at : at + 8], 16).to_bytes(4, "little") for at in range(0, len(host), 8)]
    return str(ipaddress.ip_address(b"".join(words))), int(port, 16)


def is_running(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def test_objects_can_be_stored_as_soon_as_it_answers(store: EmbeddedStore) -> None:
    store.start()

    stores = stores_of(store)
    stores.originals.put("a", HELLO, sha256=digest(HELLO))

    assert b"".join(stores.originals.open("a")) == HELLO


def test_it_keeps_what_it_has_from_one_start_to_the_next_and_listens_where_it_did(tmp_path: Path) -> None:
    first = opened(tmp_path)
    first.start()
    stores_of(first).originals.put("a", HELLO, sha256=digest(HELLO))
    first.stop()
    first.close()

    second = opened(tmp_path)
    second.start()
    read = b"".join(open_stores(config_of(second)).originals.open("a"))
    second.stop(within_s=0)
    second.close()

    assert read == HELLO
    assert second.environment() == first.environment()


def test_nothing_that_was_acknowledged_is_lost_when_it_is_killed(store: EmbeddedStore) -> None:
    store.start()
    stores = stores_of(store)
    acknowledged: list[int] = []

    def put(number: int) -> None:
        content = b"%d" % number * 50_000
        stores.originals.put(f"kept/{number}", content, sha256=digest(content))
        acknowledged.append(number)

    with ThreadPoolExecutor(4) as threads:
        writing = [threads.submit(put, number) for number in range(200)]
        while len(acknowledged) < 40:
            time.sleep(0.005)
        os.kill(pid_of(store), signal.SIGKILL)
        for each in writing:
            each.cancel()
        assert all(each.cancelled() or isinstance(each.exception(), Unavailable | None) for each in writing)
    store.stop()
    store.start()

    lost = [
        number
        for number in acknowledged
        if b"".join(stores.originals.open(f"kept/{number}")) != b"%d" % number * 50_000
    ]
    assert lost == []


def test_what_it_writes_is_for_its_owner_only(store: EmbeddedStore) -> None:
    store.start()

    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in [store.folder, *store.folder.iterdir()]}

    assert modes["store"] == 0o700
    assert (modes["credentials.json"], modes["security.toml"]) == (0o600, 0o600)


def test_secrets_are_made_once_and_are_another_folders_never(tmp_path: Path) -> None:
    here, there = opened(tmp_path / "here"), opened(tmp_path / "there")
    here.close()
    again = opened(tmp_path / "here")

    assert again.credentials == here.credentials
    assert again.credentials.secret_access_key != there.credentials.secret_access_key
    assert (here.folder / "security.toml").read_text() != (there.folder / "security.toml").read_text()
    again.close()
    there.close()


def test_it_listens_on_the_loopback_address_only(store: EmbeddedStore) -> None:
    store.start()

    doors = ends(pid_of(store), listening=True)

    assert {address for address, _ in doors} == {"127.0.0.1"}
    assert ("127.0.0.1", store.ports["s3"]) in doors


def test_it_talks_to_nobody_outside(store: EmbeddedStore) -> None:
    store.start()
    stores_of(store)

    talking = {address for address, _ in ends(pid_of(store), listening=False)}

    assert talking == {"127.0.0.1"}


def test_a_second_one_on_the_same_folder_is_refused(store: EmbeddedStore, tmp_path: Path) -> None:
    store.start()

    with pytest.raises(Conflict, match="another process runs the object store"):
        EmbeddedStore(folder=tmp_path / "store", log=tmp_path / "store.log", locked_within_s=0.1)


def test_ports_that_others_took_meanwhile_are_exchanged_and_the_objects_stay(tmp_path: Path) -> None:
    first = opened(tmp_path)
    first.start()
    stores_of(first).originals.put("a", HELLO, sha256=digest(HELLO))
    first.stop()
    first.close()

    with socket.create_server(("127.0.0.1", first.ports["filer"])):
        second = opened(tmp_path)
        second.start()
        read = b"".join(open_stores(config_of(second)).originals.open("a"))
        second.stop(within_s=0)
        second.close()

    assert read == HELLO
    assert second.ports["filer"] != first.ports["filer"]


@pytest.mark.parametrize("name", ["ports.json", "credentials.json"])
def test_a_file_that_a_crash_left_half_written_is_made_anew(tmp_path: Path, name: str) -> None:
    opened(tmp_path).close()
    (tmp_path / "store" / name).write_text('{"s3": ')

    again = opened(tmp_path)

    assert json.loads((tmp_path / "store" / name).read_text())
    again.close()


def test_it_leaves_nothing_in_the_temporary_folder(store: EmbeddedStore) -> None:
    store.start()
    ports = [str(port) for port in [*store.ports.values(), store.ports["admin"] + 10_000]]

    store.stop()

    left = [path.name for path in Path("/tmp").glob("seaweedfs-*.sock") if any(port in path.name for port in ports)]  # noqa: S108 — where SeaweedFS puts them
    assert left == []


def test_it_dies_with_whoever_started_it(tmp_path: Path) -> None:
    program = (
        "import sys, time\n"
        "from pathlib import Path\n"
        "from catalog.app.seaweed import EmbeddedStore\n"
        "store = EmbeddedStore(folder=Path(sys.argv[1]) / 'store', log=Path(sys.argv[1]) / 'store.log')\n"
        "store.start()\n"
        "print(store.children[0].process.pid, flush=True)\n"
        "time.sleep(60)\n"
    )
    parent = subprocess.Popen(
        [sys.executable, "-c", program, str(tmp_path)], cwd=ROOT, stdout=subprocess.PIPE, text=True
    )
    assert parent.stdout is not None
    store = int(parent.stdout.readline())

    parent.kill()
    parent.wait()
    parent.stdout.close()
    deadline = time.monotonic() + 60
    while is_running(store) and time.monotonic() < deadline:
        time.sleep(0.01)

    assert not is_running(store)
    opened(tmp_path).close()  # and the folder is free again


def test_one_that_cannot_start_says_why(store: EmbeddedStore) -> None:
    (store.folder / "objects").rmdir()
    (store.folder / "objects").write_text("not a folder")

    with pytest.raises(Unavailable, match="the store ended"):
        store.start()


def test_other_machines_reach_s3_and_nothing_else(tmp_path: Path) -> None:
    # 127.0.0.2 stands for an address that others know: it is not the one that SeaweedFS listens on.
    store = opened(tmp_path, public_host="127.0.0.2")
    store.start()
    stores = stores_of(store)
    assert stores.handover is not None
    request = stores.handover.single_upload("incoming/a/b", sha256=digest(HELLO), size_bytes=len(HELLO), expires_s=60)

    answer = requests.put(request.url, data=HELLO, headers=dict(request.headers), timeout=60)
    reachable = {door for door, port in store.ports.items() if _is_open("127.0.0.2", port)}
    forwarder = store.children[1].process
    assert forwarder is not None
    doors = ends(forwarder.pid, listening=True)
    store.stop(within_s=0)
    store.close()

    assert urlsplit(request.url).hostname == "127.0.0.2"
    assert answer.status_code == 200
    assert reachable == set()
    assert doors == {("127.0.0.2", urlsplit(request.url).port)}


def test_addresses_name_the_host_as_others_call_it(tmp_path: Path) -> None:
    store = opened(tmp_path, public_host="0.0.0.0", advertised_host="library.example")  # noqa: S104 — as `--host` may say
    store.close()

    assert store.public is not None
    assert store.public_endpoint_url == f"http://library.example:{store.public.port}"
    assert store.endpoint_url == f"http://127.0.0.1:{store.ports['s3']}"


def test_a_host_that_is_not_this_machines_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match="give --host an address of this machine"):
        opened(tmp_path, public_host="192.0.2.1")

    opened(tmp_path).close()  # the folder was not left locked


def _is_open(host: str, port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex((host, port)) == 0
