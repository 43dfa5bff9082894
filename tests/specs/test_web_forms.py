"""Forms: every change asks for a token of the session that makes it."""

from __future__ import annotations

import pytest

from catalog.web.table import ROUTES
from tests.studio import Studio
from tests.visitors import give_password, stranger, visitor

ID = "01a208b8-da1d-77bc-9ecc-b3dbf76c45f4"
NAMED = {"code": "prp_lamp", "number": "1", "id": ID, "login": "art", "name": "library", "item": ID, "link": ID}
WRITES = [route.path.format(**NAMED) for route in ROUTES if route.write]


@pytest.mark.parametrize("path", [*WRITES, "/sign-out", "/language"])
def test_a_form_without_a_token_changes_nothing(studio: Studio, path: str) -> None:
    studio.artist.publishes("prp_lamp")
    admin = visitor(studio, studio.admin)
    before = len(studio.entries())

    refused = admin.forges(path, name="mine", path="notes.txt", scope="all", days="7")

    assert refused.status == 400
    assert refused.title == "The form was too old, or not ours – Reprise"
    assert "Nothing was changed" in refused.text
    assert len(studio.entries()) == before


def test_a_token_of_another_session_is_none(studio: Studio) -> None:
    artist, admin = visitor(studio, studio.artist), visitor(studio, studio.admin)
    theirs = artist.opens("/me/tokens").csrf

    refused = admin.forges("/me/tokens", csrf_token=theirs, name="mine", scope="all", days="7")

    assert refused.status == 400


def test_a_form_sent_after_the_session_ended_asks_to_sign_in(studio: Studio) -> None:
    _ = studio.artist

    asked = stranger(studio).forges("/me/tokens", name="mine")

    assert (asked.status, asked.location) == (303, "/sign-in")


def test_a_sign_in_page_that_was_open_for_too_long_is_shown_again(studio: Studio) -> None:
    _ = studio.artist
    give_password(studio, "art")
    someone = stranger(studio)

    again = someone.forges("/sign-in", login="art", password="whatever", next="/me")

    assert again.status == 400
    assert "open for too long" in again.text
    assert 'value="art"' in again.html
    assert 'name="next" value="/me"' in again.html


def test_a_form_larger_than_any_of_ours_is_refused(studio: Studio) -> None:
    admin = visitor(studio, studio.admin)

    refused = admin.sends("/me/tokens", found_on="/me/tokens", name="x" * 600_000)

    assert refused.status == 413
