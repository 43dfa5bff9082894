"""Tiling materials: maps, a USD material that names them, and a ball on a plinth that wears it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from catalog.app.demo.asset import Files
from catalog.app.demo.shapes import Array, Look, Mesh, Part, lathe, placed, surface
from catalog.app.demo.usd import Textures, component, material
from catalog.app.demo.weave import WEAVES, pictures


def _globe() -> Mesh:
    def place(u: Array, v: Array) -> Array:
        turn, tilt = 2 * np.pi * u, np.pi * v
        ring = np.sin(tilt)
        return np.stack([ring * np.sin(turn), np.cos(tilt), ring * np.cos(turn)], axis=-1) * 0.5

    return placed(surface(place, 96, 64, close_u=True), (0, 0.62, 0))


def swatch(weave: str, meters: float, *, size: int = 512) -> Callable[[], Files]:
    """The files of a material; ``meters``: how wide one tile is in the world."""

    def make() -> Files:
        maps = pictures(WEAVES[weave](size))
        look = Look(name=weave, color=(0.5, 0.5, 0.5))
        plinth = Look(name="plinth", color=(0.03, 0.032, 0.036), roughness=0.35)
        globe = _globe()
        assert globe.uv is not None
        wide = replace(globe, uv=globe.uv * [2, 1])
        stand = lathe(
            [(0, 0), (0.40, 0), (0.42, 0.02), (0.42, 0.05), (0.40, 0.07), (0.30, 0.075), (0.27, 0.14), (0, 0.14)],
            around=72,
        )
        parts = [
            Part(name="ball", mesh=wide, look=look),
            Part(name="plinth", mesh=stand, look=plinth),
        ]
        near = Textures(
            color=f"maps/{weave}_basecolor.png", normal=f"maps/{weave}_normal.png", rough=f"maps/{weave}_orm.png"
        )
        beside = Textures(
            color=f"../{near.color}", normal=f"../{near.normal}", rough=f"../{near.rough}", repeat=1 / meters
        )
        return {
            f"{weave}_ball.usda": component(f"{weave}_ball", parts, {weave: near}),
            f"mtl/{weave}.usda": material(weave, look, beside),
            near.color: maps.color,
            near.normal: maps.normal,
            near.rough: maps.rough,
        }

    return make
