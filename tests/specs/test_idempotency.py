"""Idempotency-Key: a request that is sent again is answered again, and done once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import text

from catalog.accounts.vocabulary import Role
from tests.studio import Person, Said, Studio

LAMP = {"code": "prp_lamp", "name": "Lamp", "kind": "prop"}


def _registers(person: Person, key: str, **fields: str) -> Said:
    return person.post("/assets", {**LAMP, **fields}, Idempotency_Key=key)


def test_a_request_sent_again_is_answered_as_before_and_done_once(studio: Studio) -> None:
    first = _registers(studio.artist, "k1")

    again = _registers(studio.artist, "k1")

    assert (first.status, again.status) == (201, 201)
    assert again.response.data == first.response.data
    assert again.response.headers["ETag"] == first.response.headers["ETag"]
    assert len(studio.entries("asset.registered/1")) == 1


def test_an_answer_is_repeated_also_when_the_world_has_moved_on(studio: Studio) -> None:
    _registers(studio.artist, "k1")
    studio.artist.patch("/assets/prp_lamp", {"name": "Table"})

    again = _registers(studio.artist, "k1")

    assert (again.status, again.name, again.revision) == (201, "Lamp", 1)


def test_another_request_under_the_same_key_is_refused(studio: Studio) -> None:
    _registers(studio.artist, "k1")

    refused = _registers(studio.artist, "k1", name="Another lamp")

    assert (refused.status, refused.code) == (409, "key-reused")
    assert refused.message == "Idempotency-Key 'k1' was used for another request within a day; take a new key"


def test_a_key_counts_for_one_operation_and_one_address(studio: Studio) -> None:
    studio.artist.registers("prp_a")
    studio.artist.registers("prp_b")
    draft = {"files": [{"path": "a.txt", "sha256": "0" * 64, "size_bytes": 1}]}

    said = [
        _registers(studio.artist, "k1"),
        studio.artist.post("/assets/prp_a/versions", draft, Idempotency_Key="k1"),
        studio.artist.post("/assets/prp_b/versions", draft, Idempotency_Key="k1"),
    ]

    assert [one.status for one in said] == [201, 201, 409]


def test_a_key_of_somebody_else_is_another_key(studio: Studio) -> None:
    _registers(studio.artist, "k1")

    said = _registers(studio.pipeline, "k1")

    assert (said.status, said.code) == (409, "code-taken")


def test_a_service_does_not_repeat_to_one_person_what_it_was_told_for_another(studio: Studio) -> None:
    studio.person("ann", Role.ARTIST)
    studio.person("ben", Role.ARTIST)
    secret = studio.admin.post("/tokens", {"name": "farm", "service": True}).secret
    farm = Person(studio=studio, login="admin", token=secret)
    farm.post("/assets", LAMP, Idempotency_Key="k1", X_On_Behalf_Of="ann")

    refused = farm.post("/assets", LAMP, Idempotency_Key="k1", X_On_Behalf_Of="ben")

    assert (refused.status, refused.code) == (409, "key-reused")


def test_a_refused_request_may_be_mended_under_the_same_key(studio: Studio) -> None:
    refused = _registers(studio.artist, "k1", kind="spaceship")

    mended = _registers(studio.artist, "k1")

    assert (refused.status, mended.status) == (422, 201)


def test_of_many_that_come_at_once_under_one_key_one_is_done_and_all_are_answered_alike(
    studio_on_each: Studio,
) -> None:
    studio, artist = studio_on_each, studio_on_each.artist
    _ = artist.get("/me")

    with ThreadPoolExecutor(6) as threads:
        said = list(threads.map(lambda _: _registers(artist, "k1"), range(6)))

    assert {one.status for one in said} == {201}
    assert len({one.response.data for one in said}) == 1
    assert len(studio.entries("asset.registered/1")) == 1


def test_the_answer_is_kept_together_with_the_act_or_not_at_all(studio: Studio) -> None:
    with studio.house.engine.begin() as connection:
        connection.execute(
            text("CREATE TRIGGER full BEFORE INSERT ON kept_answer BEGIN SELECT RAISE(ABORT, 'disk is full'); END")
        )
    failed = _registers(studio.artist, "k1")
    with studio.house.engine.begin() as connection:
        connection.execute(text("DROP TRIGGER full"))

    done = _registers(studio.artist, "k1")

    assert failed.status >= 409
    assert (done.status, done.revision) == (201, 1)
    assert len(studio.entries("asset.registered/1")) == 1


def test_the_secret_of_a_token_is_not_kept_so_each_request_makes_another_token(studio: Studio) -> None:
    secrets = {studio.artist.post("/tokens", {"name": "maya"}, Idempotency_Key="k1").secret for _ in range(2)}

    with studio.house.engine.connect() as connection:
        assert connection.scalar(text("SELECT count(*) FROM kept_answer WHERE operation = 'tokens.issue'")) == 0
    assert len(secrets) == 2


def test_without_a_key_nothing_is_kept(studio: Studio) -> None:
    studio.artist.post("/assets", LAMP)

    again = studio.artist.post("/assets", LAMP)

    assert (again.status, again.code) == (409, "code-taken")


def test_a_replay_is_refused_to_who_may_no_longer(studio: Studio) -> None:
    artist = studio.artist
    _registers(artist, "k1")
    studio.admin.patch("/users/art", {"roles": ["viewer"]})

    assert _registers(artist, "k1").status == 403


@pytest.mark.parametrize("key", ["", "k" * 201, "\x07", "a\tb"])
def test_a_key_that_cannot_be_kept_is_refused(studio: Studio, key: str) -> None:
    refused = _registers(studio.artist, key)

    assert (refused.status, refused.code) == (422, "bad-idempotency-key")
    assert refused.message == "Idempotency-Key has 1 to 200 printable characters"


def test_a_publication_sent_again_under_its_key_gives_the_same_job(studio: Studio) -> None:
    studio.artist.registers("prp_lamp")
    files = {"a.txt": b"a"}
    studio.artist.drafts("prp_lamp", files)
    studio.artist.uploads("prp_lamp", 1, files)

    said = [studio.artist.post("/assets/prp_lamp/versions/1/publication", {}, Idempotency_Key="p") for _ in range(2)]

    assert [one.status for one in said] == [202, 202]
    assert said[0].job == said[1].job == said[0].response.headers["Location"] == said[1].response.headers["Location"]
    assert len(studio.entries("version.submitted/1")) == 1
