"""The closed words of search."""

from __future__ import annotations

from enum import StrEnum


class Facet(StrEnum):
    """What hits can be narrowed by and counted by."""

    KIND = "kind"
    STATUS = "status"
    SHOW = "show"
    TAG = "tag"
    FORMAT = "format"
    HAS = "has"
    OWNER = "owner"
    YEAR = "year"
    POLYS = "polys"
    TEXTURE = "texture"
    HEIGHT = "height"


class Sort(StrEnum):
    """In which order hits come: best first, last changed first, by name, or most reused first."""

    RELEVANCE = "relevance"
    NEWEST = "newest"
    NAME = "name"
    REUSED = "reused"


class Tier(StrEnum):
    """Where in a document a word stands; ``relevance`` says what each is worth."""

    NAMES = "names"
    LABELS = "labels"
    DESCRIPTION = "description"
    FILES = "files"


class SuggestionKind(StrEnum):
    """What a suggestion leads to: one asset, or all of a tag, of a show, or of a saved search."""

    ASSET = "asset"
    TAG = "tag"
    SHOW = "show"
    SEARCH = "search"


class Link(StrEnum):
    """How assets are tied to others by what the database says, which no document holds."""

    USED_IN = "used_in"


class Measure(StrEnum):
    """What of an asset is a number that searches limit; each is whole, in the smallest unit that matters."""

    UPDATED = "updated"
    CREATED = "created"
    POLYS = "polys"
    TEXTURE = "texture"
    HEIGHT = "height"
    WIDTH = "width"
    DEPTH = "depth"
    SIZE = "size"
