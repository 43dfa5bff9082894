"""The job ``inspect-version``: measure the files that were not measured yet, then say that the version is inspected.

Every referenced file is read once before, whether its digest is known or not: only what was seen is told.
Pictures and other files that mean something alone are measured by their bytes, once for all versions that hold them.
Scenes are measured with their tree. Safe to run twice, and to be killed at any point: what is measured is kept in small
batches.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Final
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.orm import joinedload

from catalog.assets.events import VersionInspected
from catalog.assets.models import AssetVersion
from catalog.assets.queries import files_of
from catalog.assets.roots import roots_by_id
from catalog.assets.vocabulary import OPEN
from catalog.kernel import clock
from catalog.kernel.abilities import Ability
from catalog.kernel.batches import in_batches
from catalog.media import formats
from catalog.media.asking import bench
from catalog.media.facts import Inspection, Notebook
from catalog.media.layout import Layout, Leaf, head_of, lay_hull, lay_out, leaves_of, note_states, read_in_place
from catalog.media.measuring import note_identity
from catalog.media.models import ALONE, Fact, Measurement
from catalog.media.queries import findings_of
from catalog.media.summing import summarize
from catalog.media.vocabulary import MEASURING_VERSION, FindingCode, Medium

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from catalog.work.unit import UnitOfWork
    from catalog.work.workshop import Workshop

_BATCH_FILES: Final = 24
_BATCH_BYTES: Final = 256 * 1024 * 1024
_QUERY_BATCH: Final = 500
_PARSED: Final = (Medium.IMAGE, Medium.MODEL, Medium.VIDEO)
LARGEST_TREE_BYTES: Final = 16 * 1024**3
_FINDINGS_TOLD: Final = 20


def inspect_version(workshop: Workshop, version_id: UUID, *, largest_tree_bytes: int = LARGEST_TREE_BYTES) -> None:
    """Read what is only declared, measure what lacks facts of this measuring version, record ``version.inspected``.

    Scenes are laid out together, the small first, up to ``largest_tree_bytes``; those beyond are kept as measured, with
    a finding that says so. Files whose bytes cannot be reached now, lost or not mounted, stay unmeasured.
    """
    with workshop.desk.view(workshop.actor) as view:
        version = view.session.get(AssetVersion, version_id)
        if version is None or version.status in OPEN:
            return
        manifest = version.manifest_sha256
        files = files_of(view, version_id)
        roots = roots_by_id(view, {file.root_id for file in files if file.root_id})
        leaves = leaves_of(files, roots)
        known = _measured(view.session, {leaf.sha256 for leaf in leaves}, manifest)
    read: list[Leaf] = []
    for batch in _batches(leaves):
        found = read_in_place(workshop, batch)
        _measure_alone(workshop, _unmeasured(found, ALONE, known))
        read += found
        workshop.beat(len(read) / len(leaves))
    scenes = _unmeasured(read, manifest, known)
    if scenes:
        _measure_scenes(workshop, scenes, read, manifest, largest_tree_bytes)
    _finish(workshop, version_id)


def _unmeasured(leaves: Iterable[Leaf], tree: str, known: set[tuple[str, str]]) -> list[Leaf]:
    """One leaf that can be read for every content of this tree that is not ``known``; from now on it is."""
    found: list[Leaf] = []
    for leaf in leaves:
        if formats.may_refer(leaf.path) is (tree != ALONE) and leaf.can_be_read and (leaf.sha256, tree) not in known:
            known.add((leaf.sha256, tree))
            found.append(leaf)
    return found


def _measured(session: Session, digests: Iterable[str], manifest: str) -> set[tuple[str, str]]:
    """Which contents have facts of the current measuring version."""
    found: set[tuple[str, str]] = set()
    for batch in in_batches(sorted(digests), _QUERY_BATCH):
        query = select(Measurement.sha256, Measurement.tree_sha256).where(
            Measurement.sha256.in_(batch),
            Measurement.tree_sha256.in_((ALONE, manifest)),
            Measurement.measuring_version == MEASURING_VERSION,
        )
        found.update((sha256, tree) for sha256, tree in session.execute(query))
    return found


def _batches(leaves: Sequence[Leaf]) -> Iterator[list[Leaf]]:
    """The small first: what people wait for is rarely the largest file."""
    batch: list[Leaf] = []
    size = 0
    for leaf in sorted(leaves, key=lambda leaf: (leaf.size_bytes, leaf.path)):
        if batch and (len(batch) >= _BATCH_FILES or size + leaf.size_bytes > _BATCH_BYTES):
            yield batch
            batch, size = [], 0
        batch.append(leaf)
        size += leaf.size_bytes
    if batch:
        yield batch


def _measure_alone(workshop: Workshop, batch: Sequence[Leaf]) -> None:
    """Fetch what a reader parses; of everything else the first bytes say all that is wanted."""
    if not batch:
        return
    layout = Layout(folder=_fresh(workshop.scratch / "alone"))
    inspections: dict[Leaf, Inspection] = {}
    parsed: list[Leaf] = []
    for leaf in batch:
        head = None if leaf.is_referenced else head_of(workshop, leaf, formats.HEAD_BYTES)
        if leaf.is_referenced or (head is not None and _is_parsed(head, leaf)):
            if lay_out(workshop, layout, leaf) is not None:
                parsed.append(leaf)
        elif head is not None:
            inspections[leaf] = _identified(head, leaf)
    answers = bench().measure(layout.folder, [PurePosixPath(leaf.path) for leaf in parsed], readable=layout.readable)
    inspections |= dict(zip(parsed, answers, strict=True))
    _keep(workshop, [(leaf, ALONE, inspection) for leaf, inspection in inspections.items()])
    note_states(workshop, layout)
    shutil.rmtree(layout.folder, ignore_errors=True)


def _is_parsed(head: bytes, leaf: Leaf) -> bool:
    found = formats.recognize(head, size_bytes=leaf.size_bytes, name=PurePosixPath(leaf.path).name)
    return found.format.medium in _PARSED


def _identified(head: bytes, leaf: Leaf) -> Inspection:
    notebook = Notebook()
    note_identity(notebook, head, size_bytes=leaf.size_bytes, name=PurePosixPath(leaf.path).name)
    return notebook.inspection()


def _measure_scenes(
    workshop: Workshop, scenes: Sequence[Leaf], leaves: Sequence[Leaf], manifest: str, largest_bytes: int
) -> None:
    """Lay the tree out, scenes and materials whole and the rest as hulls, and measure scene by scene."""
    layout = Layout(folder=_fresh(workshop.scratch / "tree"))
    laid: set[str] = set()
    beyond: set[str] = set()
    size = 0
    for leaf in sorted(leaves, key=lambda leaf: (leaf.size_bytes, leaf.path)):
        if not formats.may_refer(leaf.path):
            lay_hull(layout, leaf)
            continue
        size += leaf.size_bytes
        if size > largest_bytes:
            beyond.add(leaf.path)
            lay_hull(layout, leaf)
        elif lay_out(workshop, layout, leaf) is not None:
            laid.add(leaf.path)
    note_states(workshop, layout)
    _keep(workshop, [(leaf, manifest, _too_large(largest_bytes)) for leaf in scenes if leaf.path in beyond])
    present = [leaf for leaf in scenes if leaf.path in laid]
    for done, leaf in enumerate(present):
        answers = bench().measure(layout.folder, [PurePosixPath(leaf.path)], readable=layout.readable)
        _keep(workshop, [(leaf, manifest, answers[0])])
        workshop.beat(done / len(present))
    shutil.rmtree(layout.folder, ignore_errors=True)


def _too_large(largest_bytes: int) -> Inspection:
    notebook = Notebook()
    why = f"could not be measured: with the smaller scenes of this version it is larger than {largest_bytes} bytes"
    notebook.find(FindingCode.READER_FAILED, why)
    return notebook.inspection()


def _fresh(folder: Path) -> Path:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return folder


def _keep(workshop: Workshop, measured: Sequence[tuple[Leaf, str, Inspection]]) -> None:
    """Replace what was known of these contents. Derived rows: they leave no entry."""
    now = clock.now()
    with workshop.desk.bookkeeping() as session:
        for leaf, tree, inspection in measured:
            for table in (Fact, Measurement):
                session.execute(delete(table).where(table.sha256 == leaf.sha256, table.tree_sha256 == tree))
            session.add(
                Measurement(
                    sha256=leaf.sha256,
                    tree_sha256=tree,
                    measuring_version=MEASURING_VERSION,
                    findings=[asdict(finding) for finding in inspection.findings],
                    measured_at=now,
                )
            )
            session.add_all(
                Fact(
                    sha256=leaf.sha256,
                    tree_sha256=tree,
                    measured_at=now,
                    key=fact.key.value,
                    value=fact.value,
                    unit=fact.unit,
                    evidence=fact.evidence.value,
                    tool=fact.tool,
                    tool_version=fact.tool_version,
                )
                for fact in inspection.facts
            )


def _finish(workshop: Workshop, version_id: UUID) -> None:
    with workshop.desk.work(workshop.actor, lane=workshop.lane) as work:
        _record(work, version_id)


def _record(work: UnitOfWork, version_id: UUID) -> None:
    work.require(Ability.PUBLISH)
    version = work.session.scalars(
        select(AssetVersion).options(joinedload(AssetVersion.asset)).where(AssetVersion.id == version_id)
    ).one()
    work.session.merge(summarize(work.view, version))
    codes = {finding.code for finding in findings_of(work.view, version)}
    work.record(
        VersionInspected(
            version_id=version.id,
            asset_id=version.asset_id,
            number=version.number,
            findings=tuple(code.value for code in FindingCode if code.value in codes)[:_FINDINGS_TOLD],
        )
    )
