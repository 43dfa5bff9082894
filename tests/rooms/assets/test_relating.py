"""Relations: an asset contains another or was made from it, and never, over however many, from itself."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import pairwise
from typing import TypeVar

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, delete, event, func, select

from catalog.accounts.vocabulary import Role
from catalog.assets import queries, relating
from catalog.assets.models import Relation
from catalog.assets.relating import Related
from catalog.assets.vocabulary import RelationKind
from catalog.kernel.actors import Actor
from catalog.kernel.errors import Conflict, InvalidInput, NotFound, NotPermitted
from catalog.kernel.ids import new_id
from catalog.kernel.paging import LIMIT_MAX, Page, Paging
from tests.crew import OPERATOR, Crew

T = TypeVar("T")
CONTAINS, DERIVATION, VARIANT = RelationKind.CONTAINS, RelationKind.DERIVATION, RelationKind.VARIANT
ALTERNATIVE = RelationKind.ALTERNATIVE


def relate(
    crew: Crew,
    source: str,
    target: str,
    kind: RelationKind = CONTAINS,
    *,
    count: int | None = None,
    by: Actor = OPERATOR,
) -> None:
    with crew.work(by) as work:
        relating.relate(work, source, kind, target, count)


def chain(crew: Crew, *codes: str) -> None:
    """Register assets of which each contains the next."""
    crew.registers(*codes)
    for source, target in pairwise(codes):
        relate(crew, source, target)


def relations(crew: Crew, code: str, viewer: Actor = OPERATOR) -> list[Related]:
    with crew.view(viewer) as view:
        return list(relating.relations_of(view, queries.get_asset(view, code), Paging(limit=LIMIT_MAX)).items)


def users(crew: Crew, code: str, viewer: Actor = OPERATOR, depth: int = 64) -> list[tuple[str, int]]:
    with crew.view(viewer) as view:
        page = relating.where_used(view, queries.get_asset(view, code), Paging(limit=LIMIT_MAX), depth=depth)
        return [(one.asset.code, one.depth) for one in page.items]


def test_a_relation_is_read_from_both_ends(crew: Crew) -> None:
    crew.registers("env_room", "prp_chair")

    relate(crew, "env_room", "prp_chair", count=4)

    for code in ("env_room", "prp_chair"):
        (related,) = relations(crew, code)
        assert (related.source.code, related.kind, related.target.code) == ("env_room", CONTAINS, "prp_chair")
        assert (related.number, related.count) == (None, 4)


def test_a_relation_is_told_with_both_ends(crew: Crew) -> None:
    room, chair = crew.registers("env_room", "prp_chair")

    relate(crew, "env_room", "prp_chair", count=4)

    entry = crew.entries("asset.related")[-1]
    assert entry.subjects == (("asset", room), ("target", chair))
    assert entry.values == {"kind": "contains", "number": None, "count": 4}


def test_a_relation_may_be_to_one_version(crew: Crew) -> None:
    crew.registers("env_room")
    crew.publishes("prp_chair")

    relate(crew, "env_room", "prp_chair@1", DERIVATION)

    assert relations(crew, "env_room")[0].number == 1


def test_a_version_that_is_not_there_is_refused(crew: Crew) -> None:
    crew.registers("env_room")
    crew.publishes("prp_chair")

    with pytest.raises(NotFound, match="prp_chair has no version 7"):
        relate(crew, "env_room", "prp_chair@7")


def test_saying_the_same_twice_is_told_once(crew: Crew) -> None:
    crew.registers("env_room", "prp_chair")

    for _ in range(2):
        relate(crew, "env_room", "prp_chair", count=2)

    assert len(relations(crew, "env_room")) == 1
    assert crew.types("asset.related") == ["asset.related/1"]


def test_another_count_of_the_same_takes_the_place_of_the_first(crew: Crew) -> None:
    crew.registers("env_room", "prp_chair")
    relate(crew, "env_room", "prp_chair", count=2)

    relate(crew, "env_room", "prp_chair", count=3)

    assert [one.count for one in relations(crew, "env_room")] == [3]
    assert [entry.values and entry.values["count"] for entry in crew.entries("asset.related")] == [2, 3]


def test_two_assets_may_be_related_in_several_ways(crew: Crew) -> None:
    crew.registers("prp_a", "prp_b")

    for kind in RelationKind:
        relate(crew, "prp_a", "prp_b", kind)

    assert {one.kind for one in relations(crew, "prp_b")} == set(RelationKind)


@pytest.mark.parametrize("kind, count", [(CONTAINS, 0), (CONTAINS, -1), (DERIVATION, 1), (VARIANT, 2)])
def test_a_count_that_means_nothing_is_refused(crew: Crew, kind: RelationKind, count: int) -> None:
    crew.registers("env_room", "prp_chair")

    with pytest.raises(InvalidInput, match=f"count {count} is for contains, and at least 1") as refused:
        relate(crew, "env_room", "prp_chair", kind, count=count)

    assert refused.value.code == "bad-count"


def test_an_asset_is_not_part_of_itself(crew: Crew) -> None:
    crew.registers("prp_a")

    with pytest.raises(Conflict, match="this would close a cycle: prp_a > prp_a") as refused:
        relate(crew, "prp_a", "PRP_A")

    assert refused.value.code == "cycle"


@pytest.mark.parametrize("length", [2, 3, 9])
def test_a_cycle_of_any_length_is_refused_with_its_path(crew: Crew, length: int) -> None:
    codes = [f"prp_{number}" for number in range(length)]
    chain(crew, *codes)

    with pytest.raises(Conflict) as refused:
        relate(crew, codes[-1], codes[0])

    path = " > ".join([codes[-1], *codes])
    assert refused.value.message == f"this would close a cycle: {path}; an asset cannot be part of itself"


def test_a_cycle_through_relations_of_several_kinds_is_one(crew: Crew) -> None:
    crew.registers("prp_a", "prp_b", "prp_c")
    relate(crew, "prp_a", "prp_b", CONTAINS)
    relate(crew, "prp_b", "prp_c", DERIVATION)

    with pytest.raises(Conflict, match="prp_c > prp_a > prp_b > prp_c"):
        relate(crew, "prp_c", "prp_a", VARIANT)


def test_assets_that_share_a_part_close_no_cycle(crew: Crew) -> None:
    crew.registers("prp_a", "prp_b", "prp_c", "prp_d")

    for source, target in (("prp_a", "prp_b"), ("prp_a", "prp_c"), ("prp_b", "prp_d"), ("prp_c", "prp_d")):
        relate(crew, source, target)

    assert users(crew, "prp_d") == [("prp_b", 1), ("prp_c", 1), ("prp_a", 2)]


def test_what_is_hidden_in_a_cycle_stays_unnamed(crew: Crew) -> None:
    crew.has_group("orion")
    crew.registers("prp_a", "prp_c")
    crew.registers("prp_hidden", audience=("orion",))
    relate(crew, "prp_a", "prp_hidden")
    relate(crew, "prp_hidden", "prp_c")

    with pytest.raises(Conflict) as refused:
        relate(crew, "prp_c", "prp_a", by=crew.artist)

    assert "this would close a cycle: prp_c > prp_a > … > prp_c;" in refused.value.message


def test_two_relations_that_close_a_cycle_only_together_do_not_pass_each_other(crew: Crew) -> None:
    crew.registers("prp_a", "prp_b")

    refused = crew.overlaps(
        lambda work: relating.relate(work, "prp_a", CONTAINS, "prp_b"),
        lambda work: relating.relate(work, "prp_b", CONTAINS, "prp_a"),
    )

    assert isinstance(refused, Conflict)
    assert refused.code == "cycle"
    assert len(relations(crew, "prp_a")) == 1


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.integers(0, 5), st.integers(0, 5)), min_size=4, max_size=16))
def test_whatever_is_said_nothing_ever_depends_on_itself(six_assets: Crew, pairs: list[tuple[int, int]]) -> None:
    with six_assets.desk.bookkeeping() as session:
        session.execute(delete(Relation))

    refused = 0
    for source, target in pairs:
        try:
            relate(six_assets, f"prp_{source}", f"prp_{target}")
        except Conflict:
            refused += 1

    for number in range(6):
        assert f"prp_{number}" not in [code for code, _ in users(six_assets, f"prp_{number}")]
    with six_assets.desk.read() as session:
        assert session.scalar(select(func.count()).select_from(Relation)) == len(set(pairs)) - _closed(pairs)
    assert refused >= _closed(pairs)


@pytest.fixture
def six_assets(crew: Crew) -> Crew:
    crew.registers(*(f"prp_{number}" for number in range(6)))
    return crew


def _closed(pairs: list[tuple[int, int]]) -> int:
    """How many different pairs cannot be said in this order, counted the slow and simple way."""
    below: dict[int, set[int]] = {number: {number} for number in range(6)}
    said: set[tuple[int, int]] = set()
    closing: set[tuple[int, int]] = set()
    for source, target in pairs:
        if source in below[target]:
            closing.add((source, target))
            continue
        said.add((source, target))
        for reached in below.values():
            reached.update(below[target] if source in reached else ())
    return len(closing)


def test_a_relation_can_be_taken_back(crew: Crew) -> None:
    chain(crew, "prp_a", "prp_b")
    (related,) = relations(crew, "prp_a")

    with crew.work(crew.artist) as work:
        relating.unrelate(work, "prp_a", related.id)

    assert relations(crew, "prp_a") == []
    assert crew.entries("asset.unrelated")[-1].values == {"kind": "contains", "number": None}
    relate(crew, "prp_b", "prp_a")


def test_a_relation_is_taken_back_from_its_source_only(crew: Crew) -> None:
    chain(crew, "prp_a", "prp_b")
    (related,) = relations(crew, "prp_a")

    for code, relation_id in (("prp_b", related.id), ("prp_a", new_id())):
        with crew.work(crew.artist) as work, pytest.raises(NotFound, match=f"{code} has no relation") as refused:
            relating.unrelate(work, code, relation_id)
        assert refused.value.code == "unknown-relation"


def test_where_an_asset_is_used_is_told_nearest_first(crew: Crew) -> None:
    chain(crew, "env_city", "env_street", "veh_van", "mat_paint")
    crew.registers("veh_bus")
    relate(crew, "veh_bus", "mat_paint", DERIVATION)

    assert users(crew, "mat_paint") == [("veh_bus", 1), ("veh_van", 1), ("env_street", 2), ("env_city", 3)]
    assert users(crew, "env_city") == []


def test_each_user_is_told_once_by_its_shortest_way(crew: Crew) -> None:
    chain(crew, "env_city", "env_street", "veh_van")
    relate(crew, "env_city", "veh_van", DERIVATION)

    with crew.view() as view:
        found = relating.where_used(view, queries.get_asset(view, "veh_van"), Paging())

    assert [(one.asset.code, one.depth, one.kind) for one in found.items] == [
        ("env_city", 1, DERIVATION),
        ("env_street", 1, CONTAINS),
    ]


def test_an_alternative_uses_nothing_and_stands_beside_what_it_is_one_to(crew: Crew) -> None:
    chain(crew, "env_street", "veh_van")
    crew.registers("veh_bus")
    relate(crew, "veh_bus", "veh_van", ALTERNATIVE)

    with crew.view() as view:
        beside = relating.relations_of(view, queries.get_asset(view, "veh_van"), Paging(), outgoing=True)

    assert users(crew, "veh_van") == [("env_street", 1)]
    assert [(one.source.code, one.kind) for one in beside.items] == [("veh_bus", ALTERNATIVE)]


def test_a_chain_of_sixty_four_is_followed_to_its_end(crew: Crew) -> None:
    codes = [f"prp_{number:02}" for number in range(66)]
    chain(crew, *codes)

    found = users(crew, codes[-1])

    assert len(found) == 64
    assert (found[0], found[-1]) == (("prp_64", 1), ("prp_01", 64))


def test_users_at_any_distance_are_found_by_one_query_and_counted_by_another(crew: Crew) -> None:
    codes = [f"prp_{number:02}" for number in range(40)]
    chain(crew, *codes)
    statements: list[str] = []

    with crew.view() as view:
        asset = queries.get_asset(view, codes[-1])
        with asked(crew.desk.engine, statements):
            page = relating.where_used(view, asset, Paging(limit=LIMIT_MAX))

    assert (len(page.items), page.total) == (39, 39)
    assert len(statements) == 2


@contextmanager
def asked(engine: Engine, statements: list[str]) -> Iterator[None]:
    """Write down what the database is asked while the block runs."""

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        statements.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    try:
        yield
    finally:
        event.remove(engine, "before_cursor_execute", note)


def paged(read: Callable[[Paging], Page[T]], limit: int) -> list[tuple[T, ...]]:
    """Read a listing page by page."""
    page = read(Paging(limit=limit))
    pages = [page.items]
    while page.next_cursor:
        page = read(Paging(limit=limit, cursor=page.next_cursor))
        pages.append(page.items)
    return pages


def test_users_are_told_page_by_page_and_counted_whole(crew: Crew) -> None:
    chain(crew, "env_city", "env_street", "veh_van", "mat_paint")
    crew.registers("veh_bus")
    relate(crew, "veh_bus", "mat_paint")

    with crew.view() as view:
        paint = queries.get_asset(view, "mat_paint")
        pages = paged(lambda paging: relating.where_used(view, paint, paging), 2)
        total = relating.where_used(view, paint, Paging(limit=1)).total

    assert [[one.asset.code for one in page] for page in pages] == [["veh_bus", "veh_van"], ["env_street", "env_city"]]
    assert total == 4


def test_relations_are_told_page_by_page_and_counted_as_far_as_they_are_visible(crew: Crew) -> None:
    ann = crew.joins("ann", Role.ARTIST)
    crew.registers("env_city", "env_street", "veh_van", "veh_bus")
    crew.has_group("orion")
    crew.registers("veh_secret", audience=("orion",))
    for code in ("veh_van", "veh_secret", "veh_bus"):
        relate(crew, "env_street", code)
    relate(crew, "env_city", "env_street")

    with crew.view(ann) as view:
        street = queries.get_asset(view, "env_street")
        pages = paged(lambda paging: relating.relations_of(view, street, paging), 2)
        own = relating.relations_of(view, street, Paging(), outgoing=True)
        total = relating.relations_of(view, street, Paging(limit=1)).total

    assert [[one.target.code for one in page] for page in pages] == [["veh_van", "veh_bus"], ["env_street"]]
    assert [one.target.code for one in own.items] == ["veh_van", "veh_bus"]
    assert (total, own.total) == (3, 2)


def test_a_walk_can_be_kept_short(crew: Crew) -> None:
    chain(crew, "prp_a", "prp_b", "prp_c", "prp_d")

    assert users(crew, "prp_d", depth=2) == [("prp_c", 1), ("prp_b", 2)]


def test_what_lies_behind_a_hidden_asset_is_not_told(crew: Crew) -> None:
    ann = crew.joins("ann", Role.ARTIST, groups=["orion"])
    crew.registers("env_city", "mat_paint")
    crew.registers("veh_secret", audience=("orion",))
    relate(crew, "env_city", "veh_secret")
    relate(crew, "veh_secret", "mat_paint")

    assert users(crew, "mat_paint", crew.viewer) == []
    assert users(crew, "mat_paint", ann) == [("veh_secret", 1), ("env_city", 2)]


def test_a_relation_to_a_hidden_asset_is_not_told(crew: Crew) -> None:
    crew.has_group("orion")
    crew.registers("prp_a", "prp_b")
    crew.registers("prp_hidden", audience=("orion",))
    relate(crew, "prp_a", "prp_hidden")
    relate(crew, "prp_a", "prp_b")

    assert [one.target.code for one in relations(crew, "prp_a", crew.viewer)] == ["prp_b"]
    assert len(relations(crew, "prp_a", crew.admin)) == 2


def test_nobody_relates_what_they_do_not_know_of(crew: Crew) -> None:
    crew.has_group("orion")
    crew.registers("prp_a")
    crew.registers("prp_hidden", audience=("orion",))

    for source, target in (("prp_a", "prp_hidden"), ("prp_hidden", "prp_a")):
        with pytest.raises(NotFound, match="there is no asset 'prp_hidden'"):
            relate(crew, source, target, by=crew.artist)


def test_relations_are_made_by_those_who_register(crew: Crew) -> None:
    chain(crew, "prp_a", "prp_b")

    with pytest.raises(NotPermitted, match="vic may not register"):
        relate(crew, "prp_a", "prp_b", by=crew.viewer)
    with crew.work(crew.viewer) as work, pytest.raises(NotPermitted):
        relating.unrelate(work, "prp_a", relations(crew, "prp_a")[0].id)
