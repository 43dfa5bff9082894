"""How the index keeps up: it follows the ledger by ``seq`` and writes what the touched assets are now.

It reads what *is*, not what an entry says, so that entries may be read twice, in large steps, or after later ones. One
worker follows; a second one at the same time wastes work but does no harm.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from uuid import UUID

from catalog.assets.events import (
    VersionAwaitsReview,
    VersionDrafted,
    VersionRefused,
    VersionSentBack,
    VersionSubmitted,
)
from catalog.fields.events import FieldChanged, FieldDefined
from catalog.kernel.actors import system_actor
from catalog.kernel.batches import in_batches
from catalog.kernel.errors import Conflict, Unavailable
from catalog.ledger.queries import head_of, subjects_between
from catalog.licensing.events import FilesReleased
from catalog.notes.events import (
    IssueChanged,
    IssueClosed,
    IssueRemoved,
    IssueReopened,
    IssueReported,
    NoteChanged,
    NoteRemoved,
    NoteWritten,
)
from catalog.search.documents import BATCH, documents_of, ids_at_home_in, ids_carrying, ids_of_survivors, ids_used_by
from catalog.search.port import Change, Removal, SearchIndex
from catalog.shows.events import ShowCreated
from catalog.work.desk import Desk
from catalog.work.view import View

FOLLOWER = system_actor("worker:search")
WITHOUT_EFFECT = (
    FieldChanged,
    FieldDefined,
    FilesReleased,
    IssueChanged,
    IssueClosed,
    IssueRemoved,
    IssueReopened,
    IssueReported,
    NoteChanged,
    NoteRemoved,
    NoteWritten,
    ShowCreated,
    VersionAwaitsReview,
    VersionDrafted,
    VersionRefused,
    VersionSentBack,
    VersionSubmitted,
)
"""What changes nothing that is searched: a pull, or a version in the making, is no reason to index the asset anew."""
ENTRIES_MAX = 10_000
"""So many ledger entries at most are followed in one step."""


def follow(desk: Desk, index: SearchIndex) -> int:
    """Bring the index one step nearer to the ledger's end; return how many entries were followed, 0 at the end.

    Safe to run twice, and to be killed at any moment. Raises ``Unavailable`` when the index cannot be used, also when
    it stands later than the ledger because an older database was restored; a rebuild cures both.
    """
    after = index.seq
    with desk.view(FOLLOWER) as view:
        head, _ = head_of(view.session)
        if head < after:
            raise Unavailable(
                f"the search index has followed the ledger to {after}, but the ledger ends at {head}: an older "
                "database was restored; `catalog admin reindex` builds the index anew",
                code="index-ahead",
            )
        through = min(head, after + ENTRIES_MAX)
        if through == after:
            return 0
        assets = touched_assets(view, after, through)
    try:
        index.write(_changes(desk, sorted(assets)), after, through)
    except Conflict as refusal:
        if refusal.code != "seq-moved":
            raise
        # A rebuilt index took over, or another follower was faster: the next step starts from where it stands now.
    return through - after


def catch_up(desk: Desk, index: SearchIndex) -> int:
    """Follow until the ledger's end; return how many entries were followed."""
    followed = 0
    while step := follow(desk, index):
        followed += step
    return followed


def touched_assets(view: View, after: int, through: int) -> set[UUID]:
    """Return the assets whose documents may differ after these entries: those named, merged into, of shows, fields."""
    kinds: dict[str, list[UUID]] = {"asset": [], "target": [], "show": [], "field": []}
    for kind, subject_id in subjects_between(view.session, after, through, list(kinds), leaving_out=WITHOUT_EFFECT):
        kinds[kind].append(subject_id)
    assets = {*kinds["asset"], *kinds["target"]}
    assets |= {*ids_at_home_in(view, kinds["show"]), *ids_carrying(view, kinds["field"])}
    return assets | ids_of_survivors(view, assets) | ids_used_by(view, assets)


def _changes(desk: Desk, asset_ids: Sequence[UUID]) -> Iterator[Change]:
    """Yield what the assets are now, each batch from a reading of its own, so that no reading stays open for long."""
    for batch in in_batches(asset_ids, BATCH):
        with desk.view(FOLLOWER) as view:
            found = {document.id: document for document in documents_of(view, batch)}
        yield from (found.get(asset_id) or Removal(id=asset_id) for asset_id in batch)
