"""All operations: the one table that feeds routes, OpenAPI, client and CLI."""

from __future__ import annotations

from catalog.api import (
    accounts,
    assets,
    collecting,
    collections,
    comparing,
    edits,
    files,
    imports,
    issues,
    jobs,
    ledger,
    lending,
    me,
    merges,
    notes,
    openapi,
    places,
    reviews,
    search,
    synonyms,
    tags,
    versions,
)
from catalog.api.operation import Operation

OPERATIONS: tuple[Operation, ...] = (
    *assets.OPERATIONS,
    *versions.OPERATIONS,
    *merges.OPERATIONS,
    *comparing.OPERATIONS,
    *reviews.OPERATIONS,
    *notes.OPERATIONS,
    *issues.OPERATIONS,
    *files.OPERATIONS,
    *imports.OPERATIONS,
    *search.OPERATIONS,
    *edits.OPERATIONS,
    *collections.OPERATIONS,
    *tags.OPERATIONS,
    *synonyms.OPERATIONS,
    *collecting.OPERATIONS,
    *lending.OPERATIONS,
    *places.OPERATIONS,
    *me.OPERATIONS,
    *accounts.OPERATIONS,
    *jobs.OPERATIONS,
    *ledger.OPERATIONS,
    openapi.operation(lambda: OPERATIONS),
)
