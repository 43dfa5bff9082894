"""Closed words of bulk edits."""

from __future__ import annotations

from enum import StrEnum


class EditState(StrEnum):
    """Where a bulk edit stands."""

    PREVIEWED = "previewed"
    RUNNING = "running"
    CANCELLED = "cancelled"
    """Stopped by a person; what was changed until then stays, and can be undone, or the rest done."""
    STOPPED = "stopped"
    """Stopped by the catalogue: whoever began it may no longer do it."""
    DONE = "done"
    UNDOING = "undoing"
    UNDONE = "undone"


BUSY = (EditState.RUNNING.value, EditState.UNDOING.value)
"""A worker is at it, or will be."""


class RowState(StrEnum):
    """What becomes, or became, of one asset of an edit."""

    PLANNED = "planned"
    SAME = "same"
    """It is already as the edit would have it."""
    REFUSED = "refused"
    """The edit leaves it out, and says why."""
    APPLIED = "applied"
    LEFT = "left"
    """It was other, or gone, when its turn came: not what the preview had shown."""
    UNDONE = "undone"
    KEPT = "kept"
    """Not all of it could be set back: somebody has changed it since."""


class Reason(StrEnum):
    """Why an asset was left alone."""

    RETIRED = "retired"
    MERGED = "merged"
    TOO_MANY_TAGS = "too-many-tags"
    CHANGED = "changed-since"
    GONE = "not-visible"
