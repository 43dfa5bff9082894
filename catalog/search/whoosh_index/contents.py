"""All of one segment: made from documents or joined from segments, then written, then read in place for good."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from catalog.search.relevance import PRIOR_EVERY_US, PRIOR_FROM_US, PRIOR_MAX
from catalog.search.terms import Between
from catalog.search.vocabulary import Facet, Measure, Sort, Tier
from catalog.search.whoosh_index.arrays import Arrays, Numbers, Texts, narrow, text_arrays, texts_of
from catalog.search.whoosh_index.grouping import Faceted, Grouping, joined_groupings
from catalog.search.whoosh_index.postings import Postings, joined
from catalog.search.whoosh_index.schema import GROUPS

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

    def arrays(self) -> Arrays:
        """Return what is written of it."""
        found: dict[str, NDArray[Any]] = {
            "id high": self.id_high,
            "id low": self.id_low,
            "digest": self.digest,
            "updated": self.updated_us,
            "prior": self.priors,
            "uses": self.uses,
            "name words": self.name_words,
            "name key": self.name,
            **{f"measure {measure}": values for measure, values in self.measures.items()},
        }
        for sort in Sort:
            found |= {f"{sort} order": self.orders[sort], f"{sort} rank": self.ranks[sort]}
        return found

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

    def arrays(self) -> Iterator[Arrays]:
        """Yield what is written."""
        yield self.columns.arrays()
        yield {**text_arrays("code", self.codes), **text_arrays("name", self.names)}
        for tier, postings in self.postings.items():
            yield postings.arrays(tier)
        for group, grouping in self.groupings.items():
            yield grouping.arrays(group)
        yield self.faceted.arrays()

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


def merged(parts: Sequence[tuple[Contents, Mask]]) -> Iterator[Arrays]:
    """Yield what is written of several segments as one, of the documents that each mask keeps; one thing at a time."""
    yield _merged_columns(parts).arrays()
    yield text_arrays("code", _kept_texts([(part.codes, stays) for part, stays in parts]))
    yield text_arrays("name", _kept_texts([(part.names, stays) for part, stays in parts]))
    renumbered = []
    start = 0
    for part, stays in parts:
        rows = np.full(part.count, -1, np.int32)
        kept = int(np.count_nonzero(stays))
        rows[stays] = np.arange(start, start + kept, dtype=np.int32)
        start += kept
        renumbered.append(rows)
    for tier in Tier:
        postings = [part.postings[tier] for part, _ in parts]
        yield joined(list(zip(postings, renumbered, strict=True))).arrays(tier)
    groupings = {group: joined_groupings([(part.groupings[group], stays) for part, stays in parts]) for group in GROUPS}
    for group, grouping in groupings.items():
        yield grouping.arrays(group)
    yield Faceted.made({facet: groupings[facet] for facet in Facet}).arrays()


def _merged_columns(parts: Sequence[tuple[Contents, Mask]]) -> Columns:
    tables, times = [], []
    for part, stays in parts:
        columns = part.columns
        rest = [
            columns.digest,
            *(each.astype(np.uint64) for each in (columns.name_words, columns.uses)),
            *columns.name.T,
        ]
        tables.append(np.column_stack([columns.id_high, columns.id_low, *rest])[stays])
        times.append(columns.updated_us[stays])
    measures = {
        measure: narrow(np.concatenate([part.columns.measures[measure][stays] for part, stays in parts]))
        for measure in Measure
    }
    return columns_of(np.concatenate(tables), np.concatenate(times), measures)


def columns_of(table: NDArray[np.uint64], updated_us: NDArray[np.int64], measures: dict[Measure, Numbers]) -> Columns:
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


def _kept_texts(parts: Sequence[tuple[Texts, Mask]]) -> Iterator[bytes]:
    return (text for texts, stays in parts for text, stay in zip(texts, stays.tolist(), strict=True) if stay)
