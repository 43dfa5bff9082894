"""Catalogs of the pages' texts: whole, in step with the texts, and true to what stands in for values and tags."""

import re
from pathlib import Path

import pytest
from babel.messages.catalog import Message
from babel.messages.pofile import read_po

from catalog.web.reasons import REFUSAL
from scripts import translations
from scripts.refusals import NO_PAGES, codes_of_pages, refusals

CATALOGS = [pytest.param(path, id=path.parts[-3]) for path in translations.catalogs()]
NAMES = re.compile(r"%\((\w+)\)s")
PLACES = re.compile(r"%\(\w+\)s|</?\w+[^>]*>")


SET_ASIDE = re.compile(
    r"{#.*?#}|{{.*?}}|{%.*?%}|<(?P<data>code|kbd|pre|svg|script|bdi)\b.*?</(?P=data)>", flags=re.DOTALL
)
SHOWN = re.compile(r">([^<>]+)<|\b(?:alt|aria-label|data-label|placeholder|title)=\"([^\"]+)\"")
SAME_EVERYWHERE = {"Reprise", "– Reprise", "SHA-256"}


def _messages(path: Path) -> list[Message]:
    with path.open("rb") as file:
        return [message for message in read_po(file, path.parts[-3]) if message.id]


def _texts(message: Message) -> tuple[str, ...]:
    return (message.id,) if isinstance(message.id, str) else tuple(message.id)


def _said(message: Message) -> tuple[str, ...]:
    return (message.string,) if isinstance(message.string, str) else tuple(message.string or ())


@pytest.mark.parametrize("path", CATALOGS)
def test_catalogs_have_exactly_the_texts_that_pages_say(path: Path) -> None:
    written = path.read_text(encoding="utf-8")

    renewed = translations.spelled(translations.renewed(written, path.parts[-3], translations.texts()))

    assert written == renewed, "run `python -m scripts.translations`"


@pytest.mark.parametrize("path", CATALOGS)
def test_every_text_is_translated_and_nothing_is_a_guess(path: Path) -> None:
    lacking = [message.id for message in _messages(path) if message.fuzzy or translations.is_missing(message)]

    assert lacking == []


@pytest.mark.parametrize("path", CATALOGS)
def test_translations_have_the_values_and_the_tags_of_their_texts(path: Path) -> None:
    differing = {
        said: text
        for message in _messages(path)
        for said in _said(message)
        for text in _texts(message)[-1:]
        if message.context != REFUSAL and sorted(PLACES.findall(said)) != sorted(PLACES.findall(text))
    }

    assert differing == {}


@pytest.mark.parametrize("path", CATALOGS)
def test_a_sentence_of_a_refusal_names_only_what_every_such_refusal_tells(path: Path) -> None:
    told = {one.id: set(NAMES.findall(str(one.string))) for one in _messages(path) if one.context == REFUSAL}

    lacking = {one.code: told[one.code] - one.details for one in refusals(NO_PAGES) if told[one.code] - one.details}

    assert told["code-taken"] == {"value"}
    assert lacking == {}


def test_codes_that_are_put_together_where_they_are_raised_are_known() -> None:
    assert {"bad-code", "stale", "bad-note", "unknown-issue", "other-kind", "index-damaged"} <= codes_of_pages()
    assert "port-taken" not in codes_of_pages(), "no page says it"


@pytest.mark.parametrize("path", CATALOGS)
def test_texts_can_stand_in_an_attribute(path: Path) -> None:
    quoted = [
        said
        for message in _messages(path)
        for said in (*_texts(message), *_said(message))
        if '"' in PLACES.sub("", said) or "<" in PLACES.sub("", said)
    ]

    assert quoted == [], "templates do not escape them: write “ and ”"


def test_no_template_says_anything_beside_the_catalogs() -> None:
    templates = [path for path in (translations.WEB / "templates").rglob("*.html") if path.parent.name != "docs"]

    said = {
        (path.name, text.strip())
        for path in templates
        for texts in SHOWN.findall(SET_ASIDE.sub("", path.read_text(encoding="utf-8")))
        for text in texts
        if re.search(r"[A-Za-z]{3}", text) and "hx-get" not in text
    }

    assert {text for text in said if text[1] not in SAME_EVERYWHERE} == set(), "the manual alone is English"


def test_of_a_conflict_both_sides_are_kept() -> None:
    ours, theirs = 'msgid "Rig"\nmsgstr "绑定"\n', 'msgid "Groom"\nmsgstr "毛发"\n'
    written = f'msgid "Asset"\nmsgstr "资产"\n\n<<<<<<< HEAD\n{ours}=======\n{theirs}>>>>>>> mine\n'

    renewed = translations.renewed(written, "zh_Hans", {(None, "Asset"), (None, "Rig"), (None, "Groom")})

    assert [message.string for message in sorted(renewed) if message.id] == ["资产", "毛发", "绑定"]


def test_a_text_that_is_gone_goes_and_a_new_one_waits_for_its_translation() -> None:
    renewed = translations.renewed('msgid "Old"\nmsgstr "旧"\n', "zh_Hans", {(None, "New")})

    assert [message.id for message in renewed if message.id] == ["New"]
    assert translations.is_missing(next(message for message in renewed if message.id))
