"""Makes a glTF drawable that lacks textures: a renderer refuses the whole scene for one picture that is not there.

What is missing is taken out of a copy, and what would look wrong without it is made plain: clay, no metal, no glow.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote

from catalog.media import references
from catalog.media.facts import Notebook, Source
from catalog.media.readers.gltf import load

# A picture that is listed is loaded, whether a material wants it or not; this one is a white pixel.
_BLANK: Final = (
    "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGP4DwABAQEAsTj2FAAAAABJRU5ErkJggg=="
)
_INSTEAD: Final[Mapping[str, Mapping[str, object]]] = {
    "baseColorTexture": {"baseColorFactor": [0.58, 0.58, 0.57, 1.0]},
    "metallicRoughnessTexture": {"metallicFactor": 0.0},
    "emissiveTexture": {"emissiveFactor": [0.0, 0.0, 0.0]},
}


def close_gaps(source: Source, copy: Path) -> int:
    """Write a ``copy`` without the textures that are not part of the version; their number, 0 where none is missing."""
    document: Any = load(source.absolute, Notebook())[0]
    missing = fill_gaps(source, document)
    if missing:
        for kind in ("images", "buffers"):
            for _, each in _numbered(document, kind):
                _lead_from_anywhere(source, each)
        copy.write_text(json.dumps(document), encoding="utf-8")
    return missing


def fill_gaps(source: Source, document: dict[str, Any]) -> int:
    """Take the textures out of a document that are not part of the version; their number."""
    lost = {index for index, image in _numbered(document, "images") if _is_lost(source, image)}
    if not lost:
        return 0
    textures = {index for index, texture in _numbered(document, "textures") if _pictures_of(texture) & lost}
    for _, material in _numbered(document, "materials"):
        _take_out(material, textures)
    for index in lost:
        document["images"][index] = {"uri": _BLANK}
    return len(lost)


def _numbered(document: Mapping[str, Any], kind: str) -> Iterator[tuple[int, dict[str, Any]]]:
    found = document.get(kind)
    if isinstance(found, list):
        yield from ((index, each) for index, each in enumerate(found) if isinstance(each, dict))


def _found(source: Source, uri: str) -> Path | None:
    return references.check(Notebook(), source, uri, references.inside_of_uri(uri, beside=source.path))


def _is_lost(source: Source, image: Mapping[str, Any]) -> bool:
    uri = image.get("uri")
    return isinstance(uri, str) and not references.is_embedded(uri) and _found(source, uri) is None


def _lead_from_anywhere(source: Source, each: dict[str, Any]) -> None:
    """Relative addresses would be looked for beside the copy."""
    uri = each.get("uri")
    if isinstance(uri, str) and not references.is_embedded(uri) and (found := _found(source, uri)):
        each["uri"] = quote(str(found))


def _pictures_of(texture: Mapping[str, Any]) -> set[int]:
    """Its picture, and the ones in other formats that extensions name."""
    extensions = texture.get("extensions")
    holders = [texture, *(extensions.values() if isinstance(extensions, dict) else ())]
    sources = (holder.get("source") for holder in holders if isinstance(holder, dict))
    return {source for source in sources if isinstance(source, int)}


def _take_out(holder: dict[str, Any], textures: set[int]) -> None:
    for key, value in list(holder.items()):
        if not isinstance(value, dict):
            continue
        if key.endswith("Texture") and value.get("index") in textures:
            del holder[key]
            holder.update(_INSTEAD.get(key, {}))
        else:
            _take_out(value, textures)
