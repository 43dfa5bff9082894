"""Collections: whose they are, who sees them, and what is told of their changes."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import event

from catalog.accounts import users
from catalog.accounts.users import UserChange
from catalog.accounts.vocabulary import Role
from catalog.collections import keeping, queries, sharing
from catalog.collections.keeping import CollectionChange
from catalog.collections.sharing import Share, With
from catalog.collections.vocabulary import Access, ShareRole, Whose
from catalog.kernel.actors import Actor
from catalog.kernel.errors import InvalidInput, NotFound, NotPermitted, Stale
from catalog.kernel.paging import Paging, encode_cursor
from tests.crew import Crew
from tests.rooms.collections.keeping import adds, begins, changes, names

EDIT, VIEW = ShareRole.EDIT, ShareRole.VIEW


def titles(crew: Crew, viewer: Actor, whose: Whose | None = None) -> list[str]:
    with crew.view(viewer) as view:
        return [one.title for one in queries.page_collections(view, Paging(), whose).items]


def user(name: str, role: ShareRole = VIEW) -> Share:
    return Share(kind=With.USER, name=name, role=role)


def test_a_new_collection_is_its_owners_alone(crew: Crew) -> None:
    collection_id = begins(crew, "Night market")

    assert titles(crew, crew.artist) == ["Night market"]
    assert titles(crew, crew.supervisor) == []
    with crew.view(crew.supervisor) as view, pytest.raises(NotFound, match="there is no collection") as refused:
        queries.get_collection(view, collection_id)
    assert refused.value.code == "unknown-collection"
    assert crew.entries("collection.")[-1].values == {"title": "Night market"}


@pytest.mark.parametrize("title", ["", "  ", "a" * 201, "a\nb"])
def test_a_collection_has_a_title(crew: Crew, title: str) -> None:
    with crew.work(crew.artist) as work, pytest.raises(InvalidInput, match="title") as refused:
        keeping.create(work, title)

    assert refused.value.code == "bad-title"


def test_a_system_actor_owns_no_collection(crew: Crew) -> None:
    with crew.work() as work, pytest.raises(InvalidInput, match="begin it as a user"):
        keeping.create(work, "Night market")


def test_a_collection_is_shared_with_users_and_groups_by_name(crew: Crew) -> None:
    ann = crew.joins("ann", Role.ARTIST)
    bob = crew.joins("bob", Role.ARTIST, groups=["dawn"])
    collection_id = begins(crew)

    changes(crew, collection_id, shares=(user("ANN", EDIT), Share(kind=With.GROUP, name="Dawn", role=VIEW)))

    assert [titles(crew, one, Whose.SHARED) for one in (ann, bob)] == [["Night market"]] * 2
    assert titles(crew, crew.supervisor) == []
    assert crew.entries("collection.changed")[-1].values == {
        "changes": {"shares": [[], ["user:ann:edit", "group:dawn:view"]]}
    }


def test_what_the_studio_may_see_everybody_sees(crew: Crew) -> None:
    collection_id = begins(crew)

    changes(crew, collection_id, studio=VIEW)

    assert titles(crew, crew.viewer, Whose.STUDIO) == ["Night market"]
    assert titles(crew, crew.artist, Whose.STUDIO) == []
    assert titles(crew, crew.artist, Whose.MINE) == ["Night market"]


def test_who_may_edit_changes_words_and_items_but_not_who_sees_it(crew: Crew) -> None:
    crew.registers("prp_lamp")
    ann = crew.joins("ann", Role.ARTIST)
    collection_id = begins(crew)
    changes(crew, collection_id, shares=(user("ann", EDIT),))

    changes(crew, collection_id, by=ann, title="Night market, wet")
    adds(crew, collection_id, "prp_lamp", by=ann)

    assert titles(crew, ann) == ["Night market, wet"]
    assert names(crew, collection_id) == ["prp_lamp"]
    beyond: list[dict[str, Any]] = [{"studio": VIEW}, {"owner": "ann"}, {"shares": ()}]
    for said in beyond:
        with pytest.raises(NotPermitted, match="is shared with ann to edit; its owner may do that"):
            changes(crew, collection_id, by=ann, **said)


def test_who_may_only_look_is_told_whom_to_ask(crew: Crew) -> None:
    crew.registers("prp_lamp")
    collection_id = begins(crew)
    changes(crew, collection_id, studio=VIEW)

    with pytest.raises(NotPermitted, match="is shared with sue to view; ask its owner to let you edit it") as refused:
        adds(crew, collection_id, "prp_lamp", by=crew.supervisor)

    assert refused.value.code == "not-yours"


def test_the_widest_of_several_shares_counts(crew: Crew) -> None:
    bob = crew.joins("bob", Role.ARTIST, groups=["dawn"])
    collection_id = begins(crew)
    changes(crew, collection_id, shares=(user("bob"), Share(kind=With.GROUP, name="dawn", role=EDIT)), studio=VIEW)

    with crew.view(bob) as view:
        collection = queries.get_collection(view, collection_id)
        assert queries.access_to(view, [collection])[collection.id] is Access.EDIT


def test_a_collection_is_handed_over_and_its_old_owner_goes_on_editing(crew: Crew) -> None:
    ann = crew.joins("ann", Role.ARTIST)
    collection_id = begins(crew)
    changes(crew, collection_id, shares=(user("ann"),))

    changes(crew, collection_id, owner="Ann")
    changes(crew, collection_id, description="Mine no more.")

    assert titles(crew, ann, Whose.MINE) == ["Night market"]
    assert titles(crew, crew.artist, Whose.SHARED) == ["Night market"]
    with pytest.raises(NotPermitted):
        changes(crew, collection_id, owner="art")
    handed = crew.entries("collection.changed")[-2].values
    assert handed == {"changes": {"owner": ["art", "ann"], "shares": [["user:ann:view"], ["user:art:edit"]]}}


def test_whoever_manages_accounts_hands_over_what_somebody_left(crew: Crew) -> None:
    ann = crew.joins("ann", Role.ARTIST)
    collection_id = begins(crew)

    changes(crew, collection_id, by=crew.admin, owner="ann")

    assert titles(crew, ann, Whose.MINE) == ["Night market"]
    with pytest.raises(NotPermitted):
        changes(crew, collection_id, by=crew.licensing, owner="lia")


@pytest.mark.parametrize(
    "said, code",
    [
        ({"shares": (user("nobody"),)}, "unknown-user"),
        ({"shares": (Share(kind=With.GROUP, name="nobody", role=VIEW),)}, "unknown-group"),
        ({"shares": (user("art"),)}, "bad-share"),
        ({"shares": (user("vic"), user("VIC", EDIT))}, "bad-share"),
        ({"shares": tuple(user(f"user-{number}") for number in range(201))}, "too-many-shares"),
        ({"owner": "nobody"}, "unknown-user"),
    ],
)
def test_a_share_names_somebody_once(crew: Crew, said: dict[str, Any], code: str) -> None:
    _ = crew.viewer
    collection_id = begins(crew)

    with pytest.raises(InvalidInput) as refused:
        changes(crew, collection_id, **said)

    assert refused.value.code == code


def test_changing_nothing_leaves_no_entry(crew: Crew) -> None:
    ann = crew.joins("ann", Role.ARTIST)
    collection_id = begins(crew)
    changes(crew, collection_id, shares=(user("ann"),))

    changes(crew, collection_id, title="Night market", shares=(user("ANN"),), owner="art")

    assert crew.types("collection.changed") == ["collection.changed/1"]
    assert titles(crew, ann) == ["Night market"]


def test_two_who_read_the_same_cannot_both_change_it(crew: Crew) -> None:
    collection_id = begins(crew)

    refused = crew.overlaps(
        lambda work: keeping.change(work, collection_id, CollectionChange(title="a"), if_revision=1),
        lambda work: keeping.change(work, collection_id, CollectionChange(title="b"), if_revision=1),
        by=crew.artist,
    )

    assert isinstance(refused, Stale)
    assert "the collection “a” was changed since you read it" in refused.message


def test_a_removed_collection_is_there_for_nobody(crew: Crew) -> None:
    collection_id = begins(crew)
    changes(crew, collection_id, studio=EDIT)

    with pytest.raises(NotPermitted), crew.work(crew.supervisor) as work:
        keeping.remove(work, collection_id)
    with crew.work(crew.artist) as work:
        keeping.remove(work, collection_id)

    assert [titles(crew, one) for one in (crew.artist, crew.admin)] == [[], []]
    assert crew.entries("collection.")[-1].values == {"title": "Night market"}
    with pytest.raises(NotFound):
        changes(crew, collection_id, title="again")


def test_those_who_audit_see_every_collection(crew: Crew) -> None:
    begins(crew)

    assert titles(crew, crew.licensing) == ["Night market"]
    assert [titles(crew, crew.licensing, whose) for whose in Whose] == [[], [], []]


def test_collections_come_in_pages_the_last_changed_first(crew: Crew) -> None:
    crew.registers("prp_lamp")
    first, _, _ = (begins(crew, title) for title in ("a", "b", "c"))

    adds(crew, first, "prp_lamp")

    with crew.view(crew.artist) as view:
        page = queries.page_collections(view, Paging(limit=2))
        rest = queries.page_collections(view, Paging(limit=2, cursor=page.next_cursor))
    assert [one.title for one in (*page.items, *rest.items)] == ["a", "c", "b"]
    assert rest.next_cursor is None


def test_a_cursor_from_beyond_time_is_refused(crew: Crew) -> None:
    cursor = encode_cursor([2**62, "x"])

    with crew.view(crew.artist) as view, pytest.raises(InvalidInput) as refused:
        queries.page_collections(view, Paging(cursor=cursor))

    assert refused.value.code == "bad-cursor"


def test_where_one_added_last_comes_first_among_those_to_fill(crew: Crew) -> None:
    crew.registers("prp_lamp")
    ids = {title: begins(crew, title) for title in ("a", "b", "c")}
    theirs = begins(crew, "theirs", by=crew.supervisor)
    changes(crew, theirs, by=crew.supervisor, studio=EDIT)
    changes(crew, begins(crew, "only to see", by=crew.supervisor), by=crew.supervisor, studio=VIEW)
    adds(crew, ids["b"], "prp_lamp")
    adds(crew, ids["a"], "prp_lamp")

    with crew.view(crew.artist) as view:
        found = [one.title for one in queries.collections_to_fill(view)]

    assert found == ["a", "b", "theirs", "c"]


def test_whoever_was_disabled_may_stay_among_the_shares_but_is_not_added(crew: Crew) -> None:
    collection_id, other = begins(crew), begins(crew)
    crew.joins("ann", Role.ARTIST)
    crew.joins("bob", Role.ARTIST)
    changes(crew, collection_id, shares=(user("bob", EDIT),))
    with crew.work() as work:
        users.change_user(work, "bob", UserChange(active=False))

    changes(crew, collection_id, shares=(user("ann"), user("BOB")))
    with pytest.raises(InvalidInput, match="shares name no user we know: bob"):
        changes(crew, other, shares=(user("bob"),))

    with crew.view(crew.artist) as view:
        told = sharing.told(view, [queries.get_collection(view, collection_id)])[collection_id]
    assert [str(share) for share in told] == ["user:ann:view", "user:bob:view"]


def test_a_collection_is_handed_over_to_nobody_who_could_not_change_it(crew: Crew) -> None:
    collection_id = begins(crew)

    with pytest.raises(InvalidInput, match="owner vic may not 'collect'") as refused:
        changes(crew, collection_id, owner=crew.viewer.name)

    assert refused.value.code == "unfit-owner"
    assert titles(crew, crew.artist, Whose.MINE) == ["Night market"]


def test_a_listing_asks_no_more_for_many_collections_but_for_their_first_items(crew: Crew) -> None:
    crew.publishes("prp_a")
    for _ in range(2):
        begins(crew, "Shelf", "prp_a")

    def asked() -> int:
        statements: list[str] = []

        def note(_c: object, _k: object, statement: str, *_rest: object) -> None:
            statements.append(statement)

        with crew.view(crew.artist) as view:
            collections = queries.page_collections(view, Paging()).items
            event.listen(crew.desk.engine, "before_cursor_execute", note)
            queries.covers_of(view, collections)
            event.remove(crew.desk.engine, "before_cursor_execute", note)
        return len(statements)

    few = asked()
    for _ in range(10):
        begins(crew, "Shelf", "prp_a")

    assert asked() == few + 10
