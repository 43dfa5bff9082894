"""Work that bulk edits owe."""

from __future__ import annotations

from catalog.jobs.vocabulary import JobKind

RUN_EDIT = JobKind(name="run-edit", heavy=True)
"""Do what a bulk edit says, or set it back: whichever its state asks for."""
