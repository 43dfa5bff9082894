"""What of a document goes into which Whoosh field.

The three text fields hold words with their places, made by ``search.text``; facet values and audiences are columns of
text, everything that orders is one column of packed numbers. A marker document with the id 0 stores the ledger's
``seq``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
from whoosh import columns, fields, formats

from catalog.search import text
from catalog.search.port import Document
from catalog.search.relevance import Standing, digest, searchable, standing
from catalog.search.vocabulary import Facet, Tier

VERSION = f"1.{text.VERSION}"
"""Raised whenever documents would be written differently; an index of another version is rebuilt."""

ASSET_AUDIENCE = "asset_audience"
SHOW_AUDIENCE = "show_audience"
GROUPS = (*Facet, ASSET_AUDIENCE, SHOW_AUDIENCE)
"""Columns that documents are grouped by; several values of one document are separated by NUL."""

RECORD = np.dtype(
    [("id", ">u8", (2,)), ("digest", ">u8"), ("updated_us", ">i8"), ("name", ">u8", (4,)), ("name_words", ">u2")]
)
NUL = b"\0"
SEQ = "seq"
NAMED = "named"
MARKER = Standing(id=(0, 0), updated_us=0, name_words=0, name=(0, 0, 0, 0))


class PlacedWords(fields.FieldType):  # type: ignore[misc] # Whoosh 2.7.4 has no types
    """A field that is given words with their places and analyzes nothing itself."""

    def __init__(self) -> None:
        super().__init__(format=formats.Positions(), analyzer=None)

    def index(self, value: Mapping[str, list[int]], **_: object) -> Iterator[tuple[bytes, int, float, bytes]]:
        """Yield each word as Whoosh stores it: bytes, frequency, weight, places."""
        encode = self.format.encode
        return ((word.encode(), len(places), 1.0, encode(places)) for word, places in value.items())


def new_schema() -> fields.Schema:
    """Return the schema of this version."""
    named = {str(tier): PlacedWords() for tier in Tier}
    grouped = {str(group): fields.COLUMN(columns.VarBytesColumn()) for group in GROUPS}
    return fields.Schema(
        record=fields.COLUMN(columns.FixedBytesColumn(RECORD.itemsize)),
        **named,
        **grouped,
        **{SEQ: fields.STORED(), NAMED: fields.STORED()},
    )


def fields_of(document: Document) -> dict[str, Any]:
    """Return a document as Whoosh's writer takes it."""
    return {
        **{str(tier): found for tier, found in searchable(document).items()},
        **{str(facet): NUL.join(map(encoded, document.values_of(facet))) for facet in Facet},
        ASSET_AUDIENCE: encoded(document.asset_audience),
        SHOW_AUDIENCE: encoded(document.show_audience),
        NAMED: (document.code, document.name),
        "record": packed(standing(document), digest(document)),
    }


def encoded(value: str) -> bytes:
    """Return a value as its column holds it; any text at all has such a form."""
    return value.encode("utf-8", "surrogatepass")


def marker(seq: int) -> dict[str, Any]:
    """Return the document that holds the ledger's ``seq``."""
    return {SEQ: seq, "record": packed(MARKER, 0)}


def packed(place: Standing, fingerprint: int) -> bytes:
    """Return what decides a document's place as one row of the record column."""
    row = np.zeros(1, RECORD)
    row[0] = (place.id, fingerprint, place.updated_us, place.name, place.name_words)
    return row.tobytes()
