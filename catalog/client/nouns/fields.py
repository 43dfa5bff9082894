"""Operations on fields, as the server offers them.

Written by scripts/generate_client from the table of operations; change that, not this.
"""

from __future__ import annotations

from catalog.client.answers.fields import Field
from catalog.client.connection import Connection
from catalog.client.listing import Listing
from catalog.client.wire import UNCHANGED, Unchanged, changes, given, segment
from catalog.client.words import FieldType


class FieldsOperations:
    """Operations on fields."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def define(
        self,
        *,
        name: str,
        type: FieldType,  # noqa: A002 — the API calls it so
        label: str | None = None,
        label_zh: str | None = None,
        unit: str | None = None,
        description: str | None = None,
        facet: bool | None = None,
    ) -> Field:
        """Define a custom field of assets.

        ``name``: what requests and searches call it, such as ``vendor_id``; it stays. ``type``: ``text`` is
        searched by its words, ``exact`` is one term as it is, ``number`` has ranges; it stays. ``label``: what
        people call it; its name by default. ``label_zh``: what it is called in Chinese; its label by default.
        ``unit``: what its numbers count, such as ``m``. ``description``: what is to be entered, for whoever fills
        it in. ``facet``: narrow searches by its values and count them; of exact terms only.
        """
        return Field.read(
            self._connection.call(
                "POST",
                "/fields",
                body=given(
                    name=name,
                    type=type,
                    label=label,
                    label_zh=label_zh,
                    unit=unit,
                    description=description,
                    facet=facet,
                ),
                creates=True,
            )
        )

    def list(self) -> Listing[Field]:
        """List custom fields by name, the retired ones too."""
        return Listing(self._connection, "/fields", Field.read)

    def get(self, name: str) -> Field:
        """Get a custom field."""
        return Field.read(self._connection.call("GET", f"/fields/{segment(name)}"))

    def change(
        self,
        name: str,
        *,
        label: str | Unchanged = UNCHANGED,
        label_zh: str | Unchanged = UNCHANGED,
        unit: str | Unchanged = UNCHANGED,
        description: str | Unchanged = UNCHANGED,
        facet: bool | Unchanged = UNCHANGED,
        if_revision: int | None = None,
    ) -> Field:
        """Change a custom field's labels, unit or description.

        ``label``: what people call it; its name by default. ``label_zh``: what it is called in Chinese; its label
        by default. ``unit``: what its numbers count, such as ``m``. ``description``: what is to be entered, for
        whoever fills it in. ``facet``: narrow searches by its values and count them; of exact terms only.
        ``if_revision``: the ``revision`` that you read; ``Stale`` is raised where it was changed since.
        """
        return Field.read(
            self._connection.call(
                "PATCH",
                f"/fields/{segment(name)}",
                body=changes(label=label, label_zh=label_zh, unit=unit, description=description, facet=facet),
                if_revision=if_revision,
            )
        )

    def retire(self, name: str, *, if_revision: int | None = None) -> Field:
        """Use a custom field no longer; assets keep its values, unseen.

        ``if_revision``: the ``revision`` that you read; ``Stale`` is raised where it was changed since.
        """
        return Field.read(self._connection.call("POST", f"/fields/{segment(name)}/retirement", if_revision=if_revision))

    def reinstate(self, name: str, *, if_revision: int | None = None) -> Field:
        """Use a retired custom field again, with the values that it had.

        ``if_revision``: the ``revision`` that you read; ``Stale`` is raised where it was changed since.
        """
        return Field.read(
            self._connection.call("DELETE", f"/fields/{segment(name)}/retirement", if_revision=if_revision)
        )
