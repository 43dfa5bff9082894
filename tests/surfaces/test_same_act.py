"""The same act by REST, by the client and by the CLI: the same names, the same answers, the same refusals."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from catalog.cli.showing import plain
from catalog.cli.table import Operation, operations
from catalog.cli.values import option_name
from catalog.client import (
    CatalogError,
    Client,
    Conflict,
    ExternalId,
    InvalidInput,
    NotFound,
    NotPermitted,
    NotSignedIn,
    Stale,
    Unavailable,
)
from tests.surfaces.scripted import ScriptedServer, problem
from tests.surfaces.serving import Served, runs_alone

FIELDS: dict[str, Any] = {
    "name": "Ann 邓丽君",
    "kind": "digital_double",
    "description": "a scan",
    "tags": ["hero", "night"],
}


def test_an_asset_registered_three_ways_is_the_same_but_for_its_code(door: Served, client: Client) -> None:
    door.studio.admin.post("/fields", {"name": "weight", "type": "number"})
    alias, other = {"text": "鄧麗君", "language": "zh-Hant"}, {"system": "sg", "value": "1"}

    door.studio.artist.registers("chr_byRest", **FIELDS, aliases=[alias], external_ids=[other], fields={"weight": 2.5})
    client.assets.register(
        code="chr_byClient",
        **FIELDS,
        aliases=[alias],
        external_ids=[ExternalId("sg", "2")],
        fields={"weight": 2.5},
    )
    words = ["--code", "chr_byCli", "--name", FIELDS["name"], "--kind", FIELDS["kind"], "--description", "a scan"]
    words += [
        "--tag",
        "hero",
        "--tag",
        "night",
        "--alias",
        "鄧麗君:zh-Hant",
        "--external-id",
        "sg:3",
        "--field",
        "weight=2.5",
    ]
    assert door.runs("assets", "register", *map(str, words)).exit_code == 0

    shown = [plain(client.assets.get(code)) for code in ("chr_byRest", "chr_byClient", "chr_byCli")]
    same = ("name", "kind", "description", "tags", "aliases", "owner", "status", "fields")
    assert [{name: one[name] for name in same} for one in shown[1:]] == [{name: shown[0][name] for name in same}] * 2


def test_what_the_cli_prints_as_json_is_what_the_api_answers(door: Served) -> None:
    door.studio.artist.registers("prp_said")

    printed = json.loads(door.runs("assets", "get", "prp_said", "--format", "json").output)

    assert printed == door.studio.artist.get("/assets/prp_said").json


REGISTER = ["assets", "register", "--name", "x", "--kind", "prop", "--code"]


@pytest.mark.parametrize(
    "act,command,expected",
    [
        (lambda c: c.assets.get("prp_none"), ["assets", "get", "prp_none"], (NotFound, "unknown-asset", 3)),
        (
            lambda c: c.assets.register(code="Bad", name="x", kind="prop"),
            [*REGISTER, "Bad"],
            (InvalidInput, "bad-code", 4),
        ),
        (
            lambda c: c.assets.register(code="prp_Taken", name="x", kind="prop"),
            [*REGISTER, "prp_Taken"],
            (Conflict, "code-taken", 5),
        ),
        (
            lambda c: c.assets.change("prp_taken", name="y", if_revision=9),
            ["assets", "change", "prp_taken", "--name", "y", "--if-revision", "9"],
            (Stale, "stale", 5),
        ),
        (lambda c: next(iter(c.users.list())), ["users", "list"], (NotPermitted, "not-permitted", 6)),
    ],
    ids=["not-found", "invalid-input", "conflict", "stale", "not-permitted"],
)
def test_a_refusal_is_the_same_exception_and_exit_code(
    door: Served,
    client: Client,
    act: Callable[[Client], object],
    command: list[str],
    expected: tuple[type[CatalogError], str, int],
) -> None:
    door.studio.artist.registers("prp_taken")
    refusal, code, exit_code = expected

    with pytest.raises(refusal) as refused:
        act(client)
    ended = door.runs(*command)

    assert (refused.value.code, ended.exit_code) == (code, exit_code)
    assert refused.value.request_id
    assert refused.value.message.splitlines()[0] in ended.stderr


def test_a_token_that_nobody_issued_is_refused_everywhere(door: Served) -> None:
    with pytest.raises(NotSignedIn), Client(door.url, "rpr_wrong") as stranger:
        stranger.me.get()

    assert door.runs("--token", "rpr_wrong", "me", "get").exit_code == 6


def test_a_server_that_is_not_there_is_unavailable() -> None:
    with (
        pytest.raises(
            Unavailable, match=r"nothing answers at http://127\.0\.0\.1:9 \(.*refused\); start it with scripts/run"
        ),
        Client("http://127.0.0.1:9", "x", tries=2) as nobody,
    ):
        nobody.assets.register(code="prp_x", name="x", kind="prop")


def test_a_use_that_is_not_cleared_ends_with_seven(door: Served, scripted: ScriptedServer, tmp_path: Path) -> None:
    refused = problem(403, "nothing-recorded", title="Not cleared")
    scripted.answers_to("POST /api/v1/resolutions", refused)

    there = ("--url", scripted.url, "--token", "x")
    ended = door.runs("assets", "pull", "chr_ann", "--to", str(tmp_path / "ann"), *there)

    assert (ended.exit_code, ended.stderr) == (7, "catalog: nothing-recorded it is\n")


def test_a_server_that_cannot_answer_now_ends_with_eight(door: Served, scripted: ScriptedServer) -> None:
    scripted.answers_to("PATCH /api/v1/shows/orion", problem(503, "store-full"))

    ended = door.runs("shows", "change", "orion", "--name", "Orion", "--url", scripted.url, "--token", "x")

    assert (ended.exit_code, "store-full it is" in ended.stderr) == (8, True)


def test_bad_arguments_end_with_two(door: Served) -> None:
    assert door.runs("assets", "register", "--code", "prp_x").exit_code == 2
    assert door.runs("assets", "register", "--code", "prp_x", "--name", "x", "--kind", "chair").exit_code == 2
    assert door.runs("assets", "nothing").exit_code == 2


def test_several_wrong_fields_are_all_told(door: Served, client: Client) -> None:
    wrong = [ExternalId("no good", "1"), ExternalId("sg", "")]

    with pytest.raises(InvalidInput) as refused:
        client.assets.register(code="prp_wrong", name="x", kind="prop", external_ids=wrong)

    assert [one.field for one in refused.value.errors] == ["external_ids.0.system", "external_ids.1.value"]


def test_a_change_leaves_alone_what_is_not_named_and_empties_what_is_none(door: Served, client: Client) -> None:
    client.assets.register(code="prp_changed", name="Old", kind="prop", tags=["a"], description="stays")

    changed = client.assets.change("prp_changed", name="New", owner=None, tags=[])

    assert (changed.name, changed.description, changed.owner, changed.tags) == ("New", "stays", None, [])
    ended = door.runs("assets", "change", "prp_changed", "--tag", "b", "--owner", "art", "--format", "json")
    assert (json.loads(ended.stdout)["tags"], json.loads(ended.stdout)["owner"]) == (["b"], "art")
    emptied = json.loads(
        door.runs("assets", "change", "prp_changed", "--no-tags", "--no-owner", "--format", "json").stdout
    )
    assert (emptied["tags"], emptied["owner"], emptied["name"]) == ([], None, "New")


def test_a_service_token_acts_for_somebody(door: Served) -> None:
    issued = door.studio.admin.post("/tokens", {"name": "farm", "service": True}).json["secret"]

    with Client(door.url, issued, on_behalf_of="art", show="lantern", farm_job="j1") as farm:
        me = farm.me.get()
        farm.assets.register(code="prp_farmed", name="x", kind="prop")

    assert (me.login, me.on_behalf_of) == ("admin", "art")
    actor = door.studio.entries("asset.registered/1")[-1]["actor"]
    assert (actor["on_behalf_of"], actor["context"]) == ("art", {"farm_job": "j1", "show": "lantern"})
    assert door.runs("--token", issued, "--on-behalf-of", "nobody", "me", "get").exit_code == 6


CHANGES = [one for one in operations() if one.changes]


@pytest.mark.parametrize("operation", CHANGES, ids=lambda operation: operation.name)
def test_a_change_that_says_nothing_is_refused_and_told_what_it_takes(door: Served, operation: Operation) -> None:
    named = {"uuid": "01890a5d-ac96-774b-bcce-b302092a8057", "int": "1"}
    things = [named.get(one.type, "prp_changed") for one in operation.arguments]

    ended = door.runs(*operation.name.split("."), *things, person=door.studio.admin)

    said = "nothing to change; give one of " + ", ".join(
        option_name(one.name, many=one.repeats) for one in operation.options
    )
    assert (ended.exit_code, said in ended.stderr) == (2, True), ended.stderr


def test_nobody_is_entered_without_a_password_by_oversight(door: Served, client: Client) -> None:
    create = ("users", "create", "--login", "anna", "--role", "artist")

    ended = door.runs(*create, person=door.studio.admin)

    said = "anna needs a password to sign in: set CATALOG_NEW_PASSWORD, or give --no-password"
    assert (ended.exit_code, said in ended.stderr) == (2, True)
    on_the_server = runs_alone("admin", "create-user", "anna", "--role", "artist")
    assert (on_the_server.exit_code, said in on_the_server.stderr) == (2, True)
    assert door.runs(*create, "--no-password", person=door.studio.admin).exit_code == 0
    both = door.runs(*create, "--no-password", "--password", "a good password", person=door.studio.admin)
    assert (both.exit_code, "exclude each other" in both.stderr) == (2, True)


def test_values_of_custom_fields_are_set_emptied_and_refused_by_command(door: Served, client: Client) -> None:
    door.studio.admin.post("/fields", {"name": "seller", "type": "exact"})
    door.studio.artist.registers("prp_sold", fields={"seller": "Acme"})

    told = door.runs("assets", "change", "prp_sold", "--field", "seller=Other = one")
    shown = client.assets.get("prp_sold").fields
    emptied = door.runs("assets", "change", "prp_sold", "--field", "seller=")
    wrong = door.runs("assets", "change", "prp_sold", "--field", "seler=x")
    unnamed = door.runs("assets", "change", "prp_sold", "--field", "=x")

    assert (told.exit_code, "seller Other = one" in told.stdout, shown) == (0, True, {"seller": "Other = one"})
    assert (emptied.exit_code, client.assets.get("prp_sold").fields) == (0, {})
    assert (wrong.exit_code, "'seller' is near" in wrong.stderr) == (4, True)
    assert (unnamed.exit_code, "is not NAME=VALUE" in unnamed.stderr) == (2, True)
