"""The job ``render-previews``: draw the picture of a version in three sizes, where it is missing.

The best candidate of ``choice`` is tried first, then the next ones, because a scene may hold nothing to see and a
picture may be damaged. Bytes go to the derived bucket first, rows follow. Safe to run twice: what is there of the
current drawing version, row and bytes, is not drawn again; so the job, owed again, refills a bucket that was emptied.
"""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Final
from uuid import UUID

import structlog
from sqlalchemy import select

from catalog.assets.models import AssetVersion
from catalog.assets.queries import files_of
from catalog.assets.roots import roots_by_id
from catalog.assets.vocabulary import OPEN
from catalog.kernel import clock
from catalog.media import choice
from catalog.media.asking import bench
from catalog.media.children import ChildFailed
from catalog.media.drawing import Drawing
from catalog.media.layout import Layout, Leaf, lay_company, lay_out, leaves_of, note_states
from catalog.media.makers.maker import WEBP
from catalog.media.models import Preview
from catalog.media.thumbnails import SIDES_PX, Thumbnail
from catalog.media.vocabulary import DRAWING_VERSION
from catalog.storage.keys import derivative_key

if TYPE_CHECKING:
    from catalog.work.workshop import Workshop

DERIVATIVES: Final = tuple(f"thumbnail-{side}" for side in SIDES_PX)

_TRIES: Final = 4
_BY_HAND: Final = "reprise "
"""How the name of the tool begins where a model was drawn without a renderer."""
log = structlog.get_logger("catalog.media")


@dataclass(frozen=True, kw_only=True)
class _Drawn:
    """A picture, the file that it shows, and the better one that it stands in for, if any."""

    leaf: Leaf
    drawing: Drawing
    instead_of: str | None

    @property
    def caption(self) -> str:
        """What a person must know to judge the picture."""
        lacking = f"{self.instead_of} could not be drawn" if self.instead_of else ""
        return "; ".join(filter(None, (self.drawing.caption, lacking)))


def render_previews(workshop: Workshop, version_id: UUID) -> None:
    """Draw what is missing of a version's pictures; a version without anything that can be drawn keeps none."""
    with workshop.desk.view(workshop.actor) as view:
        version = view.session.get(AssetVersion, version_id)
        if version is None or version.status in OPEN:
            return
        manifest = version.manifest_sha256
        kept = list(view.session.scalars(select(Preview).where(Preview.source_sha256 == manifest)))
        files = files_of(view, version_id)
        leaves = leaves_of(files, roots_by_id(view, {file.root_id for file in files if file.root_id}))
    if _is_complete(workshop, kept):
        return
    drawn = _drawn(workshop, leaves)
    if drawn is not None:
        _store(workshop, manifest, drawn)


def _is_complete(workshop: Workshop, kept: Sequence[Preview]) -> bool:
    """Whether every size is there in the current drawing version, with its bytes, and as good as it gets here."""
    current = {
        preview.derivative: preview
        for preview in kept
        if preview.derivative in DERIVATIVES and preview.tool_version == DRAWING_VERSION
    }
    if any(each.tool.startswith(_BY_HAND) for each in current.values()) and bench().studio() is not None:
        return False
    return all(name in current and workshop.stores.derived.find(current[name].key) for name in DERIVATIVES)


def _drawn(workshop: Workshop, leaves: Sequence[Leaf]) -> _Drawn | None:
    """The picture of the best file that can be drawn."""
    by_path = {leaf.path: leaf for leaf in leaves}
    offered = choice.candidates(
        choice.Candidate(path=leaf.path, role=leaf.role, size_bytes=leaf.size_bytes) for leaf in leaves
    )
    layout = Layout(folder=workshop.scratch / "previews")
    shutil.rmtree(layout.folder, ignore_errors=True)
    layout.folder.mkdir(parents=True)
    try:
        for tried, candidate in enumerate(offered[:_TRIES]):
            workshop.beat(tried / _TRIES)
            leaf = by_path[candidate.path]
            if lay_out(workshop, layout, leaf) is None:
                continue
            if choice.is_model(leaf.path):
                lay_company(workshop, layout, leaf, leaves)
            try:
                drawing = bench().draw(layout.folder, PurePosixPath(leaf.path), readable=layout.readable)
            except ChildFailed as failure:
                log.info("not drawn", path=leaf.path, reason=failure.reason, why=failure.message)
                continue
            return _Drawn(leaf=leaf, drawing=drawing, instead_of=offered[0].path if tried else None)
        return None
    finally:
        note_states(workshop, layout)
        shutil.rmtree(layout.folder, ignore_errors=True)


def _store(workshop: Workshop, manifest: str, drawn: _Drawn) -> None:
    """Bytes first, rows second; the rows of an older drawing version give way."""
    rows = []
    for thumbnail in drawn.drawing.thumbnails:
        content = thumbnail.decoded()
        row = _row(manifest, drawn, thumbnail, content)
        workshop.stores.derived.put(
            derivative_key(manifest, row.derivative, row.tool_version), content, sha256=row.sha256
        )
        rows.append(row)
    with workshop.desk.bookkeeping() as session:
        for row in rows:
            session.merge(row)


def _row(manifest: str, drawn: _Drawn, thumbnail: Thumbnail, content: bytes) -> Preview:
    return Preview(
        source_sha256=manifest,
        derivative=f"thumbnail-{thumbnail.side_px}",
        tool_version=DRAWING_VERSION,
        sha256=hashlib.sha256(content).hexdigest(),
        media_type=WEBP,
        size_bytes=len(content),
        width_px=thumbnail.width_px,
        height_px=thumbnail.height_px,
        dominant_color=drawn.drawing.dominant_color,
        caption=drawn.caption,
        path=drawn.leaf.path,
        tool=f"{drawn.drawing.tool} {drawn.drawing.tool_version}"[:40],
        rendered_at=clock.now(),
    )
