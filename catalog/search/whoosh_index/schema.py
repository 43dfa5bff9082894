"""Which Whoosh fields there are, and what documents are grouped by.

The text fields hold words with their places, made by ``search.text``. Whoosh reads them through ``codec``; all
else that is known of a document stands in arrays beside them (``contents``).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from whoosh import fields, formats

from catalog.search import text
from catalog.search.facets import FACETS
from catalog.search.port import Document
from catalog.search.vocabulary import Facet, Tier

VERSION = f"10.{text.VERSION}"
"""Raised whenever documents would be written differently; an index of another version is rebuilt."""

ASSET_AUDIENCE = "asset_audience"
SHOW_AUDIENCE = "show_audience"
GROUPS = (*Facet, ASSET_AUDIENCE, SHOW_AUDIENCE)
"""What documents are grouped by."""

INDEX = "MAIN"
"""What Whoosh calls an index unless it is told otherwise."""

CODE = "code"
NAME = "name"
ID = "id"


class PlacedWords(fields.FieldType):  # type: ignore[misc] # Whoosh 2.7.4 has no types
    """A field whose words come with their places; Whoosh analyzes nothing."""

    def __init__(self) -> None:
        super().__init__(format=formats.Positions(), analyzer=None, scorable=True)


def new_schema() -> fields.Schema:
    """Return the schema of this version."""
    stored = {name: fields.STORED() for name in (ID, CODE, NAME)}
    return fields.Schema(**{str(tier): PlacedWords() for tier in Tier}, **stored)


def reader_of(group: str) -> Callable[[Document], Iterable[str]]:
    """Return what tells under which values of a group a document is."""
    match group:
        case "asset_audience":
            return lambda document: (document.asset_audience,)
        case "show_audience":
            return lambda document: (document.show_audience,)
    return FACETS[Facet(group)].values


def encoded(value: str) -> bytes:
    """Return a value as it is written; any text at all has such a form."""
    return value.encode("utf-8", "surrogatepass")
