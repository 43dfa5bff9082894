"""Operations on versions, as the server offers them.

Written by scripts/generate_client from the table of operations; change that, not this.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from catalog.client.answers.comparing import Comparison
from catalog.client.answers.shapes import File, Version
from catalog.client.answers.versions import Draft, FileEntry, NewAsset, Upload, WholeVersion
from catalog.client.connection import Connection
from catalog.client.listing import Listing
from catalog.client.wire import given, segment


class VersionsOperations:
    """Operations on versions."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def draft(
        self,
        code: str,
        *,
        files: Sequence[FileEntry | Mapping[str, Any]],
        note: str | None = None,
        asset: NewAsset | Mapping[str, Any] | None = None,
    ) -> Draft:
        """Draft the next version from the digests of its files.

        ``files``: all files that it is made of. ``note``: what changed. ``asset``: what to register where there is
        no such asset; both or nothing is done.
        """
        return Draft.read(
            self._connection.call(
                "POST",
                f"/assets/{segment(code)}/versions",
                body=given(files=files, note=note, asset=asset),
                creates=True,
            )
        )

    def list(self, code: str) -> Listing[Version]:
        """List an asset's versions, newest first."""
        return Listing(self._connection, f"/assets/{segment(code)}/versions", Version.read)

    def get(self, code: str, number: int) -> WholeVersion:
        """Get a version with its files, facts, findings and previews."""
        return WholeVersion.read(self._connection.call("GET", f"/assets/{segment(code)}/versions/{segment(number)}"))

    def files(self, code: str, number: int) -> Listing[File]:
        """List a version's files by path."""
        return Listing(self._connection, f"/assets/{segment(code)}/versions/{segment(number)}/files", File.read)

    def uploads(self, code: str, number: int) -> Listing[Upload]:
        """List signed requests for the blobs that are still to be uploaded; asking again renews them."""
        return Listing(self._connection, f"/assets/{segment(code)}/versions/{segment(number)}/uploads", Upload.read)

    def drafts(self) -> Listing[Version]:
        """List your own versions in the making, newest first."""
        return Listing(self._connection, "/drafts", Version.read)

    def discard(self, code: str, number: int, *, if_revision: int | None = None) -> Version:
        """Give up a version of your own that is not published yet: its number is not given again.

        ``if_revision``: the ``revision`` that you read; ``Stale`` is raised where it was changed since.
        """
        return Version.read(
            self._connection.call(
                "POST", f"/assets/{segment(code)}/versions/{segment(number)}/discard", if_revision=if_revision
            )
        )

    def deprecate(
        self,
        code: str,
        number: int,
        *,
        reason: str,
        if_revision: int | None = None,
    ) -> Version:
        """Discourage a version, with the reason.

        ``reason``: why, for whoever uses it. ``if_revision``: the ``revision`` that you read; ``Stale`` is raised
        where it was changed since.
        """
        return Version.read(
            self._connection.call(
                "POST",
                f"/assets/{segment(code)}/versions/{segment(number)}/deprecation",
                body=given(reason=reason),
                if_revision=if_revision,
            )
        )

    def withdraw(
        self,
        code: str,
        number: int,
        *,
        reason: str,
        if_revision: int | None = None,
    ) -> Version:
        """Take a version back, with the reason: its originals are no longer released.

        ``reason``: why, for whoever uses it. ``if_revision``: the ``revision`` that you read; ``Stale`` is raised
        where it was changed since.
        """
        return Version.read(
            self._connection.call(
                "POST",
                f"/assets/{segment(code)}/versions/{segment(number)}/withdrawal",
                body=given(reason=reason),
                if_revision=if_revision,
            )
        )

    def compare(self, code: str, number: int, before: int) -> Comparison:
        """Compare a version with an older one: files added, removed and changed.

        ``before``: number of the older version.
        """
        return Comparison.read(
            self._connection.call(
                "GET", f"/assets/{segment(code)}/versions/{segment(number)}/comparison", query=given(before=before)
            )
        )
