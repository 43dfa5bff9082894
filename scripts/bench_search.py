#!/usr/bin/env python3
"""Measure the search index beside SQLite FTS5, plain Whoosh, and tantivy where it is installed.

``scripts/bench_search.py [--documents 10000 100000 1000000] [--folder DIR] [--engines tantivy FTS5 Whoosh]``. All
engines get the same made-up catalogue (``scripts/many_documents.py``) and the same questions; they must find the same
number of assets and count the same eight facets before anything is timed: all values, while what is timed tells of each
facet as many as a page asks for, counted over all hits (FTS5 and plain Whoosh tell of all). Figures are milliseconds of
CPU, p50 and p95 of twenty different questions of a kind: the best of three, and (``first``) the first time that the
process is asked, when nothing is remembered; files are in the page cache either way. Behind each engine stands how many
times as long as ours it takes, at p50 and p95.

An index that is in the folder already is used again; with ``--any-version`` also one of another version, for those who
know that its files are laid out as they are now. tantivy: `pip install tantivy==0.27.0` into an environment of your
own. FTS5 is asked two questions of a kind from half a million documents on, for it takes seconds, and filled up to
``--fts5-up-to``; plain Whoosh is asked three, up to ``--whoosh-up-to`` documents: it writes 700 a second.
``scripts/search_under_load.py`` searches while the index changes.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import random
import resource
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from catalog.search.chinese import syllables
from catalog.search.port import SearchIndex, SearchQuery
from catalog.search.query import parse
from catalog.search.vocabulary import Facet, Sort
from catalog.search.whoosh_index.index import WhooshIndex
from catalog.search.whoosh_index.schema import VERSION
from scripts.many_documents import KINDS, STUDIO, Vocabulary, documents, vocabulary
from scripts.search_engines import (
    COUNTED,
    NARROWED,
    QUESTIONS,
    SHOWN,
    VALUES,
    VALUES_MAX,
    Answer,
    Engine,
    Fts5,
    PlainWhoosh,
    Question,
    Tantivy,
)

REPEATS, BEGINNING, FUZZY_LENGTH = 3, 4, 7
IN_CODES = {"show", "hdri", *(kind[:4] for kind in KINDS)}
"""Words of codes, which only our index looks into."""

TYPED = {
    "phrase": '"{}" ',
    "beginning": "{}*",
    "misspelt": "{}~ ",
    "narrowed": f"{{}} {' '.join(f'{facet}:{value}' for facet, value in NARROWED.items())} ",
}
"""How kinds of questions are typed."""


def main() -> None:
    """Measure every size, and print one JSON object as the last line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--documents", type=int, nargs="+", default=[10_000])
    parser.add_argument("--folder", type=Path, help="keep the indexes here")
    parser.add_argument("--engines", nargs="*", default=["tantivy", "FTS5", "Whoosh"], help="beside ours")
    parser.add_argument("--whoosh-up-to", type=int, default=10_000, help="plain Whoosh takes a second for 700")
    parser.add_argument("--fts5-up-to", type=int, default=100_000, help="FTS5 is held in memory, 3 GB for a million")
    parser.add_argument("--kinds", nargs="*", help="ask only these kinds of questions, such as 'common word'")
    parser.add_argument("--any-version", action="store_true", help="use an index of another version, laid out alike")
    given = parser.parse_args()
    with TemporaryDirectory() as temporary:
        figures = {
            count: measured(count, (given.folder or Path(temporary)) / str(count), given)
            for count in sorted(given.documents)
        }
    grown(figures)
    print(json.dumps(figures))


def grown(figures: Mapping[int, Mapping[str, Any]]) -> None:
    """Tell how each kind grows from the least number of documents to the greatest."""
    first, *_, last = figures.values() if len(figures) > 1 else ({}, {})
    for name, of in first.items():
        if isinstance(of, dict) and "ours" in of:
            say(
                f"  {name:24}" + " → ".join(f"{figure[name]['ours'][1]:.2f}" for figure in figures.values()) + " ms p95"
            )
    say(f"growth from {min(figures)} to {max(figures)} documents is above" if last else "one size only: no growth")


def measured(count: int, folder: Path, given: argparse.Namespace) -> dict[str, Any]:
    """Fill all engines with so many documents, compare their answers, and time them."""
    of = vocabulary()
    if given.any_version:
        call_it_current(folder / "ours")
    ours = Ours(folder / "ours", count)
    say(f"{count} documents; built: {ours.built}; opened in {ours.opened_ms} ms")
    figures: dict[str, Any] = {"build": ours.built, "open_ms": ours.opened_ms}
    figures |= side_by_side([ours, *others(count, folder, given)], of, given.kinds) | alone(ours, of)
    figures["memory_mb"] = round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
    return figures


def others(count: int, folder: Path, given: argparse.Namespace) -> Iterator[Engine]:
    """Yield the other engines, filled with so many documents."""
    if "FTS5" in given.engines and count <= given.fts5_up_to:
        yield Fts5(count)
    if "tantivy" in given.engines and importlib.util.find_spec("tantivy"):
        yield Tantivy(folder / "tantivy", count)
    if "Whoosh" in given.engines and count <= given.whoosh_up_to:
        yield PlainWhoosh(folder / "whoosh", count)


def side_by_side(engines: Sequence[Engine], of: Vocabulary, kinds: Sequence[str] | None) -> dict[str, Any]:
    """Compare the answers of all engines to questions of every kind, and time them."""
    figures: dict[str, Any] = {}
    for questions in kinds_of_questions(of):
        if kinds and questions[0].kind not in kinds:
            continue
        for facets in (True, False):
            name = questions[0].kind + (" + facets" if facets else "")
            able = [engine for engine in engines if questions[0].kind not in engine.cannot]
            first = compared(able, questions, facets=facets)
            figures[name] = {engine.name: timed(engine, questions, facets=facets) for engine in able}
            if facets:
                figures[name]["first"] = spread_of(first)
            say(f"  {name:30}{told(figures[name])}")
    return figures


def alone(ours: Ours, of: Vocabulary) -> dict[str, Any]:
    """Time what is put to no other engine."""
    figures: dict[str, Any] = {}
    every = SearchQuery(audiences=STUDIO, facets=COUNTED)
    for name, query in ours.only_ours(of).items():
        figures[name] = {ours.name: spread_of([cpu_ms(partial(ours.index.search, query))])}
    for name, text in bad_input(of).items():
        figures[name] = {ours.name: spread_of([cpu_ms(partial(read_and_answered, ours.index, every, text))])}
    for name, figure in figures.items():
        say(f"  {name:30}{figure[ours.name][0]:.2f}")
    typed = [of.words[at][:letters] for at in (3, 30, 300, 3_000) for letters in (1, 2, 3, 4, 5)]
    typed += ["show", "sh", of.shows[7], "王", " ".join(of.words[:2]), f"{of.words[0]} {of.words[1][:2]}"]
    suggesting = [cpu_ms(partial(ours.index.suggest, parse(text), STUDIO, 10)) for text in typed]
    figures["typeahead"] = {ours.name: spread_of(suggesting)}
    longest = typed[suggesting.index(max(suggesting))]
    say(f"  {'typeahead':30}{told(figures['typeahead'])}longest: {longest!r}")
    return figures


def read_and_answered(index: SearchIndex, query: SearchQuery, text: str) -> None:
    """Read a text and answer it."""
    index.search(replace(query, text=parse(text)))


def told(figures: Mapping[str, tuple[float, float]]) -> str:
    """Return p50 and p95 of each engine, and of others, how many times ours that is."""
    ours = figures["ours"]
    found = []
    for engine, (p50, p95) in figures.items():
        times = "" if engine in {"ours", "first"} else f" (×{p50 / ours[0]:.1f}/×{p95 / ours[1]:.1f})"
        found.append(f"{engine}: {p50:.2f}/{p95:.2f}{times}  ")
    return "".join(found)


def bad_input(of: Vocabulary) -> dict[str, str]:
    """Return texts that nobody types."""
    return {
        "a thousand OR terms + facets": " OR ".join(of.words[:1_000]) + " ",
        "10 kB of words + facets": " ".join(of.words[:2_000])[:10_000],
        "* + facets": "*",
        "stars + facets": "a*" * 500,
        "a thousand fuzzy + facets": " ".join(f"{word}~2" for word in of.words[:1_000]),
        "parentheses + facets": "(" * 5_000 + "a" + ")" * 5_000,
    }


def call_it_current(folder: Path) -> None:
    """Have an index taken for one of this version."""
    current = folder / "CURRENT"
    if current.exists():
        name = current.read_text(encoding="ascii").strip()
        renamed = f"v{VERSION}-{name.partition('-')[2]}"
        (folder / name).rename(folder / renamed)
        current.write_text(renamed + "\n", encoding="ascii")


def kinds_of_questions(of: Vocabulary) -> Iterator[list[Question]]:
    """Yield twenty different questions of each kind."""
    chance = random.Random(7)
    words = [word for word in of.words if word not in IN_CODES]
    common, middle, rare = words[:40], words[200:1200], words[20_000:40_000]
    begun = {word[:BEGINNING] for word in middle if not any(each.startswith(word[:BEGINNING]) for each in IN_CODES)}
    beginnings = sorted(each for each in begun if not syllables(each, growing=True))  # no other engine knows pinyin
    made: dict[str, Callable[[], Iterable[str]]] = {
        "rare word": lambda: [chance.choice(rare)],
        "common word": lambda: [chance.choice(common)],
        "both, one common": lambda: [chance.choice(middle), chance.choice(common)],
        "both common": lambda: chance.sample(common, 2),
        "any of three": lambda: [chance.choice(middle), *chance.sample(words[:300], 2)],
        "any of three common": lambda: chance.sample(common, 3),
        "phrase": lambda: chance.sample(common, 2),
        "beginning": lambda: [chance.choice(beginnings)],
        "misspelt": lambda: [chance.choice([word for word in middle if len(word) >= FUZZY_LENGTH])],
        "narrowed": lambda: [chance.choice(common)],
        "all": list,
    }
    for kind, make in made.items():
        found: dict[tuple[str, ...], None] = {}
        while len(found) < (QUESTIONS if kind != "all" else 1):
            found[tuple(make())] = None
        yield [Question(kind=kind, words=words) for words in found]


def compared(engines: Sequence[Engine], questions: Iterable[Question], *, facets: bool) -> list[float]:
    """Stop where two engines answer differently; return the CPU that the first took, which is asked for once only."""
    first = []
    for number, question in enumerate(questions):
        able = [engine for engine in engines if number < engine.patience]
        answers = {}
        for engine in able:
            began = time.process_time()
            answers[engine.name] = engine.ask(question, facets=facets)
            if engine is engines[0]:
                first.append((time.process_time() - began) * 1000)
        if len(set(answers.values())) > 1:
            sys.exit(f"{question} is answered differently: {answers}")
    return first


def timed(engine: Engine, questions: Sequence[Question], *, facets: bool) -> tuple[float, float]:
    """Return p50 and p95 of the CPU that the questions take."""
    asked = [partial(engine.ask, question, facets=facets, values=VALUES) for question in questions[: engine.patience]]
    return spread_of(map(cpu_ms, asked))


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


class Ours:
    """The catalogue's index."""

    name = "ours"
    patience = QUESTIONS
    cannot: frozenset[str] = frozenset()

    def __init__(self, folder: Path, count: int) -> None:
        self.index: SearchIndex = WhooshIndex(folder)
        self.built = {} if self.index.seq else self._build(folder, count)
        self.index = WhooshIndex(folder)
        began = time.perf_counter()
        self.index.search(SearchQuery(audiences=STUDIO))
        self.opened_ms = round((time.perf_counter() - began) * 1000, 1)

    def ask(self, question: Question, *, facets: bool, values: int = VALUES_MAX) -> Answer:
        """Answer a question."""
        typed = TYPED.get(question.kind, "{} ")
        joint = " OR " if question.kind.startswith("any") else " "
        asked = SearchQuery(
            audiences=STUDIO,
            text=replace(parse(typed.format(joint.join(question.words))), whole=None),
            facets=COUNTED if facets else (),
            most=values,
            limit=SHOWN,
        )
        answer = self.index.search(asked)
        return answer.total, sum(each.count for counts in answer.facets.values() for each in counts)

    def only_ours(self, of: Vocabulary) -> dict[str, SearchQuery]:
        """Return questions that are put to no other engine."""
        common = parse(of.words[3] + " ")
        every = SearchQuery(audiences=STUDIO, facets=COUNTED)
        return {
            "common + all eleven facets": replace(every, text=common, facets=tuple(Facet)),
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
            "children_cpu_s": round(resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime, 1),
            "peak_mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024),
            "each_child_peak_mb": round(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024),
        }


if __name__ == "__main__":
    main()
