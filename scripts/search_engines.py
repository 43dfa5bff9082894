"""Other search engines, filled with the same documents and asked the same as the catalogue's: for ``bench_search``."""

from __future__ import annotations

import importlib
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from whoosh import fields, query, sorting
from whoosh.analysis import SpaceSeparatedTokenizer
from whoosh.filedb.filestore import FileStorage

from catalog.search.port import Document
from catalog.search.vocabulary import Facet
from scripts.many_documents import FORMATS, KINDS, STUDIO, documents

QUESTIONS, SHOWN = 20, 50
VALUES_MAX, VALUES = 2_500, 24
"""More values than any facet has, and as many as a page asks for."""

MANY = 500_000
"""With so many documents, engines that take seconds for a question are asked few."""

COUNTED = (Facet.KIND, Facet.STATUS, Facet.SHOW, Facet.TAG, Facet.FORMAT, Facet.OWNER, Facet.YEAR, Facet.POLYS)
"""The eight facets that are counted."""

NARROWED = {Facet.KIND: KINDS[1], Facet.FORMAT: FORMATS[1]}
"""What questions are narrowed to that are."""

BREAK = " zz "
"""Stands between the values of a text for engines that would see a phrase across them."""

Answer = tuple[int, int]
"""How many assets fit, and the sum of all facet counts."""


@dataclass(frozen=True, kw_only=True)
class Question:
    """Words and how they are asked for."""

    kind: str
    words: tuple[str, ...]


class Engine(Protocol):
    """Something that is filled with documents and asked, at most ``patience`` questions of a kind."""

    name: str
    patience: int
    cannot: frozenset[str]
    """Kinds of questions that it has no way to answer."""

    def ask(self, question: Question, *, facets: bool, values: int = VALUES_MAX) -> Answer:
        """Find, read the first fifty ids, and count facets where asked to: so many values of each at most."""
        ...


def text_of(document: Document) -> str:
    """Return what other engines search, as one text."""
    return BREAK.join([document.name, *document.tags, document.description])


def visible(count: int) -> Iterator[Document]:
    """Yield the documents that the viewer may know of; other engines know no others."""
    return (each for each in documents(count) if each.visible_to(STUDIO))


class Fts5:
    """SQLite: one table of texts, others of what is counted."""

    name = "FTS5"
    cannot = frozenset({"misspelt", "all"})

    def __init__(self, count: int) -> None:
        self.patience = QUESTIONS if count < MANY else 2
        self._database = sqlite3.connect(":memory:")
        self._database.execute("CREATE VIRTUAL TABLE asset USING fts5(words, content='')")
        self._database.execute("CREATE TABLE facet (id INTEGER, facet TEXT, value TEXT)")
        for number, each in enumerate(visible(count), 1):
            self._database.execute("INSERT INTO asset (rowid, words) VALUES (?, ?)", (number, text_of(each)))
            rows = [(number, facet, value) for facet in COUNTED for value in each.values_of(facet)]
            self._database.executemany("INSERT INTO facet VALUES (?, ?, ?)", rows)
        self._database.execute("CREATE INDEX by_id ON facet (id, facet, value)")
        self._database.execute("CREATE INDEX by_value ON facet (facet, value, id)")

    def ask(self, question: Question, *, facets: bool, values: int = VALUES_MAX) -> Answer:  # noqa: ARG002 — it groups all
        """Answer a question."""
        joint = " OR " if question.kind.startswith("any") else " "
        asked = joint.join(question.words)
        asked = {"phrase": f'"{asked}"', "beginning": f"{asked}*"}.get(question.kind, asked)
        matching = "FROM asset WHERE asset MATCH ?"
        if question.kind == "narrowed":
            for facet, value in NARROWED.items():
                matching += f" AND rowid IN (SELECT id FROM facet WHERE facet = '{facet}' AND value = '{value}')"  # noqa: S608
        total = self._database.execute(f"SELECT count(*) {matching}", (asked,)).fetchone()[0]
        self._database.execute(f"SELECT rowid {matching} ORDER BY rank LIMIT {SHOWN}", (asked,)).fetchall()
        if not facets:
            return total, 0
        counted = self._database.execute(
            f"SELECT facet, value, count(*) FROM facet WHERE id IN (SELECT rowid {matching}) "  # noqa: S608
            f"AND facet IN ({', '.join(repr(str(facet)) for facet in COUNTED)}) GROUP BY 1, 2",
            (asked,),
        )
        return total, sum(number for _, _, number in counted)


class Tantivy:
    """tantivy, with fast fields for what is counted."""

    name = "tantivy"
    patience = QUESTIONS
    cannot: frozenset[str] = frozenset()

    def __init__(self, folder: Path, count: int) -> None:
        tantivy: Any = importlib.import_module("tantivy")
        builder = tantivy.SchemaBuilder()
        builder.add_text_field("words", tokenizer_name="whitespace")
        builder.add_unsigned_field("id", stored=True)
        for facet in Facet:
            builder.add_text_field(facet.value, tokenizer_name="raw", fast=True, index_option="basic")
        self._tantivy = tantivy
        there = folder.is_dir()
        folder.mkdir(parents=True, exist_ok=True)
        self._index = tantivy.Index(builder.build(), path=str(folder))
        if not there:
            self._fill(count)
        self._index.reload()

    def _fill(self, count: int) -> None:
        writer = self._index.writer(heap_size=500_000_000, num_threads=1)
        for number, each in enumerate(visible(count)):
            values = {facet.value: list(each.values_of(facet)) for facet in Facet}
            writer.add_document(self._tantivy.Document(words=[text_of(each)], id=[number], **values))
        writer.commit()
        writer.wait_merging_threads()

    def ask(self, question: Question, *, facets: bool, values: int = VALUES_MAX) -> Answer:
        """Answer a question."""
        searcher = self._index.searcher()
        found = self._asked(question)
        result = searcher.search(found, SHOWN)
        for _, address in result.hits:
            searcher.doc(address)
        if not facets:
            return result.count, 0
        wanted = {facet.value: {"terms": {"field": facet.value, "size": values}} for facet in COUNTED}
        counted = searcher.aggregate(found, wanted)
        return result.count, sum(each["doc_count"] for facet in counted.values() for each in facet["buckets"])

    def _asked(self, question: Question) -> Any:  # noqa: ANN401 — tantivy has no types
        queries, schema = self._tantivy.Query, self._index.schema
        word = question.words[0] if question.words else ""
        match question.kind:
            case "all":
                return queries.all_query()
            case "beginning":
                return queries.regex_query(schema, "words", f"{word}.*")
            case "misspelt":
                return queries.fuzzy_term_query(schema, "words", word, distance=1, transposition_cost_one=True)
            case "phrase":
                return self._index.parse_query(f'"{" ".join(question.words)}"', ["words"])
            case "narrowed":
                wanted = [("words", word), *((facet.value, value) for facet, value in NARROWED.items())]
                terms = [queries.term_query(schema, field, value) for field, value in wanted]
                return queries.boolean_query([(self._tantivy.Occur.Must, term) for term in terms])
        joint = " OR " if question.kind.startswith("any") else " AND "
        return self._index.parse_query(joint.join(question.words), ["words"])


class PlainWhoosh:
    """Whoosh with its own writer, files, matchers and groups."""

    name = "Whoosh"
    patience = 3
    cannot: frozenset[str] = frozenset()

    def __init__(self, folder: Path, count: int) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        groups = {facet.value: fields.KEYWORD(commas=True, sortable=True) for facet in COUNTED}
        words = fields.TEXT(analyzer=SpaceSeparatedTokenizer())
        self._index = FileStorage(str(folder)).create_index(fields.Schema(words=words, **groups))
        writer = self._index.writer(limitmb=256)
        for each in visible(count):
            values = {facet.value: ",".join(each.values_of(facet)) for facet in COUNTED}
            writer.add_document(words=text_of(each), **values)
        writer.commit()
        self._searcher = self._index.searcher()

    def ask(self, question: Question, *, facets: bool, values: int = VALUES_MAX) -> Answer:  # noqa: ARG002 — it has no way
        """Answer a question."""
        terms = [query.Term("words", word) for word in question.words]
        if question.kind == "phrase":
            asked: Any = query.Phrase("words", list(question.words))
        elif question.kind == "misspelt":
            asked = query.FuzzyTerm("words", question.words[0])
        elif question.kind == "narrowed":
            asked = query.And([*terms, *(query.Term(facet.value, value) for facet, value in NARROWED.items())])
        elif question.kind == "all":
            asked = query.Every()
        elif question.kind == "beginning":
            asked = query.Prefix("words", question.words[0])
        else:
            asked = query.Or(terms) if question.kind.startswith("any") else query.And(terms)
        grouped = {
            facet.value: sorting.FieldFacet(facet.value, allow_overlap=True, maptype=sorting.Count) for facet in COUNTED
        }
        found = self._searcher.search(asked, limit=SHOWN, groupedby=grouped if facets else None)
        counts = [found.groups(facet.value) for facet in COUNTED] if facets else []
        # Whoosh also counts the documents that have no value.
        return len(found), sum(number for each in counts for value, number in each.items() if value)
