"""Refusals: always problem+json, always with the value that was wrong and what would be right, never a 500."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any
from urllib.parse import quote

from sqlalchemy import text
from structlog.contextvars import merge_contextvars
from structlog.testing import capture_logs

from catalog.api.problems import problem
from catalog.api.table import OPERATIONS
from catalog.kernel.errors import CatalogError
from tests.studio import API, Said, Studio, ndjson
from tests.visitors import visitor

ROOT = Path(__file__).parents[2]
FIELDS = {"type", "title", "status", "detail", "code", "errors", "request_id"}
FILE = {"path": "a", "sha256": "0" * 64, "size_bytes": 1}
NUL = "a\u0000b"


def _send(studio: Studio, method: str, path: str, **said: Any) -> Said:  # noqa: ANN401 — what the client takes
    """Send something that no client of ours would."""
    headers = {"Authorization": f"Bearer {studio.admin.token}"}
    return Said(response=studio.app.test_client().open(API + path, method=method, headers=headers, **said))


def _is_a_problem(said: Said, status: int, code: str | None = None) -> bool:
    return (
        said.status == status
        and said.response.content_type == "application/problem+json"
        and set(said.json) == FIELDS
        and said.json["status"] == status
        and bool(said.json["detail"])
        and said.json["type"] == f"/docs/guides/errors#{said.code}"
        and said.json["request_id"] == said.response.headers["X-Request-ID"]
        and code in {None, said.code}
    )


def test_a_refusal_is_a_problem_with_everything_that_helps(studio: Studio) -> None:
    refused = studio.artist.registers("prp_lamp", color="red")

    assert refused.response.content_type == "application/problem+json"
    assert refused.json == {
        "type": "/docs/guides/errors#invalid-request",
        "title": "Invalid input",
        "status": 422,
        "detail": "body: color: it is sent under a name that is not known here; correct the name, or leave it out",
        "code": "invalid-request",
        "errors": [
            {
                "field": "color",
                "message": "it is sent under a name that is not known here; correct the name, or leave it out",
            }
        ],
        "request_id": refused.response.headers["X-Request-ID"],
    }


def test_the_type_of_every_code_leads_to_the_place_that_explains_it(studio: Studio) -> None:
    listed = (ROOT / "docs" / "reference" / "errors.md").read_text(encoding="utf-8")
    codes = re.findall(r"^\| `([a-z0-9-]+)` \|", listed, re.MULTILINE)
    with studio.app.test_request_context():
        types = {problem(CatalogError("", code=code)).get_json(force=True)["type"] for code in codes}
    viewer = studio.viewer
    refused = [viewer.get("/assets/nobody"), viewer.get("/nothing"), viewer.delete("/me"), viewer.post("/assets", {})]
    types |= {one.json["type"] for one in refused}

    [page] = {address.partition("#")[0] for address in types}
    opened = visitor(studio, viewer).opens(page)

    assert opened.status == 200
    assert len(types) > 150
    assert [one for one in types if f' id="{one.partition("#")[2]}"' not in opened.html] == []


def test_every_field_that_is_wrong_is_named(studio: Studio) -> None:
    refused = studio.artist.post("/assets", {"code": 7, "kind": "spaceship", "color": "red"})

    assert [error["field"] for error in refused.errors] == ["code", "name", "kind", "color"]
    assert refused.errors[0]["message"] == "7 is no text; give one, in quotes"
    assert refused.errors[1]["message"] == "it is left out, but needed; give it"


def test_the_request_id_that_a_caller_gave_comes_back(studio: Studio) -> None:
    said = studio.viewer.get("/assets/chr_nobody", X_Request_ID="render-17.frame-0101")

    assert said.request_id == "render-17.frame-0101"
    assert said.response.headers["X-Request-ID"] == "render-17.frame-0101"


def test_every_line_of_the_log_that_a_request_causes_tells_it(studio: Studio) -> None:
    viewer = studio.viewer
    with studio.house.engine.begin() as connection:
        connection.execute(
            text("CREATE TRIGGER full BEFORE UPDATE ON token BEGIN SELECT RAISE(ABORT, 'disk is full'); END")
        )

    with capture_logs(processors=[merge_contextvars]) as lines:
        viewer.get("/me", X_Request_ID="maya-7")
        viewer.get("/me", X_Request_ID="maya-8")

    told = [(line["event"], line["request_id"]) for line in lines]
    assert told == [
        ("not jotted down", "maya-7"),
        ("answered", "maya-7"),
        ("not jotted down", "maya-8"),
        ("answered", "maya-8"),
    ]


def test_a_request_id_that_could_do_harm_is_replaced(studio: Studio) -> None:
    for given in ("", "with space", "a" * 65, "<script>", "a\u00e9"):
        said = studio.viewer.get("/assets/chr_nobody", X_Request_ID=given)

        assert len(said.request_id) == 36


def test_an_unknown_address_is_a_problem(studio: Studio) -> None:
    for path in ("/asets", "/assets/", "/", "/assets/a/b/c/d"):
        assert _is_a_problem(studio.viewer.get(path), 404, "not-found")


def test_a_method_that_an_address_does_not_take_is_answered_with_those_that_it_takes(studio: Studio) -> None:
    refused = studio.admin.call("PUT", "/assets/prp_lamp", {})

    assert _is_a_problem(refused, 405, "method-not-allowed")
    assert refused.response.headers["Allow"] == "GET, HEAD, OPTIONS, PATCH"


NO_SUCH_JSON = [
    b"",
    b"{",
    b"null",
    b"[]",
    b'"text"',
    b"7",
    b"\xff\xfe",
    b'{"code": "\xc3\x28"}',
    b'{"code": "\\ud800"}',
    b'{"code": "prp_lamp", "name": "Lamp", "kind": "prop"} trailing',
    b"{'code': 'prp_lamp'}",
    b'{"code": NaN}',
    b'{"description": ' + b"[" * 20_000 + b"]" * 20_000 + b"}",
    b'{"description": ' + b'{"a":' * 20_000 + b"1" + b"}" * 20_000 + b"}",
    b'{"code": ' + b"9" * 10_000 + b"}",
    b'{"code": 1e999999}',
    b"\x00",
    b"<asset/>",
]


def test_a_body_that_is_no_such_json_is_refused(studio: Studio) -> None:
    said = {
        body[:40]: _send(studio, "POST", "/assets", data=body, content_type="application/json") for body in NO_SUCH_JSON
    }

    assert [body for body, one in said.items() if not _is_a_problem(one, 422, "invalid-request")] == []


def test_a_body_of_another_type_is_refused(studio: Studio) -> None:
    body = json.dumps({"code": "prp_lamp", "name": "Lamp", "kind": "prop"})

    refused = _send(studio, "POST", "/assets", data=body, content_type="text/plain")

    assert _is_a_problem(refused, 415, "bad-content-type")
    assert refused.message == "Content-Type is 'text/plain'; send application/json"


def test_a_form_is_refused(studio: Studio) -> None:
    refused = _send(studio, "POST", "/assets", data={"code": "prp_lamp"})

    assert _is_a_problem(refused, 415, "bad-content-type")


def test_a_body_larger_than_any_request_is_refused_unread(studio: Studio) -> None:
    refused = _send(
        studio, "POST", "/assets", content_type="application/json", environ_overrides={"CONTENT_LENGTH": str(2**40)}
    )

    assert _is_a_problem(refused, 413, "request-entity-too-large")


def test_a_limit_outside_its_range_is_refused(studio: Studio) -> None:
    for limit in (0, 201, -1):
        refused = studio.viewer.get(f"/assets?limit={limit}")

        assert _is_a_problem(refused, 422, "bad-limit")
        assert refused.message == f"limit {limit} is not between 1 and 200"


NO_SUCH_QUERY = [
    "/assets?limit=ten",
    "/assets?limit=1&limit=2",
    "/assets?limit=1e3",
    f"/assets?limit={'9' * 5_000}",
    "/assets?colour=red",
    "/assets?kind=spaceship",
    "/assets/prp_lamp?x=1",
    "/search?sort=best",
    "/search?limit=201",
    "/search?q=a&q=b",
    "/events?after=-1",
    f"/events?after={2**63}",
    f"/events?after={'9' * 5_000}",
    "/jobs?state=lost",
    "/ledger?actor=art",
    "/search/similar",
]


def test_a_query_that_makes_no_sense_is_refused(studio: Studio) -> None:
    studio.artist.registers("prp_lamp")

    said = {path: studio.admin.get(path) for path in NO_SUCH_QUERY}

    assert [path for path, one in said.items() if not _is_a_problem(one, 422, "invalid-request")] == []


CURSORS = [
    "x",
    "",
    "bm90IGpzb24",  # not json
    "WyJhIl0",  # ["a"]
    "WzFd",  # [1]
    "Wzk5OTk5OTk5OTk5OTk5OTk5OTk5OTk5XQ",  # [99999999999999999999999]
    "Wy05OTk5OTk5OTk5OTk5OTk5OTk5OTk5OV0",  # [-99999999999999999999999]
    "W251bGxd",  # [null]
    "W1tdXQ",  # [[]]
    "WyJcdTAwMDAiXQ",  # ["\u0000"]
    "WyJcdWQ4MDAiXQ",  # ["\ud800"]
    "é" * 40,
    "A" * 4_000,
]


def test_a_cursor_of_another_listing_is_refused_or_finds_a_place(studio: Studio) -> None:
    studio.pipeline.registers("prp_lamp")
    studio.admin.drafts("prp_lamp", {"a.txt": b"a"})
    listings = [operation for operation in OPERATIONS if "cursor" in operation.query.model_fields]
    collection = studio.admin.post("/collections", {"title": "Lamps"}).id
    edit = studio.admin.post("/edits", {"assets": ["prp_lamp"], "add_tags": ["old"]}).id
    search = studio.admin.post("/searches", {"title": "Lamps", "query": "q=lamp"}).id
    token = studio.admin.post("/tokens", {"name": "farm"}).id
    ids = {"edits.assets": edit, "collections.items": collection, "collections.links": collection}
    ids |= {"searches.assets": search, "searches.news": search, "tokens.history": token}

    said = {
        (operation.name, cursor): studio.admin.get(
            f"{operation.path.format(code='prp_lamp', number=1, id=ids.get(operation.name))}?cursor={quote(cursor)}"
        )
        for operation in listings
        for cursor in CURSORS
    }

    assert len(said) >= 12 * 13
    assert [asked for asked, one in said.items() if one.status != 200 and not _is_a_problem(one, 422)] == []


NAMES = [
    "%00",
    "a%00b",
    "%FF%FE",
    "%ED%A0%80",
    "..",
    "%2e%2e",
    "'%20OR%201=1--",
    "<script>alert(1)</script>",
    "😀",
    "a" * 3_000,
    "%0d%0aX-Evil:1",
    "__proto__",
    "-1",
]


def test_any_name_in_an_address_is_answered(studio: Studio) -> None:
    reads = [operation for operation in OPERATIONS if operation.method == "GET" and "{" in operation.path]

    said = {
        (operation.name, name): studio.admin.get(re.sub(r"{\w+}", name, operation.path))
        for operation in reads
        for name in NAMES
    }

    assert [asked for asked, one in said.items() if not _is_a_problem(one, one.status)] == []
    assert {one.status for one in said.values()} == {404, 422}


def test_a_long_name_is_not_repeated_whole(studio: Studio) -> None:
    for path in ("/assets/{}", "/shows/{}", "/roots/{}", "/users/{}", "/groups/{}", "/jobs/{}", "/previews/{}"):
        refused = studio.admin.get(path.format("x" * 3_000))

        assert (refused.status, len(refused.message) < 400) == (404, True), path


WITH_NUL: list[tuple[str, str, dict[str, object]]] = [
    ("POST", "/assets", {"code": "prp_b", "name": NUL, "kind": "prop"}),
    ("POST", "/assets", {"code": "prp_b", "name": "B", "kind": "prop", "owner": NUL}),
    ("POST", "/assets", {"code": "prp_b", "name": "B", "kind": "prop", "show": NUL}),
    ("POST", "/assets", {"code": "prp_b", "name": "B", "kind": "prop", "audience": [NUL]}),
    ("PATCH", "/assets/prp_lamp", {"description": NUL}),
    ("POST", "/assets/prp_lamp/retirement", {"reason": NUL}),
    ("POST", "/assets/prp_lamp/relations", {"kind": "contains", "target": NUL}),
    ("POST", "/assets/prp_lamp/versions", {"files": [FILE], "note": NUL}),
    ("POST", "/assets/prp_lamp/versions", {"files": [{**FILE, "path": NUL}]}),
    ("POST", "/assets/prp_lamp/versions/1/deprecation", {"reason": NUL}),
    ("POST", "/resolutions", {"references": [NUL]}),
    ("POST", "/resolutions", {"references": ["prp_lamp"], "show": NUL}),
    ("POST", "/shows", {"code": "orion", "name": NUL}),
    ("POST", "/shows", {"code": "orion", "description": NUL}),
    ("POST", "/roots", {"name": "lib", "templates": [{"platform": "linux", "path": "/" + NUL}]}),
    ("POST", "/users", {"login": "eve", "display_name": NUL, "roles": ["viewer"]}),
    ("POST", "/groups", {"code": "vip", "name": NUL}),
    ("POST", "/tokens", {"name": NUL}),
    ("GET", "/assets/a%00b", {}),
    ("GET", "/search?q=a%00b", {}),
    ("GET", "/assets?show=%00", {}),
    ("GET", "/users/%00", {}),
    ("GET", "/jobs?kind=%00", {}),
]


def test_the_character_nul_is_refused_everywhere_on_each_database(studio_on_each: Studio) -> None:
    studio = studio_on_each
    studio.admin.registers("prp_lamp")

    said = {(method, path, str(body)): studio.admin.call(method, path, body) for method, path, body in WITH_NUL}

    assert [asked for asked, one in said.items() if not _is_a_problem(one, 422, "nul-character")] == []
    assert {one.message for one in said.values()} == {
        "the request holds the character NUL (U+0000), which no text here has; remove it"
    }


def test_a_control_character_stands_in_no_text_that_people_read(studio: Studio) -> None:
    admin, escape, newline = studio.admin, "\x1b[31mred", "one\ntwo"
    admin.publishes("prp_lamp")
    version = "/assets/prp_lamp/versions"

    refused = {
        "name": admin.registers("prp_b", name=escape),
        "line": admin.registers("prp_b", name=newline),
        "tag": admin.registers("prp_b", tags=[newline]),
        "note": admin.post(version, {"files": [FILE], "note": escape}),
        "deprecation": admin.post(f"{version}/1/deprecation", {"reason": escape}),
        "retirement": admin.post("/assets/prp_lamp/retirement", {"reason": escape}),
        "blank": admin.post("/assets/prp_lamp/retirement", {"reason": "  "}),
        "show": admin.post("/shows", {"code": "orion", "name": newline}),
        "user": admin.post("/users", {"login": "eve", "display_name": escape, "roles": ["viewer"]}),
        "group": admin.post("/groups", {"code": "vip", "name": escape}),
        "token": admin.post("/tokens", {"name": escape}),
    }

    assert [what for what, one in refused.items() if not _is_a_problem(one, 422)] == []
    assert refused["note"].message == "note '\\x1b[31mred' has a control character; remove it"
    assert refused["blank"].message == "reason is empty; give at least one character"
    described = admin.registers("prp_c", description="One.\r\nTwo.\rThree.")
    assert (described.status, described.description) == (201, "One.\nTwo.\nThree.")


def test_a_backslash_before_u0000_is_only_text(studio: Studio) -> None:
    registered = studio.artist.registers("prp_lamp", description=r"Write \u0000 for NUL.")

    assert (registered.status, registered.description) == (201, r"Write \u0000 for NUL.")


def test_a_number_beyond_any_column_is_refused_on_each_database(studio_on_each: Studio) -> None:
    admin = studio_on_each.admin
    admin.registers("prp_lamp")
    admin.registers("prp_bulb")

    for number in (2**43, 2**63, 2**64, 10**30, -1, -(2**63)):
        row = {"row": number, "code": "a_b", "name": "A", "kind": "prop"}
        related = {"kind": "contains", "target": "prp_bulb", "count": number}
        said = {
            "count": admin.post("/assets/prp_lamp/relations", related),
            "days": admin.post("/tokens", {"name": "t", "days": number}),
            "limit": admin.get(f"/assets?limit={number}"),
            "depth": admin.get(f"/assets/prp_lamp/where-used?depth={number}"),
            "size": admin.post("/assets/prp_lamp/versions", {"files": [{**FILE, "size_bytes": number}]}),
            "version": admin.get(f"/assets/prp_lamp/versions/{number}"),
            "reference": admin.post("/assets/prp_lamp/relations", {"kind": "variant", "target": f"prp_bulb@{number}"}),
            "entry": admin.get(f"/ledger/{number}"),
        }
        assert [what for what, one in said.items() if not (_is_a_problem(one, 422) or _is_a_problem(one, 404))] == []
        assert admin.post("/imports?import=i", ndjson([row])).items[0]["outcome"] == "refused"


def test_lists_longer_than_anybody_needs_are_refused(studio: Studio) -> None:
    admin = studio.admin
    many = [f"n{number}" for number in range(40_000)]
    fields = {"code": "prp_b", "name": "B", "kind": "prop"}

    said = {
        "audience": admin.post("/assets", {**fields, "audience": many}),
        "tags": admin.post("/assets", {**fields, "tags": many}),
        "aliases": admin.post("/assets", {**fields, "aliases": [{"text": one} for one in many]}),
        "show": admin.post("/shows", {"code": "orion", "audience": many}),
        "members": admin.post("/groups", {"code": "vip", "members": many}),
        "groups": admin.post("/users", {"login": "eve", "roles": ["viewer"], "groups": many}),
        "references": admin.post("/resolutions", {"references": many}),
    }

    assert [what for what, one in said.items() if not _is_a_problem(one, 422)] == []


def test_any_header_is_answered(studio: Studio) -> None:
    studio.artist.publishes("prp_lamp")
    headers = ("X_On_Behalf_Of", "X_Catalog_Show", "X_Catalog_Farm_Job", "If_None_Match", "Range", "Idempotency_Key")
    values = ("", "\u00ff\u00fe", "x" * 5_000, '"', "bytes=" + "9" * 5_000 + "-", "bytes=-0", "bytes=5-2")
    paths = ("/assets/prp_lamp", "/assets/prp_lamp/versions/1/files/notes.txt")

    said = {
        (header, value[:9], path): studio.artist.get(path, **{header: value}).status
        for header in headers
        for value in values
        for path in paths
    }

    assert {asked: status for asked, status in said.items() if status >= 500} == {}


CREDENTIALS = ["", "Bearer", "Bearer ", "Basic YTpi", "Bearer \u00e9", "Bearer rpr_" + "x" * 4_000]


def test_a_credential_that_is_none_is_refused_with_how_to_get_one(studio: Studio) -> None:
    for credential in CREDENTIALS:
        response = studio.app.test_client().get(f"{API}/me", headers={"Authorization": credential})

        assert _is_a_problem(Said(response=response), 401, "not-signed-in")
        assert response.headers["WWW-Authenticate"] == 'Bearer realm="catalog"'


def test_an_operation_without_a_body_refuses_fields(studio: Studio) -> None:
    studio.artist.registers("prp_lamp")
    studio.artist.drafts("prp_lamp", {"a.txt": b"a"})

    refused = studio.artist.post("/assets/prp_lamp/versions/1/publication", {"force": True})

    assert _is_a_problem(refused, 422, "invalid-request")
    assert refused.errors == [
        {
            "field": "force",
            "message": "it is sent under a name that is not known here; correct the name, or leave it out",
        }
    ]


def test_a_password_under_a_wrong_name_is_not_said_again(studio: Studio) -> None:
    refused = studio.admin.post("/users", {"login": "ida", "name": "Ida", "new_password": "hunter2secret"})

    assert _is_a_problem(refused, 422, "invalid-request")
    assert "new_password" in [error["field"] for error in refused.errors]
    assert "hunter2secret" not in json.dumps(refused.json)


def test_a_name_of_any_length_is_shortened_where_it_is_said_again(studio: Studio) -> None:
    refused = studio.artist.post("/assets", {"code": "prp_lamp", "name": "Lamp", "kind": "prop", "x" * 5_000: 1})

    assert [error["field"] for error in refused.errors] == ["x" * 60 + "…"]
    assert len(refused.message) < 200


def test_of_very_many_mistakes_only_their_number_is_told(studio: Studio) -> None:
    refused = studio.artist.post("/assets", {"code": "prp_lamp", **{f"x{number}": 1 for number in range(6_000)}})

    assert _is_a_problem(refused, 422, "invalid-request")
    told = [(error["field"], error["message"]) for error in refused.errors]
    assert told == [("body", "6,002 things are wrong; send only the names that the reference has")]


def test_names_like_those_of_types_are_unknown_names(studio: Studio) -> None:
    refused = studio.artist.post("/assets", {"code": "prp_lamp", "name": "Lamp", "kind": "prop", "str": 1, "int": 2})

    assert [error["field"] for error in refused.errors] == ["int", "str"]


def test_a_refused_write_leaves_nothing_behind(studio: Studio) -> None:
    _ = studio.artist, studio.viewer
    before = studio.entries()

    studio.artist.registers("prp_lamp", show="orion")
    studio.artist.registers("prp lamp")
    studio.viewer.registers("prp_lamp")

    assert studio.entries() == before
    assert studio.admin.get("/assets").items == []
