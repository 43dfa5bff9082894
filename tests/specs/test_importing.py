"""Importing: rows by the hundred, each answered for itself, safe to send again."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.studio import Person, Said, Studio, digest, ndjson


def _row(number: int, **fields: Any) -> dict[str, Any]:  # noqa: ANN401 — fields of a row
    return {"row": number, "code": f"prp_n{number}", "name": f"Number {number}", "kind": "prop", **fields}


def _sends(person: Person, *rows: dict[str, Any] | bytes, key: str = "library-2024") -> Said:
    lines = [row if isinstance(row, bytes) else ndjson([row]).strip() for row in rows]
    return person.post(f"/imports?import={key}", b"\n".join(lines))


def _file(path: str, **fields: Any) -> dict[str, Any]:  # noqa: ANN401 — fields of a file
    return {"path": path, "sha256": digest(path.encode()), "size_bytes": 9, **fields}


@pytest.fixture
def pipeline(studio: Studio) -> Person:
    """Somebody who imports, with a root for referenced files."""
    studio.pipeline.post("/roots", {"name": "lib", "templates": [{"platform": "linux", "path": "/mnt/lib"}]})
    return studio.pipeline


def test_500_rows_are_registered_in_one_request(studio: Studio, pipeline: Person) -> None:
    sent = _sends(pipeline, *(_row(number) for number in range(500)))

    assert (sent.status, sent.registered, sent.unchanged, sent.refused) == (200, 500, 0, 0)
    assert sent.items[7] == {
        "row": 7,
        "outcome": "registered",
        "asset": "prp_n7",
        "version": None,
        "code": None,
        "message": None,
    }
    assert studio.viewer.get("/assets/prp_n499").name == "Number 499"
    assert len(studio.viewer.get("/events?after=0&limit=200").items) == 200


def test_more_rows_than_500_are_refused(pipeline: Person) -> None:
    refused = _sends(pipeline, *(_row(number) for number in range(501)))

    assert (refused.status, refused.code) == (422, "too-many-rows")
    assert refused.message == "501 lines; send 1 to 500 a request"


def test_rows_sent_again_are_unchanged_and_registered_once(studio: Studio, pipeline: Person) -> None:
    rows = [_row(1), _row(2)]
    _sends(pipeline, *rows)

    again = _sends(pipeline, *rows, _row(3))

    assert [item["outcome"] for item in again.items] == ["unchanged", "unchanged", "registered"]
    assert (again.items[0]["asset"], again.registered, again.unchanged) == ("prp_n1", 1, 2)
    assert len(studio.entries("asset.registered/1")) == 3


def test_a_row_that_became_another_is_refused(pipeline: Person) -> None:
    _sends(pipeline, _row(1))

    again = _sends(pipeline, _row(1, name="Another"))

    assert (again.items[0]["outcome"], again.items[0]["code"]) == ("refused", "row-changed")
    assert again.items[0]["message"] == (
        "row 1 was other in this import; change the asset itself, or use another import key"
    )


def test_an_import_key_is_its_sender_s_own(studio: Studio, pipeline: Person) -> None:
    _sends(pipeline, _row(1))

    sent = _sends(studio.admin, _row(1, code="prp_other"))

    assert [item["outcome"] for item in sent.items] == ["registered"]


def test_a_row_that_is_wrong_is_answered_and_leaves_the_others_alone(studio: Studio, pipeline: Person) -> None:
    studio.artist.registers("prp_taken", external_ids=[{"system": "ayon", "value": "A1"}])
    rows: list[dict[str, Any] | bytes] = [
        _row(1),
        _row(2, code="prp taken"),
        _row(3, code="PRP_TAKEN".lower().replace("prp", "prp")),
        _row(4, code="prp_n1"),
        _row(5, kind="spaceship"),
        _row(6, show="orion"),
        _row(7, owner="nobody"),
        _row(8, external_ids=[{"system": "AYON", "value": "a1"}]),
        _row(9, external_ids=[{"system": "ayon", "value": "A9"}]),
        _row(10, external_ids=[{"system": "ayon", "value": "a9"}]),
        _row(11, external_ids=[{"system": "ayon", "value": " "}]),
        _row(12, files=[_file("a.usd")]),
        _row(13, files=[_file("a.usd", custody="referenced", root="none")]),
        _row(14, files=[_file("a.usd", custody="referenced", root="lib", root_path="../../etc/passwd")]),
        _row(
            15,
            files=[_file("a.usd", custody="referenced", root="lib"), _file("A.USD", custody="referenced", root="lib")],
        ),
        _row(16, name="a\u0000b"),
        _row(17, color="red"),
        b"{not json",
        b'{"row": 19}',
        b"[]",
        b"\xff",
        _row(22),
    ]

    sent = _sends(pipeline, *rows)

    assert sent.status == 200
    assert [item["code"] for item in sent.items] == [
        None,
        "bad-code",
        "code-taken",
        "code-taken",
        "invalid-request",
        "unknown-show",
        "unknown-user",
        "external-id-taken",
        None,
        "external-id-taken",
        "bad-alias",
        "stored-file",
        "unknown-root",
        "bad-file",
        "same-path",
        "nul-character",
        "invalid-request",
        "invalid-request",
        "invalid-request",
        "invalid-request",
        "invalid-request",
        None,
    ]
    assert (sent.registered, sent.refused) == (3, 19)
    assert [item["row"] for item in sent.items][15:] == [16, 17, None, 19, None, None, 22]


def test_a_refused_row_may_be_mended_and_sent_again(pipeline: Person) -> None:
    _sends(pipeline, _row(1, kind="spaceship"))

    again = _sends(pipeline, _row(1))

    assert again.items[0]["outcome"] == "registered"


def test_a_row_number_counts_once_in_a_request(pipeline: Person) -> None:
    refused = _sends(pipeline, _row(1), _row(1, code="prp_other"))

    assert (refused.status, refused.code) == (422, "row-twice")


@pytest.mark.parametrize("body", [b"", b"\n \n"])
def test_an_import_without_a_row_is_refused(pipeline: Person, body: bytes) -> None:
    refused = pipeline.call("POST", "/imports?import=i1", body)

    assert (refused.status, refused.code) == (422, "no-rows")
    assert refused.message == "the body has no rows; send 1 to 500, each on a line"


def test_a_row_with_files_is_published_by_reference(studio: Studio, pipeline: Person) -> None:
    sent = _sends(
        pipeline,
        _row(1, note="From the library.", files=[_file("geo/n1.usd", custody="referenced", root="lib")]),
    )

    version = studio.viewer.get("/assets/prp_n1/versions/1")
    assert (sent.items[0]["version"], version.json["status"], version.note) == (1, "published", "From the library.")
    assert [(file["path"], file["custody"], file["checked_at"]) for file in version.files] == [
        ("geo/n1.usd", "referenced", None)
    ]
    assert studio.viewer.get("/assets/prp_n1").latest_version == 1
    (item,) = pipeline.post("/resolutions", {"references": ["prp_n1"]}).items
    assert item["files"][0]["location"] == "/mnt/lib/geo/n1.usd"


def test_the_jobs_of_an_import_wait_behind_those_of_people(studio: Studio, pipeline: Person) -> None:
    _sends(pipeline, _row(1, files=[_file("geo/n1.usd", custody="referenced", root="lib")]))

    assert {job["lane"] for job in studio.admin.get("/jobs").items} == {"bulk"}


def test_what_was_imported_is_found(studio: Studio, pipeline: Person) -> None:
    _sends(pipeline, *(_row(number, tags=["library"]) for number in range(30)))
    studio.follows()

    found = studio.viewer.get("/search?tag=library&limit=5&facets=tag")

    assert (found.total, len(found.items)) == (30, 5)


def test_an_artist_does_not_import(studio: Studio) -> None:
    refused = _sends(studio.artist, _row(1))

    assert (refused.status, refused.code) == (403, "not-permitted")


def test_an_import_names_its_key(pipeline: Person) -> None:
    without = pipeline.post("/imports", ndjson([_row(1)]))
    bad = pipeline.post("/imports?import=a%20b", ndjson([_row(1)]))

    assert [(one.status, one.errors[0]["field"]) for one in (without, bad)] == [(422, "import"), (422, "import")]


def test_texts_of_any_script_are_imported_as_they_are(studio: Studio, pipeline: Person) -> None:
    line = json.dumps(_row(1, name="邓丽君 🎭", aliases=[{"text": "Δ", "language": "el"}]), ensure_ascii=True).encode()

    _sends(pipeline, line)

    assert studio.viewer.get("/assets/prp_n1").name == "邓丽君 🎭"
