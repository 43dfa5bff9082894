"""Downloading: every original goes through the gate, whole or in ranges, and leaves an entry."""

from __future__ import annotations

from dataclasses import replace

import pytest

from catalog.app.web import create_app
from catalog.kernel import clock
from catalog.kernel.abilities import Ability
from catalog.storage.keys import blob_key
from catalog.storage.port import Part, TransferRequest
from tests.files import png
from tests.studio import Person, Studio, digest

TEXT = b"0123456789"
FILE = "/assets/prp_lamp/versions/1/files/doc/notes.md"


@pytest.fixture
def artist(studio: Studio) -> Person:
    """An artist with a published lamp."""
    studio.artist.publishes("prp_lamp", {"doc/notes.md": TEXT, "tex/größe 1.png": b"png"})
    return studio.artist


def test_a_file_comes_whole_with_its_type_its_name_and_its_digest(artist: Person) -> None:
    file = artist.get(FILE).response

    assert (file.status_code, file.data) == (200, TEXT)
    assert file.headers["Content-Length"] == "10"
    assert file.headers["Content-Type"] == "text/markdown"
    assert file.headers["Content-Disposition"] == "attachment; filename*=UTF-8''notes.md"
    assert file.headers["ETag"] == f'"{digest(TEXT)}"'
    assert file.headers["Accept-Ranges"] == "bytes"
    assert file.headers["Content-Security-Policy"] == "sandbox"
    assert file.headers["X-Content-Type-Options"] == "nosniff"


def test_a_name_in_any_script_comes_as_it_is(artist: Person) -> None:
    file = artist.get("/assets/prp_lamp/versions/1/files/tex/gr%C3%B6%C3%9Fe%201.png").response

    assert (file.status_code, file.data) == (200, b"png")
    assert file.headers["Content-Disposition"] == "attachment; filename*=UTF-8''gr%C3%B6%C3%9Fe%201.png"


def test_a_path_may_be_asked_for_as_macos_spells_it(artist: Person) -> None:
    file = artist.get("/assets/prp_lamp/versions/1/files/tex/gro%CC%88%C3%9Fe%201.png")

    assert file.status == 200


def test_a_range_comes_alone(artist: Person) -> None:
    said = {
        asked: artist.get(FILE, Range=asked).response
        for asked in ("bytes=0-3", "bytes=4-", "bytes=-2", "bytes=-99", "bytes=8-99", "bytes=9-9")
    }

    assert {asked: (one.data, one.headers["Content-Range"]) for asked, one in said.items()} == {
        "bytes=0-3": (b"0123", "bytes 0-3/10"),
        "bytes=4-": (b"456789", "bytes 4-9/10"),
        "bytes=-2": (b"89", "bytes 8-9/10"),
        "bytes=-99": (TEXT, "bytes 0-9/10"),
        "bytes=8-99": (b"89", "bytes 8-9/10"),
        "bytes=9-9": (b"9", "bytes 9-9/10"),
    }
    assert {one.status_code for one in said.values()} == {206}
    assert [one.headers["Content-Length"] for one in said.values()] == ["4", "6", "2", "10", "2", "1"]


def test_a_range_outside_the_file_is_refused_with_its_size(artist: Person) -> None:
    for asked in ("bytes=10-", "bytes=99-100", "bytes=-0"):
        refused = artist.get(FILE, Range=asked)

        assert (refused.status, refused.code) == (416, "bad-range")
        assert refused.response.headers["Content-Range"] == "bytes */10"
        assert refused.message == f"range '{asked}' is outside the 10 bytes of 'doc/notes.md'"


def test_a_range_that_is_none_is_passed_over(artist: Person) -> None:
    for asked in ("bytes=5-2", "bytes=0-1,4-5", "lines=1-2", "bytes=a-b", "bytes=-", ""):
        whole = artist.get(FILE, Range=asked).response

        assert (whole.status_code, whole.data) == (200, TEXT)


def test_a_range_of_other_bytes_than_one_has_comes_whole(artist: Person) -> None:
    etag = artist.get(FILE).response.headers["ETag"]

    same = artist.get(FILE, Range="bytes=4-", If_Range=etag)
    other = artist.get(FILE, Range="bytes=4-", If_Range='"other"')

    assert (same.status, same.response.data) == (206, b"456789")
    assert (other.status, other.response.data) == (200, TEXT)


def test_every_release_leaves_an_entry_that_says_who_took_what_and_why(studio: Studio, artist: Person) -> None:
    studio.pipeline.post("/shows", {"code": "orion", "name": "Orion"})

    artist.get(f"{FILE}?purpose=previs&show=orion&shot=010", X_Request_ID="render-7")

    (entry,) = studio.entries("files.released/1")
    (grant,) = entry["values"]["files"]
    assert (entry["actor"]["name"], entry["request_id"]) == ("art", "render-7")
    assert (grant["asset"], grant["number"], grant["paths"]) == ("prp_lamp", 1, ["doc/notes.md"])
    assert entry["values"]["how"] == "download"
    assert entry["values"]["use"] == {"show": "orion", "shot": "010", "purpose": "previs"}


def test_what_was_refused_leaves_no_entry(studio: Studio, artist: Person) -> None:
    artist.get(FILE, Range="bytes=99-")
    artist.get("/assets/prp_lamp/versions/1/files/none.txt")
    studio.viewer.get(FILE)

    assert artist.get(f"{FILE}?show=nosuch").code == "unknown-show"
    assert studio.entries("files.released/1") == []


def test_who_took_what_is_told_to_those_who_audit_and_to_oneself(studio: Studio, artist: Person) -> None:
    studio.pipeline.get(FILE)

    def told(person: Person) -> list[str]:
        events = person.get("/events?limit=200").items
        return [event["actor"]["name"] for event in events if event["type"] == "files.released/1"]

    assert told(studio.licensing) == ["pat"]
    assert told(studio.pipeline) == ["pat"]
    assert told(artist) == []


def test_a_viewer_takes_no_originals(studio: Studio, artist: Person) -> None:
    refused = studio.viewer.get(FILE)

    assert (refused.status, refused.code) == (403, "not-permitted")
    assert refused.message == (
        "vic with token \"vic's\" may not release; ask an administrator for a role or token scope with 'release'"
    )


def test_a_token_without_the_scope_takes_no_originals(studio: Studio, artist: Person) -> None:
    reader = studio.person("rob", scopes=[Ability.BROWSE])

    assert reader.get(FILE).status == 403


def test_a_withdrawn_version_releases_nothing_and_says_why(studio: Studio, artist: Person) -> None:
    studio.pipeline.post("/assets/prp_lamp/versions/1/withdrawal", {"reason": "The scan was not ours."})

    refused = artist.get(FILE)

    assert (refused.status, refused.code) == (409, "not-offered")
    assert refused.message == "prp_lamp@1 is withdrawn: The scan was not ours.; its files are not released"


def test_an_unknown_file_is_named_with_its_version(artist: Person) -> None:
    missing = artist.get("/assets/prp_lamp/versions/1/files/doc/other.txt")

    assert (missing.status, missing.code) == (404, "unknown-file")
    assert missing.message == "prp_lamp@1 has no file 'doc/other.txt'"


def test_bytes_that_the_store_lost_are_a_refusal_and_not_a_broken_stream(studio: Studio, artist: Person) -> None:
    studio.house.stores.originals.remove(blob_key(digest(TEXT)))

    lost = artist.get(FILE)

    assert lost.status >= 404
    assert lost.response.content_type == "application/problem+json"


def test_a_referenced_file_is_resolved_and_not_downloaded(studio: Studio, artist: Person) -> None:
    studio.pipeline.post("/roots", {"name": "lib", "templates": [{"platform": "linux", "path": "/mnt/lib"}]})
    file = {"path": "a.txt", "sha256": digest(b"a"), "size_bytes": 1, "custody": "referenced", "root": "lib"}
    artist.post("/assets/prp_lamp/versions", {"files": [file]})
    artist.submits("prp_lamp", 2)

    refused = artist.get("/assets/prp_lamp/versions/2/files/a.txt")

    assert (refused.status, refused.code) == (409, "referenced-file")
    assert refused.message == "'a.txt' is referenced, not stored here; resolve it to a path instead"
    assert studio.entries("files.released/1") == []


class _PublicStore:
    """Hands transfers over to a store with a public address."""

    def single_upload(self, key: str, *, sha256: str, size_bytes: int, expires_s: int) -> TransferRequest:
        raise NotImplementedError

    def part_upload(self, key: str, transfer_id: str, part: Part, *, expires_s: int) -> TransferRequest:
        raise NotImplementedError

    def download(self, key: str, *, file_name: str, media_type: str, expires_s: int = 60) -> TransferRequest:
        url = f"https://store.test/{key}?name={file_name}&type={media_type}&expires={expires_s}"
        return TransferRequest(method="GET", url=url, headers={}, size_bytes=0, expires_at=clock.now())


def test_where_the_store_has_a_public_address_the_client_is_sent_there_for_a_minute(
    studio: Studio, artist: Person
) -> None:
    house = replace(studio.house, stores=replace(studio.house.stores, handover=_PublicStore()))

    response = (
        create_app(house).test_client().get(f"/api/v1{FILE}", headers={"Authorization": f"Bearer {artist.token}"})
    )

    assert response.status_code == 302
    assert response.headers["Location"] == (
        f"https://store.test/{blob_key(digest(TEXT))}?name=notes.md&type=text/markdown&expires=60"
    )
    assert response.headers["Cache-Control"] == "no-store"
    assert len(studio.entries("files.released/1")) == 1


def test_asking_without_taking_lets_nothing_out(studio: Studio, artist: Person) -> None:
    head = artist.call("HEAD", FILE)

    assert (head.status, head.response.headers["Allow"]) == (405, "GET")
    assert studio.entries("files.released/1") == []


def test_a_picture_needs_no_gate_and_may_be_kept_for_good(studio: Studio) -> None:
    studio.artist.publishes("prp_lamp", {"thumbnail.png": png(64, 64)})
    url = studio.viewer.get("/assets/prp_lamp").thumbnail_url.removeprefix("/api/v1")

    picture = studio.viewer.get(url)
    again = studio.viewer.get(url, If_None_Match=picture.response.headers["ETag"])

    assert (picture.status, picture.response.content_type) == (200, "image/webp")
    assert digest(picture.response.data) == url.rpartition("/")[2]
    assert picture.response.headers["Cache-Control"] == "private, max-age=31536000, immutable"
    assert (again.status, again.response.data) == (304, b"")
    assert studio.entries("files.released/1") == []


def test_an_original_is_never_kept_by_what_stands_between(artist: Person) -> None:
    assert "no-store" in artist.get(FILE).response.headers.get("Cache-Control", "")
