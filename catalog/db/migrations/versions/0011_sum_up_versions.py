"""Sum up versions."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011_sum_up_versions"
down_revision = "0010_keep_searches"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Sum up versions."""
    op.create_table(
        "summary",
        sa.Column("version_id", sa.Uuid(), nullable=False),
        sa.Column("formats", sa.JSON(), nullable=False),
        sa.Column("names", sa.JSON(), nullable=False),
        sa.Column("parts", sa.JSON(), nullable=False),
        sa.Column("measures", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["version_id"], ["asset_version.id"], name=op.f("fk_summary_version_id_asset_version")),
        sa.PrimaryKeyConstraint("version_id", name=op.f("pk_summary")),
    )
