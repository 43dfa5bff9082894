"""Collections over HTTP: begun, filled, ordered, shared; what somebody may not see is not in them."""

from __future__ import annotations

from uuid import uuid4

import pytest

from catalog.accounts.vocabulary import Role
from tests.files import png
from tests.studio import Person, Studio


@pytest.fixture
def market(studio: Studio) -> str:
    """A collection of the artist's with two assets; its id."""
    studio.artist.registers("prp_lamp")
    studio.artist.publishes("prp_crate", {"thumbnail.png": png(64, 64)})
    begun = studio.artist.post("/collections", {"title": "Night market", "description": "For the opening."})
    studio.artist.post(f"/collections/{begun.id}/items", {"assets": ["prp_lamp", "prp_crate@1"]})
    return str(begun.id)


def named(person: Person, market: str) -> list[str]:
    return [item["asset"] for item in person.get(f"/collections/{market}/items").items]


def test_a_collection_tells_what_it_is_and_what_one_may_do_with_it(studio: Studio, market: str) -> None:
    found = studio.artist.get(f"/collections/{market}")

    assert found.status == 200
    assert (found.title, found.description, found.owner, found.access) == (
        "Night market",
        "For the opening.",
        "art",
        "own",
    )
    assert (found.studio, found.shares, found.item_count, found.revision) == (None, [], 2, 1)
    assert len(found.cover_urls) == 1


def test_an_item_comes_with_the_card_of_its_asset(studio: Studio, market: str) -> None:
    listed = studio.artist.get(f"/collections/{market}/items")

    lamp, crate = listed.items
    assert (listed.total, listed.next_cursor) == (2, None)
    assert (lamp["number"], lamp["asset"], lamp["version"], lamp["added_by"]) == (1, "prp_lamp", None, "art")
    assert (crate["number"], crate["asset"], crate["version"], crate["absence"]) == (2, "prp_crate", 1, None)
    assert crate["card"]["thumbnail_url"].startswith("/api/v1/previews/")


def test_of_two_assets_that_are_merged_the_one_that_stays_is_in_it(studio: Studio, market: str) -> None:
    studio.artist.publishes("prp_light")
    studio.artist.post(f"/collections/{market}/items", {"assets": ["prp_light"]})
    sue = studio.person("sue", Role.SUPERVISOR)

    sue.post("/assets/prp_lamp/merge", {"into": "prp_light"})
    merged = studio.artist.get(f"/collections/{market}/items")
    count = studio.artist.get(f"/collections/{market}").item_count
    sue.delete("/assets/prp_lamp/merge")

    assert [(one["asset"], one["card"]["code"]) for one in merged.items] == [
        ("prp_crate", "prp_crate"),
        ("prp_light", "prp_light"),
    ]
    assert (merged.total, count) == (2, 2)
    assert named(studio.artist, market) == ["prp_lamp", "prp_crate", "prp_light"]


def test_an_item_says_by_which_code_it_was_added(studio: Studio, market: str) -> None:
    studio.artist.publishes("prp_light")
    studio.person("sue", Role.SUPERVISOR).post("/assets/prp_lamp/merge", {"into": "prp_light"})

    found = studio.artist.get(f"/collections/{market}/items").items

    assert [(one["asset"], one["added_as"]) for one in found] == [("prp_light", "prp_lamp"), ("prp_crate", None)]


def test_adding_says_how_many_were_there_already(studio: Studio, market: str) -> None:
    studio.artist.registers("prp_cart")

    added = studio.artist.post(f"/collections/{market}/items", {"assets": ["prp_lamp", "prp_cart"], "note": "wet"})

    assert (added.status, added.added, added.already) == (200, 1, 1)
    assert [(one["asset"], one["note"], one["number"]) for one in added.items] == [("prp_cart", "wet", 3)]


def test_items_are_moved_noted_and_dropped(studio: Studio, market: str) -> None:
    artist, address = studio.artist, f"/collections/{market}"
    lamp, crate = (item["id"] for item in artist.get(f"{address}/items").items)

    moved = artist.post(f"{address}/moves", {"items": [crate], "before": lamp}, if_match='"1"')
    noted = artist.patch(f"{address}/items/{crate}", {"note": "the blue one", "version": None}, if_match='"1"')
    dropped = artist.post(f"{address}/removals", {"items": [lamp]}, if_match='"2"')

    assert (moved.status, moved.revision) == (200, 2)
    assert (noted.note, noted.version, noted.revision, noted.number) == ("the blue one", None, 2, 1)
    assert (dropped.item_count, dropped.revision) == (1, 3)
    assert named(artist, market) == ["prp_crate"]


def test_an_order_that_is_no_more_is_a_conflict_that_says_so(studio: Studio, market: str) -> None:
    artist, address = studio.artist, f"/collections/{market}"
    lamp, crate = (item["id"] for item in artist.get(f"{address}/items").items)
    artist.post(f"{address}/moves", {"items": [crate], "position": 1}, if_match='"1"')

    refused = artist.post(f"{address}/moves", {"items": [lamp], "position": 1}, if_match='"1"')

    assert (refused.status, refused.code) == (412, "stale")
    assert "the order of “Night market” was changed since you read it" in refused.message


def test_a_shared_collection_is_seen_without_the_list_of_those_who_see_it(studio: Studio, market: str) -> None:
    ann = studio.person("ann", Role.ARTIST)
    shares = [{"kind": "user", "name": "ann", "role": "edit"}]

    changed = studio.artist.patch(f"/collections/{market}", {"shares": shares, "studio": "view"}, if_match='"1"')

    assert (changed.shares, changed.studio, changed.revision) == (shares, "view", 2)
    theirs, anybodys = ann.get(f"/collections/{market}"), studio.viewer.get(f"/collections/{market}")
    assert (theirs.access, theirs.shares) == ("edit", None)
    assert (anybodys.access, anybodys.shares, named(studio.viewer, market)) == ("view", None, ["prp_lamp", "prp_crate"])


def test_listings_are_ones_own_shared_and_the_studios(studio: Studio, market: str) -> None:
    ann = studio.person("ann", Role.ARTIST)
    ann.post("/collections", {"title": "Mine"})
    share = {"kind": "user", "name": "ann", "role": "view"}
    studio.artist.patch(f"/collections/{market}", {"shares": [share], "studio": "view"})

    listed = {
        whose: [one["title"] for one in ann.get(f"/collections?whose={whose}").items]
        for whose in ("mine", "shared", "studio")
    }

    assert listed == {"mine": ["Mine"], "shared": ["Night market"], "studio": ["Night market"]}
    assert [one["title"] for one in ann.get("/collections").items] == ["Night market", "Mine"]


def test_what_is_hidden_from_a_viewer_is_not_in_their_copy_of_it(studio: Studio, market: str) -> None:
    ivy = studio.person("ivy", Role.ARTIST, groups=["vip"])
    studio.artist.patch(f"/collections/{market}", {"studio": "edit"})
    ivy.registers("chr_nova", audience=["vip"])

    ivy.post(f"/collections/{market}/items", {"assets": ["chr_nova"]})

    assert named(ivy, market) == ["prp_lamp", "prp_crate", "chr_nova"]
    assert named(studio.artist, market) == ["prp_lamp", "prp_crate"]
    assert studio.artist.get(f"/collections/{market}").item_count == 2
    refused = studio.artist.post(f"/collections/{market}/items", {"assets": ["chr_nova"]})
    assert (refused.status, refused.code) == (404, "unknown-asset")


def test_a_private_collection_and_one_that_is_not_there_look_the_same(studio: Studio, market: str) -> None:
    other = studio.person("ann", Role.ARTIST)

    def answers(collection_id: str) -> set[tuple[int, str | None]]:
        address, item = f"/collections/{collection_id}", uuid4()
        said = [
            other.get(address),
            other.get(f"{address}/items"),
            other.patch(address, {"title": "x"}),
            other.delete(address),
            other.post(f"{address}/items", {"assets": ["prp_lamp"]}),
            other.patch(f"{address}/items/{item}", {"note": "x"}),
            other.post(f"{address}/moves", {"items": [str(item)], "position": 1}),
            other.post(f"{address}/removals", {"items": [str(item)]}),
        ]
        return {(one.status, one.code) for one in said}

    assert answers(market) == answers(str(uuid4())) == {(404, "unknown-collection")}


def test_a_removed_collection_is_gone_and_its_assets_are_not(studio: Studio, market: str) -> None:
    removed = studio.artist.delete(f"/collections/{market}")

    assert removed.status == 204
    assert studio.artist.get(f"/collections/{market}").status == 404
    assert studio.artist.get("/assets/prp_lamp").status == 200


def test_a_service_keeps_collections_for_whom_it_serves(studio: Studio) -> None:
    service = studio.person("bot", Role.PIPELINE)
    issued = studio.admin.post("/tokens", {"name": "bot", "login": "bot", "service": True})
    serving = Person(studio=studio, login="bot", token=issued.secret)
    ann = studio.person("ann", Role.ARTIST)

    serving.call("POST", "/collections", {"title": "For Ann"}, X_On_Behalf_Of="ann")

    assert [one["owner"] for one in ann.get("/collections?whose=mine").items] == ["ann"]
    assert service.get("/collections").items == []


@pytest.mark.parametrize(
    "path, body",
    [
        ("/moves", {"items": ["none"], "position": 1}),
        ("/moves", {"items": [], "position": 1}),
        ("/items", {"assets": []}),
        ("", {"shares": [{"kind": "somebody", "name": "ann"}]}),
    ],
)
def test_what_makes_no_sense_is_refused(studio: Studio, market: str, path: str, body: dict[str, object]) -> None:
    refused = studio.artist.call("POST" if path else "PATCH", f"/collections/{market}{path}", body)

    assert (refused.status, refused.code) == (422, "invalid-request")


def test_an_item_that_cannot_be_is_not_there(studio: Studio, market: str) -> None:
    refused = studio.artist.patch(f"/collections/{market}/items/none", {"note": "x"})

    assert (refused.status, refused.code) == (404, "unknown-item")
