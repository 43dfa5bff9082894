"""What pages weigh: the scripts and the style that a browser has to fetch before anybody has touched anything."""

from __future__ import annotations

import re

from catalog.web.stationery import stationery
from tests.files import png
from tests.studio import Studio
from tests.visitors import visitor

STYLE_MAX_BYTES = 14_000
SCRIPTS_OF_AN_ASSET_MAX_BYTES = 20_000
SCRIPT = re.compile(r'<script[^>]* src="[^"]*/([\w.]+\.js)"')
IMPORTED = re.compile(r'^import [^;]*?"\./([\w.]+\.js)";', re.MULTILINE)


def _with_imports(names: list[str]) -> set[str]:
    """Scripts and all that they import before they run."""
    found: set[str] = set()
    waiting = list(names)
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            waiting += IMPORTED.findall(stationery().sheets[name].body.decode())
    return found


def test_the_style_of_all_pages_is_small() -> None:
    assert len(stationery().sheets["reprise.css"].packed) <= STYLE_MAX_BYTES


def test_what_the_page_of_an_asset_runs_is_small(studio: Studio) -> None:
    studio.artist.publishes("prp_lamp", {"color.png": png(64, 48)})
    studio.settles(details=True)

    page = visitor(studio, studio.artist).opens("/assets/prp_lamp")
    scripts = _with_imports(SCRIPT.findall(page.html))

    assert scripts >= {"asset.js", "copy.js", "keys.js", "results.js", "scrub.js", "turn.js", "typeahead.js"}
    assert sum(len(stationery().sheets[name].packed) for name in scripts) <= SCRIPTS_OF_AN_ASSET_MAX_BYTES
