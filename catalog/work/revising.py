"""Changing only what was read, and telling only what became other."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from catalog.kernel.errors import Stale

if TYPE_CHECKING:
    from collections.abc import Mapping


def refuse_stale(name: str, revision: int, if_revision: int | None) -> None:
    """Raise ``Stale`` where ``name`` is no longer at the revision its writer saw; None: the writer does not mind."""
    if if_revision is not None and revision != if_revision:
        raise Stale(
            f"{name} was changed since you read it (you have revision {if_revision}, it is at {revision}); "
            "read it again and repeat your change",
            name=name,
        )


def what_changed(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, list[Any]]:
    """Return the fields that became other, each with what it was and what it is: ``{"name": ["Chair", "Throne"]}``."""
    return {field: [before[field], now] for field, now in after.items() if now != before[field]}
