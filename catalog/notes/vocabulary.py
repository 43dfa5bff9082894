"""States and severities of known issues."""

from __future__ import annotations

from enum import StrEnum


class IssueState(StrEnum):
    """Whether somebody still has to see to an issue."""

    OPEN = "open"
    CLOSED = "closed"


class Severity(StrEnum):
    """How much an issue hinders whoever uses the version."""

    MINOR = "minor"
    """It can be lived with."""
    MAJOR = "major"
    """It needs a workaround."""
    BLOCKING = "blocking"
    """The version cannot be used where it matters."""
