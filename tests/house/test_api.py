"""The table of operations and the doors that it feeds agree."""

from __future__ import annotations

import re

from catalog.api import problems
from catalog.api.operation import NoQuery
from catalog.api.table import OPERATIONS
from catalog.kernel import errors
from catalog.kernel.abilities import Ability
from catalog.kernel.errors import CatalogError, NotSignedIn
from catalog.web import pages_of_errors
from tests.studio import Studio

_NAME = re.compile(r"[a-z]+\.[a-z]+(-[a-z]+)*")
_WORD = re.compile(r"{(\w+)}")


def test_every_operation_has_a_route_and_every_route_an_operation(studio: Studio) -> None:
    routes = {
        (method, re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", rule.rule).removeprefix("/api/v1"))
        for rule in studio.app.url_map.iter_rules()
        if rule.endpoint.startswith("api.")
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }

    assert routes == {(operation.method, operation.path) for operation in OPERATIONS}


def test_every_operation_is_named_once_as_noun_and_verb() -> None:
    names = [operation.name for operation in OPERATIONS]

    assert [name for name in names if not _NAME.fullmatch(name)] == []
    assert len(set(names)) == len(names)


def test_reads_are_gets_and_writes_need_more_than_browsing_but_for_ones_own_language() -> None:
    assert {operation.method for operation in OPERATIONS if operation.read} == {"GET"}
    assert [one.name for one in OPERATIONS if one.write and one.ability is Ability.BROWSE] == ["me.change"]


def test_every_ability_is_asked_for_or_used_by_name() -> None:
    asked = {operation.ability for operation in OPERATIONS}

    assert set(Ability) - asked == {Ability.SEE_EVERYTHING, Ability.ACT_FOR_OTHERS}


def test_every_body_and_query_refuses_unknown_fields() -> None:
    models = {model for one in OPERATIONS for model in (one.query, one.body) if model is not None}

    assert NoQuery in models
    assert [model.__name__ for model in models if model.model_config.get("extra") != "forbid"] == []


def test_whatever_creates_takes_an_idempotency_key() -> None:
    creating = {one.name for one in OPERATIONS if one.method == "POST" and one.status == 201}

    # The secret of a token is shown this once; an answer that was kept would keep it.
    assert {one.name for one in OPERATIONS if one.creates} >= creating - {"collections.make-link", "tokens.issue"}


def test_every_listing_is_paged() -> None:
    listed = [one for one in OPERATIONS if one.name.endswith(".list") and one.name != "relations.list"]

    assert [one.name for one in listed if "limit" not in one.query.model_fields] == []


def test_every_operation_says_in_a_sentence_what_it_does() -> None:
    summaries = [operation.summary for operation in OPERATIONS]

    assert [summary for summary in summaries if not summary[0].isupper() or summary.endswith(".")] == []
    assert len(set(summaries)) == len(summaries)


def test_the_words_of_an_address_are_read_by_name() -> None:
    words = {word for operation in OPERATIONS for word in _WORD.findall(operation.path)}

    assert words == {"code", "number", "path", "sha256", "id", "login", "name", "seq", "relation", "item", "link"}


def test_pages_and_api_give_a_refusal_the_same_status() -> None:
    refusals = [kind for kind in vars(errors).values() if isinstance(kind, type) and issubclass(kind, CatalogError)]
    shown_as_pages = [kind("refused") for kind in refusals if kind is not NotSignedIn]

    assert len(shown_as_pages) > 8
    assert [pages_of_errors.status_of(one) for one in shown_as_pages] == [
        problems.status_of(one)[0] for one in shown_as_pages
    ]
