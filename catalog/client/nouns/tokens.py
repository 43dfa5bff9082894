"""Operations on tokens, as the server offers them.

Written by scripts/generate_client from the table of operations; change that, not this.
"""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from catalog.client.answers.ledger import Event
from catalog.client.answers.tokens import IssuedToken, Token
from catalog.client.connection import Connection
from catalog.client.listing import Listing
from catalog.client.wire import given, segment, several
from catalog.client.words import Ability


class TokensOperations:
    """Operations on tokens."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def issue(
        self,
        *,
        name: str,
        login: str | None = None,
        scopes: Sequence[Ability] | None = None,
        networks: Sequence[str] | None = None,
        days: int | None = None,
        service: bool | None = None,
    ) -> IssuedToken:
        """Issue a token; its secret is shown this once.

        ``name``: what it is for. ``login``: for whom; the caller by default. ``scopes``: abilities it carries; all
        of its user's by default. ``networks``: where it may be used from, such as ``10.20.0.0/16``; anywhere by
        default. ``days``: how long it is valid; by default 90. ``service``: may act on behalf of users (``X-On-
        Behalf-Of``).
        """
        return IssuedToken.read(
            self._connection.call(
                "POST",
                "/tokens",
                body=given(
                    name=name,
                    login=login,
                    scopes=several(scopes),
                    networks=several(networks),
                    days=days,
                    service=service,
                ),
            )
        )

    def list(self) -> Listing[Token]:
        """List your tokens, or everybody's for administrators."""
        return Listing(self._connection, "/tokens", Token.read)

    def history(
        self,
        id: UUID | str,  # noqa: A002 — the API calls it so
    ) -> Listing[Event]:
        """List what was done with a token, newest first."""
        return Listing(self._connection, f"/tokens/{segment(id)}/history", Event.read)

    def revoke(
        self,
        id: UUID | str,  # noqa: A002 — the API calls it so
    ) -> None:
        """Revoke a token."""
        self._connection.call("DELETE", f"/tokens/{segment(id)}")
