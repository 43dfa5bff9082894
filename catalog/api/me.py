"""``/me``: who calls, what they may do, and in which language they are spoken to."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from pydantic import Field

from catalog.accounts import speaking
from catalog.accounts.vocabulary import Language
from catalog.api.operation import Answer, Model, Operation
from catalog.kernel.abilities import Ability

if TYPE_CHECKING:
    from catalog.api.operation import Call
    from catalog.work.unit import UnitOfWork
    from catalog.work.view import View


class MeChangeBody(Model):
    """What is to change of oneself."""

    language: Language | None = Field(default=None, description="of the pages; null: as the browser asks")


class MeAnswer(Answer):
    """Who the caller is and what they may do."""

    id: UUID
    login: str
    abilities: list[Ability]
    through: str | None
    on_behalf_of: str | None
    language: Language | None = Field(description="of the pages; null: as the browser asks")


def me(_call: Call, view: View) -> MeAnswer:
    """Return who calls."""
    viewer = view.viewer
    return MeAnswer(
        id=viewer.id,
        login=viewer.name,
        abilities=sorted(viewer.abilities),
        through=viewer.through,
        on_behalf_of=viewer.on_behalf_of,
        language=speaking.find_language(view.session, viewer.person_id),
    )


def change_me(call: Call, work: UnitOfWork) -> MeAnswer:
    """Keep in which language the caller is spoken to: a taste, which leaves no entry."""
    if "language" in call.body.model_fields_set:
        speaking.keep_language(work.session, work.actor.person_id, call.body.language)
    return me(call, work.view)


OPERATIONS = (
    Operation(
        name="me.get",
        method="GET",
        path="/me",
        summary="Get who you are and what you may do",
        ability=Ability.BROWSE,
        read=me,
        answer=MeAnswer,
    ),
    Operation(
        name="me.change",
        method="PATCH",
        path="/me",
        summary="Change the language in which pages speak to you",
        ability=Ability.BROWSE,
        write=change_me,
        body=MeChangeBody,
        answer=MeAnswer,
    ),
)
