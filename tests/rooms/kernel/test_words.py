"""The words that every room speaks: refusals, ids, actors, the clock."""

import subprocess
import sys
from dataclasses import replace
from datetime import UTC, timedelta
from uuid import UUID

import pytest

from catalog.kernel import clock
from catalog.kernel.abilities import Ability
from catalog.kernel.actors import Actor, system_actor
from catalog.kernel.errors import (
    CatalogError,
    Conflict,
    FieldError,
    InvalidInput,
    NotCleared,
    NotFound,
    NotPermitted,
    NotSignedIn,
    Stale,
    TooMany,
    Unavailable,
)
from catalog.kernel.ids import find_id, new_id


@pytest.mark.parametrize(
    "refusal, code",
    [
        (NotFound, "not-found"),
        (InvalidInput, "invalid-input"),
        (Conflict, "conflict"),
        (Stale, "stale"),
        (NotPermitted, "not-permitted"),
        (NotSignedIn, "not-signed-in"),
        (NotCleared, "not-cleared"),
        (Unavailable, "unavailable"),
        (TooMany, "too-many-requests"),
    ],
)
def test_every_refusal_has_a_code_of_its_own(refusal: type[CatalogError], code: str) -> None:
    assert refusal("no").code == code


@pytest.mark.parametrize(
    "narrow, wide", [(Stale, Conflict), (NotSignedIn, NotPermitted), (TooMany, Unavailable), (NotFound, CatalogError)]
)
def test_a_narrow_refusal_is_a_case_of_the_wide_one(narrow: type[CatalogError], wide: type[CatalogError]) -> None:
    assert issubclass(narrow, wide)


def test_of_a_value_that_is_kept_beside_a_refusal_there_is_no_more_than_a_sentence_tells() -> None:
    kept = InvalidInput("it is too long", code="too-long", found="x" * 9_000, most=40).kept()

    assert kept == {"about": "", "code": "too-long", "values": {"found": "x" * 500, "most": 40}}


def test_a_refusal_says_what_was_wrong_and_in_which_field() -> None:
    wrong = FieldError(field="files.3.sha256", message="is no SHA-256")

    refused = InvalidInput("a file is wrong", code="bad-file", errors=[wrong], asset="chr_ann")

    assert str(refused) == refused.message == "a file is wrong"
    assert refused.code == "bad-file"
    assert refused.errors == (wrong,)
    assert refused.details == {"asset": "chr_ann"}


def test_ids_are_in_the_order_in_which_they_were_made() -> None:
    made = [new_id() for _ in range(2_000)]

    assert made == sorted(made)
    assert len(set(made)) == 2_000
    assert {one.version for one in made} == {7}


def test_an_id_is_read_from_its_text() -> None:
    assert find_id("019308a4-9ab9-7c3e-8f67-3b6f0c4a2d11") == UUID("019308a4-9ab9-7c3e-8f67-3b6f0c4a2d11")


@pytest.mark.parametrize("text", ["", "chr_ann", "019308a4", "邓丽君", "019308a4-9ab9-7c3e-8f67-3b6f0c4a2d1g", "\0"])
def test_what_is_no_id_is_none(text: str) -> None:
    assert find_id(text) is None


def test_the_clock_tells_aware_utc_time() -> None:
    first, second = clock.now(), clock.now()

    assert first.tzinfo is UTC
    assert timedelta(0) <= second - first < timedelta(minutes=1)


def test_a_system_actor_is_the_same_each_time() -> None:
    worker = system_actor("worker:inspection")

    assert worker == system_actor("worker:inspection")
    assert worker.id == UUID("574743fa-a34d-56d3-9167-a04640f33d86")
    assert worker.id != system_actor("worker:previews").id


def test_an_actor_can_do_what_its_abilities_say() -> None:
    ann = Actor(id=new_id(), name="ann", abilities=frozenset({Ability.BROWSE}))

    assert ann.can(Ability.BROWSE)
    assert not ann.can(Ability.PUBLISH)
    assert not ann.sees_everything


def test_what_a_service_does_for_somebody_is_that_persons_own() -> None:
    farm = Actor(id=new_id(), name="farm", abilities=frozenset())
    ann = new_id()

    assert farm.person_id == farm.id
    assert replace(farm, on_behalf_of="ann", served_id=ann).person_id == ann


def test_the_kernel_is_read_without_any_other_room() -> None:
    program = (
        "import sys, catalog.kernel.actors, catalog.kernel.clock, catalog.kernel.ids, catalog.kernel.paging;"
        "print(sorted({name.split('.')[1] for name in sys.modules if name.startswith('catalog.')}))"
    )

    said = subprocess.run([sys.executable, "-c", program], capture_output=True, check=True, text=True)

    assert said.stdout.strip() == "['kernel']"
