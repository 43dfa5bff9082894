"""Who may know of an asset: its own audience and that of its home show, in every way of reading."""

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from catalog.accounts.models import Group
from catalog.accounts.vocabulary import Role
from catalog.assets import changing, queries, registry
from catalog.assets.changing import AssetChange
from catalog.assets.history import events_after
from catalog.assets.queries import AssetFilter
from catalog.assets.registry import ForeignId
from catalog.assets.vocabulary import AssetStatus, Kind
from catalog.kernel.abilities import Ability
from catalog.kernel.actors import Actor
from catalog.kernel.errors import CatalogError, InvalidInput, NotFound
from catalog.kernel.ids import new_id
from catalog.kernel.paging import Paging, encode_cursor
from catalog.shows.registry import NewShow, create_show
from catalog.work.view import View
from tests.crew import Crew, stored


@pytest.fixture
def studio_crew(crew: Crew) -> Crew:
    """A public asset, one for a group, one at home in that group's show, and one for which both must admit."""
    crew.joins("ann", Role.ARTIST, groups=["orion"])
    crew.joins("ben", Role.ARTIST, groups=["orion", "lyra"])
    with crew.work(crew.admin) as work:
        create_show(work, NewShow(code="orion", name="", audience=("orion",)))
    crew.registers("prp_public")
    crew.registers("prp_group", audience=("lyra",))
    crew.registers("prp_show", show="orion")
    crew.registers("prp_both", show="orion", audience=("lyra",))
    return crew


def codes(crew: Crew, viewer: Actor, wanted: AssetFilter | None = None) -> list[str]:
    with crew.view(viewer) as view:
        return sorted(asset.code for asset in queries.page_assets(view, Paging(), wanted).items)


def test_an_asset_is_known_where_its_own_audience_and_that_of_its_show_admit(studio_crew: Crew) -> None:
    assert codes(studio_crew, studio_crew.viewer) == ["prp_public"]
    assert codes(studio_crew, studio_crew.actor("ann")) == ["prp_public", "prp_show"]
    assert codes(studio_crew, studio_crew.actor("ben")) == ["prp_both", "prp_group", "prp_public", "prp_show"]


def test_administrators_and_auditors_know_of_everything(studio_crew: Crew) -> None:
    everything = ["prp_both", "prp_group", "prp_public", "prp_show"]

    assert codes(studio_crew, studio_crew.admin) == everything
    assert codes(studio_crew, studio_crew.licensing) == everything


@pytest.mark.parametrize("role", [Role.PIPELINE, Role.SUPERVISOR])
def test_no_other_role_looks_behind_an_audience(studio_crew: Crew, role: Role) -> None:
    assert codes(studio_crew, studio_crew.joins("sam", role)) == ["prp_public"]


@pytest.mark.parametrize(
    "read",
    [
        pytest.param(queries.get_asset, id="the asset"),
        pytest.param(queries.get_version, id="its latest version"),
        pytest.param(lambda view, reference: queries.get_version(view, reference, 1), id="a version"),
        pytest.param(lambda view, reference: queries.page_versions(view, reference, Paging()), id="its versions"),
    ],
)
def test_what_is_hidden_and_what_is_absent_look_the_same(crew: Crew, read: Callable[[View, str], Any]) -> None:
    crew.has_group("orion")
    (hidden,) = crew.registers(
        "prp_hidden", audience=("orion",), external_ids=(ForeignId(system="legacy", value="old 7"),)
    )
    crew.publishes("prp_hidden")
    refusals = set()

    for reference in ("prp_hidden", "PRP_HIDDEN", str(hidden), "old 7", "legacy:old 7", "prp_absent", str(new_id())):
        with crew.view(crew.artist) as view, pytest.raises(CatalogError) as refused:
            read(view, reference)
        refusals.add((type(refused.value), refused.value.code, refused.value.message.replace(reference, "REF")))

    assert len(refusals) == 1
    assert refusals.pop()[:2] == (NotFound, "unknown-asset")


def test_an_external_id_that_a_hidden_asset_shares_is_not_ambiguous(crew: Crew) -> None:
    crew.has_group("orion")
    crew.registers("prp_hidden", audience=("orion",), external_ids=(ForeignId(system="ayon", value="7"),))
    crew.registers("prp_chair", external_ids=(ForeignId(system="kitsu", value="7"),))

    with crew.view(crew.artist) as view:
        assert queries.get_asset(view, "7").code == "prp_chair"


def test_an_asset_that_becomes_private_is_gone_for_the_others_at_once(crew: Crew) -> None:
    ann = crew.joins("ann", Role.ARTIST, groups=["orion"])
    crew.registers("prp_chair", by=ann)
    seen = codes(crew, crew.viewer)

    with crew.work(ann) as work:
        changing.change(work, "prp_chair", AssetChange(audience=("orion",)))

    assert (seen, codes(crew, crew.viewer)) == (["prp_chair"], [])
    assert codes(crew, ann) == ["prp_chair"]


def test_assets_are_listed_newest_first_in_pages(crew: Crew) -> None:
    for code in ("prp_a", "prp_b", "prp_c"):
        crew.registers(code)

    with crew.view(crew.viewer) as view:
        first = queries.page_assets(view, Paging(limit=2))
        second = queries.page_assets(view, Paging(limit=2, cursor=first.next_cursor))

    assert [asset.code for asset in (*first.items, *second.items)] == ["prp_c", "prp_b", "prp_a"]
    assert second.next_cursor is None


def test_hidden_assets_leave_no_gap_in_a_page(studio_crew: Crew) -> None:
    studio_crew.registers("prp_last")

    with studio_crew.view(studio_crew.viewer) as view:
        page = queries.page_assets(view, Paging(limit=2))

    assert [asset.code for asset in page.items] == ["prp_last", "prp_public"]
    assert page.next_cursor is None


@pytest.mark.parametrize(
    "wanted, found",
    [
        (AssetFilter(kind=Kind.VEHICLE), ["veh_van"]),
        (AssetFilter(status=AssetStatus.RETIRED), ["prp_old"]),
        (AssetFilter(status=AssetStatus.ACTIVE, kind=Kind.PROP), ["prp_chair"]),
        (AssetFilter(show="ORION"), ["prp_chair"]),
        (AssetFilter(show="vega"), []),
    ],
)
def test_a_listing_can_be_narrowed(crew: Crew, wanted: AssetFilter, found: list[str]) -> None:
    with crew.work(crew.admin) as work:
        create_show(work, NewShow(code="Orion", name=""))
    crew.registers("prp_chair", show="orion")
    crew.registers("veh_van", kind=Kind.VEHICLE)
    crew.registers("prp_old")
    with crew.work(crew.supervisor) as work:
        registry.retire(work, "prp_old", "worn")

    assert codes(crew, crew.viewer, wanted) == found


def test_the_cursor_of_another_listing_is_refused(crew: Crew) -> None:
    with crew.view(crew.viewer) as view, pytest.raises(InvalidInput, match="start without a cursor"):
        queries.page_assets(view, Paging(cursor=encode_cursor(["orion"])))


def test_many_assets_are_read_by_id_as_far_as_they_are_known(studio_crew: Crew) -> None:
    with studio_crew.view() as view:
        ids = [asset.id for asset in queries.page_assets(view, Paging()).items]

    with studio_crew.view(studio_crew.viewer) as view:
        found = queries.assets_by_id(view, [*ids, new_id(), *ids])

    assert [asset.code for asset in found.values()] == ["prp_public"]


def test_a_version_in_the_making_is_its_makers_alone(crew: Crew) -> None:
    crew.registers("prp_chair")
    crew.drafts("prp_chair", stored("a.obj", b"a"), by=crew.artist)

    with crew.view(crew.artist) as view:
        assert queries.get_version(view, "prp_chair", 1).status == "draft"
    for other in (crew.supervisor, crew.admin):
        with crew.view(other) as view:
            assert queries.page_versions(view, "prp_chair", Paging()).items == ()
            with pytest.raises(NotFound, match="prp_chair has no version 1; none is published yet") as refused:
                queries.get_version(view, "prp_chair", 1)
        assert refused.value.code == "unknown-version"


def test_versions_are_listed_newest_first_in_pages(crew: Crew) -> None:
    for content in (b"1", b"2", b"3"):
        crew.publishes("prp_chair", {"a.obj": content})

    with crew.view(crew.viewer) as view:
        first = queries.page_versions(view, "prp_chair", Paging(limit=2))
        second = queries.page_versions(view, "prp_chair", Paging(limit=2, cursor=first.next_cursor))
        latest = queries.get_version(view, "prp_chair")

    assert [version.number for version in (*first.items, *second.items)] == [3, 2, 1]
    assert latest.number == 3


def test_a_version_that_is_not_there_is_told_with_the_latest(crew: Crew) -> None:
    crew.publishes("prp_chair")

    with crew.view(crew.viewer) as view, pytest.raises(NotFound, match="prp_chair has no version 7; its latest is 1"):
        queries.get_version(view, "prp_chair", 7)


def test_an_asset_without_a_version_says_so(crew: Crew) -> None:
    crew.registers("prp_chair")

    with crew.view(crew.viewer) as view, pytest.raises(NotFound, match="has no published version; none is published"):
        queries.get_version(view, "prp_chair")


def test_the_files_of_a_version_are_read_by_path_in_pages(crew: Crew) -> None:
    crew.publishes("prp_chair", {"tex/b.exr": b"b", "geo/a.usd": b"a", "caf\u00e9.txt": b"c"})

    with crew.view(crew.viewer) as view:
        version = queries.get_version(view, "prp_chair")
        first = queries.page_files(view, version, Paging(limit=2))
        second = queries.page_files(view, version, Paging(limit=2, cursor=first.next_cursor))
        assert [file.path for file in (*first.items, *second.items)] == ["caf\u00e9.txt", "geo/a.usd", "tex/b.exr"]
        assert [file.path for file in queries.files_of(view, version.id)] == ["caf\u00e9.txt", "geo/a.usd", "tex/b.exr"]
        assert queries.get_file(view, version, "cafe\u0301.txt").role == "doc"


@pytest.mark.parametrize("path", ["geo/b.usd", "GEO/A.USD", "", "../geo/a.usd"])
def test_a_file_that_is_not_in_the_version_is_not_found(crew: Crew, path: str) -> None:
    crew.publishes("prp_chair", {"geo/a.usd": b"a"})

    with crew.view(crew.viewer) as view:
        version = queries.get_version(view, "prp_chair")
        with pytest.raises(NotFound, match="prp_chair@1 has no file") as refused:
            queries.get_file(view, version, path)

    assert refused.value.code == "unknown-file"


def test_bytes_are_readable_where_a_known_asset_offers_them(crew: Crew) -> None:
    crew.has_group("orion")
    crew.registers("prp_hidden", audience=("orion",))
    shown, hidden, open_ = stored("a", b"shown"), stored("a", b"hidden"), stored("b", b"open")
    crew.publishes("prp_hidden", {"a": b"hidden"})
    crew.publishes("prp_chair", {"a": b"shown"})
    crew.drafts("prp_chair", open_, by=crew.artist)

    with crew.view(crew.artist) as view:
        readable = queries.readable_digests(view, [shown.sha256, hidden.sha256, open_.sha256, "f" * 64])

    assert readable == {shown.sha256}


GROUPS = ("a", "b", "c")
SHOWS: dict[str | None, tuple[str, ...] | None] = {None: None, "open": None, "of_a": ("a",), "of_bc": ("b", "c")}
"""Home shows by code, each with the groups of its audience; None is no show, or the whole studio."""

AUDIENCES = st.none() | st.sets(st.sampled_from(GROUPS), min_size=1).map(lambda groups: tuple(sorted(groups)))


@pytest.fixture
def many_audiences(crew: Crew) -> Crew:
    for group in GROUPS:
        crew.has_group(group)
    with crew.work() as work:
        for code, audience in SHOWS.items():
            if code is not None:
                create_show(work, NewShow(code=code, name="", audience=audience))
    return crew


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    homes=st.lists(st.tuples(AUDIENCES, st.sampled_from(list(SHOWS))), min_size=1, max_size=6),
    mine=st.sets(st.sampled_from(GROUPS)),
)
def test_whoever_looks_sees_exactly_what_both_audiences_admit(
    many_audiences: Crew, homes: list[tuple[tuple[str, ...] | None, str | None]], mine: set[str]
) -> None:
    made = {f"prp_{new_id().hex}": home for home in homes}
    start = many_audiences.entries()[-1].seq
    for code, (audience, show) in made.items():
        many_audiences.registers(code, audience=audience, show=show)
    with many_audiences.desk.read() as session:
        groups = frozenset(session.scalars(select(Group.id).where(Group.code.in_(mine))))
    viewer = Actor(id=new_id(), name="sam", abilities=frozenset({Ability.BROWSE}), groups=groups)

    with many_audiences.view(viewer) as view:
        listed = {asset.code for asset in queries.page_assets(view, Paging(limit=200)).items} & made.keys()
        told = {str((entry.values or {})["code"]) for entry in events_after(view, start, 200)[0]}

    def admits(audience: tuple[str, ...] | None) -> bool:
        return audience is None or bool(mine & set(audience))

    expected = {code for code, (audience, show) in made.items() if admits(audience) and admits(SHOWS[show])}
    assert listed == told == expected
