"""Where the paths that stand inside a file lead, decided from their text alone.

A reference that leaves the folder of its version (absolute, a URL, a Windows drive or share, too many ``..``) is never
followed: it becomes a finding that names it, because on another machine it would not resolve, and on a server it would
read what the file's author should not read.
"""

from __future__ import annotations

import re
from pathlib import Path, PurePosixPath
from urllib.parse import unquote

from catalog.media.facts import Notebook, Source
from catalog.media.vocabulary import FindingCode

_SCHEME = re.compile(r"^[A-Za-z][A-Za-z0-9+.-]*:")
_DATA = re.compile(r"^data:", re.IGNORECASE)


def inside(reference: str, *, beside: PurePosixPath) -> PurePosixPath | None:
    """The path inside the version's folder that ``reference`` means in the file ``beside``; None if it escapes.

    Backslashes are taken as separators, as Windows tools write them; a single-letter scheme is a drive.
    """
    text = reference.strip().replace("\\", "/")
    if not text or "\0" in text or text.startswith(("/", "~")) or _SCHEME.match(text):
        return None
    parts: list[str] = list(beside.parent.parts)
    for part in text.split("/"):
        if part in ("", "."):
            continue
        if part != "..":
            parts.append(part)
        elif parts:
            parts.pop()
        else:
            return None
    return PurePosixPath(*parts)


def inside_of_uri(uri: str, *, beside: PurePosixPath) -> PurePosixPath | None:
    """As ``inside`` for a percent-encoded URI reference (glTF)."""
    return inside(unquote(uri), beside=beside)


def is_embedded(uri: str) -> bool:
    """Whether the URI carries its content in itself."""
    return bool(_DATA.match(uri))


def check(notebook: Notebook, source: Source, reference: str, target: PurePosixPath | None) -> Path | None:
    """The existing file that ``reference`` leads to, or None after a finding that says why there is none."""
    if target is None:
        notebook.find(
            FindingCode.ESCAPING_REFERENCE,
            f"refers to {reference!r}, which is outside the version's folder and was not followed",
            reference,
        )
        return None
    found = Path(source.folder, target)
    if not found.is_file():
        notebook.find(
            FindingCode.MISSING_REFERENCE, f"refers to {reference!r}, which is not part of the version", reference
        )
        return None
    return found
