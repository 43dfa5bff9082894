"""The model for browsers: a binary glTF small enough to be turned there. Runs in a child only."""

from __future__ import annotations

from importlib.metadata import version
from pathlib import Path, PurePosixPath
from typing import Final

from catalog.kernel.errors import InvalidInput
from catalog.media.facts import Notebook, Source
from catalog.media.makers.maker import GLB, Made
from catalog.media.measuring import glance
from catalog.media.slim import from_meshes
from catalog.media.slim.making import slimmed
from catalog.media.staging import SCENES
from catalog.media.vocabulary import Derivative, Medium

_FILE: Final = "model"
_AS_IT_IS: Final = frozenset({"glb", "gltf"})
_NO_PIXELS: Final = 1
"""A model has no size in pixels; one is the least that a preview has."""


def make(paths: list[str], out: str, scratch: str, studio: str) -> list[Made]:  # noqa: ARG001 — the light is the browser's
    """Make the first of these models small."""
    source = Source(folder=str(Path.cwd()), path=PurePosixPath(paths[0]))
    shown, missing = _as_gltf(source, Path(scratch))
    made = slimmed(shown, missing_pictures=missing)
    Path(out, _FILE).write_bytes(made.content)
    tool = f"DracoPy {version('DracoPy')}"
    return [
        Made(
            derivative=Derivative.MODEL,
            file=_FILE,
            media_type=GLB,
            width_px=_NO_PIXELS,
            height_px=_NO_PIXELS,
            caption=made.caption,
            tool=tool,
        )
    ]


def _as_gltf(source: Source, scratch: Path) -> tuple[Source, int]:
    """The model as glTF, which it is or is made into, and how many pictures it lost by that."""
    found = glance(source, Notebook())
    if found.medium is not Medium.MODEL:
        raise InvalidInput(f"{found.media_type} is no model")
    if found.name in _AS_IT_IS:
        return source, 0
    shown = Source(folder=str(scratch), path=PurePosixPath("scene.glb"))
    if found.name in SCENES:
        from catalog.media import usd_to_glb  # noqa: PLC0415 — loads OpenUSD, which only scenes need

        usd_to_glb.convert(source, Path(shown.absolute), scratch=scratch)
        return shown, 0
    return shown, from_meshes.convert(source, found.name, Path(shown.absolute))
