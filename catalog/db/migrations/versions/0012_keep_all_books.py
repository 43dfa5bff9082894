"""Keep books: work that is owed, answers and rows that are not to be done twice, whose turn it is to sweep."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import catalog.db.base

revision = "0012_keep_all_books"
down_revision = "0011_sum_up_versions"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Keep books."""
    op.create_table(
        "import_row",
        sa.Column("import_key", sa.String(length=80), nullable=False),
        sa.Column("actor_id", sa.Uuid(), nullable=False),
        sa.Column("row", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("outcome", sa.JSON(), nullable=False),
        sa.Column("created_at", catalog.db.base.UtcDateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("import_key", "actor_id", "row", name=op.f("pk_import_row")),
    )
    with op.batch_alter_table("import_row", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_import_row_created_at"), ["created_at"], unique=False)

    op.create_table(
        "job",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("lane", sa.String(length=12), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("progress", sa.Float(), nullable=False),
        sa.Column("error", sa.Text(), nullable=True),
        sa.Column("error_codes", sa.JSON(), nullable=True),
        sa.Column("failing_since", catalog.db.base.UtcDateTime(timezone=True), nullable=True),
        sa.Column("worker", sa.String(length=80), nullable=True),
        sa.Column("lease_id", sa.Uuid(), nullable=True),
        sa.Column("due_at", catalog.db.base.UtcDateTime(timezone=True), nullable=False),
        sa.Column("lease_until", catalog.db.base.UtcDateTime(timezone=True), nullable=True),
        sa.Column("created_at", catalog.db.base.UtcDateTime(timezone=True), nullable=False),
        sa.Column("started_at", catalog.db.base.UtcDateTime(timezone=True), nullable=True),
        sa.Column("ended_at", catalog.db.base.UtcDateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_job")),
    )
    with op.batch_alter_table("job", schema=None) as batch_op:
        batch_op.create_index(
            "ix_job_due",
            ["lane", "due_at"],
            unique=False,
            sqlite_where=sa.text("state = 'owed'"),
            postgresql_where=sa.text("state = 'owed'"),
        )
        batch_op.create_index("ix_job_state", ["state", "ended_at"], unique=False)
        batch_op.create_index("ix_job_subject", ["subject_id"], unique=False)
        batch_op.create_index(
            "ux_job_owed",
            ["kind", "subject_id"],
            unique=True,
            sqlite_where=sa.text("state = 'owed'"),
            postgresql_where=sa.text("state = 'owed'"),
        )

    op.create_table(
        "kept_answer",
        sa.Column("caller", sa.String(length=64), nullable=False),
        sa.Column("operation", sa.String(length=80), nullable=False),
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.Column("request_digest", sa.String(length=64), nullable=False),
        sa.Column("status", sa.Integer(), nullable=False),
        sa.Column("headers", sa.JSON(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", catalog.db.base.UtcDateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("caller", "operation", "key", name=op.f("pk_kept_answer")),
    )
    with op.batch_alter_table("kept_answer", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_kept_answer_created_at"), ["created_at"], unique=False)

    op.create_table(
        "sweep_turn",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("turn_id", sa.Uuid(), nullable=True),
        sa.Column("until", catalog.db.base.UtcDateTime(timezone=True), nullable=True),
        sa.Column("ended_at", catalog.db.base.UtcDateTime(timezone=True), nullable=True),
        sa.Column("problem", sa.Text(), nullable=True),
        sa.Column("held", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sweep_turn")),
    )
