"""Two languages: which one somebody is spoken to in, how they choose, and that nothing is left in the other."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
from babel.messages.pofile import read_po
from babel.numbers import format_decimal

from catalog.accounts.vocabulary import Language
from catalog.assets.vocabulary import KIND_LABELS, AssetStatus
from catalog.search.fields import BY_NAME, spelled
from catalog.web import wording
from catalog.web.languages import CATALOGS, first_understood, spoken
from tests.studio import Studio
from tests.visitors import Visitor, WebPage, give_password, stranger, visitor

HERE = "http://localhost"


def chooses(someone: Visitor, language: str, *, on: str, referer: str | None = None) -> WebPage:
    """Press the button of another language on a page."""
    fields = {"csrf_token": someone.opens(on).csrf, "language": language}
    headers = {"Referer": HERE + on if referer is None else referer}
    return WebPage(response=someone.client.post("/language", data=fields, headers=headers))


@pytest.mark.parametrize(
    "asked,language,title",
    [
        ("", "en", "Sign in – Reprise"),
        ("de,fr;q=0.8", "en", "Sign in – Reprise"),
        ("zh-CN,zh;q=0.9,en;q=0.8", "zh-Hans", "登录 – Reprise"),
        ("fr,zh-TW;q=0.5,en;q=0.1", "zh-Hans", "登录 – Reprise"),
        ("en-GB,zh;q=0.9", "en", "Sign in – Reprise"),
        ("zh;q=0,*", "en", "Sign in – Reprise"),
    ],
)
def test_a_stranger_is_spoken_to_as_their_browser_asks(studio: Studio, asked: str, language: str, title: str) -> None:
    page = stranger(studio).opens("/sign-in", Accept_Language=asked)

    assert page.title == title
    assert f'<html lang="{language}" ' in page.html


def test_what_a_stranger_chose_is_kept_by_their_browser(studio: Studio) -> None:
    someone = stranger(studio)

    chosen = chooses(someone, "zh-Hans", on="/sign-in?next=/jobs")

    assert (chosen.status, chosen.location) == (303, "/sign-in?next=/jobs")
    assert someone.opens("/sign-in", Accept_Language="en").title == "登录 – Reprise"


def test_what_somebody_chose_follows_them_to_any_browser(studio: Studio) -> None:
    artist = visitor(studio, studio.artist)

    chosen = chooses(artist, "zh-Hans", on="/assets?kind=prop")

    elsewhere = stranger(studio)
    elsewhere.signs_in("art")
    assert (chosen.status, chosen.location) == (303, "/assets?kind=prop")
    assert "还没有资产" in artist.opens("/assets").text
    assert "还没有资产" in elsewhere.opens("/assets", Accept_Language="en").text


def test_what_somebody_chose_counts_more_than_what_the_browser_keeps(studio: Studio) -> None:
    artist = visitor(studio, studio.artist)
    chooses(artist, "zh-Hans", on="/assets")
    shared = stranger(studio)
    chooses(shared, "en", on="/sign-in")

    shared.signs_in("art")

    assert '<html lang="zh-Hans" ' in shared.opens("/assets").html


def test_choosing_a_language_is_no_change_of_the_catalog(studio: Studio) -> None:
    artist = visitor(studio, studio.artist)
    before = len(studio.entries())

    chooses(artist, "zh-Hans", on="/assets")

    assert len(studio.entries()) == before


def test_a_language_that_nobody_speaks_here_is_refused(studio: Studio) -> None:
    refused = chooses(stranger(studio), "tlh", on="/sign-in")

    assert refused.status == 422
    assert "'tlh' is none of en, zh-Hans" in refused.text


@pytest.mark.parametrize(
    "referer", ["", "http://evil.test/assets", "http://[", f"{HERE}//evil.test/", f"{HERE}/sign-out"]
)
def test_choosing_a_language_leads_nowhere_else(studio: Studio, referer: str) -> None:
    chosen = chooses(stranger(studio), "zh-Hans", on="/sign-in", referer=referer)

    assert (chosen.status, chosen.location) == (303, "/")


def test_each_language_is_offered_by_its_own_name(studio: Studio) -> None:
    someone = stranger(studio)

    english = someone.opens("/sign-in").html
    chinese = someone.opens("/sign-in", Accept_Language="zh").html

    assert 'value="zh-Hans" lang="zh-Hans">中文</button>' in english
    assert 'value="en" lang="en">EN</button>' in chinese


def test_a_form_that_was_kept_is_not_lost_to_another_language(studio: Studio) -> None:
    give_password(studio, studio.artist.login)
    someone = stranger(studio)
    fields = {"name": "mine", "csrf_token": someone.opens("/sign-in").csrf}

    asked = WebPage(
        response=someone.client.post("/me/tokens", data=fields, headers={"Origin": HERE, "Accept-Language": "zh"})
    )

    assert 'name="kept-name" value="mine"' in asked.html
    assert "/language" not in asked.html


def test_a_refusal_says_in_which_language_its_reason_is(studio: Studio) -> None:
    refused = visitor(studio, studio.artist).opens("/assets/nothing_here", Accept_Language="zh")

    assert '<html lang="zh-Hans" ' in refused.html
    assert 'lang="en">There is no asset' in refused.html


@pytest.mark.parametrize("language", Language)
def test_all_our_languages_set_thousands_apart_alike(language: str) -> None:
    assert format_decimal(1234567.5, locale=language.replace("-", "_")) == wording.number(1234567.5) == "1,234,567.5"


@pytest.mark.parametrize(
    "wishes,language",
    [([("zh-Hans-SG", 1)], "zh-Hans"), ([("EN_us", 1)], "en"), ([("zho", 1)], "en"), ([], "en"), ([("zh", 0)], "en")],
)
def test_the_first_wish_that_can_be_met_is(wishes: list[tuple[str, float]], language: str) -> None:
    assert first_understood(wishes) == language


def test_where_no_page_is_made_words_are_english() -> None:
    assert spoken() == "en"
    assert wording.counted(2, "%(count)s file", "%(count)s files") == "2 files"
    assert wording.kind("digital_double") == "Digital double"


def test_scripts_learn_and_change_the_language_of_whoever_they_act_for(studio: Studio) -> None:
    viewer = visitor(studio, studio.viewer)
    before = len(studio.entries())

    changed = studio.viewer.patch("/me", {"language": "zh-Hans"})
    spoken_to = viewer.opens("/assets", Accept_Language="en").html
    nothing = studio.viewer.patch("/me", {})
    forgotten = studio.viewer.patch("/me", {"language": None})

    assert (changed.status, changed.language, nothing.language) == (200, "zh-Hans", "zh-Hans")
    assert '<html lang="zh-Hans" ' in spoken_to
    assert forgotten.json["language"] is studio.viewer.get("/me").json["language"] is None
    assert '<html lang="en" ' in viewer.opens("/assets", Accept_Language="en").html
    assert len(studio.entries()) == before


def test_scripts_are_refused_a_language_that_nobody_speaks_here(studio: Studio) -> None:
    refused = studio.viewer.patch("/me", {"language": "tlh"})

    assert refused.status == 422
    assert studio.viewer.get("/me").json["language"] is None


def test_what_facets_are_called_on_pages_can_be_typed_in_both_languages() -> None:
    statuses = {value: wording.STATUS_WORDS[value] for value in AssetStatus}
    words: dict[str, Mapping[Any, str]] = {"kind": KIND_LABELS, "status": statuses, "has": wording.PART_WORDS}
    with (CATALOGS / "zh_Hans" / "LC_MESSAGES" / "messages.po").open("rb") as file:
        chinese = {message.id: str(message.string) for message in read_po(file)}

    labels = [(name, label, value) for name, of in words.items() for value, label in of.items()]
    typed = [(name, spelled(BY_NAME[name], label)) for name, label, _ in labels]
    typed_in_chinese = [(name, spelled(BY_NAME[name], chinese[label])) for name, label, _ in labels]

    assert typed == typed_in_chinese == [(name, value) for name, _, value in labels]


@pytest.mark.parametrize(
    "name,alias,asked,shown",
    [
        ("Paper lantern", "纸灯笼|zh-Hans", "zh", '<bdi class="also" lang="zh-Hans">纸灯笼</bdi>'),
        ("Paper lantern", "纸灯笼|zh-Hans", "en", None),
        ("Paper lantern", "Lampion|de", "zh", None),
        ("Paper lantern", "纸灯笼|und", "zh", None),
        ("纸灯笼", "Paper lantern|en", "en", '<bdi class="also" lang="en">Paper lantern</bdi>'),
        ("纸灯笼", "Paper lantern|und", "en", '<bdi class="also">Paper lantern</bdi>'),
        ("纸灯笼", "Paper lantern|en", "zh", None),
        ("纸灯笼", "紙燈籠|zh-Hant", "zh", None),
    ],
)
def test_an_asset_has_its_name_in_the_letters_of_the_reader_beside_it(
    studio: Studio, name: str, alias: str, asked: str, shown: str | None
) -> None:
    text, _, language = alias.partition("|")
    studio.artist.registers("prp_lantern", name=name, aliases=[{"text": text, "language": language}])
    studio.follows()
    someone = visitor(studio, studio.viewer)

    paths = ("/assets", "/assets/prp_lantern", "/assets/prp_lantern/versions", "/assets/prp_lantern/glance")
    pages = [someone.opens(path, Accept_Language=asked).html for path in paths]

    assert [page.count(shown or 'class="also"') for page in pages] == ([1, 2, 2, 1] if shown else [0, 0, 0, 0])
