"""Tags that mean the same are merged, and the old word goes on being understood."""

from __future__ import annotations

import pytest

from catalog.accounts.vocabulary import Role
from tests.studio import Person, Said, Studio


@pytest.fixture
def curator(studio: Studio) -> Person:
    """A supervisor, and assets with tags that differ by little."""
    artist = studio.artist
    artist.registers("prp_one", tags=["Heroes", "brass"])
    artist.registers("prp_two", tags=["hero", "heroes", "Wood"])
    artist.registers("prp_three", tags=["wood"])
    return studio.person("sue", Role.SUPERVISOR)


def _merges(person: Person, *tags: str, into: str) -> Said:
    """Preview a merge and let it run; return the edit."""
    edit = person.post("/tags/merges", {"tags": list(tags), "into": into})
    assert edit.status == 201
    person.post(f"/edits/{edit.id}/start")
    person.studio.settles()
    return person.get(f"/edits/{edit.id}")


def _tags(person: Person, code: str) -> list[str]:
    tags: list[str] = person.get(f"/assets/{code}").json["tags"]
    return tags


def test_tags_are_listed_as_they_are_written_with_how_many_have_them(studio: Studio, curator: Person) -> None:
    listed = studio.viewer.get("/tags")

    assert [(one["tag"], one["assets"]) for one in listed.items] == [
        ("brass", 1),
        ("hero", 1),
        ("Heroes", 1),
        ("heroes", 1),
        ("Wood", 1),
        ("wood", 1),
    ]
    assert listed.total == 6


def test_tags_are_found_whatever_their_case_width_and_accents(studio: Studio, curator: Person) -> None:
    studio.artist.registers("prp_four", tags=["Héro-ïne", "ｈｅｒｏｅｓ"])

    found = [one["tag"] for one in studio.viewer.get("/tags?q=HERO").items]

    assert found == ["hero", "Heroes", "heroes", "Héro-ïne", "ｈｅｒｏｅｓ"]


def test_listings_of_tags_go_on_with_their_cursor(studio: Studio, curator: Person) -> None:
    page = studio.viewer.get("/tags?limit=3")
    rest = studio.viewer.get(f"/tags?limit=3&cursor={page.next_cursor}")

    assert [one["tag"] for one in (*page.items, *rest.items)] == ["brass", "hero", "Heroes", "heroes", "Wood", "wood"]
    assert rest.next_cursor is None


def test_a_preview_changes_nothing_and_names_every_asset(studio: Studio, curator: Person) -> None:
    edit = curator.post("/tags/merges", {"tags": ["HEROES"], "into": "hero"})

    planned = curator.get(f"/edits/{edit.id}/assets").items
    assert (edit.planned, edit.json["change"]) == (2, {"merge_tags": ["HEROES"], "into": "hero"})
    assert [(one["asset"], one["changes"]["tags"]) for one in planned] == [
        ("prp_one", [["Heroes", "brass"], ["hero", "brass"]]),
        ("prp_two", [["hero", "heroes", "Wood"], ["hero", "Wood"]]),
    ]
    assert _tags(studio.viewer, "prp_one") == ["Heroes", "brass"]


def test_merged_tags_are_one_everywhere(studio: Studio, curator: Person) -> None:
    done = _merges(curator, "Heroes", into="hero")

    assert (done.json["state"], done.applied) == ("done", 2)
    assert [_tags(studio.viewer, code) for code in ("prp_one", "prp_two")] == [["hero", "brass"], ["hero", "Wood"]]
    (hero,) = curator.get("/tags?q=hero").items
    assert hero == {"tag": "hero", "assets": 2, "merged": ["Heroes"]}
    assert studio.viewer.get("/tags?q=hero").items == [{"tag": "hero", "assets": 2, "merged": []}]
    assert studio.entries("tags.merged/1")[0]["values"] == {"tags": ["Heroes"], "into": "hero"}


def test_whoever_writes_the_old_word_writes_the_new_one(studio: Studio, curator: Person) -> None:
    _merges(curator, "heroes", into="hero")

    studio.artist.registers("prp_new", tags=["HEROES", "x"])
    studio.artist.patch("/assets/prp_three", {"tags": ["wood", "Heroes", "Hero"]})
    edit = curator.post("/edits", {"assets": ["prp_three"], "add_tags": ["heroes"]})

    assert _tags(studio.viewer, "prp_new") == ["hero", "x"]
    assert _tags(studio.viewer, "prp_three") == ["wood", "hero"]
    assert edit.json["change"] == {"add_tags": ["hero"]}


def test_a_search_for_the_old_word_finds_the_new_one(studio: Studio, curator: Person) -> None:
    _merges(curator, "heroes", into="hero")

    assert sorted(studio.viewer.finds(tag="HEROES")) == ["prp_one", "prp_two"]


def test_a_tag_is_renamed_also_in_its_case_alone(studio: Studio, curator: Person) -> None:
    _merges(curator, "wood", into="Wood")
    _merges(curator, "brass", into="metal/brass")

    assert [_tags(studio.viewer, code)[-1] for code in ("prp_three", "prp_two")] == ["Wood", "Wood"]
    assert _tags(studio.viewer, "prp_one") == ["Heroes", "metal/brass"]
    assert studio.viewer.get("/tags?q=wood").items == [{"tag": "Wood", "assets": 2, "merged": []}]


def test_merges_follow_one_another(studio: Studio, curator: Person) -> None:
    _merges(curator, "heroes", into="hero")
    _merges(curator, "hero", into="lead")

    studio.artist.registers("prp_new", tags=["heroes"])

    assert _tags(studio.viewer, "prp_new") == ["lead"]


def test_a_merge_the_other_way_round_ends_the_first(studio: Studio, curator: Person) -> None:
    _merges(curator, "heroes", into="hero")
    _merges(curator, "hero", into="heroes")

    studio.artist.registers("prp_new", tags=["hero"])

    assert _tags(studio.viewer, "prp_new") == ["heroes"]
    assert _tags(studio.viewer, "prp_one") == ["heroes", "brass"]


def test_a_merge_undone_leaves_tags_as_they_were(studio: Studio, curator: Person) -> None:
    edit = _merges(curator, "heroes", into="hero")

    curator.post(f"/edits/{edit.id}/undo")
    studio.settles()
    studio.artist.registers("prp_new", tags=["Heroes"])

    assert [_tags(studio.viewer, code) for code in ("prp_one", "prp_two")] == [
        ["Heroes", "brass"],
        ["hero", "heroes", "Wood"],
    ]
    assert _tags(studio.viewer, "prp_new") == ["Heroes"]
    assert studio.entries("tags.unmerged/1")[0]["values"] == {"tags": ["hero", "heroes"]}


def test_two_merges_undone_one_after_the_other_leave_the_registry_as_it_was(studio: Studio, curator: Person) -> None:
    codes = ("prp_one", "prp_two", "prp_three")
    before = [_tags(studio.viewer, code) for code in codes]
    first, second = _merges(curator, "heroes", into="hero"), _merges(curator, "hero", "heroes", into="lead")

    curator.post(f"/edits/{second.id}/undo")
    studio.settles()
    studio.artist.registers("prp_between", tags=["heroes"])
    curator.post(f"/edits/{first.id}/undo")
    studio.settles()
    studio.artist.registers("prp_after", tags=["heroes"])

    assert _tags(studio.viewer, "prp_between") == ["hero"]
    assert _tags(studio.viewer, "prp_after") == ["heroes"]
    assert [_tags(studio.viewer, code) for code in codes] == before


def test_retired_assets_follow_too_for_words_are_the_studios(studio: Studio, curator: Person) -> None:
    curator.post("/assets/prp_one/retirement", {"reason": "Worn."})

    _merges(curator, "heroes", into="hero")

    assert _tags(studio.viewer, "prp_one") == ["hero", "brass"]


def test_what_a_curator_may_not_know_of_is_left_alone(studio: Studio, curator: Person) -> None:
    ivy = studio.person("ivy", Role.ARTIST, groups=["vip"])
    ivy.registers("prp_secret", tags=["heroes", "umbra"], audience=["vip"])

    unknown = curator.post("/tags/merges", {"tags": ["umbra"], "into": "hero"})
    _merges(curator, "heroes", into="hero")

    assert (unknown.status, unknown.code) == (422, "unknown-tag")
    assert _tags(ivy, "prp_secret") == ["heroes", "umbra"]


def test_merging_tags_is_for_curators(studio: Studio, curator: Person) -> None:
    refused = studio.artist.post("/tags/merges", {"tags": ["wood"], "into": "timber"})

    assert (refused.status, refused.code) == (403, "not-permitted")
