"""Collections as pages, without JavaScript: begun, filled from anywhere, ordered, noted, shared and taken along."""

from __future__ import annotations

import re
from uuid import uuid4

import pytest

from catalog.accounts.vocabulary import Role
from tests.studio import Studio
from tests.visitors import Visitor, WebPage, visitor


@pytest.fixture
def artist(studio: Studio) -> Visitor:
    """The artist at a browser, in a studio with three assets, one of them published."""
    studio.artist.publishes("prp_lamp", {"lamp.txt": b"a lamp"}, name="Lamp")
    studio.artist.registers("prp_cart", name="Cart")
    studio.artist.registers("prp_crate", name="Crate")
    return visitor(studio, studio.artist)


@pytest.fixture
def market(artist: Visitor) -> str:
    """The address of a collection of the lamp and the cart."""
    return collects(artist, "Night market", "prp_lamp prp_cart")


def collects(visitor: Visitor, title: str, assets: str) -> str:
    """Begin a collection with some assets; its address."""
    visitor.sends("/collections/add", found_on="/me", assets=assets, title=title, next="/assets")
    return next(
        link for link in visitor.opens("/collections").links if re.fullmatch(r"/collections/[0-9a-f-]{36}", link)
    )


def items(page: WebPage) -> list[str]:
    found: list[str] = re.findall(r'data-item="([^"]+)"', page.html)
    return found


def revision(page: WebPage) -> str:
    found: list[str] = re.findall(r'name="revision" value="(\d+)"', page.html)
    return found[0]


def test_nobody_has_collections_at_first_and_is_told_how_to_begin_one(artist: Visitor) -> None:
    page = artist.opens("/collections")

    assert page.title == "Collections – Reprise"
    assert "A collection keeps assets together" in page.text
    assert "/collections" in artist.opens("/assets").links


def test_a_collection_is_begun_and_shown_empty(artist: Visitor) -> None:
    begun = artist.sends("/collections", found_on="/collections", title="Night market", description="For the opening.")

    page = artist.opens(begun.location or "")
    assert (begun.status, page.title) == (303, "Night market – Reprise")
    assert "For the opening." in page.text
    assert "Nothing in it yet" in page.text


def test_a_collection_without_a_title_is_asked_for_one_again(artist: Visitor) -> None:
    again = artist.sends("/collections", found_on="/collections", title=" ", description="For the opening.")

    assert again.status == 422
    assert "Title is empty; give at least one character" in again.text
    assert "For the opening." in again.html


def test_assets_are_added_from_a_page_that_shows_what_they_are(artist: Visitor) -> None:
    page = artist.opens("/collections/add?asset=prp_lamp&asset=prp_cart&next=/assets/prp_lamp")

    assert "Add 2 assets to a collection" in page.text
    assert "Lamp" in page.text
    added = artist.sends(
        "/collections/add", found_on="/me", assets="prp_lamp prp_cart", title="Night market", next="/assets/prp_lamp"
    )
    assert added.location == "/assets/prp_lamp"
    assert "2 assets are in “Night market” now." in artist.opens("/assets/prp_lamp").text


def test_the_page_of_an_asset_leads_there(artist: Visitor) -> None:
    page = artist.opens("/assets/prp_lamp")

    assert "/collections/add?asset=prp_lamp&next=/assets/prp_lamp" in page.links


def test_adding_again_says_that_all_of_it_is_there(artist: Visitor, market: str) -> None:
    collection = market.rpartition("/")[2]

    artist.sends("/collections/add", found_on="/me", assets="prp_lamp", collection=collection, next="/me")

    assert "All of it is in “Night market” already." in artist.opens("/me").text


def test_the_dialog_is_told_in_a_part_of_its_own(artist: Visitor, market: str) -> None:
    collection = market.rpartition("/")[2]
    added = artist.sends(
        "/collections/add", found_on="/me", assets="prp_crate", collection=collection, dialog="yes", next="/me"
    )

    part = artist.opens(added.location or "", HX_Request="true", HX_Request_Type="partial")
    whole = artist.opens(added.location or "")
    choice = artist.opens("/collections/add?asset=prp_lamp", HX_Request="true", HX_Request_Type="partial")
    assert "1 asset is in “Night market” now." in part.text
    assert ("<html" in part.html, "<html" in whole.html, "<html" in choice.html) == (False, True, False)
    assert 'hx-post="/collections/add"' in choice.html


@pytest.mark.parametrize("fields", [{"assets": ""}, {"assets": "prp_lamp"}, {"assets": "prp_none", "title": "x"}])
def test_what_cannot_be_added_is_refused_and_nothing_begins(artist: Visitor, fields: dict[str, str]) -> None:
    refused = artist.sends("/collections/add", found_on="/me", **fields)

    assert refused.status in {404, 422}
    assert "A collection keeps assets together" in artist.opens("/collections").text


def test_a_collection_shows_its_items_in_order_with_their_places(artist: Visitor, market: str) -> None:
    page = artist.opens(market)

    assert page.cards == ["prp_lamp", "prp_cart"]
    assert re.findall(r'class="number">(\d+)<', page.html) == ["1", "2"]
    assert "2 assets" in page.text
    listed = artist.opens("/collections")
    assert "Night market" in listed.text


def test_an_item_moves_to_a_position(artist: Visitor, market: str) -> None:
    page = artist.opens(market)
    lamp, _ = items(page)

    moved = artist.sends(f"{market}/moves", found_on=market, item=lamp, position="2", revision=revision(page))

    assert moved.location == f"{market}#item-{lamp}"
    assert artist.opens(market).cards == ["prp_cart", "prp_lamp"]


def test_an_item_moves_before_another_as_dragging_asks(artist: Visitor, market: str) -> None:
    lamp, cart = items(artist.opens(market))

    artist.sends(f"{market}/moves", found_on=market, item=cart, before=lamp, position="", revision="1")

    assert artist.opens(market).cards == ["prp_cart", "prp_lamp"]


def test_a_position_in_an_order_that_is_no_more_is_a_readable_conflict(artist: Visitor, market: str) -> None:
    lamp, cart = items(artist.opens(market))
    artist.sends(f"{market}/moves", found_on=market, item=cart, position="1", revision="1")

    refused = artist.sends(f"{market}/moves", found_on=market, item=lamp, position="1", revision="1")

    assert refused.status == 412
    assert "the order of “Night market” was changed since you read it" in refused.text
    assert 'class="item-edit" open' in refused.html


def test_a_position_is_a_number(artist: Visitor, market: str) -> None:
    lamp, _ = items(artist.opens(market))

    refused = artist.sends(f"{market}/moves", found_on=market, item=lamp, position="first", revision="1")

    assert refused.status == 422
    assert "Position 'first' is no number from 1 on" in refused.text


def test_an_item_is_noted_and_stays_at_a_version(artist: Visitor, market: str) -> None:
    lamp, _ = items(artist.opens(market))

    artist.sends(f"{market}/items/{lamp}", found_on=market, note="the blue one", version="1", revision="1")

    page = artist.opens(market)
    assert "the blue one" in page.text
    assert "stays at v1" in page.text


def test_a_note_on_what_another_has_changed_keeps_what_was_typed(artist: Visitor, market: str) -> None:
    lamp, _ = items(artist.opens(market))
    artist.sends(f"{market}/items/{lamp}", found_on=market, note="blue", version="", revision="1")

    refused = artist.sends(
        f"{market}/items/{lamp}", found_on=market, item=lamp, note="red after all", version="", revision="1"
    )

    assert refused.status == 412
    assert "red after all</textarea>" in refused.html


def test_a_version_that_is_no_number_is_refused(artist: Visitor, market: str) -> None:
    lamp, _ = items(artist.opens(market))

    refused = artist.sends(f"{market}/items/{lamp}", found_on=market, note="", version="two", revision="1")

    assert "Version 'two' is no number; leave it empty for the latest" in refused.text


def test_an_item_is_taken_out(artist: Visitor, market: str) -> None:
    lamp, _ = items(artist.opens(market))

    artist.sends(f"{market}/items/{lamp}/removal", found_on=market)

    page = artist.opens(market)
    assert page.cards == ["prp_cart"]
    assert "It is no longer in the collection." in page.text


@pytest.mark.parametrize("path", ["/items/none", "/items/none/removal", "/moves"])
def test_an_item_that_cannot_be_is_not_there(artist: Visitor, market: str, path: str) -> None:
    refused = artist.sends(f"{market}{path}", found_on=market, item="none", position="1", note="", revision="1")

    assert refused.status == 404


def test_what_was_retired_stays_gray_with_its_reason(studio: Studio, artist: Visitor, market: str) -> None:
    studio.pipeline.post("/assets/prp_cart/retirement", {"reason": "the show is over"})

    page = artist.opens(market)

    assert page.cards == ["prp_lamp", "prp_cart"]
    assert page.html.count('class="card absent"') == 1
    assert "Retired the show is over" in page.text


def test_the_words_of_a_collection_are_changed(artist: Visitor, market: str) -> None:
    changed = artist.sends(market, found_on=market, title="Morning market", description="Dry.", revision="1")
    stale = artist.sends(market, found_on=market, title="Noon market", description="Hot.", revision="1")

    assert changed.status == 303
    assert artist.opens(market).title == "Morning market – Reprise"
    assert stale.status == 412
    assert 'value="Noon market"' in stale.html


def test_a_collection_is_shared_by_name_and_with_the_studio(studio: Studio, artist: Visitor, market: str) -> None:
    ann = visitor(studio, studio.person("ann", Role.ARTIST, groups=["dawn"]))
    viewer = visitor(studio, studio.viewer)

    artist.sends(f"{market}/sharing", found_on=market, studio="view", shares="ann edit\n@dawn", revision="1")

    page = artist.opens(market)
    assert "ann edit\n@dawn view</textarea>" in page.html
    assert "Shared with you Night market" in ann.opens("/collections").text
    assert "From art , to edit" in ann.opens(market).text or "From art, to edit" in ann.opens(market).text
    assert f"{market}/sharing" not in ann.opens(market).links
    seen = viewer.opens(market)
    assert (seen.cards, "To look at" in seen.text) == (["prp_lamp", "prp_cart"], True)
    assert [link for link in seen.links if link.startswith(market) and "export" not in link] == []


@pytest.mark.parametrize("shares", ["ann edit now", "ann own", "@", "nobody"])
def test_a_share_that_names_nobody_keeps_what_was_typed(artist: Visitor, market: str, shares: str) -> None:
    refused = artist.sends(f"{market}/sharing", found_on=market, studio="", shares=shares, revision="1")

    assert refused.status == 422
    assert f"{shares}</textarea>" in refused.html


def test_the_studio_may_look_edit_or_nothing(artist: Visitor, market: str) -> None:
    assert artist.sends(f"{market}/sharing", found_on=market, studio="own", shares="", revision="1").status == 422


def test_a_collection_is_handed_over(studio: Studio, artist: Visitor, market: str) -> None:
    studio.person("ann", Role.ARTIST)

    artist.sends(f"{market}/owner", found_on=market, owner="ann", revision="1")

    assert "From ann" in artist.opens(market).text
    assert f"{market}/sharing" not in artist.opens(market).links


def test_a_collection_is_removed(artist: Visitor, market: str) -> None:
    removed = artist.sends(f"{market}/removal", found_on=market)

    assert removed.location == "/collections"
    assert "Its assets are where they were." in artist.opens("/collections").text
    assert artist.opens(market).status == 404


def test_a_private_collection_is_nothing_to_others(studio: Studio, market: str) -> None:
    ann = visitor(studio, studio.person("ann", Role.ARTIST))

    hidden, absent = ann.opens(market), ann.opens(f"/collections/{uuid4()}")

    assert (hidden.status, absent.status) == (404, 404)
    assert "Night market" not in hidden.html
    assert "Night market" not in ann.opens("/collections").html


def test_a_link_is_shown_once_opens_the_page_and_is_revoked(studio: Studio, artist: Visitor, market: str) -> None:
    viewer = visitor(studio, studio.viewer)
    made = artist.sends(f"{market}/links", found_on=market, name="review", days="7")
    found = re.search(r'value="http://studio.test([^"]*link=rpl_[^"]+)"', made.html)
    assert found

    opened = viewer.opens(found[1])
    assert (opened.status, opened.cards) == (200, ["prp_lamp", "prp_cart"])
    assert "Opened by a link" in opened.text
    assert viewer.opens(market).status == 404
    assert made.header("Cache-Control") == "no-store"
    assert "rpl_" not in artist.opens(market).html

    revoke = next(link for link in artist.opens(market).links if link.endswith("/revocation"))
    artist.sends(revoke, found_on=market)
    ended = viewer.opens(found[1])
    assert (ended.status, "This link was revoked" in ended.text) == (404, True)


def test_a_link_asks_for_whom_it_is_and_for_how_long(artist: Visitor, market: str) -> None:
    refused = artist.sends(f"{market}/links", found_on=market, name="review", days="400")

    assert refused.status == 422
    assert 'value="review"' in refused.html


def test_a_collection_is_taken_along_as_csv_and_json(artist: Visitor, market: str) -> None:
    marked, plain, as_json = (
        artist.opens(f"{market}/export?{query}") for query in ("form=csv", "form=csv&bom=no", "form=json")
    )

    assert plain.html.splitlines()[1].startswith("1,prp_lamp,,Lamp,prop,active,1,")
    assert marked.html.startswith("\ufeff")
    assert as_json.response.get_json()["total"] == 2
    assert plain.header("X-Row-Count") == "2"
    assert artist.opens(f"{market}/export?form=xml").status == 422


def test_paths_leave_one_entry(studio: Studio, artist: Visitor, market: str) -> None:
    paths = artist.sends(f"{market}/paths", found_on=market, platform="linux")

    assert paths.html.splitlines() == [
        "catalog://assets/prp_lamp/v1/files/lamp.txt",
        "# prp_cart: prp_cart has no published version; none is published yet",
    ]
    (entry,) = studio.entries("files.released/1")
    assert entry["values"]["how"] == "export"
    assert artist.sends(f"{market}/paths", found_on=market, platform="amiga").status == 422


def test_long_collections_come_in_pages_that_go_on_counting(studio: Studio, artist: Visitor) -> None:
    codes = [f"prp_x{number}" for number in range(61)]
    for code in codes:
        studio.artist.registers(code)
    address = collects(artist, "Long", " ".join(codes))

    first = artist.opens(address)
    second = artist.opens(next(link for link in first.links if "cursor=" in link))

    assert (len(first.cards), second.cards) == (60, ["prp_x60"])
    assert 'class="number">61<' in second.html


def test_forms_on_a_later_page_come_back_to_it_with_what_was_typed(studio: Studio, artist: Visitor) -> None:
    codes = [f"prp_x{number}" for number in range(61)]
    for code in codes:
        studio.artist.registers(code)
    address = collects(artist, "Long", " ".join(codes))
    second = next(link for link in artist.opens(address).links if "cursor=" in link)
    (item,) = items(artist.opens(second))
    cursor = second.partition("cursor=")[2]
    fields = {"item": item, "cursor": cursor, "version": "", "revision": "1"}

    saved = artist.sends(f"{address}/items/{item}", found_on=second, note="blue", **fields)
    refused = artist.sends(f"{address}/items/{item}", found_on=second, note="red after all", **fields)
    dropped = artist.sends(f"{address}/items/{item}/removal", found_on=second, cursor=cursor)

    assert f'name="cursor" value="{cursor}"' in artist.opens(second).html or dropped.status == 303
    assert saved.location == f"{second}#item-{item}"
    assert (refused.status, refused.cards, "red after all</textarea>" in refused.html) == (412, ["prp_x60"], True)
    assert dropped.location == second


def test_a_refusal_of_paths_is_said_to_whoever_came_by_a_link(studio: Studio, artist: Visitor, market: str) -> None:
    pipeline = visitor(studio, studio.pipeline)
    made = artist.sends(f"{market}/links", found_on=market, name="review", days="7")
    found = re.search(r"link=(rpl_[\w-]+)", made.html)
    assert found

    refused = pipeline.sends(f"{market}/paths", found_on="/me", platform="amiga", link=found[1])

    assert (refused.status, refused.cards) == (422, ["prp_lamp", "prp_cart"])
    assert "Platform 'amiga' is none of" in refused.text


def test_more_collections_of_one_sort_have_a_page(studio: Studio, artist: Visitor) -> None:
    for number in range(13):
        studio.artist.post("/collections", {"title": f"Shelf {number}"})

    assert "/collections?whose=mine" in artist.opens("/collections").links
    assert "Shelf 0" in artist.opens("/collections?whose=mine").text
    assert artist.opens("/collections?whose=theirs").status == 422


def test_an_item_of_a_merged_asset_says_as_what_it_was_added(studio: Studio, artist: Visitor) -> None:
    studio.artist.publishes("prp_light", {"light.txt": b"a light"}, name="Light")
    shelf = studio.artist.post("/collections", {"title": "Shelf"}).id
    studio.artist.post(f"/collections/{shelf}/items", {"assets": ["prp_lamp"]})
    studio.person("sue", Role.SUPERVISOR).post("/assets/prp_lamp/merge", {"into": "prp_light"})

    page = artist.opens(f"/collections/{shelf}")

    assert page.cards == ["prp_light"]
    assert "added as prp_lamp" in page.text


def test_a_form_that_is_refused_in_place_is_to_be_sent_again_as_a_page(studio: Studio, artist: Visitor) -> None:
    fields = {"csrf_token": artist.opens("/collections/add?asset=prp_lamp").csrf, "assets": "prp_lamp", "title": " "}

    in_place = artist.client.post("/collections/add", data=fields, headers={"HX-Request-Type": "partial"})
    as_a_page = artist.forges("/collections/add", **fields)

    assert (in_place.status_code, in_place.headers["HX-Trigger"], in_place.data) == (204, "as-a-page", b"")
    assert as_a_page.status == 422
    assert "choose a collection, or give a new one a title" in as_a_page.text.casefold()
    assert studio.artist.get("/collections").items == []
