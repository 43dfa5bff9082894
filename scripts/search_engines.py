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
from scripts.many_documents import STUDIO, documents

QUESTIONS, SHOWN = 20, 50
MANY = 500_000
"""With so many documents, engines that take seconds for a question are asked few."""

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

    def ask(self, question: Question, *, facets: bool) -> Answer:
        """Find, read the first fifty ids, and count facets where asked to."""
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

    def __init__(self, count: int) -> None:
        self.patience = QUESTIONS if count < MANY else 2
        self._database = sqlite3.connect(":memory:")
        self._database.execute("CREATE VIRTUAL TABLE asset USING fts5(words, content='')")
        self._database.execute("CREATE TABLE facet (id INTEGER, facet TEXT, value TEXT)")
        for number, each in enumerate(visible(count), 1):
            self._database.execute("INSERT INTO asset (rowid, words) VALUES (?, ?)", (number, text_of(each)))
            rows = [(number, facet, value) for facet in Facet for value in each.values_of(facet)]
            self._database.executemany("INSERT INTO facet VALUES (?, ?, ?)", rows)
        self._database.execute("CREATE INDEX by_id ON facet (id, facet, value)")

    def ask(self, question: Question, *, facets: bool) -> Answer:
        """Answer a question."""
        joint = " OR " if question.kind.startswith("any") else " "
        asked = joint.join(question.words)
        asked = {"phrase": f'"{asked}"', "beginning": f"{asked}*"}.get(question.kind, asked)
        matching = "FROM asset WHERE asset MATCH ?"
        total = self._database.execute(f"SELECT count(*) {matching}", (asked,)).fetchone()[0]
        self._database.execute(f"SELECT rowid {matching} ORDER BY rank LIMIT {SHOWN}", (asked,)).fetchall()
        if not facets:
            return total, 0
        counted = self._database.execute(
            f"SELECT facet, value, count(*) FROM facet WHERE id IN (SELECT rowid {matching}) GROUP BY 1, 2",  # noqa: S608
            (asked,),
        )
        return total, sum(number for _, _, number in counted)


class Tantivy:
    """tantivy, with fast fields for what is counted."""

    name = "tantivy"
    patience = QUESTIONS

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

    def ask(self, question: Question, *, facets: bool) -> Answer:
        """Answer a question."""
        joint = " OR " if question.kind.startswith("any") else " AND "
        asked = {"phrase": '"{}"', "beginning": "{}"}.get(question.kind, "{}")
        searcher = self._index.searcher()
        if question.kind == "beginning":
            found = self._tantivy.Query.regex_query(self._index.schema, "words", f"{question.words[0]}.*")
        else:
            words = " ".join(question.words) if question.kind == "phrase" else joint.join(question.words)
            found = self._index.parse_query(asked.format(words), ["words"])
        result = searcher.search(found, SHOWN)
        for _, address in result.hits:
            searcher.doc(address)
        if not facets:
            return result.count, 0
        wanted = {facet.value: {"terms": {"field": facet.value, "size": 2500}} for facet in Facet}
        counted = searcher.aggregate(found, wanted)
        return result.count, sum(each["doc_count"] for facet in counted.values() for each in facet["buckets"])


class PlainWhoosh:
    """Whoosh with its own writer, files, matchers and groups."""

    name = "Whoosh"
    patience = 3

    def __init__(self, folder: Path, count: int) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        groups = {facet.value: fields.KEYWORD(commas=True, sortable=True) for facet in Facet}
        words = fields.TEXT(analyzer=SpaceSeparatedTokenizer())
        self._index = FileStorage(str(folder)).create_index(fields.Schema(words=words, **groups))
        writer = self._index.writer(limitmb=256)
        for each in visible(count):
            values = {facet.value: ",".join(each.values_of(facet)) for facet in Facet}
            writer.add_document(words=text_of(each), **values)
        writer.commit()
        self._searcher = self._index.searcher()

    def ask(self, question: Question, *, facets: bool) -> Answer:
        """Answer a question."""
        terms = [query.Term("words", word) for word in question.words]
        if question.kind == "phrase":
            asked: Any = query.Phrase("words", list(question.words))
        elif question.kind == "beginning":
            asked = query.Prefix("words", question.words[0])
        else:
            asked = query.Or(terms) if question.kind.startswith("any") else query.And(terms)
        grouped = {
            facet.value: sorting.FieldFacet(facet.value, allow_overlap=True, maptype=sorting.Count) for facet in Facet
        }
        found = self._searcher.search(asked, limit=SHOWN, groupedby=grouped if facets else None)
        counts = [found.groups(facet.value) for facet in Facet] if facets else []
        # Whoosh also counts the documents that have no value.
        return len(found), sum(number for each in counts for value, number in each.items() if value)
