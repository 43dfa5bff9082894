"""A search text as its reader means it: synonyms and fields of the studio, and values as documents spell them.

What a reader may not know of is spelled for nobody, and is told as what is not there.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace

from sqlalchemy import Select

from catalog.assets.tagging import spelling_of, synonyms_of, tag_key
from catalog.search.custom import custom_fields
from catalog.search.linking import ties_of
from catalog.search.notices import NOTICES_MAX, Mistake, Notice, nearest
from catalog.search.port import SearchIndex, SearchQuery
from catalog.search.query import parse
from catalog.search.terms import Clause, SearchText
from catalog.search.trade_words import synonyms_for
from catalog.search.vocabulary import Facet
from catalog.shows.models import Show
from catalog.shows.queries import visible_shows
from catalog.work.view import View

SHOWS_MAX = 2_000
TAGS_MAX = 2_000
TAGS_TOLD = 4
"""Among so many shows, and so many of the most used tags, the nearest is looked for; of so many tags that are none."""

_BETWEEN = re.compile(r"[^\w\-.]")
"""What a tag is quoted for, where it stands in a text."""


def may_name_fields(text: str) -> bool:
    """Whether a text may name a field; one without a colon does not."""
    return ":" in text or "：" in text


def read_for(view: View, text: str) -> SearchText:
    """Read a text, with values as documents spell them and assets that are tied to others; what is none is a notice."""
    read = parse(text, synonyms_for(view), custom_fields(view))
    shows = _codes(view, read.values(Facet.SHOW))
    spelling: dict[tuple[Facet, str], tuple[str, ...]] = {(Facet.SHOW, old): (new,) for old, new in shows.items()}
    if tags := read.values(Facet.TAG):
        merged = synonyms_of(view.session)
        spelling |= {(Facet.TAG, tag): tuple(sorted(with_merged({tag_key(tag)}, merged))) for tag in tags}
    ties = ties_of(view, read)
    notices = [*read.notices, *_unknown_shows(view, read, shows), *ties.notices][:NOTICES_MAX]
    return replace(read.spelled(spelling, ties.ids), notices=tuple(notices))


def _unknown_shows(view: View, read: SearchText, shows: Mapping[str, str]) -> list[Notice]:
    """Return a notice for each value that is no show the viewer knows of, with the nearest that is."""
    if all(value in shows for value in read.values(Facet.SHOW)):
        return []
    named = _shows(view).add_columns(Show.name).order_by(Show.code_key).limit(SHOWS_MAX)
    known = [(key, code, name.casefold()) for key, code, name in view.session.execute(named)]
    codes = {key: code for key, code, _ in known}

    def near(value: str) -> str | None:
        called = next((code for _, code, name in known if value in name), None)
        return called or codes.get(nearest(value, codes) or "")

    return [
        Notice(
            mistake=Mistake.UNKNOWN_SHOW,
            start=one.at[0],
            end=one.at[1],
            said=(("found", one.value),),
            instead=f"show:{code}" if (code := near(one.value)) else None,
        )
        for one in read.havings(Facet.SHOW)[:NOTICES_MAX]
        if one.value not in shows
    ]


def unknown_tags(index: SearchIndex, query: SearchQuery, typed: str) -> Iterator[Notice]:
    """Yield a notice for each tag that nothing has which the viewer sees, with the nearest that something has.

    What is excluded may be had by nothing. The index knows tags by what has them; no hidden asset's are among them.
    """
    wanted = [clause for clause in query.text.clauses if not clause.negated]
    said = replace(query.text, clauses=tuple(wanted)).havings(Facet.TAG)
    places = list(dict.fromkeys(one.at for one in said))[:TAGS_TOLD]
    tags: list[str] | None = None
    for at in places:
        spellings = tuple(one for one in said if one.at == at)
        asked = SearchText(clauses=(Clause(terms=spellings),))
        if index.search(SearchQuery(audiences=query.audiences, text=asked, limit=1)).total:
            continue
        if tags is None:
            tags = [one.value for one in index.counts(Facet.TAG, query.audiences)[:TAGS_MAX]]
        found = min((one.value for one in spellings), key=lambda tag: tag not in typed.casefold())
        near = nearest(found, tags)
        offer = near and (f'tag:"{near}"' if _BETWEEN.search(near) else f"tag:{near}")
        yield Notice(mistake=Mistake.UNKNOWN_TAG, start=at[0], end=at[1], said=(("found", found[:80]),), instead=offer)


def codes_of(view: View, values: Sequence[str]) -> dict[str, str]:
    """Return each value as the show is spelled that the viewer may know of, or as it is."""
    codes = _codes(view, values)
    return {value: codes.get(value.casefold(), value) for value in values}


def _codes(view: View, values: Sequence[str]) -> dict[str, str]:
    keys = [value.casefold() for value in values]
    return dict(view.session.execute(_shows(view).where(Show.code_key.in_(keys))).all()) if keys else {}


def with_merged(tags: Collection[str], merged: Mapping[str, str]) -> frozenset[str]:
    """Return what tags mean: each as it was asked for, and as it is written since it was merged into another.

    Both, for not every asset has the new word: a merge may be under way, or stopped, or its curator may not have known
    of the asset.
    """
    return frozenset({*tags, *(tag_key(spelling_of(tag, merged)) for tag in tags)})


def _shows(view: View) -> Select[str, str]:
    return visible_shows(view).with_only_columns(Show.code_key, Show.code)
