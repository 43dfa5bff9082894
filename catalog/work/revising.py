"""Changing only what was read: the revision that a writer saw against the one that is there."""

from __future__ import annotations

from catalog.kernel.errors import Stale


def refuse_stale(name: str, revision: int, if_revision: int | None) -> None:
    """Raise ``Stale`` where ``name`` is no longer at the revision its writer saw; None: the writer does not mind."""
    if if_revision is not None and revision != if_revision:
        raise Stale(
            f"{name} was changed since you read it (you have revision {if_revision}, it is at {revision}); "
            "read it again and repeat your change"
        )
