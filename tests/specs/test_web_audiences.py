"""What somebody may not know of leaves no trace on any page."""

from __future__ import annotations

import re

import pytest

from catalog.accounts.vocabulary import Role
from tests.files import png
from tests.studio import Person, Studio
from tests.visitors import Visitor, WebPage, visitor

CODE = "crt_nightjar"
TRACES = ("nightjar", "Nightjar", "NIGHTJAR", "feathered", "gr-secret")
PATHS = ("", "/versions", "/versions/1", "/relations", "/history")


@pytest.fixture
def insider(studio: Studio) -> Person:
    """Somebody of a private show, with an asset in it that is related to one that everybody sees."""
    insider = studio.person("ina", Role.SUPERVISOR, groups=["gr-secret"])
    insider.post("/shows", {"code": "NIGHTJAR", "name": "Nightjar", "audience": ["gr-secret"]})
    studio.artist.publishes("prp_lamp", tags=["brass"])
    insider.publishes(
        CODE, {"a.png": png()}, name="Nightjar", kind="creature", show="NIGHTJAR", tags=["feathered", "brass"]
    )
    insider.post(f"/assets/{CODE}/relations", {"kind": "contains", "target": "prp_lamp"})
    studio.settles()
    return insider


@pytest.fixture
def outsider(studio: Studio, insider: Person) -> Visitor:
    return visitor(studio, studio.artist)


@pytest.mark.parametrize("path", PATHS)
def test_a_hidden_asset_gets_the_very_page_of_an_absent_one(outsider: Visitor, path: str) -> None:
    hidden, absent = outsider.opens(f"/assets/{CODE}{path}"), outsider.opens(f"/assets/crt_nothing{path}")

    assert (hidden.status, absent.status) == (404, 404)
    assert _without_names(hidden) == _without_names(absent)


def test_a_change_to_a_hidden_asset_gets_the_very_page_of_an_absent_one(outsider: Visitor) -> None:
    hidden = outsider.sends(f"/assets/{CODE}/versions/1/download", found_on="/me", path="a.png")
    absent = outsider.sends("/assets/crt_nothing/versions/1/download", found_on="/me", path="a.png")

    assert (hidden.status, absent.status) == (404, 404)
    assert _without_names(hidden) == _without_names(absent)


@pytest.mark.parametrize(
    "path",
    [
        "/assets",
        "/assets?q=night",
        "/assets?kind=creature",
        "/assets?tag=brass",
        "/assets?like=prp_lamp",
        "/assets/prp_lamp",
        "/assets/prp_lamp/versions",
        "/assets/prp_lamp/history",
        "/me",
        "/me/tokens",
    ],
)
def test_no_page_says_a_word_of_it(outsider: Visitor, path: str) -> None:
    page = outsider.opens(path)

    said = [trace for trace in TRACES if trace in page.html.replace(path.partition("?")[2], "")]
    assert page.status == 200
    assert said == []


def test_a_search_for_it_counts_nothing(outsider: Visitor) -> None:
    page = outsider.opens("/assets?q=nightjar")

    assert page.title == "nightjar, 0 assets – Reprise"
    assert "1 asset" not in page.text


def test_a_filter_for_its_show_is_the_same_as_one_for_no_show(outsider: Visitor) -> None:
    hidden, absent = outsider.opens("/assets?show=NIGHTJAR"), outsider.opens("/assets?show=NOWHERE")

    assert _without_names(hidden) == _without_names(absent)


def test_its_picture_is_as_absent_as_any_other(studio: Studio, insider: Person, outsider: Visitor) -> None:
    picture = insider.get(f"/assets/{CODE}").thumbnail_url.rpartition("/")[2]

    hidden, absent = outsider.opens(f"/previews/{picture}"), outsider.opens(f"/previews/{'0' * 64}")

    assert (hidden.status, absent.status) == (404, 404)
    assert visitor(studio, insider).opens(f"/previews/{picture}").status == 200


def test_the_first_digits_of_a_picture_open_what_all_of_them_do(
    studio: Studio, insider: Person, outsider: Visitor
) -> None:
    picture = insider.get(f"/assets/{CODE}").thumbnail_url.rpartition("/")[2]
    inside = visitor(studio, insider)

    short, whole = inside.opens(f"/previews/{picture[:16]}"), inside.opens(f"/previews/{picture}")

    assert (short.status, short.header("ETag")) == (200, whole.header("ETag"))
    assert inside.opens(f"/previews/{picture[:15]}").status == 404
    assert inside.opens(f"/previews/{picture[:15]}_").status == 404
    assert outsider.opens(f"/previews/{picture[:16]}").status == 404


def test_operators_who_are_outside_see_its_jobs_without_a_word_of_it(studio: Studio, insider: Person) -> None:
    operator = visitor(studio, studio.pipeline)

    page = operator.opens("/jobs")

    assert page.status == 200
    assert [trace for trace in TRACES if trace in page.html] == []


def test_the_past_in_a_private_show_is_not_told_when_an_asset_leaves_it(studio: Studio, insider: Person) -> None:
    insider.patch(f"/assets/{CODE}", {"show": None, "name": "Bird", "tags": []})
    studio.settles()

    past = visitor(studio, studio.artist).opens(f"/assets/{CODE}/history")

    assert past.status == 200
    assert "NIGHTJAR" not in past.html
    assert "Show changed" in past.text


def test_insiders_see_all_of_it(studio: Studio, insider: Person) -> None:
    page = visitor(studio, insider).opens(f"/assets/{CODE}")

    assert page.status == 200
    assert "Nightjar" in page.text


def _without_names(page: WebPage) -> str:
    said = page.html
    for name in (CODE, "crt_nothing", "NIGHTJAR", "NOWHERE"):
        said = said.replace(name, "…")
    said = re.sub(r'(name="csrf_token" value=)"[^"]+"', r"\1…", said)  # tokens tell the second they were made in
    said = re.sub(r"\d+ ms", "ms", said)
    return re.sub(r"[0-9a-f]{8}-[0-9a-f-]{27}", "id", said)
