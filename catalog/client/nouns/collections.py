"""Operations on collections, as the server offers them.

Written by scripts/generate_client from the table of operations; change that, not this.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from catalog.client.answers.collecting import Added, Collected
from catalog.client.answers.collections import Collection, Share
from catalog.client.answers.files import Resolutions
from catalog.client.answers.lending import Link, MadeLink
from catalog.client.connection import Connection
from catalog.client.listing import Listing
from catalog.client.wire import UNCHANGED, Unchanged, changes, given, segment, several
from catalog.client.words import Platform, Purpose, ShareRole, Whose


class CollectionsOperations:
    """Operations on collections."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def create(
        self,
        *,
        title: str,
        description: str | None = None,
    ) -> Collection:
        """Begin a collection.

        ``title``: what people call it. ``description``: what it is for.
        """
        return Collection.read(
            self._connection.call(
                "POST", "/collections", body=given(title=title, description=description), creates=True
            )
        )

    def list(self, *, whose: Whose | None = None) -> Listing[Collection]:
        """List collections, those that changed last first.

        ``whose``: only your own, those shared with you by name, or with the whole studio.
        """
        return Listing(self._connection, "/collections", Collection.read, given(whose=whose))

    def get(
        self,
        id: UUID | str,  # noqa: A002 — the API calls it so
        *,
        link: str | None = None,
    ) -> Collection:
        """Get a collection.

        ``link``: secret of a link that opens it, where it is not shared with you.
        """
        return Collection.read(self._connection.call("GET", f"/collections/{segment(id)}", query=given(link=link)))

    def change(
        self,
        id: UUID | str,  # noqa: A002 — the API calls it so
        *,
        title: str | Unchanged = UNCHANGED,
        description: str | Unchanged = UNCHANGED,
        owner: str | Unchanged = UNCHANGED,
        studio: ShareRole | Unchanged | None = UNCHANGED,
        shares: Sequence[Share | Mapping[str, Any]] | Unchanged = UNCHANGED,
        if_revision: int | None = None,
    ) -> Collection:
        """Change a collection's words, with whom it is shared, or whose it is.

        ``title``: what people call it. ``description``: what it is for. ``owner``: login of whose it is from now
        on; you may go on editing it. ``studio``: what the whole studio may do with it; null: nothing. ``shares``:
        with whom it is shared, such as ``user:ann:edit``; they replace all that there are. ``if_revision``: the
        ``revision`` that you read; ``Stale`` is raised where it was changed since.
        """
        return Collection.read(
            self._connection.call(
                "PATCH",
                f"/collections/{segment(id)}",
                body=changes(title=title, description=description, owner=owner, studio=studio, shares=shares),
                if_revision=if_revision,
            )
        )

    def remove(
        self,
        id: UUID | str,  # noqa: A002 — the API calls it so
    ) -> None:
        """Remove a collection; its assets stay."""
        self._connection.call("DELETE", f"/collections/{segment(id)}")

    def items(
        self,
        id: UUID | str,  # noqa: A002 — the API calls it so
        *,
        link: str | None = None,
    ) -> Listing[Collected]:
        """List the items of a collection, in order.

        ``link``: secret of a link that opens it, where it is not shared with you.
        """
        return Listing(self._connection, f"/collections/{segment(id)}/items", Collected.read, given(link=link))

    def add(
        self,
        id: UUID | str,  # noqa: A002 — the API calls it so
        *,
        assets: Sequence[str],
        note: str | None = None,
    ) -> Added:
        """Add assets to a collection.

        ``assets``: ``prp_chair``, or ``prp_chair@2`` for one version of it. ``note``: of each of them.
        """
        return Added.read(
            self._connection.call(
                "POST", f"/collections/{segment(id)}/items", body=given(assets=several(assets), note=note), creates=True
            )
        )

    def annotate(
        self,
        id: UUID | str,  # noqa: A002 — the API calls it so
        item: UUID | str,
        *,
        note: str | Unchanged = UNCHANGED,
        version: int | Unchanged | None = UNCHANGED,
        if_revision: int | None = None,
    ) -> Collected:
        """Change an item's note, or the version that is meant.

        ``note``: what to know of it here. ``version``: the version that is meant; null: whichever is the latest.
        ``if_revision``: the ``revision`` that you read; ``Stale`` is raised where it was changed since.
        """
        return Collected.read(
            self._connection.call(
                "PATCH",
                f"/collections/{segment(id)}/items/{segment(item)}",
                body=changes(note=note, version=version),
                if_revision=if_revision,
            )
        )

    def move(
        self,
        id: UUID | str,  # noqa: A002 — the API calls it so
        *,
        items: Sequence[UUID | str],
        position: int | None = None,
        before: UUID | str | None = None,
        if_revision: int | None = None,
    ) -> Collection:
        """Move items of a collection.

        ``items``: ids of items, in the order in which they stand from then on. ``position``: counted from 1 without
        the items that move; beyond the last one is the end. ``before``: id of the item before which they go.
        ``if_revision``: the ``revision`` that you read; ``Stale`` is raised where it was changed since.
        """
        return Collection.read(
            self._connection.call(
                "POST",
                f"/collections/{segment(id)}/moves",
                body=given(items=several(items), position=position, before=before),
                if_revision=if_revision,
            )
        )

    def drop(
        self,
        id: UUID | str,  # noqa: A002 — the API calls it so
        *,
        items: Sequence[UUID | str],
        if_revision: int | None = None,
    ) -> Collection:
        """Take items out of a collection.

        ``items``: ids of items. ``if_revision``: the ``revision`` that you read; ``Stale`` is raised where it was
        changed since.
        """
        return Collection.read(
            self._connection.call(
                "POST",
                f"/collections/{segment(id)}/removals",
                body=given(items=several(items)),
                if_revision=if_revision,
            )
        )

    def links(
        self,
        id: UUID | str,  # noqa: A002 — the API calls it so
    ) -> Listing[Link]:
        """List the links that open a collection of yours."""
        return Listing(self._connection, f"/collections/{segment(id)}/links", Link.read)

    def make_link(
        self,
        id: UUID | str,  # noqa: A002 — the API calls it so
        *,
        name: str,
        days: int | None = None,
    ) -> MadeLink:
        """Make a link that opens a collection for some days; its secret is shown this once.

        ``name``: whom it is for. ``days``: how long it opens the collection; 90 at most; by default 14.
        """
        return MadeLink.read(
            self._connection.call("POST", f"/collections/{segment(id)}/links", body=given(name=name, days=days))
        )

    def revoke_link(
        self,
        id: UUID | str,  # noqa: A002 — the API calls it so
        link: UUID | str,
    ) -> None:
        """Revoke a link to a collection."""
        self._connection.call("DELETE", f"/collections/{segment(id)}/links/{segment(link)}")

    def paths(
        self,
        id: UUID | str,  # noqa: A002 — the API calls it so
        *,
        platform: Platform | None = None,
        site: str | None = None,
        purpose: Purpose | None = None,
        show: str | None = None,
        shot: str | None = None,
        link: str | None = None,
    ) -> Resolutions:
        """Get the paths of the files of a collection, for one use.

        ``platform``: how paths are spelled; by default linux. ``site``: the server's own by default. ``purpose``:
        what they are for. ``show``: show that they are for. ``shot``: shot that they are for. ``link``: secret of a
        link that opens it, where it is not shared with you.
        """
        return Resolutions.read(
            self._connection.call(
                "POST",
                f"/collections/{segment(id)}/paths",
                body=given(platform=platform, site=site, purpose=purpose, show=show, shot=shot, link=link),
            )
        )
