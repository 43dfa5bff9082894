"""What the server answers with bytes, or is told in lines: originals, pictures, its own description, imports."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from catalog.client.contents import CHUNK_BYTES, write_whole
from catalog.client.errors import Unavailable, refusal_of
from catalog.client.importing import send_rows
from catalog.client.nouns.files import FilesOperations
from catalog.client.nouns.imports import ImportsOperations
from catalog.client.nouns.openapi import OpenapiOperations
from catalog.client.nouns.previews import PreviewsOperations
from catalog.client.wire import encoded, given, segment

if TYPE_CHECKING:
    from uuid import UUID

    from catalog.client.answers.imports import Import
    from catalog.client.connection import Connection
    from catalog.client.trees import LocalPath
    from catalog.client.words import Purpose

_ERRORS_FROM = 400


class Files(FilesOperations):
    """Originals, one at a time; ``assets.pull`` brings whole versions. Each passes the gate."""

    def get(
        self,
        code: str,
        number: int,
        path: str,
        *,
        purpose: Purpose | None = None,
        show: str | None = None,
        shot: str | None = None,
        admission: UUID | str | None = None,
    ) -> bytes:
        """Return the bytes of a file; for files that fit into memory.

        ``admission``: of a pull that let it out for the same use, so that this leaves no further ledger entry.
        """
        query = given(purpose=purpose, show=show, shot=shot, admission=admission)
        return b"".join(read_bytes(self._connection, _address(code, number, path), query))

    def download(
        self,
        code: str,
        number: int,
        path: str,
        *,
        to: LocalPath,
        purpose: Purpose | None = None,
        show: str | None = None,
        shot: str | None = None,
        admission: UUID | str | None = None,
    ) -> Path:
        """Write the bytes of a file to the local file ``to``, which appears whole or not at all; return its path.

        ``admission`` is what it is to ``get``.
        """
        target = Path(to)
        query = given(purpose=purpose, show=show, shot=shot, admission=admission)
        write_whole(target, read_bytes(self._connection, _address(code, number, path), query))
        return target


class Previews(PreviewsOperations):
    """Pictures."""

    def get(self, sha256: str) -> bytes:
        """Return a picture by its digest, the last part of a ``thumbnail_url`` or a preview's ``url``."""
        return b"".join(read_bytes(self._connection, f"/previews/{segment(sha256)}", {}))


class Openapi(OpenapiOperations):
    """The server's description of itself."""

    def get(self) -> dict[str, Any]:
        """Return the OpenAPI 3.1 document."""
        found: dict[str, Any] = self._connection.call("GET", "/openapi.json")
        return found


class Imports(ImportsOperations):
    """Bulk registration, request by request; ``assets.import_`` sends a whole manifest."""

    def send(self, import_key: str, rows: Iterable[Mapping[str, Any]]) -> Import:
        """Send 1 to 500 rows, each with its number as ``row``; the same row under the same key is entered once."""
        lines = b"".join(json.dumps(encoded(dict(row))).encode() + b"\n" for row in rows)
        return send_rows(self._connection, import_key, lines)


def _address(code: str, number: int, path: str) -> str:
    return f"/assets/{segment(code)}/versions/{segment(number)}/files/{segment(path, keep='/')}"


def read_bytes(connection: Connection, path: str, query: Mapping[str, object]) -> Iterator[bytes]:
    """Yield the bytes that an address answers with; ``Unavailable`` where they stop coming."""
    try:
        with connection.open(path, query=query) as answer:
            if answer.status_code >= _ERRORS_FROM:
                raise Unavailable(f"the store does not give it: {refusal_of(answer).message}")
            yield from answer.iter_content(CHUNK_BYTES)
    except OSError as error:  # what requests raises are OSErrors
        raise Unavailable(f"the bytes stopped coming: {error}", code="download-failed") from error
