"""``/synonyms``: words of the trade that mean the same to a search."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from pydantic import Field

from catalog.api.operation import Answer, Model, Operation
from catalog.kernel.abilities import Ability
from catalog.search import trade_words

if TYPE_CHECKING:
    from catalog.api.operation import Call
    from catalog.search.trade_words import TradeWords
    from catalog.work.unit import UnitOfWork
    from catalog.work.view import View


class SynonymsAnswer(Answer):
    """The synonyms that searches use."""

    text: str = Field(description="one line for each meaning, its words between equals signs; # begins a remark")
    updated_at: datetime | None = Field(description="when they were changed; null where they are as shipped")
    revision: int


class SynonymsBody(Model):
    """What the synonyms are from now on."""

    text: str = Field(description="all lines")


def get_synonyms(_call: Call, view: View) -> SynonymsAnswer:
    """Return the synonyms."""
    return _shown(trade_words.trade_words(view))


def change_synonyms(call: Call, work: UnitOfWork) -> SynonymsAnswer:
    """Change the synonyms."""
    return _shown(trade_words.change(work, call.body.text, if_revision=call.if_revision))


def _shown(found: TradeWords) -> SynonymsAnswer:
    return SynonymsAnswer(text=found.text, updated_at=found.updated_at, revision=found.revision)


OPERATIONS = (
    Operation(
        name="synonyms.get",
        method="GET",
        path="/synonyms",
        summary="Show which words mean the same to a search",
        ability=Ability.BROWSE,
        read=get_synonyms,
        answer=SynonymsAnswer,
    ),
    Operation(
        name="synonyms.change",
        method="PATCH",
        path="/synonyms",
        summary="Change which words mean the same to a search",
        ability=Ability.CURATE,
        write=change_synonyms,
        body=SynonymsBody,
        answer=SynonymsAnswer,
    ),
)
