#!/usr/bin/env python3
"""Measure the rebuild of the search index from a database: time, processors and memory, from small to large.

``scripts/bench_rebuild.py [--assets 10000 100000 1000000] [--folder DIR]``. The database holds the made-up catalogue of
``scripts/many_documents.py``, entered by plain inserts: assets with versions, what they were summed up as, external
ids, shows and owners. One that is in the folder already is used again. Memory is that of all processes together (PSS,
looked at every second), above what this one had before; processors are those of all together, too, but for looking.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import sys
import threading
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from uuid import UUID, uuid5

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from sqlalchemy import Engine, func, insert, select

from catalog.accounts.models import Audience, User
from catalog.assets.models import Asset, AssetVersion, ExternalId
from catalog.db import migrate
from catalog.db.base import table_of
from catalog.db.engine import create_engine_for
from catalog.kernel.batches import in_batches
from catalog.media.models import Summary
from catalog.reactions import REACTIONS
from catalog.search.port import Document
from catalog.search.rebuild import rebuild
from catalog.search.vocabulary import Measure
from catalog.search.whoosh_index.index import WhooshIndex
from catalog.shows.models import Show
from catalog.work.desk import Desk
from scripts.installation import memory_mb
from scripts.many_documents import OWNERS, SHOWS, documents

AT_ONCE = 5_000
LOOK_S = 1.0
MEASURES = {Measure.POLYS: "triangles", Measure.TEXTURE: "texture_px", Measure.HEIGHT: "height_um"}
NAMES = UUID(int=20_240_607)
THEN = datetime(2026, 1, 1, tzinfo=UTC)
Rows = list[dict[str, Any]]


def main() -> None:
    """Measure every size, and print one JSON object as the last line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--assets", type=int, nargs="+", default=[10_000, 100_000])
    parser.add_argument("--folder", type=Path, help="keep the databases and indexes here")
    given = parser.parse_args()
    with TemporaryDirectory() as temporary:
        folder = given.folder or Path(temporary)
        figures = {count: measured(folder / f"{count}", count) for count in sorted(given.assets)}
    print(json.dumps(figures))


def measured(folder: Path, count: int) -> dict[str, float]:
    """Rebuild the index of so many assets, and tell what it took."""
    folder.mkdir(parents=True, exist_ok=True)
    engine = create_engine_for(f"sqlite:///{folder / 'catalog.sqlite'}")
    fill(engine, count)
    desk = Desk(engine=engine, reactions=REACTIONS)
    index = WhooshIndex(folder / "index")
    began, cpu = time.perf_counter(), cpu_s()
    with watched() as seen:
        built = rebuild(desk, index)
    used = cpu_s() - cpu - seen.looking_s
    figures = {
        "documents": built.documents,
        "wall_s": round(time.perf_counter() - began, 1),
        "cpu_s": round(used, 1),
        "ms_a_document": round(used * 1000 / count, 3),
        "peak_mb": round(seen.peak_mb),
        "disk_mb": round(sum(path.stat().st_size for path in (folder / "index").rglob("*.seg")) / 1e6),
        "segments": len(list((folder / "index").rglob("*.seg"))),
    }
    print(f"{count:>9,} assets: " + ", ".join(f"{name} {value:,}" for name, value in figures.items()), flush=True)
    engine.dispose()
    return figures


@dataclass
class Seen:
    """The most memory that was seen, and what looking cost."""

    peak_mb: float = 0.0
    looking_s: float = 0.0


@contextmanager
def watched() -> Iterator[Seen]:
    """Look at the memory of this process and its children as long as the block lasts; the greatest sum is told."""
    ended, seen = threading.Event(), Seen()
    before = memory_mb([os.getpid()])

    def look() -> None:
        while not ended.wait(LOOK_S):
            seen.peak_mb = max(seen.peak_mb, memory_mb([os.getpid(), *children()]) - before)
            seen.looking_s = time.thread_time()

    watching = threading.Thread(target=look)
    watching.start()
    try:
        yield seen
    finally:
        ended.set()
        watching.join()


def children() -> list[int]:
    """Return the processes that this one started, from whichever thread."""
    tasks = Path("/proc/self/task").glob("*/children")
    return [int(pid) for task in tasks for pid in task.read_text(encoding="ascii").split()]


def cpu_s() -> float:
    """Return the seconds of processors that this process and its children that ended have used."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(each.ru_utime + each.ru_stime for each in used)


def fill(engine: Engine, count: int) -> None:
    """Enter so many assets, unless they are there."""
    migrate.upgrade(engine)
    with engine.connect() as connection:
        if connection.scalar(select(func.count()).select_from(Asset)) == count:
            return
    with engine.execution_options(writes=True).begin() as connection:
        connection.execute(insert(table_of(Audience)), [{"id": named("hidden"), "key": "0" * 64}])
        connection.execute(insert(table_of(User)), [owner(number) for number in range(OWNERS)])
        connection.execute(insert(table_of(Show)), [show(number) for number in range(SHOWS)])
    remaining = documents(count)
    while batch := list(islice(remaining, AT_ONCE)):
        with engine.execution_options(writes=True).begin() as connection:
            for model, rows in rows_of(batch).items():
                for several in in_batches(rows, AT_ONCE):
                    connection.execute(insert(table_of(model)), several)


def named(name: str) -> UUID:
    """Return the id of something by its name."""
    return uuid5(NAMES, name)


def owner(number: int) -> dict[str, Any]:
    """Return the row of somebody."""
    login = f"artist{number}"
    return {"id": named(login), "login": login, "login_key": login, "display_name": login, "roles": [], **_times(THEN)}


def show(number: int) -> dict[str, Any]:
    """Return the row of a show."""
    code = f"show{number}"
    return {"id": named(code), "code": code, "code_key": code, "name": code, **_times(THEN)}


def rows_of(documents: Iterable[Document]) -> Mapping[type[Any], Rows]:
    """Return the rows from which these documents are read again."""
    assets: Rows = []
    versions: Rows = []
    summaries: Rows = []
    external: Rows = []
    for number, one in enumerate(documents):
        version = {"id": UUID(int=one.id.int ^ 1), "asset_id": one.id, "number": 1, "status": "published"}
        size = one.measures.get(Measure.SIZE, 1)
        versions.append({**version, **_VERSION, "size_bytes": size})
        measures = {name: one.measures[measure] for measure, name in MEASURES.items() if measure in one.measures}
        summaries.append(
            {
                "version_id": version["id"],
                "formats": one.formats,
                "names": [f"{one.code}.usd"],
                "parts": one.parts,
                "measures": measures,
            }
        )
        assets.append(_asset(one))
        if number % 3 == 0:
            value = f"ext-{one.id.int >> 64:07d}"
            external.append({"asset_id": one.id, "system": "legacy", "value": value, "value_key": value})
    return {Asset: assets, AssetVersion: versions, Summary: summaries, ExternalId: external}


def _asset(one: Document) -> dict[str, Any]:
    return {
        "id": one.id,
        "code": one.code,
        "code_key": one.code.casefold(),
        "name": one.name,
        "kind": one.kind,
        "status": "active",
        "description": one.description,
        "tags": one.tags,
        "aliases": [],
        "fields": {},
        "owner_id": named(one.owner or ""),
        "show_id": named(one.shows[0]),
        "audience_id": None if one.asset_audience == "studio" else named("hidden"),
        "latest_number": 1,
        "revision": 1,
        "created_at": one.created_at,
        "updated_at": one.updated_at,
    }


def _times(moment: datetime) -> dict[str, datetime]:
    return {"created_at": moment, "updated_at": moment}


_VERSION = {
    "note": "",
    "manifest_sha256": "0" * 64,
    "file_count": 1,
    "created_by_id": named("artist0"),
    "created_at": THEN,
    "stood_since": THEN,
    "published_at": THEN,
    "revision": 1,
}


if __name__ == "__main__":
    main()
