"""Keep searches."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import catalog.db.base

revision = "0010_keep_searches"
down_revision = "0009_keep_custom_fields"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Keep searches."""
    op.create_table(
        "saved_search",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("query", sa.Text(), nullable=False),
        sa.Column("owner_id", sa.Uuid(), nullable=False),
        sa.Column("shared", sa.Boolean(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("created_at", catalog.db.base.UtcDateTime(timezone=True), nullable=False),
        sa.Column("updated_at", catalog.db.base.UtcDateTime(timezone=True), nullable=False),
        sa.Column("removed_at", catalog.db.base.UtcDateTime(timezone=True), nullable=True),
        sa.Column("looked_at", catalog.db.base.UtcDateTime(timezone=True), nullable=False),
        sa.Column("looked_seq", sa.BigInteger(), nullable=False),
        sa.Column("known", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(["owner_id"], ["user_account.id"], name=op.f("fk_saved_search_owner_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_saved_search")),
    )
    with op.batch_alter_table("saved_search", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_saved_search_owner_id"), ["owner_id"], unique=False)

    op.create_table(
        "saved_search_news",
        sa.Column("search_id", sa.Uuid(), nullable=False),
        sa.Column("asset_id", sa.Uuid(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["asset_id"], ["asset.id"], name=op.f("fk_saved_search_news_asset_id")),
        sa.ForeignKeyConstraint(["search_id"], ["saved_search.id"], name=op.f("fk_saved_search_news_search_id")),
        sa.PrimaryKeyConstraint("search_id", "asset_id", name=op.f("pk_saved_search_news")),
    )
    with op.batch_alter_table("saved_search_news", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_saved_search_news_asset_id"), ["asset_id"], unique=False)

    op.create_table(
        "saved_search_share",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("search_id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=True),
        sa.Column("group_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(["group_id"], ["user_group.id"], name=op.f("fk_saved_search_share_group_id")),
        sa.ForeignKeyConstraint(["search_id"], ["saved_search.id"], name=op.f("fk_saved_search_share_search_id")),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name=op.f("fk_saved_search_share_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_saved_search_share")),
        sa.UniqueConstraint("search_id", "group_id", name=op.f("uq_saved_search_share_search_id_group_id")),
        sa.UniqueConstraint("search_id", "user_id", name=op.f("uq_saved_search_share_search_id_user_id")),
    )
    with op.batch_alter_table("saved_search_share", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_saved_search_share_group_id"), ["group_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_saved_search_share_user_id"), ["user_id"], unique=False)

    op.create_table(
        "saved_search_watch",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("calls", sa.BigInteger(), nullable=False),
        sa.Column("through", sa.BigInteger(), nullable=True),
        sa.Column("asset_id", sa.Uuid(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_saved_search_watch")),
    )
