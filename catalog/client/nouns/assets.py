"""Operations on assets, as the server offers them.

Written by scripts/generate_client from the table of operations; change that, not this.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from catalog.client.answers.assets import Dependent
from catalog.client.answers.ledger import Event
from catalog.client.answers.merges import MergePlan
from catalog.client.answers.shapes import Alias, Asset, Card, ExternalId
from catalog.client.connection import Connection
from catalog.client.listing import Listing
from catalog.client.wire import UNCHANGED, Unchanged, changes, given, segment, several
from catalog.client.words import AssetStatus, Kind


class AssetsOperations:
    """Operations on assets."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def register(
        self,
        *,
        code: str,
        name: str,
        kind: Kind,
        description: str | None = None,
        tags: Sequence[str] | None = None,
        aliases: Sequence[Alias | Mapping[str, Any]] | None = None,
        external_ids: Sequence[ExternalId | Mapping[str, Any]] | None = None,
        owner: str | None = None,
        show: str | None = None,
        audience: Sequence[str] | None = None,
        fields: Mapping[str, Any] | None = None,
    ) -> Asset:
        """Register an asset.

        ``code``: its name in paths and references, such as ``chr_ann``; it stays as it is. ``name``: what people
        call it, in any script. ``kind``: what sort of asset it is. ``description``: what it is, in words that are
        searched. ``tags``: words to find it by. ``aliases``: other names, such as translated ones, with their
        language. ``external_ids``: what other systems call it, such as ``shotgrid:4711``. ``owner``: login; the
        caller by default. ``show``: code of the home show. ``audience``: groups that may know of it; null: the
        studio. ``fields``: values of custom fields by name, such as ``vendor`` (see /fields).
        """
        return Asset.read(
            self._connection.call(
                "POST",
                "/assets",
                body=given(
                    code=code,
                    name=name,
                    kind=kind,
                    description=description,
                    tags=several(tags),
                    aliases=aliases,
                    external_ids=external_ids,
                    owner=owner,
                    show=show,
                    audience=several(audience),
                    fields=fields,
                ),
                creates=True,
            )
        )

    def list(
        self,
        *,
        kind: Kind | None = None,
        status: AssetStatus | None = None,
        show: str | None = None,
    ) -> Listing[Card]:
        """List assets, newest first.

        ``kind``: only of this kind. ``status``: only with this standing. ``show``: only of the show with this code.
        """
        return Listing(self._connection, "/assets", Card.read, given(kind=kind, status=status, show=show))

    def get(self, code: str) -> Asset:
        """Get an asset by code, id or external id."""
        return Asset.read(self._connection.call("GET", f"/assets/{segment(code)}"))

    def change(
        self,
        code: str,
        *,
        name: str | Unchanged = UNCHANGED,
        kind: Kind | Unchanged = UNCHANGED,
        description: str | Unchanged = UNCHANGED,
        tags: Sequence[str] | Unchanged = UNCHANGED,
        aliases: Sequence[Alias | Mapping[str, Any]] | Unchanged = UNCHANGED,
        external_ids: Sequence[ExternalId | Mapping[str, Any]] | Unchanged = UNCHANGED,
        owner: str | Unchanged | None = UNCHANGED,
        show: str | Unchanged | None = UNCHANGED,
        audience: Sequence[str] | Unchanged | None = UNCHANGED,
        fields: Mapping[str, Any] | Unchanged = UNCHANGED,
        if_revision: int | None = None,
    ) -> Asset:
        """Change an asset's names, description, tags, ids, owner, show, audience or custom fields.

        ``name``: what people call it, in any script. ``kind``: what sort of asset it is. ``description``: what it
        is, in words that are searched. ``tags``: words to find it by; they replace all that it has. ``aliases``:
        other names with their language; they replace all that it has. ``external_ids``: what other systems call it;
        they replace all that it has. ``owner``: login. ``show``: code of the home show. ``audience``: groups that
        may know of it, which replace all that it has; null: the studio. ``fields``: values of custom fields by
        name; null empties one, those that are not named stay. ``if_revision``: the ``revision`` that you read;
        ``Stale`` is raised where it was changed since.
        """
        return Asset.read(
            self._connection.call(
                "PATCH",
                f"/assets/{segment(code)}",
                body=changes(
                    name=name,
                    kind=kind,
                    description=description,
                    tags=several(tags),
                    aliases=aliases,
                    external_ids=external_ids,
                    owner=owner,
                    show=show,
                    audience=several(audience),
                    fields=fields,
                ),
                if_revision=if_revision,
            )
        )

    def retire(
        self,
        code: str,
        *,
        reason: str,
        if_revision: int | None = None,
    ) -> Asset:
        """Offer an asset no longer.

        ``reason``: why, for whoever uses it. ``if_revision``: the ``revision`` that you read; ``Stale`` is raised
        where it was changed since.
        """
        return Asset.read(
            self._connection.call(
                "POST", f"/assets/{segment(code)}/retirement", body=given(reason=reason), if_revision=if_revision
            )
        )

    def reinstate(self, code: str, *, if_revision: int | None = None) -> Asset:
        """Offer a retired asset again.

        ``if_revision``: the ``revision`` that you read; ``Stale`` is raised where it was changed since.
        """
        return Asset.read(
            self._connection.call("DELETE", f"/assets/{segment(code)}/retirement", if_revision=if_revision)
        )

    def history(self, code: str) -> Listing[Event]:
        """List what happened to an asset, newest first."""
        return Listing(self._connection, f"/assets/{segment(code)}/history", Event.read)

    def where_used(self, code: str, *, depth: int | None = None) -> Listing[Dependent]:
        """List all that contains an asset or was made from it, to any depth, nearest first.

        ``depth``: so many relations away at most; by default 64.
        """
        return Listing(self._connection, f"/assets/{segment(code)}/where-used", Dependent.read, given(depth=depth))

    def preview_merge(self, code: str, into: str) -> MergePlan:
        """See what merging an asset into another would do, and what stands in the way.

        ``into``: code of the asset that stays.
        """
        return MergePlan.read(self._connection.call("GET", f"/assets/{segment(code)}/merge", query=given(into=into)))

    def merge(
        self,
        code: str,
        *,
        into: str,
        if_revision: int | None = None,
    ) -> Asset:
        """Merge an asset into another: its code and versions name the same bytes, its latest is the other's.

        ``into``: code of the asset that stays. ``if_revision``: the ``revision`` that you read; ``Stale`` is raised
        where it was changed since.
        """
        return Asset.read(
            self._connection.call(
                "POST", f"/assets/{segment(code)}/merge", body=given(into=into), if_revision=if_revision
            )
        )

    def unmerge(self, code: str, *, if_revision: int | None = None) -> Asset:
        """Take a merge back: both are assets of their own again.

        ``if_revision``: the ``revision`` that you read; ``Stale`` is raised where it was changed since.
        """
        return Asset.read(self._connection.call("DELETE", f"/assets/{segment(code)}/merge", if_revision=if_revision))
