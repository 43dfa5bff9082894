"""Reads what glTF can show of a USD material: UsdPreviewSurface, and the constants of common MaterialX surfaces.

Specification: https://openusd.org/release/spec_usdpreviewsurface.html. Scale and bias of a texture are worked into its
pixels; its 2D transform and its UDIM tiles into the texture coordinates.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import numpy as np
from pxr import UsdShade

from catalog.media.glb import Surface
from catalog.media.untyped import UsdObject
from catalog.media.usd_textures import Texture, as_picture, decoded, luminous

_NAMES: Final = {
    "color": ("diffuseColor", "base_color"),
    "metallic": ("metallic", "metalness", "base_metalness"),
    "roughness": ("roughness", "specular_roughness"),
    "opacity": ("opacity", "geometry_opacity"),
    "cutoff": ("opacityThreshold",),
    "emission": ("emissiveColor", "emission_color"),
    "emission_weight": ("emission", "emission_luminance"),
    "color_weight": ("base", "base_weight"),
    "normal": ("normal",),
}
_REPEATING: Final = (10497, 10497)
_SURFACES: Final = ("", "mtlx", "ri")


@dataclass(frozen=True, kw_only=True)
class Look:
    """A surface, the primvar that its textures are laid by, and the affine map (rows of 2 x 3) of its coordinates.

    ``display_color``: its color is what the geometry brings along.
    """

    surface: Surface
    display_color: bool = False
    coordinate_name: str = "st"
    coordinate_map: np.ndarray = field(default_factory=lambda: np.eye(2, 3))


@dataclass(kw_only=True)
class _Inputs:
    """What the inputs of one surface shader are worth: a constant or a texture."""

    shader: UsdObject
    folder: Path
    scratch: Path
    first: Texture | None = None

    def texture(self, role: str) -> Texture | None:
        for attribute in self._producers(role):
            shader = UsdShade.Shader(attribute.GetPrim())
            if shader and str(shader.GetIdAttr().Get() or "") == "UsdUVTexture":
                found = decoded(shader, str(attribute.GetBaseName()), folder=self.folder, scratch=self.scratch)
                if found is not None:
                    self.first = self.first or found
                    return found
        return None

    def reads_display_color(self) -> bool:
        for attribute in self._producers("color"):
            shader = UsdShade.Shader(attribute.GetPrim())
            if shader and str(shader.GetIdAttr().Get() or "").startswith("UsdPrimvarReader"):
                given = shader.GetInput("varname")
                return bool(given) and str(given.Get()) == "displayColor"
        return False

    def number(self, role: str, default: float) -> float:
        value = self._constant(role)
        return float(value) if isinstance(value, int | float) and np.isfinite(value) else default

    def color(self, role: str, default: tuple[float, float, float]) -> tuple[float, float, float]:
        value = self._constant(role)
        if value is None or not hasattr(value, "__len__") or len(value) != 3:  # noqa: PLR2004 — red, green, blue
            return default
        clean = np.clip(np.nan_to_num(np.asarray(value, dtype=float)), 0.0, 1.0)
        return float(clean[0]), float(clean[1]), float(clean[2])

    def _constant(self, role: str) -> UsdObject:
        for attribute in self._producers(role):
            if attribute.GetName().startswith("inputs:"):
                return attribute.Get()
        return None

    def _producers(self, role: str) -> list[UsdObject]:
        for name in _NAMES[role]:
            given = self.shader.GetInput(name)
            if given:
                return list(UsdShade.Utils.GetValueProducingAttributes(given))
        return []


def look_of(material: UsdObject, *, folder: Path, scratch: Path) -> Look | None:
    """What the material looks like; None where it has no surface that is understood here."""
    for context in _SURFACES:
        shader = material.ComputeSurfaceSource(context)[0]
        if shader and _is_understood(shader):
            return _look_of(_Inputs(shader=shader, folder=folder, scratch=scratch))
    return None


def _is_understood(shader: UsdObject) -> bool:
    name = str(shader.GetIdAttr().Get() or "")
    return name == "UsdPreviewSurface" or any(
        known in name for known in ("standard_surface", "open_pbr", "UsdPreviewSurface")
    )


def _look_of(inputs: _Inputs) -> Look:
    color, normal, emission = inputs.texture("color"), inputs.texture("normal"), inputs.texture("emission")
    metallic, roughness = inputs.texture("metallic"), inputs.texture("roughness")
    base = np.asarray(inputs.color("color", (0.18, 0.18, 0.18))) * min(inputs.number("color_weight", 1.0), 1.0)
    glow = np.asarray(inputs.color("emission", (0.0, 0.0, 0.0))) * min(inputs.number("emission_weight", 1.0), 1.0)
    display_color = inputs.reads_display_color()
    surface = Surface(
        color=(1.0, 1.0, 1.0) if color or display_color else (float(base[0]), float(base[1]), float(base[2])),
        # Glass that is fully transparent would leave nothing to see in a small picture.
        opacity=max(inputs.number("opacity", 1.0), 0.25),
        cutoff=inputs.number("cutoff", 0.0),
        metallic=1.0 if metallic else inputs.number("metallic", 0.0),
        roughness=1.0 if roughness else inputs.number("roughness", 0.5),
        emission=(1.0, 1.0, 1.0) if emission else (float(glow[0]), float(glow[1]), float(glow[2])),
        color_picture=as_picture(luminous(color)) if color else None,
        metallic_roughness_picture=_packed(metallic, roughness),
        normal_picture=as_picture(_directions(normal), lossless=True) if normal else None,
        emission_picture=as_picture(luminous(emission)) if emission else None,
        wrap=inputs.first.wrap if inputs.first else _REPEATING,
    )
    laid = inputs.first
    if laid is None:
        return Look(surface=surface, display_color=display_color)
    return Look(surface=surface, coordinate_name=laid.coordinate_name, coordinate_map=laid.coordinate_map)


def _directions(texture: Texture) -> np.ndarray:
    """A normal map as glTF stores it: 0…1 for -1…1, after the shader's own scale and bias."""
    return np.clip(texture.pixels[:, :, :3] * 0.5 + 0.5, 0, 1)


def _packed(metallic: Texture | None, roughness: Texture | None) -> bytes | None:
    """Roughness in green and metallic in blue, as glTF wants them."""
    present = metallic or roughness
    if present is None:
        return None
    height, width = present.pixels.shape[:2]
    packed = np.ones((height, width, 3), dtype=np.float32)
    for texture, channel in ((roughness, 1), (metallic, 2)):
        if texture is not None:
            rows = np.arange(height) * texture.pixels.shape[0] // height
            columns = np.arange(width) * texture.pixels.shape[1] // width
            packed[:, :, channel] = texture.pixels[rows][:, columns, texture.channel]
    return as_picture(np.clip(packed, 0, 1))
