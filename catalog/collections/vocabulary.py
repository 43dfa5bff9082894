"""Closed words and limits of collections."""

from __future__ import annotations

from enum import StrEnum


class ShareRole(StrEnum):
    """What a collection is shared for. Who edits it changes its words, items and order, but not who sees it."""

    VIEW = "view"
    EDIT = "edit"


class Access(StrEnum):
    """What somebody may do with a collection; each may what those before it may."""

    VIEW = "view"
    EDIT = "edit"
    OWN = "own"


class Whose(StrEnum):
    """Which collections a listing is of: one's own, those shared with oneself by name, or with the whole studio."""

    MINE = "mine"
    SHARED = "shared"
    STUDIO = "studio"


class WhoseSearches(StrEnum):
    """Which saved searches a listing is of: one's own, those shown to oneself by name, or to the whole studio."""

    MINE = "mine"
    SHARED = "shared"
    STUDIO = "studio"


class Absence(StrEnum):
    """Why an item can no longer be taken: it stays in the collection, and says so."""

    RETIRED = "retired"
    WITHDRAWN = "withdrawn"


ITEMS_MAX = 10_000
"""So many items at most are in one collection."""

TOGETHER_MAX = 500
"""So many items at most are added, moved or dropped by one act."""

SHARES_MAX = 200
"""With so many users and groups at most is one collection shared."""

LINK_DAYS_MAX = 90
"""So long at most a link opens a collection; one that should be open for longer is shared by name."""

LINK_DAYS_DEFAULT = 14
LINKS_MAX = 100
"""So many links at most open one collection at a time."""

SEARCHES_MAX = 100
"""So many searches at most one person keeps: each is held against everything that changes."""

QUERY_MAX = 4_000
"""So many characters at most make the query of a saved search."""

KNOWN_MAX = 5_000
"""Of a search that finds more than so many, only what was registered since its owner last looked is new."""

NEWS_MAX = 1_000
"""So much at most is kept as new of one search; whoever has more looks at the search itself."""

COUNTED_MAX = 100
"""So far is what is new in all of one's searches counted: every page tells of it, as "99+" from there on."""
