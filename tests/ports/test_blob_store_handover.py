"""What an address that was handed out can do, and above all what it cannot. Over the real SeaweedFS."""

import hashlib
import time
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import parse_qs, quote, urlsplit

import pytest
import requests

from catalog.app.seaweed import EmbeddedStore
from catalog.kernel.errors import InvalidInput
from catalog.storage.keys import blob_key
from catalog.storage.port import Handover, Part, Stores, TransferRequest
from catalog.storage.s3.connection import S3Config
from tests.ports.conftest import WEB_ORIGIN

pytestmark = pytest.mark.store

HELLO = b"hello, bytes"
EVIL = b"evil bytes!!"  # as long as HELLO
FIRST = b"1" * (5 * 2**20)
FORBIDDEN = 403


def digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def send(request: TransferRequest, body: bytes = b"", **more: str) -> requests.Response:
    headers = {name.replace("_", "-"): value for name, value in more.items()}
    return requests.request(
        request.method, request.url, data=body or None, headers={**request.headers, **headers}, timeout=60
    )


@pytest.fixture
def key(place: str) -> str:
    return f"incoming/{place}/{digest(HELLO)}"


@pytest.fixture
def upload(handover: Handover, key: str) -> TransferRequest:
    return handover.single_upload(key, sha256=digest(HELLO), size_bytes=len(HELLO), expires_s=60)


def test_the_declared_bytes_are_stored_and_the_store_knows_their_digest(
    s3_stores: Stores, upload: TransferRequest, key: str
) -> None:
    answer = send(upload, HELLO)

    found = s3_stores.originals.find(key)
    assert answer.status_code == 200
    assert found is not None
    assert found.sha256 == digest(HELLO)


def test_an_empty_file_is_uploaded_as_well(s3_stores: Stores, handover: Handover, key: str) -> None:
    request = handover.single_upload(key, sha256=digest(b""), size_bytes=0, expires_s=60)

    answer = requests.put(request.url, data=b"", headers=dict(request.headers), timeout=60)

    assert answer.status_code == 200
    assert b"".join(s3_stores.originals.open(key)) == b""


@pytest.mark.parametrize("body", [EVIL, HELLO + b"more", HELLO[:-1]], ids=["other", "longer", "shorter"])
def test_other_bytes_are_refused(s3_stores: Stores, upload: TransferRequest, key: str, body: bytes) -> None:
    answer = send(upload, body)

    assert answer.status_code in {400, 403}
    assert s3_stores.originals.find(key) is None


def test_the_digest_cannot_be_exchanged(
    s3_stores: Stores, upload: TransferRequest, handover: Handover, key: str
) -> None:
    other = handover.single_upload(key, sha256=digest(EVIL), size_bytes=len(EVIL), expires_s=60)

    answer = requests.put(upload.url, data=EVIL, headers=dict(other.headers), timeout=60)

    assert answer.status_code == FORBIDDEN
    assert s3_stores.originals.find(key) is None


@pytest.mark.parametrize("left_out", ["x-amz-checksum-sha256", "If-None-Match"])
def test_no_signed_header_can_be_left_out(upload: TransferRequest, left_out: str) -> None:
    headers = {name: value for name, value in upload.headers.items() if name != left_out}

    answer = requests.put(upload.url, data=HELLO, headers=headers, timeout=60)

    assert answer.status_code == FORBIDDEN


def test_what_was_uploaded_is_not_written_again(upload: TransferRequest) -> None:
    first, second = send(upload, HELLO), send(upload, HELLO)

    assert (first.status_code, second.status_code) == (200, 412)


def test_of_sixteen_who_use_one_address_at_once_one_writes(upload: TransferRequest) -> None:
    with ThreadPoolExecutor(16) as threads:
        statuses = sorted(answer.status_code for answer in threads.map(lambda _: send(upload, HELLO), range(16)))

    assert statuses[0] == 200
    assert all(status >= 400 for status in statuses[1:])


@pytest.mark.parametrize(
    "headers",
    [
        {"x_amz_copy_source": "/catalog-originals/{victim}"},
        {"x_amz_acl": "public-read"},
        {"x_amz_meta_sha256": "0" * 64},
        {"x_amz_tagging": "a=b"},
        {"x_amz_server_side_encryption": "AES256"},
        {"x_amz_storage_class": "GLACIER"},
        {"x_amz_website_redirect_location": "http://evil.example"},
    ],
    ids=lambda headers: next(iter(headers)),
)
def test_no_instruction_to_the_store_can_be_added(
    s3_stores: Stores, upload: TransferRequest, place: str, key: str, headers: dict[str, str]
) -> None:
    victim = f"incoming/{place}/victim"
    s3_stores.originals.put(victim, EVIL, sha256=digest(EVIL))

    answer = send(upload, HELLO, **{name: value.format(victim=victim) for name, value in headers.items()})

    assert answer.status_code == FORBIDDEN
    assert s3_stores.originals.find(key) is None


def test_an_address_works_for_its_key_and_method_only(
    s3_stores: Stores, upload: TransferRequest, place: str, key: str
) -> None:
    elsewhere = upload.url.replace(quote(key), quote(blob_key(digest(HELLO))))
    assert elsewhere != upload.url

    written = requests.put(elsewhere, data=HELLO, headers=dict(upload.headers), timeout=60)
    removed = requests.delete(upload.url, timeout=60)
    read = requests.get(upload.url, timeout=60)

    assert (written.status_code, removed.status_code, read.status_code) == (FORBIDDEN, FORBIDDEN, FORBIDDEN)
    assert s3_stores.originals.find(f"incoming/{place}/{digest(HELLO)}") is None


def test_headers_that_are_not_signed_do_not_reach_the_verified_object(
    s3_stores: Stores, handover: Handover, upload: TransferRequest, key: str
) -> None:
    send(upload, HELLO, content_type="text/html", content_encoding="gzip")

    s3_stores.staging.settle(key, blob_key(digest(HELLO)), sha256=digest(HELLO))

    request = handover.download(blob_key(digest(HELLO)), file_name="a", media_type="model/vnd.usd")
    answer = send(request)
    assert answer.content == HELLO
    assert "Content-Encoding" not in answer.headers


def test_an_address_that_has_expired_is_refused(handover: Handover, key: str) -> None:
    request = handover.single_upload(key, sha256=digest(HELLO), size_bytes=len(HELLO), expires_s=1)
    time.sleep(2.1)

    assert send(request, HELLO).status_code == FORBIDDEN


@pytest.mark.parametrize("expires_s", [0, -1, 3601])
def test_uploads_are_signed_for_an_hour_at_most(handover: Handover, key: str, expires_s: int) -> None:
    with pytest.raises(InvalidInput, match="1 to 3600 s"):
        handover.single_upload(key, sha256=digest(HELLO), size_bytes=len(HELLO), expires_s=expires_s)


def test_more_than_64_mebibytes_do_not_travel_in_one_request(handover: Handover, key: str) -> None:
    with pytest.raises(InvalidInput, match="up to 67108864 do"):
        handover.single_upload(key, sha256=digest(HELLO), size_bytes=64 * 2**20 + 1, expires_s=60)


def test_parts_are_sent_by_address_and_become_one_object(s3_stores: Stores, handover: Handover, key: str) -> None:
    parts = (part(1, FIRST), part(2, HELLO))
    transfer = s3_stores.transfers.begin(key)

    answers = [
        send(handover.part_upload(key, transfer, one, expires_s=60), content)
        for one, content in zip(parts, (FIRST, HELLO), strict=True)
    ]
    s3_stores.transfers.finish(key, transfer, parts)

    assert [answer.status_code for answer in answers] == [200, 200]
    assert b"".join(s3_stores.originals.open(key)) == FIRST + HELLO


def test_a_part_of_other_bytes_is_refused_by_the_store(s3_stores: Stores, handover: Handover, key: str) -> None:
    transfer = s3_stores.transfers.begin(key)

    answer = send(handover.part_upload(key, transfer, part(1, HELLO), expires_s=60), EVIL)

    assert answer.status_code == 400
    assert s3_stores.transfers.parts(key, transfer) == ()


def test_a_part_cannot_be_copied_from_another_object(
    s3_stores: Stores, handover: Handover, place: str, key: str
) -> None:
    s3_stores.originals.put(f"incoming/{place}/victim", EVIL, sha256=digest(EVIL))
    transfer = s3_stores.transfers.begin(key)
    request = handover.part_upload(key, transfer, part(1, EVIL), expires_s=60)

    answer = send(request, EVIL, x_amz_copy_source=f"/catalog-originals/incoming/{place}/victim")

    assert answer.status_code == FORBIDDEN


def test_the_address_of_a_part_is_good_for_that_part_only(s3_stores: Stores, handover: Handover, key: str) -> None:
    transfer = s3_stores.transfers.begin(key)
    request = handover.part_upload(key, transfer, part(1, HELLO), expires_s=60)

    answer = requests.put(
        request.url.replace("partNumber=1", "partNumber=2"), data=HELLO, headers=dict(request.headers), timeout=60
    )

    assert answer.status_code == FORBIDDEN


def test_the_address_of_a_part_is_dead_once_the_object_is_assembled(
    s3_stores: Stores, handover: Handover, key: str
) -> None:
    transfer = s3_stores.transfers.begin(key)
    request = handover.part_upload(key, transfer, part(1, HELLO), expires_s=60)
    send(request, HELLO)
    s3_stores.transfers.finish(key, transfer, (part(1, HELLO),))

    assert send(request, HELLO).status_code == 404


@pytest.mark.parametrize("number, size_bytes", [(0, 1), (10_001, 1), (1, 0), (1, 5 * 2**30 + 1)])
def test_parts_that_s3_would_not_take_are_not_signed(
    handover: Handover, key: str, number: int, size_bytes: int
) -> None:
    impossible = Part(number=number, sha256=digest(HELLO), size_bytes=size_bytes)

    with pytest.raises(InvalidInput, match="cannot be"):
        handover.part_upload(key, "transfer", impossible, expires_s=60)


def test_a_download_saves_under_any_name_and_is_kept_by_no_cache(
    s3_stores: Stores, handover: Handover, key: str
) -> None:
    s3_stores.originals.put(key, HELLO, sha256=digest(HELLO))

    answer = send(handover.download(key, file_name='邓 "丽君".usd', media_type="model/vnd.usd"))

    assert answer.content == HELLO
    assert answer.headers["Content-Type"] == "model/vnd.usd"
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert answer.headers["Content-Disposition"] == (
        "attachment; filename=\"_ ____.usd\"; filename*=UTF-8''%E9%82%93%20%22%E4%B8%BD%E5%90%9B%22.usd"
    )


def test_a_download_gives_ranges(s3_stores: Stores, handover: Handover, key: str) -> None:
    s3_stores.originals.put(key, HELLO, sha256=digest(HELLO))

    answer = send(handover.download(key, file_name="a", media_type="text/plain"), range="bytes=-5")

    assert (answer.status_code, answer.content) == (206, HELLO[-5:])


def test_the_name_and_type_of_a_download_are_signed(s3_stores: Stores, handover: Handover, key: str) -> None:
    s3_stores.originals.put(key, HELLO, sha256=digest(HELLO))
    request = handover.download(key, file_name="a", media_type="text/plain")

    answer = requests.get(request.url.replace("text%2Fplain", "text%2Fhtml"), timeout=60)

    assert answer.status_code == FORBIDDEN


def test_a_download_lives_for_a_minute_at_most(s3_stores: Stores, handover: Handover, key: str) -> None:
    s3_stores.originals.put(key, HELLO, sha256=digest(HELLO))
    short = handover.download(key, file_name="a", media_type="text/plain", expires_s=1)
    time.sleep(2.1)

    assert send(short).status_code == FORBIDDEN
    longest = handover.download(key, file_name="a", media_type="text/plain")
    assert parse_qs(urlsplit(longest.url).query)["X-Amz-Expires"] == ["60"]
    with pytest.raises(InvalidInput, match="1 to 60 s"):
        handover.download(key, file_name="a", media_type="text/plain", expires_s=61)


def test_without_a_signature_nothing_is_read_listed_or_written(
    s3_stores: Stores, s3_config: S3Config, key: str
) -> None:
    s3_stores.originals.put(key, HELLO, sha256=digest(HELLO))
    bucket = f"{s3_config.endpoint_url}/catalog-originals"

    answers = [
        requests.get(f"{bucket}/{key}", timeout=60),
        requests.get(bucket, timeout=60),
        requests.put(f"{bucket}/{key}", data=EVIL, timeout=60),
        requests.delete(f"{bucket}/{key}", timeout=60),
        requests.get(f"{s3_config.endpoint_url}/", timeout=60),
    ]

    assert [answer.status_code for answer in answers] == [FORBIDDEN] * 5
    assert b"".join(s3_stores.originals.open(key)) == HELLO


def test_only_the_catalogues_own_pages_may_send_from_a_browser(upload: TransferRequest) -> None:
    asked = {
        "Access-Control-Request-Method": "PUT",
        "Access-Control-Request-Headers": "x-amz-checksum-sha256,if-none-match,content-type",
    }

    ours = requests.options(upload.url, headers={"Origin": WEB_ORIGIN, **asked}, timeout=60)
    theirs = requests.options(upload.url, headers={"Origin": "http://evil.example", **asked}, timeout=60)

    assert ours.headers["Access-Control-Allow-Origin"] == WEB_ORIGIN
    assert "Access-Control-Allow-Origin" not in theirs.headers


def test_the_other_doors_of_seaweedfs_give_nothing_away(
    s3_stores: Stores, embedded_store: EmbeddedStore, key: str
) -> None:
    s3_stores.originals.put(key, HELLO, sha256=digest(HELLO))
    filer, master, volume = (f"http://127.0.0.1:{embedded_store.ports[door]}" for door in ("filer", "master", "volume"))

    answers = {
        "read": requests.get(f"{filer}/buckets/catalog-originals/{key}", timeout=60),
        "list": requests.get(f"{filer}/buckets/?pretty=y", timeout=60),
        "remove": requests.delete(f"{filer}/buckets/catalog-originals?recursive=true", timeout=60),
        "drop": requests.get(f"{master}/col/delete?collection=catalog-originals", timeout=60),
        "assign": requests.get(f"{master}/dir/assign", timeout=60),
        "volume": requests.get(f"{volume}/1,0", timeout=60),
    }

    assert {name: answer.status_code in {401, 404} for name, answer in answers.items()} == dict.fromkeys(answers, True)
    assert b"".join(s3_stores.originals.open(key)) == HELLO


def part(number: int, content: bytes) -> Part:
    return Part(number=number, sha256=digest(content), size_bytes=len(content))
