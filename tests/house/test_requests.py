"""What every request may hold: nothing that is wrong with it is told in the words of the library that reads it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, get_args

import pytest
from pydantic import BaseModel, ValidationError

from catalog.api.imports import ImportRowBody
from catalog.api.table import OPERATIONS
from catalog.kernel.mistakes import ANYTHING_ELSE, mistakes

if TYPE_CHECKING:
    from collections.abc import Iterator

WRONG: tuple[Any, ...] = (
    *(None, True, 7, -1, 1.5, 10**30, float("nan")),
    *("", "?", "x" * 30_000, "\ud800"),
    *([], [7], ["?"], [{}], ["z"] * 30_001),
    *({}, {"a": []}, {"text": 7, "sha256": 7}),
)


def _within(model: type[BaseModel]) -> Iterator[type[BaseModel]]:
    """Yield the model and those that its fields hold, at any depth."""
    yield model
    waiting: list[Any] = [field.annotation for field in model.model_fields.values()]
    while waiting:
        one = waiting.pop()
        if isinstance(one, type) and issubclass(one, BaseModel):
            yield from _within(one)
        waiting += get_args(one)


SENT = {model for one in OPERATIONS for model in (one.query, one.body) if model is not None} | {ImportRowBody}
MODELS = sorted({one for model in SENT for one in _within(model)}, key=lambda one: one.__name__)


def _refusals(model: type[BaseModel], sent: object) -> Iterator[tuple[str, str, str]]:
    """Yield type of error, what pydantic says and what we say; of very many, the first."""
    try:
        model.model_validate(sent)
    except ValidationError as refused:
        for one in refused.errors(include_url=False)[:5]:
            yield one["type"], one["msg"], next(mistakes([one])).message


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_what_is_wrong_with_a_request_is_told_in_our_words_with_a_remedy(model: type[BaseModel]) -> None:
    names = [field.alias or name for name, field in model.model_fields.items()]
    sent: list[object] = [*WRONG, {"nonsense": 1}, *({name: wrong} for name in names for wrong in WRONG)]

    told = [found for one in sent for found in _refusals(model, one)]

    assert len(told) > 10
    assert {kind for kind, _, ours in told if ANYTHING_ELSE in ours} == set(), "SENTENCES lack these"
    assert [ours for _, theirs, ours in told if theirs in ours or ";" not in ours] == []


def test_what_requests_hold_within_them_is_looked_at_too() -> None:
    names = {model.__name__ for model in MODELS}

    assert names >= {"AliasBody", "FileBody", "ShareBody", "TemplateBody", "ImportRowBody"}
