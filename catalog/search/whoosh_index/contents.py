"""All of one segment: made from documents or joined from segments, then written, then read in place for good."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from catalog.search.port import Document
from catalog.search.relevance import PRIOR_EVERY_US, PRIOR_FROM_US, PRIOR_MAX, digest, searchable, standing
from catalog.search.terms import Between
from catalog.search.vocabulary import Facet, Measure, Sort, Tier
from catalog.search.whoosh_index.arrays import Arrays, Numbers, Texts, narrow, text_arrays, texts_of
from catalog.search.whoosh_index.grouping import Faceted, Grouping, Sorting, joined_groupings
from catalog.search.whoosh_index.postings import Gathering, Postings, joined
from catalog.search.whoosh_index.schema import GROUPS, encoded, values_of

Mask = NDArray[np.bool_]
Orders = dict[Sort, NDArray[np.uint32]]


@dataclass(frozen=True, kw_only=True)
class Columns:
    """What decides a document's place, by row; the parts of ``relevance.Standing``, and the digest.

    ``orders`` holds the rows as each sort has them where scores are equal; ``ranks`` says which each row is there.
    """

    id_high: NDArray[np.uint64]
    id_low: NDArray[np.uint64]
    digest: NDArray[np.uint64]
    updated_us: NDArray[np.int64]
    priors: NDArray[np.uint16]
    uses: NDArray[np.int64]
    name_words: NDArray[np.int64]
    name: NDArray[np.uint64]
    measures: dict[Measure, Numbers]
    orders: Orders
    ranks: Orders

    def within(self, range_: Between, rows: Any) -> Mask:  # noqa: ANN401 — whatever selects rows
        """Return which of these rows lie within a range; what is not known, written as 0, lies nowhere."""
        values = self.measures[range_.measure][rows]
        found: Mask = values >= (1 if range_.low is None else max(range_.low + 1, 1))
        return found if range_.high is None else found & (values <= range_.high + 1)

    def keys(self, sort: Sort, rows: Any) -> list[NDArray[Any]]:  # noqa: ANN401 — whatever selects rows
        """Return the columns of ``Standing.position`` for these rows, without the score."""
        ids = [self.id_high[rows], self.id_low[rows]]
        match sort:
            case Sort.RELEVANCE:
                return [self.name_words[rows], -self.updated_us[rows], *ids]
            case Sort.NEWEST:
                return [-self.updated_us[rows], *ids]
            case Sort.NAME:
                return [*(self.name[rows, part] for part in range(self.name.shape[1])), *ids]
            case Sort.REUSED:
                return [-self.uses[rows], -self.updated_us[rows], *ids]


@dataclass(frozen=True, kw_only=True)
class Contents:
    """A segment's documents: their words, groups, places in order, and what suggestions show of them."""

    count: int
    columns: Columns
    postings: dict[Tier, Postings]
    groupings: dict[str, Grouping]
    faceted: Faceted
    codes: Texts
    names: Texts

    def arrays(self) -> dict[str, NDArray[Any]]:
        """Return what is written."""
        columns = self.columns
        found: dict[str, NDArray[Any]] = {
            "id high": columns.id_high,
            "id low": columns.id_low,
            "digest": columns.digest,
            "updated": columns.updated_us,
            "prior": columns.priors,
            "uses": columns.uses,
            "name words": columns.name_words,
            "name key": columns.name,
            **{f"measure {measure}": values for measure, values in columns.measures.items()},
            **text_arrays("code", self.codes),
            **text_arrays("name", self.names),
        }
        for sort in Sort:
            found |= {f"{sort} order": columns.orders[sort], f"{sort} rank": columns.ranks[sort]}
        for tier, postings in self.postings.items():
            found |= postings.arrays(tier)
        for group, grouping in self.groupings.items():
            found |= grouping.arrays(group)
        return found | self.faceted.arrays()

    @staticmethod
    def of(arrays: Arrays) -> Contents:
        """Return what was written."""
        columns = Columns(
            id_high=arrays["id high"],
            id_low=arrays["id low"],
            digest=arrays["digest"],
            updated_us=arrays["updated"],
            priors=arrays["prior"],
            uses=arrays["uses"],
            name_words=arrays["name words"],
            name=arrays["name key"],
            measures={measure: arrays[f"measure {measure}"] for measure in Measure},
            orders={sort: arrays[f"{sort} order"] for sort in Sort},
            ranks={sort: arrays[f"{sort} rank"] for sort in Sort},
        )
        return Contents(
            count=len(columns.id_low),
            columns=columns,
            postings={tier: Postings.of(arrays, tier) for tier in Tier},
            groupings={group: Grouping.of(arrays, group) for group in GROUPS},
            faceted=Faceted.of(arrays),
            codes=texts_of(arrays, "code"),
            names=texts_of(arrays, "name"),
        )


def gathered(documents: Iterable[Document]) -> Contents:
    """Return the contents of a segment of these documents."""
    words = {tier: Gathering() for tier in Tier}
    groups = {group: Sorting() for group in GROUPS}
    codes, names = [], []
    numbers = array("Q")
    times = array("q")
    measures = {measure: array("Q") for measure in Measure}
    for row, document in enumerate(documents):
        searched = searchable(document)
        for tier, found in searched.words.items():
            words[tier].add(row, found, searched.impacts)
        for group, sorting in groups.items():
            sorting.add(values_of(document, group))
        place = standing(document)
        numbers.extend((*place.id, digest(document), place.name_words, place.uses, *place.name))
        times.append(place.updated_us)
        for measure, held in measures.items():
            value = document.measure(measure)
            held.append(0 if value is None else value + 1)
        codes.append(encoded(document.code))
        names.append(encoded(document.name))
    table = np.array(numbers, np.uint64).reshape(len(times), 9)
    groupings = {group: sorting.grouping() for group, sorting in groups.items()}
    return Contents(
        count=len(times),
        columns=_columns(
            table,
            np.array(times, np.int64),
            {measure: narrow(np.array(held, np.uint64)) for measure, held in measures.items()},
        ),
        postings={tier: gathering.postings() for tier, gathering in words.items()},
        groupings=groupings,
        faceted=Faceted.made({facet: groupings[facet] for facet in Facet}),
        codes=texts_of(text_arrays("", codes), ""),
        names=texts_of(text_arrays("", names), ""),
    )


def merged(parts: Sequence[tuple[Contents, Mask]]) -> Contents:
    """Return the contents of several segments as one, of the documents that each mask keeps."""
    tables, times, renumbered = [], [], []
    start = 0
    for part, stays in parts:
        columns = part.columns
        rest = [
            columns.digest,
            *(each.astype(np.uint64) for each in (columns.name_words, columns.uses)),
            *columns.name.T,
        ]
        tables.append(np.column_stack([columns.id_high, columns.id_low, *rest])[stays])
        times.append(columns.updated_us[stays])
        rows = np.full(part.count, -1, np.int32)
        rows[stays] = np.arange(start, start + np.count_nonzero(stays), dtype=np.int32)
        start += int(np.count_nonzero(stays))
        renumbered.append(rows)
    groupings = {group: joined_groupings([(part.groupings[group], stays) for part, stays in parts]) for group in GROUPS}
    return Contents(
        count=start,
        columns=_columns(
            np.concatenate(tables),
            np.concatenate(times),
            {
                measure: narrow(np.concatenate([part.columns.measures[measure][stays] for part, stays in parts]))
                for measure in Measure
            },
        ),
        postings={
            tier: joined([part.postings[tier].kept(rows) for (part, _), rows in zip(parts, renumbered, strict=True)])
            for tier in Tier
        },
        groupings=groupings,
        faceted=Faceted.made({facet: groupings[facet] for facet in Facet}),
        codes=_kept_texts([(part.codes, stays) for part, stays in parts]),
        names=_kept_texts([(part.names, stays) for part, stays in parts]),
    )


def _columns(table: NDArray[np.uint64], updated_us: NDArray[np.int64], measures: dict[Measure, Numbers]) -> Columns:
    """Return the columns of documents whose numbers are id, id, digest, words of the name, uses, and the name's key."""
    plain = Columns(
        id_high=np.ascontiguousarray(table[:, 0]),
        id_low=np.ascontiguousarray(table[:, 1]),
        digest=np.ascontiguousarray(table[:, 2]),
        name_words=table[:, 3].astype(np.int64),
        uses=table[:, 4].astype(np.int64),
        name=np.ascontiguousarray(table[:, 5:]),
        updated_us=updated_us,
        priors=np.clip((updated_us - PRIOR_FROM_US) // PRIOR_EVERY_US, 0, PRIOR_MAX).astype(np.uint16),
        measures=measures,
        orders={},
        ranks={},
    )
    for sort in Sort:
        order = np.lexsort(plain.keys(sort, slice(None))[::-1]).astype(np.uint32)
        rank = np.empty_like(order)
        rank[order] = np.arange(len(order), dtype=np.uint32)
        plain.orders[sort], plain.ranks[sort] = order, rank
    return plain


def _kept_texts(parts: Sequence[tuple[Texts, Mask]]) -> Texts:
    kept = (text for texts, stays in parts for text, stay in zip(texts, stays.tolist(), strict=True) if stay)
    return texts_of(text_arrays("", kept), "")
