"""Keep custom fields."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import catalog.db.base

revision = "0009_keep_custom_fields"
down_revision = "0008_keep_synonyms"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Keep custom fields."""
    op.create_table(
        "custom_field",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("type", sa.String(length=6), nullable=False),
        sa.Column("label", sa.String(length=80), nullable=False),
        sa.Column("label_zh", sa.String(length=80), nullable=False),
        sa.Column("unit", sa.String(length=20), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("facet", sa.Boolean(), nullable=False),
        sa.Column("retired_at", catalog.db.base.UtcDateTime(timezone=True), nullable=True),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("created_at", catalog.db.base.UtcDateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_custom_field")),
        sa.UniqueConstraint("name", name=op.f("uq_custom_field_name")),
    )
