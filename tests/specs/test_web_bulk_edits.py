"""Bulk edits on pages, without JavaScript: choose, preview, let loose, look, undo."""

from __future__ import annotations

import re

import pytest

from tests.studio import Studio
from tests.visitors import Visitor, WebPage, visitor


@pytest.fixture
def pipeline(studio: Studio) -> Visitor:
    for number in range(3):
        studio.artist.registers(f"prp_cup{number}", name=f"Cup {number}", tags=["wood"])
    studio.artist.registers("prp_bowl", name="Bowl", tags=["clay"])
    studio.pipeline.post("/assets/prp_cup2/retirement", {"reason": "broken"})
    studio.settles()
    return visitor(studio, studio.pipeline)


def _acts(page: WebPage) -> list[str]:
    return re.findall(r'<button class="button[^"]*" type="submit">(?:<svg.*?</svg>)?([^<]*)</button>', page.html)


def _previews(person: Visitor, **typed: str) -> str:
    moved = person.sends("/edits", found_on="/edits/new?q=cup", **typed)
    assert moved.status == 303
    return moved.location or ""


def test_all_that_a_search_finds_is_previewed_changed_and_set_back(studio: Studio, pipeline: Visitor) -> None:
    form = pipeline.opens("/edits/new?q=cup&tag=wood")
    here = _previews(pipeline, search="q=cup&tag=wood", add_tags="old\r\ndear", kind="costume")
    shown = pipeline.opens(here)
    pipeline.sends(f"{here}/start", found_on=here)
    running = pipeline.opens(here)
    studio.settles()
    done = pipeline.opens(here)
    pipeline.sends(f"{here}/undo", found_on=here)
    studio.settles()

    assert form.title == "Edit 3 assets – Reprise"
    assert "add to tags: old, dear; make them Costume" in shown.text
    assert "2 assets would change. Nothing has changed yet." in shown.text
    assert "Left out is retired" in shown.text
    assert "Tags from wood to wood, old, dear" in shown.text
    assert _acts(shown) == ["Search", "Change 2 assets"]
    assert ("Running" in running.text, _acts(running)) == (True, ["Search", "Cancel"])
    assert _acts(done) == ["Search", "Undo the changes of 2 assets"]
    assert "Undone" in pipeline.opens(here).text
    assert studio.artist.get("/assets/prp_cup0").tags == ["wood"]


def test_the_form_counts_what_the_edit_would_find_and_not_what_was_probably_meant(pipeline: Visitor) -> None:
    form = pipeline.opens("/edits/new?q=cpu")

    assert form.title == "Edit 0 assets – Reprise"


def test_a_selection_is_edited_and_names_of_nothing_are_told(pipeline: Visitor) -> None:
    form = pipeline.sends("/edits/new", found_on="/assets", assets="prp_cup0\r\nprp_gone")
    here = _previews(pipeline, assets="prp_cup0\nprp_gone", remove_tags="WOOD", disown="yes")

    shown = pipeline.opens(here)

    assert (form.status, form.title) == (200, "Edit 2 assets – Reprise")
    assert "1 name is no asset's prp_gone" in shown.text
    assert "Owner from art to nothing" in shown.text


def test_an_edit_of_nothing_is_refused_and_not_one_of_everything(pipeline: Visitor) -> None:
    selected = pipeline.sends("/edits/new", found_on="/assets", assets=" ")
    opened = pipeline.opens("/edits/new")
    everything = pipeline.opens("/edits/new?q=")

    assert [(one.status, "Select assets, or search" in one.text) for one in (selected, opened)] == [(422, True)] * 2
    assert everything.title == "Edit 4 assets – Reprise"


def test_a_form_that_is_refused_keeps_what_was_typed(pipeline: Visitor) -> None:
    refused = pipeline.sends(
        "/edits", found_on="/edits/new?q=cup", search="q=cup", add_tags="old\nnew", owner="nobody", reason="why"
    )

    assert refused.status == 422
    assert "Owner 'nobody' is no user here" in refused.text
    assert ">old\nnew</textarea>" in refused.html
    assert 'name="search" value="q=cup"' in refused.html


@pytest.mark.parametrize(
    "typed, words",
    [
        ({"add_tags": "new", "replace_tags": "yes"}, "replace all tags by new"),
        ({"replace_tags": "yes"}, "remove all tags"),
        ({"remove_tags": "wood"}, "remove from tags: wood"),
        ({"owner": "art"}, "give them to art"),
        ({"disown": "yes"}, "take the owner away"),
        ({"status": "retire", "reason": "worn"}, "retire them: worn"),
        ({"status": "reinstate"}, "offer them again"),
    ],
    ids=str,
)
def test_an_edit_says_what_it_does(pipeline: Visitor, typed: dict[str, str], words: str) -> None:
    here = _previews(pipeline, search="q=cup", **typed)

    assert words in pipeline.opens(here).text
    assert words in pipeline.opens("/edits").text


def test_assets_are_listed_by_what_became_of_them(studio: Studio, pipeline: Visitor) -> None:
    here = _previews(pipeline, search="q=cup", add_tags="old")
    studio.artist.patch("/assets/prp_cup0", {"tags": ["glass"]})
    pipeline.sends(f"{here}/start", found_on=here)
    studio.settles()

    left = pipeline.opens(f"{here}?state=left")

    assert "Cup 0 prp_cup0 Left alone was changed by somebody meanwhile: Tags" in left.text
    assert "Cup 1" not in left.text


def test_an_edit_that_was_cancelled_can_be_done_to_its_end(studio: Studio, pipeline: Visitor) -> None:
    here = _previews(pipeline, search="q=cup", add_tags="old")
    pipeline.sends(f"{here}/start", found_on=here)
    pipeline.sends(f"{here}/cancellation", found_on=here)
    studio.settles()

    cancelled = pipeline.opens(here)

    assert "0 assets were changed before it was cancelled." in cancelled.text
    assert _acts(cancelled) == ["Search", "Change the other 2"]


def test_a_page_that_is_open_asks_for_its_part_while_a_worker_is_at_it(pipeline: Visitor) -> None:
    here = _previews(pipeline, search="q=cup", add_tags="old")
    before = pipeline.opens(here)
    pipeline.sends(f"{here}/start", found_on=here)

    part = pipeline.opens(here, HX_Request="true", HX_Request_Type="partial")

    assert "hx-get" not in before.html
    assert part.html.lstrip().startswith("<div")
    assert f'hx-get="{here}"' in part.html


def test_an_edit_of_nothing_shows_that_nothing_would_change(pipeline: Visitor) -> None:
    here = _previews(pipeline, search="q=cup", add_tags="wood")

    assert "Nothing would change." in pipeline.opens(here).text


def test_there_is_a_way_from_the_search_page_for_those_who_may(studio: Studio, pipeline: Visitor) -> None:
    offered = pipeline.opens("/assets?q=cup&tag=wood&sort=name").links
    viewers = visitor(studio, studio.viewer).opens("/assets?q=cup").links

    assert "/edits/new?q=cup&tag=wood" in offered
    assert [link for link in viewers if "edits" in link] == []


@pytest.mark.parametrize("path", ["/edits/nothing", "/edits/01a208b8-da1d-77bc-9ecc-b3dbf76c45f4"])
def test_an_edit_that_is_none_is_not_found(pipeline: Visitor, path: str) -> None:
    assert pipeline.opens(path).status == 404


def test_a_list_without_edits_says_how_to_begin(studio: Studio) -> None:
    assert "No bulk edits yet" in visitor(studio, studio.artist).opens("/edits").text


def test_custom_fields_are_set_and_emptied_by_the_form_and_told_by_their_labels(
    studio: Studio, pipeline: Visitor
) -> None:
    for name, label in (("vendor", "Vendor"), ("fabric", "Fabric")):
        studio.admin.post("/fields", {"name": name, "type": "exact", "label": label})
    studio.artist.patch("/assets/prp_cup0", {"fields": {"fabric": "linen"}})
    typed = {"search": "q=cup", "fields.vendor": "Acme", "empty.fabric": "yes", "fields.fabric": ""}

    form = pipeline.opens("/edits/new?q=cup")
    shown = pipeline.opens(_previews(pipeline, **typed))
    both = pipeline.sends("/edits", found_on="/edits/new?q=cup", **{**typed, "fields.fabric": "silk"})

    assert 'name="fields.vendor"' in form.html
    assert "set Vendor to Acme; empty Fabric" in shown.text
    assert re.search("Vendor.{0,12}nothing.{0,12}Acme", shown.text)
    assert re.search("Fabric.{0,12}linen.{0,12}nothing", shown.text)
    assert (both.status, "cannot be emptied and given a value" in both.text) == (422, True)
    assert 'value="silk"' in both.html
