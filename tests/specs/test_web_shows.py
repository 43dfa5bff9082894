"""Shows, as pages."""

from __future__ import annotations

import re

import pytest

from catalog.accounts.vocabulary import Role
from tests.studio import Studio
from tests.visitors import Visitor, WebPage, visitor


@pytest.fixture
def supervisor(studio: Studio) -> Visitor:
    """Somebody who may change shows, in the group that may know of one."""
    sue = studio.person("sue", Role.SUPERVISOR)
    studio.joins(sue.login, "crew")
    return visitor(studio, sue)


def _changes(visitor: Visitor, code: str, **fields: str) -> WebPage:
    page = visitor.opens(f"/admin/shows/{code}")
    revision = re.search(r'name="revision" value="(\d+)"', page.html)
    return visitor.forges(
        f"/admin/shows/{code}", csrf_token=page.csrf, revision=revision[1] if revision else "", **fields
    )


def test_a_show_is_made_for_a_group_and_reviewed(studio: Studio, supervisor: Visitor) -> None:
    form = {"code": "ORION", "name": "Orion", "audience": "crew", "reviewed": "yes"}

    made = supervisor.sends("/admin/shows", found_on="/admin/shows", **form)

    show = studio.admin.get("/shows/ORION")
    assert made.location == "/admin/shows/ORION"
    assert (show.name, show.audience, show.reviewed) == ("Orion", ["crew"], True)
    assert "ORION Orion crew wait for review" in supervisor.opens("/admin/shows").text


def test_a_show_is_no_longer_reviewed_once_that_is_unticked(studio: Studio, supervisor: Visitor) -> None:
    studio.admin.post("/shows", {"code": "ORION", "name": "Orion"})
    studio.admin.patch("/shows/ORION", {"reviewed": True})
    ticked = supervisor.opens("/admin/shows/ORION").html

    changed = _changes(supervisor, "ORION", name="Orion II", description="The second", audience="")

    show = studio.admin.get("/shows/ORION")
    assert 'name="reviewed" value="yes" checked' in ticked
    assert changed.location == "/admin/shows/ORION"
    assert (show.name, show.description, show.audience, show.reviewed) == ("Orion II", "The second", None, False)


def test_a_show_that_is_refused_keeps_what_was_typed(studio: Studio, supervisor: Visitor) -> None:
    form = {"code": "ORION", "name": "Orion", "audience": "nobody", "reviewed": "yes"}

    refused = supervisor.sends("/admin/shows", found_on="/admin/shows", **form)

    assert refused.status == 422
    assert "nobody" in refused.text
    assert 'value="Orion"' in refused.html
    assert 'name="reviewed" value="yes" checked' in refused.html
    assert studio.admin.get("/shows").items == []


def test_two_who_change_one_show_are_told(studio: Studio, supervisor: Visitor) -> None:
    studio.admin.post("/shows", {"code": "ORION"})
    page = supervisor.opens("/admin/shows/ORION")
    studio.admin.patch("/shows/ORION", {"name": "First"})

    refused = supervisor.forges("/admin/shows/ORION", csrf_token=page.csrf, revision="1", name="Second", reviewed="yes")

    assert refused.status == 412
    assert 'value="Second"' in refused.html
    assert studio.admin.get("/shows/ORION").name == "First"
