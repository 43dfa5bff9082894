"""The language that somebody reads pages in. A taste and no act: it leaves no entry in the ledger."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select, update

from catalog.accounts.models import User
from catalog.accounts.vocabulary import Language

if TYPE_CHECKING:
    from uuid import UUID

    from sqlalchemy.orm import Session


def find_language(session: Session, user_id: UUID) -> Language | None:
    """Return the language that a user has chosen; None where they chose none, or it is no user."""
    found = session.scalar(select(User.language).where(User.id == user_id))
    return Language(found) if found in set(Language) else None


def keep_language(session: Session, user_id: UUID, language: Language | None) -> None:
    """Speak to a user in this language from now on, wherever they sign in; None: as their browser asks."""
    session.execute(update(User).where(User.id == user_id).values(language=language))
