"""``/ledger`` and ``/events``: what happened."""

from __future__ import annotations

import re
from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any
from uuid import UUID

from pydantic import Field

from catalog.api.operation import LIMIT, Answer, Model, Operation, PageQuery
from catalog.api.shapes import Listing, listing
from catalog.assets import history
from catalog.kernel.abilities import Ability
from catalog.kernel.paging import Paging
from catalog.ledger import queries, verification

if TYPE_CHECKING:
    from catalog.api.operation import Call
    from catalog.ledger.queries import Entry
    from catalog.work.view import View

_SEQ = re.compile(r"[0-9]{1,18}")


class SubjectAnswer(Answer):
    """What an entry is about."""

    kind: str
    id: UUID


class EventAnswer(Answer):
    """Something that happened; `seq` is its place in the one order of everything."""

    seq: int
    type: str = Field(description="name and schema version, such as `asset.registered/1`")
    at: datetime
    actor: dict[str, Any]
    subjects: list[SubjectAnswer]
    values: dict[str, Any] | None = Field(description="null once they were erased")
    request_id: str | None


class EntryAnswer(EventAnswer):
    """An entry of the ledger with its place in the chain."""

    previous: str
    hash: str
    body: str = Field(description="the exact bytes that `hash` is the SHA-256 of, as UTF-8")


class EventsAnswer(Answer):
    """Events in order; ask for the next ones after `next_after`, however few there were."""

    items: list[EventAnswer]
    next_after: int


class EventsQuery(Model):
    """From where on."""

    after: Annotated[int, Field(ge=0, lt=2**63, description="`seq` of the last one that you have")] = 0
    limit: Annotated[int, Field(ge=1, le=200, description=LIMIT)] = 100


class LedgerQuery(PageQuery):
    """Which entries."""

    actor: UUID | None = Field(default=None, description="only what this user did, by id")
    token_id: UUID | None = Field(default=None, description="only what was done with this token")
    subject: UUID | None = Field(default=None, description="only what is about this, by id")
    type: str | None = Field(default=None, description="only of this type, such as `files.released/1`")


class VerificationAnswer(Answer):
    """Whether every entry is as it was written."""

    holds: bool
    verified_through: int
    head: str
    first_bad: int | None
    reason: str | None


def show_event(entry: Entry) -> EventAnswer:
    """Return an entry as an event."""
    return EventAnswer(
        seq=entry.seq,
        type=entry.type,
        at=entry.at,
        actor=entry.actor,
        subjects=[SubjectAnswer(kind=kind, id=subject) for kind, subject in entry.subjects],
        values=entry.values,
        request_id=entry.request_id,
    )


def show_entry(entry: Entry) -> EntryAnswer:
    """Return an entry with its place in the chain."""
    return EntryAnswer(**dict(show_event(entry)), previous=entry.previous, hash=entry.hash, body=entry.body.decode())


def events(call: Call, view: View) -> EventsAnswer:
    """Return the caller's events in order."""
    entries, reached = history.events_after(view, call.query.after, call.query.limit)
    return EventsAnswer(items=[show_event(entry) for entry in entries], next_after=reached)


def list_entries(call: Call, view: View) -> Listing[EntryAnswer]:
    """Return entries, newest first."""
    query: LedgerQuery = call.query
    page = queries.page_entries(
        view.session,
        Paging(limit=query.limit, cursor=query.cursor),
        actor_id=query.actor,
        token_id=query.token_id,
        subject_id=query.subject,
        entry_type=query.type,
    )
    return listing(page.map(show_entry))


def get_entry(call: Call, view: View) -> EntryAnswer:
    """Return one entry."""
    seq = call.path["seq"]
    return show_entry(queries.get_entry(view.session, int(seq) if _SEQ.fullmatch(seq) else 0))


def verify(_call: Call, view: View) -> VerificationAnswer:
    """Walk the whole chain."""
    found = verification.verify(view.session)
    return VerificationAnswer(
        holds=found.holds,
        verified_through=found.verified_through,
        head=found.head,
        first_bad=found.first_bad,
        reason=found.reason,
    )


OPERATIONS = (
    Operation(
        name="events.list",
        method="GET",
        path="/events",
        summary="List what happened after a point, in order, without gaps",
        ability=Ability.BROWSE,
        read=events,
        query=EventsQuery,
        answer=EventsAnswer,
    ),
    Operation(
        name="ledger.list",
        method="GET",
        path="/ledger",
        summary="List ledger entries, newest first",
        ability=Ability.AUDIT,
        read=list_entries,
        query=LedgerQuery,
        answer=Listing[EntryAnswer],
    ),
    Operation(
        name="ledger.verify",
        method="GET",
        path="/ledger/verification",
        summary="Verify the whole chain",
        ability=Ability.AUDIT,
        read=verify,
        answer=VerificationAnswer,
    ),
    Operation(
        name="ledger.get",
        method="GET",
        path="/ledger/{seq}",
        summary="Get one ledger entry",
        ability=Ability.AUDIT,
        read=get_entry,
        answer=EntryAnswer,
    ),
)
