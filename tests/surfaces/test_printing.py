"""What commands print: tables for people, JSON and CSV for programs."""

from __future__ import annotations

import csv
import json
import os
import pty
import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from uuid import uuid4

import pytest

from catalog import __version__
from catalog.cli.program import ALONE, NOUNS
from catalog.cli.showing import FORMATS
from catalog.cli.table import operations
from catalog.client import Client
from tests.surfaces.scripted import Answer, ScriptedServer, problem, said
from tests.surfaces.serving import ROOT, Served


@pytest.fixture(scope="module", autouse=True)
def assets(door: Served) -> None:
    """Sixty assets, the last of which has an odd name."""
    with door.client() as client:
        for number in range(59):
            client.assets.register(code=f"prp_n{number}", name=f"Number {number}", kind="prop", tags=["many", "prop"])
        client.assets.register(code="prp_odd", name="[red]Odd, name", kind="vehicle", description="=1+1")


def test_a_table_shows_fifty_and_says_that_there_are_more(door: Served) -> None:
    ended = door.runs("assets", "list")

    lines = ended.stdout.splitlines()
    assert (len(lines), lines[0].split()[:3]) == (51, ["code", "name", "kind"])
    assert ended.stderr == "the first 50; --all shows everything\n"
    assert len(door.runs("assets", "list", "--all").stdout.splitlines()) == 61
    assert len(door.runs("assets", "list", "--limit", "2").stdout.splitlines()) == 3


def test_json_and_csv_have_everything(door: Served) -> None:
    as_json = json.loads(door.runs("assets", "list", "--format", "json").stdout)
    as_csv = list(csv.DictReader(door.runs("assets", "list", "--format", "csv").stdout.splitlines()))

    assert (len(as_json), len(as_csv)) == (60, 60)
    assert [one["code"] for one in as_json] == [row["code"] for row in as_csv]
    assert (as_json[1]["tags"], as_csv[1]["tags"]) == (["many", "prop"], "many;prop")
    assert as_csv[1]["updated_at"] == as_json[1]["updated_at"]


def test_a_page_goes_on_after_the_one_before(door: Served, client: Client) -> None:
    page = client.assets.list().page(limit=58)

    ended = door.runs("assets", "list", "--cursor", str(page.next_cursor), "--format", "json")

    assert [one["code"] for one in json.loads(ended.stdout)] == ["prp_n1", "prp_n0"]
    assert (len(page.items), page.items[0].code) == (58, "prp_odd")


def test_a_text_cannot_color_or_move_the_screen(door: Served, scripted: ScriptedServer) -> None:
    me: dict[str, object] = {
        "id": str(uuid4()),
        "login": "\x1b[31mred",
        "abilities": [],
        "through": None,
        "on_behalf_of": None,
        "language": None,
    }
    scripted.answers_to("GET /api/v1/me", said(me))

    ended = door.runs("me", "get", "--url", scripted.url, "--token", "x")

    assert ended.stdout.splitlines()[1].split() == ["login", "�[31mred"]


def test_nothing_is_said_to_be_nothing(door: Served) -> None:
    ended = door.runs("versions", "list", "prp_n0")

    assert (ended.exit_code, ended.stdout, ended.stderr) == (0, "", "nothing\n")
    assert door.runs("versions", "list", "prp_n0", "--format", "json").stdout == "[]\n"


def test_search_prints_hits_facets_and_the_whole_number(door: Served) -> None:
    ended = door.runs("search", "number", "--kind", "prop", "--facet", "kind", "--facet", "tag", "--limit", "3")

    lines = ended.stdout.splitlines()
    assert (len(lines), lines[5], lines[6].split()) == (13, "kind", ["value", "count"])
    assert "Prop" in lines[7]
    assert "59" in lines[7]
    assert ended.stderr.startswith("59 in all; --cursor ")


def test_search_as_json_is_the_answer_of_the_api(door: Served) -> None:
    page = json.loads(door.runs("search", "odd", "--facet", "kind", "--format", "json").stdout)

    assert (page["total"], [card["code"] for card in page["items"]]) == (1, ["prp_odd"])
    assert page["facets"]["kind"][0]["label"] == "Vehicle"
    everything = json.loads(door.runs("search", "number", "--all", "--format", "json").stdout)
    assert len(everything) == 59
    assert len(door.runs("search", "--format", "csv", "--limit", "7").stdout.splitlines()) == 8


def test_search_suggests_and_finds_similar(door: Served, client: Client) -> None:
    assert "prp_odd" in door.runs("search", "suggestions", "odd").stdout
    assert door.runs("search", "similar", "prp_n1").exit_code == 0
    assert client.search("number", kind=["prop"], facets=["kind"]).total == 59
    assert client.search("number", kind="-prop").total == 0
    assert len(list(client.search.hits("number"))) == 59


def test_what_a_search_finds_is_printed_or_kept_as_a_file(door: Served, client: Client, tmp_path: Path) -> None:
    file = tmp_path / "numbers.json"

    printed = door.runs("search", "export", "number", "--kind", "prop", "--sort", "name").stdout
    kept = door.runs("search", "export", "number", "--form", "json", "--to", str(file)).stdout

    assert len(printed.splitlines()) == 60
    assert printed.startswith("code,name,kind")
    assert (kept.strip(), json.loads(file.read_text(encoding="utf-8"))["total"]) == (str(file), 59)
    by_client = b"".join(client.search.export("number", kind=["prop"], sort="name")).decode()
    assert by_client.splitlines() == printed.splitlines()


def test_a_word_that_nothing_has_finds_nothing_and_is_no_failure(door: Served) -> None:
    ended = door.runs("search", "quetzalcoatl")

    assert (ended.exit_code, ended.stdout, ended.stderr) == (0, "", "nothing\n0 in all\n")


LISTINGS: dict[str, tuple[str, ...]] = {
    "assets.history": ("prp_n1",),
    "assets.where-used": ("prp_n8",),
    "issues.affecting": ("prp_kept", "1"),
    "notes.list": ("prp_kept", "1"),
    "collections.items": ("{collection}",),
    "collections.links": ("{collection}",),
    "edits.assets": ("{edit}",),
    "relations.list": ("prp_n7",),
    "resolutions.create": ("prp_kept",),
    "search.similar": ("prp_n1",),
    "searches.assets": ("{search}",),
    "searches.news": ("{search}",),
    "search.suggestions": ("odd",),
    "tokens.history": ("{token}",),
    "versions.files": ("prp_kept", "1"),
    "versions.list": ("prp_kept",),
    "versions.uploads": ("prp_kept", "2"),
}
"""What a listing is asked about, where it is not asked about everything."""


@pytest.fixture(scope="module")
def filled(door: Served, assets: None) -> Served:
    """The studio with at least one of everything that is listed."""
    admin = door.studio.admin
    door.studio.artist.publishes("prp_kept", {"a.txt": b"kept"})
    admin.drafts("prp_kept", {"a.txt": b"begun"})
    admin.post("/assets/prp_kept/versions/1/notes", {"text": "Scanned in the rain."})
    admin.post("/assets/prp_kept/versions/1/issues", {"text": "One lens is missing.", "severity": "major"})
    admin.post("/assets/prp_n7/relations", {"kind": "contains", "target": "prp_n8"})
    admin.post("/shows", {"code": "orion", "name": "Orion"})
    admin.post("/roots", {"name": "filled", "templates": [{"platform": "linux", "site": "main", "path": "/mnt"}]})
    admin.post("/groups", {"code": "crew"})
    admin.post("/fields", {"name": "vendor", "type": "exact"})
    door.studio.artist.registers("prp_waits")
    door.studio.artist.drafts("prp_waits", {"a.txt": b"waits"})
    door.studio.artist.uploads("prp_waits", 1, {"a.txt": b"waits"})
    door.studio.artist.post("/assets/prp_waits/versions/1/publication", {"review": True})
    collection = admin.post("/collections", {"title": "Kept"})
    admin.post(f"/collections/{collection.id}/items", {"assets": ["prp_n1"]})
    admin.post(f"/collections/{collection.id}/links", {"name": "The crew"})
    admin.post("/searches", {"title": "Kept", "query": "q=number"})
    admin.registers("prp_n100", name="Number 100")
    admin.post("/edits", {"assets": ["prp_n1", "prp_n2"], "add_tags": ["hero"]})
    door.studio.settles()
    return door


@pytest.mark.parametrize("listing", [one.name for one in operations() if one.listing])
def test_every_listing_is_printed_three_ways(filled: Served, listing: str) -> None:
    kept = {"collection": "collections", "edit": "edits", "search": "searches"}
    ids = {noun: filled.studio.admin.get(f"/{nouns}").items[0]["id"] for noun, nouns in kept.items()}
    ids["token"] = next(one["id"] for one in filled.studio.admin.get("/tokens").items if one["name"] == "admin's")
    words = (*listing.split("."), *(word.format(**ids) for word in LISTINGS.get(listing, ())))

    table, as_json, as_csv = (filled.runs(*words, "--format", form, person=filled.studio.admin) for form in FORMATS)

    assert [one.exit_code for one in (table, as_json, as_csv)] == [0, 0, 0]
    items = json.loads(as_json.stdout)
    rows = list(csv.DictReader(as_csv.stdout.splitlines()))
    assert len(items) == len(rows) > 0
    # `resolutions create` prints a line for each file.
    assert listing == "resolutions.create" or set(items[0]) == set(rows[0])
    assert len(table.stdout.splitlines()) == 1 + min(len(items), 50)
    headings = re.split(r"  +", table.stdout.splitlines()[0])
    assert {heading.replace(" ", "_") for heading in headings} <= set(rows[0])


def test_what_happened_is_told_with_who_did_it_and_to_what(filled: Served) -> None:
    admin = filled.studio.admin

    heading, newest, *_ = filled.runs("ledger", "list", "--type", "show.created/1", person=admin).stdout.splitlines()
    registered = filled.runs("assets", "history", "prp_n1").stdout.splitlines()[-1]

    assert heading.split() == ["seq", "type", "at", "actor", "subjects", "values"]
    assert re.split(r"  +", newest)[3] == "admin"
    assert newest.endswith("code orion, title Orion, reviewed no")
    assert registered.endswith("code prp_n1, title Number 1, kind prop")
    assert "platform linux, path /mnt, site main" in filled.runs("roots", "list").stdout


def test_a_note_of_more_stands_after_the_last_line(door: Served) -> None:
    shown = on_a_terminal(door, "assets", "list", "--format", "json", "--limit", "2")

    assert shown.splitlines()[-2:] == ["]", "the first 2; --all shows everything"]


def test_every_noun_says_what_it_is_about(door: Served) -> None:
    told = {noun: door.runs(noun, "--help").stdout for noun in dict.fromkeys(one.noun for one in operations())}

    assert [noun for noun, said in told.items() if noun not in ALONE and NOUNS[noun].split()[0] not in said] == []
    assert door.runs("--version").stdout == f"reprise {__version__}\n"


@pytest.mark.parametrize("listing", ["tokens", "jobs", "relations"])
def test_what_is_named_by_id_shows_it(filled: Served, listing: str) -> None:
    words = (listing, "list", *LISTINGS.get(f"{listing}.list", ()))

    table = filled.runs(*words, person=filled.studio.admin).stdout.splitlines()

    first = json.loads(filled.runs(*words, "--format", "json", "--limit", "1", person=filled.studio.admin).stdout)[0]
    assert (table[0].split()[0], table[1].split()[0]) == ("id", first["id"])


def test_chinese_names_leave_the_columns_straight(door: Served, client: Client) -> None:
    client.assets.register(code="chr_teresa", name="邓丽君", kind="digital_double")
    client.assets.register(code="chr_ann", name="Ann", kind="digital_double")

    heading, ann, teresa = door.runs("assets", "list", "--limit", "2").stdout.splitlines()

    assert heading.index("kind") == ann.index("digital_double")
    assert heading.index("kind") == teresa.index("digital_double") + len("邓丽君")  # each as wide as two


def test_one_thing_is_printed_field_by_field_with_its_lists_below(door: Served, client: Client) -> None:
    client.assets.change("prp_n5", aliases=[{"text": "Fünf", "language": "de"}])

    lines = door.runs("assets", "get", "prp_n5").stdout.splitlines()

    assert "tags        many, prop" in lines
    assert lines[-3:] == ["aliases (1)", "text  language", "Fünf  de"]
    as_csv = list(csv.DictReader(door.runs("assets", "get", "prp_odd", "--format", "csv").stdout.splitlines()))
    assert as_csv[0]["description"] == "=1+1"


def test_what_answers_nothing_prints_nothing(door: Served) -> None:
    issued = json.loads(door.runs("tokens", "issue", "--name", "t", "--scope", "browse", "--format", "json").stdout)

    ended = door.runs("tokens", "revoke", issued["id"])

    assert (ended.exit_code, ended.output) == (0, "")


def test_events_are_followed_from_a_point_on(door: Served, client: Client) -> None:
    events = list(client.events.list())
    after = events[-3].seq

    printed = json.loads(door.runs("events", "list", "--after", str(after), "--format", "json").stdout)

    assert [one["seq"] for one in printed] == [events[-2].seq, events[-1].seq]
    assert len(events) > 60


def test_relations_roots_users_and_groups_have_their_commands(door: Served) -> None:
    admin = door.studio.admin
    related = door.runs("relations", "add", "prp_n1", "--kind", "contains", "--target", "prp_n2", "--count", "3")
    assert related.exit_code == 0
    assert [
        one["count"] for one in json.loads(door.runs("relations", "list", "prp_n1", "--format", "json").stdout)
    ] == [3]
    assert "prp_n1" in door.runs("assets", "where-used", "prp_n2", "--depth", "1", "--format", "csv").stdout
    declared = (
        "roots",
        "declare",
        "--name",
        "lib",
        "--template",
        "linux:main:/mnt/lib",
        "--template",
        r"windows:main:P:\lib",
    )
    assert door.runs(*declared, person=admin).exit_code == 0
    templates = json.loads(door.runs("roots", "get", "lib", "--format", "json").stdout)["templates"]
    assert [one["path"] for one in templates] == ["/mnt/lib", "P:\\lib"]
    assert door.runs("roots", "declare", "--name", "lib2", "--template", "linux", person=admin).exit_code == 2
    created = ("users", "create", "--login", "zoe", "--role", "artist", "--password")
    assert door.runs(*created, person=admin, answer="a good password\na good password\n").exit_code == 0
    changed = door.runs("users", "change", "zoe", "--no-active", "--format", "json", person=admin)
    assert json.loads(changed.stdout)["active"] is False


def test_the_description_of_the_api_can_be_printed(door: Served, client: Client) -> None:
    assert json.loads(door.runs("openapi", "get").stdout) == client.openapi.get()


def on_a_terminal(door: Served, *arguments: str) -> str:
    """Run a command with a terminal and return what it showed."""
    ours, theirs = pty.openpty()
    environment = {"CATALOG_URL": door.url, "CATALOG_TOKEN": door.studio.artist.token, "COLUMNS": "120"}
    process = subprocess.Popen(
        [sys.executable, "-m", "catalog", *arguments],
        env={**os.environ, **environment, "PYTHONPATH": str(ROOT), "TERM": "xterm"},
        cwd=ROOT,
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
    )
    os.close(theirs)
    shown = b""
    with open(ours, "rb", buffering=0) as screen:  # noqa: PTH123 — a descriptor has no path
        while True:
            try:
                some = screen.read(4096)
            except OSError:  # the other end is closed
                break
            if not some:
                break
            shown += some
    process.wait(120)
    return shown.decode()


def test_a_terminal_gets_a_drawn_table_and_progress_bars(door: Served, tmp_path: Path) -> None:
    (tmp_path / "a.bin").write_bytes(b"x" * 100_000)

    table = on_a_terminal(door, "assets", "list", "--kind", "vehicle")
    bars = on_a_terminal(door, "assets", "publish", str(tmp_path / "a.bin"), "--code", "prp_bars")

    assert "[red]Odd" in table
    assert "────" in table
    assert "uploading" in bars
    assert "prp_bars@1 is published" in bars


@pytest.mark.parametrize(
    "answer",
    [
        problem(404, "link-ended"),
        Answer(body=b"code,name\nprp_a", headers={"Content-Length": "500", "Content-Type": "text/csv"}, broken=True),
    ],
    ids=["refused", "broken off"],
)
def test_an_export_that_fails_leaves_the_file_of_last_week(
    door: Served, scripted: ScriptedServer, tmp_path: Path, answer: Answer
) -> None:
    collection, file = uuid4(), tmp_path / "list.csv"
    file.write_text("code,name\nprp_old,Old\n", encoding="utf-8")
    scripted.answers_to(f"GET /api/v1/collections/{collection}/export", answer)

    ended = door.runs(
        "collections", "export", str(collection), "--to", str(file), "--url", scripted.url, "--token", "x"
    )

    assert ended.exit_code != 0
    assert file.read_text(encoding="utf-8") == "code,name\nprp_old,Old\n"
    assert [one.name for one in tmp_path.iterdir() if one.is_file()] == ["list.csv"]


def test_an_export_takes_the_place_of_a_file_or_goes_where_bytes_flow(
    door: Served, scripted: ScriptedServer, tmp_path: Path
) -> None:
    collection, file = uuid4(), tmp_path / "list.csv"
    file.write_text("old and longer than the new one", encoding="utf-8")
    answer = Answer(body=b"code,name\n", headers={"Content-Type": "text/csv"})
    scripted.answers_to(f"GET /api/v1/collections/{collection}/export", answer)
    asked = ["collections", "export", str(collection), "--url", scripted.url, "--token", "x", "--to"]
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)

    written = door.runs(*asked, str(file))
    with ThreadPoolExecutor(max_workers=1) as thread:
        flown = thread.submit(pipe.read_bytes)
        door.runs(*asked, str(pipe))

    assert (written.stdout.strip(), file.read_text(encoding="utf-8")) == (str(file), "code,name\n")
    assert (flown.result(), pipe.is_fifo()) == (b"code,name\n", True)
