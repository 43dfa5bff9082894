"""One shared connection to an S3, opened on first use, and the translation of its failures."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from catalog.kernel.errors import CatalogError, InvalidInput, NotFound, Unavailable
from catalog.storage.port import Bucket
from catalog.storage.refusals import no_object

if TYPE_CHECKING:
    from boto3.session import Session
    from botocore.config import Config
    from botocore.exceptions import ClientError
    from mypy_boto3_s3 import S3Client

CONNECT_WITHIN_S = 3
ANSWER_WITHIN_S = 60
ATTEMPTS = 3
CONNECTIONS = 32

_ABSENT = {"NoSuchKey", "NotFound", "404"}
_REFUSED = {"AccessDenied", "InvalidAccessKeyId", "SignatureDoesNotMatch", "403", "ExpiredToken", "InvalidToken"}
_OTHER_BYTES = {
    "BadDigest",
    "InvalidDigest",
    "XAmzContentSHA256Mismatch",
    "XAmzContentChecksumMismatch",
    "IncompleteBody",
}
_FULL = {"InsufficientStorage", "QuotaExceeded", "XMinioStorageFull", "507"}
_BROKEN = 500


@dataclass(frozen=True, kw_only=True)
class S3Config:
    """Where the store is. What is None is found as AWS tools find it: in ``AWS_*``, profiles or the machine's role.

    ``public_endpoint_url`` is the address under which clients reach the same store; without it bytes are relayed.
    ``folder`` is where a store on this machine keeps its bytes.
    """

    endpoint_url: str | None
    public_endpoint_url: str | None
    bucket_prefix: str
    region: str | None = None
    access_key_id: str | None = None
    secret_access_key: str | None = field(default=None, repr=False)
    folder: Path | None = None

    @property
    def name(self) -> str:
        """What blob rows call this store."""
        return f"s3:{self.bucket_prefix}"

    @property
    def place(self) -> str:
        """What messages call this store."""
        return self.endpoint_url or "Amazon S3"

    def bucket_name(self, bucket: Bucket) -> str:
        """Return the bucket's name in the store."""
        return f"{self.bucket_prefix}{bucket.value}"


@dataclass(frozen=True, kw_only=True)
class Boto:
    """What is used of boto3."""

    session: type[Session]
    config: type[Config]
    refusal: type[ClientError]
    failures: tuple[type[Exception], ...]


_loading = threading.Lock()


@cache
def loaded() -> Boto:
    """Return boto3, loading it on first use: 25 MiB and half a second that a process without storage does not pay."""
    # Under one lock, because it imports itself in circles: two threads that load different ends of it see half of each.
    with _loading:
        from boto3.exceptions import Boto3Error  # noqa: PLC0415 — on first use, as said above
        from boto3.session import Session  # noqa: PLC0415 — as above
        from botocore.config import Config  # noqa: PLC0415 — as above
        from botocore.exceptions import BotoCoreError, ClientError  # noqa: PLC0415 — as above

    return Boto(session=Session, config=Config, refusal=ClientError, failures=(BotoCoreError, Boto3Error))


class Connection:
    """A client for our own calls and one that signs addresses for the public endpoint. Threads share both."""

    def __init__(self, config: S3Config) -> None:
        self.config = config
        self._lock = threading.Lock()
        self._clients: dict[str | None, S3Client] = {}

    @property
    def client(self) -> S3Client:
        """The client for our own calls."""
        return self._client(self.config.endpoint_url)

    @property
    def signer(self) -> S3Client:
        """The client whose addresses name the public endpoint; it sends nothing."""
        return self._client(self.config.public_endpoint_url)

    def _client(self, endpoint_url: str | None) -> S3Client:
        client = self._clients.get(endpoint_url)
        if client is None:
            with self._lock:  # making a client is not safe between threads, using one is
                client = self._clients.get(endpoint_url) or self._made(endpoint_url)
                self._clients[endpoint_url] = client
        return client

    def _made(self, endpoint_url: str | None) -> S3Client:
        boto = loaded()
        session = boto.session(
            aws_access_key_id=self.config.access_key_id,
            aws_secret_access_key=self.config.secret_access_key,
            region_name=self.config.region,
        )
        return session.client(
            "s3",
            endpoint_url=endpoint_url,
            region_name=session.region_name or "us-east-1",
            config=boto.config(
                signature_version="s3v4",
                connect_timeout=CONNECT_WITHIN_S,
                read_timeout=ANSWER_WITHIN_S,
                retries={"mode": "standard", "total_max_attempts": ATTEMPTS},
                max_pool_connections=CONNECTIONS,
                tcp_keepalive=True,
                # Every write carries its SHA-256, which the store checks; a second checksum of boto3's choice would
                # only cost time, and signing the payload would read it twice.
                request_checksum_calculation="when_required",
                response_checksum_validation="when_required",
                s3={"addressing_style": "path" if endpoint_url else "auto", "payload_signing_enabled": False},
            ),
        )


@contextmanager
def in_words(config: S3Config, key: str) -> Iterator[None]:
    """Translate the store's refusals and silence; ``key`` is what was asked for."""
    boto = loaded()
    try:
        yield
    except boto.refusal as error:
        raise _refusal(config, key, error) from error
    except boto.failures as error:
        raise unreachable(config, error) from error


def unreachable(config: S3Config, error: Exception) -> Unavailable:
    """The store does not answer, or stopped in the middle."""
    return Unavailable(
        f"the object store at {config.place} does not answer ({error}); see that it runs and that "
        "CATALOG_S3_ENDPOINT_URL is right, then try again",
        code="store-unreachable",
    )


def code_of(error: ClientError) -> str:
    """Return the store's word for what was wrong."""
    return str(error.response.get("Error", {}).get("Code", ""))


def _refusal(config: S3Config, key: str, error: ClientError) -> CatalogError:
    code = code_of(error)
    status = int(error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0))
    if code in _ABSENT:
        return no_object(key)
    if code == "NoSuchUpload":
        return NotFound(f"the upload in parts of {key!r} is over; begin a new one", code="no-such-transfer", key=key)
    if code in _OTHER_BYTES:
        return InvalidInput(
            f"the bytes of {key!r} do not have the digest that was declared; send those that were", code="wrong-digest"
        )
    if code == "NoSuchBucket":
        return Unavailable(
            f"a bucket {config.bucket_prefix}… is missing at {config.place}; `catalog admin init` makes it",
            code="store-unprepared",
        )
    if code in _REFUSED:
        return Unavailable(
            f"the object store at {config.place} refuses our credentials ({code}); see AWS_ACCESS_KEY_ID, "
            "AWS_SECRET_ACCESS_KEY and what their owner may do",
            code="store-refuses",
        )
    if code in _FULL or (status >= _BROKEN and error.operation_name in _WRITES):
        return Unavailable(
            f"the object store at {config.place} could not take {key!r} ({code}); most often its disk is full or the "
            "bucket's quota used up: make room, and see its log otherwise",
            code="store-full",
        )
    return Unavailable(
        f"the object store at {config.place} failed to answer for {key!r} ({code or status}); see its log",
        code="store-failed",
    )


_WRITES = {
    "PutObject",
    "UploadPart",
    "UploadPartCopy",
    "CopyObject",
    "CompleteMultipartUpload",
    "CreateMultipartUpload",
}
