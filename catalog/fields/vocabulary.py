"""Closed words of custom fields, and the names that they may not have."""

from __future__ import annotations

from enum import StrEnum


class FieldType(StrEnum):
    """What the values of a field are: words that are searched, one term as it is, or a number."""

    TEXT = "text"
    EXACT = "exact"
    NUMBER = "number"


FIELDS_MAX = 50
"""So many fields are in use at most: people have to read a form with all of them."""

_WORDS = (
    "alias aliases and by bytes captured changed clearance code created depth description ext faces field fields "
    "file filename files filetype format formats grade has height id ids is kind label length license modality "
    "name names not notes or owner poly polys project published quality registered resolution reuse rig rights "
    "scan score show shows size status subject tag tags text texture textures triangles tris type updated used_in "
    "usedin uses version versions width with year"
)
RESERVED = frozenset(_WORDS.split())
"""What searches ask of every asset, and what is near it: a field of this name could not be asked for."""
