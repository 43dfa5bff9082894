"""Measures one file. Runs in a child; only ``glance``, which parses nothing, may also look from outside."""

from __future__ import annotations

import importlib
from pathlib import Path
from typing import Final

from catalog.kernel.errors import InvalidInput
from catalog.media.facts import Notebook, Source
from catalog.media.formats import HEAD_BYTES, Format, lies, recognize
from catalog.media.vocabulary import Evidence, FactKey, FindingCode, Medium

_READERS: Final = {
    "avif": "images:read_by_pillow",
    "heif": "images:read_by_pillow",
    "glb": "gltf:read",
    "gltf": "gltf:read",
    "usda": "usd:read",
    "usdc": "usd:read",
    "usdz": "usd:read",
    "fbx": "fbx:read",
    "abc": "alembic_archive:read",
    "obj": "obj:read",
    "mtl": "obj:read_library",
    "ply": "ply:read",
    "stl": "stl:read",
    "mp4": "film:read",
    "quicktime": "film:read",
    "matroska": "film:read",
    "mxf": "film:read",
}


def glance(source: Source, notebook: Notebook) -> Format:
    """Note size and media type, and whether the name tells the truth; reads the first bytes only."""
    path = Path(source.absolute)
    with path.open("rb") as stored:
        head = stored.read(HEAD_BYTES)
    return note_identity(notebook, head, size_bytes=path.stat().st_size, name=source.path.name)


def note_identity(notebook: Notebook, head: bytes, *, size_bytes: int, name: str) -> Format:
    """Note size and media type of a file whose beginning is ``head``, and whether its name tells the truth."""
    recognition = recognize(head, size_bytes=size_bytes, name=name)
    evidence = Evidence.MEASURED if recognition.by_content else Evidence.INFERRED
    notebook.note(FactKey.SIZE_BYTES, size_bytes)
    notebook.note(FactKey.MEDIA_TYPE, recognition.format.media_type, evidence=evidence)
    if not size_bytes:
        notebook.find(FindingCode.EMPTY, "the file is empty")
        return recognition.format
    claimed = lies(recognition, name)
    if claimed is not None:
        notebook.find(
            FindingCode.EXTENSION_LIES,
            f"its extension says {claimed.media_type}, but its content is {recognition.format.media_type}",
        )
    return recognition.format


def measure(source: Source) -> Notebook:
    """Everything that its format's reader finds; a file that cannot be read keeps size, media type and a finding."""
    notebook = Notebook()
    found = glance(source, notebook)
    name = _READERS.get(found.name, "images:read" if found.medium is Medium.IMAGE else "")
    if name:
        module, _, function = name.partition(":")
        reader = importlib.import_module(f"catalog.media.readers.{module}")
        try:
            getattr(reader, function)(source, notebook)
        except InvalidInput as refusal:
            # Libraries name the file by where it lay while it was read, which says nothing to anyone.
            notebook.find(FindingCode.UNREADABLE, refusal.message.replace(f"{source.folder}/", ""))
    return notebook
