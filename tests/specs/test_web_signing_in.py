"""Signing in and out: who is let in, for how long, and what a session does not open."""

from __future__ import annotations

from dataclasses import replace

import pytest

from catalog.accounts import users
from catalog.accounts.users import UserChange
from catalog.accounts.vocabulary import Role
from catalog.app.web import create_app
from catalog.web.signing import inside
from tests.studio import API, OPERATOR, Studio
from tests.visitors import PASSWORD, Visitor, WebPage, give_password, stranger, visitor

ELSEWHERE = [
    "//evil.test/",
    "///evil.test/",
    "https://evil.test/",
    "/\\evil.test/",
    "\\\\evil.test",
    "/\t/evil.test",
    "/\n/evil.test",
    " //evil.test",
    "javascript:alert(1)",
    "evil.test",
    "",
]


def test_whoever_is_not_signed_in_is_asked_to_and_comes_back_to_the_page(studio: Studio) -> None:
    studio.artist.registers("prp_lamp", name="Lamp")
    give_password(studio, "art")
    someone = stranger(studio)

    asked = someone.opens("/assets/prp_lamp?x=1")
    let_in = someone.signs_in("art", following="/assets/prp_lamp")

    assert (asked.status, asked.location) == (303, "/sign-in?next=/assets/prp_lamp?x%3D1")
    assert (let_in.status, let_in.location) == (303, "/assets/prp_lamp")
    assert "Lamp" in someone.opens("/assets/prp_lamp").title


@pytest.mark.parametrize("path", ["/", "/assets", "/jobs", "/me", "/me/tokens", "/health", "/placeholders/prop.svg"])
def test_every_page_asks_a_stranger_to_sign_in(studio: Studio, path: str) -> None:
    asked = stranger(studio).opens(path)

    assert asked.status == 303
    assert (asked.location or "").startswith("/sign-in")


def test_a_wrong_password_and_an_unknown_login_get_the_same_answer(studio: Studio) -> None:
    _ = studio.artist
    give_password(studio, "art")
    someone = stranger(studio)

    wrong, unknown = someone.signs_in("art", "not the password"), someone.signs_in("nobody")

    assert (wrong.status, unknown.status) == (401, 401)
    assert wrong.text == unknown.text
    assert "login or password is wrong" in wrong.text


def test_a_login_is_found_in_any_case(studio: Studio) -> None:
    _ = studio.artist
    give_password(studio, "art")

    assert stranger(studio).signs_in(" ART ").status == 303


def test_a_service_without_a_password_cannot_sign_in(studio: Studio) -> None:
    _ = studio.artist

    assert stranger(studio).signs_in("art", "").status == 401


@pytest.mark.parametrize(
    "change",
    [UserChange(active=False), UserChange(roles=(Role.SUPERVISOR,)), UserChange(password_hash="another")],
    ids=["disabled", "other roles", "new password"],
)
def test_a_session_ends_with_the_standing_that_it_was_made_with(studio: Studio, change: UserChange) -> None:
    _, artist = studio.admin, visitor(studio, studio.artist)

    with studio.house.desk.work(OPERATOR) as work:
        users.change_user(work, "art", change)

    assert artist.opens("/assets").location == "/sign-in?next=/assets"


def test_a_session_has_the_abilities_of_now(studio: Studio) -> None:
    _, artist = studio.admin, visitor(studio, studio.artist)

    with studio.house.desk.work(OPERATOR) as work:
        users.change_user(work, "art", UserChange(roles=(Role.VIEWER,)))
    artist.signs_in("art")

    assert artist.opens("/me/tokens").status == 403


def test_a_bearer_token_opens_no_page(studio: Studio) -> None:
    asked = stranger(studio).opens("/assets", Authorization=f"Bearer {studio.admin.token}")

    assert asked.location == "/sign-in?next=/assets"


def test_a_session_opens_nothing_of_the_api(studio: Studio) -> None:
    admin = visitor(studio, studio.admin)

    assert admin.opens(f"{API}/assets").status == 401


@pytest.mark.parametrize("address", ELSEWHERE)
def test_signing_in_sends_nobody_elsewhere(studio: Studio, address: str) -> None:
    _ = studio.artist
    give_password(studio, "art")

    assert stranger(studio).signs_in("art", following=address).location == "/"


def test_only_paths_of_ours_are_inside() -> None:
    assert inside("/assets?q=a&kind=prop") == "/assets?q=a&kind=prop"
    assert [inside(address) for address in ELSEWHERE] == ["/"] * len(ELSEWHERE)
    assert inside(None) == "/"
    assert inside("/sign-in?next=/assets") == "/"


def test_whoever_is_signed_in_already_goes_on(studio: Studio) -> None:
    artist = visitor(studio, studio.artist)

    assert artist.opens("/sign-in?next=/me").location == "/me"


def test_nothing_that_was_planted_before_outlives_signing_in(studio: Studio) -> None:
    _ = studio.artist
    give_password(studio, "art")
    someone = stranger(studio)
    before = someone.opens("/sign-in").csrf
    with someone.client.session_transaction() as session:
        session["planted"] = "by somebody else"

    someone.signs_in("art")

    with someone.client.session_transaction() as session:
        assert "planted" not in session
    assert someone.forges("/sign-out", csrf_token=before).status == 400


def test_signing_out_ends_the_session(studio: Studio) -> None:
    artist = visitor(studio, studio.artist)

    out = artist.sends("/sign-out", found_on="/me")

    assert (out.status, out.location) == (303, "/sign-in")
    assert artist.opens("/assets").location == "/sign-in?next=/assets"


def test_no_link_signs_anybody_out(studio: Studio) -> None:
    artist = visitor(studio, studio.artist)

    assert artist.opens("/sign-out").status == 405
    assert artist.opens("/assets").status == 200


def test_ten_failures_a_minute_close_the_door_for_an_address(studio: Studio) -> None:
    someone = stranger(studio)

    tries = [someone.signs_in(f"login{at}", "wrong", address="10.1.1.1") for at in range(11)]

    assert [page.status for page in tries] == [401] * 10 + [429]
    assert tries[-1].title == "Too many tries – Reprise"
    assert "Wait a minute" in tries[-1].text
    assert someone.signs_in("other", "wrong", address="10.1.1.2").status == 401


def test_ten_failures_a_minute_close_the_door_for_a_login_from_wherever(studio: Studio) -> None:
    someone = stranger(studio)

    tries = [someone.signs_in("art", "wrong", address=f"10.2.2.{at}").status for at in range(11)]

    assert tries == [401] * 10 + [429]


def test_signing_in_well_is_never_limited(studio: Studio) -> None:
    _ = studio.artist
    give_password(studio, "art")

    answers = {stranger(studio).signs_in("art", address="10.3.3.3").status for _ in range(12)}

    assert answers == {303}


def test_the_session_cookie_is_kept_from_scripts_and_other_sites(studio: Studio) -> None:
    _ = studio.artist
    give_password(studio, "art")

    cookie = _cookie_of(stranger(studio).signs_in("art"))

    assert cookie.startswith("reprise=")
    assert {"HttpOnly", "SameSite=Lax", "Path=/"} <= set(cookie.split("; "))
    assert "Secure" not in cookie


def test_over_https_the_session_cookie_travels_nowhere_else(studio: Studio) -> None:
    _ = studio.artist
    give_password(studio, "art")
    settings = studio.house.settings.model_copy(update={"base_url": "https://studio.test"})
    app = create_app(replace(studio.house, settings=settings))
    someone = Visitor(client=app.test_client())

    page = someone.client.get("/sign-in", base_url="https://studio.test")
    fields = {"csrf_token": WebPage(response=page).csrf, "login": "art", "password": PASSWORD}
    let_in = someone.client.post(
        "/sign-in", data=fields, base_url="https://studio.test", headers={"Referer": "https://studio.test/sign-in"}
    )

    cookie = _cookie_of(WebPage(response=let_in))
    assert cookie.startswith("__Host-reprise=")
    assert "Secure" in cookie.split("; ")


def test_a_session_lives_on_with_every_page_and_not_with_its_pictures(studio: Studio) -> None:
    artist = visitor(studio, studio.artist)

    page, picture = artist.opens("/assets"), artist.opens("/placeholders/prop.svg")

    assert "reprise=" in page.header("Set-Cookie")
    assert picture.header("Set-Cookie") == ""


def test_a_forged_or_foreign_cookie_is_no_session(studio: Studio) -> None:
    artist = visitor(studio, studio.artist)
    someone = stranger(studio)
    kept = artist.client.get_cookie("reprise")
    assert kept is not None

    someone.client.set_cookie("reprise", kept.value[:-3] + "abc")

    assert someone.opens("/assets").location == "/sign-in?next=/assets"


@pytest.mark.parametrize("kept", ["", "nobody", "nobody:0", "01a208b8-da1d-77bc-9ecc-b3dbf76c45f4:x"])
def test_a_session_that_names_nobody_is_none(studio: Studio, kept: str) -> None:
    someone = stranger(studio)
    with someone.client.session_transaction() as session:
        session["_user_id"] = kept

    assert someone.opens("/assets").location == "/sign-in?next=/assets"


def _cookie_of(page: WebPage) -> str:
    return next(cookie for cookie in page.response.headers.getlist("Set-Cookie") if "reprise=" in cookie)
