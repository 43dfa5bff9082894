"""What decides the order of hits, and what tells documents apart."""

from dataclasses import fields, replace
from datetime import UTC, datetime
from uuid import UUID

import pytest

from catalog.fields.vocabulary import FieldType
from catalog.search.port import Document
from catalog.search.recorded import Custom
from catalog.search.relevance import digest, halves, likeness_words, standing, whole_id
from catalog.search.vocabulary import Measure, Sort

ANN = Document(
    id=UUID("01890a5d-ac96-774b-bcce-b302099a8057"),
    code="chr_ann",
    name="Ann Éclair",
    kind="digital_double",
    status="active",
    updated_at=datetime(2026, 7, 1, 12, 0, 0, 5, tzinfo=UTC),
    asset_audience="studio",
    show_audience="studio",
)
OTHERWISE = {
    "id": UUID(int=1),
    "code": "chr_bob",
    "name": "Bob",
    "kind": "creature",
    "status": "retired",
    "updated_at": datetime(2026, 7, 2, tzinfo=UTC),
    "asset_audience": "a",
    "show_audience": "b",
    "aliases": ("安",),
    "description": "hero",
    "tags": ("hero",),
    "external_ids": ("SG-1",),
    "shows": ("orion",),
    "uses": 3,
    "owner": "mira",
    "created_at": datetime(2025, 7, 2, tzinfo=UTC),
    "custom": (Custom(name="vendor", type=FieldType.EXACT, value="Acme"),),
    "formats": ("usd",),
    "files": ("ann.usd",),
    "parts": ("model",),
    "measures": {Measure.SIZE: 1},
}


@pytest.mark.parametrize("name", [field.name for field in fields(Document)])
def test_a_digest_tells_every_field(name: str) -> None:
    assert digest(replace(ANN, **{name: OTHERWISE[name]})) != digest(ANN)  # type: ignore[arg-type] # any field


def test_a_digest_does_not_change_from_one_release_to_the_next() -> None:
    assert digest(ANN) == 8_276_615_915_598_883_804


def test_an_id_survives_being_halved() -> None:
    assert whole_id(*halves(ANN.id)) == ANN.id


def test_a_place_is_made_of_whole_numbers_that_fit_sixty_four_bits() -> None:
    place = standing(ANN)

    assert place.updated_us == 1_782_907_200_000_005
    assert place.name_words == 2
    assert [place.position(sort, 7)[0] for sort in Sort] == [-7, -1_782_907_200_000_005, int.from_bytes(b"ann ecla"), 0]


@pytest.mark.parametrize(
    "name,expected",
    [("Grey Wolf v012", ("grey", "wolf")), ("邓丽君", ("邓丽", "丽君")), ("mk 2", ()), ("Wolf wolf", ("wolf",))],
)
def test_names_are_compared_by_words_that_tell_something(name: str, expected: tuple[str, ...]) -> None:
    assert likeness_words(name) == expected
