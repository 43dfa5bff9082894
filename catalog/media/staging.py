"""Prepares a model for being rendered or drawn: what to open, and how it wants to be put before the camera.

Runs in a child only. USD becomes GLB, a glTF that meshoptimizer has packed what browsers get of it; a file whose
extension lies gets an honest name, a glTF that lacks textures is shown without them.
"""

from __future__ import annotations

import importlib
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Any, Final

from catalog.kernel.errors import InvalidInput
from catalog.media.confinement import landlock_version
from catalog.media.facts import Notebook, Source
from catalog.media.formats import FORMATS
from catalog.media.measuring import glance, measure
from catalog.media.vocabulary import FindingCode, Medium

SCENES: Final = frozenset({"usda", "usdc", "usdz"})

_GLTF: Final = ("glb", "gltf")
_MESHOPT: Final = frozenset({"EXT_meshopt_compression", "KHR_meshopt_compression"})


@dataclass(frozen=True, kw_only=True)
class Staged:
    """What to open, as which format, how to stage it (fields of ``renderer.Staging``), and what to say of it."""

    source: Source
    name: str
    staging: dict[str, Any] = field(default_factory=dict)
    caption: str = ""


def stage(source: Source, *, scratch: Path, complete: bool = True) -> Staged:
    """Prepare one model of the current folder in ``scratch``; ``InvalidInput`` where it cannot be shown.

    ``complete``: a glTF that lacks textures is given without them, which the renderer needs.
    """
    found = glance(source, Notebook())
    if found.medium is not Medium.MODEL:
        raise InvalidInput(f"{found.media_type} is no model")
    name = found.name
    _refuse_escapes(source, name)
    if name in SCENES:
        shown = Source(folder=str(scratch), path=PurePosixPath("scene.glb"))
        usd_to_glb = importlib.import_module("catalog.media.usd_to_glb")
        has_camera = usd_to_glb.convert(source, Path(shown.absolute), scratch=scratch).has_camera
        return Staged(source=shown, name="glb", staging={"camera": has_camera})
    if name in _GLTF and complete and _is_packed(source):
        return _repacked(source, scratch)
    shown, caption = _honestly_named(source, name, scratch), ""
    if name == "gltf" and complete:
        shown, caption = _without_gaps(source, shown, scratch)
    return Staged(source=shown, name=name, staging=_staging(source, name), caption=caption)


def _is_packed(source: Source) -> bool:
    """Whether a glTF is packed in a way that the renderer does not know."""
    document, _ = importlib.import_module("catalog.media.readers.gltf").load(source.absolute, Notebook())
    used = document.get("extensionsUsed")
    return isinstance(used, list) and not _MESHOPT.isdisjoint(str(each) for each in used)


def _repacked(source: Source, scratch: Path) -> Staged:
    """Such a glTF as browsers get it."""
    made = importlib.import_module("catalog.media.slim.making").slimmed(source)
    shown = Source(folder=str(scratch), path=PurePosixPath("scene.glb"))
    Path(shown.absolute).write_bytes(made.content)
    return Staged(source=shown, name="glb", caption=made.caption)


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
    if name in SCENES or landlock_version():
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
