"""What the client does where server, network or store fail for a moment, or are none of ours."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from catalog.client import Client, Conflict, InvalidInput, NotCleared, NotPermitted, TooMany, Unavailable
from tests.surfaces.scripted import Answer, ScriptedServer, problem, said

ME: dict[str, Any] = {
    "id": "01890000-0000-7000-8000-000000000001",
    "login": "art",
    "abilities": [],
    "through": None,
    "on_behalf_of": None,
    "language": None,
}
SHOW = {
    "id": ME["id"],
    "code": "orion",
    "name": "",
    "description": "",
    "audience": None,
    "reviewed": False,
    "revision": 1,
    "created_at": "2026-01-01T00:00:00Z",
    "updated_at": "2026-01-01T00:00:00.5Z",
}


@pytest.fixture
def client(scripted: ScriptedServer) -> Iterator[Client]:
    with Client(scripted.url, "rpr_secret", timeout_s=30) as client:
        yield client


def test_a_read_is_repeated_until_the_server_answers(scripted: ScriptedServer, client: Client) -> None:
    scripted.answers_to("GET /api/v1/me", problem(503, "unavailable"), Answer(status=502), said(ME))

    assert client.me.get().login == "art"
    assert len(scripted.asked) == 3


def test_a_connection_that_breaks_off_is_one_that_failed(scripted: ScriptedServer, client: Client) -> None:
    cut = Answer(body=b'{"login":', headers={"Content-Length": "500"}, broken=True)
    scripted.answers_to("GET /api/v1/me", cut, said(ME))

    assert client.me.get().login == "art"


def test_the_pause_is_as_long_as_the_server_asks(scripted: ScriptedServer, client: Client) -> None:
    scripted.answers_to("GET /api/v1/me", problem(429, "too-many-requests", Retry_After="1"), said(ME))
    began = time.monotonic()

    client.me.get()

    assert time.monotonic() - began > 0.75


def test_what_creates_is_repeated_under_one_key(scripted: ScriptedServer, client: Client) -> None:
    scripted.answers_to("POST /api/v1/shows", problem(503, "unavailable"), said(SHOW, 201))

    show = client.shows.create(code="orion")

    keys = [asked.headers["Idempotency-Key"] for asked in scripted.asked]
    assert (show.updated_at.microsecond, len(keys), len(set(keys)), len(keys[0])) == (500_000, 2, 1, 32)


def test_a_change_is_sent_once_only(scripted: ScriptedServer, client: Client) -> None:
    scripted.answers_to("PATCH /api/v1/shows/orion", problem(503, "unavailable", Retry_After="7"))

    with pytest.raises(Unavailable) as refused:
        client.shows.change("orion", name="Orion", if_revision=3)

    assert (len(scripted.asked), scripted.asked[0].headers["If-Match"], refused.value.retry_after_s) == (1, '"3"', 7)


def test_refusals_keep_their_kind_and_where_to_find_them(scripted: ScriptedServer, client: Client) -> None:
    scripted.answers_to("PATCH /api/v1/shows/a", problem(403, "nothing-recorded", title="Not cleared"))
    scripted.answers_to("PATCH /api/v1/shows/b", problem(403, "not-permitted"))
    scripted.answers_to("PATCH /api/v1/shows/c", problem(429, "too-many-requests"))
    scripted.answers_to(
        "PATCH /api/v1/shows/d", Answer(status=409, body=b"a proxy says no", headers={"X-Request-ID": "p"})
    )

    for code, kind in (("a", NotCleared), ("b", NotPermitted), ("c", TooMany), ("d", Conflict)):
        with pytest.raises(kind) as refused:
            client.shows.change(code, name="x")
        assert refused.value.request_id == ("p" if code == "d" else "r1")


def test_a_server_that_is_none_of_ours_is_named(scripted: ScriptedServer, client: Client) -> None:
    scripted.answers_to("GET /api/v1/me", Answer(body=b"<html>Welcome to my router</html>"))
    with pytest.raises(InvalidInput, match="does not answer like a catalogue"):
        client.me.get()

    scripted.answers_to("GET /api/v1/me", Answer(status=301, headers={"Location": "https://elsewhere.test/api/v1/me"}))
    with pytest.raises(InvalidInput, match=r"sends us on to https://elsewhere\.test"):
        client.me.get()


def test_a_server_that_is_too_old_is_said_to_be(scripted: ScriptedServer, client: Client) -> None:
    scripted.answers_to("GET /api/v1/me", said({"id": ME["id"], "login": "art"}))

    with pytest.raises(Unavailable, match="lacks 'abilities': it is older than this client"):
        client.me.get()


def test_the_token_replaces_what_a_netrc_says(scripted: ScriptedServer, client: Client, home: Path) -> None:
    (home / ".netrc").write_text("machine 127.0.0.1 login somebody password else\n")
    (home / ".netrc").chmod(0o600)
    scripted.answers_to("GET /api/v1/me", said(ME))

    client.me.get()

    assert scripted.asked[0].headers["Authorization"] == "Bearer rpr_secret"


@pytest.mark.parametrize("code", ["", ".", ".."])
def test_what_would_be_another_address_is_refused(client: Client, code: str) -> None:
    with pytest.raises(InvalidInput, match="cannot stand in an address"):
        client.assets.get(code)


def test_an_address_or_token_that_is_none_is_refused() -> None:
    with pytest.raises(InvalidInput, match="is no address of a server"):
        Client("studio:8000", "x")
    with pytest.raises(InvalidInput, match="characters that no token has"):
        Client("http://studio:8000", "x\ny")


CONTENT = b"v 0 0 0\n"
SHA256 = hashlib.sha256(CONTENT).hexdigest()
VERSION = {
    "id": ME["id"],
    "asset": "prp_x",
    "number": 1,
    "status": "draft",
    "note": "",
    "manifest_sha256": SHA256,
    "file_count": 1,
    "size_bytes": 8,
    "created_at": "2026-01-01T00:00:00Z",
    "published_at": None,
    "problem": None,
    "created_by": None,
    "standing_reason": None,
    "thumbnail_url": None,
    "dominant_color": None,
    "revision": 1,
    "reference": "catalog://assets/prp_x/v1",
    "files": [],
    "facts": [],
    "previews": [],
    "pending": [],
    "rigs": [],
    "quality": None,
    "asset_id": ME["id"],
    "measured_at": None,
    "findings": [],
}
ASSET = {
    "id": ME["id"],
    "code": "prp_x",
    "name": "x",
    "kind": "prop",
    "status": "active",
    "latest_version": None,
    "thumbnail_url": None,
    "dominant_color": None,
    "grade": None,
    "score": None,
    "tags": [],
    "shows": [],
    "clearance": {"verdict": None, "until": None, "as_of": None},
    "updated_at": "2026-01-01T00:00:00Z",
    "reference": "",
    "description": "",
    "aliases": [],
    "external_ids": [],
    "owner": None,
    "show": None,
    "audience": None,
    "merged": [],
    "created_at": "2026-01-01T00:00:00Z",
    "revision": 1,
}


def _drafts(scripted: ScriptedServer, *pages: list[dict[str, Any]]) -> None:
    """A server with a draft that waits for one file; ``pages`` are what it says is missing, one after the other."""
    scripted.answers_to("GET /api/v1/assets/prp_x", said(ASSET))
    drafted = {"outcome": "drafted", "version": VERSION, "uploads_needed": 1, "upload_bytes": 8}
    scripted.answers_to("POST /api/v1/assets/prp_x/versions", said(drafted, 201))
    listed = [said({"items": items, "next_cursor": None, "total": None}) for items in pages]
    scripted.answers_to("GET /api/v1/assets/prp_x/versions/1/uploads", *listed)
    published = said({"version": {**VERSION, "status": "published"}, "job": None})
    scripted.answers_to("POST /api/v1/assets/prp_x/versions/1/publication", published)
    scripted.answers_to("GET /api/v1/assets/prp_x/versions/1", said({**VERSION, "status": "published"}))


def _upload(url: str) -> dict[str, Any]:
    request = {"number": None, "method": "PUT", "url": url, "headers": {"If-None-Match": "*"}}
    return {"sha256": SHA256, "size_bytes": 8, "requests": [{**request, "offset_bytes": 0, "size_bytes": 8}]}


@pytest.fixture
def file(tmp_path: Path) -> Path:
    (tmp_path / "x.obj").write_bytes(CONTENT)
    return tmp_path / "x.obj"


def test_an_address_that_has_expired_is_asked_for_anew(scripted: ScriptedServer, client: Client, file: Path) -> None:
    _drafts(scripted, [_upload(f"{scripted.url}/store/old")], [_upload(f"{scripted.url}/store/new")], [])
    scripted.answers_to("PUT /store/old", Answer(status=403, body=b"<Code>AccessDenied</Code> expired"))
    scripted.answers_to("PUT /store/new", Answer())

    assert client.versions.publish("prp_x", file).outcome == "published"
    assert [asked.body for asked in scripted.asked_for("/store/new")] == [CONTENT]


def _part(url: str, number: int) -> dict[str, Any]:
    """A request for half of the file."""
    request = {"number": number, "method": "PUT", "url": url, "headers": {}}
    return {**request, "offset_bytes": (number - 1) * 4, "size_bytes": 4}


def test_a_part_whose_address_has_expired_is_asked_for_anew_and_the_others_are_not_sent_again(
    scripted: ScriptedServer, client: Client, file: Path
) -> None:
    upload = {"sha256": SHA256, "size_bytes": 8}
    first = {**upload, "requests": [_part(f"{scripted.url}/store/1", 1), _part(f"{scripted.url}/store/2old", 2)]}
    renewed = {**upload, "requests": [_part(f"{scripted.url}/store/2new", 2)]}
    _drafts(scripted, [first], [renewed], [])
    scripted.answers_to("PUT /store/1", Answer())
    scripted.answers_to("PUT /store/2old", Answer(status=403, body=b"<Code>AccessDenied</Code> expired"))
    scripted.answers_to("PUT /store/2new", Answer())

    version = client.versions.publish("prp_x", file)

    assert (version.outcome, version.sent_bytes) == ("published", 8)
    sent = {one: [asked.body for asked in scripted.asked_for(f"/store/{one}")] for one in ("1", "2old", "2new")}
    assert sent == {"1": [b"v 0 "], "2old": [b"0 0\n"], "2new": [b"0 0\n"]}


def test_the_store_gets_the_signed_headers_and_no_token(scripted: ScriptedServer, client: Client, file: Path) -> None:
    _drafts(scripted, [_upload(f"{scripted.url}/store/a")], [])
    scripted.answers_to("PUT /store/a", Answer())

    client.versions.publish("prp_x", file)

    headers = scripted.asked_for("/store/a")[0].headers
    assert (headers["If-None-Match"], headers["Content-Length"]) == ("*", "8")
    assert "Authorization" not in headers


def test_bytes_that_are_there_already_count_as_sent(scripted: ScriptedServer, client: Client, file: Path) -> None:
    _drafts(scripted, [_upload(f"{scripted.url}/store/a")], [])
    scripted.answers_to("PUT /store/a", Answer(status=412))

    assert client.versions.publish("prp_x", file).outcome == "published"


def test_a_store_that_is_busy_is_asked_again(scripted: ScriptedServer, client: Client, file: Path) -> None:
    _drafts(scripted, [_upload(f"{scripted.url}/store/a")], [])
    scripted.answers_to("PUT /store/a", Answer(status=503, body=b"SlowDown"), Answer(status=409), Answer())

    assert client.versions.publish("prp_x", file).outcome == "published"
    assert len(scripted.asked_for("/store/a")) == 3


def test_a_store_that_expires_everything_is_named_at_last(scripted: ScriptedServer, client: Client, file: Path) -> None:
    _drafts(scripted, [_upload(f"{scripted.url}/store/a")])
    scripted.answers_to("PUT /store/a", Answer(status=403))

    with pytest.raises(Unavailable, match="refuses every upload as expired; is the clock"):
        client.versions.publish("prp_x", file)


@pytest.mark.parametrize("code", ["AccessDenied", "InvalidAccessKeyId", "SignatureDoesNotMatch"])
def test_a_store_that_refuses_our_keys_is_quoted_at_once(
    scripted: ScriptedServer, client: Client, file: Path, code: str
) -> None:
    _drafts(scripted, [_upload(f"{scripted.url}/store/a")])
    body = f"<Error><Code>{code}</Code><Message>not you</Message></Error>".encode()
    scripted.answers_to("PUT /store/a", Answer(status=403, body=body))

    with pytest.raises(Unavailable, match=rf"the store answers 403 {code}: not you"):
        client.versions.publish("prp_x", file)

    assert len(scripted.asked_for("/store/a")) == 1


@pytest.mark.parametrize(
    "code, message",
    [("AccessDenied", "Request has expired"), ("RequestTimeTooSkewed", "too far"), ("ExpiredToken", "over")],
)
def test_an_address_of_the_store_that_is_too_old_is_asked_for_anew(
    scripted: ScriptedServer, client: Client, file: Path, code: str, message: str
) -> None:
    _drafts(scripted, [_upload(f"{scripted.url}/store/a")], [_upload(f"{scripted.url}/store/a")], [])
    body = f"<Error><Code>{code}</Code><Message>{message}</Message></Error>".encode()
    scripted.answers_to("PUT /store/a", Answer(status=403, body=body), Answer())

    assert client.versions.publish("prp_x", file).outcome == "published"


@pytest.mark.parametrize("status", [400, 403, 507])
def test_a_store_whose_quota_is_used_up_is_named_at_once(
    scripted: ScriptedServer, client: Client, file: Path, status: int
) -> None:
    _drafts(scripted, [_upload(f"{scripted.url}/store/a")])
    body = b"<Error><Code>QuotaExceeded</Code><Message>no more for this bucket</Message></Error>"
    scripted.answers_to("PUT /store/a", Answer(status=status, body=body))

    with pytest.raises(Unavailable, match=r"QuotaExceeded: no more for this bucket.*publish again"):
        client.versions.publish("prp_x", file)

    assert len(scripted.asked_for("/store/a")) == 1


def test_a_version_that_the_server_gives_back_names_the_files(
    scripted: ScriptedServer, client: Client, file: Path
) -> None:
    _drafts(scripted, [])
    job = f"/api/v1/jobs/{ME['id']}"
    scripted.answers_to("POST /api/v1/assets/prp_x/versions/1/publication", said({"version": VERSION, "job": job}, 202))
    running = {
        "id": ME["id"],
        "kind": "settle-version",
        "about": None,
        "subject_id": ME["id"],
        "lane": "interactive",
        "attempts": 1,
        "progress": 0.5,
        "error": None,
        "worker": None,
        "due_at": "2026-01-01T00:00:00Z",
        "created_at": "2026-01-01T00:00:00Z",
        "started_at": None,
        "ended_at": None,
    }
    scripted.answers_to(f"GET {job}", said({**running, "state": "running"}), said({**running, "state": "done"}))
    given_back = {**VERSION, "problem": f"upload of {SHA256[:12]}… (8 bytes) never arrived"}
    scripted.answers_to("GET /api/v1/assets/prp_x/versions/1", said(given_back))

    with pytest.raises(Conflict, match=r"prp_x@1 was not published \(x\.obj\): upload of .* never arrived"):
        client.versions.publish("prp_x", file)

    scripted.answers_to(f"GET {job}", said({**running, "state": "dead", "error": "the store is gone"}))
    with pytest.raises(Unavailable, match="could not verify the upload: the store is gone; an operator can retry job"):
        client.versions.publish("prp_x", file)


def test_waiting_ends_when_the_time_is_up(scripted: ScriptedServer, client: Client, file: Path) -> None:
    _drafts(scripted, [])
    measuring = {**VERSION, "status": "published", "pending": ["inspect-version"]}
    scripted.answers_to("GET /api/v1/assets/prp_x/versions/1", said(measuring))

    with pytest.raises(Unavailable, match=r"measuring prp_x@1 takes longer than 0\.3 s; it goes on without us"):
        client.versions.publish("prp_x", file, wait=0.3)
