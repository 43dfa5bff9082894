"""``/me``: who one is here, and one's own tokens and what was done with them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from catalog.accounts import queries, tokens
from catalog.accounts.tokens import DAYS_DEFAULT, NewToken
from catalog.accounts.vocabulary import abilities_of
from catalog.assets import history
from catalog.kernel.abilities import Ability
from catalog.kernel.errors import InvalidInput, NotFound
from catalog.kernel.ids import find_id
from catalog.kernel.paging import Paging
from catalog.web import wording
from catalog.web.deeds import deeds_of
from catalog.web.languages import gettext, marked
from catalog.web.route import Moved, Reply, Route, Shown

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

    from catalog.accounts.models import Token
    from catalog.web.route import Call
    from catalog.work.unit import UnitOfWork
    from catalog.work.view import View

PER_PAGE = 50
DEEDS = 20
NAME_MAX = 200
LIVES = (7, 30, DAYS_DEFAULT, 365)
"""For how many days a token can be made here; the API takes any number."""
SCOPES: dict[str, tuple[str, frozenset[Ability] | None]] = {
    "all": (marked("Everything that you may do"), None),
    "take": (marked("Search, read and take originals out"), frozenset({Ability.BROWSE, Ability.RELEASE})),
    "browse": (marked("Search and read only"), frozenset({Ability.BROWSE})),
}


@dataclass(frozen=True, kw_only=True)
class TokenRow:
    """A token as tables show it; ``everything``: it may whatever its user may."""

    id: UUID
    name: str
    scopes: tuple[str, ...]
    networks: tuple[str, ...]
    everything: bool
    service: bool
    live: bool
    standing: str
    created_at: datetime
    expires_at: datetime | None
    last_used_at: datetime | None
    last_used_from: str | None


def me(_call: Call, view: View) -> Reply:
    """Show who the viewer is and what they may do."""
    user = queries.get_user(view, view.viewer.name)
    values = {
        "user": user,
        "roles": [wording.plain(role) for role in user.roles],
        "groups": sorted(membership.group.code for membership in user.memberships),
        "abilities": sorted(map(wording.plain, view.viewer.abilities)),
    }
    return Shown(template="me.html", values=values)


def own_tokens(call: Call, view: View) -> Shown:
    """Show the viewer's own tokens, and the form for another."""
    return Shown(template="tokens.html", values=_tokens(view, call.asked("cursor")))


def issue(call: Call, work: UnitOfWork) -> Reply:
    """Make a token and show its secret this once."""
    issued = tokens.issue_token(work, _new_token(work, call))
    work.session.flush()
    values = _tokens(work.view, None) | {"secret": issued.secret, "secret_name": issued.token.name}
    return Shown(template="tokens.html", values=values, secret=True)


def ask_to_revoke(call: Call, view: View) -> Reply:
    """Ask whether a token of the viewer's own is to be revoked, and say what was done with it."""
    return Shown(template="revoking.html", values=revoking(call, view))


def revoking(call: Call, view: View) -> dict[str, object]:
    """Return what a token is and what was done with it, for whoever may revoke it."""
    token = queries.get_token(view, token_of(call))
    page = history.page_done_with(view, token.id, Paging(limit=DEEDS, cursor=call.asked("cursor")))
    return {
        "user": token.user,
        "row": token_row(token, view),
        "deeds": deeds_of(view, page.items),
        "total": page.total,
        "counted_up_to": history.COUNTED,
        "first": call.asked("cursor") is None,
        "next_cursor": page.next_cursor,
    }


def revoke(call: Call, work: UnitOfWork) -> Reply:
    """Close a token for good."""
    token = tokens.revoke_token(work, token_of(call))
    return Moved(page="tokens", saying=gettext("Token “%(name)s” is revoked.", name=token.name))


def token_of(call: Call) -> UUID:
    """Return the id of the token that the address names."""
    token_id = find_id(call.path["id"])
    if token_id is None:
        raise NotFound(f"{call.path['id'][:80]!r} is no token's id", code="unknown-token")
    return token_id


def _tokens(view: View, cursor: str | None) -> dict[str, object]:
    # Whoever manages accounts reads everybody's tokens; this page is about one's own, also for them.
    as_oneself = replace(view.viewer, abilities=view.viewer.abilities - {Ability.MANAGE_ACCOUNTS})
    page = queries.page_tokens(replace(view, viewer=as_oneself), Paging(limit=PER_PAGE, cursor=cursor))
    return {
        "rows": [token_row(token, view) for token in page.items],
        "next_cursor": page.next_cursor,
        "scopes": [
            (key, gettext(words))
            for key, (words, wanted) in SCOPES.items()
            if (wanted or set()) <= view.viewer.abilities
        ],
        "lives": LIVES,
        "default_life": DAYS_DEFAULT,
    }


def _new_token(work: UnitOfWork, call: Call) -> NewToken:
    name, days = call.form.get("name", "").strip(), call.form.get("days", "")
    if not 1 <= len(name) <= NAME_MAX:
        raise InvalidInput(
            f"a token has a name of 1 to {NAME_MAX} characters, so that you know it again", code="bad-name"
        )
    if days not in {str(life) for life in LIVES}:
        raise InvalidInput(f"days {days[:20]!r} is none of {', '.join(map(str, LIVES))}", code="bad-expiry")
    if call.form.get("scope") not in SCOPES:
        raise InvalidInput(
            f"scope {call.form.get('scope', '')[:20]!r} is none of {', '.join(SCOPES)}", code="bad-scope"
        )
    _, wanted = SCOPES[call.form["scope"]]
    scopes = None if wanted is None else tuple(sorted(wanted & work.actor.abilities))
    return NewToken(name=name, days=int(days), scopes=scopes, networks=networks_of(call))


def networks_of(call: Call) -> tuple[str, ...]:
    """Return the networks that a form names, between commas or spaces."""
    return tuple(call.form.get("networks", "").replace(",", " ").split())


def token_row(token: Token, view: View) -> TokenRow:
    """Return a token as tables show it."""
    expired = token.expires_at is not None and token.expires_at <= view.now
    return TokenRow(
        id=token.id,
        name=token.name,
        scopes=tuple(token.scopes),
        networks=tuple(token.networks),
        everything=abilities_of(token.user.roles) <= frozenset(map(Ability, token.scopes)),
        service=token.service,
        live=not expired and token.revoked_at is None,
        standing=_standing(token, expired=expired),
        created_at=token.created_at,
        expires_at=token.expires_at,
        last_used_at=token.last_used_at,
        last_used_from=token.last_used_from,
    )


def _standing(token: Token, *, expired: bool) -> str:
    if token.revoked_at:
        return marked("revoked")
    return marked("expired") if expired else marked("live")


_OWN = Ability.MANAGE_OWN_TOKENS
ROUTES = (
    Route(name="me", path="/me", ability=Ability.BROWSE, read=me),
    Route(name="tokens", path="/me/tokens", ability=_OWN, read=own_tokens),
    Route(name="issue", path="/me/tokens", ability=_OWN, write=issue, again=own_tokens),
    Route(name="ask_to_revoke", path="/me/tokens/{id}/revocation", ability=_OWN, read=ask_to_revoke),
    Route(name="revoke", path="/me/tokens/{id}/revocation", ability=_OWN, write=revoke),
)
