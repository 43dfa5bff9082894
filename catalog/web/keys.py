"""``/admin/tokens``: everybody's tokens, for those who manage accounts, and tokens for services."""

from __future__ import annotations

from typing import TYPE_CHECKING

from catalog.accounts import queries, tokens
from catalog.accounts.tokens import DAYS_DEFAULT, DAYS_MAX, NewToken
from catalog.kernel.abilities import Ability
from catalog.kernel.errors import InvalidInput
from catalog.kernel.paging import Paging
from catalog.web.account import networks_of, revoking, token_of, token_row
from catalog.web.forms import find_number
from catalog.web.languages import gettext
from catalog.web.route import Moved, Reply, Route, Shown

if TYPE_CHECKING:
    from catalog.web.route import Call
    from catalog.work.unit import UnitOfWork
    from catalog.work.view import View

PER_PAGE = 100


def list_tokens(call: Call, view: View) -> Shown:
    """Show everybody's tokens, newest first, and the form for another."""
    page = queries.page_tokens(view, Paging(limit=PER_PAGE, cursor=call.asked("cursor")))
    values = {
        "rows": [(token.user, token_row(token, view)) for token in page.items],
        "next_cursor": page.next_cursor,
        "abilities": tuple(Ability),
        "days_default": DAYS_DEFAULT,
        "days_max": DAYS_MAX,
    }
    return Shown(template="admin/tokens.html", values=values)


def issue(call: Call, work: UnitOfWork) -> Reply:
    """Make a token for somebody, and show its secret this once."""
    days = find_number(call.form.get("days", ""))
    if days is None:
        said = call.form.get("days", "")
        raise InvalidInput(f"days {said[:20]!r} is not a number from 1 to {DAYS_MAX}", code="bad-expiry")
    new = NewToken(
        name=call.form.get("name", ""),
        login=call.form.get("login", "").strip(),
        scopes=tuple(one for one in Ability if f"scope-{one.value}" in call.form) or None,
        networks=networks_of(call),
        days=days,
        service="service" in call.form,
    )
    issued = tokens.issue_token(work, new)
    work.session.flush()
    shown = list_tokens(call, work.view)
    values = {**shown.values, "secret": issued.secret, "secret_name": issued.token.name}
    return Shown(template=shown.template, values=values, secret=True)


def ask_to_revoke(call: Call, view: View) -> Reply:
    """Ask whether anybody's token is to be revoked, and say what was done with it."""
    return Shown(template="admin/revoking.html", values=revoking(call, view))


def revoke(call: Call, work: UnitOfWork) -> Reply:
    """Close anybody's token for good."""
    token = tokens.revoke_token(work, token_of(call))
    return Moved(page="all_tokens", saying=gettext("Token “%(name)s” is revoked.", name=token.name))


_ACCOUNTS = Ability.MANAGE_ACCOUNTS
ROUTES = (
    Route(name="all_tokens", path="/admin/tokens", ability=_ACCOUNTS, read=list_tokens),
    Route(name="issue_for", path="/admin/tokens", ability=_ACCOUNTS, write=issue, again=list_tokens),
    Route(name="ask_to_revoke_any", path="/admin/tokens/{id}/revocation", ability=_ACCOUNTS, read=ask_to_revoke),
    Route(name="revoke_any", path="/admin/tokens/{id}/revocation", ability=_ACCOUNTS, write=revoke),
)
