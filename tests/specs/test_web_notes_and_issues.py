"""Pages of notes and issues: written, seen to and closed without JavaScript, and kept when something goes wrong."""

from __future__ import annotations

import re

import pytest

from catalog.accounts.vocabulary import Role
from tests.studio import Studio
from tests.visitors import Visitor, visitor

V1 = "/assets/prp_lamp/versions/1"


@pytest.fixture
def artist(studio: Studio) -> Visitor:
    for number in (1, 2):
        studio.artist.publishes("prp_lamp", {"lamp.txt": f"lamp {number}".encode()})
    return visitor(studio, studio.artist)


def _note(studio: Studio) -> str:
    return str(studio.artist.post(f"{V1}/notes", {"text": "The shade is too wide."}).id)


def _issue(studio: Studio, **said: str) -> str:
    return str(studio.artist.post(f"{V1}/issues", {"text": "The bulb flickers.", **said}).id)


def test_a_note_is_written_on_the_page_of_its_version(studio: Studio, artist: Visitor) -> None:
    sent = artist.sends(f"{V1}/notes", found_on=V1, note="See https://wiki.example/lamp\n<b>Careful</b>")

    page = artist.opens(V1)
    assert sent.location == V1
    assert "Your note stands on version 1." in page.text
    assert '<a href="https://wiki.example/lamp" rel="nofollow noopener noreferrer">' in page.html
    assert "&lt;b&gt;Careful&lt;/b&gt;" in page.html


def test_an_empty_note_is_refused_on_the_page_with_what_was_typed_into_the_other_form(artist: Visitor) -> None:
    refused = artist.sends(f"{V1}/notes", found_on=V1, note=" ")
    unknown = artist.sends(f"{V1}/issues", found_on=V1, issue="It flickers.", severity="major", assignee="nobody")

    assert (refused.status, "Note is empty" in refused.text) == (422, True)
    assert (unknown.status, "It flickers." in unknown.html, 'value="nobody"' in unknown.html) == (422, True, True)


def test_a_note_is_changed_and_removed_on_its_page(studio: Studio, artist: Visitor) -> None:
    page = f"/notes/{_note(studio)}"

    changed = artist.sends(page, found_on=page, text="The shade fits.", revision="1")
    stale = artist.sends(page, found_on=page, text="The shade is too narrow.", revision="1")
    seen = artist.opens(V1)
    removed = artist.sends(f"{page}/removal", found_on=page)

    assert (changed.location, "The shade fits." in seen.text) == (V1, True)
    assert (stale.status, "The shade is too narrow." in stale.html) == (412, True)
    assert (removed.location, "The shade fits." in artist.opens(V1).text) == (V1, False)


def test_whoever_may_not_change_a_note_reads_it(studio: Studio, artist: Visitor) -> None:
    page = f"/notes/{_note(studio)}"
    other = visitor(studio, studio.person("bea", Role.ARTIST))

    shown = other.opens(page)

    assert "The shade is too wide." in shown.text
    assert ">Save<" not in shown.html
    assert other.sends(page, found_on="/me", text="Mine.", revision="1").status == 403


def test_an_issue_is_reported_and_shown_wherever_it_matters(studio: Studio, artist: Visitor) -> None:
    sent = artist.sends(f"{V1}/issues", found_on=V1, issue="The bulb flickers.", severity="blocking", assignee="art")

    viewer = visitor(studio, studio.viewer)
    assert sent.location == V1
    assert "Blocking issue Open since version 1 The bulb flickers." in viewer.opens("/assets/prp_lamp/versions/2").text
    assert "1 open issue" in viewer.opens("/assets/prp_lamp").text
    assert viewer.opens("/assets/prp_lamp/versions").text.count("1 open issue") == 2
    assert "The bulb flickers." in viewer.opens("/assets/prp_lamp/issues").text
    assert "The bulb flickers." in artist.opens("/me/issues").text
    assert "Nothing waits for you." in viewer.opens("/me/issues").text


def test_an_issue_is_closed_with_a_later_version_and_reopened(studio: Studio, artist: Visitor) -> None:
    page = f"/issues/{_issue(studio)}"
    offered = re.findall(r'<option value="(\d+|none)"', artist.opens(page).html)

    closed = artist.sends(f"{page}/closing", found_on=page, version="2", revision="1")
    shown = artist.opens(page)
    first, second = (artist.opens(f"/assets/prp_lamp/versions/{number}").text for number in (1, 2))
    listed = artist.opens("/assets/prp_lamp/issues?state=closed")
    reopened = artist.sends(f"{page}/reopening", found_on=page)

    assert offered == ["2", "none"]
    assert (closed.location, "Version 2 fixes it." in shown.text) == (page, True)
    assert ("Fixed in version 2" in first, "Known issues" in second) == (True, False)
    assert ("1 closed issue" in listed.text, reopened.location) == (True, page)
    assert "Every version from version 1 on has it." in artist.opens(page).text


def test_an_issue_is_closed_as_none(studio: Studio, artist: Visitor) -> None:
    page = f"/issues/{_issue(studio)}"

    artist.sends(f"{page}/closing", found_on=page, version="none", revision="1")

    assert "Closed It is none." in artist.opens(page).text


def test_closing_asks_for_a_version(studio: Studio, artist: Visitor) -> None:
    page = f"/issues/{_issue(studio)}"

    refused = artist.sends(f"{page}/closing", found_on=page, version="", revision="1")

    assert (refused.status, "Choose the version that fixes it" in refused.text) == (422, True)


def test_an_issue_is_taken_on_by_one_click_and_its_words_stay(studio: Studio, artist: Visitor) -> None:
    page = f"/issues/{_issue(studio)}"
    bea = visitor(studio, studio.person("bea", Role.ARTIST))

    taken = bea.sends(page, found_on=page, severity="major", assignee="", text="Mine.", revision="1", mine="yes")

    shown = artist.opens(page).text
    assert taken.location == page
    assert ("Assigned to bea" in shown, "The bulb flickers." in shown, "Major issue" in shown) == (True, True, True)


def test_an_issue_is_described_anew_by_its_author_and_removed(studio: Studio, artist: Visitor) -> None:
    page = f"/issues/{_issue(studio, assignee='art')}"

    artist.sends(page, found_on=page, severity="minor", assignee="", text="The bulb hums.", revision="1")
    shown = artist.opens(page).text
    removed = artist.sends(f"{page}/removal", found_on=page)

    assert ("The bulb hums." in shown, "Nobody sees to it yet" in shown) == (True, True)
    assert (removed.location, artist.opens(page).status) == (V1, 404)


def test_a_severity_that_there_is_not_is_refused(artist: Visitor) -> None:
    refused = artist.sends(f"{V1}/issues", found_on=V1, issue="It flickers.", severity="awful")

    assert (refused.status, "It flickers." in refused.html) == (422, True)


def test_the_history_of_an_asset_tells_of_notes_and_issues(studio: Studio, artist: Visitor) -> None:
    _note(studio)
    issue = _issue(studio)
    studio.artist.post(f"/issues/{issue}/closing", {"version": 2})

    told = artist.opens("/assets/prp_lamp/history").text

    assert "Closed an issue of version 1" in told
    assert "Reported an issue of version 1 The bulb flickers." in told
    assert "Noted on version 1 The shade is too wide." in told


def test_a_note_that_was_typed_into_an_ended_session_is_kept(studio: Studio, artist: Visitor) -> None:
    artist.client.delete_cookie("reprise")

    asked = artist.client.post(f"{V1}/notes", data={"note": "Long thoughts."}, headers={"Origin": "http://localhost"})

    assert asked.status_code == 401
    assert "Long thoughts." in asked.get_data(as_text=True)
