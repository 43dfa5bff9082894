"""The synonyms of a studio: what is shipped, until somebody changes it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

from sqlalchemy import text as statement

from catalog.db.engine import is_sqlite
from catalog.kernel.abilities import Ability
from catalog.search import synonyms
from catalog.search.events import SynonymsChanged
from catalog.search.models import SynonymFile
from catalog.search.synonyms import Synonyms
from catalog.work.revising import refuse_stale

if TYPE_CHECKING:
    from datetime import datetime

    from catalog.work.unit import UnitOfWork
    from catalog.work.view import View

FILE_ID = UUID("01a20000-0000-7000-8000-000000000001")
"""There is one file of synonyms, so it has one id everywhere."""


@dataclass(frozen=True, kw_only=True)
class TradeWords:
    """The synonyms as people write them. Revision 0 is what is shipped."""

    text: str
    revision: int
    updated_at: datetime | None


def trade_words(view: View) -> TradeWords:
    """Return the synonyms that searches use."""
    kept = view.session.get(SynonymFile, FILE_ID)
    if kept is None:
        return TradeWords(text=synonyms.shipped(), revision=0, updated_at=None)
    return TradeWords(text=kept.text, revision=kept.revision, updated_at=kept.updated_at)


def synonyms_for(view: View) -> Synonyms:
    """Return the synonyms that searches use, read."""
    return synonyms.read(trade_words(view).text)


def change(work: UnitOfWork, text: str, *, if_revision: int | None = None) -> TradeWords:
    """Put other synonyms in the place of all; searches use them at once, without a new index.

    ``InvalidInput`` names each line that is wrong; ``Stale`` where somebody else changed them since they were read.
    """
    work.require(Ability.CURATE)
    text = "\n".join(line.rstrip() for line in text.strip().splitlines()) + "\n"
    synonyms.check(text)
    _lock(work)
    kept = work.session.get(SynonymFile, FILE_ID)
    before = trade_words(work.view)
    refuse_stale("the synonyms", before.revision, if_revision)
    old, new = before.text.splitlines(), text.splitlines()
    if old == new:
        return before
    if kept is None:
        kept = SynonymFile(id=FILE_ID)
        work.session.add(kept)
    kept.text, kept.revision, kept.updated_at = text, before.revision + 1, work.now
    work.record(
        SynonymsChanged(
            synonyms_id=FILE_ID,
            added=tuple(line for line in dict.fromkeys(new) if line not in old),
            removed=tuple(line for line in dict.fromkeys(old) if line not in new),
        )
    )
    return TradeWords(text=kept.text, revision=kept.revision, updated_at=kept.updated_at)


def _lock(work: UnitOfWork) -> None:
    """Let nobody else change synonyms until the commit."""
    # The first change makes the row, so there is none to hold. SQLite has one writer anyway.
    if not is_sqlite(work.session.get_bind()):
        work.session.execute(statement("LOCK TABLE synonym_file IN SHARE ROW EXCLUSIVE MODE"))
