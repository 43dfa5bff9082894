"""What forms say, read: kinds, names, lists of words, and the revision that their writer saw."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from catalog.assets.registry import Alias
from catalog.assets.vocabulary import Kind
from catalog.kernel.errors import InvalidInput

if TYPE_CHECKING:
    from collections.abc import Mapping

    from catalog.kernel.errors import CatalogError
    from catalog.web.route import Call

DIGITS_MAX = 9
_FIRST_WORDS = 3
_OF_FILES = frozenset({"no-files", "bad-file", "bad-file-count", "bad-path", "same-path"})
"""Refusals of what was chosen, which no form holds as text."""
_BETWEEN = re.compile(r"[\s,;，；、]+")


def words_of(text: str) -> tuple[str, ...]:
    """Return the words of a text that lists some, each once: ``art, td`` or one on each line."""
    return tuple(dict.fromkeys(word for word in _BETWEEN.split(text) if word))


def lines_of(text: str) -> tuple[str, ...]:
    """Return the lines of a text that have anything in them, without the space around it."""
    return tuple(line.strip() for line in text.splitlines() if line.strip())


def kind_of(text: str) -> Kind:
    """Return the kind that a form names; ``InvalidInput`` where it is none."""
    if text not in set(Kind):
        raise InvalidInput(f"kind {text[:40]!r} is none of {', '.join(Kind)}", code="unknown-kind")
    return Kind(text)


def aliases_of(text: str) -> tuple[Alias, ...]:
    """Return one alias of each line, with its language behind a bar: ``邓丽君 | zh-Hans``."""
    read = [line.rpartition("|") if "|" in line else (line, "", "") for line in lines_of(text)]
    return tuple(Alias(text=said.strip(), language=language.strip() or "und") for said, _, language in read)


def field_of(refusal: CatalogError, typed: Mapping[str, str]) -> str | None:
    """Return the field of a form that a refusal is about; refusals name it among their first words."""
    named = [error.field for error in refusal.errors] if len(refusal.errors) == 1 else []
    if refusal.code in _OF_FILES:
        return "files"
    return next((word for word in (*named, *refusal.message.split()[:_FIRST_WORDS]) if word in typed), None)


def find_number(text: str) -> int | None:
    """Return a whole number that is written in up to nine digits; None where it is none."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= DIGITS_MAX else None


def revision_of(call: Call) -> int:
    """Return the revision that the form was filled in for; ``InvalidInput`` where it lacks one."""
    revision = find_number(call.form.get("revision", ""))
    if revision is None:
        raise InvalidInput("the form does not say which revision it was filled in for; load it again", code="bad-form")
    return revision
