"""Operations on edits, as the server offers them.

Written by scripts/generate_client from the table of operations; change that, not this.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from catalog.client.answers.edits import Edit, EditedAsset
from catalog.client.connection import Connection
from catalog.client.listing import Listing
from catalog.client.wire import given, segment, several
from catalog.client.words import Kind, RowState


class EditsOperations:
    """Operations on edits."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def preview(
        self,
        *,
        assets: Sequence[str] | None = None,
        search: str | None = None,
        add_tags: Sequence[str] | None = None,
        remove_tags: Sequence[str] | None = None,
        set_tags: Sequence[str] | None = None,
        owner: str | None = None,
        disown: bool | None = None,
        kind: Kind | None = None,
        retire: str | None = None,
        reinstate: bool | None = None,
        fields: Mapping[str, Any] | None = None,
    ) -> Edit:
        """See what a bulk edit would do to many assets; nothing changes before it is started.

        ``assets``: codes, ids or external ids. ``search``: all that a search finds: the query of its address, such
        as ``q=lamp&kind=prop``. ``add_tags``: tags to add. ``remove_tags``: tags to remove, in any case.
        ``set_tags``: tags that replace all that are there. ``owner``: login of the new owner. ``disown``: take the
        owner away. ``kind``: the new kind. ``retire``: offer them no longer, for this reason. ``reinstate``: offer
        retired ones again. ``fields``: values of custom fields by name; null empties one, those that are not named
        stay.
        """
        return Edit.read(
            self._connection.call(
                "POST",
                "/edits",
                body=given(
                    assets=several(assets),
                    search=search,
                    add_tags=several(add_tags),
                    remove_tags=several(remove_tags),
                    set_tags=several(set_tags),
                    owner=owner,
                    disown=disown,
                    kind=kind,
                    retire=retire,
                    reinstate=reinstate,
                    fields=fields,
                ),
                creates=True,
            )
        )

    def list(self) -> Listing[Edit]:
        """List your bulk edits, newest first; operators see all."""
        return Listing(self._connection, "/edits", Edit.read)

    def get(
        self,
        id: UUID | str,  # noqa: A002 — the API calls it so
    ) -> Edit:
        """Get a bulk edit, and how far it is."""
        return Edit.read(self._connection.call("GET", f"/edits/{segment(id)}"))

    def assets(
        self,
        id: UUID | str,  # noqa: A002 — the API calls it so
        *,
        state: RowState | None = None,
    ) -> Listing[EditedAsset]:
        """List what a bulk edit does, did, or left alone, asset by asset.

        ``state``: only in this state.
        """
        return Listing(self._connection, f"/edits/{segment(id)}/assets", EditedAsset.read, given(state=state))

    def start(
        self,
        id: UUID | str,  # noqa: A002 — the API calls it so
    ) -> Edit:
        """Do what a bulk edit previewed, or the rest of it where it was stopped."""
        return Edit.read(self._connection.call("POST", f"/edits/{segment(id)}/start"))

    def cancel(
        self,
        id: UUID | str,  # noqa: A002 — the API calls it so
    ) -> Edit:
        """Stop a bulk edit; what it changed until then stays."""
        return Edit.read(self._connection.call("POST", f"/edits/{segment(id)}/cancellation"))

    def undo(
        self,
        id: UUID | str,  # noqa: A002 — the API calls it so
    ) -> Edit:
        """Set back what a bulk edit wrote, where nobody has changed it since."""
        return Edit.read(self._connection.call("POST", f"/edits/{segment(id)}/undo"))
