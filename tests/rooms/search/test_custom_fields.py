"""Custom fields on their way from the registry to the index, on each kind of database."""

from __future__ import annotations

from catalog.fields import defining
from catalog.fields.defining import NewField
from catalog.fields.vocabulary import FieldType
from catalog.search.documents import documents_of
from catalog.search.follower import FOLLOWER, touched_assets
from catalog.search.recorded import Custom
from tests.rooms.search.catalogue import OPERATOR, Catalogue
from tests.rooms.search.test_follower import head


def defines(catalogue: Catalogue, **fields: FieldType) -> None:
    with catalogue.desk.work(OPERATOR) as work:
        for name, kind in fields.items():
            defining.define(work, NewField(name=name, type=kind))


def test_a_document_holds_the_values_of_fields_in_use(catalogue: Catalogue) -> None:
    defines(catalogue, vendor=FieldType.EXACT, weight=FieldType.NUMBER, story=FieldType.TEXT)
    lamp = catalogue.registers("prp_lamp", fields={"weight": 2.5, "vendor": "Acme", "story": "A barn."})
    with catalogue.desk.work(OPERATOR) as work:
        defining.retire(work, "story")

    with catalogue.desk.view(FOLLOWER) as view:
        (document,) = documents_of(view, [lamp.id])

    assert document.custom == (
        Custom(name="vendor", type=FieldType.EXACT, value="Acme"),
        Custom(name="weight", type=FieldType.NUMBER, value=2.5),
    )


def test_retiring_and_reinstating_touches_the_assets_that_carry_the_field(catalogue: Catalogue) -> None:
    defines(catalogue, vendor=FieldType.EXACT, weight=FieldType.NUMBER)
    sold = catalogue.registers("prp_sold", fields={"vendor": "Acme"})
    weighed = catalogue.registers("prp_weighed", fields={"weight": 0})
    catalogue.registers("prp_plain")
    before = head(catalogue.desk)
    with catalogue.desk.work(OPERATOR) as work:
        defining.retire(work, "vendor")
    retired = head(catalogue.desk)
    with catalogue.desk.work(OPERATOR) as work:
        defining.reinstate(work, "vendor")
        defining.retire(work, "weight")

    with catalogue.desk.view(FOLLOWER) as view:
        assert touched_assets(view, before, retired) == {sold.id}
        assert touched_assets(view, retired, head(catalogue.desk)) == {sold.id, weighed.id}


def test_defining_and_describing_a_field_touches_nothing(catalogue: Catalogue) -> None:
    defines(catalogue, vendor=FieldType.EXACT)
    catalogue.registers("prp_sold", fields={"vendor": "Acme"})
    before = head(catalogue.desk)
    defines(catalogue, weight=FieldType.NUMBER)
    with catalogue.desk.work(OPERATOR) as work:
        defining.change(work, "vendor", defining.FieldChange(label="Vendor"))

    with catalogue.desk.view(FOLLOWER) as view:
        assert touched_assets(view, before, head(catalogue.desk)) == set()
