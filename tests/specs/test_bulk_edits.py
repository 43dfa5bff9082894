"""Bulk edits over HTTP: a whole search is previewed, changed, found anew, and set back."""

from __future__ import annotations

import pytest

from tests.studio import Person, Studio


@pytest.fixture
def pipeline(studio_on_each: Studio) -> Person:
    for number in range(6):
        studio_on_each.artist.registers(
            f"prp_cup{number}", name=f"Cup {number}", tags=["wood" if number % 2 else "tin"]
        )
    studio_on_each.artist.registers("prp_bowl", name="Bowl", tags=["wood"])
    studio_on_each.pipeline.post("/assets/prp_cup1/retirement", {"reason": "broken"})
    studio_on_each.settles()
    return studio_on_each.pipeline


def test_all_that_a_search_finds_is_changed_and_set_back(studio_on_each: Studio, pipeline: Person) -> None:
    shown = pipeline.post("/edits", {"search": "q=cup&tag=wood&sort=name", "add_tags": ["old"], "kind": "costume"})
    pipeline.registers("prp_cup9", name="Cup 9", tags=["wood"])
    started = pipeline.post(f"/edits/{shown.id}/start")
    studio_on_each.settles()
    done, found = pipeline.get(f"/edits/{shown.id}"), pipeline.finds("cup", tag="old")
    pipeline.post(f"/edits/{shown.id}/undo")
    studio_on_each.settles()
    undone = pipeline.get(f"/edits/{shown.id}")

    assert (shown.status, shown.state, shown.total, shown.planned, shown.refused) == (201, "previewed", 3, 2, 1)
    assert shown.reasons == {"retired": 1}
    assert (started.status, started.state) == (202, "running")
    assert (done.state, done.applied, done.progress) == ("done", 2, 1.0)
    assert sorted(found) == ["prp_cup3", "prp_cup5"]
    assert (undone.state, undone.undone, undone.applied) == ("undone", 2, 0)
    assert pipeline.finds("cup", tag="old") == []
    assert pipeline.get("/assets/prp_cup3").kind == "prop"


def test_each_asset_says_what_becomes_of_it(pipeline: Person) -> None:
    shown = pipeline.post("/edits", {"assets": ["prp_cup0", "prp_cup1", "prp_nothing"], "set_tags": ["tin", "tea"]})

    assets = pipeline.get(f"/edits/{shown.id}/assets").items
    planned = pipeline.get(f"/edits/{shown.id}/assets?state=planned&limit=1").items

    assert shown.unknown == ["prp_nothing"]
    assert [(one["asset"], one["state"], one["reason"]) for one in assets] == [
        ("prp_cup0", "planned", None),
        ("prp_cup1", "refused", "retired"),
    ]
    assert [one["changes"] for one in planned] == [{"tags": [["tin"], ["tin", "tea"]]}]


@pytest.mark.parametrize(
    "body, code",
    [
        ({"search": "q=cup", "assets": ["prp_cup0"], "disown": True}, "no-set"),
        ({"search": "color=red", "disown": True}, "unknown-facet"),
        ({"search": "q=nothing", "disown": True}, "no-set"),
        ({"search": "q=cup"}, "nothing-to-change"),
    ],
    ids=str,
)
def test_what_makes_no_sense_is_refused(pipeline: Person, body: dict[str, object], code: str) -> None:
    refused = pipeline.post("/edits", body)

    assert (refused.status, refused.code) == (422, code)


def test_a_preview_that_is_sent_again_is_kept_once(pipeline: Person) -> None:
    body = {"assets": ["prp_cup0"], "disown": True}

    first, second = (pipeline.post("/edits", body, idempotency_key="k1") for _ in range(2))

    assert first.id == second.id
    assert len(pipeline.get("/edits").items) == 1


def test_edits_of_others_are_not_there(studio_on_each: Studio, pipeline: Person) -> None:
    shown = pipeline.post("/edits", {"assets": ["prp_cup0"], "disown": True})
    artist = studio_on_each.artist

    seen = [artist.get(f"/edits/{shown.id}").status, artist.post(f"/edits/{shown.id}/start").status]

    assert seen == [404, 404]
    assert artist.get("/edits").items == []
    assert artist.get("/edits/no-id").code == "unknown-edit"


def test_an_operator_counts_only_assets_that_they_may_know_of(studio_on_each: Studio, pipeline: Person) -> None:
    artist = studio_on_each.artist
    studio_on_each.joins("art", "vip")
    artist.registers("prp_secret", audience=["vip"])
    artist.registers("prp_other", audience=["vip"])
    shown = artist.post("/edits", {"assets": ["prp_bowl", "prp_secret"], "add_tags": ["old"]})
    hidden = artist.post("/edits", {"assets": ["prp_other"], "add_tags": ["old"]})
    artist.post(f"/edits/{hidden.id}/start")
    studio_on_each.settles()

    told = [pipeline.get(f"/edits/{one.id}").json for one in (shown, hidden)]

    assert (shown.total, shown.planned, hidden.total) == (2, 2, 1)
    assert [(one["change"], one["search"], one["unknown"]) for one in told] == [({}, None, [])] * 2
    assert [(one["total"], one["planned"], one["applied"], one["progress"]) for one in told] == [
        (1, 1, 0, 0.0),
        (0, 0, 0, 1.0),
    ]
    assert {one["total"] for one in pipeline.get("/edits").items} == {0, 1}


def test_who_edits_how_many_is_for_them_and_for_those_who_audit(studio_on_each: Studio, pipeline: Person) -> None:
    shown = pipeline.post("/edits", {"assets": ["prp_cup0"], "disown": True})
    pipeline.post(f"/edits/{shown.id}/start")
    pipeline.post(f"/edits/{shown.id}/cancellation")

    def told(person: Person) -> list[str]:
        return [one["type"] for one in person.get("/events?limit=200").items if one["type"].startswith("edit.")]

    assert told(pipeline) == told(studio_on_each.admin) == ["edit.started/1", "edit.cancelled/1"]
    assert told(studio_on_each.artist) == []


def test_values_of_custom_fields_are_set_emptied_and_set_back(studio_on_each: Studio, pipeline: Person) -> None:
    studio_on_each.admin.post("/fields", {"name": "vendor", "type": "exact"})
    studio_on_each.admin.post("/fields", {"name": "weight", "type": "number"})
    pipeline.patch("/assets/prp_cup0", {"fields": {"vendor": "Old", "weight": 3}})

    wrong = pipeline.post("/edits", {"search": "q=cup", "fields": {"weight": "heavy"}})
    shown = pipeline.post("/edits", {"search": "q=cup", "fields": {"vendor": "Acme", "weight": None}})
    planned = {one["asset"]: one["changes"] for one in pipeline.get(f"/edits/{shown.id}/assets?state=planned").items}
    pipeline.post(f"/edits/{shown.id}/start")
    studio_on_each.settles()
    found, done = pipeline.finds("vendor:acme "), pipeline.get("/assets/prp_cup0").fields
    pipeline.patch("/assets/prp_cup3", {"fields": {"vendor": "Mine"}})
    pipeline.post(f"/edits/{shown.id}/undo")
    studio_on_each.settles()

    assert (wrong.status, wrong.code) == (422, "bad-field-value")
    assert shown.change == {"fields": {"vendor": "Acme", "weight": None}}
    assert planned["prp_cup0"] == {"fields.vendor": ["Old", "Acme"], "fields.weight": [3, None]}
    assert planned["prp_cup3"] == {"fields.vendor": [None, "Acme"]}
    assert (sorted(found), done) == (["prp_cup0", "prp_cup2", "prp_cup3", "prp_cup4", "prp_cup5"], {"vendor": "Acme"})
    assert pipeline.get("/assets/prp_cup0").fields == {"vendor": "Old", "weight": 3}
    assert pipeline.get("/assets/prp_cup3").fields == {"vendor": "Mine"}
    assert pipeline.get(f"/edits/{shown.id}").kept == 1


def test_a_field_that_was_retired_since_the_preview_is_not_written(studio: Studio) -> None:
    studio.admin.post("/fields", {"name": "vendor", "type": "exact"})
    studio.artist.registers("prp_cup")
    studio.settles()
    shown = studio.pipeline.post("/edits", {"search": "q=cup", "fields": {"vendor": "Acme"}})
    studio.admin.post("/fields/vendor/retirement", {})

    refused = studio.pipeline.post(f"/edits/{shown.id}/start", {})

    assert (refused.status, refused.code) == (422, "unknown-field")
    assert studio.pipeline.get(f"/edits/{shown.id}").state == "previewed"
