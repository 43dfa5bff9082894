"""Registering: an asset is entered with a code of its own, alone or by the thousand, all or none."""

from typing import Any

import pytest
from sqlalchemy import func, select

from catalog.accounts.vocabulary import Role
from catalog.assets import queries, registry
from catalog.assets.models import Asset, ExternalId
from catalog.assets.registry import Alias, ForeignId, Registration
from catalog.assets.vocabulary import Kind
from catalog.kernel.actors import Actor
from catalog.kernel.errors import Conflict, InvalidInput, NotFound, NotPermitted
from catalog.shows.registry import NewShow, create_show
from tests.crew import Crew


def register(crew: Crew, code: str, *, by: Actor | None = None, **fields: Any) -> None:  # noqa: ANN401 — of Registration
    with crew.work(by or crew.artist) as work:
        registry.register(work, Registration(**{"code": code, "name": code, "kind": Kind.PROP, **fields}))


def count(crew: Crew) -> int:
    with crew.desk.read() as session:
        return session.scalar(select(func.count()).select_from(Asset)) or 0


def test_a_registered_asset_is_found_by_its_code_in_any_case(crew: Crew) -> None:
    register(
        crew,
        "chr_Ann",
        name="  Ann 邓丽君 ",
        kind=Kind.DIGITAL_DOUBLE,
        description="First scan\n\tof Ann",
        aliases=(Alias(text="邓丽君", language="zh-Hans"), Alias(text="Teresa")),
        tags=("hero", "scan"),
    )

    with crew.view(crew.viewer) as view:
        ann = queries.get_asset(view, "CHR_ANN")
        assert (ann.code, ann.name, ann.kind, ann.status) == ("chr_Ann", "Ann 邓丽君", "digital_double", "active")
        assert (ann.description, ann.tags) == ("First scan\n\tof Ann", ["hero", "scan"])
        assert ann.aliases == [{"text": "邓丽君", "language": "zh-Hans"}, {"text": "Teresa", "language": "und"}]
        assert (ann.latest_number, ann.revision) == (None, 1)


def test_registering_is_told_with_code_title_and_kind(crew: Crew) -> None:
    register(crew, "prp_chair", name="Chair")

    entry = crew.entries("asset.")[-1]
    assert entry.type == "asset.registered/1"
    assert entry.values == {"code": "prp_chair", "title": "Chair", "kind": "prop"}
    assert entry.actor == {"id": str(crew.artist.id), "name": "art"}


@pytest.mark.parametrize("code", ["chr_ann", "chr_ANN", "chr_Ann"])
def test_a_code_is_taken_in_whatever_case(crew: Crew, code: str) -> None:
    register(crew, "chr_Ann")

    with pytest.raises(Conflict, match=f"code '{code}' is taken") as refused:
        register(crew, code)

    assert refused.value.code == "code-taken"
    assert ("(as 'chr_Ann'; codes are unique ignoring case)" in refused.value.message) == (code != "chr_Ann")


def test_how_a_hidden_asset_spells_its_code_is_not_told(crew: Crew) -> None:
    crew.has_group("orion")
    register(crew, "chr_Ann", by=crew.admin, audience=("orion",))

    with pytest.raises(Conflict) as refused:
        register(crew, "chr_ann")

    assert refused.value.message == "code 'chr_ann' is taken; choose another, or publish a version of it"


def test_a_code_that_looks_like_another_is_refused_before_anybody_can_mistake_it(crew: Crew) -> None:
    register(crew, "chr_ann")

    with pytest.raises(InvalidInput, match="such as chr_ann"):
        register(crew, "chr_\u0430nn")

    assert count(crew) == 1


def test_of_two_who_register_one_code_at_once_one_is_refused(crew: Crew) -> None:
    chair = Registration(code="prp_chair", name="Chair", kind=Kind.PROP)

    refused = crew.overlaps(
        lambda work: registry.register(work, chair),
        lambda work: registry.register(work, chair),
    )

    assert isinstance(refused, Conflict)
    assert crew.types("asset.") == ["asset.registered/1"]


def test_a_thousand_assets_are_registered_at_once(crew: Crew) -> None:
    ids = crew.registers(*(f"prp_chair_{number}" for number in range(1_001)))

    assert len(set(ids)) == count(crew) == 1_001
    assert crew.entries()[-1].seq == 1_001


@pytest.mark.parametrize(
    "wrong, refusal",
    [
        pytest.param({"code": "Chair 7"}, InvalidInput, id="a bad code"),
        pytest.param({"code": "prp_CHAIR_3"}, Conflict, id="a code of another row"),
        pytest.param({"code": "prp_table"}, Conflict, id="a taken code"),
        pytest.param({"name": " "}, InvalidInput, id="no name"),
        pytest.param({"show": "vega"}, NotFound, id="a show that is not there"),
        pytest.param({"owner": "nobody"}, InvalidInput, id="an owner who is not there"),
        pytest.param({"audience": ("nobody",)}, InvalidInput, id="a group that is not there"),
        pytest.param({"external_ids": (ForeignId(system="legacy", value="t1"),)}, Conflict, id="a taken external id"),
    ],
)
def test_of_a_batch_all_are_registered_or_none(crew: Crew, wrong: dict[str, Any], refusal: type[Exception]) -> None:
    register(crew, "prp_table", external_ids=(ForeignId(system="legacy", value="T1"),))
    rows = [Registration(code=f"prp_chair_{number}", name="Chair", kind=Kind.PROP) for number in range(600)]
    rows.append(Registration(**{"code": "prp_last", "name": "Last", "kind": Kind.PROP, **wrong}))

    with pytest.raises(refusal), crew.work(crew.artist) as work:
        registry.register_all(work, rows)

    assert count(crew) == 1
    assert crew.types("asset.") == ["asset.registered/1"]


def test_a_code_that_is_there_twice_in_one_batch_is_named(crew: Crew) -> None:
    rows = [Registration(code=code, name="x", kind=Kind.PROP) for code in ("prp_a", "prp_b", "prp_A")]

    with crew.work(crew.artist) as work, pytest.raises(Conflict, match="code 'prp_A' is there twice in one request"):
        registry.register_all(work, rows)


def test_whoever_registers_owns_unless_another_is_named(crew: Crew) -> None:
    ben = crew.joins("Ben", Role.ARTIST)
    register(crew, "prp_mine")
    register(crew, "prp_bens", owner="ben")
    crew.registers("prp_machines")

    with crew.view() as view:
        owners = dict(view.session.execute(select(Asset.code, Asset.owner_id)).all())
    assert owners == {"prp_mine": crew.artist.id, "prp_bens": ben.id, "prp_machines": None}


def test_an_asset_may_be_at_home_in_a_show(crew: Crew) -> None:
    with crew.work(crew.supervisor) as work:
        create_show(work, NewShow(code="Orion", name=""))

    register(crew, "prp_chair", show="ORION")

    with crew.view(crew.viewer) as view:
        show = queries.get_asset(view, "prp_chair").show
        assert show is not None
        assert show.code == "Orion"


def test_a_show_that_is_hidden_cannot_be_a_home(crew: Crew) -> None:
    crew.has_group("orion")
    with crew.work(crew.admin) as work:
        create_show(work, NewShow(code="orion", name="", audience=("orion",)))

    with pytest.raises(NotFound, match="there is no show 'orion'"):
        register(crew, "prp_chair", show="orion")


def test_tags_are_kept_once_ignoring_case_in_their_order(crew: Crew) -> None:
    register(crew, "prp_chair", tags=("Wood", " oak", "wood", "caf\u0065\u0301", "OAK", "caf\u00e9"))

    with crew.view(crew.viewer) as view:
        assert queries.get_asset(view, "prp_chair").tags == ["Wood", "oak", "caf\u00e9"]


@pytest.mark.parametrize(
    "wrong, why",
    [
        ({"name": ""}, "name is empty"),
        ({"name": "x" * 201}, "name has 201 characters; at most 200"),
        ({"name": "bell\a"}, "has a control character"),
        ({"name": "a\0b"}, "has a control character"),
        ({"name": "\ud800"}, "has a control character"),
        ({"description": "x" * 20_001}, "description has 20001 characters"),
        ({"tags": ("",)}, "tag is empty"),
        ({"tags": ("x" * 81,)}, "tag has 81 characters"),
        ({"tags": tuple(map(str, range(101)))}, "101 tags are too many"),
        ({"aliases": (Alias(text=" "),)}, "alias is empty"),
        ({"external_ids": (ForeignId(system="legacy", value=""),)}, "alias is empty"),
        ({"external_ids": (ForeignId(system="legacy", value="ΐ" * 200),)}, "too long when case is ignored"),
    ],
)
def test_a_text_that_nobody_could_read_is_refused(crew: Crew, wrong: dict[str, Any], why: str) -> None:
    with pytest.raises(InvalidInput, match=why):
        register(crew, "prp_chair", **wrong)


def test_an_asset_is_found_by_what_other_systems_call_it(crew: Crew) -> None:
    register(
        crew,
        "prp_chair",
        external_ids=(ForeignId(system="ShotGrid", value=" Asset 123 "), ForeignId(system="legacy", value="Café_01")),
    )

    with crew.view(crew.viewer) as view:
        found = {
            queries.get_asset(view, reference).code
            for reference in ("Asset 123", "asset 123", "shotgrid:ASSET 123", "LEGACY:cafe\u0301_01", "café_01")
        }
        kept = view.session.execute(select(ExternalId.system, ExternalId.value).order_by(ExternalId.system)).all()
    assert found == {"prp_chair"}
    assert [tuple(row) for row in kept] == [("legacy", "Café_01"), ("shotgrid", "Asset 123")]


def test_an_external_id_of_two_systems_must_say_which(crew: Crew) -> None:
    register(crew, "prp_chair", external_ids=(ForeignId(system="ayon", value="7"),))
    register(crew, "prp_table", external_ids=(ForeignId(system="kitsu", value="7"),))

    with crew.view(crew.viewer) as view:
        with pytest.raises(Conflict, match="external id '7' is that of prp_chair, prp_table; write system:value"):
            queries.get_asset(view, "7")
        assert queries.get_asset(view, "kitsu:7").code == "prp_table"


@pytest.mark.parametrize("value", ["123", " 123", "123 "])
def test_an_external_id_belongs_to_one_asset(crew: Crew, value: str) -> None:
    register(crew, "prp_chair", external_ids=(ForeignId(system="shotgrid", value="123"),))

    with pytest.raises(Conflict, match="external id shotgrid:123 belongs to another asset") as refused:
        register(crew, "prp_table", external_ids=(ForeignId(system="ShotGrid", value=value),))

    assert refused.value.code == "external-id-taken"


def test_two_assets_of_one_batch_cannot_have_one_external_id(crew: Crew) -> None:
    rows = [
        Registration(code=code, name="x", kind=Kind.PROP, external_ids=(ForeignId(system="legacy", value=value),))
        for code, value in (("prp_a", "Old"), ("prp_b", "old"))
    ]

    with crew.work(crew.artist) as work, pytest.raises(Conflict, match="belongs to another asset"):
        registry.register_all(work, rows)


def test_an_external_id_that_is_named_twice_is_kept_once(crew: Crew) -> None:
    register(
        crew,
        "prp_chair",
        external_ids=(ForeignId(system="legacy", value="Old"), ForeignId(system="LEGACY", value=" old ")),
    )

    with crew.view() as view:
        assert view.session.scalars(select(ExternalId.value)).all() == ["Old"]


def test_a_viewer_registers_nothing_and_learns_nothing(crew: Crew) -> None:
    register(crew, "prp_chair")

    with pytest.raises(NotPermitted, match="vic may not register"):
        register(crew, "prp_chair", by=crew.viewer)
