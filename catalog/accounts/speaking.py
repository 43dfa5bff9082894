"""The language that somebody reads pages in. A taste and no act: it leaves no entry in the ledger."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import update

from catalog.accounts.models import User

if TYPE_CHECKING:
    from uuid import UUID

    from sqlalchemy.orm import Session

    from catalog.accounts.vocabulary import Language


def keep_language(session: Session, user_id: UUID, language: Language) -> None:
    """Speak to a user in this language from now on, wherever they sign in."""
    session.execute(update(User).where(User.id == user_id).values(language=language))
