"""The index stays a Whoosh index: Whoosh's own searchers read it, find what ours find, and score it alike."""

import tempfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from whoosh import fields, formats, query, scoring
from whoosh.filedb.filestore import FileStorage, RamStorage
from whoosh.index import FileIndex, open_dir
from whoosh.matching import DisjunctionMaxMatcher, Matcher
from whoosh.searching import Searcher

from catalog.search.port import Document, Removal, SearchQuery
from catalog.search.rating import rated_as_before
from catalog.search.relevance import BEGUN_SHARE, TYPICAL, searchable, worth
from catalog.search.terms import FULL, Clause, Group, SearchText, Term, Word
from catalog.search.vocabulary import Tier
from catalog.search.whoosh_index.index import WhooshIndex
from tests.ports.test_search_agreement import documents
from tests.ports.test_search_index import asset
from tests.rooms.search.test_whoosh_index import live_folder

WORDS = ["wolf", "wolfgang", "grey", "eclair", "face", "rig", "chrann", "12", "丽君", "邓", "a", "nowhere"]

EVERY = 1
"""What Whoosh says a document is worth that only is not what is excluded."""

words = st.sampled_from(WORDS)
terms = st.one_of(
    words.map(lambda word: Term(words=(Word(text=word, at=0),))),
    words.map(lambda word: Term(words=(Word(text=word, at=0),), prefix=True)),
    st.tuples(words, words).map(lambda pair: Term(words=(Word(text=pair[0], at=0), Word(text=pair[1], at=1)))),
)
said = st.lists(terms, min_size=1, max_size=3).map(tuple)
of_several = st.lists(said.map(lambda one: Group(clauses=(Clause(terms=one),))), min_size=2, max_size=3).map(tuple)
clauses = st.one_of(
    st.builds(Clause, terms=said, negated=st.booleans()), st.builds(Clause, terms=of_several, several=st.just(True))
)
texts = st.builds(SearchText, clauses=st.lists(clauses, min_size=1, max_size=3).map(tuple))
batches = st.lists(st.lists(documents, max_size=6), min_size=1, max_size=4)


class Placed(fields.FieldType):  # type: ignore[misc] # Whoosh 2.7.4 has no types
    """A field of Whoosh's own that is given words with their places."""

    def __init__(self) -> None:
        super().__init__(format=formats.Positions(), analyzer=None, scorable=True)

    def index(self, value: Mapping[str, Sequence[int]], **_: object) -> Iterator[tuple[bytes, int, float, bytes]]:
        for word, places in value.items():
            yield word.encode(), len(places), float(len(places)), self.format.encode(places)


def written_by_whoosh(assets: Sequence[Document]) -> FileIndex:
    index = RamStorage().create_index(fields.Schema(id=fields.STORED(), **{tier: Placed() for tier in Tier}))
    writer = index.writer()
    for one in assets:
        writer.add_document(id=one.id, **{str(tier): found for tier, found in searchable(one).words.items() if found})
    writer.commit()
    return index


def asked_of_whoosh(
    index: FileIndex, text: SearchText, weighting: scoring.WeightingModel = scoring.BM25F
) -> dict[UUID, float]:
    """Ask Whoosh's own matchers; of ways to say one thing the best counts, of several things all do."""
    wanted = [_asked(clause) for clause in text.clauses if not clause.negated]
    unwanted = [_plain(clause) for clause in text.clauses if clause.negated]
    with index.searcher(weighting=weighting) as searcher:
        asked = query.And(wanted or [query.Every()])
        found = searcher.search(asked, limit=50, mask=query.Or(unwanted) if unwanted else None)
        return {hit["id"]: hit.score for hit in found}


class Impacts(scoring.WeightingModel):  # type: ignore[misc] # Whoosh 2.7.4 has no types
    """Weighs a word by its impact, as we do; rarity is the boost of what is asked."""

    def scorer(self, searcher: object, fieldname: str, text: bytes, qf: float = 1) -> scoring.BaseScorer:  # noqa: ARG002 — Whoosh's signature
        return ImpactScorer()


class ImpactScorer(scoring.BaseScorer):  # type: ignore[misc] # Whoosh 2.7.4 has no types
    def score(self, matcher: Matcher) -> float:
        return float(matcher.value_as("impact"))


class Best(query.DisjunctionMax):  # type: ignore[misc] # Whoosh 2.7.4 has no types
    """Counts the best of several ways; Whoosh's own takes the score of a way that stands at another document."""

    def _matcher(self, subs: Sequence[query.Query], searcher: Searcher, context: object) -> Matcher:
        reader = searcher.reader()
        return self._tree_matcher(subs, BestMatcher, searcher, context, lambda one: one.estimate_size(reader))


class BestMatcher(DisjunctionMaxMatcher):  # type: ignore[misc] # Whoosh 2.7.4 has no types
    def score(self) -> float:
        here = self.id()
        return max(float(way.score()) for way in (self.a, self.b) if way.is_active() and way.id() == here)


def _asked(clause: Clause) -> query.Query:
    if clause.several:
        return query.Or([_asked(one.clauses[0]) for one in clause.terms if isinstance(one, Group)])
    return Best([way for term, tier in _looked_for(clause) for way in _ways(term, tier, clause.rarity)])


def _plain(clause: Clause) -> query.Query:
    return query.Or([way for term, tier in _looked_for(clause) for way, _ in _found(term, tier)])


def _looked_for(clause: Clause) -> list[tuple[Term, Tier]]:
    return [(term, tier) for term in clause.terms if isinstance(term, Term) for tier in Tier]


def _ways(term: Term, tier: Tier, rarity: int) -> list[query.Query]:
    """Return how a term is found, each way with what it is worth."""
    return [
        query.ConstantScoreQuery(way, worth(TYPICAL[tier], FULL, rarity, share))
        if share
        else query.Term(tier, way.text, boost=rarity)
        for way, share in _found(term, tier)
    ]


def _found(term: Term, tier: Tier) -> list[tuple[query.Query, int]]:
    """Return how a term is found, and what share of its tier's typical impact each way is worth; 0: its own impact."""
    if len(term.words) > 1:
        return [(query.Phrase(tier, [word.text for word in term.words]), 1)]
    word = term.words[0].text
    found = [(query.Term(tier, word.encode()), 0)]
    if term.prefix and not (len(word) == 1 and tier is Tier.DESCRIPTION):  # looked for in names and labels only
        found.append((query.Prefix(tier, word), BEGUN_SHARE))
    return found


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(batches=batches, removed=st.integers(1, 8), asked=st.lists(texts, min_size=1, max_size=6))
def test_whooshs_matchers_and_ours_find_the_same_and_score_it_alike(
    batches: list[list[Document]], removed: int, asked: list[SearchText]
) -> None:
    gone = UUID(int=removed << 60 | removed)
    with tempfile.TemporaryDirectory() as folder:
        index = WhooshIndex(Path(folder))

        for seq, batch in enumerate(batches):
            index.write(batch, seq, seq + 1)
        index.write([Removal(id=gone)], index.seq, index.seq + 1)
        index.settle()

        whoosh = open_dir(str(live_folder(Path(folder))))
        for text in asked:
            ours = index.search(SearchQuery(audiences=None, text=text, priors=False))
            weighed = rated_as_before(text, ours.rarities)
            found = {hit.id: float(hit.score or EVERY) for hit in ours.hits}
            assert asked_of_whoosh(whoosh, weighed, Impacts()) == pytest.approx(found, abs=0.003)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(
    assets=st.lists(documents, min_size=1, max_size=8, unique_by=lambda one: one.id), asked=st.lists(texts, max_size=6)
)
def test_whoosh_scores_our_files_as_it_scores_its_own(assets: list[Document], asked: list[SearchText]) -> None:
    stock = written_by_whoosh(assets)
    with tempfile.TemporaryDirectory() as folder:
        index = WhooshIndex(Path(folder))

        index.write(assets, 0, 1)
        index.settle()

        ours = open_dir(str(live_folder(Path(folder))))
        for text in asked:
            expected = asked_of_whoosh(stock, text)
            found = asked_of_whoosh(ours, text)
            assert found == pytest.approx(expected, abs=0.003)


def test_whoosh_reads_what_is_kept_of_words_and_documents(tmp_path: Path) -> None:
    index = WhooshIndex(tmp_path)
    index.write([asset(1, "Grey Wolf", code="wolf"), asset(2, "Fox", code="fox")], 0, 1)

    with FileIndex(FileStorage(str(live_folder(tmp_path)))).reader() as reader:
        info = reader.term_info(Tier.NAMES, "wolf")
        kept = reader.stored_fields(0)
        near = [word for word in reader.lexicon(Tier.NAMES) if not word.startswith(b"=")]

    assert (info.doc_frequency(), info.weight(), info.min_length()) == (1, 2.0, 6)
    assert (kept["id"], kept["code"], kept["name"]) == (UUID(int=1), "wolf", "Grey Wolf")
    assert near == [b"fox", b"gray", b"grey", b"wolf"]
