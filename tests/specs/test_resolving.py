"""Resolving: references of every kind become paths and addresses, for one use, through the gate, in one entry."""

from __future__ import annotations

import pytest

from tests.studio import Person, Studio, digest


@pytest.fixture
def artist(studio: Studio) -> Person:
    """An artist with a lamp of two versions, and a bulb whose file lies under a root."""
    templates = [
        {"platform": "linux", "path": "/mnt/lib"},
        {"platform": "windows", "path": "L:\\lib"},
        {"platform": "linux", "site": "london", "path": "/lon/lib"},
    ]
    studio.pipeline.post("/roots", {"name": "lib", "templates": templates})
    artist = studio.artist
    artist.registers("prp_lamp", external_ids=[{"system": "ayon", "value": "lamp-1"}])
    artist.publishes("prp_lamp", {"a.txt": b"one"})
    artist.publishes("prp_lamp", {"a.txt": b"two", "tex/b c.txt": b"b"})
    artist.registers("prp_bulb")
    file = {"path": "geo/bulb.usd", "sha256": digest(b"bulb"), "size_bytes": 4, "custody": "referenced", "root": "lib"}
    artist.post("/assets/prp_bulb/versions", {"files": [{**file, "root_path": "bulbs/b1/bulb.usd"}]})
    artist.submits("prp_bulb", 1)
    return artist


ENTITIES = {
    "prp_lamp": "catalog://assets/prp_lamp/v2",
    "PRP_LAMP": "catalog://assets/prp_lamp/v2",
    "prp_lamp@1": "catalog://assets/prp_lamp/v1",
    "prp_lamp@v1": "catalog://assets/prp_lamp/v1",
    "prp_lamp@latest": "catalog://assets/prp_lamp/v2",
    "catalog://assets/prp_lamp": "catalog://assets/prp_lamp/v2",
    "catalog://assets/prp_lamp/latest": "catalog://assets/prp_lamp/v2",
    "catalog://assets/prp_lamp/v1": "catalog://assets/prp_lamp/v1",
    "catalog://assets/prp_lamp/v2/files/tex/b%20c.txt": "catalog://assets/prp_lamp/v2/files/tex/b%20c.txt",
    "catalog://assets/prp_lamp/latest/files/a.txt": "catalog://assets/prp_lamp/v2/files/a.txt",
    "lamp-1": "catalog://assets/prp_lamp/v2",
    "ayon:lamp-1@1": "catalog://assets/prp_lamp/v1",
}


def test_a_reference_of_any_kind_is_resolved(artist: Person) -> None:
    items = artist.post("/resolutions", {"references": list(ENTITIES)}).items

    assert {item["reference"]: item["entity"] for item in items} == ENTITIES


def test_a_stored_file_has_an_address_and_a_referenced_one_a_path(artist: Person) -> None:
    lamp, bulb = artist.post("/resolutions", {"references": ["prp_lamp", "prp_bulb"]}).items

    assert [(file["path"], file["location"], file["url"]) for file in lamp["files"]] == [
        ("a.txt", None, "/api/v1/assets/prp_lamp/versions/2/files/a.txt"),
        ("tex/b c.txt", None, "/api/v1/assets/prp_lamp/versions/2/files/tex/b%20c.txt"),
    ]
    assert [(file["path"], file["location"], file["url"]) for file in bulb["files"]] == [
        ("geo/bulb.usd", "/mnt/lib/bulbs/b1/bulb.usd", None)
    ]


def test_a_path_is_spelled_for_the_platform_and_site_that_ask(artist: Person) -> None:
    def located(**asked: str) -> str:
        (item,) = artist.post("/resolutions", {"references": ["prp_bulb"], **asked}).items
        return str(item["files"][0]["location"])

    assert located(platform="windows") == "L:\\lib\\bulbs\\b1\\bulb.usd"
    assert located(site="london") == "/lon/lib/bulbs/b1/bulb.usd"


def test_a_platform_without_a_template_says_what_is_missing(artist: Person) -> None:
    (item,) = artist.post("/resolutions", {"references": ["prp_bulb"], "platform": "macos"}).items

    assert (item["code"], item["files"]) == ("no-template", [])
    assert item["message"] == "root 'lib' has no macos path at site 'main'; an administrator can add a template"


def test_what_cannot_be_resolved_says_why_and_leaves_the_others_alone(studio: Studio, artist: Person) -> None:
    studio.pipeline.post("/assets/prp_lamp/versions/1/withdrawal", {"reason": "Old."})
    references = ["prp_lamp", "prp_none", "prp_lamp@9", "prp_lamp@1", "catalog://assets/prp_lamp/v2/files/no", "", "@3"]

    items = artist.post("/resolutions", {"references": references}).items

    assert [item["reference"] for item in items] == references
    assert [item["code"] for item in items] == [
        None,
        "unknown-asset",
        "unknown-version",
        "not-offered",
        "unknown-file",
        "invalid-input",
        "invalid-input",
    ]


def test_500_references_for_one_use_leave_one_entry(studio: Studio, artist: Person) -> None:
    studio.pipeline.post("/shows", {"code": "orion", "name": "Orion"})
    references = [f"prp_lamp@{1 + number % 2}" for number in range(500)]

    resolved = artist.post("/resolutions", {"references": references, "show": "orion", "purpose": "lookdev_test"})

    (entry,) = studio.entries("files.released/1")
    assert (resolved.status, len(resolved.items)) == (200, 500)
    assert (entry["values"]["how"], entry["values"]["use"]) == (
        "resolve",
        {"show": "orion", "purpose": "lookdev_test"},
    )
    assert [(one["asset"], one["number"], one["paths"]) for one in entry["values"]["files"]] == [
        ("prp_lamp", 1, None),
        ("prp_lamp", 2, None),
    ]


def test_more_files_than_fit_into_an_answer_are_asked_for_in_smaller_pieces(studio: Studio, artist: Person) -> None:
    files = [
        {"path": f"{n}.txt", "sha256": digest(b"a"), "size_bytes": 1, "custody": "referenced", "root": "lib"}
        for n in range(2_100)
    ]
    artist.registers("env_forest")
    artist.post("/assets/env_forest/versions", {"files": files})
    artist.submits("env_forest", 1)

    refused = artist.post("/resolutions", {"references": ["env_forest"] * 50})

    assert (refused.status, refused.code) == (422, "too-many-files")
    assert refused.message == "these references name more than 100000 files; send fewer at once"
    assert studio.entries("files.released/1") == []


def test_one_reference_more_is_refused(artist: Person) -> None:
    refused = artist.post("/resolutions", {"references": ["prp_lamp"] * 501})

    assert (refused.status, refused.code) == (422, "invalid-request")


def test_each_time_that_originals_are_let_out_is_told(studio: Studio, artist: Person) -> None:
    for _ in range(2):
        artist.post("/resolutions", {"references": ["prp_lamp"]}, Idempotency_Key="k1")

    assert len(studio.entries("files.released/1")) == 2


def test_a_pull_is_told_from_a_look(studio: Studio, artist: Person) -> None:
    artist.post("/resolutions", {"references": ["prp_lamp"], "pull": True})

    assert [entry["values"]["how"] for entry in studio.entries("files.released/1")] == ["pull"]


def test_bytes_that_are_fetched_after_a_mere_look_are_told(studio: Studio, artist: Person) -> None:
    looked = artist.post("/resolutions", {"references": ["prp_lamp@2"]}).json["admission"]

    artist.get(f"/assets/prp_lamp/versions/2/files/a.txt?admission={looked}")
    pulled = artist.post("/resolutions", {"references": ["prp_lamp@2"], "direct": True, "admission": looked})
    artist.get(f"/assets/prp_lamp/versions/2/files/a.txt?admission={pulled.json['admission']}")

    told = [entry["values"]["how"] for entry in studio.entries("files.released/1")]
    assert told == ["resolve", "download", "pull"]


def test_what_was_not_let_out_leaves_no_entry(studio: Studio, artist: Person) -> None:
    artist.post("/resolutions", {"references": ["prp_none", "prp_lamp@9"]})

    assert studio.entries("files.released/1") == []


def test_the_entry_names_a_single_file_where_a_single_file_was_asked_for(studio: Studio, artist: Person) -> None:
    artist.post("/resolutions", {"references": ["catalog://assets/prp_lamp/v2/files/a.txt", "prp_bulb"]})

    (entry,) = studio.entries("files.released/1")
    assert [(one["asset"], one["number"], one["paths"]) for one in entry["values"]["files"]] == [
        ("prp_lamp", 2, ["a.txt"]),
        ("prp_bulb", 1, None),
    ]


def test_a_viewer_resolves_nothing(studio: Studio, artist: Person) -> None:
    assert studio.viewer.post("/resolutions", {"references": ["prp_lamp"]}).status == 403


def test_the_address_of_a_resolved_file_asks_for_the_token_again(studio: Studio, artist: Person) -> None:
    (item,) = artist.post("/resolutions", {"references": ["prp_lamp@1"]}).items

    url = item["files"][0]["url"]

    assert studio.app.test_client().get(url).status_code == 401
    assert artist.get(url.removeprefix("/api/v1")).response.data == b"one"
