"""What a store that cannot answer says, and what it must be able to do to be trusted. Over the real SeaweedFS."""

import hashlib
import random
import resource
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import boto3
import pytest
from mypy_boto3_s3 import S3Client

from catalog.app import loopback
from catalog.app.seaweed import EmbeddedStore
from catalog.kernel.errors import Unavailable
from catalog.storage.port import Stores
from catalog.storage.s3.connection import Connection, S3Config
from catalog.storage.s3.opening import open_stores
from catalog.storage.s3.preparation import prepare
from catalog.storage.s3.transfers import S3Transfers
from tests.ports.conftest import config_of

pytestmark = pytest.mark.store

HELLO = b"hello, bytes"


def digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


@pytest.fixture
def own_store(tmp_path: Path) -> Iterator[EmbeddedStore]:
    """A SeaweedFS that this test may ruin."""
    store = EmbeddedStore(folder=tmp_path / "store", log=tmp_path / "store.log")
    store.start()
    yield store
    store.stop(within_s=0)
    store.close()


@pytest.fixture
def raw(s3_config: S3Config) -> S3Client:
    """The store as any S3 client sees it."""
    return boto3.client(
        "s3",
        endpoint_url=s3_config.endpoint_url,
        region_name=s3_config.region,
        aws_access_key_id=s3_config.access_key_id,
        aws_secret_access_key=s3_config.secret_access_key,
    )


def test_a_store_that_is_not_there_is_unavailable_and_the_message_says_where_it_was_looked_for() -> None:
    (port,) = loopback.free_ports(["nobody"], {}).values()
    config = S3Config(
        endpoint_url=f"http://127.0.0.1:{port}",
        public_endpoint_url=None,
        bucket_prefix="catalog-",
        region="us-east-1",
        access_key_id="a",
        secret_access_key="b",
    )

    with pytest.raises(Unavailable, match=rf"127\.0\.0\.1:{port} does not answer.*CATALOG_S3_ENDPOINT_URL") as refusal:
        open_stores(config).originals.find("a")

    assert refusal.value.code == "store-unreachable"


def test_a_store_that_refuses_our_credentials_says_which_settings_to_look_at(s3_config: S3Config) -> None:
    wrong = replace(s3_config, secret_access_key="wrong")

    with pytest.raises(Unavailable, match="AWS_SECRET_ACCESS_KEY"):
        open_stores(wrong).originals.put("a", HELLO, sha256=digest(HELLO))


def test_a_store_without_buckets_says_how_they_are_made(s3_config: S3Config) -> None:
    elsewhere = replace(s3_config, bucket_prefix="nobody-")

    with pytest.raises(Unavailable, match="catalog admin init"):
        open_stores(elsewhere).originals.put("a", HELLO, sha256=digest(HELLO))


def test_a_full_store_says_so_and_still_gives_what_it_has(own_store: EmbeddedStore) -> None:
    config = config_of(own_store)
    prepare(config)
    stores = open_stores(config)
    stores.originals.put("a", HELLO, sha256=digest(HELLO))
    noise = random.randbytes(3 * 2**20)  # what repeats itself is stored compressed
    process = own_store.children[0].process
    assert process is not None

    resource.prlimit(process.pid, resource.RLIMIT_FSIZE, (2**20, 2**20))  # to it, that is a full disk
    with pytest.raises(Unavailable, match=r"most often its disk is full .* make room") as refusal:
        stores.originals.put("b", noise, sha256=digest(noise))

    assert refusal.value.code == "store-full"
    assert b"".join(stores.originals.open("a")) == HELLO


def test_a_full_store_is_still_prepared_because_it_can_be_read(own_store: EmbeddedStore) -> None:
    prepare(config_of(own_store))
    process = own_store.children[0].process
    assert process is not None

    resource.prlimit(process.pid, resource.RLIMIT_FSIZE, (1, 1))
    (remark,) = prepare(config_of(own_store))

    assert "make room" in remark


def test_a_store_that_dies_while_it_is_read_is_unavailable(own_store: EmbeddedStore) -> None:
    config = config_of(own_store)
    prepare(config)
    content = HELLO * 2**21
    stores = open_stores(config)
    stores.originals.put("a", content, sha256=digest(content))

    chunks = stores.originals.open("a")
    next(chunks)
    own_store.stop(within_s=0)

    with pytest.raises(Unavailable, match="does not answer"):
        b"".join(chunks)


def test_preparing_twice_is_preparing_once(s3_config: S3Config) -> None:
    assert prepare(s3_config, web_origins=("http://app.example",)) == ()


def test_preparing_waits_for_a_store_that_is_still_starting(tmp_path: Path) -> None:
    store = EmbeddedStore(folder=tmp_path / "store", log=tmp_path / "store.log")
    config = config_of(store)
    waiting = Thread(target=prepare, args=(config,), kwargs={"wait_s": 30})

    waiting.start()
    store.start()
    waiting.join()

    found = open_stores(config).originals.find("a")
    store.stop(within_s=0)
    store.close()
    assert found is None


def test_anchors_cannot_be_erased(s3_config: S3Config, raw: S3Client, place: str) -> None:
    stores = open_stores(s3_config)
    stores.anchors.put(f"{place}/1", HELLO, sha256=digest(HELLO))
    version = raw.head_object(Bucket="catalog-anchors", Key=f"{place}/1")["VersionId"]

    with pytest.raises(raw.exceptions.ClientError, match="AccessDenied"):
        raw.delete_object(Bucket="catalog-anchors", Key=f"{place}/1", VersionId=version)
    stores.anchors.remove(f"{place}/1")

    kept = raw.get_object(Bucket="catalog-anchors", Key=f"{place}/1", VersionId=version)["Body"].read()
    assert kept == HELLO


def test_uploads_that_nobody_finishes_are_to_be_removed_by_the_store(s3_config: S3Config, raw: S3Client) -> None:
    (rule,) = raw.get_bucket_lifecycle_configuration(Bucket="catalog-originals")["Rules"]

    assert rule["Filter"] == {"Prefix": "incoming/"}
    assert rule["AbortIncompleteMultipartUpload"] == {"DaysAfterInitiation": 7}


def test_a_large_object_is_settled_in_pieces_each_of_which_is_heard_of(s3_config: S3Config, place: str) -> None:
    connection = Connection(s3_config)
    stores = open_stores(s3_config)
    content = bytes(range(256)) * 2**16 + place.encode()  # 16 MiB and a bit
    stores.originals.put(f"incoming/{place}/a", content, sha256=digest(content))
    own = f"sha256/{digest(content)[:2]}/{digest(content)[2:4]}/{digest(content)}"

    heard: list[float] = []
    transfers = S3Transfers(connection, copy_part_bytes=5 * 2**20)

    transfers.settle(f"incoming/{place}/a", own, sha256=digest(content), beat=heard.append)

    assert [round(share, 1) for share in heard] == [0.3, 0.6, 0.9, 1.0]
    found = stores.originals.find(own)
    assert found is not None
    assert (found.sha256, found.size_bytes) == (digest(content), len(content))
    assert digest(b"".join(stores.originals.open(own))) == digest(content)


def test_a_walk_goes_through_more_than_one_page(s3_stores: Stores, place: str) -> None:
    keys = [f"{place}/{number:04}" for number in range(1100)]
    with ThreadPoolExecutor(8) as threads:
        list(threads.map(lambda key: s3_stores.derived.put(key, HELLO, sha256=digest(HELLO)), keys))

    met = [found.key for found in s3_stores.derived.walk() if found.key.startswith(place)]

    assert met == keys


class Gullible(BaseHTTPRequestHandler):
    """A store that takes whatever comes and looks at no digest."""

    protocol_version = "HTTP/1.1"

    def _yes(self) -> None:
        self.rfile.read(int(self.headers.get("Content-Length") or 0))
        self.send_response(200)
        self.send_header("Content-Length", "0")
        self.end_headers()

    do_HEAD = do_PUT = do_DELETE = _yes  # noqa: N815 — the names that http.server looks for

    def log_message(self, *_: object) -> None:
        """Say nothing."""


def test_a_store_that_does_not_check_digests_is_not_trusted(s3_config: S3Config) -> None:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Gullible)
    Thread(target=server.serve_forever, daemon=True).start()
    gullible = replace(s3_config, endpoint_url=f"http://127.0.0.1:{server.server_port}")

    with pytest.raises(Unavailable, match="takes bytes that do not have the SHA-256") as refusal:
        prepare(gullible)

    server.shutdown()
    server.server_close()
    assert refusal.value.code == "store-not-trusted"


class Full(BaseHTTPRequestHandler):
    """A store that takes no more, and says so with the status and code that stand in its address."""

    protocol_version = "HTTP/1.1"

    def do_HEAD(self) -> None:
        """Have nothing."""
        self.send_response(404)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def do_PUT(self) -> None:
        """Refuse the bytes."""
        self.rfile.read(int(self.headers.get("Content-Length") or 0))
        _, status, code, *_ = self.path.split("/")
        body = f"<Error><Code>{code}</Code><Message>no more</Message></Error>".encode()
        self.send_response(int(status))
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def full_store() -> Iterator[str]:
    """Where a store that takes no more listens."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Full)
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.mark.parametrize(
    "status, code",
    [
        (400, "QuotaExceeded"),
        (403, "QuotaExceeded"),
        (507, "InsufficientStorage"),
        (507, "XMinioStorageFull"),
        (500, "InternalError"),  # SeaweedFS, for a full disk as for a quota
    ],
)
def test_a_quota_that_is_used_up_is_said_like_a_full_disk(
    s3_config: S3Config, full_store: str, status: int, code: str
) -> None:
    full = open_stores(replace(s3_config, endpoint_url=f"{full_store}/{status}/{code}")).originals

    with pytest.raises(Unavailable, match=rf"\({code}\); .*the bucket's quota used up: make room") as refusal:
        full.put("a", HELLO, sha256=digest(HELLO))

    assert refusal.value.code == "store-full"
