"""Changing: only what was sent changes, every change leaves its before and after, and changing nothing leaves none."""

from __future__ import annotations

from tests.studio import Studio


def test_only_the_fields_that_were_sent_change(studio: Studio) -> None:
    studio.artist.registers("prp_lamp", name="Lamp", description="A lamp.", tags=["brass"])

    changed = studio.artist.patch("/assets/prp_lamp", {"name": "Desk lamp"})

    assert changed.status == 200
    assert (changed.name, changed.description, changed.tags) == ("Desk lamp", "A lamp.", ["brass"])
    assert studio.viewer.get("/assets/prp_lamp").json == changed.json


def test_a_change_leaves_one_entry_with_before_and_after(studio: Studio) -> None:
    studio.artist.registers("prp_lamp", name="Lamp", tags=["brass"])

    studio.artist.patch("/assets/prp_lamp", {"name": "Desk lamp", "tags": []})

    (entry,) = studio.entries("asset.changed/1")
    assert entry["values"] == {"changes": {"name": ["Lamp", "Desk lamp"], "tags": [["brass"], []]}}
    assert entry["actor"]["name"] == "art"


def test_changing_nothing_leaves_no_entry_and_no_new_revision(studio: Studio) -> None:
    studio.artist.registers("prp_lamp", name="Lamp", tags=["brass"], owner="art")

    changed = studio.artist.patch("/assets/prp_lamp", {"name": "Lamp", "tags": ["brass"], "owner": "ART", "show": None})

    assert (changed.status, changed.revision) == (200, 1)
    assert studio.entries("asset.changed/1") == []


def test_every_field_but_the_code_can_change(studio: Studio) -> None:
    artist = studio.artist
    studio.person("ben", groups=["vip"])
    studio.pipeline.post("/shows", {"code": "orion"})
    studio.joins("art", "vip")
    artist.registers("prp_lamp")

    changed = studio.artist.patch(
        "/assets/prp_lamp",
        {
            "name": "Table",
            "kind": "costume",
            "description": "Not a lamp.",
            "tags": ["oak"],
            "aliases": [{"text": "Tisch", "language": "de"}],
            "external_ids": [{"system": "kitsu", "value": "T1"}],
            "owner": "ben",
            "show": "ORION",
            "audience": ["VIP"],
        },
    )

    assert changed.status == 200
    assert (changed.name, changed.kind, changed.description, changed.tags) == (
        "Table",
        "costume",
        "Not a lamp.",
        ["oak"],
    )
    assert changed.aliases == [{"text": "Tisch", "language": "de"}]
    assert changed.external_ids == [{"system": "kitsu", "value": "T1"}]
    assert (changed.owner, changed.show, changed.audience) == ("ben", "orion", ["vip"])
    assert studio.artist.patch("/assets/prp_lamp", {"code": "prp_table"}).status == 422


def test_naming_the_same_groups_in_other_letters_changes_nothing(studio: Studio) -> None:
    artist = studio.artist
    studio.person("ben", groups=["vip"])
    studio.joins("art", "vip")
    artist.registers("prp_lamp", audience=["vip"])

    changed = studio.artist.patch("/assets/prp_lamp", {"audience": ["VIP", "vip"]})

    assert (changed.audience, changed.revision) == (["vip"], 1)


def test_a_field_can_be_emptied_where_it_may_be_empty(studio: Studio) -> None:
    studio.pipeline.post("/shows", {"code": "orion"})
    studio.artist.registers("prp_lamp", show="orion", external_ids=[{"system": "kitsu", "value": "T1"}])

    changed = studio.artist.patch("/assets/prp_lamp", {"show": None, "owner": None, "external_ids": []})

    assert (changed.show, changed.shows, changed.owner, changed.external_ids) == (None, [], None, [])


def test_an_external_id_that_was_given_up_is_free_again(studio: Studio) -> None:
    studio.artist.registers("prp_lamp", external_ids=[{"system": "kitsu", "value": "T1"}])
    studio.artist.patch("/assets/prp_lamp", {"external_ids": []})

    registered = studio.artist.registers("prp_table", external_ids=[{"system": "kitsu", "value": "T1"}])

    assert registered.status == 201
    assert studio.viewer.get("/assets/kitsu:T1").json["code"] == "prp_table"


WRONG_CHANGES: list[tuple[dict[str, object], str]] = [
    ({"name": ""}, "bad-name"),
    ({"name": None}, "invalid-request"),
    ({"kind": None}, "invalid-request"),
    ({"kind": "spaceship"}, "invalid-request"),
    ({"tags": ["a" * 81]}, "bad-tag"),
    ({"owner": "nobody"}, "unknown-user"),
    ({"audience": []}, "empty-audience"),
    ({"audience": ["nobodies"]}, "unknown-group"),
    ({"status": "retired"}, "invalid-request"),
    ({"revision": 7}, "invalid-request"),
]


def test_a_change_that_is_wrong_changes_nothing(studio: Studio) -> None:
    studio.artist.registers("prp_lamp", name="Lamp")

    refused = [
        studio.artist.patch("/assets/prp_lamp", {"description": "A new one.", **change}) for change, _ in WRONG_CHANGES
    ]

    assert [one.code for one in refused] == [code for _, code in WRONG_CHANGES]
    assert {one.status for one in refused} == {422}
    assert (studio.viewer.get("/assets/prp_lamp").description, studio.entries("asset.changed/1")) == ("", [])


def test_a_retired_asset_is_no_longer_offered_and_says_why_in_its_history(studio: Studio) -> None:
    studio.artist.publishes("prp_lamp")

    retired = studio.pipeline.post("/assets/prp_lamp/retirement", {"reason": "Replaced by prp_lamp2."})

    assert (retired.status, retired.json["status"]) == (200, "retired")
    assert studio.viewer.get("/assets/prp_lamp").json["retirement_reason"] == "Replaced by prp_lamp2."
    assert studio.viewer.get("/assets/prp_lamp/history").items[0]["values"] == {"reason": "Replaced by prp_lamp2."}
    refused = studio.artist.drafts("prp_lamp", {"new.txt": b"new"})
    assert (refused.status, refused.code) == (409, "retired")


def test_a_draft_is_not_published_once_its_asset_was_retired(studio: Studio) -> None:
    studio.artist.registers("prp_lamp")
    studio.artist.drafts("prp_lamp", {"a.txt": b"a"})
    studio.pipeline.post("/assets/prp_lamp/retirement", {"reason": "Not needed."})

    refused = studio.artist.submits("prp_lamp", 1)

    assert (refused.status, refused.code) == (409, "retired")


def test_retiring_and_reinstating_are_safe_to_repeat(studio: Studio) -> None:
    studio.artist.registers("prp_lamp")

    for _ in range(2):
        studio.pipeline.post("/assets/prp_lamp/retirement", {"reason": "Old."})
    for _ in range(2):
        reinstated = studio.pipeline.delete("/assets/prp_lamp/retirement")

    assert (reinstated.json["status"], reinstated.revision) == ("active", 3)
    assert reinstated.json["retirement_reason"] is None
    assert [entry["type"] for entry in studio.entries() if entry["type"].startswith("asset.")] == [
        "asset.registered/1",
        "asset.retired/1",
        "asset.changed/1",
    ]


def test_an_artist_does_not_retire(studio: Studio) -> None:
    studio.artist.registers("prp_lamp")

    refused = studio.artist.post("/assets/prp_lamp/retirement", {"reason": "Mine."})

    assert (refused.status, refused.code) == (403, "not-permitted")
    assert refused.message == (
        "art with token \"art's\" may not withdraw; ask an administrator for a role or token scope with 'withdraw'"
    )
