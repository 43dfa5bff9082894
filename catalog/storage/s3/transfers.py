"""Uploads in parts into ``originals``, and the copy from ``incoming/`` to a blob's own key.

Two stores differ here, and this module asks nothing that either lacks: SeaweedFS wants the digest of every part at
the end as Amazon does, but does not list it, and lists a part that was sent twice as two.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from typing import IO, TYPE_CHECKING, Any, cast

from catalog.kernel.errors import NotFound, Unavailable
from catalog.storage.keys import INCOMING, checked_digest, checked_key
from catalog.storage.port import Beat, Bucket, Part, Readable, StoredPart, UnfinishedTransfer
from catalog.storage.reading import Exactly
from catalog.storage.refusals import check_blob_key, check_parts, no_object, wrong_digest
from catalog.storage.s3.bucket import DIGEST, S3Bucket, base64_of
from catalog.storage.s3.connection import Connection, code_of, in_words

if TYPE_CHECKING:
    from mypy_boto3_s3.type_defs import CompletedPartTypeDef, PartTypeDef

REMOVED_AT_ONCE = 1000
COPY_PART_BYTES = 256 * 2**20
"""What is larger is copied in pieces of this size, so that no single answer takes longer than the store is given."""


class S3Transfers:
    """``Transfers`` and ``Staging`` in the bucket of originals. Threads may share it."""

    def __init__(self, connection: Connection, *, copy_part_bytes: int = COPY_PART_BYTES) -> None:
        self._connection = connection
        self._bucket = connection.config.bucket_name(Bucket.ORIGINALS)
        self._originals = S3Bucket(connection, Bucket.ORIGINALS)
        self._copy_part_bytes = copy_part_bytes

    def begin(self, key: str) -> str:
        """See ``Transfers.begin``."""
        with self._words(key):
            begun = self._connection.client.create_multipart_upload(
                Bucket=self._bucket,
                Key=checked_key(key),
                ChecksumAlgorithm="SHA256",
                ContentType="application/octet-stream",
            )
        return begun["UploadId"]

    def receive(self, key: str, transfer_id: str, part: Part, source: Readable | bytes) -> None:
        """See ``Transfers.receive``. Streams; nothing is kept in memory."""
        if isinstance(source, bytes) and len(source) != part.size_bytes:
            raise wrong_digest(f"part {part.number} of {key!r}", part.sha256)
        with self._words(key):
            self._connection.client.upload_part(
                Bucket=self._bucket,
                Key=key,
                UploadId=transfer_id,
                PartNumber=part.number,
                Body=source if isinstance(source, bytes) else cast("IO[bytes]", Exactly(source, part.size_bytes)),
                ContentLength=part.size_bytes,
                ChecksumSHA256=base64_of(part.sha256),
            )

    def parts(self, key: str, transfer_id: str) -> tuple[StoredPart, ...]:
        """See ``Transfers.parts``."""
        arrived = self._arrived(key, transfer_id)
        return tuple(StoredPart(number=number, size_bytes=arrived[number]["Size"]) for number in sorted(arrived))

    def finish(self, key: str, transfer_id: str, parts: Sequence[Part]) -> None:
        """See ``Transfers.finish``."""
        try:
            arrived = self._arrived(key, transfer_id)
            check_parts(key, parts, {number: found["Size"] for number, found in arrived.items()})
            self._assemble(
                {"Bucket": self._bucket, "Key": key, "UploadId": transfer_id},
                [
                    {
                        "PartNumber": part.number,
                        "ETag": arrived[part.number]["ETag"],
                        "ChecksumSHA256": base64_of(part.sha256),
                    }
                    for part in parts
                ],
            )
        except NotFound:
            # Finished before, by a process that did not live to say so.
            if self._originals.find(key) is None:
                raise

    def abort(self, key: str, transfer_id: str) -> None:
        """See ``Transfers.abort``."""
        try:
            with self._words(key):
                self._connection.client.abort_multipart_upload(Bucket=self._bucket, Key=key, UploadId=transfer_id)
        except NotFound:
            return

    def settle(
        self, staged_key: str, key: str, *, sha256: str, size_bytes: int | None = None, beat: Beat = lambda _: None
    ) -> None:
        """See ``Staging.settle``."""
        check_blob_key(checked_key(key), checked_digest(sha256))
        if size_bytes is None:
            staged = self._originals.find(staged_key)
            if staged is None:
                raise no_object(staged_key)
            size_bytes = staged.size_bytes
        if size_bytes <= self._copy_part_bytes:
            # One request, whole or not at all; whoever enters the blob looks at it before the staged bytes go.
            self._copy_whole(staged_key, key, sha256)
            return
        self._copy_parts(staged_key, key, sha256, size_bytes, beat)
        copied = self._originals.find(key)
        if copied is None or (copied.sha256, copied.size_bytes) != (sha256, size_bytes):
            raise Unavailable(
                f"the object store at {self._connection.config.place} did not copy {staged_key!r} whole; see its log",
                code="store-failed",
            )

    def clear(self, staged_keys: Collection[str]) -> None:
        """See ``Staging.clear``."""
        remaining = [checked_key(key) for key in staged_keys]
        while some := remaining[:REMOVED_AT_ONCE]:
            del remaining[:REMOVED_AT_ONCE]
            with self._words(some[0]):
                answer = self._connection.client.delete_objects(
                    Bucket=self._bucket, Delete={"Objects": [{"Key": key} for key in some], "Quiet": True}
                )
            if left := answer.get("Errors"):
                raise Unavailable(
                    f"the object store at {self._connection.config.place} did not remove {left[0].get('Key')!r} "
                    f"({left[0].get('Code')}); see its log",
                    code="store-failed",
                )

    def unfinished(self, before: datetime) -> Iterator[UnfinishedTransfer]:
        """See ``Staging.unfinished``."""
        asked: dict[str, Any] = {"Bucket": self._bucket, "Prefix": INCOMING}
        while True:
            with self._words(INCOMING):
                page = self._connection.client.list_multipart_uploads(**asked)
            for found in page.get("Uploads", ()):
                if found["Initiated"] < before:
                    yield UnfinishedTransfer(
                        key=found["Key"], transfer_id=found["UploadId"], begun_at=found["Initiated"]
                    )
            if not page.get("IsTruncated"):
                return
            asked |= {"KeyMarker": page["NextKeyMarker"], "UploadIdMarker": page["NextUploadIdMarker"]}

    def _arrived(self, key: str, transfer_id: str) -> dict[int, PartTypeDef]:
        """Return the parts that the store lists; of one that was sent twice the later."""
        asked: dict[str, Any] = {"Bucket": self._bucket, "Key": key, "UploadId": transfer_id}
        arrived: dict[int, PartTypeDef] = {}
        while True:
            with self._words(key):
                page = self._connection.client.list_parts(**asked)
            for part in page.get("Parts", ()):
                known = arrived.get(part["PartNumber"])
                if known is None or known["LastModified"] <= part["LastModified"]:
                    arrived[part["PartNumber"]] = part
            if not page.get("IsTruncated"):
                return arrived
            asked["PartNumberMarker"] = page["NextPartNumberMarker"]

    def _assemble(self, transfer: dict[str, Any], parts: list[CompletedPartTypeDef]) -> None:
        with self._words(transfer["Key"]):
            client = self._connection.client
            try:
                client.complete_multipart_upload(**transfer, MultipartUpload={"Parts": parts})
            except client.exceptions.ClientError as error:
                if code_of(error) == "InvalidPart":  # how Amazon says that a part has another digest
                    raise wrong_digest(f"a part of {transfer['Key']!r}", "that was declared") from error
                raise

    def _copy_whole(self, staged_key: str, key: str, sha256: str) -> None:
        with self._words(staged_key):
            self._connection.client.copy_object(
                Bucket=self._bucket,
                Key=key,
                CopySource={"Bucket": self._bucket, "Key": staged_key},
                MetadataDirective="REPLACE",
                Metadata={DIGEST: sha256},
                ContentType="application/octet-stream",
            )

    def _copy_parts(self, staged_key: str, key: str, sha256: str, size_bytes: int, beat: Beat) -> None:
        step = max(self._copy_part_bytes, -(-size_bytes // 10_000))
        with self._words(staged_key):
            client = self._connection.client
            target: dict[str, Any] = {"Bucket": self._bucket, "Key": key}
            begun = client.create_multipart_upload(
                **target, Metadata={DIGEST: sha256}, ContentType="application/octet-stream"
            )
            target["UploadId"] = begun["UploadId"]
            try:
                copied: list[CompletedPartTypeDef] = []
                for number, start in enumerate(range(0, size_bytes, step), start=1):
                    answer = client.upload_part_copy(
                        **target,
                        PartNumber=number,
                        CopySource={"Bucket": self._bucket, "Key": staged_key},
                        CopySourceRange=f"bytes={start}-{min(start + step, size_bytes) - 1}",
                    )
                    copied.append({"PartNumber": number, "ETag": answer["CopyPartResult"]["ETag"]})
                    beat(min(start + step, size_bytes) / size_bytes)
                client.complete_multipart_upload(**target, MultipartUpload={"Parts": copied})
            except BaseException:
                self.abort(key, target["UploadId"])
                raise

    def _words(self, key: str) -> AbstractContextManager[None]:
        return in_words(self._connection.config, key)
