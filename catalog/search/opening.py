"""Opening the index that the settings name."""

from __future__ import annotations

from pathlib import Path

from catalog.search.port import SearchIndex


def open_index(folder: Path) -> SearchIndex:
    """Return the index in this folder; nothing is read or made before it is asked something.

    Numpy and Whoosh are imported here, so that what never searches never loads them.
    """
    from catalog.search.whoosh_index.index import WhooshIndex  # noqa: PLC0415 — loads numpy and Whoosh only when needed

    return WhooshIndex(folder)
