"""Facets and chips: what a search is narrowed by, and the links that widen or narrow it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from catalog.search.custom import custom_facets
from catalog.search.facets import bins_of
from catalog.search.vocabulary import Facet
from catalog.web import wording
from catalog.web.custom_fields import label_of as label_of_field
from catalog.web.languages import gettext, marked
from catalog.web.range_words import range_words

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from catalog.search.queries import FacetValue, SearchPage
    from catalog.web.search_address import SearchAddress
    from catalog.work.view import View

SHOWN = 8
"""Values of a facet that are seen at once; all of them have a page of their own."""

TITLES: dict[str, str] = {
    Facet.KIND: marked("Kind"),
    Facet.STATUS: marked("Status"),
    Facet.SHOW: marked("Show"),
    Facet.TAG: marked("Tag"),
    Facet.FORMAT: marked("Format"),
    Facet.HAS: marked("Has"),
    Facet.OWNER: marked("Owner"),
    Facet.POLYS: marked("Triangles"),
    Facet.TEXTURE: marked("Texture size"),
    Facet.HEIGHT: marked("Height"),
    Facet.YEAR: marked("Year"),
}

_WORDS: dict[str, Callable[[str], str]] = {
    Facet.KIND: wording.kind,
    Facet.STATUS: wording.status,
    Facet.HAS: wording.part,
}


@dataclass(frozen=True, kw_only=True)
class Choice:
    """One value: ``toggle`` turns it on or off, ``exclude`` asks for everything but it."""

    value: str
    label: str
    count: int
    selected: bool
    excluded: bool
    toggle: str
    exclude: str


@dataclass(frozen=True, kw_only=True)
class FacetBox:
    """A facet with its first values, those that were chosen before all others; ``more`` leads to the page of all."""

    name: str
    title: str
    shown: tuple[Choice, ...]
    more: str | None


@dataclass(frozen=True, kw_only=True)
class Chip:
    """One thing that narrows the search: in words, and the search without it."""

    title: str
    label: str
    excluded: bool
    without: SearchAddress

    @property
    def words(self) -> str:
        """What is taken away with the chip: ``Kind: Creature``."""
        if self.excluded:
            return gettext("%(facet)s: not %(value)s", facet=self.title, value=self.label)
        return gettext("%(facet)s: %(value)s", facet=self.title, value=self.label)


def titles_of(view: View) -> dict[str, str]:
    """Return what each facet is called, in the order in which they stand: those of every catalog, then the studio's."""
    custom = {facet: label_of_field(field) for facet, field in custom_facets(view).items()}
    ordered = sorted(custom.items(), key=lambda pair: pair[1].casefold())
    return {facet.value: gettext(TITLES[facet]) for facet in Facet} | dict(ordered)


def boxes_of(found: SearchPage, address: SearchAddress, titles: Mapping[str, str]) -> list[FacetBox]:
    """Return the facets that have anything to choose."""
    boxes = [
        _box(facet, titles[facet], values, address) for facet, values in found.facets.items() if not bins_of(facet)
    ]
    return [box for box in boxes if box.shown]


def chips_of(found: SearchPage, address: SearchAddress, titles: Mapping[str, str]) -> list[Chip]:
    """Return everything that narrows the search, in the order of its address."""
    chips = []
    if address.text:
        chips.append(Chip(title=gettext("Text"), label=address.text, excluded=False, without=address.saying("")))
    if address.like:
        chips.append(Chip(title=gettext("Similar to"), label=address.like, excluded=False, without=address.alike(None)))
    for facet, values in found.facets.items():
        chips += [
            Chip(
                title=titles.get(facet, facet),
                label=label_of(facet, one),
                excluded=one.excluded,
                without=address.without(facet, one.value),
            )
            for one in values
            if one.selected or one.excluded
        ]
    return chips


def words_of(address: SearchAddress, titles: Mapping[str, str]) -> tuple[str, ...]:
    """Return what a search asks for in words, without asking it: ``“lamp”``, ``Kind: Prop``; ``titles`` of facets."""
    found = [gettext("“%(text)s”", text=address.text)] if address.text else []
    if address.like:
        found.append(gettext("%(facet)s: %(value)s", facet=gettext("Similar to"), value=address.like))
    for facet in address.facets:
        said = _WORDS.get(facet, str)
        title = titles.get(facet, facet)
        if values := address.included.get(facet):
            found.append(gettext("%(facet)s: %(value)s", facet=title, value=", ".join(map(said, values))))
        if values := address.excluded.get(facet):
            found.append(gettext("%(facet)s: not %(value)s", facet=title, value=", ".join(map(said, values))))
    return tuple(found)


def _box(facet: str, title: str, values: Sequence[FacetValue], address: SearchAddress) -> FacetBox:
    chosen = sum(one.selected or one.excluded for one in values)
    shown = choices_of(facet, values, address, max(SHOWN, chosen))
    return FacetBox(
        name=str(facet),
        title=title,
        shown=tuple(shown),
        more=address.page_of(facet) if len(values) > len(shown) else None,
    )


def choices_of(
    facet: str, values: Sequence[FacetValue], address: SearchAddress, most: int | None = None
) -> list[Choice]:
    """Return the first values as choices, those that were chosen before all others."""
    chosen_first = sorted(values, key=lambda one: not (one.selected or one.excluded))
    return [_choice(facet, one, address) for one in chosen_first[:most]]


def _choice(facet: str, one: FacetValue, address: SearchAddress) -> Choice:
    without = address.without(facet, one.value)
    return Choice(
        value=one.value,
        label=label_of(facet, one),
        count=one.count,
        selected=one.selected,
        excluded=one.excluded,
        toggle=(without if one.selected or one.excluded else address.including(facet, one.value)).url(),
        exclude=address.excluding(facet, one.value).url(),
    )


def label_of(facet: str, one: FacetValue) -> str:
    """Return what a value is called on pages."""
    if bins := bins_of(facet):
        return range_words(bins, one.value)
    words = _WORDS.get(facet)
    return words(one.value) if words else one.label
