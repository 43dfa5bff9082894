"""What the doors ask: a page of assets for a question, and completions while somebody types.

The index answers with ids; each is read again through ``visible_to(view)`` before it is shown. So a document that is a
second old may cost a page one of its items, but never shows what the viewer may no longer know of.
"""

from __future__ import annotations

import time
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from hashlib import blake2b
from itertools import chain, islice
from typing import TypeVar
from uuid import UUID

from catalog.accounts.audiences import terms_for
from catalog.assets.models import Asset
from catalog.assets.queries import assets_by_id, get_asset
from catalog.assets.tagging import synonyms_of, tag_key
from catalog.assets.vocabulary import KIND_LABELS, AssetStatus
from catalog.kernel.errors import FieldError, InvalidInput
from catalog.kernel.paging import LIMIT_DEFAULT, Paging, decode_cursor, encode_cursor
from catalog.media.vocabulary import Part
from catalog.search.answers import completes
from catalog.search.custom import custom_facets, narrowing_fields
from catalog.search.facets import FACETS, Bins, bins_of, field_of
from catalog.search.fields import EXAMPLES
from catalog.search.meaning import codes_of, read_for, unknown_tags, with_merged
from catalog.search.mending import meant
from catalog.search.notices import NOTICES_MAX, Mistake, Notice
from catalog.search.port import ZEROS, FacetCount, Hit, SearchAnswer, SearchIndex, SearchQuery, Selection, Suggestion
from catalog.search.recorded import folded
from catalog.search.spelling import slips
from catalog.search.vocabulary import Facet, Sort, SuggestionKind
from catalog.shows.models import Show
from catalog.shows.queries import visible_shows
from catalog.work.view import View

VALUES_MAX = 200
SUGGESTIONS_MAX = 50

Word = TypeVar("Word", bound=StrEnum)


@dataclass(frozen=True, kw_only=True)
class Question:
    """What somebody wants to find.

    ``like`` is a reference to an asset whose look-alikes are wanted. ``selections`` holds values by facet name, and
    ``excluded`` those that are left out. A custom field that is offered as a facet is named ``fields.vendor``.
    ``facets`` names what to count; of values without a hit, so many are told (``zeros``), and so many of all at
    ``most``, with those that are selected. Where there is neither text nor ``like``, all assets are equally relevant,
    and the newest come first. Without ``priors``, nothing but the text decides what is relevant.
    A question that is not ``mended`` is answered as it is, and never as what was probably meant.
    """

    text: str = ""
    like: str | None = None
    selections: Mapping[str, Sequence[str]] = field(default_factory=dict)
    excluded: Mapping[str, Sequence[str]] = field(default_factory=dict)
    facets: Sequence[str] = ()
    zeros: int = ZEROS
    most: int | None = None
    sort: str = Sort.RELEVANCE
    priors: bool = True
    mended: bool = True
    limit: int = LIMIT_DEFAULT
    cursor: str | None = None


@dataclass(frozen=True, kw_only=True)
class FacetValue:
    """A value to narrow by, with how many hits there are with it. ``selected`` and ``excluded`` say what was asked."""

    value: str
    label: str
    count: int
    selected: bool
    excluded: bool


@dataclass(frozen=True, kw_only=True)
class SearchPage:
    """An answer. ``seq`` is the ledger's entry up to which the index had followed.

    ``notices`` tell what of the text was not read as it was meant, and what would be right.
    """

    total: int
    took_ms: float
    assets: tuple[Asset, ...]
    facets: Mapping[str, tuple[FacetValue, ...]]
    next_cursor: str | None
    seq: int
    notices: tuple[Notice, ...] = ()
    did_you_mean: str | None = None


@dataclass(frozen=True, kw_only=True)
class Found:
    """Ids that a question finds, how many there are in all, and the ledger's entry that the index had followed to."""

    ids: tuple[UUID, ...]
    total: int
    seq: int


def search(view: View, index: SearchIndex, question: Question) -> SearchPage:
    """Answer a question with assets, their shows and external ids loaded.

    Where a text finds nothing, but another that is spelled almost so does, the answer is that one's: ``did_you_mean``
    is what was answered, and a notice says so.

    Raises ``InvalidInput`` for an unknown facet, value of a closed facet, sort or cursor, whatever the text is;
    ``NotFound`` where ``like`` is absent or hidden; ``Unavailable`` where the index cannot answer.
    """
    began = time.perf_counter()
    paging = Paging(limit=question.limit, cursor=question.cursor)
    asked = _asked(view, question)
    query, answer, said = _answered(view, index, question, _query(view, question, asked))
    hits, more = answer.hits[: paging.limit], len(answer.hits) > paging.limit
    found = assets_by_id(view, [hit.id for hit in hits])
    assets = tuple(found[hit.id] for hit in hits if hit.id in found)
    return SearchPage(
        total=answer.total - (len(hits) - len(assets)),
        assets=assets,
        facets={
            facet: _labeled(view, facet, counts, asked.get(facet, Selection()))
            for facet, counts in answer.facets.items()
        },
        next_cursor=_cursor(query, hits[-1], answer.rarities) if more else None,
        seq=answer.seq,
        notices=_notices(index, query, question.text) if said is None else (_near_miss(question.text, said),),
        did_you_mean=said,
        took_ms=round((time.perf_counter() - began) * 1000, 1),
    )


def _answered(
    view: View, index: SearchIndex, question: Question, query: SearchQuery
) -> tuple[SearchQuery, SearchAnswer, str | None]:
    """Return what was answered, the answer, and the text that was probably meant where the one typed finds nothing."""
    try:
        answer = index.search(_after(query, question.cursor))
        if answer.total or not query.text.clauses or not question.mended:
            return query, answer, None
    except InvalidInput as refusal:
        if refusal.code != "bad-cursor" or not question.mended:
            raise
        # The cursor may be one of what was meant: nothing of what was typed has pages.
        near = meant(view, index, query, question.text)
        if near is None:
            raise
        return near.query, index.search(_after(near.query, question.cursor)), near.text
    near = meant(view, index, query, question.text)
    return (query, answer, None) if near is None else (near.query, near.answer, near.text)


def _notices(index: SearchIndex, query: SearchQuery, typed: str) -> tuple[Notice, ...]:
    return tuple(islice(chain(query.text.notices, unknown_tags(index, query, typed)), NOTICES_MAX))


def _near_miss(text: str, said: str) -> Notice:
    return Notice(mistake=Mistake.NEAR_MISS, start=0, end=len(text), said=(("found", said),), instead=said)


def find_ids(view: View, index: SearchIndex, question: Question, most: int) -> tuple[UUID, ...]:
    """Return the ids of all that a question finds, in order, ``most`` at most; read them through ``visible_to``.

    For acts on a whole search, whose pages nobody reads. Raises what ``search`` does.
    """
    return find_all(view, index, question, most).ids


def find_all(
    view: View, index: SearchIndex, question: Question, most: int, among: frozenset[UUID] | None = None
) -> Found:
    """Return what ``find_ids`` does with how many there are; where some are given, ``among`` these, unordered."""
    query = replace(_query(view, question, _asked(view, question)), limit=most, among=among)
    if among is not None:
        query = replace(query, rarities=())  # which are counted over all documents, and only order what is found
    answer = index.search(query)
    return Found(ids=tuple(hit.id for hit in answer.hits[:most]), total=answer.total, seq=answer.seq)


def suggest(view: View, index: SearchIndex, text: str, limit: int = 10) -> tuple[Suggestion, ...]:
    """Complete a text, with names and codes as they are now; one that nothing fits as what was probably meant."""
    if not 1 <= limit <= SUGGESTIONS_MAX:
        raise InvalidInput(f"limit {limit} is not between 1 and {SUGGESTIONS_MAX}", code="bad-limit")
    read, audiences = read_for(view, text), terms_for(view)
    proposed = index.suggest(read, audiences, limit)
    if not proposed and completes(read):
        proposed = _mended(view, index, SearchQuery(audiences=audiences, text=read, limit=1), text, limit)
    found = assets_by_id(view, [one.asset_id for one in proposed if one.asset_id])
    return tuple(
        _as_it_is_now(one, found[one.asset_id]) if one.asset_id else one
        for one in proposed
        if one.asset_id is None or one.asset_id in found
    )


def _mended(view: View, index: SearchIndex, asked: SearchQuery, text: str, limit: int) -> tuple[Suggestion, ...]:
    """Complete what was probably meant by a text that nothing fits; nothing where a search would find something."""
    if index.search(asked).total:
        return ()
    near = meant(view, index, asked, text)
    for instead in [near.text] if near else slips(text.strip()):
        proposed = index.suggest(read_for(view, instead), asked.audiences, limit)
        if proposed:
            return proposed
    return ()


def similar(view: View, index: SearchIndex, reference: str, limit: int = 10) -> tuple[Asset, ...]:
    """Return the assets most like one: shared tags and words of names first. ``NotFound`` if it is absent or hidden."""
    return search(view, index, Question(like=reference, limit=limit)).assets


def _as_it_is_now(suggestion: Suggestion, asset: Asset) -> Suggestion:
    return Suggestion(kind=SuggestionKind.ASSET, text=asset.name, asset_id=suggestion.asset_id, code=asset.code)


def _asked(view: View, question: Question) -> dict[str, Selection]:
    """Return what is narrowed to, as documents spell it."""
    names = dict.fromkeys((*question.selections, *question.excluded))
    known = narrowing_fields(view) if any(map(field_of, names)) else {}
    found: dict[str, Selection] = {}
    for name in names:
        included, excluded = (list(filter(None, one.get(name, ()))) for one in (question.selections, question.excluded))
        if included or excluded:
            facet = _facet(known, "facet", name)
            found[facet] = _selection(view, facet, included, excluded)
    return found


def _facet(known: Collection[str], name: str, facet: str) -> str:
    """Return a facet that there is; ``known`` are those of custom fields."""
    if field_of(facet) is None:
        return _one_of(Facet, name, facet)
    if facet in known:
        return facet
    message = f"{facet[:80]!r} is no facet; these are: {', '.join([*Facet, *known])}"
    raise InvalidInput(message, code="unknown-facet", errors=[FieldError(field=name, message=message)])


def _query(view: View, question: Question, asked: Mapping[str, Selection]) -> SearchQuery:
    text = read_for(view, question.text)
    selections = dict(asked)
    if tags := asked.get(Facet.TAG):
        merged = synonyms_of(view.session)
        selections[Facet.TAG] = Selection(
            include=with_merged(tags.include, merged), exclude=with_merged(tags.exclude, merged)
        )
    sort = _one_of(Sort, "sort", question.sort)
    known = custom_facets(view) if any(map(field_of, question.facets)) else {}
    return SearchQuery(
        audiences=terms_for(view),
        text=text,
        like=get_asset(view, question.like).id if question.like else None,
        selections=selections,
        facets=[_facet(known, "facets", name) for name in dict.fromkeys(question.facets)],
        zeros=question.zeros,
        most=question.most,
        sort=Sort.NEWEST if sort is Sort.RELEVANCE and not text.clauses and not question.like else sort,
        priors=question.priors,
        limit=question.limit + 1,  # one more, so that a following page is known
    )


def _selection(view: View, facet: str, included: Sequence[str], excluded: Sequence[str]) -> Selection:
    values = [*included, *excluded]
    if len(values) > VALUES_MAX:
        raise InvalidInput(f"{facet} has {len(values)} values; at most {VALUES_MAX} are right", code="too-many-values")
    spelled = _spelled(view, facet, values)
    return Selection(
        include=frozenset(spelled[value] for value in included),
        exclude=frozenset(spelled[value] for value in excluded),
    )


def _spelled(view: View, facet: str, values: Sequence[str]) -> dict[str, str]:
    """Return each value as documents spell it."""
    if field_of(facet):
        return {value: folded(value) for value in values}
    if bins := bins_of(facet):
        return {value: _range(facet, bins, value) for value in values}
    if closed := FACETS[facet].closed:
        return {value: _one_of(closed, facet, value.casefold()) for value in values}
    if facet is Facet.SHOW:
        return codes_of(view, values)
    return {value: tag_key(value) if facet is Facet.TAG else value.casefold() for value in values}


def _range(facet: str, bins: Bins, text: str) -> str:
    spelled = bins.spelled(text)
    if spelled is None:
        message = f"{text[:80]!r} is no range; these are: {EXAMPLES[bins.form]}"
        raise InvalidInput(
            f"{facet} {message}", code="bad-range", errors=[FieldError(field=str(facet), message=message)]
        )
    return spelled


def _one_of(words: type[Word], name: str, value: str) -> Word:
    try:
        return words(value)
    except ValueError:
        right = ", ".join(word.value for word in words)
        message = f"{value[:80]!r} is none of {right}"
        raise InvalidInput(
            f"{name} {message}",
            code=f"unknown-{'facet' if name == 'facets' else name}",
            errors=[FieldError(field=name, message=message)],
        ) from None


def _cursor(query: SearchQuery, last: Hit, rarities: Sequence[int]) -> str:
    """Return where the next page begins; in the order of this one, even if words have become rarer since."""
    place = ";".join(",".join(map(str, numbers)) for numbers in (last.position, rarities))
    return encode_cursor([_fingerprint(query, place), place])


def _fingerprint(query: SearchQuery, place: str) -> str:
    """Return what ties a place to its search: to all that decides which hits there are, and in which order."""
    selections = sorted(
        (facet, sorted(selection.include), sorted(selection.exclude)) for facet, selection in query.selections.items()
    )
    asked = repr((query.text, query.like, selections, query.sort, query.priors, place))
    return blake2b(asked.encode(), digest_size=8).hexdigest()


def _after(query: SearchQuery, cursor: str | None) -> SearchQuery:
    if cursor is None:
        return query
    fingerprint, place = map(str, decode_cursor(cursor, str, str))
    if fingerprint != _fingerprint(query, place):
        raise InvalidInput(
            "the cursor belongs to another search; start without a cursor when the question changes", code="bad-cursor"
        )
    position, rarities = (tuple(map(int, filter(None, part.split(",")))) for part in place.split(";"))
    return replace(query, after=position, rarities=rarities)


def _labeled(view: View, facet: str, counts: Sequence[FacetCount], selection: Selection) -> tuple[FacetValue, ...]:
    """Return counts with labels; what was selected is always among them, also where it finds nothing."""
    counted = {count.value: count.count for count in counts}
    asked = sorted(selection.values - set(counted))
    values = [*counted, *asked]
    labels = _labels(view, facet, values)
    return tuple(
        FacetValue(
            value=value,
            label=labels.get(value, value),
            count=counted.get(value, 0),
            selected=value in selection.include,
            excluded=value in selection.exclude,
        )
        for value in values
    )


def _labels(view: View, facet: str, values: Sequence[str]) -> dict[str, str]:
    match facet:
        case Facet.KIND:
            return {kind.value: label for kind, label in KIND_LABELS.items()}
        case Facet.STATUS:
            return {status.value: status.value.capitalize() for status in AssetStatus}
        case Facet.HAS:
            return {part.value: part.value.replace("-", " ").capitalize() for part in Part}
        case Facet.SHOW:
            named = visible_shows(view).where(Show.code.in_(values)).with_only_columns(Show.code, Show.name)
            return dict(view.session.execute(named).all())
        case _:
            return {}
