"""The search index on disk, behind the port."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from itertools import islice
from pathlib import Path
from threading import Lock
from uuid import UUID

import numpy as np
from whoosh.index import FileIndex

from catalog.kernel.errors import Unavailable
from catalog.search.answers import refuse_gap
from catalog.search.port import Change, FacetCount, SearchAnswer, SearchIndex, SearchQuery, Suggestion
from catalog.search.relevance import whole_id
from catalog.search.terms import SearchText
from catalog.search.vocabulary import Facet
from catalog.search.whoosh_index import asking
from catalog.search.whoosh_index.building import BATCH, build
from catalog.search.whoosh_index.folder import IndexFolder
from catalog.search.whoosh_index.merging import Merger
from catalog.search.whoosh_index.schema import GROUPS, new_schema
from catalog.search.whoosh_index.segment import DAMAGED, Known, Vocabulary, damage_named
from catalog.search.whoosh_index.snapshot import Snapshot, take
from catalog.search.whoosh_index.storage import DurableStorage
from catalog.search.whoosh_index.writing import AT_ONCE_MAX, commit, due_segments, install, merge, publish

COMMIT_MAX = 5_000
"""So many documents at most are written in one commit of the live index: about a second."""

TRIES = 2
"""A reader that opens while a writer removes what it replaced finds files gone, and looks again: Whoosh ten times
within half a second, this so often all over."""


class WhooshIndex:
    """The index in one folder. Many processes and threads may hold one; they see each other's writes at once.

    A commit copies ``at_once`` documents at most to merge segments; larger merges are made in the background.
    An index that is built ``beside`` is written in commits of so many.
    """

    def __init__(
        self, root: Path, *, at_once: int = AT_ONCE_MAX, beside: int = BATCH, _beside: Path | None = None
    ) -> None:
        self._folder = IndexFolder(root)
        self._beside = _beside
        self._vocabularies = {str(group): Vocabulary() for group in GROUPS}
        self._opened: tuple[Path, FileIndex] | None = None
        self._held: Snapshot | None = None
        self._opening = Lock()
        self._at_once = at_once
        self._batch = beside if _beside else COMMIT_MAX
        self._batch_beside = beside
        self._busy: frozenset[str] = frozenset()
        self._merger = Merger(self._merge_alone)

    @property
    def seq(self) -> int:
        """The ledger's entry up to which the documents have followed."""
        return self._snapshot().seq

    def search(self, query: SearchQuery) -> SearchAnswer:
        """Answer a query from the latest commit."""
        return asking.search(self._snapshot(), query)

    def suggest(self, text: SearchText, audiences: frozenset[str] | None, limit: int) -> tuple[Suggestion, ...]:
        """Complete a text."""
        return asking.suggest(self._snapshot(), text, audiences, limit)

    def counts(self, facet: Facet, audiences: frozenset[str] | None) -> tuple[FacetCount, ...]:
        """Count the visible documents under each value of a facet, in the latest commit."""
        return asking.counts(self._snapshot(), facet, audiences)

    def write(self, changes: Iterable[Change], after_seq: int, through_seq: int) -> None:
        """Make changes in commits of some thousands, and store the seq in the last."""
        self._snapshot()  # makes the first index, or refuses a broken one, before the lock is held
        with self._writing():
            seq = self._now().seq
            refuse_gap(seq, after_seq, through_seq)
            remaining = self._built(changes) if self._beside else iter(changes)
            while len(batch := list(islice(remaining, self._batch))) == self._batch:
                self._commit(batch, seq)
            self._commit(batch, through_seq)
            due = due_segments(self._now())
        if due and not self._beside:
            self._merger.wake()

    def settle(self) -> None:
        """Wait until what was written is merged as far as it will be."""
        self._merger.wait()

    def digests(self) -> Iterator[tuple[UUID, int]]:
        """Yield id and digest of every document, by id."""
        snapshot = self._snapshot()
        rows = [(segment.contents.columns, np.flatnonzero(segment.live)) for segment in snapshot.segments]
        if not rows:
            return
        high = np.concatenate([columns.id_high[live] for columns, live in rows])
        low = np.concatenate([columns.id_low[live] for columns, live in rows])
        digest = np.concatenate([columns.digest[live] for columns, live in rows])
        for at in np.lexsort([low, high]):
            yield whole_id(int(high[at]), int(low[at])), int(digest[at])

    @contextmanager
    def rebuilding(self) -> Iterator[SearchIndex]:
        """Open an empty index beside the live one; it takes over when the block ends well.

        ``Conflict`` while another rebuild runs. Works over a damaged or outdated index too.
        """
        with self._folder.rebuilding():
            self._folder.clear()
            fresh = self._create()
            yield WhooshIndex(self._folder.root, beside=self._batch_beside, _beside=fresh)
            with self._folder.writing():
                self._folder.install(fresh)
            self._folder.clear()

    def _built(self, changes: Iterable[Change]) -> Iterator[Change]:
        """Make the first segments of an empty index that nobody reads yet, and return the changes that are left."""
        snapshot = self._now()
        if snapshot.segments:
            return iter(changes)
        with _refusals_named():
            segments, remaining = build(snapshot.folder, changes, self._batch)
            if segments:
                publish(_whoosh(snapshot.folder), segments, snapshot.seq, snapshot.generation + 1)
                self._merge_all()
        return remaining

    def _commit(self, batch: Iterable[Change], seq: int) -> None:
        snapshot = self._now()
        latest = {change.id: change for change in batch}
        if latest or seq != snapshot.seq:
            with _refusals_named():
                index = _whoosh(snapshot.folder)
                commit(index, snapshot, latest.values(), seq, at_once=self._at_once, busy=self._busy)
                if self._beside:
                    self._merge_all()

    def _merge_all(self) -> None:
        while self._merge():
            pass

    def _merge(self) -> bool:
        """Merge once, if something is due; whether more may be."""
        folder = self._current()
        snapshot = self._latest(folder)
        due = due_segments(snapshot)
        if due:
            self._busy = frozenset(each.key for each in due)
            try:
                made = merge(_whoosh(folder), due)
                with self._writing():
                    if self._current() == folder:
                        install(_whoosh(folder), self._latest(folder), made)
            finally:
                self._busy = frozenset()
        return bool(due)

    def _merge_alone(self) -> bool:
        with self._folder.merging() as mine:
            return mine and self._merge()

    def _writing(self) -> AbstractContextManager[None]:
        return nullcontext() if self._beside else self._folder.writing()

    def _snapshot(self) -> Snapshot:
        """Return the latest state, opening it where another process or thread has written since."""
        for tries_left in reversed(range(TRIES)):
            folder = self._current()
            try:
                return self._held_meanwhile(folder) or self._latest(folder)
            except Unavailable as refusal:
                if refusal.code != DAMAGED:
                    raise
                if not tries_left:
                    self._confirm_damage(folder)
        return self._snapshot()

    def _now(self) -> Snapshot:
        """Return the latest state while nobody else can write."""
        return self._latest(self._current())

    def _current(self) -> Path:
        if self._beside:
            return self._beside
        found = self._folder.current()
        if found is None:
            with self._folder.writing():
                found = self._folder.current()
                if found is None:
                    found = self._create()
                    self._folder.install(found)
        return found

    def _held_meanwhile(self, folder: Path) -> Snapshot | None:
        """Return the state that is held, where another thread is opening a later one: nobody waits for a large segment.

        What this process wrote is held before ``write`` returns, so whoever wrote finds it.
        """
        held = self._held
        return held if held is not None and held.folder == folder and self._opening.locked() else None

    def _latest(self, folder: Path) -> Snapshot:
        with damage_named(), self._opening:
            if self._opened is None or self._opened[0] != folder:
                self._opened = (folder, _whoosh(folder))
            index = self._opened[1]
            held = self._held if self._held and self._held.folder == folder else None
            if held is None or held.generation != index.latest_generation():
                known: dict[str, Known] = {segment.key: segment.known for segment in held.segments} if held else {}
                held = self._held = take(index, folder, self._vocabularies, known)
            return held

    def _confirm_damage(self, folder: Path) -> None:
        """Look once more while nobody writes; what cannot be opened then is damaged and set aside."""
        with self._folder.writing():
            if self._current() != folder:
                return
            try:
                self._latest(folder)
            except Unavailable as refusal:
                if refusal.code == DAMAGED:
                    self._folder.set_aside(folder)
                raise

    def _create(self) -> Path:
        folder = self._folder.new()
        DurableStorage(folder).create_index(new_schema())
        return folder


@contextmanager
def _refusals_named() -> Iterator[None]:
    """Turn what the operating system says when it cannot write into ``Unavailable``."""
    try:
        yield
    except OSError as error:
        raise Unavailable(
            f"the search index cannot be written now: {error}; make room or mend the disk", code="index-unwritable"
        ) from error


def _whoosh(folder: Path) -> FileIndex:
    index: FileIndex = DurableStorage(folder).open_index(schema=new_schema())
    return index
