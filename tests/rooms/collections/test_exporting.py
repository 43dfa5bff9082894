"""Exports: every row that the viewer sees, in order, under keys that stay."""

from __future__ import annotations

import csv
import io
import json
from typing import Any
from uuid import UUID

import pytest

from catalog.accounts.vocabulary import Role
from catalog.assets import publishing, resolving
from catalog.assets.vocabulary import Platform
from catalog.collections import exporting
from catalog.collections.exporting import COLUMNS
from catalog.collections.vocabulary import ShareRole
from catalog.fields import defining
from catalog.fields.defining import NewField
from catalog.fields.vocabulary import FieldType
from catalog.kernel.actors import Actor
from catalog.kernel.errors import NotFound
from catalog.kernel.exports import Form
from tests.crew import Crew, referenced
from tests.rooms.collections.keeping import adds, begins, changes


def exported(crew: Crew, shelf: UUID, form: Form, viewer: Actor | None = None, *, bom: bool = False) -> bytes:
    return b"".join(exporting.export(crew.desk, viewer or crew.artist, shelf, None, form, bom=bom).chunks)


def rows(crew: Crew, shelf: UUID, viewer: Actor | None = None) -> list[dict[str, Any]]:
    return list(csv.DictReader(io.StringIO(exported(crew, shelf, Form.CSV, viewer).decode())))


def test_csv_has_a_row_for_each_item_in_order(crew: Crew) -> None:
    crew.publishes("prp_lamp")
    crew.registers("prp_a", tags=("brass", "old"), name='A "b", c')
    shelf = begins(crew)
    adds(crew, shelf, "prp_a", note="two\nlines")
    adds(crew, shelf, "prp_lamp@1")

    first, second = rows(crew, shelf)

    assert tuple(first) == COLUMNS
    assert (first["number"], first["code"], first["name"], first["tags"]) == ("1", "prp_a", 'A "b", c', "brass, old")
    assert (first["note"], first["version"], first["added_by"]) == ("two\nlines", "", "art")
    assert (second["number"], second["version"], second["reference"]) == ("2", "1", "catalog://assets/prp_lamp/v1")


def test_custom_fields_in_use_are_columns_after_the_others(crew: Crew) -> None:
    with crew.work(crew.admin) as work:
        defining.define(work, NewField(name="vendor", type=FieldType.EXACT))
    crew.registers("prp_lamp", fields={"vendor": "Acme"})
    crew.registers("prp_box")
    shelf = begins(crew, "Shelf", "prp_lamp", "prp_box")

    lamp, box = rows(crew, shelf)

    assert tuple(lamp) == (*COLUMNS, "fields.vendor")
    assert (lamp["fields.vendor"], box["fields.vendor"]) == ("Acme", "")


def test_json_states_how_many_and_holds_all_of_them(crew: Crew) -> None:
    crew.publishes("prp_lamp")
    shelf = begins(crew, "夜市", "prp_lamp@1")
    with crew.work(crew.supervisor) as work:
        publishing.withdraw(work, "prp_lamp", 1, "consent was revoked")

    found = json.loads(exported(crew, shelf, Form.JSON))

    assert (found["title"], found["total"]) == ("夜市", 1)
    (item,) = found["items"]
    assert tuple(item) == (*COLUMNS, "fields")
    assert (item["absence"], item["reason"], item["tags"]) == ("withdrawn", "consent was revoked", [])


def test_an_empty_collection_is_a_header_and_valid_json(crew: Crew) -> None:
    shelf = begins(crew)

    assert exported(crew, shelf, Form.CSV).decode().strip() == ",".join(COLUMNS)
    assert json.loads(exported(crew, shelf, Form.JSON))["items"] == []


def test_a_long_collection_is_exported_page_by_page(crew: Crew) -> None:
    codes = [f"prp_x{number:03}" for number in range(450)]
    crew.registers(*codes)
    shelf = begins(crew, "Long", *codes)

    made = exporting.export(crew.desk, crew.artist, shelf, None, Form.CSV)

    chunks = list(made.chunks)
    assert (made.count, made.file_name) == (450, "Long.csv")
    assert len(chunks) == 1 + 3
    assert [row["code"] for row in rows(crew, shelf)] == codes


def test_for_spreadsheets_a_formula_is_text_and_the_file_is_marked(crew: Crew) -> None:
    crew.registers("prp_a")
    shelf = begins(crew)
    adds(crew, shelf, "prp_a", note="=1+1")

    marked, plain = (exported(crew, shelf, Form.CSV, bom=bom) for bom in (True, False))

    assert (marked[:3], plain[:3]) == (b"\xef\xbb\xbf", b"num")
    assert (b",'=1+1," in marked, b",=1+1," in plain) == (True, True)


def test_an_export_holds_what_its_reader_may_see(crew: Crew) -> None:
    ann = crew.joins("ann", Role.ARTIST, groups=["dawn"])
    crew.registers("prp_a")
    crew.registers("prp_secret", by=ann, audience=("dawn",))
    shelf = begins(crew, "Shelf", "prp_secret", "prp_a", by=ann)
    changes(crew, shelf, by=ann, studio=ShareRole.VIEW)

    assert [(row["number"], row["code"]) for row in rows(crew, shelf, crew.artist)] == [("1", "prp_a")]
    assert json.loads(exported(crew, shelf, Form.JSON, crew.artist))["total"] == 1
    with pytest.raises(NotFound):
        exporting.export(crew.desk, crew.artist, begins(crew, by=ann), None, Form.CSV)


def test_paths_are_lines_and_what_cannot_be_taken_says_why(crew: Crew) -> None:
    root = crew.has_root()
    crew.registers("prp_near", "prp_none")
    crew.publishes("prp_lamp", {"geo/lamp.usd": b"x"})
    crew.drafts("prp_near", referenced("crate.usd", root=root))
    with crew.work() as work:
        publishing.submit(work, "prp_near", 1)
    shelf = begins(crew, "Shelf", "prp_lamp", "prp_none")

    with crew.view(crew.artist) as view:
        names = exporting.every_name(view, shelf, None)
        resolved = resolving.resolve_all(view, names, platform=Platform.LINUX, site="main")

    assert names == ["prp_lamp", "prp_none"]
    assert list(exporting.path_lines(resolved)) == [
        "catalog://assets/prp_lamp/v1/files/geo/lamp.usd",
        "# prp_none: prp_none has no published version; none is published yet",
    ]
