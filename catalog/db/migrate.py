"""Bringing a database up to the tables that the code expects."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

if TYPE_CHECKING:
    from sqlalchemy import Connection, Engine

SCRIPTS = Path(__file__).parent / "migrations"


def upgrade(engine: Engine) -> None:
    """Run the migrations that are missing, each in a transaction; safe to run twice, and by two processes at once."""
    with engine.execution_options(writes=True).begin() as connection:
        if connection.dialect.name == "postgresql":
            connection.exec_driver_sql("SELECT pg_advisory_xact_lock(7235791)")
        command.upgrade(config_for(connection), "head")


def is_current(engine: Engine) -> bool:
    """Whether no migration is missing."""
    with engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision() == head()


def head() -> str | None:
    """Return the name of the last migration."""
    return ScriptDirectory.from_config(config_for(None)).get_current_head()


def config_for(connection: Connection | None) -> Config:
    """Return Alembic's configuration for an open connection."""
    config = Config()
    config.set_main_option("script_location", str(SCRIPTS).replace("%", "%%"))
    config.set_main_option("file_template", "%%(rev)s")
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config
