"""What all pages are made with: one stylesheet, small scripts, the mark. Read once, addressed by its content.

The stylesheet is put together from ``styles/`` in the order of ``STYLES``. Each address names the digest of all of it,
so that browsers may keep it for good and still never show a page in the clothes of another release.
"""

from __future__ import annotations

import gzip
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

from catalog.web.figure import figure

_HERE = Path(__file__).parent
STYLES = (
    "tokens",
    "base",
    "layout",
    "parts",
    "search",
    "asset",
    "turning",
    "register",
    "collections",
    "docs",
    "colors",
    "narrow",
    "print",
)
_MEDIA_TYPES = {
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml; charset=utf-8",
    ".wasm": "application/wasm",
}
WORKERS = frozenset({"digest.js"})
"""Scripts that run beside a page and not in it."""
_FETCHED = _HERE / "vendor"
"""What ``scripts/frontend`` fetched. Pages work without it."""


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """One file that pages refer to."""

    body: bytes
    media_type: str

    @cached_property
    def packed(self) -> bytes:
        """The body by gzip, made when it is first asked for."""
        return gzip.compress(self.body, 9, mtime=0)


@dataclass(frozen=True, kw_only=True)
class Stationery:
    """All of them by name, and the stamp that their addresses carry."""

    sheets: Mapping[str, Sheet]
    stamp: str


@cache
def stationery() -> Stationery:
    """Return what pages are made with."""
    style = b"\n".join((_HERE / "styles" / f"{name}.css").read_bytes() for name in STYLES)
    sheets = {"reprise.css": Sheet(body=style, media_type="text/css; charset=utf-8")}
    for folder in (_HERE / "static", _FETCHED):
        for path in sorted(folder.glob("*.*")):
            if path.suffix in _MEDIA_TYPES:
                sheets[path.name] = Sheet(body=path.read_bytes(), media_type=_MEDIA_TYPES[path.suffix])
    sheets["figure.glb"] = Sheet(body=figure(), media_type="model/gltf-binary")
    digest = hashlib.sha256(b"\0".join(sheet.body for sheet in sheets.values())).hexdigest()
    return Stationery(sheets=sheets, stamp=digest[:16])
