"""Which role a file has, where its publisher does not say: by its path. Pure.

The rules are regular expressions that Python and browsers read alike, so that the page which registers assets guesses
by the very same ones.
"""

from __future__ import annotations

import re

from catalog.assets.vocabulary import FileRole


def _ending_in(*suffixes: str) -> str:
    return rf"[^/]\.({'|'.join(suffixes)})$"


_PICTURE = r"\.(png|jpg|jpeg|webp)$"
_FILM = r"\.(mp4|m4v|mov|qt|mkv|webm|mxf)$"
RULES: tuple[tuple[str, FileRole], ...] = (
    (rf"^(thumbnail|thumb){_PICTURE}", FileRole.THUMBNAIL),
    (rf"^thumbnails/[^/]+{_PICTURE}", FileRole.PREVIEW),
    (r"(^|/)(license|licence|readme|notice)(\.[^/.]+)?$", FileRole.DOC),
    (
        _ending_in("usd", "usda", "usdc", "usdz", "glb", "gltf", "obj", "fbx", "stl", "ply", "dae", "bin"),
        FileRole.MODEL,
    ),
    (_ending_in("abc", "vdb", "bgeo", "sc"), FileRole.CACHE),
    (
        _ending_in("png", "jpg", "jpeg", "tif", "tiff", "exr", "hdr", "tx", "dpx", "tga", "bmp", "webp", "psd", "ktx2"),
        FileRole.TEXTURE_SET,
    ),
    (_ending_in("mtlx", "mtl", "osl", "sbsar", "ocio", "cube"), FileRole.LOOK),
    (_ending_in("ma", "mb", "blend", "hip", "hipnc", "max", "c4d", "ztl", "zpr", "nk"), FileRole.SOURCE),
    (_ending_in("md", "txt", "pdf", "html", "rst", "json", "csv", "xml"), FileRole.DOC),
    (rf"(turn[-_ ]?table|(^|[-_/. ])(tt|spin|orbit|360)\d*(?=[-_/. ])).*{_FILM}", FileRole.TURNTABLE),
    (rf"(preview|playblast|(^|[-_/. ])(review|daily|dailies)(?=[-_/. ])).*{_FILM}", FileRole.PREVIEW),
)
"""Patterns that ignore case, and the role of a path that one is found in; the first that fits counts."""
_RULES = tuple((re.compile(pattern, re.IGNORECASE | re.ASCII), role) for pattern, role in RULES)
OTHERWISE = FileRole.SOURCE
"""Where none fits; films as well, which may be plates, takes or references."""


def role_of(path: str) -> FileRole:
    """Return the role that a path suggests."""
    return next((role for pattern, role in _RULES if pattern.search(path)), OTHERWISE)
