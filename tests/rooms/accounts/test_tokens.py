"""Bearer tokens: shown once, never wider than who makes them, closed for good."""

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import select

from catalog.accounts import tokens, users
from catalog.accounts.authentication import actor_of_token
from catalog.accounts.models import Token
from catalog.accounts.tokens import IssuedToken, NewToken
from catalog.accounts.vocabulary import ROLE_ABILITIES, Role
from catalog.kernel import clock
from catalog.kernel.abilities import Ability
from catalog.kernel.actors import Actor
from catalog.kernel.errors import InvalidInput, NotFound, NotPermitted, NotSignedIn
from catalog.kernel.ids import new_id
from tests.crew import Crew


def issue(crew: Crew, by: Actor, new: NewToken) -> str:
    """Make a token; its secret."""
    with crew.work(by) as work:
        issued: IssuedToken = tokens.issue_token(work, new)
        return issued.secret


def who(crew: Crew, secret: str) -> Actor:
    with crew.desk.read() as session:
        return actor_of_token(session, secret, clock.now())


def id_of(crew: Crew, name: str) -> UUID:
    with crew.desk.read() as session:
        return session.scalars(select(Token.id).where(Token.name == name)).one()


def test_a_token_acts_as_the_one_who_made_it(crew: Crew) -> None:
    secret = issue(crew, crew.artist, NewToken(name="laptop"))

    actor = who(crew, secret)

    assert (actor.id, actor.name, actor.through) == (crew.artist.id, "art", "laptop")
    assert actor.abilities == ROLE_ABILITIES[Role.ARTIST]


def test_the_secret_is_long_and_random_and_not_kept(crew: Crew) -> None:
    first, second = (issue(crew, crew.artist, NewToken(name=name)) for name in ("a", "b"))

    with crew.desk.read() as session:
        kept = session.scalars(select(Token.secret_hash)).all()
    assert first.startswith("rpr_")
    assert len(first) == 47
    assert first != second
    assert first not in kept
    assert all(first.encode() not in entry.body and first not in str(entry.values) for entry in crew.entries())


def test_making_a_token_is_told_without_its_secret(crew: Crew) -> None:
    issue(crew, crew.artist, NewToken(name="laptop", scopes=(Ability.BROWSE,), days=1))

    entry = crew.entries("token.issued")[-1]
    with crew.desk.read() as session:
        token = session.scalars(select(Token)).one()
    assert entry.values == {
        "token_name": "laptop",
        "scopes": ["browse"],
        "networks": [],
        "service": False,
        "expires_at": token.expires_at.isoformat() if token.expires_at else None,
    }
    assert token.expires_at == token.created_at + timedelta(days=1)


def test_a_token_can_be_narrower_than_its_user(crew: Crew) -> None:
    secret = issue(crew, crew.artist, NewToken(name="reader", scopes=(Ability.BROWSE,)))

    assert who(crew, secret).abilities == {Ability.BROWSE}


def test_a_token_cannot_be_wider_than_its_user(crew: Crew) -> None:
    new = NewToken(name="wide", scopes=(Ability.BROWSE, Ability.MANAGE_ACCOUNTS))

    with pytest.raises(InvalidInput, match="art lacks manage-accounts; a token cannot carry more") as refused:
        issue(crew, crew.artist, new)

    assert refused.value.code == "bad-scope"


def test_a_token_made_through_a_narrow_token_is_not_wider_than_that(crew: Crew) -> None:
    through = replace(crew.admin, abilities=frozenset({Ability.BROWSE, Ability.MANAGE_OWN_TOKENS}))

    secret = issue(crew, through, NewToken(name="child"))

    assert who(crew, secret).abilities == {Ability.BROWSE, Ability.MANAGE_OWN_TOKENS}
    with pytest.raises(InvalidInput, match="a token cannot carry more"):
        issue(crew, through, NewToken(name="escape", scopes=(Ability.MANAGE_ACCOUNTS,)))


def test_a_user_who_loses_a_role_takes_it_from_the_tokens_too(crew: Crew) -> None:
    secret = issue(crew, crew.supervisor, NewToken(name="laptop"))

    with crew.work(crew.admin) as work:
        users.change_user(work, "sue", users.UserChange(roles=(Role.ARTIST,)))

    assert who(crew, secret).abilities == ROLE_ABILITIES[Role.ARTIST]


def test_administrators_make_tokens_for_others(crew: Crew) -> None:
    crew.joins("ann", Role.ARTIST)

    secret = issue(crew, crew.admin, NewToken(name="farm", login="Ann"))

    assert who(crew, secret).name == "ann"
    assert who(crew, secret).abilities == ROLE_ABILITIES[Role.ARTIST]


def test_a_token_for_another_is_not_wider_than_that_one(crew: Crew) -> None:
    crew.joins("ann", Role.ARTIST)

    with pytest.raises(InvalidInput, match="ann lacks import"):
        issue(crew, crew.admin, NewToken(name="farm", login="ann", scopes=(Ability.IMPORT,)))


def test_others_make_tokens_for_themselves_only(crew: Crew) -> None:
    crew.joins("ann", Role.ARTIST)

    with pytest.raises(NotPermitted, match="art may not manage accounts"):
        issue(crew, crew.artist, NewToken(name="x", login="ann"))
    with pytest.raises(NotPermitted):
        issue(crew, crew.artist, NewToken(name="x", service=True))


def test_a_viewer_makes_no_tokens(crew: Crew) -> None:
    with pytest.raises(NotPermitted, match="vic may not manage own tokens"):
        issue(crew, crew.viewer, NewToken(name="x"))


@pytest.mark.parametrize("login", ["nobody", "ann"])
def test_a_token_is_for_an_active_user(crew: Crew, login: str) -> None:
    crew.joins("ann", Role.ARTIST)
    with crew.work(crew.admin) as work:
        users.change_user(work, "ann", users.UserChange(active=False))

    with pytest.raises(NotFound, match=f"there is no active user '{login}'"):
        issue(crew, crew.admin, NewToken(name="x", login=login))


@pytest.mark.parametrize("days", [0, -1, 3_651])
def test_a_token_lives_between_a_day_and_ten_years(crew: Crew, days: int) -> None:
    with pytest.raises(InvalidInput, match="is not between 1 and 3650") as refused:
        issue(crew, crew.artist, NewToken(name="x", days=days))

    assert refused.value.code == "bad-expiry"


def test_a_revoked_token_opens_nothing(crew: Crew) -> None:
    secret = issue(crew, crew.artist, NewToken(name="laptop"))

    with crew.work(crew.artist) as work:
        tokens.revoke_token(work, id_of(crew, "laptop"))

    with pytest.raises(NotSignedIn, match="unknown or was revoked"):
        who(crew, secret)


def test_revoking_twice_is_told_once(crew: Crew) -> None:
    issue(crew, crew.artist, NewToken(name="laptop"))
    token_id = id_of(crew, "laptop")

    for _ in range(2):
        with crew.work(crew.artist) as work:
            tokens.revoke_token(work, token_id)

    assert crew.types("token.revoked") == ["token.revoked/1"]


def test_administrators_revoke_anybodys_token(crew: Crew) -> None:
    secret = issue(crew, crew.artist, NewToken(name="laptop"))

    with crew.work(crew.admin) as work:
        tokens.revoke_token(work, id_of(crew, "laptop"))

    with pytest.raises(NotSignedIn):
        who(crew, secret)


def test_others_cannot_even_learn_that_a_token_is_there(crew: Crew) -> None:
    issue(crew, crew.artist, NewToken(name="laptop"))
    missing, theirs = new_id(), id_of(crew, "laptop")

    refusals = []
    for token_id in (missing, theirs):
        with crew.work(crew.supervisor) as work, pytest.raises(NotFound) as refused:
            tokens.revoke_token(work, token_id)
        refusals.append(refused.value.message.replace(str(token_id), "ID"))

    assert refusals == ["there is no token ID of yours"] * 2


def test_a_token_keeps_each_of_its_networks_once_and_the_ledger_tells_them(crew: Crew) -> None:
    secret = issue(crew, crew.artist, NewToken(name="farm", networks=(" 10.20.0.0/16", "192.0.2.7", "192.0.2.7/32")))

    with crew.desk.read() as session:
        actor = actor_of_token(session, secret, clock.now(), address="10.20.3.4")
    assert actor.networks == ("10.20.0.0/16", "192.0.2.7/32")
    assert (crew.entries("token.issued")[-1].values or {})["networks"] == ["10.20.0.0/16", "192.0.2.7/32"]


@pytest.mark.parametrize("wrong", ["", "here", "10.20.0.1/16", "10.20.0.0/33", "300.1.1.1"])
def test_what_is_no_network_limits_no_token(crew: Crew, wrong: str) -> None:
    with pytest.raises(InvalidInput, match=f"'{wrong}' is no network; right are such as") as refused:
        issue(crew, crew.artist, NewToken(name="farm", networks=("10.0.0.0/8", wrong)))

    assert refused.value.code == "bad-network"


def test_a_token_has_fifty_networks_at_most(crew: Crew) -> None:
    with pytest.raises(InvalidInput, match="51 networks are more than 50"):
        issue(crew, crew.artist, NewToken(name="farm", networks=tuple(f"10.0.{at}.0/24" for at in range(51))))


def test_a_token_made_through_a_limited_one_reaches_no_further(crew: Crew) -> None:
    through = replace(crew.artist, networks=("10.20.0.0/16", "2001:db8::/32"))

    issue(crew, through, NewToken(name="same"))
    issue(crew, through, NewToken(name="narrower", networks=("10.20.4.0/24", "2001:db8:1::/48")))

    told = [(entry.values or {})["networks"] for entry in crew.entries("token.issued")[-2:]]
    assert told == [["10.20.0.0/16", "2001:db8::/32"], ["10.20.4.0/24", "2001:db8:1::/48"]]
    for wider in ("10.0.0.0/8", "::/0", "192.0.2.7"):
        with pytest.raises(InvalidInput, match="beyond those of the token that asks"):
            issue(crew, through, NewToken(name="escape", networks=(wider,)))
