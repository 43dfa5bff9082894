#!/usr/bin/env python3
"""Measure the pages in a real Chromium: largest paint, layout shift, bytes, letters to results, memory of the web.

``scripts/bench_ui.py [--quick]``. The alternative measured in the same run is a copy of each page, as the browser got
it, from Python's own static file server: what is left between the two is ours. The goals are those of the design's
gates; loopback, one browser, nothing else running.
"""

from __future__ import annotations

import argparse
import gzip
import json
import os
import re
import statistics
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from urllib.parse import urlsplit

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from playwright.sync_api import Browser, Page, StorageState, sync_playwright

from catalog.assets.roots import PathTemplate, declare
from catalog.assets.vocabulary import Platform
from catalog.client import Client
from catalog.db.engine import create_engine_for
from catalog.reactions import REACTIONS
from catalog.work.desk import Desk
from scripts.bench_registry import ACTOR, database_of, import_until
from scripts.installation import Installation, memory_mb
from scripts.made_files import noisy_png

CHROMIUM: dict[str, Any] = {
    "executable_path": os.environ.get("CHROMIUM", "/usr/bin/chromium"),
    "args": ["--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu"],
}
LOADS = 9
PICTURED = 60
PAGES = {"search": "/assets?tag=pictured", "asset": "/assets/mat_pictured0"}
LCP_GOAL_MS, CLS_GOAL, SCRIPTS_GOAL_BYTES, TYPED_GOAL_MS, WEB_GOAL_MB = 800, 0.02, 30_000, 100, 150
MEDIA_LIBRARIES = re.compile(r"/(PIL|OpenImageIO|pxr|f3d|av|alembic3d|ufbx)[/.]")
WATCH = """
window.lcp = 0; window.cls = 0;
new PerformanceObserver(list => { for (const entry of list.getEntries()) window.lcp = entry.startTime; })
  .observe({ type: "largest-contentful-paint", buffered: true });
new PerformanceObserver(list => {
  for (const entry of list.getEntries()) if (!entry.hadRecentInput) window.cls += entry.value;
}).observe({ type: "layout-shift", buffered: true });
"""
PAINTED = """() => new Promise(done => {
  const began = performance.now();
  const painted = () => requestAnimationFrame(() => setTimeout(() => done(performance.now() - began)));
  document.addEventListener("htmx:after:swap", painted, { once: true });
  setTimeout(() => done(null), 5000);
  document.getElementById("q").value += "e";
  document.getElementById("q").dispatchEvent(new InputEvent("input", { bubbles: true }));
})"""
Figures = dict[str, Any]


def main() -> None:
    """Measure at two sizes and print one JSON object as the last line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="small sizes; under a minute")
    quick = parser.parse_args().quick
    figures: Figures = {"quick": quick}
    with TemporaryDirectory() as folder, Installation(Path(folder) / "data") as installation:
        publish_pictures(installation, 8 if quick else PICTURED)
        desk = Desk(engine=create_engine_for(database_of(installation)), reactions=REACTIONS)
        with desk.work(ACTOR) as work:
            declare(work, "library", [PathTemplate(platform=Platform.LINUX, site="main", path="/nowhere")])
        there = 0
        for size in (200, 1_000) if quick else (1_000, 10_000):
            import_until(desk, there, size)
            there = size
            figures[f"at_{size}"] = measure(installation, Path(folder) / f"copy{size}", size, quick=quick)
            figures[f"at_{size}"]["web"] = weigh(installation)
        desk.engine.dispose()
    print(json.dumps(figures))


def publish_pictures(installation: Installation, count: int) -> None:
    """Publish assets with pictures of their own, the last ones changed: they stand first on the search page."""
    client = Client(installation.url, token=installation.token)
    for n in range(count):
        path = installation.folder / f"pictured{n}.png"
        path.write_bytes(noisy_png(256, seed=n))
        client.assets.register(
            code=f"mat_pictured{n}", name=f"Pictured material {n}", kind="material", tags=["pictured"]
        )
        client.versions.publish(f"mat_pictured{n}", path, wait=n == count - 1)


def measure(installation: Installation, folder: Path, size: int, *, quick: bool) -> Figures:
    """Load each page anew several times, ours and its copy, and type into the search."""
    print(f"\nAt {size:,} assets")
    loads = 3 if quick else LOADS
    figures: Figures = {}
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(**CHROMIUM)
        state = signed_in(browser, installation)
        for name, path in PAGES.items():
            kept = keep(browser, installation.url, path, state, folder / name)
            ours = [load(browser, installation.url + path, state) for _ in range(loads)]
            with served(folder / name) as copy:
                theirs = [load(browser, copy, None) for _ in range(loads)]
            figures[name] = tell(name, ours, theirs, kept)
        figures["typed_ms"] = typed(browser, installation.url, state, 10 if quick else 50)
        browser.close()
    median, worst = (
        statistics.median(figures["typed_ms"]),
        sorted(figures["typed_ms"])[int(len(figures["typed_ms"]) * 0.95)],
    )
    figures["typed_ms"] = {"median": round(median, 1), "p95": round(worst, 1)}
    print(f"  letter to painted results: median {median:.0f} ms (goal ≤ {TYPED_GOAL_MS}), p95 {worst:.0f} ms")
    return figures


def signed_in(browser: Browser, installation: Installation) -> StorageState:
    """Sign in as the administrator of the installation and return the session."""
    context = browser.new_context()
    page = context.new_page()
    page.goto(f"{installation.url}/sign-in")
    page.fill("#login", "admin")
    page.fill("#password", (installation.folder / "secrets" / "admin_password").read_text().strip())
    page.click("main button[type=submit]")
    page.wait_for_url(f"{installation.url}/assets*")
    state = context.storage_state()
    context.close()
    return state


def load(browser: Browser, url: str, state: StorageState | None) -> tuple[float, float, int]:
    """Load a page with an empty cache; return largest paint (ms), layout shift and number of elements."""
    context = browser.new_context(viewport={"width": 1440, "height": 900}, storage_state=state)
    context.add_init_script(WATCH)
    page = context.new_page()
    page.goto(url, wait_until="networkidle")
    seen: tuple[float, float, int] = tuple(page.evaluate("[lcp, cls, document.querySelectorAll('*').length]"))
    context.close()
    return seen


def keep(browser: Browser, base: str, path: str, state: StorageState, folder: Path) -> Figures:
    """Write a page and all that it loads as files of a static server; return what of it is bytes of what."""
    context = browser.new_context(viewport={"width": 1440, "height": 900}, storage_state=state)
    page = context.new_page()
    weights = {"html": 0, "scripts": 0, "styles": 0, "pictures": 0}
    kinds = {"document": "html", "script": "scripts", "stylesheet": "styles", "image": "pictures"}

    def write(page: Page) -> None:
        for response in answers:
            body, place = response.body(), urlsplit(response.url).path.lstrip("/")
            kind = kinds.get(response.request.resource_type)
            if kind:
                weights[kind] += len(body if kind == "pictures" else gzip.compress(body, 9))
            target = folder / ("index.html" if response.request.resource_type == "document" else place)
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(body)
        page.close()

    answers: list[Any] = []
    page.on("response", lambda response: answers.append(response) if response.ok else None)
    page.goto(base + path, wait_until="networkidle")
    write(page)
    context.close()
    return weights


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """Serve a folder by Python's own server, in a thread; its address."""

    class Silent(SimpleHTTPRequestHandler):
        def log_message(self, *_: object) -> None:
            """Say nothing: the table is what is read."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Silent, directory=str(folder)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()


def tell(
    name: str, ours: list[tuple[float, float, int]], theirs: list[tuple[float, float, int]], kept: Figures
) -> Figures:
    """Print and return the figures of one page."""
    paint, copy = statistics.median(one[0] for one in ours), statistics.median(one[0] for one in theirs)
    shift, worst = max(one[1] for one in ours), max(one[0] for one in ours)
    print(
        f"  {name:7} largest paint: median {paint:.0f} ms, worst {worst:.0f} (goal ≤ {LCP_GOAL_MS}); "
        f"its static copy {copy:.0f} ms: {paint / copy:.2f} x; shift {shift:.3f} (goal ≤ {CLS_GOAL})"
    )
    print(
        f"          scripts {kept['scripts']:,} bytes gz (goal ≤ {SCRIPTS_GOAL_BYTES:,}), styles {kept['styles']:,}, "
        f"page {kept['html']:,}, pictures {kept['pictures']:,}; {ours[0][2]:,} elements"
    )
    return {
        "lcp_ms": round(paint),
        "lcp_worst_ms": round(worst),
        "static_copy_ms": round(copy),
        "ratio": round(paint / copy, 2),
        "cls": round(shift, 4),
        "elements": ours[0][2],
        "bytes": kept,
    }


def typed(browser: Browser, base: str, state: StorageState, letters: int) -> list[float]:
    """Type into the search page; return the milliseconds from each letter to its painted results."""
    context = browser.new_context(viewport={"width": 1440, "height": 900}, storage_state=state)
    page, took = context.new_page(), []
    for n in range(letters):
        page.goto(
            f"{base}/assets?q={('bench', 'prop', 'mat', 'pictured')[n % 4][: 1 + n % 5]}", wait_until="networkidle"
        )
        spent = page.evaluate(PAINTED)
        if spent is not None:
            took.append(float(spent))
    context.close()
    if not took:
        sys.exit("nothing answered to letters: run scripts/frontend first")
    return took


def weigh(installation: Installation) -> Figures:
    """Return the memory of the web processes, and which media libraries they have loaded: none."""
    processes = installation.processes("gunicorn")
    loaded = {
        found[1] for pid in processes for found in MEDIA_LIBRARIES.finditer(Path(f"/proc/{pid}/maps").read_text())
    }
    heaviest = max(memory_mb([pid]) for pid in processes)
    print(
        f"  web process: {heaviest:.0f} MB (goal ≤ {WEB_GOAL_MB}), "
        f"media libraries loaded: {', '.join(sorted(loaded)) or 'none'}"
    )
    return {"memory_mb": round(heaviest), "media_libraries": sorted(loaded)}


if __name__ == "__main__":
    main()
