"""Limit tokens to networks."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0012_limit_tokens"
down_revision = "0011_sum_up_versions"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Limit tokens to networks; those that there are stay good for all."""
    op.add_column("token", sa.Column("networks", sa.JSON(), nullable=False, server_default=sa.text("'[]'")))
    with op.batch_alter_table("token", schema=None) as batch_op:
        batch_op.alter_column("networks", server_default=None)
