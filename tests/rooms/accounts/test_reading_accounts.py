"""Reading accounts: all for those who manage them, for others what is their own."""

import pytest

from catalog.accounts import queries, tokens
from catalog.accounts.tokens import NewToken
from catalog.accounts.vocabulary import Role
from catalog.kernel.errors import NotFound, NotPermitted
from catalog.kernel.ids import new_id
from catalog.kernel.paging import Paging
from tests.crew import Crew


def token_of(crew: Crew, login: str) -> None:
    with crew.work() as work:
        tokens.issue_token(work, NewToken(name=f"{login}'s", login=login))


def test_administrators_read_users_by_login_in_pages(crew: Crew) -> None:
    for login in ("Zoe", "ann", "Ben"):
        crew.joins(login, groups=["orion"])

    with crew.view(crew.admin) as view:
        first = queries.page_users(view, Paging(limit=3))
        second = queries.page_users(view, Paging(limit=3, cursor=first.next_cursor))

        assert [user.login for user in first.items] == ["ada", "ann", "Ben"]
        assert [user.login for user in second.items] == ["Zoe"]
        assert first.items[1].memberships[0].group.code == "orion"


def test_others_do_not_read_the_list_of_users(crew: Crew) -> None:
    with crew.view(crew.supervisor) as view, pytest.raises(NotPermitted):
        queries.page_users(view, Paging())


def test_everybody_reads_themselves_and_nobody_else(crew: Crew) -> None:
    crew.joins("ann")

    with crew.view(crew.viewer) as view:
        assert queries.get_user(view, "VIC").login == "vic"
        with pytest.raises(NotFound, match="there is no user 'ann'") as hidden:
            queries.get_user(view, "ann")
        with pytest.raises(NotFound) as absent:
            queries.get_user(view, "nobody")
    assert hidden.value.code == absent.value.code == "unknown-user"


def test_members_read_their_own_groups(crew: Crew) -> None:
    ann = crew.joins("ann", groups=["orion", "lyra"])
    crew.has_group("vega")

    with crew.view(ann) as view:
        page = queries.page_groups(view, Paging(limit=1))
        rest = queries.page_groups(view, Paging(limit=1, cursor=page.next_cursor))

        assert [group.code for group in (*page.items, *rest.items)] == ["lyra", "orion"]
        assert [one.user.login for one in queries.get_group(view, "Orion").memberships] == ["ann"]
        with pytest.raises(NotFound, match="there is no group 'vega'"):
            queries.get_group(view, "vega")


def test_administrators_read_every_group(crew: Crew) -> None:
    crew.has_group("vega")
    crew.has_group("orion")

    with crew.view(crew.admin) as view:
        assert [group.code for group in queries.page_groups(view, Paging()).items] == ["orion", "vega"]


def test_everybody_reads_their_own_tokens_newest_first(crew: Crew) -> None:
    ann = crew.joins("ann", Role.ARTIST)
    for login in ("ann", crew.admin.name, "ann"):
        token_of(crew, login)

    with crew.view(ann) as view:
        first = queries.page_tokens(view, Paging(limit=1))
        second = queries.page_tokens(view, Paging(limit=1, cursor=first.next_cursor))

        assert [token.user.login for token in (*first.items, *second.items)] == ["ann", "ann"]
        assert first.items[0].id > second.items[0].id
        assert second.next_cursor is None


def test_administrators_read_every_token(crew: Crew) -> None:
    crew.joins("ann", Role.ARTIST)
    token_of(crew, "ann")
    token_of(crew, crew.admin.name)

    with crew.view(crew.admin) as view:
        assert [token.name for token in queries.page_tokens(view, Paging()).items] == ["ada's", "ann's"]


def test_people_are_named_to_everybody(crew: Crew) -> None:
    ann, nobody = crew.joins("ann"), new_id()

    with crew.view(crew.viewer) as view:
        assert queries.logins_of(view, [ann.id, nobody, ann.id]) == {ann.id: "ann"}
