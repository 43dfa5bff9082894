"""Operations on relations, as the server offers them.

Written by scripts/generate_client from the table of operations; change that, not this.
"""

from __future__ import annotations

from uuid import UUID

from catalog.client.answers.assets import Relation
from catalog.client.connection import Connection
from catalog.client.listing import Listing
from catalog.client.wire import given, segment
from catalog.client.words import RelationKind


class RelationsOperations:
    """Operations on relations."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def list(self, code: str) -> Listing[Relation]:
        """List an asset's relations, oldest first."""
        return Listing(self._connection, f"/assets/{segment(code)}/relations", Relation.read)

    def add(
        self,
        code: str,
        *,
        kind: RelationKind,
        target: str,
        count: int | None = None,
    ) -> Relation:
        """Say what an asset contains or was made from.

        ``kind``: how the asset has to do with the target. ``target``: code, or code@3 for one version. ``count``:
        how many of it, for contains.
        """
        return Relation.read(
            self._connection.call(
                "POST",
                f"/assets/{segment(code)}/relations",
                body=given(kind=kind, target=target, count=count),
                creates=True,
            )
        )

    def remove(self, code: str, relation: UUID | str) -> None:
        """Take a relation back."""
        self._connection.call("DELETE", f"/assets/{segment(code)}/relations/{segment(relation)}")
