"""Bringing a database up to the tables that the code expects.

Alembic is imported only to change something: web and worker just ask whether a migration is missing.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import inspect, text

from catalog.kernel.errors import Conflict

if TYPE_CHECKING:
    from alembic.config import Config
    from sqlalchemy import Connection, Engine

SCRIPTS = Path(__file__).parent / "migrations"
_LOCK = 7_235_791
"""Any number that nobody else on the PostgreSQL server takes an advisory lock with."""


def upgrade(engine: Engine) -> None:
    """Run the migrations that are missing, in one transaction; safe to run twice, and by two processes at once.

    Raises ``Conflict`` for a database that another release has made.
    """
    from alembic import command  # noqa: PLC0415 — as the module says

    with engine.execution_options(writes=True).begin() as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(:number)"), {"number": _LOCK})
        reached = _reached(connection)
        if reached is not None and reached not in _names():
            raise Conflict(
                f"another release has made this database (it stands at {reached!r}, which is not known here); "
                "start that release, or begin with another --data folder or CATALOG_DATABASE_URL",
                code="other-release",
            )
        command.upgrade(config_for(connection), "head")


def is_current(engine: Engine) -> bool:
    """Whether no migration is missing."""
    with engine.connect() as connection:
        return _reached(connection) == head()


def head() -> str:
    """Return the name of the last migration; their files are numbered, and each is named by its file."""
    return max(_names())


def _names() -> set[str]:
    return {path.stem for path in (SCRIPTS / "versions").glob("[0-9]*.py")}


def _reached(connection: Connection) -> str | None:
    if not inspect(connection).has_table("alembic_version"):
        return None
    reached: str | None = connection.scalar(text("SELECT version_num FROM alembic_version"))
    return reached


def config_for(connection: Connection | None) -> Config:
    """Return Alembic's configuration for an open connection."""
    from alembic.config import Config  # noqa: PLC0415 — as the module says

    config = Config()
    config.set_main_option("script_location", str(SCRIPTS).replace("%", "%%"))
    config.set_main_option("file_template", "%%(rev)s")
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config
