"""Alembic's entry: always runs on the connection that ``catalog.db.migrate`` opened."""

from __future__ import annotations

from alembic import context

from catalog.db.base import Base

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    render_as_batch=True,
    compare_type=True,
    user_module_prefix="catalog.db.base.",
)
with context.begin_transaction():
    context.run_migrations()
