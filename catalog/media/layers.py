"""Which layers a picture of many channels holds, and what their values mean, by the names that renderers give. Pure.

Names follow OpenEXR (``layer.channel``, https://openexr.com/en/latest/TechnicalIntroduction.html) and Cryptomatte's
specification 1.2 (``name00``, ``name01`` …, each of two pairs of identifier and coverage).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final


class LayerKind(StrEnum):
    """What the values of a layer are, and so how they are shown."""

    COLOR = "color"
    LUMINANCE = "luminance"
    ALPHA = "alpha"
    DEPTH = "depth"
    VECTOR = "vector"
    VALUE = "value"
    IDENTIFIER = "identifier"
    CRYPTOMATTE = "cryptomatte"


@dataclass(frozen=True, kw_only=True)
class Layer:
    """Channels of one part that are shown together. ``name`` is how people call it."""

    part: int
    name: str
    kind: LayerKind
    channels: tuple[int, ...]


@dataclass(frozen=True, kw_only=True)
class Part:
    """One part of a picture: its name and its channels, in their order."""

    name: str
    channels: Sequence[str]


_CRYPTOMATTE: Final = re.compile(r"(?P<name>.*crypto.*?)_?(?P<rank>\d\d)", re.IGNORECASE)
_VECTORS: Final = frozenset(
    {
        "n", "normal", "normals", "nn", "p", "pos", "position", "worldposition", "pworld", "pref", "uv", "st",
        "motion", "motionvector", "velocity", "vector", "mv", "forward", "backward", "tangent",
    }
)  # fmt: skip
_IDENTIFIERS: Final = frozenset({"id", "objectid", "materialid", "indexob", "indexma", "objectindex", "materialindex"})
_DEPTHS: Final = frozenset({"z", "depth", "zdepth", "distance", "mist", "zback"})
_COLORS: Final = {"RED": "R", "GREEN": "G", "BLUE": "B", "ALPHA": "A"}
_TUPLES: Final = (
    (("R", "G", "B"), LayerKind.COLOR),
    (("X", "Y", "Z"), LayerKind.VECTOR),
    (("X", "Y"), LayerKind.VECTOR),
    (("U", "V"), LayerKind.VECTOR),
)


def layers_of(parts: Sequence[Part]) -> list[Layer]:
    """Every layer of every part, in the order of the file; the beauty's alpha is one, other alphas are left out.

    Of the ranks of a cryptomatte the first is shown, which holds what covers a pixel most.
    """
    found: list[Layer] = []
    for number, part in enumerate(parts):
        own = [layer for name, members in _groups(part.channels) for layer in _layers(number, name, members)]
        has_color = any(layer.kind is LayerKind.COLOR for layer in found)
        found += _named(part.name if len(parts) > 1 else "", _with_one_alpha(own, wanted=not has_color))
    return found


def _groups(channels: Iterable[str]) -> list[tuple[str, dict[str, int]]]:
    """The channels of each layer by the last word of their names."""
    groups: dict[str, dict[str, int]] = {}
    for index, channel in enumerate(channels):
        layer, _, last = channel.rpartition(".")
        groups.setdefault(layer, {}).setdefault(last, index)
    return list(groups.items())


def _layers(part: int, name: str, members: dict[str, int]) -> list[Layer]:
    """The layers among the channels that share a prefix."""
    left = {_COLORS.get(key.upper(), key.upper()): (key, index) for key, index in members.items()}
    cryptomatte = _CRYPTOMATTE.fullmatch(name)
    if cryptomatte and {"R", "G", "B", "A"} <= set(left):
        indices = tuple(left[key][1] for key in "RGBA")
        ranked = Layer(part=part, name=cryptomatte["name"], kind=LayerKind.CRYPTOMATTE, channels=indices)
        return [ranked] if int(cryptomatte["rank"]) == 0 else []
    found: list[Layer] = []
    for keys, kind in _TUPLES:
        if set(keys) <= set(left):
            indices = tuple(left.pop(key)[1] for key in keys)
            said = LayerKind.VECTOR if _last_word(name) in _VECTORS else kind
            found.append(Layer(part=part, name=name or "".join(keys), kind=said, channels=indices))
    for key, index in left.values():
        whole = f"{name}.{key}" if name else key
        found.append(Layer(part=part, name=whole, kind=_kind_of_one(name, key), channels=(index,)))
    return found


def _kind_of_one(layer: str, key: str) -> LayerKind:
    words = {key.casefold(), _last_word(layer)}
    if key.upper() in ("A", "ALPHA"):
        return LayerKind.ALPHA
    if not words.isdisjoint(_DEPTHS):
        return LayerKind.DEPTH
    if not words.isdisjoint(_IDENTIFIERS):
        return LayerKind.IDENTIFIER
    return LayerKind.LUMINANCE if key.upper() in ("Y", "L") and not layer else LayerKind.VALUE


def _last_word(name: str) -> str:
    return name.rpartition(".")[2].casefold().replace("_", "")


def _with_one_alpha(layers: Sequence[Layer], *, wanted: bool) -> list[Layer]:
    """Without alphas that go with colors, but for the first where it is ``wanted``."""
    colored = any(layer.kind is LayerKind.COLOR for layer in layers)
    kept: list[Layer] = []
    for layer in layers:
        if layer.kind is LayerKind.ALPHA and colored:
            if not wanted:
                continue
            wanted = False
        kept.append(layer)
    return kept


def _named(part: str, layers: Sequence[Layer]) -> list[Layer]:
    """The layers under the name of their part, where a file has several; one that says it already keeps its name."""
    if not part:
        return list(layers)
    if len(layers) == 1:
        return [replace(layers[0], name=part)]
    return [
        layer if layer.name.startswith(part) else replace(layer, name=f"{part} {layer.name}".strip())
        for layer in layers
    ]
