"""Addresses that let a client talk to the store itself, for one request on one object.

Signature version 4 in the query (AWS, "Authenticating Requests: Using Query Parameters"). Everything that decides
what is stored is signed: the key, the digest, the length, and that nothing is there yet. Headers named ``x-amz-*``
that are not signed are refused by Amazon and by SeaweedFS (tested), so a client can neither copy another object into
its own nor make it public or encrypt it under a key of its own.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from urllib.parse import quote

from catalog.kernel import clock
from catalog.kernel.errors import InvalidInput
from catalog.storage.keys import checked_key
from catalog.storage.port import (
    DOWNLOAD_MAX_S,
    PARTS_MAX,
    SINGLE_MAX_BYTES,
    UPLOAD_MAX_S,
    Bucket,
    Part,
    TransferRequest,
)
from catalog.storage.s3.bucket import base64_of
from catalog.storage.s3.connection import Connection

PART_MAX_BYTES = 5 * 2**30


class S3Handover:
    """``Handover`` for the bucket of originals. Sends nothing; threads may share it."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._bucket = connection.config.bucket_name(Bucket.ORIGINALS)

    def single_upload(self, key: str, *, sha256: str, size_bytes: int, expires_s: int) -> TransferRequest:
        """See ``Handover.single_upload``."""
        if not 0 <= size_bytes <= SINGLE_MAX_BYTES:
            raise InvalidInput(
                f"{size_bytes} bytes do not travel in one request; up to {SINGLE_MAX_BYTES} do", code="bad-size"
            )
        url = self._signed("put_object", key, expires_s, UPLOAD_MAX_S, _body(sha256, size_bytes) | {"IfNoneMatch": "*"})
        headers = {"x-amz-checksum-sha256": base64_of(sha256), "If-None-Match": "*"}
        return _request("PUT", url, headers, size_bytes, expires_s)

    def part_upload(self, key: str, transfer_id: str, part: Part, *, expires_s: int) -> TransferRequest:
        """See ``Handover.part_upload``."""
        if not (1 <= part.number <= PARTS_MAX and 0 < part.size_bytes <= PART_MAX_BYTES):
            raise InvalidInput(
                f"part {part.number} of {part.size_bytes} bytes cannot be; parts count from 1 to {PARTS_MAX} "
                f"and have up to {PART_MAX_BYTES} bytes",
                code="bad-part",
            )
        what = _body(part.sha256, part.size_bytes) | {"UploadId": transfer_id, "PartNumber": part.number}
        url = self._signed("upload_part", key, expires_s, UPLOAD_MAX_S, what)
        headers = {"x-amz-checksum-sha256": base64_of(part.sha256)}
        return _request("PUT", url, headers, part.size_bytes, expires_s)

    def download(
        self, key: str, *, file_name: str, media_type: str, expires_s: int = DOWNLOAD_MAX_S
    ) -> TransferRequest:
        """See ``Handover.download``."""
        what = {
            "ResponseContentDisposition": attachment(file_name),
            "ResponseContentType": media_type,
            "ResponseCacheControl": "private, no-store",
        }
        url = self._signed("get_object", key, expires_s, DOWNLOAD_MAX_S, what)
        return _request("GET", url, {}, None, expires_s)

    def _signed(self, method: str, key: str, expires_s: int, longest_s: int, what: dict[str, Any]) -> str:
        if not 1 <= expires_s <= longest_s:
            raise InvalidInput(
                f"an address that lives {expires_s} s is not handed out; 1 to {longest_s} s is right", code="bad-expiry"
            )
        return self._connection.signer.generate_presigned_url(
            method, Params={"Bucket": self._bucket, "Key": checked_key(key), **what}, ExpiresIn=expires_s
        )


def attachment(file_name: str) -> str:
    """Return the ``Content-Disposition`` that saves under any Unicode name (RFC 6266, RFC 8187)."""
    plain = "".join(c if c.isascii() and c.isprintable() and c not in '"\\%' else "_" for c in file_name)
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(file_name, safe='')}"


def _body(sha256: str, size_bytes: int) -> dict[str, Any]:
    return {"ChecksumSHA256": base64_of(sha256), "ContentLength": size_bytes}


def _request(method: str, url: str, headers: dict[str, str], size_bytes: int | None, expires_s: int) -> TransferRequest:
    return TransferRequest(
        method=method,
        url=url,
        headers=headers,
        size_bytes=size_bytes,
        expires_at=clock.now() + timedelta(seconds=expires_s),
    )
