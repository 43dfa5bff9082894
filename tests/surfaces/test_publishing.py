"""Publishing local files: what becomes the tree, what is sent, what is refused."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from catalog.client import CatalogError, Client, Conflict, InvalidInput, NotFound, Progress
from tests.surfaces.serving import Served


def tree(folder: Path, **files: bytes | str) -> Path:
    """A folder with files; a double underscore in a name is a slash, a single one before the suffix a dot."""
    for name, content in files.items():
        path = folder / name.replace("__", "/").replace("_", ".")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
    return folder


def paths_of(client: Client, code: str, number: int = 1) -> list[str]:
    return [file.path for file in client.versions.files(code, number)]


def test_the_content_of_a_folder_is_the_tree(client: Client, tmp_path: Path) -> None:
    folder = tree(tmp_path / "ann", geo__ann_usda="#usda 1.0", notes_txt="hello", empty_txt="")

    version = client.versions.publish("chr_tree", folder, note="first scan")

    assert (version.number, version.status, version.outcome, version.note) == (
        1,
        "published",
        "published",
        "first scan",
    )
    assert [file.path for file in version.files] == ["empty.txt", "geo/ann.usda", "notes.txt"]
    assert version.sent_bytes == 14
    assert client.assets.get("chr_tree").kind == "digital_double"


def test_a_file_is_a_tree_of_one(client: Client, tmp_path: Path) -> None:
    folder = tree(tmp_path, cup_txt="a cup")

    client.versions.publish("prp_single", folder / "cup.txt")

    assert paths_of(client, "prp_single") == ["cup.txt"]


def test_several_paths_are_laid_side_by_side_under_their_names(client: Client, tmp_path: Path) -> None:
    folder = tree(tmp_path, geo__a_txt="a", tex__b_txt="b", notes_txt="n")

    client.versions.publish("prp_several", [folder / "geo", folder / "tex", folder / "notes.txt"])

    assert paths_of(client, "prp_several") == ["geo/a.txt", "notes.txt", "tex/b.txt"]


def test_the_same_bytes_again_change_nothing_and_say_so(door: Served, client: Client, tmp_path: Path) -> None:
    folder = tree(tmp_path / "cup", notes_txt="the same")
    client.versions.publish("prp_same", folder)

    again = client.versions.publish("prp_same", folder, wait=30)

    assert (again.number, again.outcome, again.sent_bytes) == (1, "unchanged", 0)
    printed = door.runs("assets", "publish", str(folder), "--code", "prp_same")
    assert (printed.exit_code, printed.stdout) == (0, "prp_same@1 is unchanged: the same 1 file as before\n")


def test_only_what_the_store_lacks_is_sent(client: Client, tmp_path: Path) -> None:
    folder = tree(tmp_path / "cup", large_bin=b"x" * 5000, notes_txt="one")
    client.versions.publish("prp_lacks", folder)
    tree(folder, notes_txt="second")

    version = client.versions.publish("prp_lacks", folder)

    assert (version.number, version.sent_bytes) == (2, 6)


def test_hidden_files_and_rubbish_are_left_out_and_said(door: Served, client: Client, tmp_path: Path) -> None:
    folder = tree(tmp_path / "cup", notes_txt="n")
    for name in (".secret", "Thumbs.db", "notes.txt~"):
        (folder / name).write_text("x")
    (folder / ".git").mkdir()
    (folder / ".git" / "config").write_text("x")

    version = client.versions.publish("prp_hidden", folder)

    assert [file.path for file in version.files] == ["notes.txt"]
    assert version.remarks == [
        "prp_hidden is new and was registered as prop; if another was meant, merge it into that one"
    ] + [
        f"{folder / name} is hidden or left over, and was left out"
        for name in (".git", ".secret", "Thumbs.db", "notes.txt~")
    ]


def test_links_inside_are_followed(client: Client, tmp_path: Path) -> None:
    folder = tree(tmp_path / "cup", real__a_txt="a")
    (folder / "latest").symlink_to("real")
    (folder / "b.txt").symlink_to("real/a.txt")

    client.versions.publish("prp_links", folder)

    assert paths_of(client, "prp_links") == ["b.txt", "latest/a.txt", "real/a.txt"]


def _outside(folder: Path) -> None:
    (folder.parent / "outside.txt").write_text("somebody else's")
    (folder / "in.txt").symlink_to("../outside.txt")


def _nowhere(folder: Path) -> None:
    (folder / "in.txt").symlink_to("gone.txt")


def _itself(folder: Path) -> None:
    (folder / "again").symlink_to(".")


def _bytes(folder: Path) -> None:
    (Path(str(folder)) / b"\xff.txt".decode("utf-8", "surrogateescape")).write_text("x")


@pytest.mark.parametrize(
    "damage,code",
    [(_outside, "escaping-link"), (_nowhere, "broken-link"), (_itself, "looping-link"), (_bytes, "bad-path")],
)
def test_a_tree_that_cannot_be_published_is_refused_before_anything_is_registered(
    client: Client, tmp_path: Path, damage: Callable[[Path], None], code: str
) -> None:
    damage(tree(tmp_path / "cup", notes_txt="n"))

    with pytest.raises(InvalidInput) as refused:
        client.versions.publish("prp_damaged", tmp_path / "cup")

    assert refused.value.code == code
    with pytest.raises(NotFound):
        client.assets.get("prp_damaged")


def test_everything_that_is_in_the_way_is_told_at_once(door: Served, tmp_path: Path) -> None:
    folder = tree(tmp_path / "cup", deep__notes_txt="n")
    _itself(folder / "deep")
    _outside(folder)
    _bytes(folder)
    (folder / "deep" / "gone").symlink_to("nothing")

    ended = door.runs("assets", "publish", str(folder), "--code", "prp_damaged")

    assert ended.exit_code == 4
    assert [line.split(":")[0].strip() for line in ended.stderr.splitlines()[1:]] == [
        str(folder / name) for name in ("deep/again", "deep/gone", "in.txt", "�.txt")
    ]
    assert "again is a link to a folder that it is in; remove it; 3 more are in the way" in ended.stderr


def _colon(folder: Path) -> None:
    (folder / "a:b.txt").write_text("x")


def _twins(folder: Path) -> None:
    (folder / "A.txt").write_text("x")
    (folder / "a.txt").write_text("y")


@pytest.mark.parametrize(
    "damage,options,said",
    [
        (_colon, (), "'a:b.txt' begins like a drive of Windows"),
        (_twins, (), "'A.txt' and 'a.txt' are one on some platforms"),
        (lambda _folder: None, ("--role", "*.txt=bogus"), "files.0.role"),
    ],
    ids=["a colon", "names that collide", "a role that is none"],
)
def test_what_the_server_refuses_is_not_registered(
    door: Served, tmp_path: Path, damage: Callable[[Path], None], options: tuple[str, ...], said: str
) -> None:
    damage(tree(tmp_path / "cup", notes_txt="n"))

    ended = door.runs("assets", "publish", str(tmp_path / "cup"), "--code", "prp_refused", *options)

    assert (ended.exit_code, said in ended.stderr) == (4, True), ended.stderr
    assert door.runs("assets", "get", "prp_refused").exit_code == 3


def test_nothing_to_publish_is_refused(client: Client, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()

    with pytest.raises(InvalidInput, match="no file to publish"):
        client.versions.publish("prp_empty", tmp_path / "empty")
    with pytest.raises(NotFound, match="nothing at"):
        client.versions.publish("prp_empty", tmp_path / "gone")
    with pytest.raises(InvalidInput, match="would both be"):
        client.versions.publish(
            "prp_empty", [tree(tmp_path / "a", x_txt="1") / "x.txt", tree(tmp_path / "b", x_txt="2") / "x.txt"]
        )
    with pytest.raises(InvalidInput, match="paths of local files, or the number"):
        client.versions.publish("prp_empty")


def test_roles_go_by_the_first_pattern_that_fits(door: Served, client: Client, tmp_path: Path) -> None:
    folder = tree(tmp_path / "cup", tex__a_exr="1", tex__b_exr="2", c_abc="3")

    version = client.versions.publish("prp_roles", folder, roles={"tex/a*": "preview", "*.exr": "look"})

    assert {file.path: file.role for file in version.files} == {
        "c.abc": "cache",
        "tex/a.exr": "preview",
        "tex/b.exr": "look",
    }
    with pytest.raises(InvalidInput, match=r"no file is called like 'geo/\*'"):
        client.versions.publish("prp_roles", folder, roles={"geo/*": "model"})
    assert door.runs("assets", "publish", str(folder), "--code", "prp_roles", "--role", "model").exit_code == 2


def test_the_kind_of_a_new_asset_follows_from_its_prefix_or_must_be_said(client: Client, tmp_path: Path) -> None:
    folder = tree(tmp_path / "cup", notes_txt="k")

    with pytest.raises(InvalidInput, match="its prefix does not say what it is"):
        client.versions.publish("other_thing", folder)
    client.versions.publish("other_thing", folder, kind="groom", name="Thing", tags=["t"], description="d")

    asset = client.assets.get("other_thing")
    assert (asset.kind, asset.name, asset.tags, asset.description) == ("groom", "Thing", ["t"], "d")


def test_an_asset_that_is_there_keeps_its_name_and_says_so(client: Client, tmp_path: Path) -> None:
    client.assets.register(code="prp_named", name="Old", kind="prop")

    version = client.versions.publish("PRP_named", tree(tmp_path / "cup", notes_txt="m"), name="New")

    assert version.asset == "prp_named"
    assert version.remarks == [
        "prp_named is registered already, so name stayed as it was; change the asset to change it"
    ]


def test_a_file_that_changes_while_it_is_read_is_named(client: Client, tmp_path: Path) -> None:
    folder = tree(tmp_path / "cup", scene_bin=b"x" * 3_000_000)

    def write_to_it(_progress: Progress) -> None:
        with (folder / "scene.bin").open("ab") as file:
            file.write(b"more")

    with pytest.raises(Conflict, match=r"scene\.bin changed while it was read") as refused:
        client.versions.publish("prp_reading", folder, progress=write_to_it)
    assert refused.value.code == "file-changed"


def test_a_file_that_changes_before_it_is_sent_is_named_and_nothing_is_published(
    client: Client, tmp_path: Path
) -> None:
    folder = tree(tmp_path / "cup", scene_bin=b"x" * 100)

    def write_when_sending(progress: Progress) -> None:
        if progress.step == "uploading":
            (folder / "scene.bin").write_bytes(b"y" * 100)

    with pytest.raises(Conflict, match=r"scene\.bin changed"):
        client.versions.publish("prp_sending", folder, progress=write_when_sending)
    assert client.assets.get("prp_sending").latest_version is None


def test_a_file_that_was_only_touched_is_sent(client: Client, tmp_path: Path) -> None:
    folder = tree(tmp_path / "cup", scene_bin=b"x" * 100)

    def touch(progress: Progress) -> None:
        if progress.step == "uploading":
            (folder / "scene.bin").touch()

    assert client.versions.publish("prp_touched", folder, progress=touch).outcome == "published"


def test_progress_counts_up_to_the_whole(client: Client, tmp_path: Path) -> None:
    told: list[Progress] = []

    client.versions.publish("prp_told", tree(tmp_path / "cup", a_bin=b"a" * 10, b_bin=b"b" * 20), progress=told.append)

    last = {one.step: (one.done, one.total) for one in told}
    assert last == {"hashing": (30, 30), "uploading": (30, 30)}


def test_files_in_place_are_referenced_under_their_root_and_not_sent(
    door: Served, client: Client, tmp_path: Path
) -> None:
    storage = tmp_path / "mnt"
    folder = tree(storage / "props" / "cup", geo__cup_obj="v 0 0 0", notes_txt="n")
    door.studio.admin.post("/roots", {"name": "library", "templates": [_template(storage)]})

    version = client.versions.publish("prp_inPlace", folder, in_place="library", wait=60)

    assert (version.status, version.sent_bytes) == ("published", 0)
    assert {(file.path, file.custody) for file in version.files} == {
        ("geo/cup.obj", "referenced"),
        ("notes.txt", "referenced"),
    }
    located = client.assets.resolve("prp_inPlace")[0].files
    assert [file.location for file in located] == [str(folder / "geo/cup.obj"), str(folder / "notes.txt")]


def _template(path: Path) -> dict[str, str]:
    return {"platform": "linux", "site": "main", "path": str(path)}


def test_files_outside_their_root_are_refused(door: Served, client: Client, tmp_path: Path) -> None:
    door.studio.admin.post("/roots", {"name": "other", "templates": [_template(tmp_path / "mnt")]})
    door.studio.admin.post("/roots", {"name": "windows", "templates": [{**_template(tmp_path), "platform": "macos"}]})
    folder = tree(tmp_path / "elsewhere", notes_txt="n")

    for root, code in (("other", "outside-root"), ("windows", "no-template"), ("nowhere", "unknown-root")):
        with pytest.raises(CatalogError) as refused:
            client.versions.publish("prp_outside", folder, in_place=root)
        assert refused.value.code == code


def test_publishing_by_the_cli_registers_sends_and_prints_the_version(door: Served, tmp_path: Path) -> None:
    folder = tree(tmp_path / "lantern", a_txt="paper", b_txt="wire")
    words = [
        "--code",
        "prp_lantern",
        "--name",
        "Lantern",
        "--tag",
        "market",
        "--note",
        "new",
        "--role",
        "*.txt=doc",
        "--wait",
    ]

    ended = door.runs("assets", "publish", str(folder / "a.txt"), str(folder / "b.txt"), *words)

    assert (ended.exit_code, ended.stdout) == (0, "prp_lantern@1 is published: 2 files, 9 bytes, 9 sent\n")
    again = door.runs("assets", "publish", str(folder), "--code", "prp_lantern", "--format", "json")
    assert (json.loads(again.stdout)["outcome"], json.loads(again.stdout)["number"]) == ("unchanged", 1)


def test_drafting_and_publishing_are_also_steps_of_their_own(door: Served, client: Client, tmp_path: Path) -> None:
    client.assets.register(code="prp_steps", name="x", kind="prop")
    folder = tree(tmp_path / "cup", a_txt="step by step")

    drafted = json.loads(door.runs("versions", "draft", "prp_steps", str(folder), "--format", "json").stdout)
    assert (drafted["outcome"], drafted["uploads_needed"]) == ("drafted", 1)
    listed = json.loads(door.runs("versions", "uploads", "prp_steps", "1", "--format", "json").stdout)
    assert [upload["size_bytes"] for upload in listed] == [12]

    refused = door.runs("versions", "publish", "prp_steps", "1")
    assert (refused.exit_code, "prp_steps@1 was not published" in refused.stderr) == (5, True)
    door.studio.artist.uploads("prp_steps", 1, {"a.txt": b"step by step"})
    assert door.runs("versions", "publish", "prp_steps", "1").exit_code == 0
