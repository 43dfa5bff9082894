"""Pulling versions: the real tree, checked, read-only, shared by all processes of a machine."""

from __future__ import annotations

import hashlib
import json
import shutil
import stat
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest

from catalog.client import Client, Conflict, InvalidInput, NotFound, Progress, Unavailable
from tests.surfaces.scripted import Answer, ScriptedServer, said
from tests.surfaces.serving import Served, start_program
from tests.surfaces.test_publishing import tree

MARK = ".reprise-pull.json"
MEMORY = Path("/dev/shm")  # noqa: S108 — another file system, on every Linux


def published(client: Client, code: str, folder: Path, **files: bytes | str) -> str:
    client.versions.publish(code, tree(folder, **files))
    return code


def shows(door: Served, code: str) -> None:
    door.studio.pipeline.post("/shows", {"code": code, "name": code})


def listed(folder: Path) -> list[str]:
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file() and path.name != MARK)


def test_a_pulled_version_is_its_real_tree_and_read_only(client: Client, tmp_path: Path) -> None:
    code = published(client, "prp_tree", tmp_path / "in", geo__a_obj="v 0 0 0", notes_txt="n", empty_txt="")

    pulled = client.assets.pull(code, to=tmp_path / "out", purpose="previs")

    assert (pulled.asset, pulled.version, pulled.files, pulled.placed) == (code, 1, 3, 3)
    assert listed(tmp_path / "out") == ["empty.txt", "geo/a.obj", "notes.txt"]
    assert (tmp_path / "out/geo/a.obj").read_text() == "v 0 0 0"
    assert stat.S_IMODE((tmp_path / "out/geo/a.obj").stat().st_mode) == 0o444


def test_a_pull_of_many_files_is_one_entry(door: Served, client: Client, tmp_path: Path) -> None:
    code = published(client, "prp_entry", tmp_path / "in", **{f"f{number}_txt": f"{number}" for number in range(20)})

    client.assets.pull(code, to=tmp_path / "out", purpose="previs")

    said = [one["values"] for one in door.studio.entries("files.released/1") if code in str(one["values"]["files"])]
    assert [(one["how"], one["use"], len(one["files"])) for one in said] == [("pull", {"purpose": "previs"}, 1)]
    assert (said[0]["files"][0]["number"], said[0]["files"][0]["paths"]) == (1, None)


def test_what_is_discouraged_is_pulled_with_the_reason_why(door: Served, client: Client, tmp_path: Path) -> None:
    code = published(client, "prp_old", tmp_path / "in", a_txt="a")
    door.studio.admin.post(f"/assets/{code}/versions/1/deprecation", {"reason": "wrong scale"})
    door.studio.admin.post(f"/assets/{code}/retirement", {"reason": "replaced by prp_new"})

    pulled = door.runs("assets", "pull", code, "--to", str(tmp_path / "out"))
    resolved = door.runs("assets", "resolve", code)

    said = "catalog: prp_old is retired: replaced by prp_new\ncatalog: prp_old@1 is deprecated: wrong scale\n"
    assert (pulled.exit_code, pulled.stderr) == (0, said)
    assert (resolved.exit_code, resolved.stderr) == (0, said)


def test_a_second_pull_has_nothing_to_do(door: Served, client: Client, tmp_path: Path) -> None:
    code = published(client, "prp_again", tmp_path / "in", a_txt="a")
    client.assets.pull(code, to=tmp_path / "out")

    again = door.runs("assets", "pull", f"{code}@1", "--to", str(tmp_path / "out"))

    assert (again.exit_code, again.stdout) == (0, f"prp_again@1 is in {tmp_path / 'out'}: 1 file, all there already\n")


def test_what_is_in_the_cache_is_linked_and_not_brought_again(client: Client, tmp_path: Path, home: Path) -> None:
    code = published(client, "prp_linked", tmp_path / "in", a_txt="shared")
    client.assets.pull(code, to=tmp_path / "one")
    told: list[Progress] = []

    client.assets.pull(code, to=tmp_path / "two", progress=told.append)

    one, two = (tmp_path / "one/a.txt").stat(), (tmp_path / "two/a.txt").stat()
    assert (one.st_ino, one.st_nlink) == (two.st_ino, 3)


def test_the_cache_is_copied_from_where_it_cannot_be_linked(client: Client, tmp_path: Path) -> None:
    code = published(client, "prp_copied", tmp_path / "in", a_txt="copied")
    elsewhere = MEMORY / f"reprise-{uuid4().hex}"
    assert MEMORY.stat().st_dev != tmp_path.stat().st_dev
    try:
        client.assets.pull(code, to=elsewhere)

        assert (elsewhere / "a.txt").read_text() == "copied"
        assert (stat.S_IMODE((elsewhere / "a.txt").stat().st_mode), (elsewhere / "a.txt").stat().st_nlink) == (0o444, 1)
        assert listed(elsewhere) == ["a.txt"]
    finally:
        shutil.rmtree(elsewhere)


def test_another_version_takes_the_place_of_the_old_one(client: Client, tmp_path: Path) -> None:
    code = published(client, "prp_moved", tmp_path / "v1", old__a_txt="a", same_txt="s", other_txt="1")
    published(client, code, tmp_path / "v2", new_txt="n", same_txt="s", other_txt="2")
    client.assets.pull(f"{code}@1", to=tmp_path / "out")

    pulled = client.assets.pull(code, to=tmp_path / "out")

    assert (pulled.version, pulled.placed, pulled.removed) == (2, 2, 1)
    assert listed(tmp_path / "out") == ["new.txt", "other.txt", "same.txt"]
    assert (tmp_path / "out/other.txt").read_text() == "2"
    assert not (tmp_path / "out/old").exists()


def test_what_a_person_put_there_is_never_touched(client: Client, tmp_path: Path) -> None:
    code = published(client, "prp_mine", tmp_path / "v1", a_txt="a", b_txt="b")
    published(client, code, tmp_path / "v2", a_txt="2", mine_txt="m")
    client.assets.pull(f"{code}@1", to=tmp_path / "out")
    (tmp_path / "out/a.txt").unlink()
    (tmp_path / "out/a.txt").write_text("edited by hand")
    (tmp_path / "out/mine.txt").write_text("my own")

    with pytest.raises(Conflict, match=r"has other files under the names a\.txt, mine\.txt; move them away") as refused:
        client.assets.pull(code, to=tmp_path / "out")

    assert refused.value.code == "files-in-the-way"
    assert (tmp_path / "out/a.txt").read_text() == "edited by hand"
    assert listed(tmp_path / "out") == ["a.txt", "b.txt", "mine.txt"]


def test_a_file_that_is_there_already_is_taken_for_what_it_is(client: Client, tmp_path: Path) -> None:
    code = published(client, "prp_adopted", tmp_path / "in", a_txt="a")
    (tmp_path / "out").mkdir()
    (tmp_path / "out/a.txt").write_text("a")

    assert client.assets.pull(code, to=tmp_path / "out").placed == 0


def test_a_folder_holds_one_asset(client: Client, tmp_path: Path) -> None:
    published(client, "prp_first", tmp_path / "a", a_txt="a")
    published(client, "prp_second", tmp_path / "b", b_txt="b")
    client.assets.pull("prp_first", to=tmp_path / "out")

    with pytest.raises(Conflict, match=r"holds prp_first@1; pull prp_second to a folder of its own"):
        client.assets.pull("prp_second", to=tmp_path / "out")


def test_a_link_in_the_folder_leads_no_file_elsewhere(client: Client, tmp_path: Path) -> None:
    code = published(client, "prp_linking", tmp_path / "in", geo__a_txt="a", notes_txt="n")
    (tmp_path / "out").mkdir()
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "out/geo").symlink_to(tmp_path / "elsewhere")

    with pytest.raises(Conflict, match="leads out of"):
        client.assets.pull(code, to=tmp_path / "out")
    (tmp_path / "out/geo").unlink()
    (tmp_path / "out/geo").write_text("a file")
    with pytest.raises(Conflict, match="is to be a folder, and a file is there"):
        client.assets.pull(code, to=tmp_path / "out")

    assert list((tmp_path / "elsewhere").iterdir()) == []


def test_a_single_file_of_a_version_can_be_pulled(client: Client, tmp_path: Path) -> None:
    code = published(client, "prp_part", tmp_path / "in", geo__a_txt="a", notes_txt="n")

    client.assets.pull(f"catalog://assets/{code}/v1/files/geo/a.txt", to=tmp_path / "out")

    assert listed(tmp_path / "out") == ["geo/a.txt"]


def test_a_pulled_file_that_was_edited_in_place_is_brought_anew(client: Client, tmp_path: Path, home: Path) -> None:
    code = published(client, "prp_edited", tmp_path / "in", a_txt="right")
    client.assets.pull(code, to=tmp_path / "out")
    # The cache's file is the same one, so that it is changed, too.
    (tmp_path / "out/a.txt").chmod(0o644)
    (tmp_path / "out/a.txt").write_text("wrong")

    client.assets.pull(code, to=tmp_path / "fresh")

    assert (tmp_path / "fresh/a.txt").read_text() == "right"


def test_a_cache_whose_notes_are_lost_is_read_again_and_kept(client: Client, tmp_path: Path, home: Path) -> None:
    code = published(client, "prp_notes", tmp_path / "in", a_txt="kept")
    client.assets.pull(code, to=tmp_path / "one")
    for seen in (home / "cache/contents").rglob("*.seen"):
        seen.unlink()

    client.assets.pull(code, to=tmp_path / "two")

    assert (tmp_path / "one/a.txt").stat().st_ino == (tmp_path / "two/a.txt").stat().st_ino


def test_referenced_files_are_copied_from_where_they_are_and_checked(
    door: Served, client: Client, tmp_path: Path
) -> None:
    folder = tree(tmp_path / "mnt/cup", a_txt="in place")
    template = {"platform": "linux", "site": "main", "path": str(tmp_path / "mnt")}
    door.studio.admin.post("/roots", {"name": "library", "templates": [template]})
    client.versions.publish("prp_inPlace", folder, in_place="library")

    client.assets.pull("prp_inPlace", to=tmp_path / "out")

    assert (tmp_path / "out/a.txt").read_text() == "in place"
    assert stat.S_IMODE((folder / "a.txt").stat().st_mode) != 0o444
    shutil.rmtree(tmp_path / "home")
    (folder / "a.txt").write_text("other by now")
    with pytest.raises(Unavailable, match="and its own; pull again"):
        client.assets.pull("prp_inPlace", to=tmp_path / "second")
    (folder / "a.txt").unlink()
    with pytest.raises(NotFound, match="is its root mounted on this machine"):
        client.assets.pull("prp_inPlace", to=tmp_path / "third")


def test_what_cannot_be_pulled_says_why(door: Served, client: Client, tmp_path: Path) -> None:
    client.assets.register(code="prp_nothing", name="x", kind="prop")

    with pytest.raises(NotFound, match="there is no asset 'prp_gone'"):
        client.assets.pull("prp_gone", to=tmp_path / "out")
    with pytest.raises(InvalidInput):
        client.assets.pull("catalog://assets/", to=tmp_path / "out")
    assert door.runs("assets", "pull", "prp_nothing", "--to", str(tmp_path / "out")).exit_code == 3
    assert not (tmp_path / "out").exists()


def test_resolving_answers_each_reference_and_says_which_could_not_be(
    door: Served, client: Client, tmp_path: Path
) -> None:
    code = published(client, "prp_resolved", tmp_path / "in", a_txt="a")

    shows(door, "resolved")

    found = client.assets.resolve(code, "prp_gone", f"{code}@1", show="resolved")
    printed = door.runs("assets", "resolve", code, "prp_gone", "--format", "json")

    assert [one.code for one in found] == [None, "unknown-asset", None]
    assert (found[0].entity, found[0].files[0].path) == (f"catalog://assets/{code}/v1", "a.txt")
    assert (printed.exit_code, [one["reference"] for one in json.loads(printed.stdout)]) == (3, [code, "prp_gone"])
    address = f"{door.url}/api/v1/assets/{code}/versions/1/files/a.txt"
    assert (found[0].files[0].url, json.loads(printed.stdout)[0]["files"][0]["url"]) == (address, address)
    assert door.runs("assets", "resolve", code).stdout.splitlines()[1].split() == ["prp_resolved", "a.txt", address]


def test_many_references_are_asked_for_in_several_requests(scripted: ScriptedServer, stranger: Client) -> None:
    scripted.answers_to("POST /api/v1/resolutions", said({"items": []}))

    stranger.assets.resolve(*(f"prp_{number}" for number in range(1_001)), platform="windows", site="vancouver")

    asked = [json.loads(one.body) for one in scripted.asked]
    assert [len(one["references"]) for one in asked] == [500, 500, 1]
    assert (asked[0]["platform"], asked[0]["site"]) == ("windows", "vancouver")


def test_single_originals_and_pictures_come_as_bytes_and_as_files(door: Served, client: Client, tmp_path: Path) -> None:
    code = published(client, "prp_bytes", tmp_path / "in", geo__a_txt="a few bytes")
    shows(door, "fetched")

    assert client.files.get(code, 1, "geo/a.txt", purpose="previs", show="fetched", shot="s1") == b"a few bytes"
    ended = door.runs("files", "get", code, "1", "geo/a.txt", "--to", str(tmp_path / "a.txt"))
    assert (ended.exit_code, (tmp_path / "a.txt").read_text()) == (0, "a few bytes")
    with pytest.raises(NotFound):
        client.previews.get("0" * 64)
    assert door.runs("previews", "get", "0" * 64, "--to", str(tmp_path / "p.webp")).exit_code == 3


def test_a_place_that_cannot_be_written_is_told_in_one_line(
    door: Served, client: Client, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    code = published(client, "prp_nowhere", tmp_path / "in", a_txt="a")
    file = tmp_path / "file"
    file.write_text("a file")

    pulled = door.runs("assets", "pull", code, "--to", str(file / "sub"))
    got = door.runs("files", "get", code, "1", "a.txt", "--to", str(tmp_path / "gone/a.txt"))
    monkeypatch.setenv("CATALOG_CACHE", str(file))
    cached = door.runs("assets", "pull", code, "--to", str(tmp_path / "out"))

    remedy = "name another place\n"
    assert (pulled.exit_code, pulled.stderr) == (4, f"catalog: {file}/sub cannot be used: not a directory; {remedy}")
    gone = f"catalog: {tmp_path}/gone/a.txt cannot be used: no such file or directory; {remedy}"
    assert (got.exit_code, got.stderr) == (4, gone)
    assert (cached.exit_code, "set CATALOG_CACHE to a folder" in cached.stderr) == (4, True)
    assert cached.stderr.count("\n") == 1


def _resolved(scripted: ScriptedServer, path: str, content: bytes) -> dict[str, object]:
    sha256 = hashlib.sha256(content).hexdigest()
    file = {"path": path, "role": "doc", "sha256": sha256, "size_bytes": len(content), "custody": "stored"}
    one = {
        "reference": "prp_x",
        "asset": "prp_x",
        "version": 1,
        "entity": "e",
        "direct": False,
        "code": None,
        "message": None,
    }
    found = {**one, "files": [{**file, "location": None, "url": "u"}]}
    scripted.answers_to("POST /api/v1/resolutions", said({"items": [found]}))
    return file


@pytest.fixture
def stranger(scripted: ScriptedServer) -> Iterator[Client]:
    with Client(scripted.url, "x", timeout_s=30) as client:
        yield client


@pytest.mark.parametrize(
    "path", ["../evil", "/etc/passwd", "a/../../b", "C:\\evil", "a\\..\\b", "a//b", "a\x00b", MARK]
)
def test_a_hostile_path_of_a_server_is_refused(
    scripted: ScriptedServer, stranger: Client, tmp_path: Path, path: str
) -> None:
    _resolved(scripted, path, b"x")

    with pytest.raises(InvalidInput, match="which would not be in the folder; nothing is pulled"):
        stranger.assets.pull("prp_x", to=tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_a_download_that_breaks_off_goes_on_where_it_stopped(
    scripted: ScriptedServer, stranger: Client, tmp_path: Path
) -> None:
    content = bytes(range(256)) * 10_000
    _resolved(scripted, "a.bin", content)
    cut = Answer(body=content[:1_500_000], headers={"Content-Length": str(len(content))}, broken=True)
    kept = 2**20
    rest = Answer(status=206, body=content[kept:], headers={"Content-Range": f"bytes {kept}-2559999/2560000"})
    scripted.answers_to("GET /api/v1/assets/prp_x/versions/1/files/a.bin", cut, rest)

    stranger.assets.pull("prp_x", to=tmp_path / "out")

    assert (tmp_path / "out/a.bin").read_bytes() == content
    asked = scripted.asked_for("/api/v1/assets/prp_x/versions/1/files/a.bin")
    assert [one.headers.get("Range") for one in asked] == [None, "bytes=1048576-"]


def test_a_download_begins_anew_where_the_store_gives_no_part(
    scripted: ScriptedServer, stranger: Client, tmp_path: Path, home: Path
) -> None:
    content = b"0123456789"
    sha256 = str(_resolved(scripted, "a.bin", content)["sha256"])
    part = home / "cache/contents" / sha256[:2] / sha256[2:4] / f"{sha256}.part"
    part.parent.mkdir(parents=True)
    part.write_bytes(b"01234")
    scripted.answers_to("GET /api/v1/assets/prp_x/versions/1/files/a.bin", Answer(body=content))

    stranger.assets.pull("prp_x", to=tmp_path / "out")

    assert (tmp_path / "out/a.bin").read_bytes() == content


def test_bytes_that_are_not_the_content_are_thrown_away(
    scripted: ScriptedServer, stranger: Client, tmp_path: Path, home: Path
) -> None:
    _resolved(scripted, "a.bin", b"0123456789")
    scripted.answers_to("GET /api/v1/assets/prp_x/versions/1/files/a.bin", Answer(body=b"9876543210"))

    with pytest.raises(Unavailable, match="arrived with 10 bytes and digest"):
        stranger.assets.pull("prp_x", to=tmp_path / "out")
    assert (listed(tmp_path / "out"), [*(home / "cache").rglob("*.part")]) == ([], [])


def test_a_redirect_to_the_store_is_followed_without_the_token(
    scripted: ScriptedServer, stranger: Client, tmp_path: Path
) -> None:
    _resolved(scripted, "a.bin", b"0123456789")
    address = "/api/v1/assets/prp_x/versions/1/files/a.bin"
    scripted.answers_to(f"GET {address}", Answer(status=302, headers={"Location": f"{scripted.url}/store/a"}))
    scripted.answers_to("GET /store/a", Answer(status=403, body=b"expired"), Answer(body=b"0123456789"))

    stranger.assets.pull("prp_x", to=tmp_path / "out")

    asked = scripted.asked_for("/store/a")
    assert [one.headers.get("Authorization") for one in asked] == [None, None]
    assert [one.headers["Authorization"] for one in scripted.asked_for(address)] == ["Bearer x", "Bearer x"]


FIFTY = """
import os, sys
from pathlib import Path
from catalog.client import Client

def pull(number):
    client = Client.from_environment()
    client.assets.pull("prp_fifty", to=Path(sys.argv[1]) / str(number % 25))
    os._exit(0)

children = []
for number in range(50):
    child = os.fork()
    if child == 0:
        try:
            pull(number)
        except BaseException as error:
            sys.stderr.write(repr(error))
            os._exit(1)
    children.append(child)
sys.exit(sum(os.waitpid(child, 0)[1] != 0 for child in children))
"""


@pytest.mark.slow
def test_fifty_processes_share_one_cache_and_one_download(door: Served, client: Client, tmp_path: Path) -> None:
    published(client, "prp_fifty", tmp_path / "in", a_bin=b"farm" * 50_000)

    process = start_program("-c", FIFTY, str(tmp_path / "out"), url=door.url, token=door.studio.artist.token)
    _, errors = process.communicate(timeout=300)

    assert (process.returncode, errors) == (0, "")
    places = sorted((tmp_path / "out").rglob("a.bin"))
    assert (len(places), len({place.stat().st_ino for place in places})) == (25, 1)
    assert door.uploads.asked.count("GET /api/v1/assets/prp_fifty/versions/1/files/a.bin") == 1
