"""Histograms: how the measures of what was found are spread, with a range from and to that narrows the search."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from catalog.search import ranges
from catalog.search.facets import bins_of
from catalog.web.facets import TITLES
from catalog.web.languages import gettext
from catalog.web.range_words import range_words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from catalog.search.facets import Bins
    from catalog.search.queries import FacetValue, SearchPage
    from catalog.search.terms import Between
    from catalog.web.search_address import SearchAddress

LEVELS = 10


@dataclass(frozen=True, kw_only=True)
class Bar:
    """A bin: how high it is drawn, and whether the range that was asked for reaches into it."""

    label: str
    count: int
    level: int
    within: bool


@dataclass(frozen=True, kw_only=True)
class Histogram:
    """The spread of one measure. ``low`` and ``high`` are the range that was asked for, as people write it.

    ``lowest`` and ``highest`` are the ends of its bars; empty where the first or the last bar has none.

    Of several ranges, which nobody can write into two fields, ``several`` are all.
    """

    name: str
    title: str
    bars: tuple[Bar, ...]
    low: str
    high: str
    lowest: str
    highest: str
    several: tuple[str, ...]
    more: str


def histograms_of(found: SearchPage, address: SearchAddress) -> list[Histogram]:
    """Return the histograms of all measures that differ among what was found, and of those that a range is asked of.

    One bar alone is a block that tells nothing.
    """
    return [
        _histogram(facet, bins, values, address)
        for facet, values in found.facets.items()
        if values and (bins := bins_of(facet)) and (_differs(values) or facet in address.included)
    ]


def _differs(values: Sequence[FacetValue]) -> bool:
    return sum(one.count > 0 for one in values) > 1


def _histogram(facet: str, bins: Bins, values: Sequence[FacetValue], address: SearchAddress) -> Histogram:
    counts = {one.value: one.count for one in values}
    known = [at for at, value in enumerate(bins.values) if value in counts]
    shown = bins.values[known[0] : known[-1] + 1] if known else ()
    edges = [ranges.shortest(one, bins.form) for one in bins.edges[known[0] : known[-1] + 2]] if known else []
    most = max((counts.get(value, 0) for value in shown), default=0)
    asked = address.included.get(facet, ())
    low, high = _ends(bins, asked[0]) if len(asked) == 1 else ("", "")
    chosen = [one for text in asked if (one := bins.read(text))]
    return Histogram(
        name=str(facet),
        title=gettext(TITLES[facet]),
        bars=tuple(
            Bar(
                label=range_words(bins, value),
                count=counts.get(value, 0),
                level=-(-counts.get(value, 0) * LEVELS // most) if most else 0,
                within=any(_meet(one, bin_) for one in chosen if (bin_ := bins.read(value))),
            )
            for value in shown
        ),
        low=low,
        high=high,
        lowest=edges[0] if edges else "",
        highest=edges[-1] if len(edges) > len(shown) else "",
        several=asked if len(asked) > 1 else (),
        more=address.page_of(facet),
    )


def _meet(one: Between, other: Between) -> bool:
    """Whether something could lie within both."""
    begins = one.low is None or other.high is None or one.low <= other.high
    return begins and (one.high is None or other.low is None or other.low <= one.high)


def _ends(bins: Bins, text: str) -> tuple[str, str]:
    found = ranges.read(text, bins.form)
    if found is None:
        return "", ""
    low, high = ("" if end is None else ranges.shortest(end, bins.form) for end in (found.low, found.high))
    return low, high
