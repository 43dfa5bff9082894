"""Saved searches over HTTP: kept, shared, changed, and what is new in them."""

from __future__ import annotations

from uuid import uuid4

import pytest

from catalog.accounts.vocabulary import Role
from tests.studio import Person, Studio


@pytest.fixture
def lamps(studio: Studio) -> str:
    """A search that the artist keeps, when there was one lamp; its id."""
    studio.artist.registers("prp_lamp")
    studio.follows()
    return str(studio.artist.post("/searches", {"title": "Lamps", "query": "kind=prop&q=lamp"}).id)


def news(person: Person, search: str) -> list[str]:
    return [card["code"] for card in person.get(f"/searches/{search}/news").items]


def test_a_saved_search_tells_what_it_is(studio: Studio, lamps: str) -> None:
    found = studio.artist.get(f"/searches/{lamps}")

    assert found.status == 200
    assert (found.title, found.query, found.owner, found.shared) == ("Lamps", "q=lamp&kind=prop", "art", False)
    assert (found.new_count, found.revision) == (0, 1)
    assert [card["code"] for card in studio.artist.get(f"/searches/{lamps}/assets").items] == ["prp_lamp"]


def test_what_was_probably_meant_is_not_what_a_saved_search_finds(studio: Studio) -> None:
    studio.artist.registers("prp_lamp", name="Lantern")
    studio.follows()
    kept = studio.artist.post("/searches", {"title": "Misspelled", "query": "q=lantren"}).id

    found = studio.artist.get(f"/searches/{kept}/assets")

    assert (found.items, found.total, found.next_cursor) == ([], 0, None)


def test_what_is_found_since_its_owner_looked_is_new_until_they_look(studio: Studio, lamps: str) -> None:
    studio.artist.registers("prp_lamp_b")
    studio.artist.registers("prp_lamp_c")
    studio.artist.registers("prp_crate")
    studio.follows()

    counted, listed = studio.artist.get("/searches").items[0]["new_count"], news(studio.artist, lamps)
    looked = studio.artist.post(f"/searches/{lamps}/look")

    assert (counted, listed) == (2, ["prp_lamp_c", "prp_lamp_b"])
    assert (looked.status, looked.new_count, looked.revision) == (200, 0, 1)
    assert news(studio.artist, lamps) == []
    assert studio.artist.get(f"/searches/{lamps}/assets").total == 3


def test_pages_of_what_is_new_follow_each_other(studio: Studio, lamps: str) -> None:
    for letter in "bcd":
        studio.artist.registers(f"prp_lamp_{letter}")
    studio.follows()

    first = studio.artist.get(f"/searches/{lamps}/news?limit=2")
    second = studio.artist.get(f"/searches/{lamps}/news?limit=2&cursor={first.next_cursor}")

    assert [card["code"] for card in (*first.items, *second.items)] == ["prp_lamp_d", "prp_lamp_c", "prp_lamp_b"]
    assert (first.total, second.next_cursor) == (3, None)


def test_a_search_is_shown_to_people_and_groups_by_name(studio: Studio, lamps: str) -> None:
    shares = [{"kind": "user", "name": "vic"}]
    before = studio.viewer.get(f"/searches/{lamps}").status

    changed = studio.artist.patch(f"/searches/{lamps}", {"shares": shares}, if_match='"1"')
    refused = studio.artist.patch(f"/searches/{lamps}", {"shares": [{"kind": "user", "name": "nobody"}]})

    theirs = studio.viewer.get(f"/searches/{lamps}")
    assert (before, theirs.status, theirs.shares, theirs.new_count) == (404, 200, None, None)
    assert (changed.shares, changed.shared, changed.revision) == (shares, False, 2)
    assert [one["title"] for one in studio.viewer.get("/searches?whose=shared").items] == ["Lamps"]
    assert studio.viewer.get("/searches?whose=studio").items == []
    assert (refused.status, refused.code) == (422, "unknown-user")


def test_those_who_manage_accounts_show_others_searches_to_fewer_people_and_never_to_more(
    studio: Studio, lamps: str
) -> None:
    admin = studio.person("mona", Role.ADMIN)
    shares = [{"kind": "user", "name": "mona"}, {"kind": "user", "name": "ann"}]
    studio.person("ann", Role.ARTIST)
    studio.person("bob", Role.ARTIST)
    studio.artist.patch(f"/searches/{lamps}", {"shares": shares})

    shown = admin.patch(f"/searches/{lamps}", {"shared": True})
    added = admin.patch(f"/searches/{lamps}", {"shares": [*shares, {"kind": "user", "name": "bob"}]})
    fewer = admin.patch(f"/searches/{lamps}", {"shares": shares[:1], "shared": False})

    assert [(one.status, one.code) for one in (shown, added)] == [(403, "not-yours"), (403, "not-yours")]
    assert (fewer.status, fewer.shares) == (200, shares[:1])


def test_titles_queries_and_sharing_are_changed_and_stale_changes_refused(studio: Studio, lamps: str) -> None:
    said = {"title": "Crates", "query": "q=crate", "shared": True}

    changed = studio.artist.patch(f"/searches/{lamps}", said, if_match='"1"')
    stale = studio.artist.patch(f"/searches/{lamps}", {"title": "Lamps"}, if_match='"1"')

    assert {name: changed.json[name] for name in said} == said
    assert (changed.revision, stale.status, stale.code) == (2, 412, "stale")


def test_a_shared_search_finds_for_everybody_what_they_may_see(studio: Studio, lamps: str) -> None:
    ivy = studio.person("ivy", Role.ARTIST, groups=["vip"])
    studio.artist.patch(f"/searches/{lamps}", {"shared": True})
    ivy.registers("prp_lamp_b", audience=["vip"])
    studio.follows()

    seen = {
        person.login: [card["code"] for card in person.get(f"/searches/{lamps}/assets?limit=9").items]
        for person in (ivy, studio.viewer)
    }

    assert seen == {"ivy": ["prp_lamp", "prp_lamp_b"], "vic": ["prp_lamp"]}
    told = ivy.get(f"/searches/{lamps}")
    assert (told.owner, told.new_count, told.looked_at) == ("art", None, None)
    assert (news(ivy, lamps), news(studio.artist, lamps)) == ([], [])
    assert [one["title"] for one in studio.viewer.get("/searches?whose=studio").items] == ["Lamps"]


def test_what_becomes_hidden_is_no_longer_counted(studio: Studio, lamps: str) -> None:
    ivy = studio.person("ivy", Role.SUPERVISOR, groups=["vip"])
    ivy.registers("prp_lamp_b")
    studio.follows()
    told = studio.artist.get(f"/searches/{lamps}").new_count

    ivy.patch("/assets/prp_lamp_b", {"audience": ["vip"]})

    assert (told, studio.artist.get(f"/searches/{lamps}").new_count, news(studio.artist, lamps)) == (1, 0, [])


def test_somebody_elses_search_and_one_that_is_not_there_look_the_same(studio: Studio, lamps: str) -> None:
    ann = studio.person("ann", Role.ARTIST)

    def answers(search: str) -> set[tuple[int, str | None]]:
        said = [
            ann.get(f"/searches/{search}"),
            ann.get(f"/searches/{search}/assets"),
            ann.get(f"/searches/{search}/news"),
            ann.post(f"/searches/{search}/look"),
            ann.patch(f"/searches/{search}", {"title": "Mine"}),
            ann.delete(f"/searches/{search}"),
        ]
        return {(one.status, one.code) for one in said}

    assert answers(lamps) == answers(str(uuid4())) == answers("none") == {(404, "unknown-search")}


def test_a_viewer_reads_what_is_shared_and_keeps_nothing(studio: Studio, lamps: str) -> None:
    studio.artist.patch(f"/searches/{lamps}", {"shared": True})

    kept = studio.viewer.post("/searches", {"title": "Mine", "query": "q=lamp"})
    removed = studio.viewer.delete(f"/searches/{lamps}")

    assert (kept.status, removed.status) == (403, 403)
    assert studio.viewer.get(f"/searches/{lamps}").status == 200


def test_what_is_shared_is_not_somebody_elses_to_change(studio: Studio, lamps: str) -> None:
    ann = studio.person("ann", Role.ARTIST)
    studio.artist.patch(f"/searches/{lamps}", {"shared": True})

    refused = ann.patch(f"/searches/{lamps}", {"title": "Mine"})

    assert (refused.status, refused.code) == (403, "not-yours")


def test_what_no_search_would_answer_is_refused(studio: Studio) -> None:
    refused = studio.artist.post("/searches", {"title": "Lamps", "query": "knid=prop"})

    assert (refused.status, refused.code) == (422, "unknown-facet")
    assert "search has 'knid'" in refused.message


def test_a_removed_search_is_gone(studio: Studio, lamps: str) -> None:
    removed = studio.artist.delete(f"/searches/{lamps}")

    assert removed.status == 204
    assert studio.artist.get(f"/searches/{lamps}").status == 404
    assert studio.artist.get("/searches").items == []


def test_what_somebody_keeps_is_told_to_them_and_to_those_who_audit(studio: Studio, lamps: str) -> None:
    def kept(person: Person) -> list[str]:
        entries = person.get("/events?limit=200").items
        return [one["type"] for one in entries if one["type"].startswith("search.")]

    assert kept(studio.artist) == ["search.saved/1"]
    assert kept(studio.admin) == ["search.saved/1"]
    assert kept(studio.person("ann", Role.ARTIST)) == []
