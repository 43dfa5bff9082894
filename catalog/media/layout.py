"""Lays files of a version out in a job's folder, where a child may read them.

Stored files are copied from the originals; referenced ones are linked to, after their digest was compared, and the
child is allowed to read the places that the links lead to. What a reader only asks the existence of is laid out as an
empty hull of the right size.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Final
from uuid import UUID

from catalog.assets.models import File, Root
from catalog.assets.referenced import note_state, sees, state_of
from catalog.assets.roots import locate
from catalog.assets.vocabulary import Custody, FileState
from catalog.kernel import clock
from catalog.kernel.errors import NotFound
from catalog.media import formats
from catalog.media.vocabulary import Medium
from catalog.storage.keys import blob_key

if TYPE_CHECKING:
    from catalog.work.workshop import Workshop

_BEAT_BYTES: Final = 64 * 1024 * 1024
_LARGEST_TREE_BYTES: Final = 8 * 1024**3
_LARGEST_HELPER_BYTES: Final = 2 * 1024**3
_NEEDED: Final = (Medium.IMAGE, Medium.MODEL, Medium.MATERIAL, Medium.UNKNOWN)


@dataclass(frozen=True, kw_only=True)
class Leaf:
    """One file of a version, free of the database session. ``root`` is given for referenced files."""

    id: UUID
    path: str
    role: str
    sha256: str
    size_bytes: int
    root: Root | None = None
    root_path: str | None = None
    checked: bool = False

    @property
    def is_referenced(self) -> bool:
        """Whether its bytes lie under a root and not in the store."""
        return self.root is not None

    @property
    def can_be_read(self) -> bool:
        """Whether its bytes are in the store, or lie where it says and were compared."""
        return self.checked or not self.is_referenced


@dataclass(kw_only=True)
class Layout:
    """A folder with the tree of a version, and the places outside that its links lead to."""

    folder: Path
    readable: list[Path] = field(default_factory=list)
    states: dict[UUID, FileState] = field(default_factory=dict)
    hulls: set[str] = field(default_factory=set)
    """Paths that hold a hull only."""


def leaves_of(files: Sequence[File], roots: dict[UUID, Root]) -> list[Leaf]:
    """The files as leaves."""
    return [
        Leaf(
            id=file.id,
            path=file.path,
            role=file.role,
            sha256=file.sha256,
            size_bytes=file.size_bytes,
            root=roots.get(file.root_id) if file.custody == Custody.REFERENCED and file.root_id else None,
            root_path=file.root_path,
            checked=file.checked_at is not None and file.state == FileState.ONLINE,
        )
        for file in files
    ]


def read_in_place(workshop: Workshop, leaves: Sequence[Leaf]) -> list[Leaf]:
    """Read the referenced files among these that were not read yet, and keep what was found; the leaves, as now known.

    Whether their digests are known does not count: a digest says nothing about what lies at a path. Of a root that is
    not seen from here nothing is noted.
    """
    states: dict[UUID, FileState] = {}
    for leaf in leaves:
        if leaf.root is not None and not leaf.checked:
            state = _look(workshop, leaf, leaf.root, _place_of(workshop, leaf, leaf.root))
            if state is not None:
                states[leaf.id] = state
    _keep_states(workshop, states)
    return [replace(leaf, checked=True) if states.get(leaf.id) is FileState.ONLINE else leaf for leaf in leaves]


def lay_out(workshop: Workshop, layout: Layout, leaf: Leaf) -> Path | None:
    """Put one file in its place; None where its bytes are gone, changed or not to be seen from here.

    What is found of a referenced file is kept by ``note_states``.
    """
    target = layout.folder / PurePosixPath(leaf.path)
    if leaf.path in layout.hulls:
        layout.hulls.remove(leaf.path)
        target.unlink()
    elif target.exists():
        return target
    target.parent.mkdir(parents=True, exist_ok=True)
    if leaf.root is not None:
        return _link(workshop, layout, leaf, leaf.root, target)
    try:
        _copy(workshop, leaf, target)
    except NotFound:
        target.unlink(missing_ok=True)
        return None
    return target


def lay_hull(layout: Layout, leaf: Leaf) -> None:
    """Put an empty file of the right size in place: it exists, and nobody reads it."""
    target = layout.folder / PurePosixPath(leaf.path)
    target.parent.mkdir(parents=True, exist_ok=True)
    if not target.exists():
        layout.hulls.add(leaf.path)
        with target.open("wb") as hull:
            hull.truncate(leaf.size_bytes)


def lay_company(workshop: Workshop, layout: Layout, chosen: Leaf, leaves: Sequence[Leaf]) -> None:
    """Put beside a model what it may refer to, the small first, within a budget; the rest stays a hull."""
    if not formats.may_refer(chosen.path):
        return
    size = 0
    for leaf in sorted(leaves, key=lambda leaf: (leaf.size_bytes, leaf.path)):
        size += leaf.size_bytes
        wanted = _is_needed(leaf) and leaf.size_bytes <= _LARGEST_HELPER_BYTES and size <= _LARGEST_TREE_BYTES
        if wanted:
            lay_out(workshop, layout, leaf)  # one that is lost is missing to the reader as well
        else:
            lay_hull(layout, leaf)


def _is_needed(leaf: Leaf) -> bool:
    return formats.claimed_by(leaf.path).medium in _NEEDED


def head_of(workshop: Workshop, leaf: Leaf, length: int) -> bytes | None:
    """The first bytes of a stored file, without fetching the rest; None where it is not there."""
    try:
        return b"".join(workshop.stores.originals.open(blob_key(leaf.sha256), end=length)) if leaf.size_bytes else b""
    except NotFound:
        return None


def note_states(workshop: Workshop, layout: Layout) -> None:
    """Keep what was found of referenced files: they are there, gone, or not what they were. Bookkeeping."""
    _keep_states(workshop, layout.states)
    layout.states.clear()


def _keep_states(workshop: Workshop, states: Mapping[UUID, FileState]) -> None:
    if not states:
        return
    now = clock.now()
    with workshop.desk.bookkeeping() as session:
        for file_id, state in sorted(states.items()):
            note_state(session, file_id, state, now)


def _copy(workshop: Workshop, leaf: Leaf, target: Path) -> None:
    since_beat = 0
    with target.open("wb") as written:
        for chunk in workshop.stores.originals.open(blob_key(leaf.sha256)):
            written.write(chunk)
            since_beat += len(chunk)
            if since_beat >= _BEAT_BYTES:
                workshop.beat(0.1)
                since_beat = 0


def _place_of(workshop: Workshop, leaf: Leaf, root: Root) -> Path | None:
    """Where a referenced file lies; None where this site has no path for the root, or a link leads out of it."""
    try:
        return locate(root, leaf.root_path or leaf.path, workshop.site)
    except NotFound:
        return None


def _look(workshop: Workshop, leaf: Leaf, root: Root, place: Path | None) -> FileState | None:
    """What a referenced file is found to be; None where nothing can be said, as its root is not seen from here."""
    state = _read(place, leaf, workshop) if place else FileState.MISSING
    return state if state is FileState.ONLINE or sees(root, workshop.site) else None


def _link(workshop: Workshop, layout: Layout, leaf: Leaf, root: Root, target: Path) -> Path | None:
    place = _place_of(workshop, leaf, root)
    if not (place and leaf.checked and place.is_file()):
        state = _look(workshop, leaf, root, place)
        if state is not None:
            layout.states[leaf.id] = state
        if place is None or state is not FileState.ONLINE:
            return None
    target.symlink_to(place)
    layout.readable.append(place)
    return target


def _read(place: Path, leaf: Leaf, workshop: Workshop) -> FileState:
    return state_of(place, sha256=leaf.sha256, size_bytes=leaf.size_bytes, beat=lambda _: workshop.beat(0.1))
