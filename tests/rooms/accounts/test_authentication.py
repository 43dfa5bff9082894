"""From a secret to an actor."""

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import select

from catalog.accounts import tokens, users
from catalog.accounts.authentication import actor_of_session, actor_of_token, note_use, recognize
from catalog.accounts.models import Token, User
from catalog.accounts.standing import actor_again, kept_of
from catalog.accounts.tokens import NewToken
from catalog.accounts.vocabulary import ROLE_ABILITIES, Role, abilities_of
from catalog.assets.queries import page_versions
from catalog.kernel import clock
from catalog.kernel.abilities import Ability
from catalog.kernel.actors import Actor
from catalog.kernel.errors import NotFound, NotPermitted, NotSignedIn
from catalog.kernel.ids import new_id
from catalog.kernel.paging import Paging
from tests.crew import Crew, stored


def token_for(crew: Crew, login: str, **fields: object) -> str:
    with crew.work(crew.admin) as work:
        return tokens.issue_token(work, NewToken(name="a token", login=login, **fields)).secret  # type: ignore[arg-type]  # named


def farm_token(crew: Crew) -> str:
    """A service token of a pipeline account, as a render farm holds one."""
    crew.joins("farm", Role.PIPELINE)
    return token_for(crew, "farm", service=True)


def acting_for(crew: Crew, secret: str, login: str, **context: str) -> Actor:
    with crew.desk.read() as session:
        return actor_of_token(session, secret, clock.now(), on_behalf_of=login, context=context)


@pytest.mark.parametrize("secret", ["", "rpr_", "rpr_" + "x" * 43, "Bearer", "邓丽君", "' OR 1=1 --"])
def test_a_secret_that_is_none_opens_nothing(crew: Crew, secret: str) -> None:
    token_for(crew, crew.artist.name)

    with crew.desk.read() as session, pytest.raises(NotSignedIn, match="unknown or was revoked"):
        actor_of_token(session, secret, clock.now())


def test_a_token_ends_on_its_day(crew: Crew) -> None:
    secret = token_for(crew, crew.artist.name, days=2)
    begun = clock.now()

    with crew.desk.read() as session:
        assert actor_of_token(session, secret, begun + timedelta(days=1, hours=23)).name == "art"
        with pytest.raises(NotSignedIn, match=r"token 'a token' expired at .* UTC; make a new one"):
            actor_of_token(session, secret, begun + timedelta(days=2, minutes=1))


def test_the_token_of_a_disabled_user_opens_nothing(crew: Crew) -> None:
    secret = token_for(crew, crew.artist.name)
    with crew.work(crew.admin) as work:
        users.change_user(work, "art", users.UserChange(active=False))

    with crew.desk.read() as session, pytest.raises(NotSignedIn):
        actor_of_token(session, secret, clock.now())


def test_an_actor_brings_the_groups_of_the_user(crew: Crew) -> None:
    crew.joins("ann", Role.ARTIST, groups=["orion", "lyra"])
    secret = token_for(crew, "ann")

    with crew.desk.read() as session:
        actor = actor_of_token(session, secret, clock.now())

    assert actor.groups == crew.actor("ann").groups
    assert len(actor.groups) == 2


def test_a_service_acts_for_a_user_with_that_users_abilities_and_groups(crew: Crew) -> None:
    ann = crew.joins("Ann", Role.ARTIST, groups=["orion"])
    secret = farm_token(crew)

    actor = acting_for(crew, secret, "ann", show="orion", job="4711")

    assert (actor.name, actor.through, actor.on_behalf_of) == ("farm", "a token", "Ann")
    assert actor.context == (("job", "4711"), ("show", "orion"))
    assert actor.groups == ann.groups
    assert actor.abilities == ROLE_ABILITIES[Role.ARTIST]


def test_a_service_that_acts_for_an_administrator_is_not_wider_than_its_own_token(crew: Crew) -> None:
    secret = farm_token(crew)

    actor = acting_for(crew, secret, crew.admin.name)

    assert Ability.MANAGE_ACCOUNTS not in actor.abilities
    assert actor.abilities == ROLE_ABILITIES[Role.PIPELINE]


def test_a_service_that_acts_for_a_viewer_may_only_look(crew: Crew) -> None:
    secret = farm_token(crew)

    assert acting_for(crew, secret, crew.viewer.name).abilities == {Ability.BROWSE}


def test_an_ordinary_token_acts_for_nobody_else(crew: Crew) -> None:
    secret = token_for(crew, crew.admin.name)

    with pytest.raises(NotPermitted, match="may not act for 'vic'; it is not a service token"):
        acting_for(crew, secret, crew.viewer.name)


@pytest.mark.parametrize("login", ["nobody", "ann"])
def test_a_service_acts_for_active_users_only(crew: Crew, login: str) -> None:
    crew.joins("ann")
    with crew.work(crew.admin) as work:
        users.change_user(work, "ann", users.UserChange(active=False))

    with pytest.raises(NotPermitted, match=f"there is no active user '{login}' to act for"):
        acting_for(crew, farm_token(crew), login)


def test_the_ledger_names_the_service_and_whom_it_acted_for(crew: Crew) -> None:
    crew.joins("ann", Role.ARTIST)
    actor = acting_for(crew, farm_token(crew), "ann", job="4711")

    crew.registers("prp_chair", by=actor)

    said = crew.entries("asset.")[-1].actor
    assert (said["name"], said["through"], said["on_behalf_of"]) == ("farm", "a token", "ann")
    assert said["context"] == {"job": "4711"}


@pytest.mark.parametrize("minutes, stale", [(0, False), (5, False), (6, True)])
def test_the_last_use_of_a_token_is_kept_to_within_five_minutes(crew: Crew, minutes: int, *, stale: bool) -> None:
    secret, noon = token_for(crew, crew.artist.name), clock.now()
    with crew.desk.bookkeeping() as session:
        note_use(session, secret, noon)

    with crew.desk.read() as session:
        recognized = recognize(session, secret, noon + timedelta(minutes=minutes))

    assert (recognized.actor.name, recognized.use_is_stale) == ("art", stale)


def test_a_token_that_was_never_used_is_worth_noting(crew: Crew) -> None:
    secret = token_for(crew, crew.artist.name)

    with crew.desk.read() as session:
        assert recognize(session, secret, clock.now()).use_is_stale


def test_a_web_session_is_its_users(crew: Crew) -> None:
    with crew.desk.read() as session:
        assert actor_of_session(session, crew.artist.id, 0) == replace(crew.artist)


@pytest.mark.parametrize("epoch", [1, -1])
def test_a_web_session_of_another_epoch_has_ended(crew: Crew, epoch: int) -> None:
    with crew.desk.read() as session, pytest.raises(NotSignedIn, match="your session has ended"):
        actor_of_session(session, crew.artist.id, epoch)


def test_a_web_session_of_nobody_has_ended(crew: Crew) -> None:
    with crew.desk.read() as session, pytest.raises(NotSignedIn):
        actor_of_session(session, new_id(), 0)


def test_a_viewer_may_only_look() -> None:
    assert abilities_of(["viewer"]) == {Ability.BROWSE}


def test_an_administrator_may_everything() -> None:
    assert abilities_of(["admin"]) == frozenset(Ability)


def test_several_roles_may_what_each_of_them_may() -> None:
    both = abilities_of(["licensing", "supervisor"])

    assert both == ROLE_ABILITIES[Role.LICENSING] | ROLE_ABILITIES[Role.SUPERVISOR]
    assert abilities_of([]) == frozenset()


@pytest.mark.parametrize("role", Role)
def test_every_role_may_at_least_what_a_viewer_may(role: Role) -> None:
    assert ROLE_ABILITIES[role] >= ROLE_ABILITIES[Role.VIEWER]


def test_what_a_service_drafts_for_one_person_is_that_persons_own(crew: Crew) -> None:
    crew.registers("prp_chair")
    crew.joins("ann", Role.ARTIST)
    crew.joins("ben", Role.ARTIST)
    secret = farm_token(crew)

    crew.drafts("prp_chair", stored("a.usd", b"a"), by=acting_for(crew, secret, "ann"))

    def drafts_seen_by(viewer: Actor) -> list[int]:
        with crew.view(viewer) as view:
            return [version.number for version in page_versions(view, "prp_chair", Paging()).items]

    assert drafts_seen_by(acting_for(crew, secret, "ann")) == drafts_seen_by(crew.actor("ann")) == [1]
    assert drafts_seen_by(acting_for(crew, secret, "ben")) == drafts_seen_by(crew.actor("farm")) == []


def test_no_token_is_made_or_revoked_on_somebodys_behalf(crew: Crew) -> None:
    crew.joins("ann", Role.ARTIST)
    actor = acting_for(crew, farm_token(crew), "ann")

    with crew.work(actor) as work, pytest.raises(NotPermitted):
        tokens.issue_token(work, NewToken(name="x"))
    with crew.work(actor) as work, pytest.raises((NotFound, NotPermitted)):
        tokens.revoke_token(work, id_of_farm_token(crew))


def id_of_farm_token(crew: Crew) -> UUID:
    with crew.desk.read() as session:
        return session.scalars(select(Token.id)).one()


@pytest.mark.parametrize(
    "address, admitted",
    [
        ("10.20.0.1", True),
        ("::ffff:10.20.0.1", True),
        ("2001:db8::7", True),
        ("10.21.0.1", False),
        ("2001:db9::7", False),
        ("", False),
        ("somewhere", False),
        (None, False),
    ],
)
def test_a_limited_token_opens_from_its_networks_alone(crew: Crew, address: str | None, *, admitted: bool) -> None:
    secret = token_for(crew, crew.artist.name, networks=("10.20.0.0/16", "2001:db8::/32"))

    with crew.desk.read() as session:
        try:
            found = actor_of_token(session, secret, clock.now(), address=address).name
        except NotPermitted as refused:
            found = refused.code

    assert found == ("art" if admitted else "outside-network")


def test_a_refusal_for_its_network_does_not_tell_where_a_token_would_open(crew: Crew) -> None:
    secret = token_for(crew, crew.artist.name, networks=("10.20.0.0/16",))

    with crew.desk.read() as session, pytest.raises(NotPermitted, match="use it where it belongs, or make") as refused:
        actor_of_token(session, secret, clock.now(), address="192.0.2.7")

    assert "10.20" not in refused.value.message
    assert not refused.value.details


def test_a_limited_service_token_serves_from_its_networks_alone(crew: Crew) -> None:
    crew.joins("ann", Role.ARTIST)
    crew.joins("farm", Role.PIPELINE)
    secret = token_for(crew, "farm", service=True, networks=("10.20.0.0/16",))

    with crew.desk.read() as session:
        actor = actor_of_token(session, secret, clock.now(), address="10.20.0.1", on_behalf_of="ann")
        with pytest.raises(NotPermitted, match="limited to networks"):
            actor_of_token(session, secret, clock.now(), address="10.21.0.1", on_behalf_of="ann")

    assert (actor.on_behalf_of, actor.networks) == ("ann", ("10.20.0.0/16",))


def test_the_use_of_a_token_is_a_sight_of_its_user_alone(crew: Crew) -> None:
    crew.joins("ann", Role.ARTIST)
    secret, noon = token_for(crew, "ann"), clock.now()

    with crew.desk.bookkeeping() as session:
        note_use(session, secret, noon)
        note_use(session, "rpr_of nobody", noon)

    with crew.desk.read() as session:
        seen = session.scalars(select(User.login).where(User.last_seen_at == noon)).all()
    assert seen == ["ann"]


@pytest.mark.parametrize(
    "address, kept",
    [("10.20.0.1", "10.20.0.1"), ("::ffff:10.20.0.1", "10.20.0.1"), ("2001:DB8::1", "2001:db8::1"), ("unknown", None)],
)
def test_from_where_a_token_was_last_used_is_kept_where_it_is_an_address(
    crew: Crew, address: str, kept: str | None
) -> None:
    secret = token_for(crew, crew.artist.name)

    with crew.desk.bookkeeping() as session:
        note_use(session, secret, clock.now(), address=address)

    with crew.desk.read() as session:
        assert session.scalars(select(Token.last_used_from)).all() == [kept]


def test_whoever_acts_later_is_known_by_the_token_with_which_they_asked(crew: Crew) -> None:
    actor = replace(crew.artist, through="farm", token_id=UUID("019308a4-9ab9-7c3e-8f67-3b6f0c4a2d11"))

    with crew.desk.read() as session:
        again = actor_again(session, kept_of(actor))

    assert again == actor
