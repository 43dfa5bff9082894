"""Reading bulk edits: one's own; all of them for operators. Of their assets only those that the viewer may know of.

What somebody else's edit says is told to whoever may know of all its assets: ``may_tell``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from uuid import UUID

from sqlalchemy import Select, case, func, not_, select

from catalog.accounts.queries import logins_of
from catalog.assets.models import Asset, TagSynonym
from catalog.assets.queries import visible_to
from catalog.assets.tagging import HOLDS, tag_key
from catalog.curation.jobs import RUN_EDIT
from catalog.curation.models import BulkEdit, BulkEditAsset
from catalog.curation.vocabulary import EditState, RowState
from catalog.jobs.queries import latest_jobs
from catalog.jobs.vocabulary import JobState
from catalog.kernel.abilities import Ability
from catalog.kernel.errors import NotFound
from catalog.kernel.paging import Page, Paging, decode_cursor, decode_id_cursor, page_of

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from catalog.jobs.models import Job
    from catalog.work.view import View


@dataclass(frozen=True, kw_only=True)
class Tally:
    """How an edit stands: assets by state, those left alone by reason, and why its job is no longer tried.

    Counted are assets that the viewer may know of; ``whole`` counts all of them, for what can be done with the edit
    and how far it is, and is told to nobody.
    """

    states: dict[RowState, int]
    reasons: dict[str, int]
    whole: dict[RowState, int]
    stuck: str | None
    stuck_codes: list[dict[str, Any]] | None

    @property
    def hides(self) -> bool:
        """Whether the edit is for assets, too, that the viewer may not know of."""
        return self.total < sum(self.whole.values())

    @property
    def total(self) -> int:
        """How many assets the edit is for."""
        return sum(self.states.values())

    def progress(self, state: EditState) -> float:
        """Return how far the run is, or the undoing: from 0 to 1."""
        if state in (EditState.UNDOING, EditState.UNDONE):
            back = self.whole[RowState.UNDONE] + self.whole[RowState.KEPT]
            return back / max(1, back + self.whole[RowState.APPLIED])
        to_change = sum(self.whole.values()) - self.whole[RowState.SAME] - self.whole[RowState.REFUSED]
        return (to_change - self.whole[RowState.PLANNED]) / max(1, to_change)


@dataclass(frozen=True, kw_only=True)
class EditedAsset:
    """One asset of an edit, with what it is called now; ``changes`` name owners by login."""

    row: BulkEditAsset
    code: str
    name: str
    changes: dict[str, list[Any]]


def get_edit(view: View, edit_id: UUID) -> BulkEdit:
    """Return one edit; ``NotFound`` for one that is somebody else's."""
    edit = view.session.scalar(_mine(view).where(BulkEdit.id == edit_id))
    if edit is None:
        raise NotFound(f"there is no bulk edit {edit_id}", code="unknown-edit")
    return edit


def may_tell(view: View, edit: BulkEdit, tally: Tally) -> bool:
    """Whether the viewer may read what an edit does, and what it was for: their own, or one that hides no asset.

    Operators see that there are others, how far they are, and may stop them.
    """
    return edit.created_by_id == view.viewer.person_id or not tally.hides


def page_edits(view: View, paging: Paging) -> Page[BulkEdit]:
    """Return edits, newest first."""
    query = _mine(view).order_by(BulkEdit.id.desc()).limit(paging.limit + 1)
    if paging.cursor:
        query = query.where(BulkEdit.id < decode_id_cursor(paging.cursor))
    return page_of(view.session.scalars(query).all(), paging.limit, lambda edit: [str(edit.id)])


def page_assets(view: View, edit: BulkEdit, paging: Paging, state: RowState | None = None) -> Page[EditedAsset]:
    """Return the assets of an edit that was read through this view, in its order; of one state or of all."""
    query = (
        select(BulkEditAsset, Asset.code, Asset.name)
        .join(Asset, Asset.id == BulkEditAsset.asset_id)
        .where(BulkEditAsset.edit_id == edit.id, visible_to(view))
        .order_by(BulkEditAsset.position)
        .limit(paging.limit + 1)
    )
    if paging.cursor:
        (after,) = decode_cursor(paging.cursor, int)
        query = query.where(BulkEditAsset.position > after)
    if state:
        query = query.where(BulkEditAsset.state == state.value)
    rows = view.session.execute(query).all()
    owners = {UUID(owner) for row, _, _ in rows for owner in row.changes.get("owner", ()) if owner}
    logins = {str(user_id): login for user_id, login in logins_of(view, owners).items()} if owners else {}
    edited = [
        EditedAsset(row=row, code=code, name=name, changes=_named(row.changes, logins)) for row, code, name in rows
    ]
    return page_of(edited, paging.limit, lambda one: [one.row.position])


def _named(changes: dict[str, list[Any]], logins: Mapping[str, str]) -> dict[str, list[Any]]:
    return {name: [logins.get(one) for one in pair] if name == "owner" else pair for name, pair in changes.items()}


def tally_of(view: View, edit: BulkEdit) -> Tally:
    """Return how an edit stands that was read through this view."""
    return tallies_of(view, [edit])[edit.id]


def tallies_of(view: View, edits: Collection[BulkEdit]) -> dict[UUID, Tally]:
    """Return how edits stand that were read through this view, by their ids."""
    ids = [edit.id for edit in edits]
    found = {
        edit_id: Tally(
            states=_none_yet(),
            reasons={},
            whole=_none_yet(),
            stuck=job.error if job else None,
            stuck_codes=job.error_codes if job else None,
        )
        for edit_id, job in _dead_jobs(view, ids).items()
    }
    kinds = (BulkEditAsset.edit_id, BulkEditAsset.state, BulkEditAsset.reason)
    seen = func.sum(case((visible_to(view), 1), else_=0))
    counted = (
        select(*kinds, func.count(), seen)
        .join(Asset, Asset.id == BulkEditAsset.asset_id)
        .where(BulkEditAsset.edit_id.in_(ids))
        .group_by(*kinds)
    )
    for edit_id, state, reason, count, count_seen in view.session.execute(counted):
        tally = found[edit_id]
        tally.whole[RowState(state)] += count
        tally.states[RowState(state)] += count_seen
        if reason and count_seen:
            tally.reasons[reason] = tally.reasons.get(reason, 0) + count_seen
    return found


def _none_yet() -> dict[RowState, int]:
    return dict.fromkeys(RowState, 0)


def _dead_jobs(view: View, edit_ids: Collection[UUID]) -> dict[UUID, Job | None]:
    """Return the job of each edit that is no longer tried; None where it goes on, or was not begun."""
    jobs = latest_jobs(view.session, RUN_EDIT.name, edit_ids)
    return {one: job if (job := jobs.get(one)) and job.state == JobState.DEAD else None for one in edit_ids}


def merged_words(view: View, tags: Collection[str]) -> dict[str, tuple[str, ...]]:
    """Return what was merged into each of these tags; for those who curate, who may write it again or take it back.

    Told are merges all of whose assets the viewer may know of: a word may have been on a hidden one alone.
    """
    if not view.viewer.can(Ability.CURATE):
        return {}
    hidden = (
        select(BulkEditAsset.asset_id)
        .join(Asset, Asset.id == BulkEditAsset.asset_id)
        .where(BulkEditAsset.edit_id == TagSynonym.merge_id, not_(visible_to(view)))
    )
    known = select(TagSynonym).where(HOLDS, TagSynonym.into.in_(tags), not_(hidden.exists())).order_by(TagSynonym.tag)
    found: dict[str, tuple[str, ...]] = {}
    for one in view.session.scalars(known):
        if one.key != tag_key(one.into):
            found[one.into] = (*found.get(one.into, ()), one.tag)
    return found


def _mine(view: View) -> Select[BulkEdit]:
    view.require(Ability.REGISTER)
    query = select(BulkEdit)
    if view.viewer.can(Ability.OPERATE):
        return query
    return query.where(BulkEdit.created_by_id == view.viewer.person_id)
