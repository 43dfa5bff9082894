"""Every page there is for people who are signed in."""

from __future__ import annotations

from catalog.web import (
    account,
    assets,
    comparing,
    display,
    drafts,
    editing,
    health,
    issues,
    jobs,
    keys,
    merging,
    notes,
    paths,
    people,
    pictures,
    registering,
    roots,
    search,
    typeahead,
    versions,
)

ROUTES = (
    *search.ROUTES,
    *typeahead.ROUTES,
    *assets.ROUTES,
    *editing.ROUTES,
    *versions.ROUTES,
    *paths.ROUTES,
    *comparing.ROUTES,
    *merging.ROUTES,
    *notes.ROUTES,
    *issues.ROUTES,
    *pictures.ROUTES,
    *jobs.ROUTES,
    *account.ROUTES,
    *display.ROUTES,
    *health.ROUTES,
    *people.ROUTES,
    *keys.ROUTES,
    *roots.ROUTES,
    *registering.ROUTES,
    *drafts.ROUTES,
)
