"""Collections to take along: as CSV, as JSON, and as the paths of their files.

Rows are read in pages, so that a long collection fills no memory; each page is what the viewer sees then. Paths pass
the gate: whoever exports them calls ``licensing.gate`` with what is resolved.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from catalog.accounts.queries import logins_of
from catalog.assets.naming import entity_reference
from catalog.collections import links, queries
from catalog.fields.queries import fields_in_use, values_of
from catalog.kernel.exports import Exported, Form, as_csv, as_json
from catalog.kernel.paging import LIMIT_MAX, Paging

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from uuid import UUID

    from catalog.assets.resolving import Resolved
    from catalog.collections.queries import Collected
    from catalog.kernel.actors import Actor
    from catalog.work.desk import Desk
    from catalog.work.view import View

COLUMNS = (
    "number",
    "code",
    "version",
    "name",
    "kind",
    "status",
    "latest_version",
    "show",
    "tags",
    "note",
    "absence",
    "reason",
    "reference",
    "added_at",
    "added_by",
)
"""And after them, custom fields that are in use: ``fields.weight``."""


def export(
    desk: Desk, viewer: Actor, collection_id: UUID | str, secret: str | None, form: Form, *, bom: bool = False
) -> Exported:
    """Return a collection that the viewer may see, or that a link opens, as a file.

    ``bom`` makes CSV for spreadsheets.
    """
    with desk.view(viewer) as view:
        collection = links.open_collection(view, collection_id, secret)
        columns = (*COLUMNS, *(f"fields.{name}" for name in fields_in_use(view)))
        count, title = queries.count_items(view, [collection])[collection.id], collection.title
    pages = _pages(desk, viewer, collection_id, secret)
    head = {"title": title, "total": count}
    chunks = as_csv(columns, pages, bom=bom) if form is Form.CSV else as_json(head, pages)
    return Exported(count=count, file_name=f"{title}.{form}", media_type=form.media_type, chunks=chunks)


def every_name(view: View, collection_id: UUID | str, secret: str | None) -> list[str]:
    """Return what every item names that the viewer sees, in order."""
    collection = links.open_collection(view, collection_id, secret)
    named: list[str] = []
    cursor: str | None = None
    while True:
        page = queries.page_items(view, collection, Paging(limit=LIMIT_MAX, cursor=cursor))
        named += [one.named for one in page.items]
        cursor = page.next_cursor
        if cursor is None:
            return named


def path_lines(resolved: Sequence[Resolved]) -> Iterator[str]:
    """Yield a line for each file: its path on the asked platform, or its reference where the store keeps it.

    What cannot be taken is a line that begins with ``#`` and says why.
    """
    for one in resolved:
        if one.version is None:
            yield f"# {one.reference}: {one.message}"
            continue
        for remark in one.remarks:
            yield f"# {remark}"
        for found in one.files:
            stored = entity_reference(one.version.asset.code, one.version.number, found.file.path)
            yield found.location or stored


def _pages(desk: Desk, viewer: Actor, collection_id: UUID | str, secret: str | None) -> Iterator[list[dict[str, Any]]]:
    """Yield the rows page by page, each from a reading of its own, so that a slow reader holds up nobody."""
    cursor: str | None = None
    while True:
        with desk.view(viewer) as view:
            collection = links.open_collection(view, collection_id, secret)
            page = queries.page_items(view, collection, Paging(limit=LIMIT_MAX, cursor=cursor))
            rows = _rows(view, page.items)
        yield rows
        cursor = page.next_cursor
        if cursor is None:
            return


def _rows(view: View, items: Sequence[Collected]) -> list[dict[str, Any]]:
    logins = logins_of(view, {one.item.added_by_id for one in items})
    in_use = fields_in_use(view)
    return [
        {
            "number": one.number,
            "code": one.asset.code,
            "version": one.item.version_number or None,
            "name": one.asset.name,
            "kind": one.asset.kind,
            "status": one.asset.status,
            "latest_version": one.asset.latest_number,
            "show": one.asset.show.code if one.asset.show else None,
            "tags": one.asset.tags,
            "note": one.item.note,
            "absence": one.absence.value if one.absence else None,
            "reason": one.reason,
            "reference": entity_reference(one.asset.code, one.item.version_number or None),
            "added_at": one.item.added_at.isoformat(),
            "added_by": logins.get(one.item.added_by_id),
            "fields": values_of(in_use, one.asset.fields),
        }
        for one in items
    ]
