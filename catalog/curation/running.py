"""The job of a bulk edit: five hundred assets at a time, each batch one transaction of its changes and their marks.

So a worker that is killed leaves whole batches behind, and the next one goes on at the first asset without a mark.
The worker acts for whoever began the edit; where they may no longer do it, the edit stops and says why.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID

from sqlalchemy import func, select

from catalog.accounts.standing import actor_again
from catalog.assets.amending import Amendment, amend_all, hold_all
from catalog.assets.registry import BATCH
from catalog.assets.vocabulary import AssetStatus, Kind
from catalog.curation.choosing import standing_of
from catalog.curation.editing import require_what
from catalog.curation.models import BulkEdit, BulkEditAsset
from catalog.curation.planning import CUSTOM, read_instruction
from catalog.curation.vocabulary import BUSY, EditState, Reason, RowState
from catalog.kernel.errors import NotPermitted

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sqlalchemy import Select

    from catalog.assets.models import Asset
    from catalog.kernel.actors import Actor
    from catalog.work.unit import UnitOfWork
    from catalog.work.workshop import Workshop

_FROM = {EditState.RUNNING: RowState.PLANNED, EditState.UNDOING: RowState.APPLIED}
_TO = {EditState.RUNNING: EditState.DONE, EditState.UNDOING: EditState.UNDONE}


def run_edit(workshop: Workshop, edit_id: UUID) -> None:
    """Do what an edit says, or set it back, until there is nothing left or somebody stops it."""
    treated = 0
    while True:
        try:
            actor = _acting(workshop, edit_id)
            if actor is None:
                return
            with workshop.desk.work(actor, lane=workshop.lane, request_id=f"edit:{edit_id}") as work:
                batch, left = _take_batch(work, edit_id)
        except NotPermitted as refusal:
            _stop(workshop, edit_id, refusal)
            return
        treated += batch
        workshop.beat(treated / max(1, treated + left))


def _acting(workshop: Workshop, edit_id: UUID) -> Actor | None:
    """Return whom the worker acts for; None where nothing is to be done."""
    with workshop.desk.read() as session:
        edit = session.get(BulkEdit, edit_id)
        if edit is None or edit.state not in BUSY or edit.acting is None:
            return None
        return actor_again(session, edit.acting)


def _take_batch(work: UnitOfWork, edit_id: UUID) -> tuple[int, int]:
    """Treat the next batch, and end the edit where it was the last; return how many it was, and how many are left."""
    edit = work.session.scalars(select(BulkEdit).where(BulkEdit.id == edit_id)).one()
    work.hold(edit)
    if edit.state not in BUSY:
        return 0, 0
    require_what(work, read_instruction(edit.instruction))
    state = EditState(edit.state)
    waiting = _waiting(edit_id, _FROM[state])
    rows = work.session.scalars(waiting.order_by(BulkEditAsset.position).limit(BATCH)).all()
    assets = hold_all(work, [row.asset_id for row in rows])
    treat = _apply if state is EditState.RUNNING else _set_back
    amend_all(work, [one for row in rows if (one := treat(row, assets.get(row.asset_id)))])
    work.session.flush()
    left = work.session.scalar(select(func.count()).select_from(waiting.subquery())) or 0
    if not left:
        edit.state, edit.ended_at = _TO[state].value, work.now
    return len(rows), left


def _waiting(edit_id: UUID, state: RowState) -> Select[BulkEditAsset]:
    return select(BulkEditAsset).where(BulkEditAsset.edit_id == edit_id, BulkEditAsset.state == state.value)


def _apply(row: BulkEditAsset, asset: Asset | None) -> Amendment | None:
    """Mark an asset as changed and return its change; None where it is not what the preview had shown."""
    if asset is None:
        row.state, row.reason = RowState.LEFT.value, Reason.GONE.value
        return None
    now = standing_of(asset).by_field()
    since = [] if asset.revision == row.revision else _others(now, row.changes, was=0)
    if since:
        row.state, row.reason, row.since = RowState.LEFT.value, Reason.CHANGED.value, since
        return None
    row.state = RowState.APPLIED.value
    return _amendment(asset, {field: after for field, (_, after) in row.changes.items()})


def _set_back(row: BulkEditAsset, asset: Asset | None) -> Amendment | None:
    """Mark an asset as set back and return what of it is; fields that others changed since stay theirs."""
    if asset is None:
        row.state, row.reason = RowState.KEPT.value, Reason.GONE.value
        return None
    since = _others(standing_of(asset).by_field(), row.changes, was=1)
    row.state = RowState.KEPT.value if since else RowState.UNDONE.value
    row.reason, row.since = Reason.CHANGED.value if since else None, since
    before = {field: before for field, (before, _) in row.changes.items() if field not in since}
    return _amendment(asset, before) if before else None


def _others(now: Mapping[str, Any], changes: Mapping[str, Sequence[Any]], *, was: int) -> list[str]:
    """Return the fields that no longer hold what they held before (0) or after (1) the edit."""
    return [field for field, pair in changes.items() if now.get(field) != pair[was]]


def _amendment(asset: Asset, values: Mapping[str, Any]) -> Amendment:
    said: dict[str, Any] = {}
    if "tags" in values:
        said["tags"] = values["tags"]
    if "owner" in values:
        said["owner_id"] = UUID(values["owner"]) if values["owner"] else None
    if "kind" in values:
        said["kind"] = Kind(values["kind"])
    if "status" in values:
        said["status"], said["retirement"] = AssetStatus(values["status"]), values.get("retirement_reason")
    custom = {name.removeprefix(CUSTOM): value for name, value in values.items() if name.startswith(CUSTOM)}
    return Amendment(asset=asset, fields=custom, **said)


def _stop(workshop: Workshop, edit_id: UUID, refusal: NotPermitted) -> None:
    with workshop.desk.bookkeeping() as session:
        edit = session.get(BulkEdit, edit_id)
        if edit is not None and edit.state in BUSY:
            told = NotPermitted(f"whoever began it may no longer do it: {refusal.message}", code="no-longer-permitted")
            edit.state, edit.problem, edit.problem_codes = EditState.STOPPED.value, told.message, [told.kept()]
