"""What a search finds, to take along: every hit in its order, as CSV and as JSON.

What is found is decided once, at the beginning; what is told of each is read in pages, as the viewer sees it then. So
an asset that somebody takes away meanwhile is missing, and none comes twice.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from catalog.accounts.queries import logins_of
from catalog.assets.naming import entity_reference
from catalog.assets.queries import assets_by_id
from catalog.fields.queries import fields_in_use, values_of
from catalog.kernel.batches import in_batches
from catalog.kernel.errors import InvalidInput
from catalog.kernel.exports import Exported, Form, as_csv, as_json
from catalog.search.queries import find_ids

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from uuid import UUID

    from catalog.kernel.actors import Actor
    from catalog.search.port import SearchIndex
    from catalog.search.queries import Question
    from catalog.work.desk import Desk
    from catalog.work.view import View

ROWS_MAX = 50_000
BATCH = 200
COLUMNS = (
    "code",
    "name",
    "kind",
    "status",
    "show",
    "latest_version",
    "tags",
    "aliases",
    "external_ids",
    "description",
    "owner",
    "reference",
    "created_at",
    "updated_at",
)
"""And after them, custom fields that are in use: ``fields.weight``."""


def export(
    desk: Desk, viewer: Actor, index: SearchIndex, question: Question, form: Form, *, bom: bool = False
) -> Exported:
    """Return all that a question finds as a file; page and facets of the question do not matter.

    ``bom`` makes CSV for spreadsheets. Raises what ``search`` does, and ``InvalidInput`` for more than ``ROWS_MAX``.
    """
    with desk.view(viewer) as view:
        ids = find_ids(view, index, question, ROWS_MAX + 1)
        columns = (*COLUMNS, *(f"fields.{name}" for name in fields_in_use(view)))
    if len(ids) > ROWS_MAX:
        raise InvalidInput(
            f"this search finds more than {ROWS_MAX:,} assets, which is what one export takes; narrow it",
            code="too-many-assets",
        )
    pages = _pages(desk, viewer, ids)
    head = {"q": question.text, "total": len(ids)}
    chunks = as_csv(columns, pages, bom=bom) if form is Form.CSV else as_json(head, pages)
    return Exported(count=len(ids), file_name=f"assets.{form}", media_type=form.media_type, chunks=chunks)


def _pages(desk: Desk, viewer: Actor, ids: Sequence[UUID]) -> Iterator[list[dict[str, Any]]]:
    """Yield the rows page by page, each from a reading of its own, so that a slow reader holds up nobody."""
    for batch in in_batches(ids, BATCH):
        with desk.view(viewer) as view:
            rows = _rows(view, batch)
        yield rows


def _rows(view: View, ids: Sequence[UUID]) -> list[dict[str, Any]]:
    found = assets_by_id(view, ids)
    assets = [found[one] for one in ids if one in found]
    logins = logins_of(view, {asset.owner_id for asset in assets if asset.owner_id})
    in_use = fields_in_use(view)
    return [
        {
            "code": asset.code,
            "name": asset.name,
            "kind": asset.kind,
            "status": asset.status,
            "show": asset.show.code if asset.show else None,
            "latest_version": asset.latest_number,
            "tags": asset.tags,
            "aliases": [alias["text"] for alias in asset.aliases],
            "external_ids": [f"{one.system}:{one.value}" for one in asset.external_ids],
            "description": asset.description,
            "owner": logins.get(asset.owner_id) if asset.owner_id else None,
            "reference": entity_reference(asset.code),
            "created_at": asset.created_at.isoformat(),
            "updated_at": asset.updated_at.isoformat(),
            "fields": values_of(in_use, asset.fields),
        }
        for asset in assets
    ]
