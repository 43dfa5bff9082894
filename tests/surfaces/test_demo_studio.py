"""What the people of the demo studio say and keep: entered once, each in their own name."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from catalog.accounts.vocabulary import Role
from catalog.app.demo.habits import FIELDS, RECORDED, SOUGHT, enter_fields, enter_searches
from catalog.app.demo.library import ASSETS
from catalog.app.demo.studio import PEOPLE, enter_assets, enter_people
from catalog.app.demo.talk import KEPT, SAID, WAITING, enter_talk
from catalog.client import Client, NotFound
from tests.studio import Person
from tests.surfaces.serving import Served, served

CODES = {"prp_crateMarket", "prp_craneHarbor", "mat_lacquerWave"}


@pytest.fixture(scope="module")
def mira(door: Served) -> Iterator[Client]:
    """Mira's client, after what is said about three assets was entered twice."""
    people: dict[str, Person] = {
        login: door.studio.person(login, Role(role), groups=["lantern-crew"])
        for login, _, role, _ in PEOPLE
        if role != "viewer"
    }
    for code in sorted(CODES):
        people["mira"].publishes(code, {"a.txt": code.encode()})
    people["mira"].publishes("prp_crateMarket", {"a.txt": b"with bands"})
    with door.client(door.studio.admin) as admin:
        for _ in range(2):
            enter_fields(admin)
            enter_searches(admin)
            enter_talk(admin, CODES)
    with door.client(people["mira"]) as client:
        yield client


Seen = tuple[list[str], list[str], list[str], bool]


def _seen(url: str, token: str) -> Seen:
    """The shows and assets somebody is told of, what a search for one of the private show finds, whether it opens."""
    with Client(url, token) as client:
        shows = sorted(show.code for show in client.shows.list())
        assets = sorted(card.code for card in client.assets.list())
        found = [card.code for card in client.search("drinks machine").items]
        try:
            opens = client.assets.get("prp_vendingDrinks").code == "prp_vendingDrinks"
        except NotFound:
            opens = False
    return shows, assets, found, opens


def test_the_private_show_is_hidden_from_all_but_its_crew_and_who_clears_rights(
    migrated_sqlite: Path, tmp_path: Path
) -> None:
    some = [asset for asset in ASSETS if asset.code in ("prp_vendingDrinks", "prp_crateMarket")]
    with served(migrated_sqlite, tmp_path) as door:
        token = door.studio.admin.token
        assert [one.login for one in enter_people(door.url, token)] == [login for login, *_ in PEOPLE]
        enter_assets(door.url, token, lambda _done, _all: None, some)

        with door.client(door.studio.admin) as admin:
            seen = {login: _seen(door.url, admin.tokens.issue(name="eyes", login=login).secret) for login, *_ in PEOPLE}

    outside: Seen = (["lantern"], ["prp_crateMarket"], [], False)
    inside: Seen = (["lantern", "orbit"], ["prp_crateMarket", "prp_vendingDrinks"], ["prp_vendingDrinks"], True)
    assert seen == {"mira": outside, "jonas": inside, "tdbot": inside, "clio": inside, "guest": outside}


def test_notes_and_issues_are_said_once_and_in_their_author_s_name(mira: Client) -> None:
    notes = [(note.author, note.text) for note in mira.notes.list("prp_crateMarket", 2)]
    (issue,) = mira.issues.list(asset="prp_crateMarket")

    assert notes == [("mira", "铁箍和斜撑已补上，码头和摊位都可以用。")]
    assert (issue.state, issue.assignee, issue.closing_version) == ("closed", "mira", 2)


def test_collections_are_theirs_ordered_annotated_and_shared(mira: Client) -> None:
    harbor, opening = sorted(mira.collections.list(), key=lambda one: one.owner or "", reverse=True)

    assert (harbor.title, harbor.owner, harbor.item_count) == ("港口道具", "mira", 1)
    assert (opening.title, opening.owner, opening.studio) == ("Night market, opening shot", "jonas", "view")
    assert [(one.asset, one.version, one.note) for one in mira.collections.items(opening.id)] == [
        ("prp_crateMarket", 2, "Stays at version 2: it is dressed already.")
    ]


def test_one_version_waits_for_review(mira: Client) -> None:
    (waiting,) = mira.reviews.list()

    assert (waiting.asset, waiting.number, waiting.created_by) == ("mat_lacquerWave", 2, "mira")


def test_each_kind_of_person_keeps_one_search(door: Served, mira: Client) -> None:
    with door.client(door.studio.admin) as admin:
        shared = [(one.owner, one.title) for one in admin.searches.list(whose="studio")]
        fields = [(field.name, field.type, field.label_zh, field.unit) for field in admin.fields.list()]

    assert [(one.title, one.shared) for one in mira.searches.list(whose="mine")] == [
        ("Materials for the market", False)
    ]
    assert shared == [("jonas", "Characters to review")]
    assert fields == [("vendor", "exact", "供应商", ""), ("weight_kg", "number", "重量", "kg")]


def test_what_is_looked_for_and_recorded_is_in_the_library() -> None:
    roles = {role for login, _, role, _ in PEOPLE if login in {sought.by for sought in SOUGHT}}

    assert roles == {role for _, _, role, _ in PEOPLE} - {"viewer"}
    assert set(RECORDED) <= {asset.code for asset in ASSETS}
    assert all(set(values) == {name for name, *_ in FIELDS} for values in RECORDED.values())


def test_no_token_of_theirs_is_left(door: Served, mira: Client) -> None:
    with door.client(door.studio.admin) as admin:
        made = [token for token in admin.tokens.list() if token.name == "demo studio"]

    assert {token.login for token in made} == {"mira", "jonas", "tdbot", "clio"}
    assert [token for token in made if token.revoked_at is None] == []


def test_all_that_is_spoken_of_is_in_the_library() -> None:
    numbers = {asset.code: len(asset.releases) for asset in ASSETS}
    logins = {login for login, *_ in PEOPLE}
    seen = {asset.code for asset in ASSETS if asset.show != "orbit"}

    for said in SAID:
        assert said.number <= numbers[said.code]
        assert (said.closed_by or 1) <= numbers[said.code]
        assert {said.by, said.assignee or said.by} <= logins
        assert said.code in seen
    for kept in KEPT:
        assert [named for named, _ in kept.items if named.partition("@")[0] not in seen] == []
    assert numbers[WAITING[0]] == WAITING[1] - 1
