"""Note who was seen."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import catalog.db.base

revision = "0013_note_who_was_seen"
down_revision = "0012_limit_tokens"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Note who was seen; nobody of those who are there was."""
    op.add_column("user_account", sa.Column("last_seen_at", catalog.db.base.UtcDateTime(timezone=True), nullable=True))
