#!/usr/bin/env python3
"""Measure search as people meet it, on a large catalogue: whole HTTP requests, and from letter to paint in Chromium.

``scripts/bench_search_pages.py FOLDER…``. A folder is one that ``scripts/bench_rebuild.py --folder`` has filled and
indexed, such as ``DIR/1000000``; what is measured here writes an administrator into it. Beside each kind of request
stands how many times as long it takes as the smallest there is, ``/healthz``, asked in the same run. Loopback, one
browser, nothing else running.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from pathlib import Path
from secrets import token_urlsafe
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import requests
from playwright.sync_api import Browser, Page, StorageState, sync_playwright

from scripts.bench_ui import CHROMIUM, signed_in
from scripts.installation import ROOT, Installation, memory_mb
from scripts.many_documents import Vocabulary, vocabulary

QUESTIONS = 20
REQUEST_GOAL_MS, TYPED_GOAL_MS = 60, 100
SETTLE_S = 1.0
"""So long after a page is there, its pictures and the second thoughts of the browser are over."""

PAINTED = """letter => new Promise(done => {
  const field = document.getElementById("q"), began = performance.now();
  const painted = () => requestAnimationFrame(() => setTimeout(() => done(performance.now() - began)));
  document.addEventListener("htmx:after:swap", painted, { once: true });
  setTimeout(() => done(null), 10000);
  field.value += letter;
  field.dispatchEvent(new InputEvent("input", { bubbles: true }));
})"""
Figures = dict[str, Any]


def main() -> None:
    """Measure each folder and print one JSON object as the last line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folders", type=Path, nargs="+")
    given = parser.parse_args()
    print(json.dumps({str(folder): measured(folder.resolve()) for folder in given.folders}))


def measured(folder: Path) -> Figures:
    """Serve a catalogue, ask it and type into it."""
    of = vocabulary()
    print(f"\n{folder.name} assets")
    enter_administrator(folder)
    with Installation(folder) as installation, sync_playwright() as playwright:
        browser = playwright.chromium.launch(**CHROMIUM)
        state = signed_in(browser, installation)
        figures = {
            "requests": requested(installation, state, of),
            "typed": typed(browser, installation, state, of),
            "web_mb": round(max(memory_mb([pid]) for pid in installation.processes("gunicorn"))),
        }
        browser.close()
    print(f"  web process {figures['web_mb']} MB")
    return figures


def enter_administrator(folder: Path) -> None:
    """Make who signs in, unless there is one; the password lies where an installation keeps it."""
    kept = folder / "secrets" / "admin_password"
    if not kept.exists():
        kept.parent.mkdir(mode=0o700, exist_ok=True)
        kept.write_text(token_urlsafe())
        command = [sys.executable, "-m", "catalog", "admin", "create-user", "admin", "--role", "admin"]
        environment = {**os.environ, "PYTHONPATH": str(ROOT), "CATALOG_NEW_PASSWORD": kept.read_text()}
        subprocess.run([*command, "--data", str(folder)], cwd=ROOT, env=environment, check=True)


def requested(installation: Installation, state: StorageState, of: Vocabulary) -> Figures:
    """Ask by HTTP, each question once: nothing of it is remembered but what other questions brought."""
    asking = requests.Session()
    asking.cookies.update({each["name"]: each["value"] for each in state["cookies"]})
    scripted = {"Authorization": f"Bearer {installation.token}"}
    in_place = {"HX-Request": "true", "HX-Request-Type": "partial", "HX-Target": "main#found"}
    ask: dict[str, Callable[[str], Any]] = {
        "page": lambda text: ({"q": text}, "/assets", {}),
        "part of a page": lambda text: ({"q": text}, "/assets", in_place),
        "API": lambda text: ({"q": text, "facets": "kind,status,show,tag"}, "/api/v1/search", scripted),
        "API, no facets": lambda text: ({"q": text}, "/api/v1/search", scripted),
        "suggestions": lambda text: ({"q": text[:4]}, "/api/v1/search/suggestions", scripted),
    }
    floor = statistics.median(took(partial(answered, asking, installation.url, ({}, "/healthz", {}))) for _ in range(9))
    figures: Figures = {"floor_ms": round(floor, 1)}
    for name, made in ask.items():
        for kind, texts in questions(of).items():
            found = sorted(took(partial(answered, asking, installation.url, made(text))) for text in texts)
            p50, p95 = found[len(found) // 2], found[len(found) * 95 // 100]
            figures[f"{name}, {kind}"] = [round(p50, 1), round(p95, 1)]
            print(f"  {name:16}{kind:14}{p50:7.1f} {p95:7.1f} ms p95 (goal ≤ {REQUEST_GOAL_MS}), {p50 / floor:5.1f} x")
    return figures


def questions(of: Vocabulary) -> Mapping[str, list[str]]:
    """Return what is asked, by kind."""
    chance = random.Random(11)
    common, middle, rare = of.words[:60], of.words[200:1_200], of.words[20_000:40_000]
    return {
        "rare word": chance.sample(rare, QUESTIONS),
        "common word": chance.sample(common, QUESTIONS),
        "two words": [f"{chance.choice(middle)} {chance.choice(common)}" for _ in range(QUESTIONS)],
        "beginning": [word[:3] for word in chance.sample(middle, QUESTIONS)],
    }


def answered(asking: requests.Session, url: str, asked: tuple[dict[str, str], str, dict[str, str]]) -> None:
    """Ask once; whatever is no answer ends the measurement."""
    parameters, path, headers = asked
    answer = asking.get(url + path, params=parameters, headers=headers, timeout=60)
    if not answer.ok:
        sys.exit(f"{answer.url} was answered with {answer.status_code}: {answer.text[:300]}")


def took(act: Callable[[], object]) -> float:
    """Return the milliseconds that an act takes."""
    began = time.perf_counter()
    act()
    return (time.perf_counter() - began) * 1000


def typed(browser: Browser, installation: Installation, state: StorageState, of: Vocabulary) -> Figures:
    """Type words letter by letter; return the milliseconds from each letter to its painted results."""
    context = browser.new_context(viewport={"width": 1440, "height": 900}, storage_state=state)
    page = context.new_page()
    texts = (of.words[3], of.words[40], of.words[900], of.shows[7])
    found = [ms for text in texts for ms in letters(page, installation, text)]
    context.close()
    if not found:
        sys.exit("nothing answered to letters: run scripts/frontend first")
    median, worst = statistics.median(found), sorted(found)[len(found) * 95 // 100]
    print(f"  letter to painted results: median {median:.0f} ms (goal ≤ {TYPED_GOAL_MS}), p95 {worst:.0f} ms")
    return {"letters": len(found), "median": round(median, 1), "p95": round(worst, 1)}


def letters(page: Page, installation: Installation, text: str) -> Iterator[float]:
    """Type a text; each letter waits until the one before is painted."""
    page.goto(f"{installation.url}/assets", wait_until="networkidle")
    for letter in text:
        spent = page.evaluate(PAINTED, letter)
        time.sleep(SETTLE_S)
        if spent is not None:
            yield float(spent)


if __name__ == "__main__":
    main()
