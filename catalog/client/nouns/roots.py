"""Operations on roots, as the server offers them.

Written by scripts/generate_client from the table of operations; change that, not this.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from catalog.client.answers.places import Root, Template
from catalog.client.connection import Connection
from catalog.client.listing import Listing
from catalog.client.wire import UNCHANGED, Unchanged, changes, given, segment


class RootsOperations:
    """Operations on roots."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def declare(
        self,
        *,
        name: str,
        templates: Sequence[Template | Mapping[str, Any]],
    ) -> Root:
        """Declare a place where files may be referenced.

        ``name``: what references under it begin with, such as ``library``. ``templates``: its path for a platform
        at a site, such as ``linux:main:/mnt/library``.
        """
        return Root.read(
            self._connection.call("POST", "/roots", body=given(name=name, templates=templates), creates=True)
        )

    def list(self) -> Listing[Root]:
        """List roots."""
        return Listing(self._connection, "/roots", Root.read)

    def get(self, name: str) -> Root:
        """Get a root."""
        return Root.read(self._connection.call("GET", f"/roots/{segment(name)}"))

    def change(
        self,
        name: str,
        *,
        templates: Sequence[Template | Mapping[str, Any]] | Unchanged = UNCHANGED,
        if_revision: int | None = None,
    ) -> Root:
        """Spell a root differently.

        ``templates``: its path for a platform at a site; they replace all that it has. ``if_revision``: the
        ``revision`` that you read; ``Stale`` is raised where it was changed since.
        """
        return Root.read(
            self._connection.call(
                "PATCH", f"/roots/{segment(name)}", body=changes(templates=templates), if_revision=if_revision
            )
        )
