"""Users, groups, roles, tokens and roots, as pages."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from sqlalchemy import update

from catalog.accounts.models import User
from catalog.kernel import clock
from tests.studio import API, Studio
from tests.visitors import PASSWORD, Visitor, WebPage, stranger, visitor

NEW = {"login": "nora", "display_name": "Nora", "password": PASSWORD, "role-artist": "yes", "groups": "crew"}
ROOT = {"name": "library", "templates": "linux main /mnt/library\nwindows main L:\\the library"}


@pytest.fixture
def admin(studio: Studio) -> Visitor:
    studio.joins(studio.artist.login, "crew")
    assert (studio.pipeline.login, studio.viewer.login) == ("pat", "vic")
    return visitor(studio, studio.admin)


def _revision(page: WebPage) -> str:
    found = re.search(r'name="revision" value="(\d+)"', page.html)
    return found[1] if found else ""


def test_somebody_who_is_added_may_sign_in(studio: Studio, admin: Visitor) -> None:
    added = admin.sends("/admin/users", found_on="/admin/users", **NEW)

    assert added.location == "/admin/users/nora"
    assert "nora may sign in now." in admin.arrives("/admin/users/nora").text
    assert stranger(studio).signs_in("nora").status == 303
    assert studio.admin.get("/users/nora").groups == ["crew"]


def test_an_open_page_is_a_sight_which_is_noted_once_in_five_minutes(studio: Studio, admin: Visitor) -> None:
    admin.sends("/admin/users", found_on="/admin/users", **NEW)
    assert "Last seen never" in admin.opens("/admin/users/nora").text
    nora = stranger(studio)
    nora.signs_in("nora")

    nora.opens("/me")
    first = studio.admin.get("/users/nora").last_seen_at
    nora.opens("/me")
    second = studio.admin.get("/users/nora").last_seen_at
    with studio.house.desk.bookkeeping() as session:
        session.execute(
            update(User).where(User.login == "nora").values(last_seen_at=clock.now() - timedelta(minutes=6))
        )
    nora.opens("/me")

    assert first is not None
    assert second == first
    assert studio.admin.get("/users/nora").last_seen_at > first
    assert "Last seen never" not in admin.opens("/admin/users/nora").text
    column = re.findall(r'data-label="Last seen">([^<]*)<', admin.opens("/admin/users").html)
    assert [one == "never" for one in column] == [False, True, False, True, True]


@pytest.mark.parametrize(
    "wrong, said",
    [
        ({"login": "ART"}, "login 'ART' is taken"),
        ({"login": "no spaces"}, "login 'no spaces' is not"),
        ({"password": "short"}, "a password has 10 to 1000 characters"),
        ({"groups": "crew, nobody"}, "there is no group 'nobody'"),
        ({"role-artist": None}, "tick at least one role"),
    ],
    ids=str,
)
def test_a_form_that_is_refused_keeps_what_was_typed(
    studio: Studio, admin: Visitor, wrong: dict[str, str | None], said: str
) -> None:
    before = len(studio.entries())
    typed = {name: value for name, value in {**NEW, **wrong}.items() if value is not None}

    refused = admin.sends("/admin/users", found_on="/admin/users", **typed)

    assert refused.status in (404, 409, 422)
    assert said.casefold() in refused.text.casefold()
    assert f'value="{typed["login"]}"' in refused.html
    assert 'value="Nora"' in refused.html
    assert PASSWORD not in refused.html
    assert len(studio.entries()) == before


def test_an_account_is_changed_and_disabled(studio: Studio, admin: Visitor) -> None:
    page = admin.opens("/admin/users/art")

    changed = admin.forges(
        "/admin/users/art",
        csrf_token=page.csrf,
        revision=_revision(page),
        **{"display_name": "Art the Great", "role-viewer": "yes"},
    )

    assert changed.location == "/admin/users/art"
    user = studio.admin.get("/users/art")
    assert (user.display_name, user.roles, user.active) == ("Art the Great", ["viewer"], False)
    assert "Disabled" in admin.opens("/admin/users").text


def test_two_administrators_who_change_one_account_are_told(studio: Studio, admin: Visitor) -> None:
    page = admin.opens("/admin/users/art")
    form = {"csrf_token": page.csrf, "revision": _revision(page), "role-artist": "yes", "active": "yes"}
    admin.forges("/admin/users/art", **form, display_name="First")

    refused = admin.forges("/admin/users/art", **form, display_name="Second")
    again = admin.forges("/admin/users/art", **{**form, "revision": _revision(refused)}, display_name="Second")

    assert refused.status == 412
    assert "art was changed since you read it" in refused.text
    assert 'value="Second"' in refused.html
    assert again.status == 303
    assert studio.admin.get("/users/art").display_name == "Second"


def test_the_last_administrator_stays(studio: Studio, admin: Visitor) -> None:
    page = admin.opens("/admin/users/admin")

    form = {"display_name": "", "role-viewer": "yes"}
    refused = admin.forges("/admin/users/admin", csrf_token=page.csrf, revision=_revision(page), **form)

    assert refused.status == 409
    assert "no active administrator" in refused.text


def test_a_group_is_made_and_its_members_set(studio: Studio, admin: Visitor) -> None:
    made = admin.sends("/admin/groups", found_on="/admin/groups", code="dawn", name="Dawn", members="art, vic\npat")
    page = admin.opens("/admin/groups/dawn")

    admin.forges("/admin/groups/dawn", csrf_token=page.csrf, revision=_revision(page), name="Dawn crew", members="art")

    assert made.location == "/admin/groups/dawn"
    group = studio.admin.get("/groups/dawn")
    assert (group.name, group.members) == ("Dawn crew", ["art"])


def test_a_page_says_what_each_role_may_do(admin: Visitor) -> None:
    page = admin.opens("/admin/roles")

    assert page.title == "Roles – Reprise"
    assert "Privacy officer" in page.text
    assert "manage accounts" in page.text


def test_a_token_for_somebody_else_is_made_shown_once_and_revoked(studio: Studio, admin: Visitor) -> None:
    form = {"login": "pat", "name": "farm", "days": "30", "scope-browse": "yes", "service": "yes"}
    made = admin.sends("/admin/tokens", found_on="/admin/tokens", **form)
    secret = (re.search(r'id="secret"[^>]*value="(rpr_[^"]+)"', made.html) or ["", ""])[1]
    headers = {"Authorization": f"Bearer {secret}"}
    before = admin.client.get(f"{API}/me", headers=headers)

    page = admin.opens("/admin/tokens")
    revoke = page.links[page.links.index("/admin/users/pat") + 1]  # newest first
    admin.sends(revoke, found_on=revoke)

    assert before.get_json()["abilities"] == ["browse"]
    assert "service" in page.text
    assert made.header("Cache-Control") == "no-store"
    assert secret not in page.html
    assert admin.client.get(f"{API}/me", headers=headers).status_code == 401


@pytest.mark.parametrize("wrong", [{"days": "0"}, {"days": "many"}, {"login": "nobody"}, {"name": " "}], ids=str)
def test_a_token_that_makes_no_sense_is_not_made(studio: Studio, admin: Visitor, wrong: dict[str, str]) -> None:
    before = len(studio.entries())
    form = {"login": "pat", "name": "farm", "days": "30", "scope-browse": "yes", **wrong}

    refused = admin.sends("/admin/tokens", found_on="/admin/tokens", **form)

    assert refused.status in (404, 422)
    assert len(studio.entries()) == before


def test_a_root_is_declared_and_spelled_anew(studio: Studio, admin: Visitor) -> None:
    declared = admin.sends("/admin/roots", found_on="/admin/roots", **ROOT)
    page = admin.opens("/admin/roots/library")

    form = {"csrf_token": page.csrf, "revision": _revision(page), "templates": "linux main /srv/library"}
    changed = admin.forges("/admin/roots/library", **form)

    assert declared.location == "/admin/roots"
    assert "windows main L:\\the library" in page.html
    assert changed.status == 303
    (template,) = studio.admin.get("/roots/library").templates
    assert template["path"] == "/srv/library"


@pytest.mark.parametrize(
    "templates", ["", "linux main", "plan9 main /mnt", "linux main relative", "linux main /a\nlinux main /b"]
)
def test_a_root_that_nobody_could_find_is_refused(studio: Studio, admin: Visitor, templates: str) -> None:
    refused = admin.sends("/admin/roots", found_on="/admin/roots", name="library", templates=templates)

    assert refused.status == 422
    assert 'value="library"' in refused.html
    assert studio.admin.get("/roots").items == []


def test_pages_show_each_role_the_doors_that_it_may_open(studio: Studio, admin: Visitor) -> None:
    operator, artist = visitor(studio, studio.pipeline), visitor(studio, studio.artist)

    assert "/admin/users" in admin.opens("/assets").links
    assert {"/jobs", "/health", "/admin/roots"} <= set(operator.opens("/jobs").links)
    assert "/admin/users" not in operator.opens("/jobs").links
    assert not [link for link in artist.opens("/assets").links if link.startswith(("/admin", "/jobs"))]
