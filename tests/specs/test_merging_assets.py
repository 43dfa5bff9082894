"""Two assets that are one: the old code goes on naming the same bytes, and its latest is that of the one that stays."""

from __future__ import annotations

from typing import Any

import pytest

from catalog.accounts.vocabulary import Role
from tests.studio import Person, Said, Studio


@pytest.fixture
def curator(studio: Studio) -> Person:
    """A supervisor; an artist has entered the same lamp twice, with two versions of the old one and one of the new."""
    artist = studio.artist
    artist.registers(
        "prp_old",
        name="Old lamp",
        tags=["brass", "Hero"],
        aliases=[{"text": "灯", "language": "zh"}],
        external_ids=[{"system": "shotgrid", "value": "4711"}],
    )
    for number in (1, 2):
        artist.publishes("prp_old", {"lamp.txt": f"old {number}".encode()})
    artist.publishes("prp_new", {"lamp.txt": b"new 1"}, name="Lamp", tags=["hero"])
    return studio.person("sue", Role.SUPERVISOR)


def _merges(person: Person, asset: str = "prp_old", into: str = "prp_new") -> Said:
    return person.post(f"/assets/{asset}/merge", {"into": into})


def _resolves(person: Person, *references: str) -> list[tuple[Any, ...]]:
    items = person.post("/resolutions", {"references": list(references)}).items
    return [(one["asset"], one["version"], one["code"]) for one in items]


def test_old_versions_keep_their_names_and_bytes_and_the_latest_moves_on(studio: Studio, curator: Person) -> None:
    names = ("prp_old@1", "catalog://assets/prp_old/v2", "catalog://assets/prp_old/v1/files/lamp.txt", "4711@2")
    before = _resolves(studio.artist, *names)

    merged = _merges(curator)

    assert (merged.status, merged.json["status"], merged.merged_into) == (200, "retired", "prp_new")
    assert _resolves(studio.artist, *names) == before
    assert studio.artist.get("/assets/prp_old/versions/2/files/lamp.txt").response.data == b"old 2"
    assert [one["number"] for one in studio.artist.get("/assets/prp_old/versions").items] == [2, 1]
    assert (
        _resolves(studio.artist, "prp_old", "catalog://assets/prp_old/latest", "shotgrid:4711", "PRP_OLD@latest")
        == [("prp_new", 1, None)] * 4
    )


def test_whoever_resolves_an_old_name_is_told(studio: Studio, curator: Person) -> None:
    _merges(curator)

    latest, pinned = studio.artist.post("/resolutions", {"references": ["prp_old", "prp_old@2"]}).items

    assert latest["entity"] == "catalog://assets/prp_new/v1"
    assert latest["remarks"] == ["prp_old was merged into prp_new; this is the latest version of prp_new"]
    assert pinned["remarks"] == ["prp_old is retired: Merged into another asset."]


def test_the_one_that_stays_gets_names_and_tags_and_is_found_by_the_old_ones(studio: Studio, curator: Person) -> None:
    _merges(curator)
    studio.settles()

    asset = studio.viewer.get("/assets/prp_new").json
    assert asset["tags"] == ["hero", "brass"]
    assert [alias["text"] for alias in asset["aliases"]] == ["Old lamp", "灯"]
    assert asset["merged"] == ["prp_old"]
    for text in ("lamp", "prp_old", "4711", "灯"):
        assert studio.viewer.finds(text) == ["prp_new"]


def test_the_preview_says_what_will_happen(studio: Studio, curator: Person) -> None:
    for code, target in (("env_room", "prp_old"), ("env_hall", "prp_old@1"), ("prp_old", "prp_bulb")):
        studio.artist.registers(code)
        studio.artist.registers(target)
        studio.artist.post(f"/assets/{code}/relations", {"kind": "contains", "target": target})

    plan = curator.get("/assets/prp_old/merge?into=PRP_NEW").json

    assert plan == {
        "asset": "prp_old",
        "into": "prp_new",
        "obstacles": [],
        "tags": ["brass"],
        "aliases": [{"text": "Old lamp", "language": "und"}, {"text": "灯", "language": "zh"}],
        "fields": {},
        "moved": 1,
        "copied": 1,
        "pinned": 1,
    }


def test_a_merge_counts_nothing_that_its_curator_may_not_know_of(studio: Studio, curator: Person) -> None:
    studio.joins("art", "vip")
    for code, target in (("env_open", "prp_old"), ("env_secret", "prp_old"), ("env_other", "prp_old@1")):
        studio.artist.registers(code, audience=["vip"] if code != "env_open" else None)
        studio.artist.post(f"/assets/{code}/relations", {"kind": "contains", "target": target})
    studio.artist.registers("prp_bulb", audience=["vip"])
    studio.artist.post("/assets/prp_old/relations", {"kind": "contains", "target": "prp_bulb"})

    plan = curator.get("/assets/prp_old/merge?into=prp_new").json

    assert (plan["moved"], plan["copied"], plan["pinned"]) == (1, 0, 0)
    merged = _merges(curator)
    assert merged.status == 200
    assert _relations(studio.artist, "env_secret") == [("env_secret", "prp_new", None, None)]
    (entry,) = [one for one in curator.get("/events?limit=200").items if one["type"] == "asset.merged/1"]
    assert "relations" not in str(entry)


@pytest.fixture
def used(studio: Studio, curator: Person) -> Person:
    """The old lamp hangs in a room and, by version, in a hall; it holds a bulb."""
    artist = studio.artist
    for code in ("env_room", "env_hall", "prp_bulb"):
        artist.registers(code)
    artist.post("/assets/env_room/relations", {"kind": "contains", "target": "prp_old", "count": 3})
    artist.post("/assets/env_hall/relations", {"kind": "contains", "target": "prp_old@1"})
    artist.post("/assets/prp_old/relations", {"kind": "contains", "target": "prp_bulb"})
    return curator


def _relations(person: Person, code: str) -> list[tuple[Any, ...]]:
    return sorted(
        (one["source"], one["target"], one["version"], one["count"])
        for one in person.get(f"/assets/{code}/relations").items
    )


def test_what_means_the_latest_means_that_of_the_one_that_stays(studio: Studio, used: Person) -> None:
    _merges(used)

    assert _relations(studio.viewer, "prp_new") == [
        ("env_room", "prp_new", None, 3),
        ("prp_new", "prp_bulb", None, None),
    ]
    assert _relations(studio.viewer, "prp_old") == [
        ("env_hall", "prp_old", 1, None),
        ("prp_old", "prp_bulb", None, None),
    ]


def test_a_merge_taken_back_leaves_everything_as_it_was(studio: Studio, used: Person) -> None:
    def seen() -> list[Any]:
        assets = [studio.viewer.get(f"/assets/{code}").json for code in ("prp_old", "prp_new")]
        told = [
            {name: asset[name] for name in ("status", "tags", "aliases", "merged_into", "merged")} for asset in assets
        ]
        return [*told, *(_relations(studio.viewer, code) for code in ("prp_old", "prp_new"))]

    before = seen()
    _merges(used)

    undone = used.delete("/assets/prp_old/merge")
    studio.settles()

    assert undone.status == 200
    assert seen() == before
    assert _resolves(studio.artist, "prp_old") == [("prp_old", 2, None)]
    assert studio.viewer.finds("4711") == ["prp_old"]
    assert [one["type"] for one in studio.entries() if "merged" in one["type"]] == [
        "asset.merged/1",
        "asset.unmerged/1",
    ]


def test_taking_back_leaves_what_people_changed_since(studio: Studio, used: Person) -> None:
    _merges(used)
    studio.artist.patch("/assets/prp_new", {"tags": ["hero", "brass", "clean"]})
    (moved,) = [one for one in studio.artist.get("/assets/env_room/relations").items if one["target"] == "prp_new"]
    studio.artist.delete(f"/assets/env_room/relations/{moved['id']}")
    studio.artist.post("/assets/env_room/relations", {"kind": "contains", "target": "prp_new"})
    studio.artist.post("/assets/env_room/relations", {"kind": "contains", "target": "prp_old"})

    used.delete("/assets/prp_old/merge")

    assert studio.viewer.get("/assets/prp_new").tags == ["hero", "clean"]
    assert _relations(studio.viewer, "env_room") == [
        ("env_room", "prp_new", None, None),
        ("env_room", "prp_old", None, None),
    ]


def test_merges_are_followed_one_into_the_next(studio: Studio, curator: Person) -> None:
    studio.artist.publishes("prp_best", {"lamp.txt": b"best 1"})
    _merges(curator)

    _merges(curator, "prp_new", "prp_best")
    studio.settles()

    assert studio.viewer.get("/assets/prp_old").merged_into == "prp_best"
    assert _resolves(studio.artist, "prp_old", "prp_new", "prp_old@1") == [
        ("prp_best", 1, None),
        ("prp_best", 1, None),
        ("prp_old", 1, None),
    ]
    assert studio.viewer.finds("4711") == ["prp_best"]


def test_while_the_one_that_stays_has_no_version_the_old_latest_is_the_latest(studio: Studio, curator: Person) -> None:
    studio.artist.registers("prp_empty")

    _merges(curator, "prp_old", "prp_empty")

    assert _resolves(studio.artist, "prp_old") == [("prp_old", 2, None)]


def test_the_later_of_two_merges_is_taken_back_first(studio: Studio, used: Person) -> None:
    studio.artist.registers("prp_best")
    _merges(used)
    _merges(used, "prp_new", "prp_best")

    refused = used.delete("/assets/prp_old/merge")
    undone = [used.delete(f"/assets/{code}/merge") for code in ("prp_new", "prp_old")]

    assert (refused.status, refused.code) == (409, "merged")
    assert "prp_new" in refused.message
    assert [one.status for one in undone] == [200, 200]
    assert _relations(studio.viewer, "env_room") == [("env_room", "prp_old", None, 3)]


def test_what_would_be_part_of_itself_by_now_is_not_moved_back(studio: Studio, used: Person) -> None:
    _merges(used)
    (copied,) = [one for one in studio.artist.get("/assets/prp_new/relations").items if one["target"] == "prp_bulb"]
    studio.artist.delete(f"/assets/prp_new/relations/{copied['id']}")
    related = studio.artist.post("/assets/prp_bulb/relations", {"kind": "contains", "target": "env_room"})

    undone = used.delete("/assets/prp_old/merge")

    assert (related.status, undone.status) == (201, 200)
    assert _relations(studio.viewer, "env_room") == [
        ("env_room", "prp_new", None, 3),
        ("prp_bulb", "env_room", None, None),
    ]


@pytest.mark.parametrize(
    "asset,into,code",
    [
        ("prp_old", "prp_old", "same-asset"),
        ("prp_old", "hdr_sky", "other-kind"),
        ("prp_old", "prp_gone", "retired"),
        ("prp_old", "prp_secret", "other-audience"),
        ("prp_secret", "prp_old", "other-audience"),
        ("prp_old", "prp_far", "cycle"),
        ("prp_far", "prp_old", "cycle"),
    ],
)
def test_what_cannot_be_one_is_not_merged(studio: Studio, curator: Person, asset: str, into: str, code: str) -> None:
    artist = studio.artist
    artist.registers("hdr_sky", kind="hdri")
    artist.registers("prp_gone")
    curator.post("/assets/prp_gone/retirement", {"reason": "Worn out."})
    studio.joins("sue", "vip")
    studio.joins("art", "vip")
    artist.registers("prp_secret", audience=["vip"])
    for source, target in (("prp_between", "prp_old"), ("prp_far", "prp_between")):
        artist.registers(source)
        artist.post(f"/assets/{source}/relations", {"kind": "contains", "target": target})

    refused = _merges(curator, asset, into)

    assert (refused.status, refused.code) == (409, code)
    assert curator.get(f"/assets/{asset}/merge?into={into}").obstacles[0]["code"] == code


def test_two_that_are_related_directly_are_merged(studio: Studio, curator: Person) -> None:
    studio.artist.post("/assets/prp_new/relations", {"kind": "revision", "target": "prp_old"})

    assert _merges(curator).status == 200


def test_a_merged_asset_is_merged_published_and_reinstated_no_more(studio: Studio, curator: Person) -> None:
    _merges(curator)

    refused = [
        _merges(curator),
        _merges(curator, "prp_new", "prp_old"),
        curator.delete("/assets/prp_old/retirement"),
        studio.artist.drafts("prp_old", {"a.txt": b"a"}),
    ]

    assert [(one.status, one.code) for one in refused] == [(409, "merged")] * 4


def test_what_is_not_merged_cannot_be_taken_back(curator: Person) -> None:
    assert curator.delete("/assets/prp_old/merge").code == "not-merged"


def test_too_many_tags_stand_in_the_way(studio: Studio, curator: Person) -> None:
    studio.artist.patch("/assets/prp_new", {"tags": [f"tag {n}" for n in range(100)]})

    assert _merges(curator).code == "too-many-tags"


def test_whoever_may_not_know_of_the_one_that_stays_reads_of_no_merge(studio: Studio, curator: Person) -> None:
    _merges(curator)
    studio.admin.post("/groups", {"code": "vip", "members": []})

    studio.admin.patch("/assets/prp_new", {"audience": ["vip"]})
    studio.settles()

    old = studio.viewer.get("/assets/prp_old").json
    assert (old["merged_into"], old["status"]) == (None, "retired")
    assert "prp_new" not in str(old) + str(studio.viewer.get("/assets/prp_old/history").json)
    assert _resolves(studio.artist, "prp_old") == [("prp_old", 2, None)]
    assert studio.admin.finds("4711") == []


def test_whoever_may_not_know_of_the_one_that_stays_takes_no_merge_back(studio: Studio, curator: Person) -> None:
    _merges(curator)
    studio.admin.post("/groups", {"code": "vip", "members": []})
    studio.admin.patch("/assets/prp_new", {"audience": ["vip"]})

    refused = curator.delete("/assets/prp_old/merge")

    assert (refused.status, refused.code) == (409, "not-merged")
    assert "prp_new" not in refused.message
    assert studio.admin.get("/assets/prp_new").tags == ["hero", "brass"]


def test_merging_is_for_curators(studio: Studio, curator: Person) -> None:
    refused = [_merges(studio.artist), studio.artist.get("/assets/prp_old/merge?into=prp_new")]

    assert [(one.status, one.code) for one in refused] == [(403, "not-permitted")] * 2


def test_a_merge_that_was_read_too_early_is_refused(studio: Studio, curator: Person) -> None:
    stale = curator.post("/assets/prp_old/merge", {"into": "prp_new"}, if_match='"99"')

    assert (stale.status, stale.code) == (412, "stale")
