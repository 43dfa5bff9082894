"""The acts of a bulk edit: keeping its preview, letting it loose, stopping it, setting it back."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, func, insert, select

from catalog.accounts.standing import kept_of
from catalog.assets.models import Asset
from catalog.assets.registry import BATCH
from catalog.assets.tagging import merge_words, stands, unmerge_words
from catalog.curation.events import EditCancelled, EditStarted, EditUndone
from catalog.curation.jobs import RUN_EDIT
from catalog.curation.models import BulkEdit, BulkEditAsset
from catalog.curation.planning import CUSTOM, read_instruction
from catalog.curation.queries import get_edit
from catalog.curation.vocabulary import EditState, RowState
from catalog.db.base import table_of
from catalog.fields.queries import fields_in_use
from catalog.fields.values import checked_values
from catalog.jobs.vocabulary import Lane
from catalog.kernel.abilities import Ability
from catalog.kernel.batches import in_batches
from catalog.kernel.errors import Conflict
from catalog.kernel.ids import new_id

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from uuid import UUID

    from sqlalchemy.orm import Session

    from catalog.curation.choosing import Planned, Proposal
    from catalog.curation.planning import Instruction
    from catalog.work.unit import UnitOfWork

PREVIEWS_KEPT = timedelta(days=7)


def keep(work: UnitOfWork, proposal: Proposal) -> BulkEdit:
    """Keep what was proposed, so that exactly this can be done; nothing of the registry changes yet."""
    work.require(Ability.REGISTER)
    edit = BulkEdit(
        id=new_id(),
        state=EditState.PREVIEWED.value,
        instruction=proposal.instruction.as_json(),
        search=proposal.search,
        unknown=list(proposal.unknown),
        created_by_id=work.actor.person_id,
        created_at=work.now,
    )
    work.session.add(edit)
    work.session.flush()
    for batch in in_batches(enumerate(proposal.planned), BATCH):
        values = _values_of(work, [one for _, one in batch]) if proposal.instruction.fields else {}
        rows = [_row(edit.id, position, one, values.get(one.asset_id, {})) for position, one in batch]
        work.session.execute(insert(table_of(BulkEditAsset)), rows)
    return edit


def start(work: UnitOfWork, edit_id: UUID) -> BulkEdit:
    """Let a previewed edit loose, or do the rest of one that was stopped. Safe to repeat."""
    work.require(Ability.REGISTER)
    edit = _hold(work, edit_id)
    if edit.state in (EditState.DONE, EditState.UNDOING, EditState.UNDONE):
        raise Conflict(f"the edit is {edit.state}; preview another", code="edit-over")
    planned = _count(work, edit_id, RowState.PLANNED)
    if not planned:
        raise Conflict("the edit would change nothing; preview another", code="nothing-to-change")
    if edit.state != EditState.RUNNING:
        edit.state, edit.ended_at = EditState.RUNNING.value, None
        edit.problem = edit.problem_codes = None
        edit.acting, edit.started_at = kept_of(work.actor), work.now
        said = read_instruction(edit.instruction)
        checked_values(fields_in_use(work.view), said.fields)  # one may be retired since the preview
        if said.into is not None:
            merge_words(work, edit.id, said.merge_tags, said.into)
        work.record(EditStarted(edit_id=edit.id, instruction=edit.instruction, assets=planned))
    work.owe(RUN_EDIT, edit.id, Lane.BULK)
    return edit


def cancel(work: UnitOfWork, edit_id: UUID) -> BulkEdit:
    """Stop an edit after the batch that is in hand; what it changed until then stays. Safe to repeat."""
    work.require(Ability.REGISTER)
    edit = _hold(work, edit_id)
    if edit.state == EditState.CANCELLED:
        return edit
    if edit.state != EditState.RUNNING:
        raise Conflict(f"the edit is {edit.state}; only one that runs can be cancelled", code="not-running")
    edit.state, edit.ended_at = EditState.CANCELLED.value, work.now
    work.record(EditCancelled(edit_id=edit.id, left=_count(work, edit_id, RowState.PLANNED)))
    return edit


def undo(work: UnitOfWork, edit_id: UUID) -> BulkEdit:
    """Set back what an edit wrote, where it is what stands there still. Safe to repeat.

    A merge of tags has the words to set back from its start on, also where it was stopped before its first asset.
    """
    work.require(Ability.REGISTER)
    edit = _hold(work, edit_id)
    if edit.state == EditState.UNDONE:
        return edit
    written = _count(work, edit_id, RowState.APPLIED)
    something = written or edit.state == EditState.UNDOING or stands(work.view, edit_id)
    if edit.state in (EditState.PREVIEWED, EditState.RUNNING) or not something:
        raise Conflict(f"the edit is {edit.state}; there is nothing to set back", code="nothing-to-undo")
    if edit.state != EditState.UNDOING:
        edit.state, edit.ended_at = EditState.UNDOING.value, None
        edit.problem = edit.problem_codes = None
        edit.acting = kept_of(work.actor)
        if read_instruction(edit.instruction).into is not None:
            unmerge_words(work, edit.id)
        work.record(EditUndone(edit_id=edit.id, assets=written))
    work.owe(RUN_EDIT, edit.id, Lane.BULK)
    return edit


def forget_preview(session: Session, now: datetime) -> bool:
    """Forget the oldest edit that was previewed over a week ago and never started; False where there is none."""
    stale = select(BulkEdit).where(BulkEdit.state == EditState.PREVIEWED, BulkEdit.created_at < now - PREVIEWS_KEPT)
    edit = session.scalar(stale.order_by(BulkEdit.id).limit(1).with_for_update(skip_locked=True))
    if edit is None:
        return False
    session.execute(delete(BulkEditAsset).where(BulkEditAsset.edit_id == edit.id))
    session.delete(edit)
    return True


def _hold(work: UnitOfWork, edit_id: UUID) -> BulkEdit:
    edit = get_edit(work.view, edit_id)
    work.hold(edit)
    require_what(work, read_instruction(edit.instruction))
    return edit


def require_what(work: UnitOfWork, said: Instruction) -> None:
    """Raise ``NotPermitted`` where the actor may not do what an instruction says. A part of acts."""
    work.require(Ability.REGISTER)
    if said.changes_status:
        work.require(Ability.WITHDRAW)
    if said.into is not None:
        work.require(Ability.CURATE)


def _count(work: UnitOfWork, edit_id: UUID, state: RowState) -> int:
    rows = select(func.count()).select_from(BulkEditAsset)
    return work.session.scalar(rows.where(BulkEditAsset.edit_id == edit_id, BulkEditAsset.state == state)) or 0


def _values_of(work: UnitOfWork, planned: Sequence[Planned]) -> dict[UUID, Mapping[str, Any]]:
    """Return what assets that are to change have of custom fields now, by the names that the ledger has.

    Where that is no longer what was planned on, the run still does no more than these rows say.
    """
    ids = [one.asset_id for one in planned if one.plan.state is RowState.PLANNED]
    rows = work.session.execute(select(Asset.id, Asset.fields).where(Asset.id.in_(ids)))
    return {row.id: {f"{CUSTOM}{name}": value for name, value in row.fields.items()} for row in rows}


def _row(edit_id: UUID, position: int, one: Planned, values: Mapping[str, Any]) -> dict[str, Any]:
    changes = {name: [values.get(name, before), after] for name, (before, after) in one.plan.changes.items()}
    return {
        "edit_id": edit_id,
        "position": position,
        "asset_id": one.asset_id,
        "revision": one.revision,
        "state": one.plan.state.value,
        "reason": one.plan.reason.value if one.plan.reason else None,
        "changes": changes,
        "since": [],
    }
