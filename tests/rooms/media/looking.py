"""Looks at a file that a test writes, the way the worker would."""

import io
from collections.abc import Mapping
from pathlib import Path, PurePosixPath

from PIL import Image

from catalog.media.asking import Bench
from catalog.media.drawing import Drawing
from catalog.media.facts import Inspection, Source
from catalog.media.measuring import measure


def lay(folder: Path, files: Mapping[str, bytes]) -> Path:
    """Write files into a folder."""
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return folder


def inspected(folder: Path, name: str, content: bytes | None = None, **beside: bytes) -> Inspection:
    """Measure one file in this process; safe for what a test made itself. ``beside`` spells ``a.png`` as ``a_png``."""
    others = {other.replace("_", "."): bytes_ for other, bytes_ in beside.items()}
    lay(folder, others if content is None else {name: content, **others})
    return measure(Source(folder=str(folder), path=PurePosixPath(name))).inspection()


def facts(folder: Path, name: str, content: bytes | None = None, **beside: bytes) -> dict[str, object]:
    return {str(fact.key): fact.value for fact in inspected(folder, name, content, **beside).facts}


def findings(folder: Path, name: str, content: bytes | None = None, **beside: bytes) -> list[str]:
    return [str(finding.code) for finding in inspected(folder, name, content, **beside).findings]


def drawn(bench: Bench, folder: Path, name: str, content: bytes | None = None) -> Drawing:
    """Draw one file in a child."""
    lay(folder, {} if content is None else {name: content})
    return bench.draw(folder, PurePosixPath(name))


def picture(drawing: Drawing, side: int = 960) -> Image.Image:
    """One size of a drawing, decoded."""
    found = next(each for each in drawing.thumbnails if each.side_px == side)
    return Image.open(io.BytesIO(found.decoded())).convert("RGB")


def pixel(image: Image.Image, x: float, y: float) -> tuple[int, int, int]:
    """The color at a share of the width and height."""
    red, green, blue = image.getpixel((int(x * (image.width - 1)), int(y * (image.height - 1))))  # type: ignore[misc]  # RGB
    return int(red), int(green), int(blue)
