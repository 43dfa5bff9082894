"""Collections for others and elsewhere, over HTTP: links, exports, and paths that pass the gate."""

from __future__ import annotations

import json

import pytest

from catalog.accounts.vocabulary import Role
from tests.studio import Studio


@pytest.fixture
def market(studio: Studio) -> str:
    """A private collection of the artist's with two published assets and one without a version; its id."""
    for code in ("prp_lamp", "prp_crate"):
        studio.artist.publishes(code, {f"{code}.txt": code.encode()})
    studio.artist.registers("prp_cart")
    begun = studio.artist.post("/collections", {"title": "Night market"})
    studio.artist.post(f"/collections/{begun.id}/items", {"assets": ["prp_lamp", "prp_crate@1", "prp_cart"]})
    return str(begun.id)


def test_a_link_is_shown_once_and_opens_the_collection_to_look_at(studio: Studio, market: str) -> None:
    made = studio.artist.post(f"/collections/{market}/links", {"name": "review", "days": 3})

    assert made.status == 201
    assert made.url == f"http://studio.test/collections/{market}?link={made.secret}"
    opened = studio.viewer.get(f"/collections/{market}?link={made.secret}")
    assert (opened.status, opened.title, opened.access, opened.shares) == (200, "Night market", "view", None)
    assert studio.viewer.get(f"/collections/{market}/items?link={made.secret}").total == 3
    assert studio.viewer.get(f"/collections/{market}").status == 404
    listed = studio.artist.get(f"/collections/{market}/links")
    assert [one["name"] for one in listed.items] == ["review"]
    assert made.secret not in listed.response.get_data(as_text=True)
    assert made.secret not in str(studio.entries())


def test_a_link_allows_no_change(studio: Studio, market: str) -> None:
    ann = studio.person("ann", Role.ARTIST)
    secret = studio.artist.post(f"/collections/{market}/links", {"name": "review"}).secret

    refused = ann.post(f"/collections/{market}/items?link={secret}", {"assets": ["prp_cart"]})

    assert refused.status in {404, 422}


def test_a_revoked_link_says_that_it_was(studio: Studio, market: str) -> None:
    made = studio.artist.post(f"/collections/{market}/links", {"name": "review"})

    revoked = studio.artist.delete(f"/collections/{market}/links/{made.id}")

    refused = studio.viewer.get(f"/collections/{market}?link={made.secret}")
    assert revoked.status == 204
    assert (refused.status, refused.code, refused.message) == (
        404,
        "link-ended",
        "this link was revoked; ask whoever gave it to you for another",
    )


def test_an_export_is_a_file_that_states_its_rows(studio: Studio, market: str) -> None:
    as_csv = studio.artist.get(f"/collections/{market}/export").response
    as_json = studio.artist.get(f"/collections/{market}/export?form=json").response

    assert (as_csv.headers["Content-Type"], as_csv.headers["X-Row-Count"]) == ("text/csv; charset=utf-8", "3")
    assert as_csv.headers["Content-Disposition"] == "attachment; filename*=UTF-8''Night%20market.csv"
    assert as_csv.get_data(as_text=True).splitlines()[1].startswith("1,prp_lamp,,")
    assert json.loads(as_json.get_data())["total"] == 3
    assert studio.entries("files.released/1") == []


def test_an_export_opened_by_a_link(studio: Studio, market: str) -> None:
    secret = studio.artist.post(f"/collections/{market}/links", {"name": "review"}).secret

    exported = studio.viewer.get(f"/collections/{market}/export?link={secret}&bom=true").response

    assert exported.status_code == 200
    assert exported.get_data()[:3] == b"\xef\xbb\xbf"


def test_the_paths_of_all_files_are_one_entry_at_the_gate(studio: Studio, market: str) -> None:
    told = studio.artist.post(f"/collections/{market}/paths", {"purpose": "previs"})

    assert told.status == 200
    assert [(one["reference"], one["code"], len(one["files"])) for one in told.items] == [
        ("prp_lamp", None, 1),
        ("prp_crate@1", None, 1),
        ("prp_cart", "unknown-version", 0),
    ]
    (entry,) = studio.entries("files.released/1")
    assert (entry["values"]["how"], entry["values"]["use"]) == ("export", {"purpose": "previs"})
    assert [one["asset"] for one in entry["values"]["files"]] == ["prp_lamp", "prp_crate"]


def test_paths_are_for_those_who_may_take_originals_out(studio: Studio, market: str) -> None:
    studio.artist.patch(f"/collections/{market}", {"studio": "view"})

    refused = studio.viewer.post(f"/collections/{market}/paths", {})

    assert (refused.status, refused.code) == (403, "not-permitted")
    assert studio.entries("files.released/1") == []


def test_a_collection_without_anything_to_take_leaves_no_entry(studio: Studio) -> None:
    empty = studio.artist.post("/collections", {"title": "Empty"}).id

    told = studio.artist.post(f"/collections/{empty}/paths", {})

    assert (told.items, told.admission) == ([], None)
    assert studio.entries("files.released/1") == []
