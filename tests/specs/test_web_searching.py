"""The search page: its address is its whole state, and every page of it says how to go on."""

from __future__ import annotations

import json
import re

import pytest

from catalog.web import search_address
from catalog.web.search import question_of
from tests.studio import Studio
from tests.visitors import Visitor, visitor


@pytest.fixture
def shelves(studio: Studio) -> Visitor:
    """A catalogue of a few things, and somebody who looks at it."""
    studio.admin.post("/shows", {"code": "ORION", "name": "Orion Rising"})
    artist = studio.artist
    artist.registers("prp_lampBrass", name="Brass lamp", tags=["brass", "light"], show="ORION")
    artist.registers("prp_lampTin", name="Tin lamp", tags=["tin", "light"])
    artist.registers("crt_wolf", name="Grey wolf", kind="creature", tags=["fur"], show="ORION")
    artist.registers("veh_cart", name="Brass cart", kind="vehicle", tags=["brass"])
    studio.settles()
    return visitor(studio, studio.viewer)


def test_the_first_page_is_the_search(shelves: Visitor) -> None:
    assert shelves.opens("/").location == "/assets"
    assert shelves.opens("/assets").title == "4 assets – Reprise"


def test_a_search_finds_by_words(shelves: Visitor) -> None:
    page = shelves.opens("/assets?q=brass")

    assert sorted(page.cards) == ["prp_lampBrass", "veh_cart"]
    assert page.title == "brass, 2 assets – Reprise"
    assert "2 assets for brass" in page.text


def test_values_of_one_facet_widen_and_facets_narrow(shelves: Visitor) -> None:
    assert len(shelves.opens("/assets?kind=creature&kind=vehicle").cards) == 2
    assert shelves.opens("/assets?kind=creature&kind=vehicle&show=ORION").cards == ["crt_wolf"]


def test_what_changed_lately_comes_first_unless_the_address_says_otherwise(shelves: Visitor) -> None:
    plain = shelves.opens("/assets?q=brass")
    without = shelves.opens("/assets?q=brass&priors=off")

    assert "/assets?q=brass&priors=off" in plain.links
    assert "Sorted by the text alone." in without.text
    assert "/assets?q=brass" in without.links
    assert '<input type="hidden" form="search" name="priors" value="off">' in without.html
    assert "/assets?q=brass&kind=vehicle&priors=off" in without.links
    assert shelves.opens("/assets?priors=on&q=brass").location == "/assets?q=brass"
    assert "by the text alone" not in shelves.opens("/assets?q=brass&sort=name").text


def test_a_search_by_the_text_alone_is_asked_so() -> None:
    asked = search_address.read({"q": ["brass"], "priors": ["off"]})

    assert question_of(asked, limit=1, facets=()).priors is False
    assert question_of(search_address.read({"q": ["brass"]}), limit=1, facets=()).priors is True


def test_a_minus_leaves_values_out(shelves: Visitor) -> None:
    page = shelves.opens("/assets?-kind=prop")

    assert sorted(page.cards) == ["crt_wolf", "veh_cart"]
    assert "Kind not Prop" in page.text


def test_counts_ignore_the_selection_of_their_own_facet(shelves: Visitor) -> None:
    page = shelves.opens("/assets?kind=creature")

    counts = re.findall(r'<input type="checkbox"[^>]* aria-label="([^"]*)"', page.html)
    assert counts[:3] == ["Creature, 1 asset", "Prop, 2 assets", "Vehicle, 1 asset"]
    assert "Orion Rising, 1 asset" in counts


@pytest.mark.parametrize(
    "given,canonical",
    [
        ("/assets?q=&kind=prop&sort=", "/assets?kind=prop"),
        ("/assets?kind=vehicle&kind=creature", "/assets?kind=creature&kind=vehicle"),
        ("/assets?sort=name&tag=Brass&kind=PROP&q=lamp", "/assets?q=lamp&kind=prop&tag=brass&sort=name"),
        ("/assets?q=lamp&sort=relevance", "/assets?q=lamp"),
        ("/assets?sort=newest", "/assets"),
        ("/assets?kind=prop&kind=prop&utm=x", "/assets?kind=prop"),
        ("/assets?q=%20%20lamp%20", "/assets?q=lamp"),
        ("/assets?-tag=TIN&-kind=prop", "/assets?-kind=prop&-tag=tin"),
        ("/assets?sort=upside-down", "/assets"),
    ],
)
def test_equal_searches_have_one_address(shelves: Visitor, given: str, canonical: str) -> None:
    moved = shelves.opens(given)

    assert (moved.status, moved.location) == (303, canonical)
    assert shelves.opens(canonical).status == 200


@pytest.mark.parametrize("text", ["邓丽君", "مصباح", '50% "off" & <b>\'s', "a+b=c?", "100 % ~*!()", "é̀"])
def test_an_address_comes_to_rest_whatever_is_searched_for(shelves: Visitor, text: str) -> None:
    page = shelves.client.get("/assets", query_string={"q": text, "tag": text})

    again = page if page.status_code == 200 else shelves.client.get(page.headers["Location"])

    assert again.status_code == 200


def test_every_value_is_a_link_that_narrows_and_a_box_to_tick(shelves: Visitor) -> None:
    page = shelves.opens("/assets?q=brass")

    assert "/assets?q=brass&kind=prop" in page.links
    assert "/assets?q=brass&-kind=prop" in page.links
    assert 'name="kind" value="prop"' in page.html


def test_every_filter_is_a_chip_that_removes_it(shelves: Visitor) -> None:
    page = shelves.opens("/assets?q=lamp&-tag=tin&sort=name")

    assert "Remove filter: Text lamp" in page.text
    assert "/assets?-tag=tin&sort=name" in page.links
    assert "Remove filter: Tag not tin" in page.text
    assert "/assets?q=lamp&sort=name" in page.links


def test_a_search_without_hits_says_which_filter_to_drop(shelves: Visitor) -> None:
    page = shelves.opens("/assets?q=lamp&kind=creature&show=ORION")

    assert "Nothing fits all of this" in page.text
    assert "Without Text: lamp 1 asset" in page.text
    assert "Without Kind: Creature 1 asset" in page.text
    assert "Without Show" not in page.text
    assert "/assets?kind=creature&show=ORION" in page.links


def test_a_word_that_nothing_has_says_what_was_searched(shelves: Visitor) -> None:
    page = shelves.opens("/assets?q=xylophone")

    assert "Names, other names, codes, tags" in page.text
    assert "Dropping" not in page.text


def test_an_empty_catalogue_shows_three_ways_to_publish(studio: Studio) -> None:
    page = visitor(studio, studio.artist).opens("/assets")

    assert page.title == "0 assets – Reprise"
    assert "catalog --url http://studio.test assets publish" in page.html
    assert "curl http://studio.test/api/v1/assets" in page.html
    assert "Client(&#34;http://studio.test&#34;" in page.html


def test_an_empty_catalogue_asks_nothing_of_viewers(studio: Studio) -> None:
    page = visitor(studio, studio.viewer).opens("/assets")

    assert "There is nothing for you to see yet" in page.text
    assert "publish ./chr_ann" not in page.html


def test_pages_follow_one_another_without_gaps(studio: Studio) -> None:
    for at in range(130):
        studio.artist.registers(f"prp_cup{at:03d}")
    studio.settles()
    viewer = visitor(studio, studio.viewer)

    first = viewer.opens("/assets?sort=name")
    second = viewer.opens(_next(first.links))
    third = viewer.opens(_next(second.links))

    assert [len(page.cards) for page in (first, second, third)] == [60, 60, 10]
    assert first.cards + second.cards + third.cards == [f"prp_cup{at:03d}" for at in range(130)]
    assert "First page" in third.text
    assert not [link for link in third.links if link.startswith("/assets?") and "cursor" in link]


def test_a_cursor_of_another_search_is_refused(studio: Studio) -> None:
    for at in range(61):
        studio.artist.registers(f"prp_cup{at:03d}")
    studio.settles()
    viewer = visitor(studio, studio.viewer)
    cursor = _next(viewer.opens("/assets?sort=name").links).partition("cursor=")[2]

    refused = viewer.opens(f"/assets?q=cup&cursor={cursor}")

    assert refused.status == 422


def test_what_is_alike_can_be_searched_for(shelves: Visitor) -> None:
    page = shelves.opens("/assets?like=prp_lampBrass")

    assert set(page.cards) == {"prp_lampTin", "veh_cart"}
    assert "Remove filter: Similar to prp_lampBrass" in page.text


def test_an_unknown_value_of_a_closed_facet_is_refused_with_the_right_ones(shelves: Visitor) -> None:
    refused = shelves.opens("/assets?kind=spaceship")

    assert refused.status == 422
    assert "'spaceship' is none of digital_double, creature" in refused.text


def test_an_unknown_tag_or_show_finds_nothing_and_says_so(shelves: Visitor) -> None:
    assert "0 assets" in shelves.opens("/assets?tag=nowhere").text
    assert "0 assets" in shelves.opens("/assets?show=NOWHERE").text


def test_names_are_shown_as_text_whatever_they_are(studio: Studio) -> None:
    studio.artist.registers("prp_script", name='<script>alert("1")</script>', tags=["<b>bold</b>"])
    studio.artist.registers("prp_arabic", name="مصباح السوق (٣)")
    studio.settles()

    page = visitor(studio, studio.viewer).opens("/assets?sort=name")

    assert "<script>alert" not in page.html
    assert '<script>alert("1")</script>' in page.text
    assert "dir=auto>مصباح السوق (٣)</a>" in page.html


def test_a_misspelt_search_says_what_it_shows_and_offers_no_act_on_all(studio: Studio, shelves: Visitor) -> None:
    page = visitor(studio, studio.artist).opens("/assets?q=tni+lamp")

    assert page.cards == ["prp_lampTin"]
    assert "This finds nothing. Shown is what “tin lamp” finds." in page.text
    assert "Edit all" not in page.text
    assert "Edit all" in visitor(studio, studio.artist).opens("/assets?q=tin+lamp").text
    assert "/docs/guides/search" in shelves.opens("/assets?q=xyzzy").links


def test_a_text_longer_than_anybody_reads_is_cut_and_says_so(shelves: Visitor) -> None:
    page = shelves.opens("/assets?q=" + "a" * 10_001)

    assert page.status == 200
    assert "At most 10,000 characters are searched for" in page.text


def test_a_nul_is_refused(shelves: Visitor) -> None:
    assert shelves.opens("/assets?q=a%00b").status == 422
    assert shelves.opens("/assets/a%00b").status in {404, 422}


def _next(links: list[str]) -> str:
    return next(link for link in links if link.startswith("/assets?") and "cursor" in link)


def test_a_mistake_is_marked_where_it_stands_and_mended_by_a_link(shelves: Visitor) -> None:
    page = shelves.opens("/assets?q=lamp+knid%3Aprop")

    assert "lamp knid :prop There is no field “knid”; it was searched for as words." in page.text
    assert "/assets?q=lamp+kind%3Aprop" in page.links
    assert sorted(shelves.opens("/assets?q=lamp+kind%3Aprop").cards) == ["prp_lampBrass", "prp_lampTin"]


def test_what_is_found_can_be_taken_along_whole(shelves: Visitor) -> None:
    page = shelves.opens("/assets?q=lamp&tag=light&sort=name")

    files = [link for link in page.links if link.startswith("/assets.")]

    assert files == [
        "/assets.csv?q=lamp&tag=light&sort=name",
        "/assets.csv?q=lamp&tag=light&sort=name&bom=no",
        "/assets.json?q=lamp&tag=light&sort=name",
    ]
    for_spreadsheets, table, listed = (shelves.opens(link) for link in files)
    assert [line.partition(",")[0] for line in table.html.splitlines()] == ["code", "prp_lampBrass", "prp_lampTin"]
    assert (table.header("X-Row-Count"), table.header("Content-Type")) == ("2", "text/csv; charset=utf-8")
    assert table.header("Content-Disposition") == "attachment; filename*=UTF-8''assets.csv"
    assert for_spreadsheets.html == f"\ufeff{table.html}"
    assert [one["code"] for one in json.loads(listed.html)["items"]] == ["prp_lampBrass", "prp_lampTin"]


def test_of_a_near_miss_what_is_shown_is_exported(shelves: Visitor) -> None:
    page = shelves.opens("/assets?q=tin+lmap")

    (listed,) = [link for link in page.links if link.startswith("/assets.json")]

    assert [one["code"] for one in json.loads(shelves.opens(listed).html)["items"]] == ["prp_lampTin"]


def test_an_export_as_something_else_is_refused(shelves: Visitor) -> None:
    refused = shelves.opens("/assets.xlsx?q=lamp")

    assert (refused.status, "'xlsx' is none of csv, json" in refused.text) == (422, True)


def test_where_nothing_is_found_nothing_is_offered_to_take_along(shelves: Visitor) -> None:
    assert [link for link in shelves.opens("/assets?q=xyzzy").links if link.startswith("/assets.")] == []


def test_values_without_a_hit_stay_and_can_be_chosen(shelves: Visitor) -> None:
    page = shelves.opens("/assets?q=brass")

    boxes = re.findall(r'<input type="checkbox"[^>]* aria-label="([^"]*)"', page.html)
    assert boxes[:3] == ["Prop, 1 asset", "Vehicle, 1 asset", "Creature, 0 assets"]
    assert "/assets?q=brass&kind=creature" in page.links
    assert 'class="choice idle"' in page.html


def test_owners_and_years_narrow_as_kinds_do(studio: Studio, shelves: Visitor) -> None:
    page = shelves.opens(f"/assets?owner={studio.artist.login.upper()}&q=lamp")

    assert page.location == f"/assets?q=lamp&owner={studio.artist.login}"
    assert len(shelves.opens(page.location or "").cards) == 2
    assert shelves.opens("/assets?year=1999").cards == []


def test_all_values_of_a_facet_have_a_page_with_a_box_that_filters_them(studio: Studio) -> None:
    studio.artist.registers("prp_many", tags=[f"tag {at:02d}" for at in range(12)])
    studio.artist.registers("prp_one", tags=["tag 03", "other"])
    studio.settles()
    viewer = visitor(studio, studio.viewer)
    more = next(link for link in viewer.opens("/assets?q=prp&tag=tag+03").links if "/facet/" in link)

    every = viewer.opens(more)
    some = viewer.opens(more + "&named=OTH")

    assert more == "/assets/facet/tag?q=prp&tag=tag+03"
    assert re.findall(r'name="tag" value="([^"]*)"(?: checked)?>\n<label', every.html) == [
        *("tag 03", "other"),
        *(f"tag {at:02d}" for at in range(12) if at != 3),
    ]
    assert "tag 03 , 2 assets" in every.text
    assert re.findall(r'name="tag" value="([^"]*)"(?: checked)?>\n<label', some.html) == ["tag 03", "other"]
    assert 'type="hidden" name="q" value="prp"' in some.html
    assert viewer.opens("/assets/facet/shoe").status == 404


def test_a_page_of_values_names_nothing_that_its_reader_may_not_know_of(studio: Studio) -> None:
    studio.admin.post("/groups", {"code": "family", "name": "Family"})
    studio.artist.registers("prp_open", tags=["open"])
    studio.admin.registers("prp_shut", tags=["shut"], audience=["family"])
    studio.settles()

    page = visitor(studio, studio.viewer).opens("/assets/facet/tag")

    assert "open" in page.text
    assert "shut" not in page.text


def test_where_nothing_is_asked_ones_own_collections_stand_above_the_recent_assets(studio: Studio) -> None:
    studio.artist.registers("prp_lamp", name="Lamp")
    studio.settles()
    artist, viewer = visitor(studio, studio.artist), visitor(studio, studio.viewer)
    before = artist.opens("/assets").text
    market = studio.artist.post("/collections", {"title": "Night market"})
    studio.artist.post(f"/collections/{market.id}/items", {"assets": ["prp_lamp"]})

    page = artist.opens("/assets")

    assert "Your collections None yet: press c on an asset" in before
    assert "Your collections Night market 1 asset All collections Recent assets" in page.text
    assert {f"/collections/{market.id}", "/collections"} <= set(page.links)
    assert "Your collections" not in artist.opens("/assets?q=lamp").text
    assert "Your collections" not in viewer.opens("/assets").text
