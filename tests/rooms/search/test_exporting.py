"""Exports of searches: every hit that the viewer sees, in the order of the page, under keys that stay."""

from __future__ import annotations

import csv
import io
import json

import pytest

from catalog.fields import defining
from catalog.fields.defining import NewField
from catalog.fields.vocabulary import FieldType
from catalog.kernel.actors import Actor
from catalog.kernel.errors import InvalidInput
from catalog.kernel.exports import Form
from catalog.search import exporting
from catalog.search.exporting import COLUMNS
from catalog.search.queries import Question
from tests.rooms.search.catalogue import ANYBODY, OPERATOR, Catalogue


def exported(
    catalogue: Catalogue, text: str, form: Form, viewer: Actor = ANYBODY, *, bom: bool = False, **asked: object
) -> bytes:
    question = Question(text=text, **asked)  # type: ignore[arg-type] # fields by name
    made = exporting.export(catalogue.desk, viewer, catalogue.index, question, form, bom=bom)
    return b"".join(made.chunks)


@pytest.fixture
def lamps(catalogue: Catalogue) -> Catalogue:
    """Three lamps, one of them of a private show."""
    catalogue.founds("family")
    catalogue.opens_show("orion")
    catalogue.opens_show("umbra", audience=("family",))
    catalogue.registers("prp_brass", "Brass lamp", tags=["brass", "old"], aliases=["铜灯"], show="orion")
    catalogue.registers("prp_tin", "=Tin lamp", ids=[("ayon", "T-1")], description="two\nlines")
    catalogue.registers("prp_dark", "Dark lamp", show="umbra")
    catalogue.follows()
    return catalogue


def test_csv_has_a_row_for_each_hit_in_the_order_asked_for(lamps: Catalogue) -> None:
    tin, brass = csv.DictReader(io.StringIO(exported(lamps, "lamp", Form.CSV, sort="name").decode()))

    assert tuple(tin) == COLUMNS
    assert (tin["code"], brass["code"]) == ("prp_tin", "prp_brass")
    assert {name: brass[name] for name in ("tags", "aliases", "show", "kind", "owner", "latest_version")} == {
        "tags": "brass, old",
        "aliases": "铜灯",
        "show": "orion",
        "kind": "prop",
        "owner": "",
        "latest_version": "",
    }
    assert (tin["external_ids"], tin["description"]) == ("ayon:T-1", "two\nlines")
    assert tin["reference"] == "catalog://assets/prp_tin"


def test_custom_fields_in_use_are_columns_after_the_others(lamps: Catalogue) -> None:
    with lamps.desk.work(OPERATOR) as work:
        defining.define(work, NewField(name="vendor", type=FieldType.EXACT))
        defining.define(work, NewField(name="weight", type=FieldType.NUMBER, unit="kg"))
        defining.define(work, NewField(name="old", type=FieldType.TEXT))
    lamps.changes("prp_tin", fields={"vendor": "=Acme", "weight": 2.5, "old": "gone"})
    with lamps.desk.work(OPERATOR) as work:
        defining.retire(work, "old")

    tin, brass = csv.DictReader(io.StringIO(exported(lamps, "lamp", Form.CSV, sort="name", bom=True).decode()))
    first, second = json.loads(exported(lamps, "lamp", Form.JSON, sort="name"))["items"]

    assert tuple(tin)[-2:] == ("fields.vendor", "fields.weight")
    assert (tin["fields.vendor"], tin["fields.weight"], brass["fields.vendor"]) == ("'=Acme", "2.5", "")
    assert (first["fields"], second["fields"]) == ({"vendor": "=Acme", "weight": 2.5}, {})


def test_json_states_what_was_asked_and_how_many_there_are(lamps: Catalogue) -> None:
    found = json.loads(exported(lamps, "lamp", Form.JSON))

    assert (found["q"], found["total"]) == ("lamp", 2)
    assert [tuple(one) for one in found["items"]] == [(*COLUMNS, "fields")] * 2


def test_whoever_sees_everything_exports_everything(lamps: Catalogue) -> None:
    assert json.loads(exported(lamps, "lamp", Form.JSON, OPERATOR))["total"] == 3


def test_what_finds_nothing_is_a_header_and_valid_json(lamps: Catalogue) -> None:
    assert exported(lamps, "zebra", Form.CSV).decode().strip() == ",".join(COLUMNS)
    assert json.loads(exported(lamps, "zebra", Form.JSON))["items"] == []


def test_for_spreadsheets_a_formula_is_text_and_the_file_is_marked(lamps: Catalogue) -> None:
    plain, marked = (exported(lamps, "tin", Form.CSV, bom=bom) for bom in (False, True))

    assert (plain[:4], marked[:3]) == (b"code", b"\xef\xbb\xbf")
    assert (b",=Tin lamp," in plain, b",'=Tin lamp," in marked) == (True, True)


def test_a_long_list_is_complete_and_comes_in_pages(catalogue: Catalogue) -> None:
    codes = [f"prp_x{number:03}" for number in range(450)]
    catalogue.registers_all([catalogue.entry(code) for code in codes])
    catalogue.follows()
    question = Question(sort="name", selections={"kind": ["prop"]})

    made = exporting.export(catalogue.desk, ANYBODY, catalogue.index, question, Form.CSV)

    chunks = [chunk.decode() for chunk in made.chunks]
    assert (made.count, made.file_name, len(chunks)) == (450, "assets.csv", 1 + 3)
    assert [line.partition(",")[0] for line in "".join(chunks).splitlines()[1:]] == codes


def test_json_of_several_pages_is_one_list(catalogue: Catalogue) -> None:
    catalogue.registers_all([catalogue.entry(f"prp_x{number:03}") for number in range(450)])
    catalogue.follows()

    assert len(json.loads(exported(catalogue, "", Form.JSON))["items"]) == 450


def test_an_asset_that_went_meanwhile_is_missing(lamps: Catalogue) -> None:
    made = exporting.export(lamps.desk, ANYBODY, lamps.index, Question(text="lamp"), Form.CSV)

    lamps.changes("prp_tin", show="umbra")

    assert [line.partition(",")[0] for line in b"".join(made.chunks).decode().splitlines()[1:]] == ["prp_brass"]


def test_nothing_is_exported_of_what_makes_no_sense(lamps: Catalogue) -> None:
    with pytest.raises(InvalidInput, match="kind 'nonsense' is none of"):
        exported(lamps, "", Form.CSV, selections={"kind": ["nonsense"]})
