#!/usr/bin/env python3
"""Measure what children read and draw: small models by the thousand, a first picture, JPEG and EXR thumbnails, memory.

``scripts/bench_media.py [--quick] [--models N]``. Each alternative is measured in the same run, by turns with ours, as
wall time: for a model, a fresh process that renders the same picture by F3D alone, with the same light and shading; for
a JPEG the same Pillow calls, for an EXR the same OpenImageIO calls, alone in this process. Ours are whole: asked from
here, done in a limited child, checked here. Goals: 1,000 small GLBs in 300 s on two cores; ratios of 0.5, 1.2 and 1.2.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import numpy as np
import OpenImageIO as oiio  # noqa: N813 — as its documentation writes it
from PIL import Image

from catalog.media.asking import bench
from catalog.media.facts import Source
from catalog.media.painters import openimageio
from catalog.media.painters.studio import LIGHT_FILE
from catalog.media.thumbnails import SIDES_PX, thumbnails_of
from scripts.installation import descendants, memory_mb
from tests import files

Figures = dict[str, Any]

COLD = """
import sys, f3d
engine = f3d.Engine.create_egl()
engine.cache_path = sys.argv[3]
engine.options.update({
    "ui.loader_progress": False,
    "render.grid.enable": False,
    "render.hdri.file": sys.argv[2],
    "render.hdri.ambient": True,
    "render.effect.tone_mapping": True,
    "render.effect.ambient_occlusion": True,
    "render.effect.antialiasing.mode": "fxaa",
})
engine.window.size = 960, 720
engine.scene.add(sys.argv[1])
engine.window.render_to_image().save(sys.argv[3] + "/picture.png")
"""
RENDERING = {"EGL_PLATFORM": "surfaceless", "LIBGL_ALWAYS_SOFTWARE": "1", "GALLIUM_DRIVER": "llvmpipe"}


def main() -> None:
    """Run every section and print one JSON object as the last line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="small sizes; under a minute on two free cores")
    parser.add_argument("--models", type=int, default=1000, help="how many small models")
    asked = parser.parse_args()
    quick: bool = asked.quick
    with TemporaryDirectory() as folder:
        began = time.monotonic()
        studio = bench().studio()
        print(f"children and studio are ready after {time.monotonic() - began:.1f} s, once per worker")
        figures: Figures = {"renders": studio is not None}
        figures |= _first_picture(Path(folder), studio, turns=2 if quick else 7) if studio else {}
        figures |= _jpeg(Path(folder), turns=3 if quick else 11)
        figures |= _exr(Path(folder), turns=3 if quick else 9)
        figures |= _models(Path(folder), count=8 if quick else asked.models)
    print(json.dumps(figures))


def _first_picture(folder: Path, studio: Path, *, turns: int) -> Figures:
    (folder / "box.glb").write_bytes(files.glb())

    def cold() -> None:
        with TemporaryDirectory() as own:
            caches = {"MESA_SHADER_CACHE_DIR": own, "HOME": own}
            subprocess.run(
                [sys.executable, "-c", COLD, str(folder / "box.glb"), str(studio / LIGHT_FILE), own],
                check=True,
                env={**os.environ, **RENDERING, **caches},
                capture_output=True,
            )

    warm, alone = _by_turns(lambda: bench().draw(folder, PurePosixPath("box.glb")), cold, turns)
    return _compared("first picture of a model", warm, alone, "cold F3D", goal=0.5)


def _jpeg(folder: Path, *, turns: int) -> Figures:
    path = folder / "photo.jpg"
    noise = np.random.default_rng(1).integers(0, 255, (135, 240, 3), np.uint8)
    Image.fromarray(noise).resize((3840, 2160), Image.Resampling.BICUBIC).save(path, quality=90)

    def alone() -> None:
        with Image.open(path) as photo:
            photo.draft("RGB", (SIDES_PX[-1], SIDES_PX[-1]))
            photo.thumbnail((SIDES_PX[-1], SIDES_PX[-1]), reducing_gap=3.0)
            thumbnails_of(photo)

    ours, theirs = _by_turns(lambda: bench().draw(folder, PurePosixPath("photo.jpg")), alone, turns)
    return _compared("thumbnails of a 4K JPEG", ours, theirs, "Pillow alone", goal=1.2)


def _exr(folder: Path, *, turns: int) -> Figures:
    path = folder / "plate.exr"
    spec = oiio.ImageSpec(3840, 2160, 3, "half")
    spec.attribute("compression", "zip")
    buffer = oiio.ImageBuf(spec)
    ramp = np.linspace(0, 4, 3840 * 2160 * 3, dtype=np.float32).reshape(2160, 3840, 3)
    buffer.set_pixels(oiio.ROI(), ramp + np.random.default_rng(1).random((2160, 3840, 1), np.float32) / 8)
    buffer.write(str(path))
    source = Source(folder=str(folder), path=PurePosixPath("plate.exr"))

    def alone() -> None:
        thumbnails_of(openimageio.paint(source).image)

    ours, theirs = _by_turns(lambda: bench().draw(folder, PurePosixPath("plate.exr")), alone, turns)
    return _compared("thumbnails of a 4K EXR", ours, theirs, "the same OpenImageIO calls alone", goal=1.2)


def _models(folder: Path, *, count: int) -> Figures:
    """Facts and thumbnails of many models, two at a time as a worker asks for them; no two are alike."""
    for number in range(count):
        place = folder / f"{number:04d}"
        place.mkdir()
        width = 1 + number / count
        points = [(x * width, y, z) for x, y, z in files.CUBE_POINTS]
        (place / "model.glb").write_bytes(files.glb(points=points))

    def one(number: int) -> int:
        place, path = folder / f"{number:04d}", PurePosixPath("model.glb")
        return len(bench().measure(place, [path])[0].facts) * len(bench().draw(place, path).thumbnails)

    memory = [_memory_mb()]
    took = 0.0
    for half in (range(count // 2), range(count // 2, count)):
        began = time.monotonic()
        with ThreadPoolExecutor(2) as places:
            if not all(places.map(one, half)):
                raise SystemExit("a model has no facts or no picture")
        took += time.monotonic() - began
        memory.append(_memory_mb())
    thousand = took / count * 1000
    print(f"  {count} small GLBs with facts and thumbnails: {took:.1f} s, {thousand:.0f} s a thousand (goal ≤ 300)")
    start, middle, end = memory
    print(f"  memory of asker and children at its start {start:.0f}, middle {middle:.0f}, end {end:.0f} MB")
    return {"glbs": count, "glbs_s": round(took, 1), "thousand_glbs_s": round(thousand), "memory_mb": memory}


def _memory_mb() -> float:
    """Of this process and the warm one that children are forked from, while none runs."""
    return round(memory_mb([os.getpid(), *descendants(os.getpid())]), 1)


def _by_turns(ours: Callable[[], object], theirs: Callable[[], object], turns: int) -> tuple[float, float]:
    """Median seconds of both, each once before it counts."""
    ours()
    theirs()
    taken: tuple[list[float], list[float]] = ([], [])
    for _ in range(turns):
        for seconds, act in zip(taken, (ours, theirs), strict=True):
            began = time.monotonic()
            act()
            seconds.append(time.monotonic() - began)
    return statistics.median(taken[0]), statistics.median(taken[1])


def _compared(what: str, ours: float, theirs: float, other: str, *, goal: float) -> Figures:
    ratio = ours / theirs
    print(f"  {what}: {ours * 1000:.0f} ms; {other} {theirs * 1000:.0f} ms; ratio {ratio:.2f} (goal ≤ {goal})")
    name = what.replace(" ", "_").lower()
    return {f"{name}_s": round(ours, 3), f"{name}_ratio": round(ratio, 2)}


if __name__ == "__main__":
    main()
