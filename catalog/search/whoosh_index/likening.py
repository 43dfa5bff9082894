"""Which documents of a segment are like another asset, and how much."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from catalog.search.relevance import LIKE_KIND, LIKE_SHOW, LIKE_TAG, LIKE_WORD
from catalog.search.vocabulary import Facet, Tier
from catalog.search.whoosh_index.evaluation import Fit
from catalog.search.whoosh_index.schema import encoded
from catalog.search.whoosh_index.segment import Vocabularies, chosen
from catalog.search.whoosh_index.snapshot import Segment


@dataclass(frozen=True, kw_only=True)
class Likeness:
    """What other assets are compared with."""

    words: tuple[str, ...]
    tags: tuple[str, ...]
    kinds: tuple[str, ...]
    shows: tuple[str, ...]


def likeness(segment: Segment, vocabularies: Vocabularies, model: Likeness, fit: Fit) -> Fit:
    """Return which of these share a tag or a word of the name with the model, with how much they share added."""
    shared = np.zeros(segment.contents.count, np.int32)
    for tag in model.tags:
        wanted = chosen(vocabularies, Facet.TAG, [tag])
        shared[fit.rows[segment.groups[Facet.TAG].having(wanted, fit.rows)]] += LIKE_TAG
    for word in model.words:
        shared[segment.contents.postings[Tier.NAMES].find(encoded(word)).rows] += LIKE_WORD
    alike = Fit(rows=fit.rows, scores=fit.scores + shared[fit.rows]).only(shared[fit.rows] > 0)
    scores = alike.scores
    for facet, values, weight in ((Facet.KIND, model.kinds, LIKE_KIND), (Facet.SHOW, model.shows, LIKE_SHOW)):
        wanted = chosen(vocabularies, facet, values)
        scores = scores + segment.groups[facet].having(wanted, alike.rows) * np.int32(weight)
    return Fit(rows=alike.rows, scores=scores)
