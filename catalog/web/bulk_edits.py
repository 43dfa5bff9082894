"""``/edits``: many assets changed by one instruction, previewed, watched while it runs, stopped and set back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlencode
from uuid import UUID

from catalog.accounts.queries import logins_of
from catalog.assets.vocabulary import KIND_LABELS
from catalog.curation import editing, queries
from catalog.curation.choosing import Asked, Proposal, propose
from catalog.curation.planning import Instruction, read_instruction
from catalog.curation.vocabulary import BUSY, EditState, RowState
from catalog.kernel.abilities import Ability
from catalog.kernel.errors import InvalidInput, NotFound
from catalog.kernel.ids import find_id
from catalog.kernel.paging import Paging
from catalog.search import queries as finding
from catalog.search.questions import read_question
from catalog.web import custom_fields, wording
from catalog.web.forms import kind_of, lines_of
from catalog.web.happenings import FieldChange, changes_told
from catalog.web.languages import gettext, marked
from catalog.web.route import Moved, Reply, Route, Shown

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

    from catalog.curation.models import BulkEdit
    from catalog.curation.queries import EditedAsset, Tally
    from catalog.web.route import Call
    from catalog.work.unit import UnitOfWork
    from catalog.work.view import View

PER_PAGE = 50
SAID_MAX = 120
"""So many characters of a value are told where edits are listed."""
EMPTY = "empty."
"""How the form begins the name of a box that empties a custom field."""

STATES: dict[str, str] = {
    EditState.PREVIEWED: marked("Not started"),
    EditState.RUNNING: marked("Running"),
    EditState.CANCELLED: marked("Cancelled"),
    EditState.STOPPED: marked("Stopped"),
    EditState.DONE: marked("Done"),
    EditState.UNDOING: marked("Being undone"),
    EditState.UNDONE: marked("Undone"),
}
ROW_STATES: dict[RowState, str] = {
    RowState.PLANNED: marked("To change"),
    RowState.SAME: marked("So already"),
    RowState.REFUSED: marked("Left out"),
    RowState.APPLIED: marked("Changed"),
    RowState.LEFT: marked("Left alone"),
    RowState.UNDONE: marked("Set back"),
    RowState.KEPT: marked("Not set back"),
}
REASONS: dict[str, str] = {
    "retired": marked("is retired"),
    "merged": marked("was merged into another asset"),
    "too-many-tags": marked("would have more tags than an asset may have"),
    "changed-since": marked("was changed by somebody meanwhile"),
    "not-visible": marked("is no longer there for you"),
}


@dataclass(frozen=True, kw_only=True)
class Tile:
    """How many assets of an edit stand in one state."""

    state: str
    words: str
    count: int
    current: bool


@dataclass(frozen=True, kw_only=True)
class EditRow:
    """One asset of an edit: what becomes of it, or why nothing does."""

    code: str
    name: str
    words: str
    reason: str | None
    since: tuple[str, ...]
    changes: tuple[FieldChange, ...]


@dataclass(frozen=True, kw_only=True)
class Shelf:
    """An edit in the list of all."""

    id: UUID
    words: tuple[str, ...]
    state: str
    by: str | None
    at: datetime


def show_form(call: Call, view: View) -> Shown:
    """Show the form of an edit for the assets that were selected, or for all that a search finds."""
    codes = lines_of(call.form.get("assets", ""))
    search = None if codes else call.form.get("search") or urlencode(call.pairs) or None
    total = len(codes)
    if search is not None:
        total = finding.find_all(view, call.house.index, read_question(search), 1).total
    elif not codes:
        raise InvalidInput("select assets, or search for those that are to change", code="no-set")
    values = {
        "codes": codes,
        "search": search,
        "total": total,
        "blanks": custom_fields.blanks(view),
        "kinds": [
            ("", gettext("Leave as it is")),
            *((one.value, gettext(words)) for one, words in KIND_LABELS.items()),
        ],
    }
    return Shown(template="edits/new.html", values=values)


def preview(call: Call, work: UnitOfWork) -> Reply:
    """Keep what was proposed."""
    return Moved(page="bulk_edit", arguments={"id": str(editing.keep(work, call.prepared).id)})


def _propose(call: Call) -> Proposal:
    """Find and plan before the transaction: nobody who writes waits for a search."""
    form = call.form
    codes = lines_of(form.get("assets", ""))
    asked = Asked(instruction=_instruction(call), assets=codes, search=None if codes else form.get("search"))
    with call.house.desk.view(call.actor) as view:
        return propose(view, call.house.index, asked)


def _instruction(call: Call) -> Instruction:
    form = call.form
    add, replaces = lines_of(form.get("add_tags", "")), "replace_tags" in form
    status, kind = form.get("status", ""), form.get("kind", "")
    return Instruction(
        add_tags=() if replaces else add,
        set_tags=add if replaces else None,
        remove_tags=lines_of(form.get("remove_tags", "")),
        owner=form.get("owner", "").strip() or None,
        disown="disown" in form,
        kind=kind_of(kind) if kind else None,
        retire=form.get("reason", "") if status == "retire" else None,
        reinstate=status == "reinstate",
        fields=_fields(form),
    )


def _fields(form: Mapping[str, str]) -> dict[str, str | None]:
    """Return what a form says of custom fields: those that were filled in, and those that are to be emptied."""
    typed = {name: text for name, text in custom_fields.typed_values(form).items() if text.strip()}
    emptied = {name.removeprefix(EMPTY): None for name in form if name.startswith(EMPTY)}
    if clash := typed.keys() & emptied.keys():
        raise InvalidInput(f"{min(clash)!r} cannot be emptied and given a value; say one of them", code="contradiction")
    return {**typed, **emptied}


def show_edit(call: Call, view: View) -> Shown:
    """Show an edit: what it does, how far it is, and its assets, a page at a time, of one state or of all."""
    edit = queries.get_edit(view, _id(call))
    tally = queries.tally_of(view, edit)
    told = queries.may_tell(view, edit, tally)
    asked = call.asked("state")
    labels = custom_fields.labels(view)
    state = RowState(asked) if asked in set(RowState) else None
    page = queries.page_assets(view, edit, Paging(limit=PER_PAGE, cursor=call.asked("cursor")), state)
    values = {
        "edit": edit,
        "words": _in_words(edit, labels) if told else (_untold(),),
        "unknown": edit.unknown if told else [],
        "state_words": gettext(STATES[edit.state]),
        "busy": edit.state in BUSY and not tally.stuck,
        "tally": tally,
        "percent": round(100 * tally.progress(EditState(edit.state))),
        "problem": edit.problem or tally.stuck,
        "problem_codes": (edit.problem_codes if edit.problem else tally.stuck_codes) or [],
        "tiles": _tiles(tally, state),
        "state": state,
        "rows": [_row(one, labels) for one in page.items],
        "next_cursor": page.next_cursor,
        "first": call.asked("cursor") is None,
        **_ways(edit, tally),
    }
    return Shown(template="edits/edit.html", values=values, part="edits/part.html")


def list_edits(call: Call, view: View) -> Shown:
    """List bulk edits, newest first."""
    page = queries.page_edits(view, Paging(limit=PER_PAGE, cursor=call.asked("cursor")))
    logins = logins_of(view, {edit.created_by_id for edit in page.items})
    tallies, labels = queries.tallies_of(view, page.items), custom_fields.labels(view)
    shelves = [
        Shelf(
            id=edit.id,
            words=_in_words(edit, labels) if queries.may_tell(view, edit, tallies[edit.id]) else (_untold(),),
            state=gettext(STATES[edit.state]),
            by=logins.get(edit.created_by_id),
            at=edit.created_at,
        )
        for edit in page.items
    ]
    return Shown(template="edits/list.html", values={"rows": shelves, "next_cursor": page.next_cursor})


def _acting(act: Callable[[UnitOfWork, UUID], BulkEdit]) -> Callable[[Call, UnitOfWork], Reply]:
    def write(call: Call, work: UnitOfWork) -> Reply:
        return Moved(page="bulk_edit", arguments={"id": str(act(work, _id(call)).id)})

    return write


def _ways(edit: BulkEdit, tally: Tally) -> dict[str, bool]:
    """Return what can be done with an edit as it stands."""
    waiting, written = tally.whole[RowState.PLANNED], tally.whole[RowState.APPLIED]
    halted = edit.state in (EditState.CANCELLED, EditState.STOPPED) or bool(tally.stuck)
    return {
        "can_start": bool(waiting) and (edit.state == EditState.PREVIEWED or halted),
        "can_cancel": edit.state == EditState.RUNNING,
        "can_undo": (bool(written) or "into" in edit.instruction) and (edit.state == EditState.DONE or halted),
    }


def _untold() -> str:
    return gettext("what it does is not told: you may not know of all its assets")


def _in_words(edit: BulkEdit, labels: Mapping[str, str]) -> tuple[str, ...]:
    """Return what an edit does, a phrase for each part of it."""
    said = read_instruction(edit.instruction)
    found = _tags_in_words(said)
    if said.owner:
        found.append(gettext("give them to %(owner)s", owner=said.owner))
    if said.disown:
        found.append(gettext("take the owner away"))
    if said.kind:
        found.append(gettext("make them %(kind)s", kind=wording.kind(said.kind)))
    if said.retire is not None:
        found.append(gettext("retire them: %(reason)s", reason=said.retire))
    if said.reinstate:
        found.append(gettext("offer them again"))
    for name, value in said.fields.items():
        label = labels.get(custom_fields.PREFIX + name, name)
        if value is None:
            found.append(gettext("empty %(field)s", field=label))
        else:
            found.append(gettext("set %(field)s to %(value)s", field=label, value=_cut(str(value))))
    return tuple(found)


def _cut(text: str) -> str:
    return text if len(text) <= SAID_MAX else f"{text[:SAID_MAX]}…"


def _tags_in_words(said: Instruction) -> list[str]:
    if said.into is not None:
        return [gettext("write %(tags)s as %(into)s", tags=", ".join(said.merge_tags), into=said.into)]
    found = []
    if said.set_tags is not None:
        tags = ", ".join(said.set_tags)
        found.append(gettext("replace all tags by %(tags)s", tags=tags) if tags else gettext("remove all tags"))
    if said.add_tags:
        found.append(gettext("add to tags: %(tags)s", tags=", ".join(said.add_tags)))
    if said.remove_tags:
        found.append(gettext("remove from tags: %(tags)s", tags=", ".join(said.remove_tags)))
    return found


def _tiles(tally: Tally, current: RowState | None) -> list[Tile]:
    """Return the states that assets are in; those that nothing is in are not worth a place."""
    return [
        Tile(state=state.value, words=gettext(words), count=tally.states[state], current=state is current)
        for state, words in ROW_STATES.items()
        if tally.states[state] or state is current
    ]


def _row(one: EditedAsset, labels: Mapping[str, str]) -> EditRow:
    reason = one.row.reason
    return EditRow(
        code=one.code,
        name=one.name,
        words=gettext(ROW_STATES[RowState(one.row.state)]),
        reason=gettext(REASONS[reason]) if reason in REASONS else reason,
        since=tuple(
            change.field for change in changes_told({field: one.changes[field] for field in one.row.since}, labels)
        ),
        changes=changes_told(one.changes, labels),
    )


def _id(call: Call) -> UUID:
    edit_id = find_id(call.path["id"])
    if edit_id is None:
        raise NotFound(f"{call.path['id'][:80]!r} is no bulk edit's id", code="unknown-edit")
    return edit_id


_REGISTER = Ability.REGISTER
ROUTES = (
    Route(name="bulk_edits", path="/edits", ability=_REGISTER, read=list_edits),
    Route(name="new_edit", path="/edits/new", ability=_REGISTER, read=show_form),
    Route(name="choose_for_edit", path="/edits/new", ability=_REGISTER, read=show_form, posted=True),
    Route(name="preview_edit", path="/edits", ability=_REGISTER, prepare=_propose, write=preview, again=show_form),
    Route(name="bulk_edit", path="/edits/{id}", ability=_REGISTER, read=show_edit),
    Route(name="start_edit", path="/edits/{id}/start", ability=_REGISTER, write=_acting(editing.start)),
    Route(name="cancel_edit", path="/edits/{id}/cancellation", ability=_REGISTER, write=_acting(editing.cancel)),
    Route(name="undo_edit", path="/edits/{id}/undo", ability=_REGISTER, write=_acting(editing.undo)),
)
