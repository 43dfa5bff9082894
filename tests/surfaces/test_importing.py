"""Importing manifests: streamed, answered row by row, safe to run again."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from catalog.client import CatalogError, Client, InvalidInput, NotFound, Progress
from catalog.client.importing import ROWS
from tests.surfaces.serving import Served

HEAD = "code,name,kind,description,tags,aliases,external_ids,show,owner,audience,note\n"


@pytest.fixture
def pipeline(door: Served) -> Client:
    return door.client(door.studio.pipeline)


def test_a_manifest_registers_an_asset_for_each_row(door: Served, pipeline: Client, tmp_path: Path) -> None:
    door.studio.admin.post("/groups", {"code": "crew", "members": ["pat", door.studio.artist.login]})
    manifest = tmp_path / "assets.csv"
    row = 'prp_full,"Cup, red",prop,"two\nlines",a; b,杯|zh;Tasse,sg:1;old:x:y,,art,crew,\n'
    manifest.write_text("\ufeff" + HEAD + row + "\nprp_bare,Bare,prop\n", encoding="utf-8")

    done = pipeline.assets.import_(manifest)

    assert (done.rows, done.registered, done.refused, done.report) == (2, 2, 0, None)
    asset = door.client(door.studio.admin).assets.get("prp_full")
    assert (asset.name, asset.description, asset.tags, asset.owner, asset.audience) == (
        *("Cup, red", "two\nlines", ["a", "b"], "art"),
        ["crew"],
    )
    assert [(one.text, one.language) for one in asset.aliases] == [("杯", "zh"), ("Tasse", "und")]
    assert [(one.system, one.value) for one in asset.external_ids] == [("old", "x:y"), ("sg", "1")]


def test_a_column_of_a_custom_field_is_a_value_of_each_row(door: Served, pipeline: Client, tmp_path: Path) -> None:
    door.studio.admin.post("/fields", {"name": "made_of", "type": "exact"})
    manifest = tmp_path / "assets.csv"
    manifest.write_text("code,name,kind,fields.made_of\nprp_brass,Brass,prop,brass\nprp_none,None,prop,\n")

    done = pipeline.assets.import_(manifest)

    assert done.registered == 2
    assert [pipeline.assets.get(code).fields for code in ("prp_brass", "prp_none")] == [{"made_of": "brass"}, {}]


def test_run_again_nothing_is_entered_twice(pipeline: Client, tmp_path: Path) -> None:
    manifest = tmp_path / "assets.csv"
    manifest.write_text("code,name,kind\nprp_once,Once,prop\n")
    pipeline.assets.import_(manifest)

    again = pipeline.assets.import_(manifest)
    mended = manifest.read_text() + "prp_later,Later,prop\n"
    manifest.write_text(mended)
    later = pipeline.assets.import_(manifest)

    assert (again.registered, again.unchanged) == (0, 1)
    assert (later.registered, later.unchanged) == (1, 1)


def test_rows_that_are_wrong_stand_in_the_report_and_leave_the_others_alone(door: Served, tmp_path: Path) -> None:
    manifest = tmp_path / "mixed.csv"
    rows = "Bad,x,prop,\nprp_kind,x,chair,\nprp_id,x,prop,nocolon\nprp_cells,x,prop,sg:1,more\nprp_right,Right,prop,\n"
    manifest.write_text("code,name,kind,external_ids\n" + rows)

    ended = door.runs("assets", "import", str(manifest), person=door.studio.pipeline)

    assert (ended.exit_code, ended.stdout) == (4, "5 rows: 1 registered, 0 unchanged, 4 refused\n")
    assert "4 refused rows; " in ended.stderr
    with (tmp_path / "mixed.csv.refused.csv").open(newline="") as file:
        report = list(csv.DictReader(file))
    assert [(row["row"], row["asset"], row["code"]) for row in report] == [
        ("2", "Bad", "bad-code"),
        ("3", "prp_kind", "invalid-request"),
        ("4", "", "bad-row"),
        ("5", "", "bad-row"),
    ]
    manifest.write_text("code,name,kind,external_ids\nprp_right,Right,prop,\n")
    assert door.runs("assets", "import", str(manifest), "--key", "mended", person=door.studio.pipeline).exit_code == 4


def test_a_long_manifest_is_sent_in_several_requests(door: Served, pipeline: Client, tmp_path: Path) -> None:
    manifest = tmp_path / "long.csv"
    manifest.write_text("code,name,kind\n" + "".join(f"prp_long{n},x,prop\n" for n in range(ROWS + 20)))
    told: list[Progress] = []

    done = pipeline.assets.import_(manifest, key="long", progress=told.append)

    assert (done.key, done.registered) == ("long", 70)
    assert [(one.step, one.unit, one.total) for one in told[:1]] == [("importing", "rows", None)]


def test_lines_of_json_are_what_the_api_takes(pipeline: Client, tmp_path: Path) -> None:
    manifest = tmp_path / "assets.jsonl"
    good = {"code": "prp_json", "name": "Json", "kind": "prop", "tags": ["t"]}
    lines = [json.dumps(good), "", "{broken", "[1]", json.dumps({**good, "code": "prp_more", "unknown": 1})]
    manifest.write_text("\n".join(lines) + "\n")

    done = pipeline.assets.import_(manifest, report=tmp_path / "refused.csv")

    assert (done.rows, done.registered, done.refused) == (4, 1, 3)
    codes = [row["code"] for row in csv.DictReader((tmp_path / "refused.csv").read_text().splitlines())]
    assert codes == ["bad-row", "bad-row", "invalid-request"]


def test_files_under_a_root_become_a_first_version(door: Served, pipeline: Client, tmp_path: Path) -> None:
    folder = tmp_path / "mnt/props/cup"
    (folder / "geo").mkdir(parents=True)
    (folder / "geo/cup.obj").write_text("v 0 0 0")
    (folder / "notes.txt").write_text("n")
    template = {"platform": "linux", "site": "main", "path": str(tmp_path / "mnt")}
    door.studio.admin.post("/roots", {"name": "mounted", "templates": [template]})
    manifest = tmp_path / "assets.csv"
    declared = f"prp_declared,D,prop,mounted,far/away.abc,{'ab' * 32},9\n"
    rows = "prp_folder,F,prop,mounted,props/cup,,\nprp_file,S,prop,mounted,props/cup/notes.txt,,\n" + declared
    manifest.write_text("code,name,kind,root,path,sha256,size_bytes\n" + rows)

    assert pipeline.assets.import_(manifest).registered == 3

    located = pipeline.assets.resolve("prp_folder", "prp_file", "prp_declared")
    assert [[(file.path, file.location) for file in one.files] for one in located] == [
        [("geo/cup.obj", str(folder / "geo/cup.obj")), ("notes.txt", str(folder / "notes.txt"))],
        [("notes.txt", str(folder / "notes.txt"))],
        [("away.abc", str(tmp_path / "mnt/far/away.abc"))],
    ]


@pytest.mark.parametrize(
    "cells",
    [
        "mounted,props/none,,",
        "mounted,../out,,",
        "mounted,,,",
        "none,x,,",
        f"mounted,a,{'ab' * 32},",
        "mounted,a,ab,many",
    ],
)
def test_a_row_whose_files_cannot_be_said_is_refused(
    door: Served, pipeline: Client, tmp_path: Path, cells: str
) -> None:
    template = {"platform": "linux", "site": "main", "path": str(tmp_path)}
    door.studio.admin.post("/roots", {"name": "mounted", "templates": [template]})
    manifest = tmp_path / "one.csv"
    manifest.write_text(f"code,name,kind,root,path,sha256,size_bytes\nprp_bad,x,prop,{cells}\n")

    done = pipeline.assets.import_(manifest)

    assert (done.registered, done.refused) == (0, 1)


@pytest.mark.parametrize(
    "name,content,words",
    [
        ("a.csv", "code,name\n", "has no column 'kind'"),
        ("a.csv", "code,name,kind,colour\n", "has an unknown column 'colour'; known are aliases, audience"),
        ("a.csv", "code,name,kind,code\n", "has a column twice"),
        ("a.csv", 'code,name,kind\nprp_a,"x" y,prop\n', "line 2: "),
        ("a.txt", "", "is neither .csv nor .jsonl"),
    ],
)
def test_what_is_no_manifest_is_refused_as_a_whole(
    pipeline: Client, tmp_path: Path, name: str, content: str, words: str
) -> None:
    (tmp_path / name).write_text(content)

    with pytest.raises(InvalidInput, match=words):
        pipeline.assets.import_(tmp_path / name)


def test_a_manifest_that_is_not_there_is_not_found(door: Served, pipeline: Client, tmp_path: Path) -> None:
    with pytest.raises(NotFound):
        pipeline.assets.import_(tmp_path / "gone.csv")
    assert door.runs("assets", "import", str(tmp_path / "gone.csv"), person=door.studio.pipeline).exit_code == 3


def test_rows_can_be_sent_one_request_at_a_time(pipeline: Client) -> None:
    rows = [{"row": 1, "code": "prp_sent", "name": "x", "kind": "prop"}]

    sent = pipeline.imports.send("by-hand", rows)
    again = pipeline.imports.send("by-hand", rows)

    assert (sent.items[0].outcome, again.items[0].outcome) == ("registered", "unchanged")
    with pytest.raises(CatalogError):
        pipeline.imports.send("by-hand", [])
