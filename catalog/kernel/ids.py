"""Ids are UUID version 7 (RFC 9562): random, yet in order of creation, so that indexes stay compact."""

from __future__ import annotations

from uuid import UUID

from uuid_utils.compat import uuid7


def new_id() -> UUID:
    """Return a fresh id, greater than those made before it in this process."""
    return uuid7()


def find_id(text: str) -> UUID | None:
    """Read an id, or return None where the text is none."""
    try:
        return UUID(text)
    except ValueError:
        return None
