"""Kinds of work that the registry owes."""

from __future__ import annotations

from catalog.jobs.vocabulary import JobKind

SETTLE_VERSION = JobKind(name="settle-version")
"""Verify what was uploaded for a version, move it under its digest, publish."""
