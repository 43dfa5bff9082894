"""What of an asset can be searched."""

import pytest

from catalog.assets import relating
from catalog.assets.vocabulary import Kind, RelationKind
from catalog.kernel.errors import NotPermitted
from catalog.search.documents import documents_after, documents_of
from catalog.search.follower import FOLLOWER
from catalog.search.port import Document
from catalog.search.queries import Question, search
from tests.rooms.search.catalogue import ANYBODY, OPERATOR, Catalogue


def test_a_document_holds_what_the_registry_says_of_an_asset(catalogue: Catalogue) -> None:
    catalogue.founds("family")
    catalogue.opens_show("orion", audience=("family",))
    ann = catalogue.registers(
        "chr_ann",
        "Ann",
        kind=Kind.DIGITAL_DOUBLE,
        description="first scan",
        tags=["Hero", "face"],
        aliases=["安", "Annie"],
        ids=[("shotgrid", "SG-7"), ("ayon", "A1")],
        show="orion",
        audience=("family",),
    )

    with catalogue.desk.view(FOLLOWER) as view:
        (document,) = documents_of(view, [ann.id])

    assert document == Document(
        id=ann.id,
        code="chr_ann",
        name="Ann",
        kind="digital_double",
        status="active",
        updated_at=ann.updated_at,
        aliases=("安", "Annie"),
        description="first scan",
        tags=("Hero", "face"),
        external_ids=("A1", "SG-7"),
        shows=("orion",),
        created_at=ann.created_at,
        asset_audience=str(ann.audience_id),
        show_audience=str(ann.audience_id),
    )
    assert ann.audience_id is not None


def test_what_the_whole_studio_may_see_has_the_audience_studio(catalogue: Catalogue) -> None:
    box = catalogue.registers("prp_box")

    with catalogue.desk.view(FOLLOWER) as view:
        (document,) = documents_of(view, [box.id])

    assert (document.asset_audience, document.show_audience, document.shows) == ("studio", "studio", ())


def test_uses_are_counted_by_assets_that_whoever_sees_this_one_sees(catalogue: Catalogue) -> None:
    catalogue.founds("family")
    chair = catalogue.registers("prp_chair")
    catalogue.registers("prp_secret", audience=("family",))
    for source in ("env_room", "env_hall"):
        catalogue.registers(source)
    catalogue.registers("env_vault", audience=("family",))
    with catalogue.desk.work(OPERATOR) as work:
        for source in ("env_room", "env_hall", "env_vault"):
            relating.relate(work, source, RelationKind.CONTAINS, "prp_chair")
        relating.relate(work, "env_room", RelationKind.VARIANT, "prp_chair")
        relating.relate(work, "env_vault", RelationKind.CONTAINS, "prp_secret")

    catalogue.follows()

    with catalogue.desk.view(FOLLOWER) as view:
        assert {one.code: one.uses for one in documents_after(view, None) if one.uses} == {
            "prp_chair": 2,
            "prp_secret": 1,
        }
    with catalogue.desk.view(ANYBODY) as view:
        assert search(view, catalogue.index, Question(sort="reused", limit=1)).assets[0].id == chair.id


def test_all_documents_are_read_by_id(catalogue: Catalogue) -> None:
    ids = sorted(catalogue.registers_all([catalogue.entry(f"prp_box{number}") for number in range(7)]))

    with catalogue.desk.view(FOLLOWER) as view:
        first = documents_after(view, None)
        rest = documents_after(view, ids[4])

    assert [document.id for document in first] == ids
    assert [document.id for document in rest] == ids[5:]


def test_documents_are_not_for_those_whom_audiences_limit(catalogue: Catalogue) -> None:
    box = catalogue.registers("prp_box")

    with catalogue.desk.view(ANYBODY) as view, pytest.raises(NotPermitted):
        documents_of(view, [box.id])
