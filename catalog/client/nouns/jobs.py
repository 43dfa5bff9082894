"""Operations on jobs, as the server offers them.

Written by scripts/generate_client from the table of operations; change that, not this.
"""

from __future__ import annotations

from uuid import UUID

from catalog.client.answers.jobs import Job
from catalog.client.connection import Connection
from catalog.client.listing import Listing
from catalog.client.wire import given, segment
from catalog.client.words import JobState


class JobsOperations:
    """Operations on jobs."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def list(
        self,
        *,
        state: JobState | None = None,
        kind: str | None = None,
    ) -> Listing[Job]:
        """List owed work, newest first.

        ``state``: only in this state; ``dead`` waits for people. ``kind``: only of this kind, such as ``render-
        previews``.
        """
        return Listing(self._connection, "/jobs", Job.read, given(state=state, kind=kind))

    def get(
        self,
        id: UUID | str,  # noqa: A002 — the API calls it so
    ) -> Job:
        """Get a job."""
        return Job.read(self._connection.call("GET", f"/jobs/{segment(id)}"))

    def retry(
        self,
        id: UUID | str,  # noqa: A002 — the API calls it so
    ) -> Job:
        """Try a dead letter again."""
        return Job.read(self._connection.call("POST", f"/jobs/{segment(id)}/retry"))
