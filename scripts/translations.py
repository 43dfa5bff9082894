"""Brings the catalogs of the pages' texts up to date: ``python -m scripts.translations``.

Finds every text in ``catalog/web``, keeps the translations that there are, drops those of texts that are gone, and
tells which are missing. Catalogs are sorted, name no lines and no dates, and have one line for each text, so that two
people who add texts seldom meet; where they do, this takes the entries of both sides out of the conflict.
"""

from __future__ import annotations

import sys
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

from babel.messages.catalog import Catalog
from babel.messages.extract import extract
from babel.messages.pofile import read_po, write_po

from catalog.media.vocabulary import FindingCode
from catalog.web.languages import CATALOGS
from catalog.web.reasons import FINDING, REFUSAL
from catalog.web.wording import BORROWED
from scripts.refusals import codes_of_pages

if TYPE_CHECKING:
    from collections.abc import Iterator

    from babel.messages.catalog import Message

WEB = CATALOGS.parent
KEYWORDS = {
    "_": None,
    "gettext": None,
    "ngettext": (1, 2),
    "pgettext": ((1, "c"), 2),
    "counted": (2, 3),
    "marked": None,
    "paired": (1, 2),
}
METHODS = {".py": ("python", {}), ".html": ("jinja2.ext:babel_extract", {"trimmed": "true", "silent": "false"})}
HEADER = (
    'msgid ""\nmsgstr ""\n"Language: {language}\\n"\n"Content-Type: text/plain; charset=utf-8\\n"\n'
    '"Plural-Forms: {plurals}\\n"\n\n'
)
Id = tuple[str | None, str | tuple[str, ...]]


def texts() -> set[Id]:
    """Return every text that pages say, with its context where it has one."""
    found: set[Id] = {(None, text) for text in BORROWED}
    found |= {(REFUSAL, code) for code in codes_of_pages()} | {(FINDING, code.value) for code in FindingCode}
    for path in sorted(WEB.rglob("*")):
        if path.suffix in METHODS:
            method, options = METHODS[path.suffix]
            with path.open("rb") as file:
                for _, message, _, context in extract(method, file, KEYWORDS, options=options):
                    found.add((context, message if isinstance(message, str) else tuple(message)))
    return found


def catalogs() -> Iterator[Path]:
    """Return the files with the texts of each language."""
    yield from sorted(CATALOGS.glob("*/LC_MESSAGES/messages.po"))


def renewed(written: str, locale: str, wanted: set[Id]) -> Catalog:
    """Return the catalog with the wanted texts: translated where it had them, on either side of a conflict."""
    sides = [read_po(BytesIO(side.encode()), locale) for side in _sides(written)]
    catalog = Catalog(locale=locale, fuzzy=False)
    for context, text in wanted:
        found = [message for side in sides if (message := side.get(text, context)) and not is_missing(message)]
        catalog.add(text, found[0].string if found else None, context=context, flags=found[0].flags if found else ())
    return catalog


def is_missing(message: Message) -> bool:
    """Whether a text has no translation, or not for every number."""
    said = message.string if isinstance(message.string, tuple | list) else (message.string,)
    return not all(said)


def spelled(catalog: Catalog) -> str:
    """Return the catalog as its file has it."""
    body = BytesIO()
    write_po(body, catalog, width=0, no_location=True, omit_header=True, sort_output=True)
    return HEADER.format(language=catalog.locale, plurals=catalog.plural_forms) + body.getvalue().decode()


def _sides(written: str) -> list[str]:
    """Return the file; where it holds conflicts, as each of both sides would have it."""
    ours: list[str] = []
    theirs: list[str] = []
    into: tuple[list[str], ...] = (ours, theirs)
    for line in written.splitlines(keepends=True):
        match line[:7]:
            case "<<<<<<<":
                into = (ours,)
            case "|||||||":
                into = ()
            case "=======":
                into = (theirs,)
            case ">>>>>>>":
                into = (ours, theirs)
            case _:
                for side in into:
                    side.append(line)
    return ["".join(side) for side in ((ours,) if ours == theirs else (ours, theirs))]


def main() -> int:
    """Write every catalog anew; return how many texts lack a translation."""
    wanted, lacking = texts(), 0
    for path in catalogs():
        catalog = renewed(path.read_text(encoding="utf-8"), path.parts[-3], wanted)
        path.write_text(spelled(catalog), encoding="utf-8")
        missing = [message.id for message in catalog if message.id and is_missing(message)]
        lacking += len(missing)
        for text in missing:
            print(f"{path.parts[-3]} lacks: {text!r}")
        print(f"{path.parts[-3]}: {len(catalog)} texts, {len(missing)} to be translated.")
    return lacking


if __name__ == "__main__":
    sys.exit(1 if main() else 0)
