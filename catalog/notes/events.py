"""What can happen to notes and known issues. What they say is a value, beside the chain, where it can be erased."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar
from uuid import UUID

from catalog.ledger.event import Event


@dataclass(frozen=True, kw_only=True)
class NoteWritten(Event):
    """Somebody wrote a note on a version."""

    name: ClassVar[str] = "note.written"
    about: ClassVar[str] = "note_id"
    note_id: UUID
    version_id: UUID
    asset_id: UUID
    number: int
    text: str


@dataclass(frozen=True, kw_only=True)
class NoteChanged(Event):
    """A note says something else; ``changes`` holds [before, after] by field."""

    name: ClassVar[str] = "note.changed"
    about: ClassVar[str] = "note_id"
    note_id: UUID
    version_id: UUID
    asset_id: UUID
    number: int
    changes: dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class NoteRemoved(Event):
    """A note is shown no longer."""

    name: ClassVar[str] = "note.removed"
    about: ClassVar[str] = "note_id"
    note_id: UUID
    version_id: UUID
    asset_id: UUID
    number: int
    text: str


@dataclass(frozen=True, kw_only=True)
class IssueReported(Event):
    """Something is known to be wrong with a version, and with later ones until one closes it."""

    name: ClassVar[str] = "issue.reported"
    about: ClassVar[str] = "note_id"
    note_id: UUID
    version_id: UUID
    asset_id: UUID
    number: int
    text: str
    severity: str
    assignee: str | None


@dataclass(frozen=True, kw_only=True)
class IssueChanged(Event):
    """An issue's text, severity or assignee changed; ``changes`` holds [before, after] by field."""

    name: ClassVar[str] = "issue.changed"
    about: ClassVar[str] = "note_id"
    note_id: UUID
    version_id: UUID
    asset_id: UUID
    number: int
    changes: dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class IssueClosed(Event):
    """An issue was closed by a later version, or (``closing_version`` None) as none."""

    name: ClassVar[str] = "issue.closed"
    about: ClassVar[str] = "note_id"
    note_id: UUID
    version_id: UUID
    asset_id: UUID
    number: int
    closing_version: int | None


@dataclass(frozen=True, kw_only=True)
class IssueReopened(Event):
    """A closed issue stands open again."""

    name: ClassVar[str] = "issue.reopened"
    about: ClassVar[str] = "note_id"
    note_id: UUID
    version_id: UUID
    asset_id: UUID
    number: int


@dataclass(frozen=True, kw_only=True)
class IssueRemoved(Event):
    """An issue is shown no longer, and no version has it."""

    name: ClassVar[str] = "issue.removed"
    about: ClassVar[str] = "note_id"
    note_id: UUID
    version_id: UUID
    asset_id: UUID
    number: int
    text: str
