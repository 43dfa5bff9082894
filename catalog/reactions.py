"""What follows from what: the one page. Every event names its consequences, also when there are none."""

from __future__ import annotations

from typing import TYPE_CHECKING

from catalog.accounts.events import GroupChanged, GroupCreated, TokenIssued, TokenRevoked, UserChanged, UserCreated
from catalog.assets.events import (
    AssetChanged,
    AssetMerged,
    AssetRegistered,
    AssetRelated,
    AssetRetired,
    AssetUnmerged,
    AssetUnrelated,
    RootChanged,
    RootDeclared,
    TagsMerged,
    TagsUnmerged,
    VersionAwaitsReview,
    VersionDeprecated,
    VersionDrafted,
    VersionInspected,
    VersionPublished,
    VersionRefused,
    VersionSentBack,
    VersionSubmitted,
    VersionWithdrawn,
)
from catalog.assets.jobs import SETTLE_VERSION
from catalog.assets.settling import settle_version
from catalog.collections.events import (
    CollectionChanged,
    CollectionCreated,
    CollectionRemoved,
    ItemChanged,
    ItemsAdded,
    ItemsDropped,
    ItemsMoved,
    LinkMade,
    LinkRevoked,
    SavedSearchChanged,
    SavedSearchRemoved,
    SearchSaved,
)
from catalog.curation.events import EditCancelled, EditStarted, EditUndone
from catalog.curation.jobs import RUN_EDIT
from catalog.curation.running import run_edit
from catalog.fields.events import FieldChanged, FieldDefined, FieldReinstated, FieldRetired
from catalog.licensing.events import FilesReleased
from catalog.media.details import render_details
from catalog.media.inspection import inspect_version
from catalog.media.jobs import INSPECT_VERSION, RENDER_DETAILS, RENDER_PREVIEWS
from catalog.media.previews import render_previews
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
from catalog.search.events import SynonymsChanged
from catalog.shows.events import ShowChanged, ShowCreated
from catalog.upkeep.events import JobRetried, MassRemovalAllowed, StoreAdopted

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from uuid import UUID

    from catalog.jobs.vocabulary import JobKind
    from catalog.work.unit import Reactions
    from catalog.work.workshop import Workshop

# The search index follows the ledger by itself and is owed nothing here.
REACTIONS: Reactions = {
    JobRetried: (),
    StoreAdopted: (),
    MassRemovalAllowed: (),
    UserCreated: (),
    UserChanged: (),
    GroupCreated: (),
    GroupChanged: (),
    TokenIssued: (),
    TokenRevoked: (),
    ShowCreated: (),
    ShowChanged: (),
    SynonymsChanged: (),
    FieldDefined: (),
    FieldChanged: (),
    FieldRetired: (),
    FieldReinstated: (),
    RootDeclared: (),
    RootChanged: (),
    AssetRegistered: (),
    AssetChanged: (),
    AssetRetired: (),
    AssetRelated: (),
    AssetUnrelated: (),
    AssetMerged: (),
    AssetUnmerged: (),
    TagsMerged: (),
    TagsUnmerged: (),
    VersionDrafted: (),
    VersionSubmitted: (SETTLE_VERSION,),
    VersionRefused: (),
    VersionPublished: (RENDER_PREVIEWS, INSPECT_VERSION, RENDER_DETAILS),
    VersionAwaitsReview: (RENDER_PREVIEWS, INSPECT_VERSION),
    VersionSentBack: (),
    VersionInspected: (),
    VersionDeprecated: (),
    VersionWithdrawn: (),
    NoteWritten: (),
    NoteChanged: (),
    NoteRemoved: (),
    IssueReported: (),
    IssueChanged: (),
    IssueClosed: (),
    IssueReopened: (),
    IssueRemoved: (),
    FilesReleased: (),
    # What an edit owes waits in the bulk lane, whichever lane its start came by: the act says so.
    EditStarted: (),
    EditCancelled: (),
    EditUndone: (),
    CollectionCreated: (),
    CollectionChanged: (),
    CollectionRemoved: (),
    ItemsAdded: (),
    ItemsMoved: (),
    ItemsDropped: (),
    ItemChanged: (),
    LinkMade: (),
    LinkRevoked: (),
    # What is new in saved searches the worker finds by following the ledger, as the index does.
    SearchSaved: (),
    SavedSearchChanged: (),
    SavedSearchRemoved: (),
}

PAYMENTS: Mapping[JobKind, Callable[[Workshop, UUID], None]] = {
    SETTLE_VERSION: settle_version,
    RENDER_PREVIEWS: render_previews,
    INSPECT_VERSION: inspect_version,
    RUN_EDIT: run_edit,
    RENDER_DETAILS: render_details,
}
"""How each kind of owed work is done."""
