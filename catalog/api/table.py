"""All operations: the one table that feeds routes, OpenAPI, client and CLI."""

from __future__ import annotations

from catalog.api import accounts, assets, files, imports, jobs, ledger, places, search, versions

OPERATIONS = (
    *assets.OPERATIONS,
    *versions.OPERATIONS,
    *files.OPERATIONS,
    *imports.OPERATIONS,
    *search.OPERATIONS,
    *places.OPERATIONS,
    *accounts.OPERATIONS,
    *jobs.OPERATIONS,
    *ledger.OPERATIONS,
)
