"""What the worker asks of children, in its own words: measure these files, draw this one, say what holds you."""

from __future__ import annotations

import tempfile
import threading
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Final

import structlog
from pydantic import TypeAdapter

from catalog.media.children import ChildFailed, FailureReason, Nursery, Task, nursery
from catalog.media.confinement import MIB, Confinement, Limits
from catalog.media.drawing import Drawing
from catalog.media.facts import Inspection, Notebook, Source
from catalog.media.measuring import glance
from catalog.media.thumbnails import SIDES_PX, Thumbnail
from catalog.media.vocabulary import FindingCode

if TYPE_CHECKING:
    from catalog.media.layout import Layout
    from catalog.media.makers.maker import Group, Made, Maker

_LARGEST_PICTURE_BYTES: Final = 4 * MIB
_TOO_LITTLE: Final = (FailureReason.TIMED_OUT, FailureReason.OUT_OF_MEMORY)
"""What a busy machine lacks for a while; that it cannot render is something else."""
_WEBP_MARKS: Final = (b"RIFF", b"WEBP")
log = structlog.get_logger("catalog.media")

# Address space beyond what the warm process maps (0.9 GiB): headers and streams of geometry stay far below 2 GiB. A
# picture of 512 megapixels is 1.5 GiB as RGB and is held twice while its mode changes. F3D with llvmpipe was measured
# to map 0.9 GiB more for a bottle with four 2k textures and 1.6 GiB for 1.3 million triangles.
_MEASURE: Final = Task(
    name="catalog.media.tasks:measure",
    answer=TypeAdapter(list[Inspection]),
    limits=Limits(wall_s=180, cpu_s=150, memory_bytes=3072 * MIB),
)
_DRAW: Final = Task(
    name="catalog.media.tasks:draw",
    answer=TypeAdapter(Drawing),
    limits=Limits(wall_s=240, cpu_s=300, memory_bytes=5120 * MIB),
)
_SET_UP: Final = Task(
    name="catalog.media.tasks:set_up_studio",
    answer=TypeAdapter(bool),
    limits=Limits(wall_s=120, cpu_s=120, memory_bytes=5120 * MIB),
)
_PROBE: Final = Task(name="catalog.media.tasks:probe", answer=TypeAdapter(Confinement))


class Bench:
    """A nursery and the studio that its children render in; the studio is set up by this task when it is needed."""

    def __init__(self, nursery: Nursery, set_up: Task[bool] = _SET_UP) -> None:
        self._nursery = nursery
        self._set_up = set_up
        self._lock = threading.Lock()
        self._studio: Path | None = None
        self._cannot_render = False

    def measure(
        self, folder: Path, paths: Sequence[PurePosixPath], *, readable: Sequence[Path] = ()
    ) -> list[Inspection]:
        """Facts and findings of each file, in order.

        One that makes its reader fail costs only itself: it keeps size and media type and gets a finding.
        """
        wanted = [str(path) for path in paths]
        try:
            answers = self._nursery.run(_MEASURE, folder=folder, readable=readable, paths=wanted)
            if len(answers) == len(wanted):
                return answers
            failure = ChildFailed("it answered for other files than it was asked for", reason=FailureReason.GARBLED)
        except ChildFailed as failed:
            failure = failed
        if len(wanted) == 1:
            return [_unmeasured(Source(folder=str(folder), path=paths[0]), failure)]
        return [self.measure(folder, [path], readable=readable)[0] for path in paths]

    def draw(self, folder: Path, path: PurePosixPath, *, readable: Sequence[Path] = ()) -> Drawing:
        """The thumbnails of one file; ``ChildFailed`` where it has none, with the reason."""
        if _is_model(folder, path):
            drawing = self._draw_model(folder, path, readable)
        else:  # it needs no folder of its own, and its answer is waited for and not its end
            drawing = self._nursery.run(_DRAW, folder=folder, readable=readable, path=str(path), scratch="", studio="")
        _check(drawing)
        return drawing

    def _draw_model(self, folder: Path, path: PurePosixPath, readable: Sequence[Path]) -> Drawing:
        studio = self.studio()
        with tempfile.TemporaryDirectory(dir=self._nursery.folder) as scratch:
            return self._nursery.run(
                _DRAW,
                folder=folder,
                readable=[*readable, *([studio] if studio else [])],
                writable=[Path(scratch)],
                path=str(path),
                scratch=scratch,
                studio=str(studio or ""),
            )

    @property
    def children_folder(self) -> Path:
        """Where folders for what children write are made; they go with the children."""
        return self._nursery.folder

    def make(self, maker: Maker, layout: Layout, group: Group, *, out: Path, scratch: Path) -> list[Made]:
        """What a maker says that it put into ``out``, unchecked; ``scratch`` is a folder around ``out``."""
        studio = self.studio() if any(_is_model(layout.folder, PurePosixPath(path)) for path in group) else None
        return self._nursery.run(
            maker.task,
            folder=layout.folder,
            readable=[*layout.readable, *([studio] if studio else [])],
            writable=[scratch],
            paths=list(group),
            out=str(out),
            scratch=str(scratch),
            studio=str(studio or ""),
        )

    def studio(self) -> Path | None:
        """The folder with the light of the studio; None where this machine cannot render, or not now."""
        with self._lock:
            if self._cannot_render or (self._studio is not None and self._studio.is_dir()):
                return self._studio
            folder = self._nursery.studio
            folder.mkdir(exist_ok=True)
            try:
                if self._nursery.run(self._set_up, folder=folder, writable=[folder], place=str(folder)):
                    self._nursery.hold_renderer()
                self._studio = folder
            except ChildFailed as failure:
                log.warning("nothing can be rendered; models are drawn by hand", why=failure.message)
                self._cannot_render = failure.reason not in _TOO_LITTLE
            return self._studio

    def confinement(self) -> Confinement:
        """What holds the children here, as one of them measured it."""
        with tempfile.TemporaryDirectory(dir=self._nursery.folder) as empty:
            return self._nursery.run(_PROBE, folder=Path(empty), rendering=self.studio() is not None)


def _is_model(folder: Path, path: PurePosixPath) -> bool:
    return glance(Source(folder=str(folder), path=path), Notebook()).medium == "model"


def _unmeasured(source: Source, failure: ChildFailed) -> Inspection:
    notebook = Notebook()
    with suppress(OSError):
        glance(source, notebook)
    notebook.find(FindingCode.READER_FAILED, f"could not be measured: {failure.message}")
    return notebook.inspection()


def _check(drawing: Drawing) -> None:
    """Refuse pictures that are not what they claim; they are about to be shown to everybody."""
    sizes = tuple(thumbnail.side_px for thumbnail in drawing.thumbnails)
    if sizes != SIDES_PX or not all(_is_webp(thumbnail) for thumbnail in drawing.thumbnails):
        raise ChildFailed("the painter's answer is not three WebP pictures", reason=FailureReason.GARBLED)
    if not (len(drawing.dominant_color) == len("dc-00") and drawing.dominant_color.startswith("dc-")):
        raise ChildFailed("the painter's answer names no color", reason=FailureReason.GARBLED)


def _is_webp(thumbnail: Thumbnail) -> bool:
    try:
        content = thumbnail.decoded()
    except ValueError:
        return False
    honest = (content[:4], content[8:12]) == _WEBP_MARKS and len(content) <= _LARGEST_PICTURE_BYTES
    return honest and 0 < thumbnail.width_px <= SIDES_PX[-1] and 0 < thumbnail.height_px <= SIDES_PX[-1]


_bench: dict[int, Bench] = {}
_bench_lock = threading.Lock()


def bench() -> Bench:
    """The bench of this process, on its nursery."""
    own = nursery()
    with _bench_lock:
        if id(own) not in _bench:
            _bench.clear()
            _bench[id(own)] = Bench(own)
        return _bench[id(own)]


def confinement() -> Confinement:
    """What holds the children of this process; starts them where they were not needed yet."""
    return bench().confinement()
