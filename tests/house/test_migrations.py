"""Migrations from nothing equal the models, on both databases."""

import importlib
import re

from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine

from catalog.db import migrate
from catalog.db.base import Base
from tests.house.source import modules


def test_migrations_from_nothing_equal_the_models(engine: Engine) -> None:
    for module in modules():
        if module.path.name == "models.py":
            importlib.import_module(module.name)

    with engine.connect() as connection:
        context = MigrationContext.configure(
            connection, opts={"compare_type": True, "compare_server_default": True, "render_as_batch": True}
        )
        differences = compare_metadata(context, Base.metadata)

    assert differences == []


def test_migrations_are_one_line_numbered_without_a_gap() -> None:
    scripts = list(ScriptDirectory.from_config(migrate.config_for(None)).walk_revisions())

    numbers = [int(script.revision[:4]) for script in reversed(scripts)]

    assert numbers == list(range(1, len(scripts) + 1))
    assert [script.down_revision for script in scripts] == [*(one.revision for one in scripts[1:]), None]


def test_a_migration_is_named_like_its_file() -> None:
    files = {path.stem for path in (migrate.SCRIPTS / "versions").glob("*.py")}

    revisions = {script.revision for script in ScriptDirectory.from_config(migrate.config_for(None)).walk_revisions()}

    assert revisions == files
    assert [name for name in files if not re.fullmatch(r"[0-9]{4}(_[a-z]+)+", name)] == []
