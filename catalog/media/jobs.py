"""Kinds of work that this room owes."""

from __future__ import annotations

from datetime import timedelta

from catalog.jobs.vocabulary import JobKind

INSPECT_VERSION = JobKind(name="inspect-version", heavy=True)
"""Measure the files of a version that were not measured yet; its end is ``version.inspected``."""

RENDER_PREVIEWS = JobKind(name="render-previews", heavy=True, backoff=timedelta(seconds=5))
"""Draw the pictures of a version that are missing; owed again, it refills an emptied store of derived objects."""

RENDER_DETAILS = JobKind(name="render-details", heavy=True, unhurried=True, backoff=timedelta(seconds=10))
"""Make the turntable and whatever else ``makers.table`` makes of a version, where it is missing."""
