"""Closed words of this room."""

from __future__ import annotations

from enum import StrEnum


class BlobState(StrEnum):
    """What is known of a blob's bytes. There is no row before they were verified once."""

    VERIFIED = "verified"
    """When they were last read, they had the digest."""
    MISSING = "missing"
    """The store does not have them any more."""
    ALTERED = "altered"
    """The store answers other bytes."""
    DOOMED = "doomed"
    """No row spoke of them and they are being removed; the row keeps others from relying on them meanwhile."""
