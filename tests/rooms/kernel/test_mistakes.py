"""What is wrong with a request, in our words: the value, what is wrong with it, and what would be right."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Any

import pytest
from pydantic import BaseModel, ConfigDict, Field, StrictFloat, StrictInt, StrictStr, ValidationError

from catalog.kernel.mistakes import ANYTHING_ELSE, mistakes


class Finish(StrEnum):
    """What a lamp is made of."""

    BRASS = "brass"
    STEEL = "steel"


class Lamp(BaseModel):
    """What is sent."""

    model_config = ConfigDict(extra="forbid")

    name: Annotated[str, Field(min_length=2, max_length=70)] = "lamp"
    watts: Annotated[int, Field(ge=1, le=500)] = 60
    lit: bool = False
    finish: Finish = Finish.BRASS
    tags: Annotated[tuple[str, ...], Field(max_length=2)] = ()
    fields: dict[str, StrictStr | StrictInt | StrictFloat | None] = {}
    password: str | None = None
    letter: Annotated[str, Field(pattern="^[a-z]$")] = "a"
    at: complex = 0j


class Box(BaseModel):
    """What holds some."""

    lamps: tuple[Lamp, ...]


def _told(model: type[BaseModel], text: str) -> list[tuple[str, str]]:
    with pytest.raises(ValidationError) as refused:
        model.model_validate_json(text)
    return [(one.field, one.message) for one in mistakes(refused.value.errors(include_url=False))]


@pytest.mark.parametrize(
    "sent, field, said",
    [
        ('{"name": 7}', "name", "7 is no text; give one, in quotes"),
        ('{"name": null}', "name", "null is no text; give one, in quotes"),
        ('{"name": ["a"]}', "name", "a list is no text; give one, in quotes"),
        ('{"name": {}}', "name", "an object is no text; give one, in quotes"),
        ('{"name": "a"}', "name", "'a' has too few characters; give 2 or more"),
        (f'{{"name": "{"b" * 90}"}}', "name", f"'{'b' * 60}…' has too many characters; give 70 at most"),
        ('{"watts": "bright"}', "watts", "'bright' is no whole number; give one, such as 3"),
        ('{"watts": 1.5}', "watts", "1.5 has a fraction; give a whole number"),
        ('{"watts": 0}', "watts", "0 is too small; give 1 or more"),
        ('{"watts": 501}', "watts", "501 is too large; give 500 at most"),
        (f'{{"watts": {10**30}}}', "watts", "the number is too large; give 500 at most"),
        ('{"lit": "maybe"}', "lit", "'maybe' is neither true nor false; give one of the two"),
        (
            '{"finish": "gold"}',
            "finish",
            "'gold' is not among the values that are taken; give 'brass' or 'steel'",
        ),
        ('{"tags": "old"}', "tags", "'old' is no list; give one, in square brackets"),
        ('{"tags": ["a", "b", "c"]}', "tags", "a list has too many entries; give 2 at most"),
        ('{"tags": ["a", 7]}', "tags.1", "7 is no text; give one, in quotes"),
        ('{"fields": []}', "fields", "a list is no object; give one, in braces"),
        ('{"letter": "7"}', "letter", "'7' is not of the form that is taken; give what matches ^[a-z]$"),
        (
            '{"colour": "red"}',
            "colour",
            "it is sent under a name that is not known here; correct the name, or leave it out",
        ),
        ('{"name": ', "", "it is no JSON at line 1 column 9; correct it there"),
        ("[]", "", "a list is no object; give one, in braces"),
        ('{"at": "noon"}', "at", f"'noon' {ANYTHING_ELSE}"),
    ],
)
def test_the_value_what_is_wrong_with_it_and_the_remedy_are_told(sent: str, field: str, said: str) -> None:
    assert _told(Lamp, sent) == [(field, said)]


def test_what_is_left_out_is_told_by_its_place() -> None:
    assert _told(Box, "{}") == [("lamps", "it is left out, but needed; give it")]
    assert _told(Box, '{"lamps": [{}, {"name": 7}]}') == [("lamps.1.name", "7 is no text; give one, in quotes")]


def test_a_value_that_may_be_of_several_types_is_told_once() -> None:
    told = _told(Lamp, '{"fields": {"vendor": [], "seats": true, "note": "all right"}}')

    assert told == [
        ("fields.vendor", "a list is neither text nor a number; give one of these"),
        ("fields.seats", "true is neither text nor a number; give one of these"),
    ]


def test_a_password_is_not_repeated_though_it_is_wrong() -> None:
    assert _told(Lamp, '{"password": 4711}') == [("password", "what was given is no text; give one, in quotes")]


def test_what_a_model_of_ours_refuses_is_told_in_its_words() -> None:
    error: dict[str, Any] = {"type": "value_error", "loc": ("url",), "msg": "", "input": 7}
    error["ctx"] = {"error": ValueError("is no address; give one")}

    assert [one.message for one in mistakes([error])] == ["7 is no address; give one"]  # type: ignore[list-item]
