"""Opens a USD scene so that it can reach nothing outside its version's folder.

USD resolves asset paths while it composes, and a resolver of one's own cannot be written in Python; so before a stage
is opened, every layer that it will use is opened alone (which composes nothing), and every path in it that leaves the
folder is taken out of the layer in memory. The composition then finds the same layers, already edited, in USD's
registry. Landlock holds what this reading of paths may overlook, such as paths that USD computes (clip templates,
expressions).
"""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Final

from pxr import Sdf, Tf, Usd, UsdUtils

from catalog.kernel.errors import InvalidInput
from catalog.media import references
from catalog.media.facts import Notebook, Source
from catalog.media.untyped import UsdObject
from catalog.media.vocabulary import FindingCode

# MaterialX documents can be layers too, but this build of OpenUSD has no reader for them; only their presence is
# checked.
_LAYER_SUFFIXES: Final = frozenset({".usd", ".usda", ".usdc", ".usdz"})
_MOST_LAYERS: Final = 5000
_ARGUMENTS: Final = ":SDF_FORMAT_ARGS:"


@dataclass(kw_only=True)
class ConfinedStage:
    """A composed stage and the layers that it was made of, which must stay referenced while it is used."""

    stage: UsdObject
    layers: list[UsdObject] = field(default_factory=list)


@dataclass(frozen=True, kw_only=True)
class _Place:
    """Where a layer lies: a file of the version, or an entry of the package ``package``."""

    path: PurePosixPath
    package: PurePosixPath | None = None

    def identifier(self, folder: str) -> str:
        if self.package is None:
            return f"{folder}/{self.path}"
        return f"{folder}/{self.package}[{self.path}]"


def open_confined(source: Source, notebook: Notebook) -> ConfinedStage:
    """Compose the scene at ``source``; what escapes or is missing becomes a finding.

    Raises ``InvalidInput`` if it cannot be read.
    """
    layers: list[UsdObject] = []
    waiting = [_root(source)]
    seen: set[_Place] = set()
    while waiting and len(seen) < _MOST_LAYERS:
        place = waiting.pop()
        if place in seen:
            continue
        seen.add(place)
        layer = _opened(place, source)
        if layer is None:
            if not layers:
                raise InvalidInput("not readable as USD")
            notebook.find(
                FindingCode.UNREADABLE, f"the layer {str(place.path)!r} cannot be read as USD", str(place.path)
            )
            continue
        layers.append(layer)
        waiting += _confine(layer, place, source, notebook)
    try:
        stage = Usd.Stage.Open(layers[0])
    except Tf.ErrorException as damage:
        raise InvalidInput("not readable as USD") from damage
    return ConfinedStage(stage=stage, layers=layers)


def _root(source: Source) -> _Place:
    if source.path.suffix.lower() != ".usdz":
        return _Place(path=source.path)
    names = _entries(Path(source.absolute))
    if not names:
        raise InvalidInput("a USDZ package without entries")
    return _Place(path=PurePosixPath(names[0]), package=source.path)


def _entries(package: Path) -> list[str]:
    try:
        with zipfile.ZipFile(package) as opened:
            return [each.filename for each in opened.infolist()]
    except (zipfile.BadZipFile, OSError) as damage:
        raise InvalidInput("not readable as a USDZ package") from damage


def _opened(place: _Place, source: Source) -> UsdObject:
    try:
        return Sdf.Layer.FindOrOpen(place.identifier(source.folder))
    except Tf.ErrorException:
        return None


def _confine(layer: UsdObject, place: _Place, source: Source, notebook: Notebook) -> Iterator[_Place]:
    """Take out of ``layer`` what leads outside; the layers inside that it refers to."""
    found: list[_Place] = []
    layer.SetPermissionToSave(False)

    def judged(asset_path: str) -> str:
        if not asset_path:
            return asset_path
        bare = asset_path.split(_ARGUMENTS, 1)[0]
        target = _target(bare, place)
        if target is None:
            references.check(notebook, source, bare, None)
            return ""
        present = _is_present(target, source)
        if not present:
            missing = f"refers to {bare!r}, which is not part of the version"
            notebook.find(FindingCode.MISSING_REFERENCE, missing, bare)
        elif target.path.suffix.lower() in _LAYER_SUFFIXES:
            found.append(target)
        return asset_path

    try:
        UsdUtils.ModifyAssetPaths(layer, judged)
    except Tf.ErrorException as locked:  # layers of a package cannot be edited, not even in memory
        raise InvalidInput("a package that refers to something outside itself, which USDZ does not allow") from locked
    return iter(found)


def _target(reference: str, place: _Place) -> _Place | None:
    outer, bracket, inner = reference.partition("[")
    target = references.inside(outer, beside=place.path)
    if target is None:
        return None
    if bracket:
        return _Place(path=PurePosixPath(inner.rstrip("]")), package=target)
    if target.suffix.lower() == ".usdz" and place.package is None:
        return _Place(path=target)
    return _Place(path=target, package=place.package)


def _is_present(target: _Place, source: Source) -> bool:
    if target.package is not None:
        package = Path(source.folder, target.package)
        return package.is_file() and str(target.path) in _entries(package)
    if "<UDIM>" in target.path.name:
        folder = Path(source.folder, target.path.parent)
        return any(folder.glob(target.path.name.replace("<UDIM>", "[0-9][0-9][0-9][0-9]")))
    return Path(source.folder, target.path).is_file()
