"""``/edits``: bulk edits, previewed, let loose, stopped and undone."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any
from uuid import UUID

from pydantic import Field

from catalog.accounts.queries import logins_of
from catalog.api.assets import FieldValues, Tags
from catalog.api.operation import Answer, Model, Operation, PageQuery, Reply
from catalog.api.shapes import Listing, listing
from catalog.assets.vocabulary import Kind
from catalog.curation import editing, queries
from catalog.curation.choosing import ASSETS_MAX, Asked, Proposal, propose
from catalog.curation.planning import Instruction
from catalog.curation.vocabulary import EditState, RowState
from catalog.kernel.abilities import Ability
from catalog.kernel.errors import NotFound
from catalog.kernel.ids import find_id
from catalog.kernel.paging import Paging

if TYPE_CHECKING:
    from collections.abc import Sequence

    from catalog.api.operation import Call
    from catalog.curation.models import BulkEdit
    from catalog.work.unit import UnitOfWork
    from catalog.work.view import View


class EditBody(Model):
    """What is to change, and of which assets: `assets` names them, or `search` finds them."""

    assets: Annotated[tuple[str, ...], Field(max_length=ASSETS_MAX)] = Field(
        default=(), description="codes, ids or external ids"
    )
    search: Annotated[str, Field(max_length=4_000)] | None = Field(
        default=None, description="all that a search finds: the query of its address, such as `q=lamp&kind=prop`"
    )
    add_tags: Tags = Field(default=(), description="tags to add")
    remove_tags: Tags = Field(default=(), description="tags to remove, in any case")
    set_tags: Tags | None = Field(default=None, description="tags that replace all that are there")
    owner: str | None = Field(default=None, description="login of the new owner")
    disown: bool = Field(default=False, description="take the owner away")
    kind: Kind | None = Field(default=None, description="the new kind")
    retire: Annotated[str, Field(max_length=2_000)] | None = Field(
        default=None, description="offer them no longer, for this reason"
    )
    reinstate: bool = Field(default=False, description="offer retired ones again")
    fields: FieldValues = Field(
        default={}, description="values of custom fields by name; null empties one, those that are not named stay"
    )

    def asked(self) -> Asked:
        """Return what the room takes."""
        said = {name: value for name, value in dict(self).items() if name not in {"assets", "search"}}
        return Asked(instruction=Instruction(**said), assets=self.assets, search=self.search)


class EditAnswer(Answer):
    """A bulk edit, and how many of its assets stand in each state."""

    id: UUID
    state: EditState
    change: dict[str, Any] = Field(
        description="what it does to every asset; empty where somebody else began it and you may not know of them all"
    )
    search: str | None
    by: str | None
    created_at: datetime
    started_at: datetime | None
    ended_at: datetime | None
    total: int = Field(description="assets that it is for")
    planned: int = Field(description="will change, as previewed")
    same: int = Field(description="are so already")
    refused: int = Field(description="are left out; `reasons` say why")
    applied: int
    left: int = Field(description="were other than previewed when their turn came, and were left alone")
    undone: int
    kept: int = Field(description="could not be set back whole: somebody changed them since")
    reasons: dict[str, int] = Field(description="how many were left alone, by reason")
    unknown: list[str] = Field(description="names that are no asset's")
    progress: float = Field(description="from 0 to 1, of the run or of its undoing")
    problem: str | None = Field(description="why it was stopped, where no person did")


class EditedAssetAnswer(Answer):
    """One asset of a bulk edit."""

    asset: str
    name: str
    state: RowState
    reason: str | None
    changes: dict[str, Any] = Field(description="[before, after] by field")
    since: list[str] = Field(description="fields that others had changed when its turn came")


class EditedAssetsQuery(PageQuery):
    """Which assets of an edit."""

    state: RowState | None = Field(default=None, description="only in this state")


def _propose(call: Call) -> Proposal:
    """Find and plan before the transaction: nobody who writes waits for a search."""
    with call.house.desk.view(call.actor) as view:
        return propose(view, call.house.index, call.body.asked())


def preview(call: Call, work: UnitOfWork) -> Reply:
    """Keep what an edit would do."""
    edit = editing.keep(work, call.prepared)
    return Reply(answer=show_edit(work.view, edit), headers={"Location": f"/api/v1/edits/{edit.id}"})


def list_edits(call: Call, view: View) -> Listing[EditAnswer]:
    """Return edits, newest first."""
    page = queries.page_edits(view, Paging(limit=call.query.limit, cursor=call.query.cursor))
    return Listing[EditAnswer](items=show_edits(view, page.items), next_cursor=page.next_cursor, total=page.total)


def get_edit(call: Call, view: View) -> EditAnswer:
    """Return one edit."""
    return show_edit(view, queries.get_edit(view, _id(call)))


def list_edited(call: Call, view: View) -> Listing[EditedAssetAnswer]:
    """Return the assets of an edit, in its order."""
    query: EditedAssetsQuery = call.query
    edit = queries.get_edit(view, _id(call))
    page = queries.page_assets(view, edit, Paging(limit=query.limit, cursor=query.cursor), query.state)
    return listing(page.map(_show_asset))


def start(call: Call, work: UnitOfWork) -> EditAnswer:
    """Let an edit loose."""
    return show_edit(work.view, editing.start(work, _id(call)))


def cancel(call: Call, work: UnitOfWork) -> EditAnswer:
    """Stop an edit."""
    return show_edit(work.view, editing.cancel(work, _id(call)))


def undo(call: Call, work: UnitOfWork) -> EditAnswer:
    """Set back what an edit wrote."""
    return show_edit(work.view, editing.undo(work, _id(call)))


def show_edit(view: View, edit: BulkEdit) -> EditAnswer:
    """Return an edit as it travels."""
    return show_edits(view, [edit])[0]


def show_edits(view: View, edits: Sequence[BulkEdit]) -> list[EditAnswer]:
    """Return edits as they travel."""
    tallies, logins = queries.tallies_of(view, edits), logins_of(view, {edit.created_by_id for edit in edits})
    return [_show(view, edit, tallies[edit.id], logins.get(edit.created_by_id)) for edit in edits]


def _show(view: View, edit: BulkEdit, tally: queries.Tally, by: str | None) -> EditAnswer:
    told = queries.may_tell(view, edit, tally)
    return EditAnswer(
        id=edit.id,
        state=EditState(edit.state),
        change={name: value for name, value in edit.instruction.items() if name != "owner_id"} if told else {},
        search=edit.search if told else None,
        by=by,
        created_at=edit.created_at,
        started_at=edit.started_at,
        ended_at=edit.ended_at,
        total=tally.total,
        **{state.value: count for state, count in tally.states.items()},
        reasons=tally.reasons,
        unknown=edit.unknown if told else [],
        progress=tally.progress(EditState(edit.state)),
        problem=edit.problem or tally.stuck,
    )


def _show_asset(one: queries.EditedAsset) -> EditedAssetAnswer:
    return EditedAssetAnswer(
        asset=one.code,
        name=one.name,
        state=RowState(one.row.state),
        reason=one.row.reason,
        changes=one.changes,
        since=one.row.since,
    )


def _id(call: Call) -> UUID:
    edit_id = find_id(call.path["id"])
    if edit_id is None:
        raise NotFound(f"{call.path['id'][:80]!r} is no bulk edit's id", code="unknown-edit")
    return edit_id


OPERATIONS = (
    Operation(
        name="edits.preview",
        method="POST",
        path="/edits",
        summary="See what a bulk edit would do to many assets; nothing changes before it is started",
        ability=Ability.REGISTER,
        prepare=_propose,
        write=preview,
        body=EditBody,
        answer=EditAnswer,
        status=201,
        creates=True,
    ),
    Operation(
        name="edits.list",
        method="GET",
        path="/edits",
        summary="List your bulk edits, newest first; operators see all",
        ability=Ability.REGISTER,
        read=list_edits,
        query=PageQuery,
        answer=Listing[EditAnswer],
    ),
    Operation(
        name="edits.get",
        method="GET",
        path="/edits/{id}",
        summary="Get a bulk edit, and how far it is",
        ability=Ability.REGISTER,
        read=get_edit,
        answer=EditAnswer,
    ),
    Operation(
        name="edits.assets",
        method="GET",
        path="/edits/{id}/assets",
        summary="List what a bulk edit does, did, or left alone, asset by asset",
        ability=Ability.REGISTER,
        read=list_edited,
        query=EditedAssetsQuery,
        answer=Listing[EditedAssetAnswer],
    ),
    Operation(
        name="edits.start",
        method="POST",
        path="/edits/{id}/start",
        summary="Do what a bulk edit previewed, or the rest of it where it was stopped",
        ability=Ability.REGISTER,
        write=start,
        answer=EditAnswer,
        status=202,
    ),
    Operation(
        name="edits.cancel",
        method="POST",
        path="/edits/{id}/cancellation",
        summary="Stop a bulk edit; what it changed until then stays",
        ability=Ability.REGISTER,
        write=cancel,
        answer=EditAnswer,
    ),
    Operation(
        name="edits.undo",
        method="POST",
        path="/edits/{id}/undo",
        summary="Set back what a bulk edit wrote, where nobody has changed it since",
        ability=Ability.REGISTER,
        write=undo,
        answer=EditAnswer,
        status=202,
    ),
)
