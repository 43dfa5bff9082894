"""Accounts: who somebody is comes from a token alone, and what they may do from roles, cut by the token's scopes."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from sqlalchemy import text, update

from catalog.accounts.models import Token
from catalog.accounts.vocabulary import Role
from catalog.api.blueprint import PREFIX
from catalog.api.operation import Operation
from catalog.api.table import OPERATIONS
from catalog.app.web import create_app
from catalog.kernel import clock
from catalog.kernel.abilities import Ability
from tests.studio import API, Person, Said, Studio

WRITES = [one for one in OPERATIONS if one.write is not None and one.ability is not Ability.BROWSE]
"""All but what anybody may change of themselves."""


def _address(operation: Operation) -> str:
    return re.sub(r"{\w+}", "1", operation.path)


def test_every_operation_asks_for_a_token(studio: Studio) -> None:
    client = studio.app.test_client()

    said = {one.name: client.open(PREFIX + _address(one), method=one.method) for one in OPERATIONS}

    assert {name: response.status_code for name, response in said.items() if response.status_code != 401} == {}
    assert {response.get_json()["code"] for response in said.values()} == {"not-signed-in"}


def test_a_cookie_signs_nobody_in_at_the_door_for_scripts(studio: Studio) -> None:
    client = studio.app.test_client()
    client.set_cookie("session", studio.admin.token)

    assert client.get(f"{API}/me").status_code == 401


def test_every_write_is_refused_to_a_viewer_whatever_they_send(studio: Studio) -> None:
    _ = studio.viewer
    before = studio.entries()

    said = {one.name: studio.viewer.call(one.method, _address(one), {"any": "thing"}) for one in WRITES}

    assert {name: one.status for name, one in said.items() if (one.status, one.code) != (403, "not-permitted")} == {}
    assert studio.entries() == before
    assert len(said) >= 20


def test_every_read_beyond_browsing_is_refused_to_a_viewer(studio: Studio) -> None:
    reads = [one for one in OPERATIONS if one.read is not None and one.ability is not Ability.BROWSE]

    said = {one.name: studio.viewer.call(one.method, _address(one)).status for one in reads}

    assert said == dict.fromkeys(said, 403)
    assert {"ledger.list", "ledger.verify", "users.list", "jobs.list", "tokens.list", "versions.uploads"} <= set(said)


def test_every_operation_is_refused_to_a_token_without_its_scope(studio: Studio) -> None:
    admin = studio.admin
    for ability in sorted({one.ability for one in OPERATIONS}):
        scopes = sorted(set(Ability) - {ability, Ability.ACT_FOR_OTHERS})
        secret = admin.post("/tokens", {"name": "narrow", "scopes": scopes}).secret
        narrow = Person(studio=studio, login="admin", token=secret)
        for operation in OPERATIONS:
            if operation.ability is ability:
                said = narrow.call(operation.method, _address(operation), {})
                assert (operation.name, said.status, said.code) == (operation.name, 403, "not-permitted")


_ARTISTS = {"browse", "register", "publish", "annotate", "release", "collect", "manage-own-tokens"}
_AUDITORS = {"browse", "release", "collect", "audit", "see-everything", "manage-own-tokens"}


@pytest.mark.parametrize(
    "role, abilities",
    [
        (Role.VIEWER, {"browse"}),
        (Role.ARTIST, _ARTISTS),
        (Role.SUPERVISOR, _ARTISTS | {"curate", "withdraw", "manage-shows"}),
        (Role.LICENSING, _AUDITORS),
        (Role.PRIVACY_OFFICER, _AUDITORS),
        (Role.PIPELINE, _ARTISTS | {"curate", "withdraw", "manage-shows", "import", "manage-roots", "operate"}),
    ],
)
def test_a_role_is_a_set_of_abilities(studio: Studio, role: Role, abilities: set[str]) -> None:
    me = studio.person("eve", role).get("/me")

    assert (me.login, set(me.abilities), me.through) == ("eve", abilities, "eve's")


def test_who_one_is_names_the_token_and_never_its_secret(studio: Studio) -> None:
    me = studio.artist.get("/me")

    assert (me.login, me.through, me.on_behalf_of) == ("art", "art's", None)
    assert studio.artist.token not in me.response.get_data(as_text=True)


def test_a_token_is_shown_once(studio: Studio) -> None:
    issued = studio.artist.post("/tokens", {"name": "laptop"})

    listed = studio.artist.get("/tokens")
    assert (issued.status, issued.secret[:4], issued.login, issued.service) == (201, "rpr_", "art", False)
    assert Person(studio=studio, login="art", token=issued.secret).get("/me").login == "art"
    assert [token["name"] for token in listed.items] == ["laptop", "art's"]
    assert issued.secret not in listed.response.get_data(as_text=True)
    assert issued.secret not in str(studio.entries())


def test_a_token_can_be_narrower_than_its_user_and_never_wider(studio: Studio) -> None:
    reader = studio.artist.post("/tokens", {"name": "reader", "scopes": ["browse", "manage-own-tokens"]})
    narrow = Person(studio=studio, login="art", token=reader.secret)

    wider = studio.artist.post("/tokens", {"name": "wide", "scopes": ["browse", "audit"]})
    widened = narrow.post("/tokens", {"name": "wider", "scopes": ["browse", "publish"]})
    inherited = narrow.post("/tokens", {"name": "same"})

    assert (wider.status, wider.code) == (422, "bad-scope")
    assert wider.message == "art lacks audit; a token cannot carry more than its user"
    assert (widened.status, widened.code) == (422, "bad-scope")
    assert inherited.scopes == ["browse", "manage-own-tokens"]
    assert narrow.registers("prp_lamp").status == 403


def test_a_token_loses_what_its_user_loses(studio: Studio) -> None:
    artist = studio.artist
    studio.admin.patch("/users/art", {"roles": ["viewer"]})

    assert artist.get("/me").abilities == ["browse"]
    assert artist.registers("prp_lamp").status == 403


def test_a_token_ends_on_its_day(studio: Studio) -> None:
    issued = studio.artist.post("/tokens", {"name": "short", "days": 1})
    with studio.house.desk.bookkeeping() as session:
        session.execute(
            update(Token).where(Token.name == "short").values(expires_at=clock.now() - timedelta(minutes=1))
        )

    refused = Person(studio=studio, login="art", token=issued.secret).get("/me")

    assert (refused.status, refused.code) == (401, "not-signed-in")
    assert re.fullmatch(r"token 'short' expired at \d{4}-\d\d-\d\d \d\d:\d\d UTC; make a new one", refused.message)
    assert studio.artist.post("/tokens", {"name": "none", "days": 0}).code == "bad-expiry"
    assert studio.artist.post("/tokens", {"name": "long", "days": 3_651}).code == "bad-expiry"


def test_those_who_manage_accounts_read_when_somebody_was_last_seen(studio: Studio) -> None:
    studio.admin.post("/users", {"login": "zoe", "roles": ["artist"]})
    before = clock.now()
    studio.artist.get("/me")

    seen = {user["login"]: user["last_seen_at"] for user in studio.admin.get("/users").items}

    assert seen["zoe"] is None
    assert datetime.fromisoformat(seen["art"]) >= before
    assert studio.artist.get("/users/zoe").status == 404


def test_a_token_is_limited_to_networks_and_says_so(studio: Studio) -> None:
    here = studio.artist.post("/tokens", {"name": "here", "networks": ["127.0.0.0/8", "2001:db8::/32"]})
    farm = studio.artist.post("/tokens", {"name": "farm", "networks": ["10.20.0.0/16"]})

    admitted = Person(studio=studio, login="art", token=here.secret)
    refused = Person(studio=studio, login="art", token=farm.secret).get("/me")

    assert (here.networks, farm.networks) == (["127.0.0.0/8", "2001:db8::/32"], ["10.20.0.0/16"])
    assert admitted.get("/me").status == 200
    assert admitted.post("/tokens", {"name": "child"}).networks == ["127.0.0.0/8", "2001:db8::/32"]
    assert admitted.post("/tokens", {"name": "escape", "networks": ["0.0.0.0/0"]}).code == "bad-network"
    assert (refused.status, refused.code) == (403, "outside-network")
    assert "10.20" not in refused.response.get_data(as_text=True)
    assert [token["networks"] for token in studio.artist.get("/tokens").items][-1] == []
    assert studio.artist.post("/tokens", {"name": "x", "networks": ["somewhere"]}).code == "bad-network"


@pytest.mark.parametrize(
    "proxies, forwarded, status",
    [
        (0, "10.20.0.1", 403),
        (1, "10.20.0.1", 200),
        (1, "10.20.0.1, 192.0.2.7", 403),
        (2, "10.20.0.1, 192.0.2.7", 200),
        (2, "10.20.0.1", 403),
    ],
)
def test_only_the_proxies_that_there_are_tell_where_a_request_came_from(
    studio: Studio, proxies: int, forwarded: str, status: int
) -> None:
    farm = studio.artist.post("/tokens", {"name": "farm", "networks": ["10.20.0.0/16"]})
    settings = studio.house.settings.model_copy(update={"proxies": proxies})
    behind = create_app(replace(studio.house, settings=settings)).test_client()

    headers = {"Authorization": f"Bearer {farm.secret}", "X-Forwarded-For": forwarded}

    assert behind.get(f"{API}/me", headers=headers).status_code == status


def test_a_revoked_token_is_closed_at_once_and_for_good(studio: Studio) -> None:
    issued = studio.artist.post("/tokens", {"name": "lost"})
    lost = Person(studio=studio, login="art", token=issued.secret)
    assert lost.get("/me").status == 200

    revoked = [studio.artist.delete(f"/tokens/{issued.id}").status for _ in range(2)]

    assert revoked == [204, 204]
    assert lost.get("/me").status == 401
    assert len(studio.entries("token.revoked/1")) == 1


def test_what_was_done_with_a_token_is_told_to_its_owner_and_to_those_who_manage_accounts(studio: Studio) -> None:
    issued = studio.artist.post("/tokens", {"name": "farm"})
    studio.artist.registers("prp_box")
    Person(studio=studio, login="art", token=issued.secret).registers("prp_lamp")

    mine, theirs = (person.get(f"/tokens/{issued.id}/history") for person in (studio.artist, studio.admin))

    assert [(one["type"], one["values"]["code"]) for one in mine.items] == [("asset.registered/1", "prp_lamp")]
    assert (mine.total, mine.next_cursor) == (1, None)
    assert theirs.json == mine.json
    assert studio.pipeline.get(f"/tokens/{issued.id}/history").code == "unknown-token"
    assert studio.pipeline.get("/tokens/none/history").code == "unknown-token"


def test_auditors_ask_the_ledger_for_what_was_done_with_a_token(studio: Studio) -> None:
    issued = studio.artist.post("/tokens", {"name": "farm"})
    Person(studio=studio, login="art", token=issued.secret).registers("prp_lamp")

    (entry,) = studio.licensing.get(f"/ledger?token_id={issued.id}").items

    assert (entry["type"], entry["actor"]["token"]) == ("asset.registered/1", issued.id)


def test_when_and_from_where_a_token_was_last_used_is_told(studio: Studio) -> None:
    issued = studio.artist.post("/tokens", {"name": "farm"})
    Person(studio=studio, login="art", token=issued.secret).get("/me")

    (farm,) = (one for one in studio.artist.get("/tokens").items if one["name"] == "farm")

    assert (issued.last_used_at, issued.last_used_from) == (None, None)
    assert farm["last_used_at"] is not None
    assert farm["last_used_from"] == "127.0.0.1"


def test_a_token_of_somebody_else_is_revoked_by_those_who_manage_accounts_alone(studio: Studio) -> None:
    issued = studio.artist.post("/tokens", {"name": "mine"})

    refused = studio.pipeline.delete(f"/tokens/{issued.id}")
    unknown = studio.pipeline.delete("/tokens/not-an-id")

    assert (refused.status, refused.code) == (404, "unknown-token")
    assert (unknown.status, unknown.code) == (404, "unknown-token")
    assert studio.admin.delete(f"/tokens/{issued.id}").status == 204


def test_tokens_for_others_and_for_services_are_issued_by_those_who_manage_accounts(studio: Studio) -> None:
    _ = studio.viewer

    assert studio.artist.post("/tokens", {"name": "x", "login": "vic"}).status == 403
    assert studio.artist.post("/tokens", {"name": "x", "service": True}).status == 403
    assert studio.artist.post("/tokens", {"name": "x", "login": "nobody"}).status == 403
    assert studio.admin.post("/tokens", {"name": "x", "login": "vic"}).login == "vic"


def test_a_reading_does_not_wait_for_those_who_write_to_note_that_its_token_was_used(studio_on_each: Studio) -> None:
    studio = studio_on_each
    viewer = studio.viewer

    with studio.house.desk.bookkeeping() as session:
        session.execute(update(Token).values(last_used_at=None))
        read = viewer.get("/me")

    assert (read.status, viewer.get("/me").login) == (200, "vic")


def test_a_reading_succeeds_where_the_database_cannot_write(studio: Studio) -> None:
    viewer = studio.viewer
    with studio.house.engine.begin() as connection:
        connection.execute(
            text("CREATE TRIGGER full BEFORE UPDATE ON token BEGIN SELECT RAISE(ABORT, 'disk is full'); END")
        )

    assert viewer.get("/me").status == 200


def test_a_disabled_user_is_out_at_once_and_in_again_when_reinstated(studio: Studio) -> None:
    artist = studio.artist
    studio.admin.patch("/users/art", {"active": False})

    refused = artist.get("/me")
    studio.admin.patch("/users/art", {"active": True})

    assert (refused.status, refused.code) == (401, "not-signed-in")
    assert artist.get("/me").status == 200


@pytest.fixture
def farm(studio: Studio) -> Person:
    """A render farm with a service token."""
    studio.person("farm", Role.PIPELINE)
    secret = studio.admin.post("/tokens", {"name": "deadline", "login": "farm", "service": True}).secret
    return Person(studio=studio, login="farm", token=secret)


def test_a_service_acts_on_behalf_of_a_user_and_the_ledger_names_both(studio: Studio, farm: Person) -> None:
    _ = studio.artist

    registered = farm.post(
        "/assets",
        {"code": "prp_lamp", "name": "Lamp", "kind": "prop"},
        X_On_Behalf_Of="art",
        X_Catalog_Show="orion",
        X_Catalog_Farm_Job="job-17",
    )

    (entry,) = studio.entries("asset.registered/1")
    assert (registered.status, registered.owner) == (201, "art")
    assert (entry["actor"]["name"], entry["actor"]["on_behalf_of"], entry["actor"]["through"]) == (
        "farm",
        "art",
        "deadline",
    )
    assert entry["actor"]["context"] == {"farm_job": "job-17", "show": "orion"}


def test_a_service_may_no_more_than_the_user_it_acts_for(studio: Studio, farm: Person) -> None:
    studio.person("ivy", Role.ARTIST, groups=["vip"])
    _ = studio.viewer
    farm.post("/assets", {"code": "prp_v", "name": "V", "kind": "prop", "audience": ["vip"]}, X_On_Behalf_Of="ivy")

    assert farm.post("/assets", {"code": "prp_x", "name": "X", "kind": "prop"}, X_On_Behalf_Of="vic").status == 403
    assert farm.get("/assets/prp_v", X_On_Behalf_Of="ivy").status == 200
    assert farm.get("/assets/prp_v", X_On_Behalf_Of="vic").status == 404
    assert farm.get("/assets/prp_v").status == 404
    assert farm.get("/me", X_On_Behalf_Of="vic").abilities == ["browse"]


def test_nobody_is_served_who_is_not_there(studio: Studio, farm: Person) -> None:
    _ = studio.artist
    studio.admin.patch("/users/art", {"active": False})

    refused = [farm.get("/me", X_On_Behalf_Of=login) for login in ("nobody", "art")]

    assert [(one.status, one.code) for one in refused] == [(403, "unknown-user")] * 2


def test_only_a_service_acts_for_others(studio: Studio) -> None:
    _ = studio.viewer

    refused = studio.admin.get("/me", X_On_Behalf_Of="vic")

    assert (refused.status, refused.code) == (403, "not-permitted")
    assert refused.message == "token \"admin's\" may not act for 'vic'; it is not a service token"


def test_what_a_service_drafts_for_one_user_is_not_seen_for_another(studio: Studio, farm: Person) -> None:
    studio.person("ben", Role.ARTIST)
    studio.artist.registers("prp_lamp")
    draft = {"files": [{"path": "a", "sha256": "0" * 64, "size_bytes": 1}]}

    farm.post("/assets/prp_lamp/versions", draft, X_On_Behalf_Of="art")

    assert farm.get("/assets/prp_lamp/versions/1", X_On_Behalf_Of="art").status == 200
    assert studio.artist.get("/assets/prp_lamp/versions/1").status == 200
    assert farm.get("/assets/prp_lamp/versions/1", X_On_Behalf_Of="ben").status == 404


def test_a_service_neither_makes_nor_ends_tokens_of_those_it_acts_for(studio: Studio, farm: Person) -> None:
    issued = studio.artist.post("/tokens", {"name": "mine"})

    refused = [
        farm.post("/tokens", {"name": "theirs"}, X_On_Behalf_Of="art"),
        farm.delete(f"/tokens/{issued.id}", X_On_Behalf_Of="art"),
    ]

    assert [(one.status, one.code) for one in refused] == [(403, "not-permitted")] * 2
    assert refused[0].message == "farm serves art, whose tokens are theirs to make and end"


def test_a_user_is_created_with_roles_and_groups(studio: Studio) -> None:
    studio.admin.post("/groups", {"code": "vip"})

    created = studio.admin.post(
        "/users", {"login": "Eve", "display_name": "Eve E.", "roles": ["artist"], "groups": ["vip"]}
    )

    assert created.status == 201
    assert (created.login, created.display_name, created.roles, created.groups) == (
        "Eve",
        "Eve E.",
        ["artist"],
        ["vip"],
    )
    assert studio.admin.get("/users/EVE").id == created.id
    assert studio.admin.get("/groups/vip").members == ["Eve"]


@pytest.mark.parametrize(
    "body, status, code",
    [
        ({"login": "ADMIN", "roles": ["viewer"]}, 409, "login-taken"),
        ({"login": "a b", "roles": ["viewer"]}, 422, "bad-login"),
        ({"login": "", "roles": ["viewer"]}, 422, "bad-login"),
        ({"login": "eve", "roles": []}, 422, "no-role"),
        ({"login": "eve", "roles": ["king"]}, 422, "invalid-request"),
        ({"login": "eve", "roles": ["viewer"], "groups": ["none"]}, 404, "unknown-group"),
        ({"login": "eve", "roles": ["viewer"], "password": "short"}, 422, "bad-password"),
        ({"login": "eve", "roles": ["viewer"], "password": "x" * 1_001}, 422, "bad-password"),
        ({"login": "eve", "roles": ["viewer"], "display_name": "x" * 201}, 422, "invalid-request"),
    ],
)
def test_a_user_that_cannot_be_is_refused(studio: Studio, body: dict[str, object], status: int, code: str) -> None:
    refused = studio.admin.post("/users", body)

    assert (refused.status, refused.code) == (status, code)
    assert studio.admin.get("/users/eve").status == 404


def test_a_password_is_never_said_again(studio: Studio) -> None:
    studio.admin.post("/users", {"login": "eve", "roles": ["viewer"], "password": "correct horse battery"})
    refused = studio.admin.post("/users", {"login": "ivy", "roles": ["viewer"], "password": 12345678901})

    everything = str(studio.entries()) + str(studio.admin.get("/users").json) + refused.message + str(refused.errors)

    assert "correct horse" not in everything
    assert "12345678901" not in everything


def test_people_see_themselves_and_no_others(studio: Studio) -> None:
    _ = studio.viewer

    assert studio.artist.get("/users/art").login == "art"
    hidden, absent = studio.artist.get("/users/vic"), studio.artist.get("/users/eve")
    assert (hidden.status, hidden.code) == (absent.status, absent.code) == (404, "unknown-user")
    assert hidden.message.replace("vic", "eve") == absent.message


def test_people_see_the_groups_that_they_belong_to(studio: Studio) -> None:
    member = studio.person("ivy", groups=["vip"])
    studio.admin.post("/groups", {"code": "others"})

    assert [group["code"] for group in member.get("/groups").items] == ["vip"]
    assert member.get("/groups/VIP").members == ["ivy"]
    assert member.get("/groups/others").status == 404


def test_the_last_administrator_stays(studio: Studio) -> None:
    demoted = studio.admin.patch("/users/admin", {"roles": ["viewer"]})
    disabled = studio.admin.patch("/users/admin", {"active": False})

    assert [(one.status, one.code) for one in (demoted, disabled)] == [(409, "last-admin")] * 2
    assert studio.admin.get("/me").status == 200


def test_a_group_is_renamed_and_its_members_replaced(studio: Studio) -> None:
    _ = studio.artist, studio.viewer
    studio.admin.post("/groups", {"code": "vip", "members": ["art"]})

    changed = studio.admin.patch("/groups/vip", {"name": "Very important", "members": ["vic"]})

    assert (changed.status, changed.name, changed.members) == (200, "Very important", ["vic"])
    assert studio.admin.get("/groups/vip").json == changed.json
    assert studio.admin.patch("/groups/vip", {"members": ["nobody"]}).code == "unknown-user"
    assert studio.admin.post("/groups", {"code": "VIP"}).code == "code-taken"
    (entry,) = studio.entries("group.changed/1")
    assert entry["values"]["changes"] == {"name": ["vip", "Very important"], "left": ["art"], "joined": ["vic"]}


def test_every_act_on_accounts_leaves_an_entry(studio: Studio) -> None:
    admin = studio.admin
    before = len(studio.entries())
    admin.post("/users", {"login": "eve", "roles": ["viewer"]})
    admin.patch("/users/eve", {"roles": ["artist"], "password": "correct horse battery"})
    admin.post("/groups", {"code": "vip", "members": ["eve"]})
    issued = admin.post("/tokens", {"name": "t", "login": "eve"})
    admin.delete(f"/tokens/{issued.id}")

    assert [entry["type"] for entry in studio.entries()[before:]] == [
        "user.created/1",
        "user.changed/1",
        "group.created/1",
        "token.issued/1",
        "token.revoked/1",
    ]
    assert studio.entries("user.changed/1")[0]["values"]["changes"] == {
        "roles": [["viewer"], ["artist"]],
        "password": "changed",
    }


def test_what_happens_to_accounts_is_no_event_for_others(studio: Studio) -> None:
    studio.admin.post("/users", {"login": "eve", "roles": ["viewer"]})

    told = studio.artist.get("/events?limit=200").items

    assert [event for event in told if event["type"].startswith(("user.", "group.", "token."))] == []


def test_a_token_is_sent_in_any_letters_of_its_scheme(studio: Studio) -> None:
    for scheme in ("Bearer", "bearer", "BEARER"):
        response = studio.app.test_client().get(
            f"{API}/me", headers={"Authorization": f"{scheme} {studio.artist.token}"}
        )
        assert Said(response=response).login == "art"
