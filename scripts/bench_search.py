#!/usr/bin/env python3
"""Measure the search index beside SQLite FTS5, plain Whoosh, and tantivy where it is installed.

``scripts/bench_search.py [--documents 10000 100000] [--folder DIR] [--whoosh-up-to 10000]``. All engines get the same
made-up catalogue (``scripts/many_documents.py``) and the same questions; they must find the same number of assets and
count the same facets before anything is timed. Figures are milliseconds of CPU, the best of three, p50 and p95 of
twenty questions of a kind. An index that is in the folder already is used again. tantivy: `pip install tantivy==0.27.0`
into an environment of your own.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import random
import resource
import sqlite3
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Protocol

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from whoosh import fields, query, sorting
from whoosh.analysis import SpaceSeparatedTokenizer
from whoosh.filedb.filestore import FileStorage

from catalog.search.port import Document, SearchIndex, SearchQuery
from catalog.search.query import parse
from catalog.search.vocabulary import Facet, Sort
from catalog.search.whoosh_index.index import WhooshIndex
from scripts.many_documents import KINDS, STUDIO, Vocabulary, documents, vocabulary

QUESTIONS, REPEATS, SHOWN, BEGINNING = 20, 3, 50, 4
BREAK = " zz "
"""Stands between the values of a text for engines that would see a phrase across them."""
IN_CODES = {"show", "hdri", *(kind[:4] for kind in KINDS)}
"""Words of codes, which only our index looks into."""
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


def main() -> None:
    """Measure every size, and print one JSON object as the last line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--documents", type=int, nargs="+", default=[10_000])
    parser.add_argument("--folder", type=Path, help="keep the indexes here")
    parser.add_argument("--whoosh-up-to", type=int, default=10_000, help="plain Whoosh takes a second for 700")
    given = parser.parse_args()
    with TemporaryDirectory() as temporary:
        figures = {
            count: measured(count, (given.folder or Path(temporary)) / str(count), given.whoosh_up_to)
            for count in given.documents
        }
    print(json.dumps(figures))


def measured(count: int, folder: Path, whoosh_up_to: int) -> dict[str, Any]:
    """Fill all engines with so many documents, compare their answers, and time them."""
    of = vocabulary()
    ours = Ours(folder / "ours", count)
    engines: list[Engine] = [ours, Fts5(count)]
    if importlib.util.find_spec("tantivy"):
        engines.append(Tantivy(count))
    if count <= whoosh_up_to:
        engines.append(PlainWhoosh(folder / "whoosh", count))
    figures: dict[str, Any] = {"build": ours.built, "open_ms": ours.opened_ms}
    say(f"{count} documents; built: {ours.built}; opened in {ours.opened_ms} ms")
    for questions in kinds_of_questions(of):
        for facets in (False, True):
            name = questions[0].kind + (" + facets" if facets else "")
            compared(engines, questions, facets=facets)
            figures[name] = {engine.name: timed(engine, questions, facets=facets) for engine in engines}
            say(
                f"  {name:24}" + "".join(f"{each}: {p50:.2f}/{p95:.2f}  " for each, (p50, p95) in figures[name].items())
            )
    for name, question in ours.only_ours(of).items():
        figures[name] = {ours.name: spread_of([cpu_ms(partial(ours.index.search, question))])}
        say(f"  {name:24}{figures[name][ours.name][0]:.2f}")
    figures["memory_mb"] = round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
    return figures


def kinds_of_questions(of: Vocabulary) -> Iterator[list[Question]]:
    """Yield twenty questions of each kind."""
    chance = random.Random(7)
    words = [word for word in of.words if word not in IN_CODES]
    common, middle, rare = words[:40], words[200:1200], words[20_000:40_000]
    beginnings = sorted(
        {word[:BEGINNING] for word in middle if not any(each.startswith(word[:BEGINNING]) for each in IN_CODES)}
    )
    made: dict[str, Callable[[], Iterable[str]]] = {
        "rare word": lambda: [chance.choice(rare)],
        "common word": lambda: [chance.choice(common)],
        "both, one common": lambda: [chance.choice(middle), chance.choice(common)],
        "both common": lambda: chance.sample(common, 2),
        "any of three": lambda: [chance.choice(middle), *chance.sample(words[:300], 2)],
        "any of three common": lambda: chance.sample(common, 3),
        "phrase": lambda: chance.sample(common, 2),
        "beginning": lambda: [chance.choice(beginnings)],
    }
    for kind, make in made.items():
        yield [Question(kind=kind, words=tuple(make())) for _ in range(QUESTIONS)]


def compared(engines: Sequence[Engine], questions: Iterable[Question], *, facets: bool) -> None:
    """Stop where two engines answer differently."""
    for number, question in enumerate(questions):
        able = [engine for engine in engines if number < engine.patience]
        answers = {engine.name: engine.ask(question, facets=facets) for engine in able}
        if len(set(answers.values())) > 1:
            sys.exit(f"{question} is answered differently: {answers}")


def timed(engine: Engine, questions: Sequence[Question], *, facets: bool) -> tuple[float, float]:
    """Return p50 and p95 of the CPU that the questions take."""
    return spread_of(
        [cpu_ms(partial(engine.ask, question, facets=facets)) for question in questions[: engine.patience]]
    )


def spread_of(found: Iterable[float]) -> tuple[float, float]:
    """Return p50 and p95."""
    ordered = sorted(found)
    return round(ordered[len(ordered) // 2], 2), round(ordered[len(ordered) * 95 // 100], 2)


def cpu_ms(act: Callable[[], object]) -> float:
    """Return the least CPU that an act took."""
    taken = []
    for _ in range(REPEATS):
        began = time.process_time()
        act()
        taken.append((time.process_time() - began) * 1000)
    return min(taken)


def say(line: str) -> None:
    """Tell how far it is."""
    print(line, flush=True)


def text_of(document: Document) -> str:
    """Return what other engines search, as one text."""
    return BREAK.join([document.name, *document.tags, document.description])


def visible(count: int) -> Iterator[Document]:
    """Yield the documents that the viewer may know of; other engines know no others."""
    return (each for each in documents(count) if each.visible_to(STUDIO))


class Ours:
    """The catalogue's index."""

    name = "ours"
    patience = QUESTIONS

    def __init__(self, folder: Path, count: int) -> None:
        self.index: SearchIndex = WhooshIndex(folder)
        self.built = {} if self.index.seq else self._build(folder, count)
        self.index = WhooshIndex(folder)
        began = time.perf_counter()
        self.index.search(SearchQuery(audiences=STUDIO))
        self.opened_ms = round((time.perf_counter() - began) * 1000, 1)

    def ask(self, question: Question, *, facets: bool) -> Answer:
        """Answer a question."""
        typed = {"phrase": '"{}" ', "beginning": "{}*"}.get(question.kind, "{} ")
        joint = " OR " if question.kind.startswith("any") else " "
        asked = SearchQuery(
            audiences=STUDIO,
            text=replace(parse(typed.format(joint.join(question.words))), whole=None),
            facets=tuple(Facet) if facets else (),
            limit=SHOWN,
        )
        answer = self.index.search(asked)
        return answer.total, sum(each.count for counts in answer.facets.values() for each in counts)

    def only_ours(self, of: Vocabulary) -> dict[str, SearchQuery]:
        """Return questions that are put to no other engine."""
        common = parse(of.words[3] + " ")
        every = SearchQuery(audiences=STUDIO, facets=tuple(Facet))
        return {
            "all, newest + facets": replace(every, sort=Sort.NEWEST),
            "all, by name + facets": replace(every, sort=Sort.NAME),
            "common, newest + facets": replace(every, text=common, sort=Sort.NEWEST),
            "first letter + facets": replace(every, text=parse("t")),
            "two letters + facets": replace(every, text=parse("te")),
            "one Chinese character": replace(every, text=parse("王 ")),
        }

    def _build(self, folder: Path, count: int) -> dict[str, float]:
        began, cpu = time.perf_counter(), time.process_time()
        with self.index.rebuilding() as fresh:
            fresh.write(documents(count), 0, 1)
        size = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
        return {
            "cpu_s": round(time.process_time() - cpu, 1),
            "wall_s": round(time.perf_counter() - began, 1),
            "disk_mb": round(size / 1e6, 1),
            "peak_mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024),
        }


class Fts5:
    """SQLite: one table of texts, others of what is counted."""

    name = "FTS5"
    patience = QUESTIONS

    def __init__(self, count: int) -> None:
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

    def __init__(self, count: int) -> None:
        tantivy: Any = importlib.import_module("tantivy")
        builder = tantivy.SchemaBuilder()
        builder.add_text_field("words", tokenizer_name="whitespace")
        builder.add_unsigned_field("id", stored=True)
        for facet in Facet:
            builder.add_text_field(facet.value, tokenizer_name="raw", fast=True, index_option="basic")
        self._index = tantivy.Index(builder.build())
        writer = self._index.writer(heap_size=500_000_000, num_threads=1)
        for number, each in enumerate(visible(count)):
            values = {facet.value: list(each.values_of(facet)) for facet in Facet}
            writer.add_document(tantivy.Document(words=[text_of(each)], id=[number], **values))
        writer.commit()
        writer.wait_merging_threads()
        self._index.reload()
        self._tantivy = tantivy

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
        return len(found), sum(number for each in counts for number in each.values())


if __name__ == "__main__":
    main()
