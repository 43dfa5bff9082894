"""Addresses of our own web process for uploads, where bytes do not go to the store directly.

They are made like the store's own: signed, for one key, one digest and one hour, and whoever holds one may use it once.
The signature is ours (``CATALOG_SECRET_KEY``). The door that takes the bytes streams them, and the store checks them.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from itsdangerous import BadSignature, SignatureExpired, URLSafeTimedSerializer

from catalog.kernel import clock
from catalog.kernel.errors import NotPermitted
from catalog.storage.port import UPLOAD_MAX_S, Part, TransferRequest

PATH = "/api/v1/transfers/"
"""Where the web process takes relayed bytes."""


@dataclass(frozen=True, kw_only=True)
class RelayHandover:
    """Signs addresses of our own web process; with an empty ``base_url`` they begin with a slash, for our own pages."""

    secret: str
    base_url: str

    def single_upload(self, key: str, *, sha256: str, size_bytes: int, expires_s: int) -> TransferRequest:
        """Return a request that stores these very bytes under a key that has none yet."""
        return self._request({"key": key, "sha256": sha256, "size": size_bytes}, size_bytes, expires_s)

    def part_upload(self, key: str, transfer_id: str, part: Part, *, expires_s: int) -> TransferRequest:
        """Return a request that stores this very part."""
        grant = {
            "key": key,
            "transfer": transfer_id,
            "part": part.number,
            "sha256": part.sha256,
            "size": part.size_bytes,
        }
        return self._request(grant, part.size_bytes, expires_s)

    def _request(self, grant: dict[str, Any], size_bytes: int, expires_s: int) -> TransferRequest:
        token = _signer(self.secret).dumps(grant)
        return TransferRequest(
            method="PUT",
            url=f"{self.base_url.rstrip('/')}{PATH}{token}",
            headers={"Content-Type": "application/octet-stream"},
            size_bytes=size_bytes,
            expires_at=clock.now() + timedelta(seconds=expires_s),
        )


def read_grant(secret: str, token: str) -> dict[str, Any]:
    """Return what an address permits; ``NotPermitted`` where it has expired, or is none of ours."""
    try:
        grant: dict[str, Any] = _signer(secret).loads(token, max_age=UPLOAD_MAX_S)
    except SignatureExpired as error:
        raise NotPermitted(
            "this upload address has expired; ask for the version's uploads again", code="expired"
        ) from error
    except BadSignature as error:
        raise NotPermitted(
            "this is no upload address of ours; ask for the version's uploads", code="bad-address"
        ) from error
    return grant


def _signer(secret: str) -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(secret, salt="transfer")
