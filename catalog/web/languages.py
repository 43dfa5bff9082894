"""In which language pages speak, and where their words in it come from.

English stands in the source and is what is looked up; ``translations/`` has a catalog for each other language. Catalogs
are read as they are written, when the first page needs them: nothing has to be compiled, and nothing can be stale.
"""

from __future__ import annotations

from contextlib import suppress
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

import flask_babel
from babel import Locale
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import NullTranslations, Translations
from flask import request

from catalog.accounts.vocabulary import Language
from catalog.kernel.errors import CatalogError
from catalog.web import sessions

if TYPE_CHECKING:
    from collections.abc import Iterable

    from flask import Flask

CATALOGS = Path(__file__).parent / "translations"
COOKIE = "language"
NAMES: dict[Language, str] = {Language.ENGLISH: "EN", Language.CHINESE: "中文"}
"""What each is called by those who read it."""
_BY_TAG = {language.partition("-")[0]: language for language in Language}


def gettext(text: str, /, **values: object) -> str:
    """Return the text in the language of this answer: ``gettext("Token “%(name)s” is revoked.", name=token.name)``."""
    return str(flask_babel.gettext(text, **values))


def ngettext(one: str, several: str, count: int, /, **values: object) -> str:
    """Return the text that fits the count, in the language of this answer."""
    return str(flask_babel.ngettext(one, several, count, **values))


def pgettext(context: str, text: str, /) -> str:
    """Return a text that other languages say differently from place to place: ``pgettext("version", "Number")``."""
    return str(flask_babel.pgettext(context, text))


def find_text(context: str, key: str) -> str | None:
    """Return what the language of this answer says under a key that is no text; None where it says nothing."""
    said = pgettext(context, key)
    return None if said == key else said


def marked(text: str) -> str:
    """Return the text as it is, and have catalogs know it: for words that are translated where they are used."""
    return text


def paired(one: str, several: str) -> tuple[str, str]:
    """Return both texts as they are, and have catalogs know them: ``marked``, for what counts."""
    return one, several


def install(app: Flask) -> None:
    """Let the pages of the application speak; sessions must be installed."""
    babel = flask_babel.Babel()
    babel.init_app(app, locale_selector=lambda: _locale_of(_wanted()))
    babel.domain_instance = _Catalogs()


def spoken() -> Language:
    """Return the language of this answer; English where there is none."""
    return _language_of(flask_babel.get_locale())


def _language_of(locale: Locale | None) -> Language:
    return Language(str(locale or Language.ENGLISH).replace("_", "-"))


def first_understood(wishes: Iterable[tuple[str, float]]) -> Language:
    """Return the first of ``Accept-Language``'s wishes, best first, that we speak in any of its variants; else English.

    Whoever asks for Chinese as it is written elsewhere is given this one: it is nearer than English.
    """
    tags = (tag.casefold().replace("_", "-").partition("-")[0] for tag, quality in wishes if quality > 0)
    return next((_BY_TAG[tag] for tag in tags if tag in _BY_TAG), Language.ENGLISH)


class _Catalogs(flask_babel.Domain):  # type: ignore[misc]  # Flask-Babel has no types
    """Words as we keep them, instead of compiled files."""

    def get_translations(self) -> NullTranslations:
        return _words_of(flask_babel.get_locale())


@cache
def _words_of(locale: Locale | None) -> NullTranslations:
    return _words_in(_language_of(locale))


@cache
def _words_in(language: Language) -> NullTranslations:
    if language is Language.ENGLISH:
        return NullTranslations()
    locale, compiled = _locale_of(language), BytesIO()
    with (CATALOGS / locale / "LC_MESSAGES" / "messages.po").open("rb") as file:
        write_mo(compiled, read_po(file, locale))
    compiled.seek(0)
    return Translations(compiled)


def _locale_of(language: Language) -> str:
    return language.replace("-", "_")


def _wanted() -> Language:
    """Return what the user chose, else what this browser keeps, else what it asks for."""
    own = None
    with suppress(CatalogError):  # a page that says that the database does not answer speaks as well
        own = sessions.find_language()
    for said in (own, request.cookies.get(COOKIE)):
        if said in set(Language):
            return Language(said)
    return first_understood(request.accept_languages)
