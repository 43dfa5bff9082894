"""Draws one file: picks the painter of its format and makes the thumbnails. Runs in a child only."""

from __future__ import annotations

import importlib
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any, Final

from catalog.kernel.errors import InvalidInput
from catalog.media.confinement import landlock_version
from catalog.media.facts import Notebook, Source
from catalog.media.formats import FORMATS
from catalog.media.measuring import glance, measure
from catalog.media.thumbnails import Thumbnail, thumbnails_of
from catalog.media.vocabulary import FindingCode, Medium

if TYPE_CHECKING:
    from catalog.media.painters.canvas import Canvas

_BY_PILLOW: Final = frozenset({"png", "jpeg", "webp", "gif", "bmp", "avif", "tga", "tiff", "psd"})
_SCENES: Final = frozenset({"usda", "usdc", "usdz"})


@dataclass(frozen=True, kw_only=True)
class Drawing:
    """The sizes of one picture. ``caption`` says how it was made where that matters to judge it."""

    thumbnails: tuple[Thumbnail, ...]
    dominant_color: str
    caption: str
    tool: str
    tool_version: str


def draw(source: Source, *, scratch: Path, studio: Path | None) -> Drawing:
    """The picture of one file; ``InvalidInput`` where it has none. ``studio`` is None where nothing can be rendered."""
    found = glance(source, Notebook())
    if found.medium is Medium.IMAGE:
        canvas = _draw_image(source, found.name)
    elif found.medium is Medium.VIDEO:
        canvas = _painter("film").paint(source)
    elif found.medium is Medium.MODEL:
        canvas = _draw_model(source, found.name, scratch=scratch, studio=studio)
    else:
        raise InvalidInput(f"{found.media_type} has no picture")
    thumbnails, color = thumbnails_of(canvas.image)
    return Drawing(
        thumbnails=thumbnails,
        dominant_color=color,
        caption=canvas.caption,
        tool=canvas.tool,
        tool_version=canvas.tool_version,
    )


def _painter(name: str) -> Any:  # noqa: ANN401 — a module, loaded when it is needed because each is heavy
    return importlib.import_module(f"catalog.media.painters.{name}")


def _draw_image(source: Source, name: str) -> Canvas:
    canvas: Canvas | None = None
    if name in _BY_PILLOW:
        canvas = _painter("pillow").paint(source)
    if canvas is None:
        canvas = _painter("openimageio").paint(source)
    return canvas


def _draw_model(source: Source, name: str, *, scratch: Path, studio: Path | None) -> Canvas:
    _refuse_escapes(source, name)
    shown, staging = _honestly_named(source, name, scratch), _staging(source, name)
    if name in _SCENES:
        shown = Source(folder=str(scratch), path=PurePosixPath("scene.glb"))
        usd_to_glb = importlib.import_module("catalog.media.usd_to_glb")
        staging = {"camera": usd_to_glb.convert(source, Path(shown.absolute), scratch=scratch).has_camera}
    painted: Canvas
    if studio is None:
        painted = _painter("rasterizer").paint(shown, "glb" if name in _SCENES else name)
        return painted
    caption = ""
    if name == "gltf":
        shown, caption = _without_gaps(source, shown, scratch)
    renderer = _painter("renderer")
    painted = renderer.paint(Path(shown.absolute), renderer.Staging(**staging), studio=studio, scratch=scratch)
    return replace(painted, caption=caption)


def _without_gaps(source: Source, shown: Source, scratch: Path) -> tuple[Source, str]:
    """What to show of a glTF, which is a copy where it lacks textures, and the words that say so."""
    copy = Source(folder=str(scratch), path=PurePosixPath("complete.gltf"))
    missing = importlib.import_module("catalog.media.gltf_gaps").close_gaps(source, Path(copy.absolute))
    return (copy, f"drawn without {missing} missing texture{'' if missing == 1 else 's'}") if missing else (shown, "")


def _refuse_escapes(source: Source, name: str) -> None:
    """Where the kernel cannot keep the renderer inside the folder, a model that wants out is not given to it.

    With Landlock what is outside cannot be opened, and the picture only lacks it; leftover paths of the author's disk
    are common. USD scenes are opened by our own reader, which takes such paths out.
    """
    if name in _SCENES or landlock_version():
        return
    escaping = [each for each in measure(source).findings if each.code == FindingCode.ESCAPING_REFERENCE]
    if escaping:
        raise InvalidInput(f"{escaping[0].message}; it is drawn only where the kernel has Landlock")


def _honestly_named(source: Source, name: str, scratch: Path) -> Source:
    """Renderers go by the extension; a file whose extension lies is shown to them under a name that does not."""
    if source.path.suffix.lower().removeprefix(".") in FORMATS[name].extensions:
        return source
    honest = Source(folder=str(scratch), path=PurePosixPath(f"model.{name}"))
    Path(honest.absolute).symlink_to(source.absolute)
    return honest


def _staging(source: Source, name: str) -> dict[str, Any]:
    """What the file itself says about how it wants to be shown."""
    if name == "stl":
        return {"up": "Z", "clay": True}  # printers and scanners, who write STL, have Z up
    if name == "abc":
        return {"clay": True}
    if name == "obj":
        return {"clay": _lacks_materials(source)}
    if name == "ply":
        header = importlib.import_module("catalog.media.readers.ply").read_header(Path(source.absolute))
        points = 0 if header.count("face") else header.count("vertex")
        return {"vertex_colors": header.colored, "points": points, "clay": not header.colored}
    return {}


def _lacks_materials(source: Source) -> bool:
    """An OBJ without its material library would be rendered white."""
    notebook = Notebook()
    importlib.import_module("catalog.media.readers.obj").read(source, notebook)
    named = any(fact.key == "material_count" and fact.value for fact in notebook.facts.values())
    missing = any(
        finding.code in (FindingCode.MISSING_REFERENCE, FindingCode.ESCAPING_REFERENCE)
        and finding.reference.lower().endswith(".mtl")
        for finding in notebook.findings
    )
    return missing or not named
