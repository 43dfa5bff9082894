"""The index stays a Whoosh index: Whoosh's own searchers read it, and find what they find in one that Whoosh wrote."""

import tempfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from whoosh import fields, formats, query
from whoosh.filedb.filestore import FileStorage, RamStorage
from whoosh.index import FileIndex, open_dir

from catalog.search.port import Document, Removal, SearchQuery
from catalog.search.query import Clause, SearchText, Term, Word
from catalog.search.relevance import searchable
from catalog.search.vocabulary import Tier
from catalog.search.whoosh_index.index import WhooshIndex
from tests.ports.test_search_agreement import documents
from tests.ports.test_search_index import asset
from tests.rooms.search.test_whoosh_index import live_folder

WORDS = ["wolf", "wolfgang", "grey", "eclair", "face", "rig", "chrann", "12", "丽君", "邓", "a", "nowhere"]

words = st.sampled_from(WORDS)
terms = st.one_of(
    words.map(lambda word: Term(words=(Word(text=word, at=0),))),
    words.map(lambda word: Term(words=(Word(text=word, at=0),), prefix=True)),
    st.tuples(words, words).map(lambda pair: Term(words=(Word(text=pair[0], at=0), Word(text=pair[1], at=1)))),
)
clauses = st.builds(Clause, terms=st.lists(terms, min_size=1, max_size=3).map(tuple), negated=st.booleans())
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
        writer.add_document(id=one.id, **{str(tier): found for tier, found in searchable(one).items() if found})
    writer.commit()
    return index


def asked_of_whoosh(index: FileIndex, asked: query.Query) -> dict[UUID, float]:
    with index.searcher() as searcher:
        return {hit["id"]: hit.score for hit in searcher.search(asked, limit=50)}


def as_whoosh_asks(text: SearchText) -> query.Query:
    parts = []
    for clause in text.clauses:
        terms = [term for term in clause.terms if isinstance(term, Term)]
        either = query.Or([one for term in terms for tier in Tier for one in _ways(term, tier)])
        parts.append(query.Not(either) if clause.negated else either)
    return query.And([*parts, query.Every()])


def _ways(term: Term, tier: Tier) -> list[query.Query]:
    found = [query.Term(tier, word.text.encode()) for word in term.words]
    if len(found) == 1 and term.prefix and len(term.words[0].text) == 1 and tier is Tier.DESCRIPTION:
        return found  # a beginning of one letter is not looked for in descriptions
    if len(found) == 1:
        return [*found, query.Prefix(tier, term.words[0].text)] if term.prefix else found
    return [query.Phrase(tier, [word.text for word in term.words])]


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(batches=batches, removed=st.integers(1, 8), asked=st.lists(texts, min_size=1, max_size=6))
def test_whooshs_matchers_and_ours_find_the_same(
    batches: list[list[Document]], removed: int, asked: list[SearchText]
) -> None:
    gone = UUID(int=removed << 60 | removed)
    with tempfile.TemporaryDirectory() as folder:
        index = WhooshIndex(Path(folder))

        for seq, batch in enumerate(batches):
            index.write(batch, seq, seq + 1)
        index.write([Removal(id=gone)], index.seq, index.seq + 1)

        whoosh = open_dir(str(live_folder(Path(folder))))
        for text in asked:
            ours = index.search(SearchQuery(audiences=None, text=text))
            assert {hit.id for hit in ours.hits} == set(asked_of_whoosh(whoosh, as_whoosh_asks(text)))


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(
    assets=st.lists(documents, min_size=1, max_size=8, unique_by=lambda one: one.id), asked=st.lists(texts, max_size=6)
)
def test_whoosh_scores_our_files_as_it_scores_its_own(assets: list[Document], asked: list[SearchText]) -> None:
    stock = written_by_whoosh(assets)
    with tempfile.TemporaryDirectory() as folder:
        index = WhooshIndex(Path(folder))

        index.write(assets, 0, 1)

        ours = open_dir(str(live_folder(Path(folder))))
        for text in asked:
            expected = asked_of_whoosh(stock, as_whoosh_asks(text))
            found = asked_of_whoosh(ours, as_whoosh_asks(text))
            assert found == pytest.approx(expected, abs=0.003)


def test_whoosh_reads_what_is_kept_of_words_and_documents(tmp_path: Path) -> None:
    index = WhooshIndex(tmp_path)
    index.write([asset(1, "Grey Wolf", code="wolf"), asset(2, "Fox", code="fox")], 0, 1)

    with FileIndex(FileStorage(str(live_folder(tmp_path)))).reader() as reader:
        info = reader.term_info(Tier.NAMES, "wolf")
        kept = reader.stored_fields(0)
        near = [word for word in reader.lexicon(Tier.NAMES) if not word.startswith(b"=")]

    assert (info.doc_frequency(), info.weight(), info.min_length()) == (1, 2.0, 5)
    assert (kept["id"], kept["code"], kept["name"]) == (UUID(int=1), "wolf", "Grey Wolf")
    assert near == [b"fox", b"grey", b"wolf"]
