"""What dragging an asset into another program carries. ``docs/reference/dragging.md`` says what each name means.

By its reference another program asks for the rest, through the gate. Only a file whose path was let out carries one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from catalog.assets.naming import entity_reference

if TYPE_CHECKING:
    from catalog.assets.models import Asset, AssetVersion
    from catalog.assets.resolving import Found


def of_asset(asset: Asset, version: AssetVersion) -> dict[str, Any]:
    """Return what a version carries: the types of a drag with their values."""
    reference = entity_reference(asset.code, version.number)
    return {"text/plain": reference, "text/uri-list": reference, "application/x-vfx-asset+json": _named(asset, version)}


def of_file(asset: Asset, version: AssetVersion, found: Found, address: str) -> dict[str, Any]:
    """Return what a file carries whose path was let out; ``address`` is the path as a URI."""
    file = {
        "path": found.file.path,
        "role": found.file.role,
        "sha256": found.file.sha256,
        "size_bytes": found.file.size_bytes,
        "location": found.location,
    }
    return {
        "text/plain": found.location,
        "text/uri-list": address,
        "application/x-vfx-asset+json": _named(asset, version) | {"files": [file]},
    }


def _named(asset: Asset, version: AssetVersion) -> dict[str, Any]:
    return {
        "schema": 1,
        "reference": entity_reference(asset.code, version.number),
        "id": str(asset.id),
        "code": asset.code,
        "name": asset.name,
        "kind": asset.kind,
        "version": version.number,
        "files": [],
    }
