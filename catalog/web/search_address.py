"""The address of a search: its whole state, read, changed and spelled in one canonical order. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from urllib.parse import urlencode

from catalog.search.facets import CUSTOM, FACETS, Bins, bins_of, field_of
from catalog.search.recorded import folded
from catalog.search.signs import read_value, say_value
from catalog.search.vocabulary import Facet, Sort

PATH = "/assets"
CUSTOM_MAX = 50
_FACETS = tuple(facet.value for facet in Facet)
Values = Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, kw_only=True)
class SearchAddress:
    """What a search asks for. Every change but ``following`` begins again on the first page.

    Without ``priors``, what changed lately is no more relevant for it.
    """

    text: str = ""
    like: str | None = None
    included: Values = field(default_factory=dict)
    excluded: Values = field(default_factory=dict)
    sort: Sort | None = None
    priors: bool = True
    cursor: str | None = None

    @property
    def ranked(self) -> bool:
        """Whether some hits fit better than others."""
        return bool(self.text or self.like)

    @property
    def order(self) -> Sort:
        """How hits are sorted: as asked, else best first where that means anything, else newest first."""
        if self.sort is None or (self.sort is Sort.RELEVANCE and not self.ranked):
            return self.usual
        return self.sort

    @property
    def usual(self) -> Sort:
        """How hits are sorted where nothing is asked."""
        return Sort.RELEVANCE if self.ranked else Sort.NEWEST

    @property
    def narrows(self) -> bool:
        """Whether it asks for less than everything."""
        return bool(self.text or self.like or self.included or self.excluded)

    @property
    def facets(self) -> tuple[str, ...]:
        """What it may ask of: the facets of every catalog, then the custom fields that it names."""
        custom = {facet for facet in (*self.included, *self.excluded) if field_of(facet)}
        return (*_FACETS, *sorted(custom))

    def pairs(self) -> list[tuple[str, str]]:
        """Return the parameters in canonical order."""
        found = [("q", self.text), ("like", self.like or "")]
        for facet in self.facets:
            found += [(facet, say_value(value)) for value in self.included.get(facet, ())]
            found += [(f"-{facet}", value) for value in self.excluded.get(facet, ())]
        said = "" if self.order is self.usual else self.order.value
        found += [("sort", said), ("priors", "" if self.priors else "off"), ("cursor", self.cursor or "")]
        return [(name, value) for name, value in found if value]

    def url(self) -> str:
        """Return the address."""
        pairs = self.pairs()
        return f"{PATH}?{urlencode(pairs)}" if pairs else PATH

    def page_of(self, facet: str) -> str:
        """Return the address of the page that lists all values of a facet within this search."""
        pairs = self.following(None).pairs()
        return f"{PATH}/facet/{facet}" + (f"?{urlencode(pairs)}" if pairs else "")

    def including(self, facet: str, value: str) -> SearchAddress:
        """Ask for this value, too."""
        clean = self.without(facet, value)
        return replace(clean, included=_with(clean.included, facet, value))

    def excluding(self, facet: str, value: str) -> SearchAddress:
        """Ask for what does not have this value."""
        clean = self.without(facet, value)
        return replace(clean, excluded=_with(clean.excluded, facet, value))

    def without(self, facet: str, value: str) -> SearchAddress:
        """Ask nothing about this value any more."""
        return replace(
            self, included=_less(self.included, facet, value), excluded=_less(self.excluded, facet, value), cursor=None
        )

    def saying(self, text: str) -> SearchAddress:
        """Search for another text."""
        return replace(self, text=text, cursor=None)

    def alike(self, like: str | None) -> SearchAddress:
        """Look for what is like another asset, or like none."""
        return replace(self, like=like, cursor=None)

    def ordered(self, sort: Sort | None) -> SearchAddress:
        """Show in another order."""
        return replace(self, sort=sort, cursor=None)

    def preferring(self, *, priors: bool) -> SearchAddress:
        """Prefer a little what changed lately, or not."""
        return replace(self, priors=priors, cursor=None)

    def following(self, cursor: str | None) -> SearchAddress:
        """Show the page after a cursor, or the first one."""
        return replace(self, cursor=cursor)


def read(query: Mapping[str, Sequence[str]]) -> SearchAddress:
    """Read the parameters of an address. What we do not know is passed over; what makes no sense is refused later."""
    sort = _first(query, "sort")
    return SearchAddress(
        text=_first(query, "q"),
        like=_first(query, "like") or None,
        included=_values(query, excluded=False),
        excluded=_values(query, excluded=True),
        sort=Sort(sort) if sort in set(Sort) else None,
        priors=_first(query, "priors") != "off",
        cursor=_first(query, "cursor") or None,
    )


def is_canonical(address: SearchAddress, given: Sequence[tuple[str, str]]) -> bool:
    """Whether an address that was given is spelled as we spell it, so that equal searches have equal addresses."""
    return list(given) == address.pairs()


def _first(query: Mapping[str, Sequence[str]], name: str) -> str:
    return next(iter(query.get(name, ())), "").strip()


def _values(query: Mapping[str, Sequence[str]], *, excluded: bool) -> Values:
    found: dict[str, tuple[str, ...]] = {}
    for facet in (*_FACETS, *_custom(query)):
        given = (value for value, left_out in _said(query, facet) if left_out is excluded)
        codes = facet in FACETS and FACETS[facet].codes
        spell = str if codes else folded if facet.startswith(CUSTOM) else str.casefold
        spelled = {spell(value) for value in given if value}
        if bins := bins_of(facet):
            spelled = {bins.spelled(value) or value for value in spelled}
            spelled |= set() if excluded else _between(query, facet, bins)
        if spelled:
            found[facet] = tuple(sorted(spelled))
    return found


def _said(query: Mapping[str, Sequence[str]], facet: str) -> Iterator[tuple[str, bool]]:
    """Yield the values of a facet, and whether each is left out, which its name says or it says itself."""
    yield from map(read_value, query.get(facet, ()))
    yield from ((value.strip(), True) for value in query.get(f"-{facet}", ()))


def _custom(query: Mapping[str, Sequence[str]]) -> list[str]:
    """Return the custom fields that an address asks of."""
    named = dict.fromkeys(name.removeprefix("-") for name in query)
    return [name for name in named if name.startswith(CUSTOM)][:CUSTOM_MAX]


def _between(query: Mapping[str, Sequence[str]], facet: str, bins: Bins) -> set[str]:
    """Return the range of the two fields of a histogram; what cannot be read there stays, to be refused later."""
    low, high = (_first(query, f"{facet}_{end}") for end in ("from", "to"))
    text = f"{low}..{high}" if low and high else f">={low}" if low else f"<={high}" if high else ""
    return {bins.spelled(text.casefold()) or text.casefold()} if text else set()


def _with(values: Values, facet: str, value: str) -> Values:
    return {**values, facet: tuple(sorted({*values.get(facet, ()), value}))}


def _less(values: Values, facet: str, value: str) -> Values:
    key = value.casefold()
    left = {**values, facet: tuple(one for one in values.get(facet, ()) if one.casefold() != key)}
    return {one: kept for one, kept in left.items() if kept}
