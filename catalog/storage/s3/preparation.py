"""Making a store ready: its buckets, what browsers may do with them, and whether it can be trusted at all."""

from __future__ import annotations

import time
from base64 import b64encode
from collections.abc import Callable, Sequence
from contextlib import suppress
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from catalog.kernel.errors import InvalidInput, Unavailable
from catalog.storage.keys import INCOMING
from catalog.storage.port import Bucket
from catalog.storage.s3.connection import Connection, S3Config, code_of, in_words

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

ANCHORS_KEPT_DAYS = 3650
STALE_UPLOAD_DAYS = 7
PREFLIGHT_KEPT_S = 600
TRY_AGAIN_AFTER_S = 0.1
PROBE = "probe/other-bytes"
_LACKING = {"NotImplemented", "MethodNotAllowed", "501", "XNotImplemented", "InvalidBucketState", "AccessDenied"}
"""The store has no such rules, or whoever keeps it lets us set none."""


def prepare(config: S3Config, *, web_origins: Sequence[str] = (), wait_s: float = 0.0) -> tuple[str, ...]:
    """Make the buckets and their rules, and try the store. Returns remarks on what it lacks. Safe to run twice.

    Browsers at ``web_origins`` (``http://host:port``) may send to and read from ``originals`` by signed addresses.
    Waits up to ``wait_s`` seconds for a store that is still starting. Raises ``Unavailable`` when it does not answer,
    and when it takes bytes that do not have the digest sent with them: such a store would make every promise of this
    room a lie.
    """
    connection = Connection(config)
    _once_it_answers(lambda: _make_buckets(connection), wait_s)
    remarks = [*_rules(connection, web_origins), _try_wrong_bytes(connection)]
    return tuple(remark for remark in remarks if remark)


def _once_it_answers(act: Callable[[], None], wait_s: float) -> None:
    deadline = time.monotonic() + wait_s
    while True:
        try:
            act()
            return
        except Unavailable:
            if time.monotonic() >= deadline:
                raise
            time.sleep(TRY_AGAIN_AFTER_S)


def _make_buckets(connection: Connection) -> None:
    region = connection.client.meta.region_name
    for bucket in Bucket:
        made: dict[str, Any] = {"Bucket": connection.config.bucket_name(bucket)}
        if region != "us-east-1":
            made["CreateBucketConfiguration"] = {"LocationConstraint": region}
        if bucket is Bucket.ANCHORS:
            made["ObjectLockEnabledForBucket"] = True
        with in_words(connection.config, made["Bucket"]):
            try:
                # First, because whoever keeps the store may have made the buckets and lets us make none.
                connection.client.head_bucket(Bucket=made["Bucket"])
            except connection.client.exceptions.ClientError as error:
                if code_of(error) not in {"404", "NoSuchBucket"}:
                    raise
                _make(connection.client, made)


def _make(client: S3Client, made: dict[str, Any]) -> None:
    with suppress(client.exceptions.BucketAlreadyOwnedByYou):  # by another process that prepares at the same time
        client.create_bucket(**made)


def _rules(connection: Connection, web_origins: Sequence[str]) -> list[str | None]:
    client, config = connection.client, connection.config
    originals, anchors = config.bucket_name(Bucket.ORIGINALS), config.bucket_name(Bucket.ANCHORS)
    rules = [
        _ruled(
            connection,
            "keeps no object from being erased, so the ledger's anchors are only as safe as the store",
            lambda: client.put_object_lock_configuration(
                Bucket=anchors,
                ObjectLockConfiguration={
                    "ObjectLockEnabled": "Enabled",
                    "Rule": {"DefaultRetention": {"Mode": "COMPLIANCE", "Days": ANCHORS_KEPT_DAYS}},
                },
            ),
        ),
        _ruled(
            connection,
            f"does not remove uploads that nobody finished after {STALE_UPLOAD_DAYS} days; the sweep does",
            lambda: client.put_bucket_lifecycle_configuration(
                Bucket=originals,
                LifecycleConfiguration={
                    "Rules": [
                        {
                            "ID": "stale-uploads",
                            "Status": "Enabled",
                            "Filter": {"Prefix": INCOMING},
                            "AbortIncompleteMultipartUpload": {"DaysAfterInitiation": STALE_UPLOAD_DAYS},
                        }
                    ]
                },
            ),
        ),
    ]
    if web_origins:
        rules.append(
            _ruled(
                connection,
                "is not told which web pages may send to it; browsers can upload only where its own settings let them",
                lambda: client.put_bucket_cors(Bucket=originals, CORSConfiguration={"CORSRules": [_cors(web_origins)]}),
            )
        )
    return rules


def _cors(web_origins: Sequence[str]) -> Any:  # noqa: ANN401 — boto3's own dictionary
    return {
        "AllowedOrigins": list(web_origins),
        "AllowedMethods": ["GET", "HEAD", "PUT"],
        "AllowedHeaders": ["content-type", "if-none-match", "range", "x-amz-checksum-sha256"],
        "ExposeHeaders": ["ETag", "Content-Range", "x-amz-checksum-sha256"],
        "MaxAgeSeconds": PREFLIGHT_KEPT_S,
    }


def _ruled(connection: Connection, otherwise: str, rule: Callable[[], object]) -> str | None:
    """Set a rule; where the store has no such rules, return what follows from that."""
    with in_words(connection.config, "a rule of a bucket"):
        try:
            rule()
        except connection.client.exceptions.ClientError as error:
            if code_of(error) not in _LACKING:
                raise
            return f"the object store at {connection.config.place} {otherwise}"
    return None


def _try_wrong_bytes(connection: Connection) -> str | None:
    """Refuse a store that takes them; return a remark where it takes nothing at all, for it may still be read."""
    client, config = connection.client, connection.config
    bucket = config.bucket_name(Bucket.DERIVED)
    declared = b64encode(sha256(b"these bytes").digest()).decode()
    try:
        with in_words(config, PROBE):
            client.put_object(Bucket=bucket, Key=PROBE, Body=b"other bytes", ChecksumSHA256=declared)
    except InvalidInput:
        return None
    except Unavailable as refusal:
        if refusal.code == "store-full":
            return refusal.message
        raise
    client.delete_object(Bucket=bucket, Key=PROBE)
    raise Unavailable(
        f"the object store at {config.place} takes bytes that do not have the SHA-256 sent with them; use one "
        "that checks x-amz-checksum-sha256, as Amazon S3, MinIO, Ceph and SeaweedFS do",
        code="store-not-trusted",
    )
