"""Operations on reviews, as the server offers them.

Written by scripts/generate_client from the table of operations; change that, not this.
"""

from __future__ import annotations

from catalog.client.answers.shapes import Version
from catalog.client.connection import Connection
from catalog.client.listing import Listing
from catalog.client.wire import given, segment


class ReviewsOperations:
    """Operations on reviews."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def list(self) -> Listing[Version]:
        """List the versions that wait for review, the oldest first: all for those who curate, else your own."""
        return Listing(self._connection, "/reviews", Version.read)

    def approve(self, code: str, number: int, *, if_revision: int | None = None) -> Version:
        """Publish a version that waits for review.

        ``if_revision``: the ``revision`` that you read; ``Stale`` is raised where it was changed since.
        """
        return Version.read(
            self._connection.call(
                "POST", f"/assets/{segment(code)}/versions/{segment(number)}/approval", if_revision=if_revision
            )
        )

    def send_back(
        self,
        code: str,
        number: int,
        *,
        reason: str,
        if_revision: int | None = None,
    ) -> Version:
        """Give a version that waits for review back to its maker, with the reason.

        ``reason``: why, for whoever uses it. ``if_revision``: the ``revision`` that you read; ``Stale`` is raised
        where it was changed since.
        """
        return Version.read(
            self._connection.call(
                "POST",
                f"/assets/{segment(code)}/versions/{segment(number)}/return",
                body=given(reason=reason),
                if_revision=if_revision,
            )
        )
