"""Previews for the session cookie: the same bytes as ``/api/v1/previews``, and what stands in where there are none."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import url_for

from catalog.assets.vocabulary import Kind
from catalog.kernel.abilities import Ability
from catalog.kernel.errors import NotFound
from catalog.media import placeholders
from catalog.media import queries as media
from catalog.web.route import Content, Reply, Route

if TYPE_CHECKING:
    from catalog.web.route import Call
    from catalog.work.view import View

FOR_GOOD = "private, max-age=31536000, immutable"
FOR_A_DAY = "private, max-age=86400"


def preview_address(sha256: str) -> str:
    """Return the address of a preview, short: a page of cards has hundreds of them."""
    return url_for("web.preview", sha256=sha256[: media.SHORT_DIGITS])


def preview(call: Call, view: View) -> Reply:
    """Return a preview by the digest of its bytes, which never change; ``NotFound`` where its asset is hidden."""
    found = media.find_preview(view, call.path["sha256"])
    if found is None:
        raise NotFound(f"there is no preview {call.path['sha256'][:80]!r}", code="unknown-preview")
    file = call.house.previews.open(found.sha256, found.key)
    headers = {
        "Content-Type": found.media_type,
        "Content-Length": str(found.size_bytes),
        "Cache-Control": FOR_GOOD,
    }
    return Content(headers=headers, etag=found.sha256, file=file, size_bytes=found.size_bytes)


def placeholder(call: Call, _view: View) -> Reply:
    """Return the drawing of a kind."""
    if call.path["kind"] not in set(Kind):
        raise NotFound(f"there is no kind {call.path['kind'][:40]!r}", code="unknown-kind")
    drawing = placeholders.placeholder(Kind(call.path["kind"])).encode()
    return Content(body=drawing, headers={"Content-Type": "image/svg+xml", "Cache-Control": FOR_A_DAY})


ROUTES = (
    Route(name="preview", path="/previews/{sha256}", ability=Ability.BROWSE, read=preview),
    Route(name="placeholder", path="/placeholders/{kind}.svg", ability=Ability.BROWSE, read=placeholder),
)
