"""Relations: what an asset contains and what it was made from, without a cycle, and where it is used."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.studio import Person, Said, Studio


@pytest.fixture
def artist(studio: Studio) -> Person:
    """An artist with a room, a lamp and a bulb."""
    for code in ("env_room", "prp_lamp", "prp_bulb"):
        studio.artist.registers(code)
    return studio.artist


def _relates(person: Person, source: str, target: str, kind: str = "contains", **fields: object) -> Said:
    return person.post(f"/assets/{source}/relations", {"kind": kind, "target": target, **fields})


def test_a_relation_is_seen_from_both_ends(studio: Studio, artist: Person) -> None:
    related = _relates(artist, "env_room", "prp_lamp", count=3)

    seen = {code: studio.viewer.get(f"/assets/{code}/relations").items for code in ("env_room", "prp_lamp")}
    assert related.status == 201
    assert related.json == {
        "id": related.id,
        "kind": "contains",
        "source": "env_room",
        "target": "prp_lamp",
        "version": None,
        "count": 3,
    }
    assert seen == {"env_room": [related.json], "prp_lamp": [related.json]}


def test_a_relation_may_name_a_version_that_there_is(artist: Person) -> None:
    artist.publishes("prp_lamp")

    related = _relates(artist, "env_room", "prp_lamp@1", kind="derivation")
    missing = _relates(artist, "env_room", "prp_lamp@2", kind="derivation")

    assert (related.version, missing.status, missing.code) == (1, 404, "unknown-version")


@pytest.mark.parametrize("kind", ["contains", "revision", "variant", "derivation", "representation", "alternative"])
def test_there_are_six_kinds(artist: Person, kind: str) -> None:
    assert _relates(artist, "env_room", "prp_lamp", kind=kind).kind == kind


def test_relating_twice_is_relating_once(studio: Studio, artist: Person) -> None:
    first = _relates(artist, "env_room", "prp_lamp")

    again = _relates(artist, "ENV_ROOM", "catalog://assets/prp_lamp")

    assert again.id == first.id
    assert len(studio.entries("asset.related/1")) == 1


def test_a_cycle_is_refused_with_its_path(artist: Person) -> None:
    _relates(artist, "env_room", "prp_lamp")
    _relates(artist, "prp_lamp", "prp_bulb", kind="derivation")

    refused = _relates(artist, "prp_bulb", "env_room")

    assert (refused.status, refused.code) == (409, "cycle")
    assert refused.message == (
        "this would close a cycle: prp_bulb > env_room > prp_lamp > prp_bulb; an asset cannot be part of itself"
    )
    assert _relates(artist, "prp_lamp", "prp_lamp").message == (
        "this would close a cycle: prp_lamp > prp_lamp; an asset cannot be part of itself"
    )


def test_of_two_relations_that_close_a_cycle_only_together_one_is_refused(studio: Studio, artist: Person) -> None:
    pairs = [("env_room", "prp_lamp"), ("prp_lamp", "env_room")]
    people = [artist, studio.pipeline]
    _ = studio.pipeline.get("/me")

    with ThreadPoolExecutor(2) as threads:
        said = list(threads.map(lambda n: _relates(people[n], *pairs[n]).status, range(2)))

    assert sorted(said) == [201, 409]


def test_where_an_asset_is_used_is_told_to_any_depth_nearest_first(studio: Studio, artist: Person) -> None:
    _relates(artist, "env_room", "prp_lamp")
    _relates(artist, "prp_lamp", "prp_bulb", kind="derivation")
    artist.registers("env_house")
    _relates(artist, "env_house", "env_room")

    used = studio.viewer.get("/assets/prp_bulb/where-used")
    near = studio.viewer.get("/assets/prp_bulb/where-used?depth=1")

    assert [(one["code"], one["relation"], one["depth"]) for one in used.items] == [
        ("prp_lamp", "derivation", 1),
        ("env_room", "contains", 2),
        ("env_house", "contains", 3),
    ]
    assert (used.total, near.total) == (3, 1)


def test_an_asset_used_in_many_ways_is_told_once_at_its_nearest(studio: Studio, artist: Person) -> None:
    _relates(artist, "env_room", "prp_lamp")
    _relates(artist, "prp_lamp", "prp_bulb")
    _relates(artist, "env_room", "prp_bulb", kind="variant")

    used = studio.viewer.get("/assets/prp_bulb/where-used").items

    assert sorted((one["code"], one["depth"]) for one in used) == [("env_room", 1), ("prp_lamp", 1)]


def test_a_relation_is_taken_back_and_may_then_stand_the_other_way_round(studio: Studio, artist: Person) -> None:
    related = _relates(artist, "env_room", "prp_lamp")

    removed = artist.delete(f"/assets/env_room/relations/{related.id}")

    assert (removed.status, removed.response.data) == (204, b"")
    assert studio.viewer.get("/assets/prp_lamp/relations").items == []
    assert _relates(artist, "prp_lamp", "env_room").status == 201
    assert [one["type"] for one in studio.entries() if "related" in one["type"]] == [
        "asset.related/1",
        "asset.unrelated/1",
        "asset.related/1",
    ]


def test_a_relation_is_taken_back_at_its_source_alone(artist: Person) -> None:
    related = _relates(artist, "env_room", "prp_lamp")

    refused = artist.delete(f"/assets/prp_lamp/relations/{related.id}")
    unknown = artist.delete("/assets/env_room/relations/not-an-id")

    assert (refused.status, refused.code) == (404, "unknown-relation")
    assert (unknown.status, unknown.code) == (404, "unknown-relation")


@pytest.mark.parametrize(
    "target, fields, status, code",
    [
        ("prp_none", {}, 404, "unknown-asset"),
        ("prp_lamp", {"count": 0}, 422, "invalid-request"),
        ("prp_lamp", {"count": 2, "kind": "variant"}, 422, "bad-count"),
        ("prp_lamp", {"kind": "friend"}, 422, "invalid-request"),
        ("catalog://assets/", {}, 422, "bad-reference"),
        ("catalog://assets/prp_lamp/vx", {}, 422, "bad-reference"),
        ("", {}, 422, "invalid-input"),
    ],
)
def test_a_relation_that_cannot_be_is_refused(
    artist: Person, target: str, fields: dict[str, object], status: int, code: str
) -> None:
    refused = artist.post("/assets/env_room/relations", {"kind": "contains", "target": target, **fields})

    assert (refused.status, refused.code) == (status, code)


def test_an_act_on_both_is_in_the_history_of_both(studio: Studio, artist: Person) -> None:
    _relates(artist, "env_room", "prp_lamp")

    told = [studio.viewer.get(f"/assets/{code}/history").items[0]["type"] for code in ("env_room", "prp_lamp")]

    assert told == ["asset.related/1", "asset.related/1"]
