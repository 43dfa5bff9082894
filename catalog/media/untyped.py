"""Names for the objects of libraries that ship no types, so that signatures say at least whose they are."""

from __future__ import annotations

from typing import Any, TypeAlias

UsdObject: TypeAlias = Any
"""A stage, layer, prim, attribute, schema or time of OpenUSD."""

FbxObject: TypeAlias = Any
"""A scene or element of ufbx."""

AlembicObject: TypeAlias = Any
"""An archive object or schema of PyAlembic."""

Engine: TypeAlias = Any
"""An engine of F3D."""

Camera: TypeAlias = Any
"""The camera of such an engine."""
