"""What a child can be asked; runs inside children only. Libraries are imported where they are used.

Every function takes and returns what JSON can say; dataclasses travel as the dict of their fields. The current folder
is the one that the child may read.
"""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from catalog.media.confinement import Confinement, measured_from_inside
from catalog.media.drawing import draw as draw_source
from catalog.media.facts import Inspection, Source
from catalog.media.measuring import measure as measure_source

if TYPE_CHECKING:
    from catalog.media.drawing import Drawing


def probe(*, rendering: bool) -> Confinement:
    """Say which measures hold this child."""
    return measured_from_inside(rendering=rendering)


def set_up_studio(place: str) -> bool:
    """Make the light of the studio, and render in it: filtered light stays.

    Answers whether the nursery may hold a renderer. Where no EGL library is installed this child crashes, which is the
    answer that there is none.
    """
    from catalog.media.painters import renderer, studio  # noqa: PLC0415 — heavy libraries are for the tasks that need them

    folder = Path(place)
    studio.write_light(folder)
    studio.write_samples(folder)
    return renderer.prepare(folder)


def measure(paths: list[str]) -> list[dict[str, object]]:
    """Facts and findings of each of these files of the current folder."""
    return [asdict(_measured(path)) for path in paths]


def draw(path: str, scratch: str, studio: str) -> Drawing:
    """The picture of one file of the current folder; without ``studio`` models are drawn by hand."""
    own, light = (Path(folder) if folder else None for folder in (scratch, studio))
    return draw_source(_source(path), scratch=own, studio=light)


def _source(path: str) -> Source:
    return Source(folder=str(Path.cwd()), path=PurePosixPath(path))


def _measured(path: str) -> Inspection:
    notebook = measure_source(_source(path))
    return notebook.inspection()
