"""One's own page and tokens: made, shown once, revoked."""

from __future__ import annotations

import re

import pytest

from catalog.ledger.event import EVENT_TYPES
from catalog.web import deeds, happenings
from tests.studio import API, Person, Studio
from tests.visitors import Visitor, visitor

FORM = {"name": "publish from Houdini", "scope": "all", "days": "30"}


@pytest.fixture
def artist(studio: Studio) -> Visitor:
    return visitor(studio, studio.artist)


def _secret(html: str) -> str:
    found = re.search(r'id="secret"[^>]*value="(rpr_[^"]+)"', html)
    return found[1] if found else ""


def test_a_token_is_made_and_its_secret_shown_once(artist: Visitor) -> None:
    made = artist.sends("/me/tokens", found_on="/me/tokens", **FORM)

    secret = _secret(made.html)
    asked = artist.client.get(f"{API}/me", headers={"Authorization": f"Bearer {secret}"})
    assert asked.get_json()["login"] == "art"
    assert made.header("Cache-Control") == "no-store"
    assert f"export CATALOG_URL=http://studio.test CATALOG_TOKEN={secret}" in made.html
    assert secret not in artist.opens("/me/tokens").html


def test_a_token_is_limited_to_networks(studio: Studio, artist: Visitor) -> None:
    made = artist.sends("/me/tokens", found_on="/me/tokens", **{**FORM, "networks": "10.20.0.0/16, 2001:db8::/32"})
    wrong = artist.sends("/me/tokens", found_on="/me/tokens", **{**FORM, "networks": "10.20.0.1/16"})

    headers = {"Authorization": f"Bearer {_secret(made.html)}"}
    refused = artist.client.get(f"{API}/me", headers=headers)
    everybodys = visitor(studio, studio.admin).opens("/admin/tokens")
    assert (refused.status_code, refused.get_json()["code"]) == (403, "outside-network")
    assert "Only from 10.20.0.0/16, 2001:db8::/32" in artist.opens("/me/tokens").text
    assert "Only from 10.20.0.0/16, 2001:db8::/32" in everybodys.text
    assert wrong.status == 422
    assert 'value="10.20.0.1/16"' in wrong.html


def test_a_token_may_less_than_its_maker(studio: Studio, artist: Visitor) -> None:
    made = artist.sends("/me/tokens", found_on="/me/tokens", **{**FORM, "scope": "browse"})

    headers = {"Authorization": f"Bearer {_secret(made.html)}"}
    assert artist.client.get(f"{API}/me", headers=headers).get_json()["abilities"] == ["browse"]
    mine = [entry for entry in studio.entries("token.issued/1") if entry["values"]["token_name"] == FORM["name"]]
    assert [entry["values"]["scopes"] for entry in mine] == [["browse"]]


@pytest.mark.parametrize(
    "wrong",
    [{"name": ""}, {"name": "x" * 201}, {"days": "0"}, {"days": "9999"}, {"days": ""}, {"scope": "admin"}],
    ids=str,
)
def test_a_form_that_makes_no_sense_makes_no_token(studio: Studio, artist: Visitor, wrong: dict[str, str]) -> None:
    before = len(studio.entries("token.issued/1"))

    refused = artist.sends("/me/tokens", found_on="/me/tokens", **{**FORM, **wrong})

    assert refused.status == 422
    assert len(studio.entries("token.issued/1")) == before


def test_a_token_is_revoked_for_good(studio: Studio, artist: Visitor) -> None:
    made = artist.sends("/me/tokens", found_on="/me/tokens", **FORM)
    revoke = next(link for link in made.links if link.endswith("/revocation"))

    gone = artist.sends(revoke, found_on=revoke)
    page = artist.opens("/me/tokens")

    headers = {"Authorization": f"Bearer {_secret(made.html)}"}
    assert gone.location == "/me/tokens"
    assert "Token “publish from Houdini” is revoked." in page.text
    assert "Token “publish from Houdini” is revoked." not in artist.opens("/me/tokens").text
    assert artist.client.get(f"{API}/me", headers=headers).status_code == 401


def test_administrators_see_their_own_tokens_here_and_nobody_elses(studio: Studio, artist: Visitor) -> None:
    page = visitor(studio, studio.admin).opens("/me/tokens")

    assert "admin's" in page.text
    assert "art's" not in page.text


def test_nobody_revokes_a_token_of_somebody_else(studio: Studio, artist: Visitor) -> None:
    other = visitor(studio, studio.pipeline).opens("/me/tokens")
    revoke = next(link for link in other.links if link.endswith("/revocation"))

    assert artist.opens(revoke).status == 404
    assert artist.sends(revoke, found_on="/me").status == 404
    assert artist.sends("/me/tokens/nonsense/revocation", found_on="/me").status == 404


def test_a_page_says_who_one_is_and_what_one_may_do(studio: Studio, artist: Visitor) -> None:
    studio.joins("art", "crew")

    page = artist.opens("/me")

    assert page.title == "Art – Reprise"
    assert "Roles artist" in page.text
    assert "Groups crew" in page.text
    assert "You may annotate, browse, collect, manage own tokens, publish, register, release" in page.text


def test_tokens_are_paged_through(studio: Studio, artist: Visitor) -> None:
    for at in range(55):
        studio.artist.post("/tokens", {"name": f"token {at}"})

    first = artist.opens("/me/tokens")
    second = artist.opens(next(link for link in first.links if "cursor" in link))

    assert "token 54" in first.text
    assert "token 0 " in second.text
    assert "token 54" not in second.text


def _of(studio: Studio, name: str, **fields: object) -> tuple[Person, str]:
    """Make a token of the artist's; whoever has it, and the address of the page that revokes it."""
    issued = studio.artist.post("/tokens", {"name": name, **fields})
    return Person(studio=studio, login="art", token=issued.secret), f"/me/tokens/{issued.id}/revocation"


def test_before_a_token_is_revoked_its_page_tells_what_was_done_with_it(studio: Studio, artist: Visitor) -> None:
    farm, page = _of(studio, "farm")
    farm.publishes("prp_lamp", name="Lamp")
    farm.call("POST", "/shows", {})  # refused, and so nothing that was done
    studio.artist.registers("prp_box")

    asked = artist.opens(page)

    assert asked.title == "Revoke “farm”? – Reprise"
    assert re.search(r"Last used .*from 127\.0\.0\.1", asked.text)
    assert "In the ledger 3 entries" in asked.text
    assert "Registered as prp_lamp" in asked.text
    assert "Drafted version 1 with 1 file" in asked.text
    assert {"/assets/prp_lamp", "/assets/prp_lamp/versions/1"} <= set(asked.links)
    assert "prp_box" not in asked.text


def test_a_page_of_a_token_names_where_a_script_worked_and_what_it_did_to_many(studio: Studio, artist: Visitor) -> None:
    farm, page = _of(studio, "farm")
    for code in ("prp_lamp", "prp_box"):
        farm.publishes(code)
    lent = farm.post("/collections", {"title": "Market"})
    farm.post(
        "/resolutions", {"references": ["prp_lamp@1", "prp_box@1"]}, X_Catalog_Show="orion", X_Catalog_Farm_Job="job-17"
    )

    asked = artist.opens(page)

    assert re.search(r"Released version 1 .* and 1 more asset .*job-17, orion", asked.text)
    assert "Began a collection Market" in asked.text
    assert f"/collections/{lent.id}" in asked.links


def test_of_a_token_that_was_never_used_the_page_says_that_nothing_breaks(studio: Studio, artist: Visitor) -> None:
    _, page = _of(studio, "spare")

    asked = artist.opens(page)

    assert "It was never used: nothing breaks." in asked.text
    assert "In the ledger 0 entries" in asked.text
    assert "You may know of nothing that it changed or took out here." in asked.text


def test_what_was_done_with_a_revoked_token_stays_to_be_read(studio: Studio, artist: Visitor) -> None:
    farm, page = _of(studio, "farm")
    farm.registers("prp_lamp")
    artist.sends(page, found_on=page)

    read = artist.opens(page)

    assert read.title == "Token “farm” – Reprise"
    assert "Registered as prp_lamp" in read.text
    assert "Revoke for good" not in read.text
    assert page in artist.opens("/me/tokens").links


def test_what_was_done_with_a_token_is_paged_through(studio: Studio, artist: Visitor) -> None:
    farm, page = _of(studio, "farm")
    for at in range(22):
        farm.registers(f"prp_n{at}")

    first = artist.opens(page)
    second = artist.opens(next(link for link in first.links if "cursor" in link))

    assert "Registered as prp_n21" in first.text
    assert "Registered as prp_n1 " not in first.text
    assert "Registered as prp_n0" in second.text
    assert "In the ledger" not in second.text


def test_administrators_read_what_was_done_with_anybodys_token_and_revoke_it(studio: Studio, artist: Visitor) -> None:
    farm, page = _of(studio, "farm")
    farm.registers("prp_lamp")
    admin, theirs = visitor(studio, studio.admin), page.replace("/me/", "/admin/")

    asked = admin.opens(theirs)
    gone = admin.sends(theirs, found_on=theirs)

    assert asked.title == "Revoke “farm” of art? – Reprise"
    assert "Registered as prp_lamp" in asked.text
    assert theirs in admin.opens("/admin/tokens").links
    assert gone.location == "/admin/tokens"
    assert farm.get("/me").status == 401
    assert artist.opens(theirs).status == 403


def test_every_event_has_a_sentence_for_those_who_ask_what_was_done_with_a_token() -> None:
    assert set(EVENT_TYPES) == set(happenings.SENTENCES) | set(deeds.SENTENCES)
