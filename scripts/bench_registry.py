#!/usr/bin/env python3
"""Measure the registry: server CPU per request, bulk registration, an artist's upload beside an import, memory.

``scripts/bench_registry.py [--quick] [--postgresql URL]``. The alternative measured in the same run is a plain Core
insert of the same rows in one transaction: without ledger, jobs, checks and kept answers. Peers' figures are quoted,
not measured.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import requests
from sqlalchemy import Engine, insert

from catalog.assets import importing, registry
from catalog.assets.manifests import FileEntry
from catalog.assets.models import Asset, AssetVersion, File
from catalog.assets.registry import Registration
from catalog.assets.roots import PathTemplate, declare
from catalog.assets.vocabulary import Custody, Kind, Platform
from catalog.client import Client
from catalog.db.engine import create_engine_for
from catalog.jobs.vocabulary import Lane
from catalog.kernel.actors import system_actor
from catalog.kernel.ids import new_id
from catalog.reactions import REACTIONS
from catalog.work.desk import Desk
from scripts.installation import ROOT, Installation, cpu_s, memory_mb
from scripts.made_files import noisy_png

ACTOR = system_actor("operator:bench")
PEERS = {
    "create": "Zou 24, AYON 95–993",
    "get one": "Zou 12",
    "page of 100": "AYON 30–41, Zou 178",
    "last 100 events": "Zou 8–11",
}
GOALS_MS = {"create": 12.0, "get one": 4.0, "page of 100": 12.0, "last 100 events": 8.0}
Figures = dict[str, Any]


def main() -> None:
    """Run every section and print one JSON object as the last line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="small sizes; under a minute")
    parser.add_argument("--postgresql", help="URL of an empty PostgreSQL database to measure, too")
    arguments = parser.parse_args()
    figures: Figures = {"quick": arguments.quick}
    with TemporaryDirectory() as folder:
        figures["sqlite"] = measure(Path(folder) / "sqlite", None, quick=arguments.quick)
        if arguments.postgresql:
            figures["postgresql"] = measure(Path(folder) / "postgresql", arguments.postgresql, quick=arguments.quick)
            figures["postgresql"]["writers_per_s"] = sixteen_writers(arguments.postgresql, quick=arguments.quick)
    print(json.dumps(figures))


def measure(folder: Path, database_url: str | None, *, quick: bool) -> Figures:
    """Measure one kind of database from start to 10,000 and 100,000 assets."""
    sizes = (1_000, 3_000) if quick else (10_000, 100_000)
    figures: Figures = {}
    print(f"\n{'PostgreSQL' if database_url else 'SQLite'}")
    with Installation(folder, database_url) as installation:
        figures["memory_mb"] = round(memory_mb([installation.supervisor, *installation.processes()]))
        print(f"  memory after start: {figures['memory_mb']} MB (goal: under 400)")
        desk = Desk(engine=create_engine_for(database_of(installation)), reactions=REACTIONS)
        with desk.work(ACTOR) as work:
            declare(work, "library", [PathTemplate(platform=Platform.LINUX, site="main", path="/nowhere")])
        there = 0
        for size in sizes:
            rate = import_until(desk, there, size)
            plain = plain_rate(desk.engine, min(size - there, 5_000))
            there = size
            figures[f"import_{size}"] = {
                "rows_per_s": round(rate),
                "plain_core_rows_per_s": round(plain),
                "ratio": round(plain / rate, 2),
            }
            print(
                f"  import up to {size:,}: {rate:,.0f} assets/s, plain Core insert {plain:,.0f}/s: {plain / rate:.1f} x"
            )
            figures[f"requests_{size}"] = requests_of(installation, size, 30 if quick else 200)
        figures["png_seconds"] = round(upload_beside_import(installation, there, quick=quick), 2)
        print(
            f"  2 MB PNG published to its thumbnail served, while an import runs: {figures['png_seconds']} s (goal: 1)"
        )
        desk.engine.dispose()
    return figures


def database_of(installation: Installation) -> str:
    """Return the URL of an installation's database."""
    found = (
        installation.environment.get("CATALOG_DATABASE_URL") or f"sqlite:///{installation.folder / 'catalog.sqlite'}"
    )
    return found.replace("postgresql://", "postgresql+psycopg://", 1)


def rows(first: int, count: int) -> list[importing.Row]:
    """Return rows of assets with one referenced file each."""
    return [
        importing.Row(
            number=n,
            registration=Registration(
                code=f"prp_bench{n}",
                name=f"Bench prop {n}",
                kind=Kind.PROP,
                tags=("bench", f"lot{n % 97}"),
                description="A prop of the benchmark.",
            ),
            files=(
                FileEntry(
                    path="model.obj",
                    sha256=f"{n:064x}",
                    size_bytes=1000 + n,
                    custody=Custody.REFERENCED,
                    root="library",
                    root_path=f"lot/{n}/model.obj",
                ),
            ),
            digest=f"{n:064x}",
        )
        for n in range(first, first + count)
    ]


def import_until(desk: Desk, there: int, size: int) -> float:
    """Import up to ``size`` assets in batches of 500 through the rooms; return assets a second."""
    began = time.monotonic()
    for first in range(there, size, importing.ROWS_MAX):
        batch = rows(first, min(importing.ROWS_MAX, size - first))
        with desk.work(ACTOR, lane=Lane.BULK) as work:
            importing.enter_rows(work, "bench", batch)
    return (size - there) / (time.monotonic() - began)


def plain_rate(engine: Engine, count: int) -> float:
    """Return how many of the same rows a second a plain Core insert enters; rolled back, so that nothing stays."""
    now = time.time()
    assets, versions, files = [], [], []
    from catalog.kernel import clock  # noqa: PLC0415 — used only here

    instant = clock.now()
    for n in range(count):
        asset_id, version_id = new_id(), new_id()
        code = f"prp_plain{now:.0f}x{n}"
        assets.append(
            {
                "id": asset_id,
                "code": code,
                "code_key": code,
                "name": code,
                "kind": "prop",
                "status": "active",
                "description": "A prop.",
                "tags": ["bench"],
                "aliases": [],
                "latest_number": 1,
                "revision": 1,
                "created_at": instant,
                "updated_at": instant,
            }
        )
        versions.append(
            {
                "id": version_id,
                "asset_id": asset_id,
                "number": 1,
                "status": "published",
                "note": "",
                "manifest_sha256": "0" * 64,
                "file_count": 1,
                "size_bytes": 1,
                "created_by_id": ACTOR.id,
                "created_at": instant,
                "published_at": instant,
                "revision": 1,
            }
        )
        files.append(
            {
                "id": new_id(),
                "version_id": version_id,
                "path": "model.obj",
                "role": "model",
                "custody": "stored",
                "sha256": "0" * 64,
                "size_bytes": 1,
                "state": "online",
            }
        )
    began = time.monotonic()
    with engine.execution_options(writes=True).connect() as connection:
        for model, values in ((Asset, assets), (AssetVersion, versions), (File, files)):
            for first in range(0, count, 500):
                connection.execute(insert(model), values[first : first + 500])
        spent = time.monotonic() - began
        connection.rollback()
    return count / spent


def requests_of(installation: Installation, size: int, times: int) -> Figures:
    """Measure processor time of the web process per request, one after the other."""
    session = requests.Session()
    session.headers["Authorization"] = f"Bearer {installation.token}"
    base = f"{installation.url}/api/v1"
    seq = session.get(f"{base}/ledger?limit=1", timeout=60).json()["items"][0]["seq"]
    codes = iter(range(10**9))
    acts: dict[str, Callable[[], requests.Response]] = {
        "create": lambda: session.post(
            f"{base}/assets",
            json={"code": f"prp_new{size}x{next(codes)}", "name": "New", "kind": "prop", "tags": ["a", "b"]},
            timeout=60,
        ),
        "get one": lambda: session.get(f"{base}/assets/prp_bench{next(codes) % size}", timeout=60),
        "page of 100": lambda: session.get(f"{base}/assets?limit=100", timeout=60),
        "last 100 events": lambda: session.get(f"{base}/events?after={seq - 100}&limit=100", timeout=60),
    }
    web = installation.processes("gunicorn")
    figures: Figures = {}
    print(f"  at {size:,} assets, with the index following and its jobs owed:")
    for name, act in acts.items():
        act().raise_for_status()
        before, took = cpu_s(web), []
        for _ in range(times):
            began = time.perf_counter()
            act().raise_for_status()
            took.append((time.perf_counter() - began) * 1000)
        cpu_ms = (cpu_s(web) - before) * 1000 / times
        wall = statistics.median(took)
        figures[name] = {"cpu_ms": round(cpu_ms, 2), "median_ms": round(wall, 2)}
        goal = f"goal ≤ {GOALS_MS[name]:.0f}; peers: {PEERS[name]}"
        print(f"    {name:16} {cpu_ms:6.2f} ms CPU ({goal}), median {wall:.1f} ms")
    return figures


def upload_beside_import(installation: Installation, there: int, *, quick: bool) -> float:
    """Publish a 2 MB PNG while `catalog assets import` runs; return the seconds until its thumbnail is served."""
    manifest = installation.folder / "beside.jsonl"
    beside = [
        {
            "code": f"prp_bench{n}",
            "name": f"Bench prop {n}",
            "kind": "prop",
            "files": [
                {
                    "path": "model.obj",
                    "sha256": f"{n:064x}",
                    "size_bytes": 1000 + n,
                    "custody": "referenced",
                    "root": "library",
                    "root_path": f"lot/{n}/model.obj",
                }
            ],
        }
        for n in range(there, there + 200_000)
    ]
    manifest.write_text("".join(json.dumps(row) + "\n" for row in beside), encoding="utf-8")
    command = [sys.executable, "-m", "catalog", "assets", "import", str(manifest)]
    where = {"CATALOG_URL": installation.url, "CATALOG_TOKEN": installation.token, "PYTHONPATH": str(ROOT)}
    client = Client(installation.url, token=installation.token)
    with subprocess.Popen(command, env={**os.environ, **where}, stderr=subprocess.DEVNULL) as importer:
        try:
            took = [seconds_to_picture(installation, client, n) for n in range(3 if quick else 9)]
            if importer.poll() is not None:
                sys.exit("the import ended before the pictures were there; it has to run beside them")
        finally:
            importer.kill()
    return statistics.median(took)


def seconds_to_picture(installation: Installation, client: Client, n: int) -> float:
    """Return the seconds from publishing a picture to its thumbnail."""
    picture = installation.folder / f"picture{n}.png"
    picture.write_bytes(noisy_png(830, seed=n))
    code = f"mat_beside{n}"
    client.assets.register(code=code, name="Beside", kind="material")
    headers = {"Authorization": f"Bearer {installation.token}"}
    began = time.monotonic()
    client.versions.publish(code, picture)
    while True:
        url = client.assets.get(code).thumbnail_url
        if url and requests.get(installation.url + url, headers=headers, timeout=10).ok:
            return time.monotonic() - began
        time.sleep(0.02)


def write_some(url: str, count: int) -> float:
    """Register assets one by one, as one of several processes; return the seconds it took."""
    desk = Desk(engine=create_engine_for(url), reactions=REACTIONS)
    began = time.monotonic()
    for _ in range(count):
        with desk.work(ACTOR) as work:
            registry.register(work, Registration(code=f"prp_w{new_id().hex}", name="Written", kind=Kind.PROP))
    return time.monotonic() - began


def sixteen_writers(url: str, *, quick: bool) -> float:
    """Return how many assets a second 16 processes register through the rooms."""
    address, each = url.replace("postgresql://", "postgresql+psycopg://", 1), 20 if quick else 200
    with ProcessPoolExecutor(16) as writers:
        list(writers.map(write_some, [address] * 16, [1] * 16))
        began = time.monotonic()
        list(writers.map(write_some, [address] * 16, [each] * 16))
        rate = 16 * each / (time.monotonic() - began)
    print(f"  16 writers: {rate:,.0f} creates/s (goal ≥ 400)")
    return round(rate)


if __name__ == "__main__":
    main()
