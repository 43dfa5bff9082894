"""The documentation pages: made from the API itself, searched, and with examples that can be run as they stand."""

from __future__ import annotations

import ast
import inspect
import json
import re
import shlex
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, urlsplit

import click
import pytest

from catalog.api.table import OPERATIONS
from catalog.app.manual import make_manual
from catalog.cli.program import program
from catalog.client import Client
from catalog.web.guides import guides
from tests.studio import API, Person, Studio
from tests.visitors import Visitor, visitor

if TYPE_CHECKING:
    from catalog.web.manual import Described

URL = "http://studio.test"
MANUAL = make_manual(URL)
BY_NAME = {one.name: one for one in OPERATIONS}
BY_ID = ("/{id}", "/{relation}", "/{sha256}", "/{seq}")
READS = [
    one for one in MANUAL.operations if one.method == "GET" and not one.path.endswith(BY_ID) and "/{id}" not in one.path
]

each = pytest.mark.parametrize("one", MANUAL.operations, ids=lambda one: one.name)


@pytest.fixture
def viewer(studio: Studio) -> Visitor:
    return visitor(studio, studio.viewer)


def _asked(one: Described) -> tuple[str, str, str | None]:
    """Read the curl example: method, address below the API, body."""
    words = shlex.split(one.examples[0].text.replace("\\\n", " "))
    assert words[0] == "curl"
    method = words[words.index("-X") + 1] if "-X" in words else "GET"
    address = next(word for word in words if word.startswith(URL)).removeprefix(URL + API)
    assert "Authorization: Bearer $CATALOG_TOKEN" in words
    return method, address, words[words.index("-d") + 1] if "-d" in words else None


@each
def test_an_example_for_curl_is_a_request_that_the_operation_takes(one: Described) -> None:
    method, address, body = _asked(one)

    operation = BY_NAME[one.name]
    pattern = re.sub(r"{path}", ".+", re.sub(r"{(?!path})\w+}", "[^/]+", operation.path))
    assert method == operation.method
    assert re.fullmatch(pattern, urlsplit(address).path)
    operation.query.model_validate(
        {name: _value(text) for name, text in parse_qsl(urlsplit(address).query)}, strict=False
    )
    if operation.body is not None:
        operation.body.model_validate_json(body or "{}")
    else:
        assert body is None


def _value(text: str) -> Any:  # noqa: ANN401 — a parameter as it is read
    return (text,) if text == "prop" else text


@each
def test_an_example_for_the_command_line_is_a_command_with_all_that_it_needs(one: Described) -> None:
    words = shlex.split(one.examples[1].text)
    assert words[:3] == ["catalog", "--url", URL]

    command: click.Command = program
    rest = words[3:]
    while isinstance(command, click.Group):
        found = command.get_command(click.Context(command), rest[0])
        assert found is not None, rest
        command, rest = found, rest[1:]

    command.make_context("catalog", rest).close()


@each
def test_an_example_for_python_calls_a_method_as_it_is_called(one: Described) -> None:
    tree = ast.parse(one.examples[2].text)
    call = tree.body[-1].value  # type: ignore[attr-defined]  # an expression
    arguments = [ast.literal_eval(given) for given in call.args]
    named = {given.arg: ast.literal_eval(given.value) for given in call.keywords}

    with Client(URL, "TOKEN") as client:
        method: Any = client
        for name in ast.unparse(call.func).split(".")[1:]:
            method = getattr(method, name)

        bound = inspect.signature(method).bind(*arguments, **named)

    assert [*bound.args, *bound.kwargs.values()] == [*arguments, *named.values()]


@pytest.fixture
def shelf(studio: Studio) -> Person:
    """An administrator of a studio that has what the examples speak of."""
    admin = studio.admin
    studio.person("mira")
    admin.post("/shows", {"code": "ORION", "name": "Orion Rising"})
    admin.post("/groups", {"code": "crew", "members": ["mira"]})
    admin.post(
        "/roots",
        {"name": "library", "templates": [{"platform": "linux", "site": "main", "path": "/mnt/library"}]},
    )
    admin.post("/fields", {"name": "vendor", "type": "exact"})
    studio.artist.publishes("prp_lamp")
    studio.artist.publishes("prp_crate", {"crate.usda": b"#usda 1.0\n"})
    studio.artist.publishes("prp_crate", {"crate.usda": b"#usda 1.0\n# better\n"})
    return admin


def test_every_reading_example_answers_in_a_small_catalog(shelf: Person) -> None:
    statuses = {one.name: shelf.get(_asked(one)[1]).status for one in READS}

    assert len(statuses) > 20
    assert {name: status for name, status in statuses.items() if status not in (200, 302)} == {"versions.uploads": 409}


@pytest.mark.parametrize(
    "name, status",
    [
        ("assets.change", 200),
        ("relations.add", 201),
        ("notes.write", 201),
        ("issues.report", 201),
        ("resolutions.create", 200),
        ("shows.change", 200),
        ("roots.change", 200),
        ("users.change", 200),
        ("groups.change", 200),
        ("tokens.issue", 201),
        ("versions.deprecate", 200),
        ("versions.withdraw", 200),
        ("assets.retire", 200),
    ],
)
def test_an_example_that_writes_does_what_it_says(shelf: Person, name: str, status: int) -> None:
    one = next(one for one in MANUAL.operations if one.name == name)
    method, address, body = _asked(one)

    said = shelf.call(method, address, json.loads(body or "{}"))

    assert said.status == status


def test_every_operation_stands_on_the_page_of_its_noun(viewer: Visitor) -> None:
    pages = {noun: viewer.opens(f"/docs/api/{noun}") for noun in MANUAL.nouns}

    lacking = [one.name for one in MANUAL.operations if f'id="{one.name}"' not in pages[one.noun].html]

    assert {page.status for page in pages.values()} == {200}
    assert lacking == []


def test_an_operation_says_what_it_takes_who_may_and_how_it_can_end(viewer: Visitor) -> None:
    page = viewer.opens("/docs/api/assets")

    assert "what people call it, in any script" in page.text
    assert "Needs the ability register; these roles have it: artist, supervisor, pipeline, admin." in page.text
    assert "It clashes with what is already there" in page.text
    assert "one of digital_double, creature, crowd" in page.text


def test_what_an_operation_takes_is_shown_down_to_the_fields_of_what_it_holds(viewer: Visitor) -> None:
    page = viewer.opens("/docs/api/versions")

    assert "files[].sha256 required string digest of its bytes: 64 hexadecimal digits in lower case" in page.text
    assert "its path under the root; <code>path</code> by default" in page.html


def test_a_list_is_shown_as_the_call_that_answers_it(viewer: Visitor) -> None:
    link = next(
        link
        for link in viewer.opens("/assets?q=lamp&kind=prop&-tag=metal").links
        if link.startswith("/docs/api/search")
    )

    page = viewer.opens(link)

    assert link.endswith("#search.assets")
    assert "/api/v1/search?q=lamp&amp;kind=prop&amp;tag=-metal" in page.html


def test_the_history_of_an_asset_is_shown_as_a_call(studio: Studio, viewer: Visitor) -> None:
    studio.artist.publishes("prp_lamp")
    link = next(link for link in viewer.opens("/assets/prp_lamp/history").links if link.startswith("/docs/"))

    assert "http://studio.test/api/v1/assets/prp_lamp/history" in viewer.opens(link).html


def test_the_docs_are_searched(viewer: Visitor) -> None:
    found = viewer.opens("/docs?q=bulk+REGISTRATION")

    assert "/docs/guides/import" in " ".join(found.links)
    assert viewer.opens("/docs?q=where-used").text.count("assets.where-used") == 1
    assert "0 places speak of it" in viewer.opens("/docs?q=xyzzy").text


@pytest.mark.parametrize("path", ["/docs", "/docs/api", "/docs/cli", "/docs/python"])
def test_the_ways_in_are_there(viewer: Visitor, path: str) -> None:
    page = viewer.opens(path)

    assert page.status == 200
    assert "Version 0." in page.text or "Version 1." in page.text


@pytest.mark.parametrize("name", guides())
def test_a_guide_is_a_page_whose_links_lead_somewhere(viewer: Visitor, name: str) -> None:
    page = viewer.opens(f"/docs/guides/{name}")

    ours = {link for link in page.links if link.startswith("/docs/guides/")}
    assert page.status == 200
    assert "style=" not in page.html.partition('<article class="written">')[2]
    assert {link for link in ours if viewer.opens(link.partition("#")[0]).status != 200} == set()
    assert [link for link in page.links if link.partition("#")[0].endswith(".md") and "://" not in link] == []


@pytest.mark.parametrize("path", ["/docs/api/nothing", "/docs/guides/nothing"])
def test_what_is_not_there_is_refused(viewer: Visitor, path: str) -> None:
    assert viewer.opens(path).status == 404


def test_lists_lead_to_the_call_that_answers_the_same(studio: Studio) -> None:
    studio.artist.publishes("prp_crate")
    shelf = studio.artist.post("/collections", {"title": "Market"}).id
    studio.artist.post(f"/collections/{shelf}/items", {"assets": ["prp_crate"]})
    studio.artist.post(
        "/assets/prp_crate/versions/1/issues",
        {"text": "warped", "severity": "minor", "assignee": studio.pipeline.login},
    )
    studio.pipeline.post("/edits", {"assets": ["prp_crate"], "add_tags": ["wood"]})
    studio.artist.registers("prp_box")
    studio.artist.drafts("prp_box", {"a.txt": b"a"})
    studio.artist.uploads("prp_box", 1, {"a.txt": b"a"})
    studio.artist.post("/assets/prp_box/versions/1/publication", {"review": True})
    studio.settles()
    artist, pipeline = visitor(studio, studio.artist), visitor(studio, studio.pipeline)

    lists = {
        "/collections": artist.opens("/collections"),
        f"/collections/{shelf}/items": artist.opens(f"/collections/{shelf}"),
        "/issues?asset=prp_crate&state=open": artist.opens("/assets/prp_crate/issues"),
        "/issues?mine=true&state=open": pipeline.opens("/me/issues"),
        "/edits": pipeline.opens("/edits"),
        "/reviews": pipeline.opens("/reviews"),
    }

    for address, page in lists.items():
        (link,) = [one for one in page.links if one.startswith("/docs/api/") and "operation=" in one]
        told = artist.opens(link.partition("#")[0]).text
        assert f"{URL}{API}{address}" in told, link
