"""Notes and known issues: what people say of a version, and how an issue is carried until a version closes it."""

from __future__ import annotations

from typing import Any

import pytest

from catalog.accounts.vocabulary import Role
from tests.studio import Person, Said, Studio

V1 = "/assets/prp_lamp/versions/1"


@pytest.fixture
def artist(studio: Studio) -> Person:
    """An artist with a lamp of three versions."""
    for number in (1, 2, 3):
        studio.artist.publishes("prp_lamp", {"lamp.txt": f"lamp {number}".encode()})
    return studio.artist


@pytest.fixture
def supervisor(studio: Studio) -> Person:
    return studio.person("sue", Role.SUPERVISOR)


def _notes(person: Person, text: str = "The shade is 2 mm too wide.") -> Said:
    return person.post(f"{V1}/notes", {"text": text})


def _reports(person: Person, number: int = 1, **said: Any) -> Said:  # noqa: ANN401 — fields of the body
    return person.post(f"/assets/prp_lamp/versions/{number}/issues", {"text": "The bulb flickers.", **said})


def _numbers(person: Person, issue: Said) -> list[int]:
    """Return the versions that have an issue."""
    numbers = (1, 2, 3)
    listed = {n: person.get(f"/assets/prp_lamp/versions/{n}/issues").items for n in numbers}
    return [n for n in numbers if issue.id in [one["id"] for one in listed[n]]]


def test_a_note_is_read_by_whoever_sees_the_version(studio: Studio, artist: Person) -> None:
    note = _notes(artist, "  The shade is\r\n2 mm too wide. ")

    (seen,) = studio.viewer.get(f"{V1}/notes").items
    assert note.status == 201
    assert note.response.headers["Location"] == f"/api/v1/notes/{note.id}"
    assert seen == note.json == studio.viewer.get(f"/notes/{note.id}").json
    assert (seen["text"], seen["author"], seen["version"]) == ("The shade is\n2 mm too wide.", "art", 1)


def test_notes_are_listed_oldest_first_and_by_version(artist: Person) -> None:
    for text in ("first", "second", "third"):
        _notes(artist, text)

    page = artist.get(f"{V1}/notes?limit=2")
    rest = artist.get(f"{V1}/notes?limit=2&cursor={page.next_cursor}")

    assert [one["text"] for one in (*page.items, *rest.items)] == ["first", "second", "third"]
    assert artist.get("/assets/prp_lamp/versions/2/notes").items == []


def test_an_empty_note_is_none(artist: Person) -> None:
    refused = _notes(artist, " \n ")

    assert (refused.status, refused.code) == (422, "bad-note")


def test_a_note_is_changed_by_its_author_and_by_a_supervisor(artist: Person, supervisor: Person) -> None:
    note = _notes(artist)

    mine = artist.patch(f"/notes/{note.id}", {"text": "The shade fits."})
    theirs = supervisor.patch(f"/notes/{note.id}", {"text": "The shade fits now."})

    assert (mine.status, mine.text, mine.revision) == (200, "The shade fits.", 2)
    assert (theirs.status, theirs.text, theirs.author) == (200, "The shade fits now.", "art")
    assert theirs.edited_at is not None


def test_nobody_else_changes_or_removes_a_note(studio: Studio, artist: Person) -> None:
    note = _notes(artist)
    other = studio.person("bea", Role.ARTIST)

    refused = [other.patch(f"/notes/{note.id}", {"text": "Nonsense."}), other.delete(f"/notes/{note.id}")]

    assert [(one.status, one.code) for one in refused] == [(403, "not-permitted")] * 2
    assert refused[0].message == "bea did not write this; its author may change or remove it, and whoever may 'curate'"
    assert studio.viewer.get(f"/notes/{note.id}").text == note.text


def test_a_note_that_was_changed_meanwhile_is_not_overwritten(artist: Person) -> None:
    note = _notes(artist)
    artist.patch(f"/notes/{note.id}", {"text": "Second."})

    stale = artist.patch(f"/notes/{note.id}", {"text": "Third."}, if_match='"1"')

    assert (stale.status, stale.code) == (412, "stale")


def test_a_removed_note_is_gone_and_its_words_stay_in_the_ledger(studio: Studio, artist: Person) -> None:
    note = _notes(artist, "Wrong.")
    artist.patch(f"/notes/{note.id}", {"text": "Quite wrong."})

    removed = artist.delete(f"/notes/{note.id}")

    assert removed.status == 204
    assert (artist.get(f"/notes/{note.id}").code, artist.get(f"{V1}/notes").items) == ("unknown-note", [])
    assert [(one["type"], one["values"]) for one in studio.entries() if one["type"].startswith("note.")] == [
        ("note.written/1", {"number": 1, "text": "Wrong."}),
        ("note.changed/1", {"number": 1, "changes": {"text": ["Wrong.", "Quite wrong."]}}),
        ("note.removed/1", {"number": 1, "text": "Quite wrong."}),
    ]


def test_saying_the_same_again_changes_nothing(studio: Studio, artist: Person) -> None:
    note = _notes(artist)

    again = artist.patch(f"/notes/{note.id}", {"text": note.text})

    assert again.json == note.json
    assert studio.entries("note.changed/1") == []


def test_an_open_issue_is_carried_to_every_later_version(artist: Person) -> None:
    issue = _reports(artist, 2, severity="major")

    assert (issue.status, issue.state, issue.severity, issue.version) == (201, "open", "major", 2)
    assert _numbers(artist, issue) == [2, 3]


def test_an_issue_is_had_until_the_version_that_closes_it(artist: Person) -> None:
    issue = _reports(artist)

    closed = artist.post(f"/issues/{issue.id}/closing", {"version": 3})

    assert (closed.status, closed.state, closed.closing_version) == (200, "closed", 3)
    assert _numbers(artist, issue) == [1, 2]


def test_an_issue_that_was_none_is_had_by_no_version(artist: Person) -> None:
    issue = _reports(artist)

    closed = artist.post(f"/issues/{issue.id}/closing")

    assert (closed.state, closed.closing_version) == ("closed", None)
    assert _numbers(artist, issue) == []


def test_a_reopened_issue_is_carried_again(studio: Studio, artist: Person) -> None:
    issue = _reports(artist)
    artist.post(f"/issues/{issue.id}/closing", {"version": 2})

    reopened = artist.post(f"/issues/{issue.id}/reopening")
    again = artist.post(f"/issues/{issue.id}/reopening")

    assert (reopened.state, reopened.closing_version, reopened.closed_at) == ("open", None, None)
    assert again.json == reopened.json
    assert _numbers(artist, issue) == [1, 2, 3]
    assert [one["type"] for one in studio.entries() if one["type"].startswith("issue.")] == [
        "issue.reported/1",
        "issue.closed/1",
        "issue.reopened/1",
    ]


@pytest.mark.parametrize(
    "number,status,code", [(2, 422, "not-later"), (1, 422, "not-later"), (9, 404, "unknown-version")]
)
def test_only_a_later_version_that_there_is_closes_an_issue(
    artist: Person, number: int, status: int, code: str
) -> None:
    issue = _reports(artist, 2)

    refused = artist.post(f"/issues/{issue.id}/closing", {"version": number})

    assert (refused.status, refused.code) == (status, code)


def test_a_version_that_is_not_offered_closes_nothing(artist: Person, supervisor: Person) -> None:
    issue = _reports(artist)
    draft = artist.drafts("prp_lamp", {"lamp.txt": b"lamp 4"}).version["number"]
    supervisor.post("/assets/prp_lamp/versions/3/withdrawal", {"reason": "Broken."})

    refused = [artist.post(f"/issues/{issue.id}/closing", {"version": number}) for number in (draft, 3)]

    assert [(one.status, one.code) for one in refused] == [(409, "not-offered")] * 2


def test_anybody_who_annotates_moves_an_issue_on_but_its_words_are_its_authors(studio: Studio, artist: Person) -> None:
    issue = _reports(artist)
    other = studio.person("bea", Role.ARTIST)

    moved = other.patch(f"/issues/{issue.id}", {"severity": "blocking", "assignee": "BEA"})
    refused = other.patch(f"/issues/{issue.id}", {"text": "It is fine."})

    assert (moved.severity, moved.assignee, moved.text) == ("blocking", "bea", "The bulb flickers.")
    assert (refused.status, refused.code) == (403, "not-permitted")
    assert studio.entries("issue.changed/1")[-1]["values"]["changes"] == {
        "severity": ["minor", "blocking"],
        "assignee": [None, "bea"],
    }


def test_issues_are_found_by_assignee_state_severity_and_asset(studio: Studio, artist: Person) -> None:
    mine = _reports(artist, assignee="art", severity="major")
    closed = _reports(artist, assignee="art")
    artist.post(f"/issues/{closed.id}/closing", {"version": 2})
    other = _reports(artist, 3)
    studio.artist.publishes("prp_sofa")

    def found(query: str) -> list[str]:
        return [one["id"] for one in artist.get(f"/issues?{query}").items]

    assert found("mine=true&state=open") == [mine.id]
    assert found("") == [other.id, closed.id, mine.id]
    assert found("state=closed") == [closed.id]
    assert found("severity=major&asset=PRP_LAMP") == [mine.id]
    assert found("asset=prp_sofa") == []
    assert artist.get("/issues?limit=1").total == 3
    assert studio.viewer.get("/issues?mine=true").items == []


def test_listings_of_issues_go_on_with_their_cursor(artist: Person) -> None:
    newest_first = [_reports(artist, text=f"Issue {n}").id for n in range(3)][::-1]

    for listing in ("/issues?", f"{V1}/issues?"):
        page = artist.get(f"{listing}limit=2")
        rest = artist.get(f"{listing}limit=2&cursor={page.next_cursor}")
        assert [one["id"] for one in (*page.items, *rest.items)] == newest_first


def test_nobody_is_given_an_issue_that_they_could_not_find(studio: Studio, artist: Person) -> None:
    ivy = studio.person("ivy", Role.ARTIST, groups=["vip"])
    ivy.registers("chr_nova", audience=["vip"])
    ivy.publishes("chr_nova")

    hidden = ivy.post("/assets/chr_nova/versions/1/issues", {"text": "Dark.", "assignee": "art"})
    unknown = _reports(artist, assignee="nobody")

    assert (hidden.status, hidden.code) == (409, "assignee-cannot-see")
    assert hidden.message == "art may not know of chr_nova@1; assign it to somebody who may"
    assert (unknown.status, unknown.code) == (422, "unknown-user")


def test_what_is_said_of_a_version_in_the_making_is_its_makers_alone(studio: Studio, artist: Person) -> None:
    draft = artist.drafts("prp_lamp", {"lamp.txt": b"lamp 4"}).version["number"]
    issue = _reports(artist, draft)
    note = artist.post(f"/assets/prp_lamp/versions/{draft}/notes", {"text": "Not yet."})

    assert artist.get(f"/issues/{issue.id}").status == 200
    assert [studio.admin.get(path).status for path in (f"/issues/{issue.id}", f"/notes/{note.id}")] == [404, 404]
    assert studio.admin.get("/issues").items == []


def test_a_removed_issue_is_had_by_no_version(studio: Studio, artist: Person) -> None:
    issue = _reports(artist)

    removed = artist.delete(f"/issues/{issue.id}")

    assert (removed.status, artist.get(f"/issues/{issue.id}").code) == (204, "unknown-issue")
    assert _numbers(artist, issue) == []
    assert studio.entries("issue.removed/1")[0]["values"]["text"] == "The bulb flickers."


def test_a_note_is_no_issue_and_an_issue_no_note(artist: Person) -> None:
    note, issue = _notes(artist), _reports(artist)

    assert artist.get(f"/issues/{note.id}").code == "unknown-issue"
    assert artist.get(f"/notes/{issue.id}").code == "unknown-note"
    assert artist.get("/notes/none").code == "unknown-note"


def test_an_issue_that_was_changed_meanwhile_is_not_closed_unseen(artist: Person) -> None:
    issue = _reports(artist)
    artist.patch(f"/issues/{issue.id}", {"severity": "major"})

    stale = artist.post(f"/issues/{issue.id}/closing", {"version": 2}, if_match='"1"')

    assert (stale.status, stale.code) == (412, "stale")
