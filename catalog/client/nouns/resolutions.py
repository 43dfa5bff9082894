"""Operations on resolutions, as the server offers them.

Written by scripts/generate_client from the table of operations; change that, not this.
"""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from catalog.client.answers.files import Resolutions
from catalog.client.connection import Connection
from catalog.client.wire import given, several
from catalog.client.words import Platform, Purpose


class ResolutionsOperations:
    """Operations on resolutions."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def create(
        self,
        *,
        references: Sequence[str],
        platform: Platform | None = None,
        site: str | None = None,
        purpose: Purpose | None = None,
        show: str | None = None,
        shot: str | None = None,
        pull: bool | None = None,
        direct: bool | None = None,
        admission: UUID | str | None = None,
    ) -> Resolutions:
        """Resolve up to 500 references to paths and addresses, for one use.

        ``references``: ``prp_crate``, ``prp_crate@2``, or one file of it:
        ``catalog://assets/prp_crate/v2/files/crate.usd``. ``platform``: how paths are spelled; by default linux.
        ``site``: the server's own by default. ``purpose``: what they are for. ``show``: show that they are for.
        ``shot``: shot that they are for. ``pull``: whether the bytes are about to be pulled, for the ledger.
        ``direct``: let the ``url`` of a reference that names a file be an address of the store, which lives 60 s
        and takes no token; where the store has none for clients, it stays as it is. The ledger calls this a pull.
        ``admission``: of a resolution that let this out for the same use, within a day: it leaves no further ledger
        entry; bytes go on only under one that was to ``pull``.
        """
        return Resolutions.read(
            self._connection.call(
                "POST",
                "/resolutions",
                body=given(
                    references=several(references),
                    platform=platform,
                    site=site,
                    purpose=purpose,
                    show=show,
                    shot=shot,
                    pull=pull,
                    direct=direct,
                    admission=admission,
                ),
            )
        )
