"""One bucket of an S3 as a ``BlobStore``."""

from __future__ import annotations

import hashlib
from base64 import b64decode, b64encode
from collections.abc import Iterator
from contextlib import AbstractContextManager, suppress
from typing import TYPE_CHECKING, Any

from catalog.kernel.errors import NotFound
from catalog.storage.keys import checked_digest, checked_key
from catalog.storage.port import CHUNK_BYTES, Bucket, Chunks, Readable, StoredObject
from catalog.storage.reading import filled
from catalog.storage.refusals import bad_range, check_blob_key, check_range, wrong_digest
from catalog.storage.s3.connection import Connection, code_of, in_words, loaded

if TYPE_CHECKING:
    from botocore.response import StreamingBody
    from mypy_boto3_s3.type_defs import CompletedPartTypeDef

BUFFER_BYTES = 8 * 2**20
"""How much of a stream is held in memory: what fits is sent in one request, more in parts."""
PARTS_OF_ONE_SIZE = 1000
DIGEST = "sha256"
"""The metadata that keeps the digest of an object sent in parts; S3 itself keeps one of its parts' digests only."""


class S3Bucket:
    """A ``BlobStore`` in one bucket. Threads may share it."""

    def __init__(self, connection: Connection, bucket: Bucket) -> None:
        self._connection = connection
        self._bucket = connection.config.bucket_name(bucket)

    def put(self, key: str, source: Readable | bytes, *, sha256: str) -> None:
        """See ``BlobStore.put``. Holds at most 8 MiB, more only from the 8th GiB on."""
        check_blob_key(checked_key(key), checked_digest(sha256))
        if isinstance(source, bytes):
            self._put_whole(key, source, sha256)
            return
        head = filled(source, BUFFER_BYTES)
        if len(head) < BUFFER_BYTES:
            self._put_whole(key, head, sha256)
        else:
            self._put_parts(key, head, source, sha256)

    def open(self, key: str, *, start: int = 0, end: int | None = None) -> Chunks:
        """See ``BlobStore.open``."""
        check_range(key, start, end)
        asked: dict[str, Any] = {}
        if start or end is not None:
            asked["Range"] = f"bytes={start}" if start < 0 else f"bytes={start}-{'' if end is None else end - 1}"
        with self._words(key):
            client = self._connection.client
            try:
                answer = client.get_object(Bucket=self._bucket, Key=checked_key(key), **asked)
            except client.exceptions.ClientError as error:
                if code_of(error) in {"InvalidRange", "416"}:
                    raise bad_range(key, start, end) from error
                raise
        return _Body(answer["Body"], self._connection)

    def find(self, key: str) -> StoredObject | None:
        """See ``BlobStore.find``."""
        try:
            with self._words(key):
                head = self._connection.client.head_object(
                    Bucket=self._bucket, Key=checked_key(key), ChecksumMode="ENABLED"
                )
        except NotFound:
            return None
        return StoredObject(
            key=key,
            size_bytes=head["ContentLength"],
            sha256=_digest_of(head.get("ChecksumSHA256", ""), head.get("Metadata", {})),
            stored_at=head["LastModified"],
        )

    def remove(self, key: str) -> None:
        """See ``BlobStore.remove``."""
        with self._words(key):
            self._connection.client.delete_object(Bucket=self._bucket, Key=checked_key(key))

    def walk(self, after: str = "") -> Iterator[StoredObject]:
        """See ``BlobStore.walk``."""
        asked: dict[str, Any] = {"StartAfter": after} if after else {}
        while True:
            with self._words(after):
                page = self._connection.client.list_objects_v2(Bucket=self._bucket, **asked)
            for found in page.get("Contents", ()):
                yield StoredObject(
                    key=found["Key"], size_bytes=found["Size"], sha256=None, stored_at=found["LastModified"]
                )
            if not page.get("IsTruncated"):
                return
            asked = {"ContinuationToken": page["NextContinuationToken"]}

    def _put_whole(self, key: str, content: bytes, sha256: str) -> None:
        if hashlib.sha256(content).hexdigest() != sha256:
            raise wrong_digest(repr(key), sha256)
        if self._has(key, sha256):
            return
        with self._words(key):
            self._connection.client.put_object(
                Bucket=self._bucket,
                Key=key,
                Body=content,
                ChecksumSHA256=base64_of(sha256),
                ContentType="application/octet-stream",
            )

    def _put_parts(self, key: str, head: bytes, rest: Readable, sha256: str) -> None:
        if self._has(key, sha256):
            return
        with self._words(key):
            client = self._connection.client
            transfer: dict[str, Any] = {"Bucket": self._bucket, "Key": key}
            transfer["UploadId"] = client.create_multipart_upload(
                **transfer,
                ChecksumAlgorithm="SHA256",
                Metadata={DIGEST: sha256},
                ContentType="application/octet-stream",
            )["UploadId"]
            try:
                self._send_parts(transfer, head, rest, sha256)
            except BaseException:
                with suppress(loaded().refusal, *loaded().failures):  # the first failure is the one to tell
                    client.abort_multipart_upload(**transfer)
                raise

    def _send_parts(self, transfer: dict[str, Any], head: bytes, rest: Readable, sha256: str) -> None:
        client = self._connection.client
        whole = hashlib.sha256()
        sent: list[CompletedPartTypeDef] = []
        content = head
        while content:
            whole.update(content)
            digest = b64encode(hashlib.sha256(content).digest()).decode()
            number = len(sent) + 1
            answer = client.upload_part(**transfer, PartNumber=number, Body=content, ChecksumSHA256=digest)
            sent.append({"PartNumber": number, "ETag": answer["ETag"], "ChecksumSHA256": digest})
            # Parts grow, so that 10,000 of them hold the largest object that S3 takes.
            content = filled(rest, BUFFER_BYTES << (len(sent) // PARTS_OF_ONE_SIZE))
        if whole.hexdigest() != sha256:
            raise wrong_digest(repr(transfer["Key"]), sha256)
        client.complete_multipart_upload(**transfer, MultipartUpload={"Parts": sent})

    def _has(self, key: str, sha256: str) -> bool:
        kept = self.find(key)
        return kept is not None and kept.sha256 == sha256

    def _words(self, key: str) -> AbstractContextManager[None]:
        return in_words(self._connection.config, key)


class _Body:
    """The body of an answer, in chunks. Closed at its end, by ``close``, or with its last reference."""

    def __init__(self, body: StreamingBody, connection: Connection) -> None:
        self._body = body
        self._connection = connection
        self._over = False

    def __iter__(self) -> _Body:
        return self

    def __next__(self) -> bytes:
        if self._over:
            raise StopIteration
        with in_words(self._connection.config, "an object that was being read"):
            chunk = self._body.read(CHUNK_BYTES)
        if not chunk:
            self.close()
            raise StopIteration
        return chunk

    def close(self) -> None:
        """Stop reading; safe to run twice."""
        self._over = True
        self._body.close()


def base64_of(sha256: str) -> str:
    """Return a hexadecimal digest as S3 writes it."""
    return b64encode(bytes.fromhex(sha256)).decode()


def _digest_of(checksum: str, metadata: dict[str, str]) -> str | None:
    """Return the digest of the whole object: the store's own, or what we noted of one that was sent in parts."""
    if checksum and "-" not in checksum:  # a composite one ends in -<parts> and is not the object's digest
        return b64decode(checksum).hex()
    return metadata.get(DIGEST)
