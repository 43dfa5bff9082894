"""Looking at referenced files: whether they are where their root says, and what was declared.

What is found is noted as the file's state. It leaves no ledger entry: nobody decided it, and looking again tells it
anew.
"""

from __future__ import annotations

import hashlib
import os
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import select, update

from catalog.assets import roots
from catalog.assets.models import Asset, AssetVersion, File, Root
from catalog.assets.vocabulary import OFFERED, FileState, Platform
from catalog.kernel import clock
from catalog.kernel.errors import NotFound

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import datetime
    from uuid import UUID

    from sqlalchemy.orm import Session

    from catalog.work.desk import Desk

BATCH = 500
NAMED_MAX = 1_000
ROOTS_MAX = 10_000
CHUNK_BYTES = 2**20
BEAT_EVERY_BYTES = 64 * 2**20


@dataclass(frozen=True, kw_only=True)
class ReferenceFlaw:
    """A referenced file that is not as it should be, and where it was looked for."""

    asset: str
    number: int
    path: str
    place: str
    state: FileState


@dataclass(frozen=True, kw_only=True)
class ReferenceVerification:
    """What a walk over the referenced files found; at most the first 1,000 flaws are named.

    ``unreachable`` counts the files of roots that this machine does not see: nothing is known of them.
    """

    checked: int
    missing: int
    changed: int
    unreachable: Mapping[str, int]
    flaws: tuple[ReferenceFlaw, ...]

    @property
    def holds(self) -> bool:
        """Whether every file that could be looked at is there and what it should be."""
        return not (self.missing or self.changed)


def state_of(
    place: Path, *, sha256: str, size_bytes: int, reading: bool = True, beat: Callable[[float], None] = lambda _: None
) -> FileState:
    """Compare a file with what was declared; only a plain file of the right size is opened, and read once."""
    try:
        if place.exists() and not (place.is_file() and place.stat().st_size == size_bytes):
            return FileState.CHANGED
        with place.open("rb") as opened:
            if not reading:
                return FileState.ONLINE
            whole, done, said = hashlib.sha256(), 0, 0
            while chunk := opened.read(CHUNK_BYTES):
                whole.update(chunk)
                done += len(chunk)
                if done - said >= BEAT_EVERY_BYTES:
                    said = done
                    beat(done / size_bytes)
    except OSError:
        return FileState.MISSING
    return FileState.ONLINE if whole.hexdigest() == sha256 else FileState.CHANGED


def sees(root: Root, site: str) -> bool:
    """Whether this machine sees a root: it has a path here, and something lies in it.

    An empty folder is where nothing is mounted. What is not found under a root that is not seen says nothing.
    """
    spelled = roots.spell(root, "", platform=Platform.LINUX, site=site)
    try:
        if spelled is None:
            return False
        with os.scandir(spelled) as entries:
            return next(entries, None) is not None
    except OSError:
        return False


def roots_in_sight(desk: Desk, site: str) -> set[UUID]:
    """Return which roots this machine sees; looks at them outside any transaction, for a lost mount may hang."""
    with desk.read() as session:
        declared = session.scalars(select(Root).limit(ROOTS_MAX)).all()
    return {root.id for root in declared if sees(root, site)}


def note_state(session: Session, file_id: UUID, state: FileState, read_at: datetime | None) -> None:
    """Note what was found of a file; ``read_at`` is None where it is there and its bytes are as yet only declared."""
    session.execute(update(File).where(File.id == file_id).values(state=state.value, checked_at=read_at))


def verify_referenced(
    desk: Desk, *, site: str, reading: bool, progress: Callable[[int], None] = lambda _: None
) -> ReferenceVerification:
    """Look at every referenced file of a version on offer: is it there, with its size, and, if ``reading``, its digest.

    What is found is noted. A root without a path at this site, or whose folder is empty or not there, as one that is
    not mounted, is left alone. Safe to interrupt.
    """
    walk = _Walk(site=site, reading=reading)
    after: UUID | None = None
    while batch := _next_batch(desk, after):
        for looked in batch:
            walk.look(looked)
        after = batch[-1].id
        with desk.bookkeeping() as session:
            walk.note(session)
        progress(walk.checked)
    return ReferenceVerification(
        checked=walk.checked,
        missing=walk.counts[FileState.MISSING],
        changed=walk.counts[FileState.CHANGED],
        unreachable=dict(walk.unreachable),
        flaws=tuple(walk.flaws),
    )


@dataclass(frozen=True, kw_only=True)
class _Reference:
    """A referenced file, free of the database session."""

    id: UUID
    asset: str
    number: int
    file: File
    root: Root


def _next_batch(desk: Desk, after: UUID | None) -> Sequence[_Reference]:
    query = (
        select(File, Root, Asset.code, AssetVersion.number)
        .join(Root, Root.id == File.root_id)
        .join(AssetVersion, AssetVersion.id == File.version_id)
        .join(Asset, Asset.id == AssetVersion.asset_id)
        .where(AssetVersion.status.in_(OFFERED))
        .order_by(File.id)
        .limit(BATCH)
    )
    if after is not None:
        query = query.where(File.id > after)
    with desk.read() as session:
        return [
            _Reference(id=file.id, asset=code, number=number, file=file, root=root)
            for file, root, code, number in session.execute(query)
        ]


@dataclass(kw_only=True)
class _Walk:
    """What was found so far."""

    site: str
    reading: bool
    counts: Counter[FileState] = field(default_factory=Counter)
    unreachable: Counter[str] = field(default_factory=Counter)
    flaws: list[ReferenceFlaw] = field(default_factory=list)
    found: dict[UUID, FileState] = field(default_factory=dict)
    in_sight: dict[UUID, bool] = field(default_factory=dict)
    """Which roots are seen, as it was in this batch."""

    @property
    def checked(self) -> int:
        """How many files were looked at."""
        return self.counts.total()

    def look(self, one: _Reference) -> None:
        """Look at a file, unless its root cannot be seen from here."""
        state, place = self._state(one)
        if state is not FileState.ONLINE and not self._sees(one.root):
            self.unreachable[one.root.name] += 1
            return
        self.counts[state] += 1
        if state != one.file.state or self.reading:
            self.found[one.id] = state
        if state is not FileState.ONLINE and len(self.flaws) < NAMED_MAX:
            self.flaws.append(
                ReferenceFlaw(asset=one.asset, number=one.number, path=one.file.path, place=place, state=state)
            )

    def note(self, session: Session) -> None:
        """Keep what was found."""
        now = clock.now()
        for file_id, state in sorted(self.found.items()):
            known = self.reading or state is not FileState.ONLINE
            note_state(session, file_id, state, now if known else None)
        self.found.clear()
        self.in_sight.clear()

    def _sees(self, root: Root) -> bool:
        if root.id not in self.in_sight:
            self.in_sight[root.id] = sees(root, self.site)
        return self.in_sight[root.id]

    def _state(self, one: _Reference) -> tuple[FileState, str]:
        wanted, noted = one.file.root_path or one.file.path, one.file.state
        try:
            place = roots.locate(one.root, wanted, self.site)
        except NotFound:
            return FileState.MISSING, wanted
        state = state_of(place, sha256=one.file.sha256, size_bytes=one.file.size_bytes, reading=self.reading)
        if state is FileState.ONLINE and noted == FileState.CHANGED and not self.reading:
            state = FileState.CHANGED  # only reading can see that it was mended
        return state, str(place)
