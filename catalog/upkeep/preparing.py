"""Making the object store ready for an installation that no supervisor prepares."""

from __future__ import annotations

from typing import TYPE_CHECKING

from catalog.storage.opening import s3_config
from catalog.storage.s3.preparation import prepare

if TYPE_CHECKING:
    from catalog.settings import Settings

WITHIN_S = 10.0


def prepare_store(settings: Settings) -> tuple[str, ...]:
    """Make the buckets and their rules; return remarks on what the store lacks. Safe to run twice.

    Raises ``Unavailable`` for a store that does not answer, or that takes bytes under another digest than theirs.
    """
    return prepare(s3_config(settings), web_origins=[settings.base_url], wait_s=WITHIN_S)
