"""What a maker is, and what it hands over."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final, TypeAlias

from pydantic import TypeAdapter

from catalog.media.children import Task
from catalog.media.choice import Candidate
from catalog.media.confinement import MIB, Limits
from catalog.media.vocabulary import DERIVATIVES, Derivative, PreviewKind

WEBP: Final = "image/webp"
MP4: Final = "video/mp4"
GLB: Final = "model/gltf-binary"

Group: TypeAlias = tuple[str, ...]
"""Paths of files that are shown together; most makers show one file."""


@dataclass(frozen=True, kw_only=True)
class Made:
    """One derivative that lies in the child's folder under ``file``.

    A strip holds ``frame_count`` frames of one size in rows, from the left and the top. ``caption`` says what a person
    must know to judge it; ``tool`` names what made it, with its version.
    """

    derivative: Derivative
    file: str
    media_type: str
    width_px: int
    height_px: int
    caption: str
    tool: str
    frame_count: int | None = None
    frame_width_px: int | None = None
    frame_height_px: int | None = None


@dataclass(frozen=True, kw_only=True)
class Maker:
    """One line of the table.

    ``version`` is raised whenever the same bytes would give something else; what is older is then made again.
    ``choose`` returns groups of paths, the best first; the first that can be shown is. ``module``, by its full
    name, is the one whose ``make`` runs in the child.
    """

    kind: PreviewKind
    version: str
    choose: Callable[[Iterable[Candidate]], Sequence[Group]]
    module: str
    renders: bool = False
    """Whether it draws by hand where nothing can be rendered: that counts until something can."""
    limits: Limits = field(default_factory=lambda: Limits(wall_s=400, cpu_s=400, memory_bytes=5120 * MIB))

    @property
    def derivatives(self) -> tuple[Derivative, ...]:
        """What it may make: one of these, or several."""
        return DERIVATIVES[self.kind]

    @property
    def task(self) -> Task[list[Made]]:
        """What the child is asked."""
        return Task(name=f"{self.module}:make", answer=_MADE, limits=self.limits)


_MADE = TypeAdapter(list[Made])
