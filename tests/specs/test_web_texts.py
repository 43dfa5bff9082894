"""Nothing on a page is left in English: a run in a made-up language that puts every translated text in brackets.

What stands outside of brackets must be a number, a sign, or what somebody has named, which pages put into ``<bdi>``,
``<code>``, ``<time>`` and the like, or mark as English where a room below says it.
"""

from __future__ import annotations

import re
from html.parser import HTMLParser
from typing import TYPE_CHECKING

import pytest
from babel.support import NullTranslations
from flask_babel import Domain

from tests.files import glb, png
from tests.studio import Studio
from tests.visitors import Visitor, stranger, visitor

if TYPE_CHECKING:
    from flask import Flask

OPENED, CLOSED = "⟦", "⟧"
SAID_IN = ("alt", "aria-label", "data-label", "placeholder", "title")
DATA = {"bdi", "code", "kbd", "option", "pre", "script", "style", "svg", "textarea", "time"}
"""Elements with what somebody has named; options hold closed words or names, and are looked at by their own test."""
EMPTY = {"br", "hr", "img", "input", "link", "meta"}
SAME_EVERYWHERE = re.compile(
    r"[\w.-]+/[\w./-]*|Reprise|EN|中文|SHA-256|JSON|Python|PostgreSQL|SQLite|HTTP|Linux|macOS|Windows|UTC|\bid\b"
    r"|\bCSV\b|\bPNG\b|glTF \(GLB\)|\b(?:glb|txt)\b|catalog:|\b[kMGTP]?B\b|\bms\b|\bv\d+\b"
)
NAMED = re.compile(
    r"\b(?:Crate|Hall|Orion Rising|Crew|crew|Ada|ada|art|library|linux|main|crate|nothing|Admin|admin's)\b"
)
"""What the people of this studio have named, where it stands beside words of ours."""
WORD = re.compile(r"[^\W\d_]{2,}")


class Bracketed(NullTranslations):
    """A language in which every text reads as in English, in brackets."""

    def ugettext(self, message: str) -> str:
        return f"{OPENED}{message}{CLOSED}"

    def ungettext(self, singular: str, plural: str, num: int) -> str:
        return self.ugettext(singular if num == 1 else plural)

    def upgettext(self, context: str, message: str) -> str:  # noqa: ARG002 — as Babel calls it
        return self.ugettext(message)


class MadeUp(Domain):  # type: ignore[misc]  # Flask-Babel has no types
    def get_translations(self) -> NullTranslations:
        return Bracketed()


class Outside(HTMLParser):
    """Collects the words of a page that never went through a catalog."""

    def __init__(self) -> None:
        super().__init__()
        self.depth, self.data_since, self.open = 0, 0, list[str]()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = dict(attrs)
        if not self.data_since and tag not in DATA:
            for name in SAID_IN:
                self._look_at(said.get(name) or "", 0)
            for name in ("data-copied", "data-done", "data-refused", "data-selected"):
                self._look_at(said.get(name) or "", 0)
        if tag in EMPTY:
            return
        self.open.append(tag)
        english = tag != "html" and "lang" in said
        if not self.data_since and (tag in DATA or english or said.get("dir") == "auto"):
            self.data_since = len(self.open)

    def handle_endtag(self, tag: str) -> None:  # noqa: ARG002 — tags are closed in order
        if self.data_since == len(self.open):
            self.data_since = 0
        self.open.pop()

    def handle_data(self, data: str) -> None:
        if self.data_since:
            self.depth += data.count(OPENED) - data.count(CLOSED)
        else:
            self.depth = self._look_at(data, self.depth)

    def _look_at(self, text: str, depth: int) -> int:
        outside = ""
        for sign in text:
            depth += (sign == OPENED) - (sign == CLOSED)
            outside += sign if depth == 0 and sign != CLOSED else " "
        if WORD.search(NAMED.sub(" ", SAME_EVERYWHERE.sub(" ", outside))):
            self.found.append(" ".join(text.split()))
        return depth


def _never_translated(someone: Visitor, path: str) -> list[str]:
    outside = Outside()
    outside.feed(someone.opens(path).html)
    return outside.found


@pytest.fixture
def app(studio: Studio) -> Flask:
    """The studio's application, speaking the made-up language."""
    studio.app.extensions["babel"].instance.domain_instance = MadeUp()
    return studio.app


@pytest.fixture
def admin(studio: Studio, app: Flask) -> Visitor:
    """An administrator of a small studio that has something of everything."""
    artist = studio.artist
    studio.admin.post("/shows", {"code": "ORION", "name": "Orion Rising"})
    studio.admin.post("/groups", {"code": "crew", "name": "Crew", "members": ["art"]})
    studio.admin.post("/roots", {"name": "library", "templates": [{"platform": "linux", "site": "main", "path": "/l"}]})
    artist.publishes("prp_box", {"geo/box.glb": glb(), "tex/cut.png": png()[:40]}, name="Box", note="First", tags=["a"])
    artist.publishes("prp_box", {"geo/box.glb": glb() + b" ", "notes.txt": b"hello"})
    artist.registers("env_hall", name="Hall", show="ORION", audience=["crew"], description="A hall.")
    artist.post("/assets/env_hall/relations", {"kind": "contains", "target": "prp_box", "count": 2})
    artist.post("/assets/prp_box/versions/1/notes", {"text": "Good."})
    artist.post("/assets/prp_box/versions/1/issues", {"text": "Bent.", "severity": "major", "assignee": "ada"})
    artist.patch("/assets/prp_box", {"name": "Crate", "owner": "art"})
    artist.post("/tokens", {"name": "houdini"})
    studio.settles()
    studio.follows()
    return visitor(studio, studio.admin)


PAGES = (
    "/assets",
    "/assets?q=crate&-tag=b",
    "/assets?q=nothing&kind=prop",
    "/assets/prp_box",
    "/assets/prp_box/glance",
    "/assets/prp_box/versions",
    "/assets/prp_box/versions/1",
    "/assets/prp_box/comparison",
    "/assets/prp_box/issues",
    "/assets/prp_box/issues?state=closed",
    "/assets/prp_box/history",
    "/assets/prp_box/edit",
    "/assets/prp_box/merge",
    "/register",
    "/register?asset=prp_box",
    "/register/prp_box/1",
    "/assets/env_hall",
    "/assets/env_hall/versions",
    "/assets/env_hall/history",
    "/assets/env_hall/relations",
    "/assets/prp_box/relations?side=users",
    "/me",
    "/me/tokens",
    "/me/issues",
    "/jobs",
    "/jobs?state=dead",
    "/health",
    "/admin/users",
    "/admin/users/ada",
    "/admin/groups",
    "/admin/groups/crew",
    "/admin/roles",
    "/admin/tokens",
    "/admin/roots",
    "/admin/roots/library",
    "/edits",
    "/edits/new?q=crate",
    "/reviews",
    "/collections",
    "/collections/add?asset=prp_box",
    "/admin/tags",
    "/admin/fields",
    "/admin/shows",
    "/admin/shows/ORION",
    "/assets/prp_box/versions/1/view3d",
    "/docs",
    "/docs/api",
    "/assets/nothing_here",
    "/nowhere",
)


def test_every_text_of_every_page_goes_through_the_catalogs(admin: Visitor) -> None:
    left = [(path, text) for path in PAGES for text in _never_translated(admin, path)]

    assert left == []


def test_every_text_for_strangers_goes_through_the_catalogs(studio: Studio, app: Flask) -> None:
    left = [(path, text) for path in ("/sign-in", "/nowhere") for text in _never_translated(stranger(studio), path)]

    assert left == []


def test_a_text_that_went_through_no_catalog_is_found(admin: Visitor) -> None:
    outside = Outside()

    outside.feed(
        f'<p title="Left">{OPENED}for <q>x</q> of{CLOSED} 12 <b>Forgotten</b> <bdi>Ann</bdi></p><p lang="en">Why</p>'
    )

    assert outside.found == ["Left", "Forgotten"]
