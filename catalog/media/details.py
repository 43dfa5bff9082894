"""The job ``render-details``: let every maker make what is missing of a version, after its thumbnails.

Bytes go to the derived bucket first, rows follow. Safe to run twice: what a maker of the current version made, row and
bytes, is not made again, and what it could not make is not tried again before its version is raised; the reason stands
in ``rendering``. A file that cannot be read from here says nothing about the version, so nothing is kept of it; nor is
that a maker had too little time or memory, or crashed: then the job fails when all others had their turn, and is tried
again as jobs are. What was drawn by hand is final only for machines that cannot render.
"""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final
from uuid import UUID

import structlog
from sqlalchemy import delete, select

from catalog.assets.models import AssetVersion
from catalog.assets.queries import files_of
from catalog.assets.roots import roots_by_id
from catalog.assets.vocabulary import OPEN
from catalog.kernel import clock
from catalog.media import choice
from catalog.media.asking import bench
from catalog.media.children import ChildFailed, FailureReason
from catalog.media.choice import Candidate
from catalog.media.layout import Layout, Leaf, lay_company, lay_out, leaves_of, note_states
from catalog.media.makers.table import MAKERS
from catalog.media.making import Finished, make
from catalog.media.models import Preview, Rendering
from catalog.storage.keys import derivative_key

if TYPE_CHECKING:
    from catalog.media.asking import Bench
    from catalog.media.makers.maker import Group, Maker
    from catalog.work.workshop import Workshop

_FOR_GOOD: Final = (FailureReason.REFUSED, FailureReason.GARBLED)
"""What says something about the file; all else may be the fault of the moment."""
_REASON_CHARS: Final = 500
log = structlog.get_logger("catalog.media")


@dataclass(frozen=True, kw_only=True)
class _Tree:
    """A version's files, and what was made of them before."""

    manifest: str
    leaves: Sequence[Leaf]
    previews: Sequence[Preview]
    renderings: Sequence[Rendering]


def render_details(
    workshop: Workshop, version_id: UUID, makers: Sequence[Maker] = MAKERS, *, on: Bench | None = None
) -> None:
    """Make what is missing of a version, maker by maker; ``ChildFailed`` where a later try may bring more."""
    own = on or bench()
    tree = _tree(workshop, version_id)
    if tree is None:
        return
    files = [Candidate(path=leaf.path, role=leaf.role, size_bytes=leaf.size_bytes) for leaf in tree.leaves]
    layout = Layout(folder=workshop.scratch / "details")
    layout.folder.mkdir(parents=True)
    passing = list[ChildFailed]()
    try:
        for number, maker in enumerate(makers):
            workshop.beat(number / len(makers))
            groups = maker.choose(files)
            if groups and not _is_settled(workshop, own, tree, maker):
                passing += _try(workshop, layout, tree, maker, groups, on=own)
    finally:
        note_states(workshop, layout)
        shutil.rmtree(layout.folder, ignore_errors=True)
    if passing:
        raise passing[0]


def _tree(workshop: Workshop, version_id: UUID) -> _Tree | None:
    """What the job works on; None where the version is open or gone."""
    with workshop.desk.view(workshop.actor) as view:
        version = view.session.get(AssetVersion, version_id)
        if version is None or version.status in OPEN:
            return None
        files = files_of(view, version_id)
        manifest = version.manifest_sha256
        return _Tree(
            manifest=manifest,
            leaves=leaves_of(files, roots_by_id(view, {file.root_id for file in files if file.root_id})),
            previews=view.session.scalars(select(Preview).where(Preview.source_sha256 == manifest)).all(),
            renderings=view.session.scalars(select(Rendering).where(Rendering.source_sha256 == manifest)).all(),
        )


def _is_settled(workshop: Workshop, own: Bench, tree: _Tree, maker: Maker) -> bool:
    """Whether this maker, as it is now, has looked at the tree, and what it made is there, row and bytes."""
    looked = next((each for each in tree.renderings if each.kind == maker.kind), None)
    if looked is None or (looked.tool_version != maker.version and looked.tool_version != _way(maker, own)):
        return False
    made = [each for each in tree.previews if each.derivative in maker.derivatives]
    return len(made) == looked.made_count and all(workshop.stores.derived.find(each.key) for each in made)


def _way(maker: Maker, own: Bench) -> str:
    """The version of the maker, and whether it has to do without a renderer here."""
    return f"{maker.version} by hand" if maker.renders and own.studio() is None else maker.version


def _try(
    workshop: Workshop, layout: Layout, tree: _Tree, maker: Maker, groups: Sequence[Group], *, on: Bench
) -> Sequence[ChildFailed]:
    """Show the first of these groups that can be shown, or keep why none can; what came of the moment is returned."""
    way = _way(maker, on)
    reasons, passing = list[str](), list[ChildFailed]()
    for group in groups:
        if not _lay(workshop, layout, tree.leaves, group):
            return passing
        try:
            finished = make(maker, layout, group, on=on)
        except ChildFailed as failure:
            log.info("not made", kind=maker.kind, path=group[0], reason=failure.reason, why=failure.message)
            if failure.reason in _FOR_GOOD:
                reasons.append(f"{group[0]}: {failure.message}")
            else:
                passing.append(failure)
            continue
        rows = [_row(tree.manifest, maker, group[0], each) for each in finished]
        _keep(workshop, tree.manifest, maker, rows, way=None if passing else way)
        return passing
    if not passing:
        _keep(workshop, tree.manifest, maker, [], way=way, reason=reasons[0][:_REASON_CHARS])
    return passing


def _lay(workshop: Workshop, layout: Layout, leaves: Sequence[Leaf], group: Group) -> bool:
    """Put the files of a group in place, with what they may refer to; False where one cannot be read from here."""
    chosen = [leaf for leaf in leaves if leaf.path in group]
    if not all(lay_out(workshop, layout, leaf) for leaf in chosen):
        return False
    for leaf in chosen:
        if choice.is_model(leaf.path):
            lay_company(workshop, layout, leaf, leaves)
    return True


def _row(manifest: str, maker: Maker, path: str, finished: Finished) -> tuple[Preview, bytes]:
    made, content = finished.made, finished.content
    row = Preview(
        source_sha256=manifest,
        derivative=made.derivative,
        tool_version=maker.version,
        sha256=hashlib.sha256(content).hexdigest(),
        media_type=made.media_type,
        size_bytes=len(content),
        width_px=made.width_px,
        height_px=made.height_px,
        frame_count=made.frame_count,
        frame_width_px=made.frame_width_px,
        frame_height_px=made.frame_height_px,
        caption=made.caption,
        path=path,
        tool=made.tool[:40],
        rendered_at=clock.now(),
    )
    return row, content


def _keep(
    workshop: Workshop,
    manifest: str,
    maker: Maker,
    made: Sequence[tuple[Preview, bytes]],
    *,
    way: str | None,
    reason: str = "",
) -> None:
    """Bytes first, rows second; what the maker made of the tree before gives way. Without a way it is to look again."""
    for row, content in made:
        workshop.stores.derived.put(
            derivative_key(manifest, row.derivative, row.tool_version), content, sha256=row.sha256
        )
    with workshop.desk.bookkeeping() as session:
        session.execute(
            delete(Preview).where(Preview.source_sha256 == manifest, Preview.derivative.in_(maker.derivatives))
        )
        session.execute(delete(Rendering).where(Rendering.source_sha256 == manifest, Rendering.kind == maker.kind))
        session.add_all([row for row, _ in made])
        if way is not None:
            looked = Rendering(source_sha256=manifest, kind=maker.kind, tool_version=way, rendered_at=clock.now())
            looked.made_count, looked.reason = len(made), reason
            session.add(looked)
