"""``/tokens``: what scripts come in with, and what was done with it."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Annotated
from uuid import UUID

from pydantic import Field

from catalog.accounts import queries, tokens
from catalog.accounts.networks import NETWORKS_MAX
from catalog.api.ledger import EventAnswer, show_event
from catalog.api.operation import Answer, Model, Operation, PageQuery, Reply
from catalog.api.shapes import Listing, listing
from catalog.assets import history
from catalog.kernel.abilities import Ability
from catalog.kernel.errors import NotFound
from catalog.kernel.ids import find_id
from catalog.kernel.paging import Paging

if TYPE_CHECKING:
    from catalog.accounts.models import Token
    from catalog.api.operation import Call
    from catalog.work.unit import UnitOfWork
    from catalog.work.view import View


class TokenBody(Model):
    """A token to issue."""

    name: Annotated[str, Field(min_length=1, max_length=200, description="what it is for")]
    login: str | None = Field(default=None, description="for whom; the caller by default")
    scopes: tuple[Ability, ...] | None = Field(
        default=None, description="abilities it carries; all of its user's by default"
    )
    networks: Annotated[tuple[str, ...], Field(max_length=NETWORKS_MAX)] = Field(
        default=(), description="where it may be used from, such as `10.20.0.0/16`; anywhere by default"
    )
    days: int = Field(default=tokens.DAYS_DEFAULT, description="how long it is valid")
    service: bool = Field(default=False, description="may act on behalf of users (`X-On-Behalf-Of`)")


class TokenAnswer(Answer):
    """A token without its secret."""

    id: UUID
    name: str
    login: str
    scopes: list[str]
    networks: list[str]
    service: bool
    created_at: datetime
    expires_at: datetime | None
    revoked_at: datetime | None
    last_used_at: datetime | None = Field(description="to within five minutes, readings included")
    last_used_from: str | None = Field(description="the address that it was used from then")


class IssuedTokenAnswer(TokenAnswer):
    """A new token with its secret, which is shown this once."""

    secret: str


def _token(token: Token, login: str) -> TokenAnswer:
    return TokenAnswer(
        id=token.id,
        name=token.name,
        login=login,
        scopes=token.scopes,
        networks=token.networks,
        service=token.service,
        created_at=token.created_at,
        expires_at=token.expires_at,
        revoked_at=token.revoked_at,
        last_used_at=token.last_used_at,
        last_used_from=token.last_used_from,
    )


def issue_token(call: Call, work: UnitOfWork) -> IssuedTokenAnswer:
    """Make a token and show its secret this once."""
    issued = tokens.issue_token(work, tokens.NewToken(**dict(call.body)))
    answer = _token(issued.token, call.body.login or work.actor.name)
    return IssuedTokenAnswer(**dict(answer), secret=issued.secret)


def list_tokens(call: Call, view: View) -> Listing[TokenAnswer]:
    """Return tokens, newest first."""
    page = queries.page_tokens(view, Paging(limit=call.query.limit, cursor=call.query.cursor))
    return listing(page.map(lambda token: _token(token, token.user.login)))


def token_history(call: Call, view: View) -> Listing[EventAnswer]:
    """Return what was done with a token, newest first."""
    token = queries.get_token(view, _id(call))
    paging = Paging(limit=call.query.limit, cursor=call.query.cursor)
    return listing(history.page_done_with(view, token.id, paging).map(show_event))


def revoke_token(call: Call, work: UnitOfWork) -> Reply:
    """Close a token for good."""
    tokens.revoke_token(work, _id(call))
    return Reply(status=204)


def _id(call: Call) -> UUID:
    token_id = find_id(call.path["id"])
    if token_id is None:
        raise NotFound(f"{call.path['id'][:80]!r} is no token's id", code="unknown-token")
    return token_id


_OWN = Ability.MANAGE_OWN_TOKENS
OPERATIONS = (
    Operation(
        name="tokens.issue",
        method="POST",
        path="/tokens",
        summary="Issue a token; its secret is shown this once",
        ability=_OWN,
        write=issue_token,
        body=TokenBody,
        answer=IssuedTokenAnswer,
        status=201,
    ),
    Operation(
        name="tokens.list",
        method="GET",
        path="/tokens",
        summary="List your tokens, or everybody's for administrators",
        ability=_OWN,
        read=list_tokens,
        query=PageQuery,
        answer=Listing[TokenAnswer],
    ),
    Operation(
        name="tokens.history",
        method="GET",
        path="/tokens/{id}/history",
        summary="List what was done with a token, newest first",
        ability=_OWN,
        read=token_history,
        query=PageQuery,
        answer=Listing[EventAnswer],
    ),
    Operation(
        name="tokens.revoke",
        method="DELETE",
        path="/tokens/{id}",
        summary="Revoke a token",
        ability=_OWN,
        write=revoke_token,
        status=204,
    ),
)
