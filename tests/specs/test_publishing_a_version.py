"""Publishing: all of a version's bytes, verified, or nothing that anybody sees."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest
from itsdangerous import TimestampSigner, URLSafeTimedSerializer
from sqlalchemy import update

from catalog.accounts.vocabulary import Role
from catalog.jobs.claiming import claim, reclaim_from_dead
from catalog.jobs.models import Job
from catalog.kernel import clock
from tests.crew import Crew
from tests.studio import Person, Said, Studio, digest, entry
from tests.visitors import visitor

FILES = {"geo/lamp.usda": b"#usda 1.0\n", "doc/readme.md": b"# Lamp\n"}


@pytest.fixture
def artist(studio: Studio) -> Person:
    """An artist with an asset that has no version yet."""
    studio.artist.registers("prp_lamp")
    return studio.artist


def test_a_version_is_drafted_uploaded_submitted_and_then_published(studio: Studio, artist: Person) -> None:
    drafted = artist.drafts("prp_lamp", FILES, note="First.")
    received = artist.uploads("prp_lamp", 1, FILES)
    submitted = artist.submits("prp_lamp", 1)
    studio.settles()

    version = studio.viewer.get("/assets/prp_lamp/versions/1")
    assert (drafted.status, drafted.outcome, drafted.version["status"]) == (201, "drafted", "draft")
    assert (drafted.uploads_needed, drafted.upload_bytes) == (2, 17)
    assert [one.status for one in received] == [200, 200]
    assert (submitted.status, submitted.version["status"]) == (202, "verifying")
    assert (version.json["status"], version.note, version.created_by) == ("published", "First.", "art")
    assert [(file["path"], file["role"]) for file in version.files] == [
        ("doc/readme.md", "doc"),
        ("geo/lamp.usda", "model"),
    ]
    assert studio.viewer.get("/assets/prp_lamp").latest_version == 1


def test_while_bytes_are_verified_the_answer_names_the_job_to_ask(studio: Studio, artist: Person) -> None:
    artist.drafts("prp_lamp", FILES)
    artist.uploads("prp_lamp", 1, FILES)

    submitted = artist.submits("prp_lamp", 1)

    job = artist.get(submitted.job.removeprefix("/api/v1"))
    assert submitted.response.headers["Location"] == submitted.job
    assert (job.kind, job.json["state"], job.subject_id) == ("settle-version", "owed", submitted.version["id"])
    studio.settles()
    assert artist.get(submitted.job.removeprefix("/api/v1")).json["state"] == "done"


def test_a_version_of_bytes_that_are_there_is_published_at_once(artist: Person) -> None:
    artist.publishes("prp_bulb", FILES)
    drafted = artist.drafts("prp_lamp", FILES)

    submitted = artist.submits("prp_lamp", 1)

    assert (drafted.uploads_needed, drafted.upload_bytes) == (0, 0)
    assert (submitted.status, submitted.version["status"], submitted.job) == (200, "published", None)


def test_an_asset_and_its_first_version_are_entered_together_or_not_at_all(studio: Studio) -> None:
    lantern = {"name": "Lantern", "kind": "prop", "tags": ["market"]}

    refused = studio.artist.drafts("prp_lantern", {"A.txt": b"a", "a.txt": b"b"}, asset=lantern)
    absent = studio.artist.get("/assets/prp_lantern")
    drafted = studio.artist.drafts("prp_lantern", {"a.txt": b"a"}, asset=lantern)

    assert (refused.status, refused.code, absent.status) == (422, "same-path", 404)
    assert (drafted.status, drafted.version["asset"]) == (201, "prp_lantern")
    registered = studio.artist.get("/assets/prp_lantern")
    assert (registered.name, registered.tags, registered.owner) == ("Lantern", ["market"], "art")


def test_a_draft_that_the_store_has_no_room_for_leaves_nothing(studio: Studio) -> None:
    studio.house = replace(studio.house, stores=replace(studio.house.stores, room=lambda: 11))
    lantern = {"name": "Lantern", "kind": "prop"}

    refused = studio.artist.drafts("prp_lantern", {"a.txt": b"123456"}, asset=lantern)
    smaller = studio.artist.drafts("prp_lantern", {"a.txt": b"12345"}, asset=lantern)

    assert (refused.status, refused.code) == (503, "store-full")
    assert (smaller.status, smaller.version["number"]) == (201, 1)


def test_the_same_bytes_again_change_nothing_and_say_so(studio: Studio, artist: Person) -> None:
    published = artist.publishes("prp_lamp", FILES)
    entries = studio.entries()

    again = artist.drafts("prp_lamp", FILES, note="Again.")

    assert (again.status, again.outcome, again.version["id"]) == (200, "unchanged", published.id)
    assert (again.uploads_needed, studio.entries()) == (0, entries)


def test_the_same_bytes_under_another_path_are_another_version(artist: Person) -> None:
    artist.publishes("prp_lamp", FILES)

    drafted = artist.drafts("prp_lamp", {"geo/lamp2.usda": b"#usda 1.0\n"})

    assert (drafted.outcome, drafted.version["number"], drafted.uploads_needed) == ("drafted", 2, 0)


def test_bytes_of_an_older_version_are_a_version_again(artist: Person) -> None:
    artist.publishes("prp_lamp", FILES)
    artist.publishes("prp_lamp", {"a.txt": b"changed"})

    drafted = artist.drafts("prp_lamp", FILES)

    assert (drafted.outcome, drafted.version["number"], drafted.uploads_needed) == ("drafted", 3, 0)


def test_a_draft_that_was_broken_off_goes_on_with_what_is_missing(artist: Person) -> None:
    first = artist.drafts("prp_lamp", FILES)
    artist.uploads("prp_lamp", 1, {"doc/readme.md": FILES["doc/readme.md"], "geo/lamp.usda": FILES["geo/lamp.usda"]})

    again = artist.drafts("prp_lamp", FILES)

    assert (again.status, again.outcome, again.version["id"]) == (200, "resumed", first.version["id"])
    assert artist.get("/assets/prp_lamp/versions/1/uploads").items == []


def test_what_arrived_is_not_asked_for_again(studio: Studio, artist: Person) -> None:
    artist.drafts("prp_lamp", FILES)
    first, second = artist.get("/assets/prp_lamp/versions/1/uploads").items
    contents = {digest(content): content for content in FILES.values()}
    studio.send(first["requests"][0], contents[first["sha256"]])

    still = artist.get("/assets/prp_lamp/versions/1/uploads").items

    assert [one["sha256"] for one in still] == [second["sha256"]]


def test_a_draft_of_somebody_else_is_not_resumed_but_another(studio: Studio, artist: Person) -> None:
    artist.drafts("prp_lamp", FILES)

    other = studio.pipeline.drafts("prp_lamp", FILES)

    assert (other.outcome, other.version["number"], other.uploads_needed) == ("drafted", 2, 2)


def _sights(studio: Studio, person: Person) -> list[Any]:
    """Return everything in which somebody could see half a version."""
    version = "/assets/prp_lamp/versions/1"
    studio.follows()
    return [
        person.get("/assets/prp_lamp").latest_version,
        person.get("/assets/prp_lamp/versions").items,
        person.get(version).status,
        person.get(f"{version}/files").status,
        person.get(f"{version}/uploads").status,
        person.get(f"{version}/files/doc/readme.md").status,
        [event["type"] for event in person.get("/assets/prp_lamp/history").items],
        [event for event in person.get("/events?limit=200").items if event["type"].startswith("version.")],
        person.post("/resolutions", {"references": ["prp_lamp", "prp_lamp@1"]}).items[1]["code"],
        person.get("/search?q=prp_lamp").items[0]["latest_version"],
        person.call("POST", f"{version}/publication", {}).status,
    ]


def test_half_a_version_is_never_visible_to_anyone(studio: Studio, artist: Person) -> None:
    others = [studio.pipeline, studio.person("ben", Role.ARTIST), studio.person("sue", Role.SUPERVISOR)]
    nothing = [None, [], 404, 404, 404, 404, ["asset.registered/1"], [], "unknown-version", None, 404]

    artist.drafts("prp_lamp", FILES)
    assert [_sights(studio, other) for other in others] == [nothing] * 3
    artist.uploads("prp_lamp", 1, {"doc/readme.md": FILES["doc/readme.md"], **FILES})
    assert [_sights(studio, other) for other in others] == [nothing] * 3
    artist.submits("prp_lamp", 1)
    assert [_sights(studio, other) for other in others] == [nothing] * 3

    studio.settles()
    assert [other.get("/assets/prp_lamp/versions/1").status for other in others] == [200] * 3


def test_not_even_an_administrator_takes_files_of_half_a_version(studio: Studio, artist: Person) -> None:
    artist.drafts("prp_lamp", FILES)
    artist.uploads("prp_lamp", 1, FILES)

    assert studio.admin.get("/assets/prp_lamp/versions/1/files/doc/readme.md").status == 404
    assert artist.get("/assets/prp_lamp/versions/1/files/doc/readme.md").code == "not-offered"


def test_an_upload_that_never_completes_gives_the_version_back_with_what_to_do(studio: Studio, artist: Person) -> None:
    artist.drafts("prp_lamp", FILES)
    first = artist.get("/assets/prp_lamp/versions/1/uploads").items[0]
    contents = {digest(content): content for content in FILES.values()}
    studio.send(first["requests"][0], contents[first["sha256"]])
    artist.submits("prp_lamp", 1)
    studio.settles()

    given_back = artist.get("/assets/prp_lamp/versions/1")
    path, missing = next((path, digest(one)) for path, one in FILES.items() if digest(one) != first["sha256"])

    assert given_back.json["status"] == "draft"
    assert given_back.problem == f"{path}: the bytes of {missing} did not arrive; send them"
    artist.uploads("prp_lamp", 1, FILES)
    artist.submits("prp_lamp", 1)
    studio.settles()
    assert artist.get("/assets/prp_lamp/versions/1").json["status"] == "published"


def test_other_bytes_than_were_declared_are_refused_where_they_arrive(studio: Studio, artist: Person) -> None:
    artist.drafts("prp_lamp", {"a.txt": b"declared"})
    step = artist.get("/assets/prp_lamp/versions/1/uploads").items[0]["requests"][0]

    longer = studio.send(step, b"declared and more")
    other = studio.send(step, b"altered!")
    right = studio.send(step, b"declared")

    assert (longer.status, longer.code) == (422, "bad-size")
    assert longer.message == "17 bytes were announced; 8 were declared"
    assert (other.status, other.response.content_type) == (422, "application/problem+json")
    assert right.status == 200


def test_bytes_that_change_in_the_store_are_found_before_publication(studio: Studio, artist: Person) -> None:
    artist.drafts("prp_lamp", {"a.txt": b"declared"})
    artist.uploads("prp_lamp", 1, {"a.txt": b"declared"})
    version_id = artist.get("/assets/prp_lamp/versions/1").id
    studio.house.stores.originals.remove(f"incoming/{version_id}/{digest(b'declared')}")

    artist.submits("prp_lamp", 1)
    studio.settles()

    assert artist.get("/assets/prp_lamp/versions/1").json["status"] == "draft"
    assert artist.get("/assets/prp_lamp/versions/1").problem.startswith("a.txt: the bytes of ")


def test_an_upload_address_needs_no_token_and_is_good_for_these_bytes_alone(studio: Studio, artist: Person) -> None:
    artist.drafts("prp_lamp", {"a.txt": b"a"})
    url = artist.get("/assets/prp_lamp/versions/1/uploads").items[0]["requests"][0]["url"]
    path = url.removeprefix("http://studio.test")

    def sends(to: str) -> Said:
        return Said(response=studio.app.test_client().put(to, data=b"a"))

    tampered = sends(path[:-3] + ("abc" if not path.endswith("abc") else "abd"))
    expired = sends("/api/v1/transfers/" + _signed_long_ago(studio, path.rpartition("/")[2]))
    made_up = sends("/api/v1/transfers/made-up")
    read = Said(response=studio.app.test_client().get(path))

    assert [(one.status, one.code) for one in (tampered, made_up)] == [(403, "bad-address")] * 2
    assert (expired.status, expired.code) == (403, "expired")
    assert expired.message == "this upload address has expired; ask for the version's uploads again"
    assert read.status == 405
    assert sends(path).status == 200


def _signed_long_ago(studio: Studio, token: str) -> str:
    """Return the same grant as it would have been signed two hours ago."""

    class Earlier(TimestampSigner):
        def get_timestamp(self) -> int:
            return super().get_timestamp() - 7_200

    key = studio.house.settings.secret_key.get_secret_value()
    grant = URLSafeTimedSerializer(key, salt="transfer").loads(token)
    return str(URLSafeTimedSerializer(key, salt="transfer", signer=Earlier).dumps(grant))


THOUSANDS = {f"tex/{number:05}.txt": f"texture {number}".encode() for number in range(12_000)}


def paths_in_pages(person: Person, address: str) -> list[str]:
    """The paths of all files of a version, page by page."""
    page = person.get(f"{address}/files?limit=200")
    paths = [file["path"] for file in page.items]
    while page.next_cursor:
        page = person.get(f"{address}/files?limit=200&cursor={page.next_cursor}")
        paths += [file["path"] for file in page.items]
    return paths


def test_uploads_come_in_pages_that_are_renewed_each_time(artist: Person) -> None:
    drafted = artist.drafts("prp_lamp", THOUSANDS)

    first = artist.get("/assets/prp_lamp/versions/1/uploads?limit=200")
    second = artist.get(f"/assets/prp_lamp/versions/1/uploads?limit=200&cursor={first.next_cursor}")
    again = artist.get("/assets/prp_lamp/versions/1/uploads?limit=200")

    assert (drafted.status, drafted.uploads_needed, drafted.version["file_count"]) == (201, 12_000, 12_000)
    digests = sorted(map(digest, THOUSANDS.values()))
    assert [one["sha256"] for one in first.items + second.items] == digests[:400]
    assert [one["sha256"] for one in again.items] == digests[:200]


def test_twelve_thousand_files_are_published_as_one_and_read_in_pages(studio: Studio, artist: Person) -> None:
    version_id = UUID(artist.drafts("prp_lamp", THOUSANDS).version["id"])
    crew = Crew(studio.house.desk, studio.house.stores)
    crew.brings(version_id, *THOUSANDS.values())
    artist.submits("prp_lamp", 1)

    crew.settles(version_id)

    version = studio.viewer.get("/assets/prp_lamp/versions/1")
    page = visitor(studio, studio.viewer).opens("/assets/prp_lamp/versions/1")
    assert (version.json["status"], version.file_count, len(version.files)) == ("published", 12_000, 200)
    assert paths_in_pages(studio.viewer, "/assets/prp_lamp/versions/1") == list(THOUSANDS)
    assert ("12,000 files" in page.text, page.html.count('<th scope="row" class="path">')) == (True, 100)


def test_every_page_of_files_is_reached_by_cursors(artist: Person) -> None:
    content = {f"tex/{number:03}.txt": str(number % 7).encode() for number in range(450)}
    artist.publishes("prp_lamp", content)

    assert paths_in_pages(artist, "/assets/prp_lamp/versions/1") == sorted(content)
    assert artist.get("/assets/prp_lamp/versions/1/files?limit=1").total == 450


def test_a_large_file_travels_in_parts_of_which_only_the_missing_are_asked_for(studio: Studio, artist: Person) -> None:
    size, part_size = 70 * 2**20, 64 * 2**20
    content = bytes(size)
    parts = [digest(content[:part_size]), digest(content[part_size:])]
    large = entry("cache/large.abc", content, part_sha256=parts)
    artist.post("/assets/prp_lamp/versions", {"files": [large]})

    (awaited,) = artist.get("/assets/prp_lamp/versions/1/uploads").items
    assert [(one["number"], one["offset_bytes"], one["size_bytes"]) for one in awaited["requests"]] == [
        (1, 0, part_size),
        (2, part_size, size - part_size),
    ]
    assert studio.send(awaited["requests"][1], content[part_size:]).status == 200
    (still,) = artist.get("/assets/prp_lamp/versions/1/uploads").items
    assert [one["number"] for one in still["requests"]] == [1]
    assert studio.send(still["requests"][0], content[: part_size - 1] + b"!").status == 422
    artist.submits("prp_lamp", 1)
    studio.settles()
    assert artist.get("/assets/prp_lamp/versions/1").json["status"] == "draft"
    (still,) = artist.get("/assets/prp_lamp/versions/1/uploads").items
    assert [one["number"] for one in still["requests"]] == [1]
    assert studio.send(still["requests"][0], content[:part_size]).status == 200
    artist.submits("prp_lamp", 1)
    studio.settles()

    assert artist.get("/assets/prp_lamp/versions/1").json["status"] == "published"
    head = artist.get("/assets/prp_lamp/versions/1/files/cache/large.abc", Range="bytes=67108860-67108867")
    assert (head.status, head.response.data) == (206, bytes(8))


def test_an_empty_file_is_a_file(artist: Person) -> None:
    version = artist.publishes("prp_lamp", {"empty.txt": b"", "a.txt": b"a"})

    assert version.json["status"] == "published"
    assert artist.get("/assets/prp_lamp/versions/1/files/empty.txt").response.data == b""


NO_SUCH_FILES: list[tuple[dict[str, object], str]] = [
    ({"path": "../up.txt"}, "bad-path"),
    ({"path": "/etc/passwd"}, "bad-path"),
    ({"path": "C:/x"}, "bad-path"),
    ({"path": "a\\b"}, "bad-path"),
    ({"path": "a//b"}, "bad-path"),
    ({"path": "con.txt"}, "bad-path"),
    ({"path": "a\u202eb"}, "bad-path"),
    ({"path": ""}, "bad-path"),
    ({"path": "a" * 401}, "bad-path"),
    ({"sha256": "0" * 63}, "bad-file"),
    ({"sha256": "G" * 64}, "bad-file"),
    ({"sha256": "A" * 64}, "bad-file"),
    ({"size_bytes": -1}, "bad-file"),
    ({"size_bytes": 2**43}, "bad-file"),
    ({"size_bytes": 2**30}, "bad-file"),
    ({"root": "lib"}, "bad-file"),
    ({"custody": "referenced"}, "bad-file"),
    ({"role": "hat"}, "invalid-request"),
    ({"custody": "referenced", "root": "lib", "root_path": "../../etc/passwd"}, "bad-file"),
    ({"color": "red"}, "invalid-request"),
]


def test_a_file_that_cannot_be_is_refused_by_name(artist: Person) -> None:
    refused = [
        artist.post("/assets/prp_lamp/versions", {"files": [{**entry("a.txt", b"a"), **file}]})
        for file, _ in NO_SUCH_FILES
    ]

    assert [one.code for one in refused] == [code for _, code in NO_SUCH_FILES]
    assert {one.status for one in refused} == {422}
    assert artist.get("/assets/prp_lamp/versions").items == []


def test_files_that_are_one_on_some_platform_are_refused(artist: Person) -> None:
    for first, second in (("Tex/A.png", "tex/a.PNG"), ("é.txt", "e\u0301.txt"), ("a", "a/b"), ("a.txt", "a.txt")):
        refused = artist.post("/assets/prp_lamp/versions", {"files": [entry(first, b"1"), entry(second, b"2")]})

        assert (refused.status, refused.code) == (422, "same-path")


def test_a_version_has_at_least_one_file(artist: Person) -> None:
    refused = artist.post("/assets/prp_lamp/versions", {"files": []})

    assert (refused.status, refused.code) == (422, "invalid-request")


def test_one_digest_has_one_size(artist: Person) -> None:
    files = [entry("a.txt", b"a"), {**entry("b.txt", b"a"), "size_bytes": 2}]

    refused = artist.post("/assets/prp_lamp/versions", {"files": files})

    assert (refused.status, refused.code) == (422, "bad-file")


def test_drafts_of_one_asset_at_once_take_different_numbers(studio: Studio, artist: Person) -> None:
    people = [artist, studio.pipeline, studio.admin]
    _ = [person.get("/me") for person in people]

    with ThreadPoolExecutor(6) as threads:
        said = list(threads.map(lambda n: people[n % 3].drafts("prp_lamp", {"a.txt": str(n).encode()}), range(6)))

    assert sorted(one.version["number"] for one in said) == [1, 2, 3, 4, 5, 6]


def test_submitting_twice_is_submitting_once(studio: Studio, artist: Person) -> None:
    artist.drafts("prp_lamp", FILES)
    artist.uploads("prp_lamp", 1, FILES)

    jobs = {artist.submits("prp_lamp", 1).job for _ in range(3)}
    studio.settles()

    assert len(jobs) == 1
    assert artist.submits("prp_lamp", 1).status == 200
    assert [one["type"] for one in studio.entries() if one["type"].startswith("version.")] == [
        "version.drafted/1",
        "version.submitted/1",
        "version.published/1",
        "version.inspected/1",
    ]


def test_a_worker_that_died_while_verifying_is_followed_by_another(studio: Studio, artist: Person) -> None:
    artist.drafts("prp_lamp", FILES)
    artist.uploads("prp_lamp", 1, FILES)
    artist.submits("prp_lamp", 1)
    with studio.house.desk.bookkeeping() as session:
        assert claim(session, "a worker that dies", 0, clock.now()) is not None
    studio.settles()
    assert artist.get("/assets/prp_lamp/versions/1").json["status"] == "verifying"

    with studio.house.desk.bookkeeping() as session:
        reclaim_from_dead(session, clock.now(), lambda worker: worker == "a worker that dies")
        session.execute(update(Job).values(due_at=clock.now()))
    studio.settles()

    assert artist.get("/assets/prp_lamp/versions/1").json["status"] == "published"


def test_a_version_published_later_under_a_lower_number_is_not_the_latest(studio: Studio, artist: Person) -> None:
    artist.drafts("prp_lamp", {"a.txt": b"one"})
    studio.pipeline.publishes("prp_lamp", {"a.txt": b"two"})

    artist.uploads("prp_lamp", 1, {"a.txt": b"one"})
    artist.submits("prp_lamp", 1)
    studio.settles()

    assert studio.viewer.get("/assets/prp_lamp").latest_version == 2
    assert [one["number"] for one in studio.viewer.get("/assets/prp_lamp/versions").items] == [2, 1]


def test_a_deprecated_version_is_discouraged_and_still_offered(studio: Studio, artist: Person) -> None:
    artist.publishes("prp_lamp", FILES)

    deprecated = studio.pipeline.post("/assets/prp_lamp/versions/1/deprecation", {"reason": "Too heavy."})

    assert (deprecated.json["status"], deprecated.standing_reason) == ("deprecated", "Too heavy.")
    assert artist.get("/assets/prp_lamp").latest_version == 1
    assert artist.get("/assets/prp_lamp/versions/1/files/doc/readme.md").status == 200


def test_a_withdrawn_version_is_taken_back_and_the_one_before_is_the_latest_again(
    studio: Studio, artist: Person
) -> None:
    artist.publishes("prp_lamp", {"a.txt": b"one"})
    artist.publishes("prp_lamp", {"a.txt": b"two"})

    withdrawn = studio.pipeline.post("/assets/prp_lamp/versions/2/withdrawal", {"reason": "Not ours."})

    assert (withdrawn.json["status"], withdrawn.standing_reason) == ("withdrawn", "Not ours.")
    assert artist.get("/assets/prp_lamp").latest_version == 1
    assert artist.submits("prp_lamp", 2).code == "withdrawn"
    assert studio.pipeline.post("/assets/prp_lamp/versions/2/deprecation", {"reason": "Old."}).code == "withdrawn"
    assert artist.drafts("prp_lamp", {"a.txt": b"two"}).version["number"] == 3


def test_a_version_in_the_making_has_no_standing_to_change(studio: Studio) -> None:
    studio.pipeline.registers("prp_lamp")
    studio.pipeline.drafts("prp_lamp", FILES)

    refused = studio.pipeline.post("/assets/prp_lamp/versions/1/withdrawal", {"reason": "Oops."})

    assert (refused.status, refused.code) == (409, "not-published")


def test_a_published_version_takes_no_more_uploads(artist: Person) -> None:
    artist.publishes("prp_lamp", FILES)

    refused = artist.get("/assets/prp_lamp/versions/1/uploads")

    assert (refused.status, refused.code) == (409, "not-open")
    assert refused.message == "prp_lamp@1 is published; nothing is to be uploaded"


def test_an_unknown_version_says_which_is_the_latest(artist: Person) -> None:
    artist.publishes("prp_lamp", FILES)

    missing = artist.get("/assets/prp_lamp/versions/9")

    assert (missing.status, missing.code) == (404, "unknown-version")
    assert missing.message == "prp_lamp has no version 9; its latest is 1"
    assert artist.get("/assets/prp_lamp/versions/v1").number == 1
    assert artist.get("/assets/prp_lamp/versions/one").code == "bad-version"


def test_a_file_that_is_not_what_its_name_says_is_told_with_the_version(studio: Studio) -> None:
    version = studio.artist.publishes("prp_lamp", {"a.png": b"no picture at all", "notes.txt": b"notes"})

    assert version.findings == [
        {
            "path": "a.png",
            "code": "extension-lies",
            "message": "its extension says image/png, but its content is text/plain",
            "reference": "",
        }
    ]
