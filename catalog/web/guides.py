"""Guides: the Markdown files of ``docs/``, as pages.

They are read when they are first asked for, and are not there where an installation has no ``docs`` beside the code.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from markdown_it import MarkdownIt
from markupsafe import Markup

if TYPE_CHECKING:
    from collections.abc import Iterator

    from markdown_it.token import Token

ROOT = Path(__file__).parents[2]
FOLDERS = ("tutorial", "how-to", "explanation", "reference")
CHANGES = "changes"
_HEADING = re.compile(r"^#{1,4} (.+)$", re.MULTILINE)


@dataclass(frozen=True, kw_only=True)
class Heading:
    """A heading of a guide and where it stands."""

    words: str
    anchor: str


@dataclass(frozen=True, kw_only=True)
class Guide:
    """One guide. ``text`` is what was written, for searching."""

    name: str
    title: str
    folder: str
    text: str
    html: Markup
    headings: tuple[Heading, ...]


@cache
def guides() -> Mapping[str, Guide]:
    """Return all guides by name, in the order in which one would read them."""
    paths = [path for folder in FOLDERS for path in sorted((ROOT / "docs" / folder).glob("*.md"))]
    found = [_read(path) for path in paths if path.stem != "README"]
    changes = ROOT / "CHANGELOG.md"
    return {guide.name: guide for guide in (*found, *([_read(changes, CHANGES)] if changes.exists() else []))}


def found_in(guide: Guide, words: tuple[str, ...]) -> Heading | None:
    """Return where a guide speaks of all these words: the heading above them; None where it does not."""
    for heading, section in _sections(guide):
        if all(word in section for word in words):
            return heading
    return None


def anchor_of(words: str) -> str:
    """Return the anchor of a heading: stable as long as its words are."""
    return re.sub(r"[^\w]+", "-", words.casefold()).strip("-")


def _sections(guide: Guide) -> Iterator[tuple[Heading, str]]:
    marks = [*_HEADING.finditer(guide.text)]
    for mark, following in zip(marks, [*marks[1:], None], strict=True):
        words = mark[1].replace("`", "")
        section = guide.text[mark.start() : following.start() if following else None]
        yield Heading(words=words, anchor=anchor_of(words)), section.casefold()


def _read(path: Path, name: str | None = None) -> Guide:
    text = path.read_text(encoding="utf-8")
    renderer = MarkdownIt("commonmark", {"html": False}).enable("table")
    tokens = renderer.parse(text)
    headings = tuple(_anchored(tokens))
    _anchor_rows(tokens, {heading.anchor for heading in headings})
    _fit(tokens)
    html = Markup(renderer.renderer.render(tokens, renderer.options, {}))  # noqa: S704 — rendered without raw HTML
    title = headings[0].words if headings else path.stem
    return Guide(
        name=name or path.stem, title=title, folder=path.parent.name, text=text, html=html, headings=headings[1:]
    )


def _anchored(tokens: list[Token]) -> Iterator[Heading]:
    for at, token in enumerate(tokens):
        if token.type == "heading_open":
            words = "".join(one.content for one in tokens[at + 1].children or ())
            token.attrSet("id", anchor_of(words))
            yield Heading(words=words, anchor=anchor_of(words))


def _anchor_rows(tokens: list[Token], taken: set[str]) -> None:
    """Let a row of a table that begins with a name in code be linked to: an error, an event, a setting."""
    for row, cell, words in zip(tokens, tokens[1:], tokens[2:], strict=False):
        if (
            row.type == "tr_open"
            and cell.type == "td_open"
            and [one.type for one in words.children or ()] == ["code_inline"]
        ):
            anchor = anchor_of(words.content)
            if anchor not in taken:
                taken.add(anchor)
                row.attrSet("id", anchor)


def _fit(tokens: list[Token]) -> None:
    """Let the page's policy and its other pages be kept: no styles in attributes, links to guides, no pictures."""
    for token in tokens:
        token.attrs.pop("style", None)
        if token.type == "fence":
            token.info = ""
        for child in token.children or ():
            if child.type == "link_open":
                child.attrSet("href", _address(str(child.attrGet("href") or "")))
            if child.type == "image":
                child.type, child.tag, child.attrs = "text", "", {}


def _address(href: str) -> str:
    path, hash_, anchor = href.partition("#")
    if "://" in href or not path.endswith(".md"):
        return href
    return f"/docs/guides/{Path(path).stem}{hash_}{anchor}"
