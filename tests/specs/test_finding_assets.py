"""Finding: hits, totals and facet counts that agree, for whatever somebody types."""

from __future__ import annotations

import json
from urllib.parse import quote

import pytest

from tests.studio import Person, Said, Studio


@pytest.fixture
def viewer(studio: Studio) -> Person:
    """Somebody who looks, in a studio with a few assets."""
    studio.pipeline.post("/shows", {"code": "orion", "name": "Orion"})
    artist = studio.artist
    artist.registers("chr_ann", name="Ann", kind="digital_double", tags=["hero", "Human"], show="orion")
    artist.registers("chr_ben", name="Ben", kind="digital_double", tags=["human"])
    artist.registers("prp_lamp", name="Brass lamp", description="Ann's desk lamp.", tags=["brass"], show="orion")
    artist.registers("prp_bulb", name="Bulb", tags=["glass"], aliases=[{"text": "Glühbirne", "language": "de"}])
    artist.registers("env_room", name="房间", kind="environment", external_ids=[{"system": "ayon", "value": "R-17"}])
    studio.follows()
    return studio.viewer


def _search(person: Person, query: str) -> Said:
    return person.get(f"/search?{query}")


def _codes(said: Said) -> list[str]:
    return [card["code"] for card in said.items]


FOUND = {
    "ann": ["chr_ann", "prp_lamp"],
    "ANN": ["chr_ann", "prp_lamp"],
    "lam": ["prp_lamp"],
    "brass lamp": ["prp_lamp"],
    "chr_ben": ["chr_ben"],
    "glühbirne": ["prp_bulb"],
    "gluhbirne": ["prp_bulb"],
    "房间": ["env_room"],
    "R-17": ["env_room"],
    "human -hero": ["chr_ben"],
    '"desk lamp"': ["prp_lamp"],
    "lamp OR bulb": ["prp_bulb", "prp_lamp"],
    "nothing like it": [],
}


def test_what_somebody_types_finds_what_they_mean(viewer: Person) -> None:
    said = {text: _search(viewer, f"q={quote(text)}") for text in FOUND}

    assert {text: sorted(_codes(found)) for text, found in said.items()} == FOUND
    assert {text: found.total for text, found in said.items()} == {text: len(codes) for text, codes in FOUND.items()}


def test_a_name_weighs_more_than_a_description(viewer: Person) -> None:
    assert _codes(_search(viewer, "q=ann")) == ["chr_ann", "prp_lamp"]


def test_without_a_text_the_newest_come_first(viewer: Person) -> None:
    found = _search(viewer, "")

    assert (_codes(found), found.total) == (["env_room", "prp_bulb", "prp_lamp", "chr_ben", "chr_ann"], 5)


def test_a_card_holds_what_a_listing_needs(viewer: Person) -> None:
    (card,) = _search(viewer, "q=chr_ann").items

    assert {key: card[key] for key in ("code", "name", "kind", "status", "latest_version", "thumbnail_url")} == {
        "code": "chr_ann",
        "name": "Ann",
        "kind": "digital_double",
        "status": "active",
        "latest_version": None,
        "thumbnail_url": None,
    }
    assert (card["grade"], card["score"], card["tags"], card["shows"]) == (None, None, ["hero", "Human"], ["orion"])
    assert card["clearance"] == {"verdict": None, "until": None, "as_of": None}


def test_values_of_one_facet_are_or_and_facets_are_and(viewer: Person) -> None:
    either = _search(viewer, "kind=prop&kind=environment")
    both = _search(viewer, "kind=prop&kind=environment&show=ORION")
    without = _search(viewer, "kind=-prop&kind=-environment")
    tagged = _search(viewer, "tag=HUMAN&tag=brass")

    assert [said.total for said in (either, both, without, tagged)] == [3, 1, 2, 3]


def test_a_facet_is_counted_without_its_own_selection(viewer: Person) -> None:
    found = _search(viewer, "kind=prop&show=orion&facets=kind,show,tag,status")

    assert found.total == 1
    assert {one["value"]: (one["count"], one["selected"]) for one in found.facets["kind"]} == {
        "digital_double": (1, False),
        "environment": (0, False),
        "prop": (1, True),
    }
    assert [(one["value"], one["label"], one["count"]) for one in found.facets["show"]] == [("orion", "Orion", 1)]
    assert [(one["value"], one["count"]) for one in found.facets["tag"] if one["count"]] == [("brass", 1)]
    assert [(one["value"], one["label"]) for one in found.facets["status"]] == [("active", "Active")]


def test_all_pages_together_are_all_hits_each_once(viewer: Person) -> None:
    for sort in ("newest", "name", "relevance"):
        codes: list[str] = []
        page = _search(viewer, f"limit=2&sort={sort}")
        codes += _codes(page)
        while page.next_cursor:
            page = _search(viewer, f"limit=2&sort={sort}&cursor={page.next_cursor}")
            codes += _codes(page)

        assert sorted(codes) == ["chr_ann", "chr_ben", "env_room", "prp_bulb", "prp_lamp"]


def test_a_cursor_of_another_search_is_refused(viewer: Person) -> None:
    cursor = _search(viewer, "limit=2&sort=name").next_cursor

    refused = _search(viewer, f"limit=2&sort=name&q=ann&cursor={cursor}")

    assert (refused.status, refused.code) == (422, "bad-cursor")


NONSENSE = {
    "facets=color": "unknown-facet",
    "kind=spaceship": "unknown-kind",
    "status=lost": "unknown-status",
    "cursor=x": "bad-cursor",
    "limit=0": "invalid-request",
    "color=red": "invalid-request",
}


def test_a_question_that_makes_no_sense_is_refused(viewer: Person) -> None:
    refused = {query: _search(viewer, query) for query in NONSENSE}

    assert {query: one.code for query, one in refused.items()} == NONSENSE
    assert {one.status for one in refused.values()} == {422}


def test_a_change_is_found_once_the_index_follows(studio: Studio, viewer: Person) -> None:
    studio.artist.patch("/assets/chr_ann", {"name": "Zoe"})
    studio.pipeline.post("/assets/chr_ben/retirement", {"reason": "Gone."})
    studio.follows()

    assert _codes(_search(viewer, "q=zoe")) == ["chr_ann"]
    assert _codes(_search(viewer, "status=retired")) == ["chr_ben"]


def test_suggestions_complete_names_codes_and_tags(viewer: Person) -> None:
    def suggested(text: str) -> list[tuple[str, str, str | None]]:
        found = viewer.get(f"/search/suggestions?q={quote(text)}").items
        return [(one["kind"], one["text"], one["code"]) for one in found]

    assert ("asset", "Brass lamp", "prp_lamp") in suggested("bra")
    assert ("tag", "brass", None) in suggested("bra")
    assert suggested("xyz") == []
    assert viewer.get("/search/suggestions?q=b&limit=1").items != []
    assert viewer.get("/search/suggestions?q=b&limit=21").status == 422


def test_what_is_like_an_asset_shares_its_tags(viewer: Person) -> None:
    alike = viewer.get("/search/similar?asset=chr_ann")

    assert [card["code"] for card in alike.items] == ["chr_ben"]
    assert viewer.get("/search/similar?asset=chr_none").code == "unknown-asset"


def test_a_listing_pages_through_everything_newest_first(viewer: Person) -> None:
    first = viewer.get("/assets?limit=2")
    second = viewer.get(f"/assets?limit=2&cursor={first.next_cursor}")
    third = viewer.get(f"/assets?limit=2&cursor={second.next_cursor}")

    assert [_codes(page) for page in (first, second, third)] == [
        ["env_room", "prp_bulb"],
        ["prp_lamp", "chr_ben"],
        ["chr_ann"],
    ]
    assert third.next_cursor is None
    assert _codes(viewer.get("/assets?kind=prop&show=ORION")) == ["prp_lamp"]
    assert _codes(viewer.get("/assets?show=none")) == []


def test_a_mistake_in_a_text_is_told_with_its_place_and_what_would_be_right(viewer: Person) -> None:
    found = _search(viewer, f"q={quote('lamp knid:prop')}")

    assert found.status == 200
    assert found.json["notices"] == [
        {
            "code": "unknown-field",
            "message": "There is no field “knid”; it was searched for as words.",
            "start": 5,
            "end": 9,
            "instead": "kind",
            "q": "lamp kind:prop",
        }
    ]
    assert _codes(_search(viewer, f"q={quote('lamp kind:prop')}")) == ["prp_lamp"]


def test_no_text_is_refused(viewer: Person) -> None:
    texts = [
        "a" * 10_240,
        " OR ".join(f"w{number}" for number in range(1_000)),
        "*",
        "\x01\x1b",
        "((((",
        "lamp polys:<50k captured:2020",
    ]

    assert {_search(viewer, f"q={quote(text)}").status for text in texts} == {200}


def test_a_misspelt_text_is_answered_as_what_was_probably_meant(viewer: Person) -> None:
    found = _search(viewer, "q=brass+lmap")

    assert (_codes(found), found.total, found.json["did_you_mean"]) == (["prp_lamp"], 1, "brass lamp")
    assert [(one["code"], one["q"]) for one in found.json["notices"]] == [("near-miss", "brass lamp")]


def test_what_is_found_is_exported_whole_and_in_order(viewer: Person) -> None:
    as_csv = viewer.get("/search/export?q=ann").response
    as_json = viewer.get("/search/export?kind=digital_double&sort=name&form=json").response

    assert [line.partition(",")[0] for line in as_csv.get_data(as_text=True).splitlines()] == [
        "code",
        "chr_ann",
        "prp_lamp",
    ]
    assert (as_csv.headers["X-Row-Count"], as_csv.headers["Content-Type"]) == ("2", "text/csv; charset=utf-8")
    assert [one["code"] for one in json.loads(as_json.get_data())["items"]] == ["chr_ann", "chr_ben"]
    assert viewer.get("/search/export?form=xlsx").status == 422
