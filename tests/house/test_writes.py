"""Every write refuses a viewer, and does so before it looks at anything."""

import ast
import importlib
import inspect
from collections.abc import Callable, Iterator

import pytest
from sqlalchemy import Engine, func, select

from catalog.accounts.vocabulary import ROLE_ABILITIES, Role
from catalog.kernel.actors import Actor
from catalog.kernel.errors import NotPermitted
from catalog.kernel.ids import new_id
from catalog.ledger.models import LedgerEntry
from catalog.reactions import REACTIONS
from catalog.work.desk import Desk
from tests.house.source import functions, modules

DOORS = {"api", "app", "cli", "web", "worker", "work"}
"""Doors hand the unit of work on to acts, and ``work`` is where it is made."""

PARTS = {
    "catalog.accounts.audiences.audience_of_groups",
    "catalog.assets.amending.hold_all",
    "catalog.assets.drafting.version_row",
    "catalog.assets.publishing.anything_unsettled",
    "catalog.assets.publishing.hold",
    "catalog.assets.registry.enter_external_ids",
    "catalog.assets.registry.hold_asset",
    "catalog.assets.registry.read_neighbours",
    "catalog.assets.registry.taken_external_keys",
    "catalog.assets.relating.lock",
}
"""Parts of several acts: each act that uses one has asked already, and by themselves they leave no entry."""

VIEWER = Actor(id=new_id(), name="vic", abilities=ROLE_ABILITIES[Role.VIEWER])


def _writes() -> Iterator[str]:
    """The names of all public functions that take a unit of work, outside the doors."""
    for module in modules():
        if module.room in DOORS:
            continue
        for function in module.tree.body:
            if (
                isinstance(function, ast.FunctionDef)
                and not function.name.startswith("_")
                and "UnitOfWork" in _annotations(function)
            ):
                yield f"{module.name}.{function.name}"


def _annotations(function: ast.FunctionDef | ast.AsyncFunctionDef) -> set[str]:
    arguments = (*function.args.posonlyargs, *function.args.args, *function.args.kwonlyargs)
    return {ast.unparse(one.annotation) for one in arguments if one.annotation}


def _imported(name: str) -> Callable[..., object]:
    module, _, function = name.rpartition(".")
    found: Callable[..., object] = getattr(importlib.import_module(module), function)
    return found


@pytest.mark.parametrize("name", [name for name in _writes() if name not in PARTS])
def test_every_act_refuses_a_viewer_before_it_looks_at_anything(sqlite_engine: Engine, name: str) -> None:
    desk, act = Desk(engine=sqlite_engine, reactions=REACTIONS), _imported(name)
    needed = [one for one in inspect.signature(act).parameters.values() if one.default is one.empty]
    nothing = {one.name: None for one in needed[1:]}

    with desk.work(VIEWER) as work, pytest.raises(NotPermitted, match="vic may not"):
        act(work, **nothing)

    with desk.read() as session:
        assert session.scalar(select(func.count()).select_from(LedgerEntry)) == 0


def test_the_parts_of_acts_are_there() -> None:
    assert set(_writes()) >= PARTS


def test_no_act_is_given_a_store() -> None:
    slow = {"BlobStore", "Handing", "Handover", "Intake", "Staging", "Stores", "Transfers", "Workshop"}

    given = {
        f"{module.name}.{function.name}": annotations & slow
        for module in modules()
        if module.room not in DOORS
        for function in functions(module.tree)
        for annotations in [_annotations(function)]
        if "UnitOfWork" in annotations
    }

    assert {name: stores for name, stores in given.items() if stores} == {}
