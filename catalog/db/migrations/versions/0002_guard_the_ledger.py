"""Guard the ledger: its head, and triggers that refuse to change or delete what was entered."""

from __future__ import annotations

from alembic import op

revision = "0002_guard_the_ledger"
down_revision = "0001_enter_the_registry"
branch_labels = None
depends_on = None

GUARDED = {"ledger_entry": "seq = NEW.seq", "ledger_subject": "seq = NEW.seq AND subject_id = NEW.subject_id"}
"""The guarded tables, and when a row of them is the one that is being entered."""
REFUSAL = "the ledger is never changed"


def upgrade() -> None:
    """Enter the head of an empty chain, and guard entries and their subjects."""
    op.execute(f"INSERT INTO ledger_head (id, seq, hash) VALUES (1, 0, '{'0' * 64}')")  # noqa: S608 — constants
    if op.get_bind().dialect.name == "sqlite":
        for table, same in GUARDED.items():
            for act in ("UPDATE", "DELETE"):
                op.execute(
                    f"CREATE TRIGGER {table}_no_{act.lower()} BEFORE {act} ON {table} "
                    f"BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END"
                )
            # INSERT OR REPLACE deletes without asking the trigger above.
            known = f"EXISTS (SELECT 1 FROM {table} WHERE {same})"  # noqa: S608 — constants
            op.execute(
                f"CREATE TRIGGER {table}_no_replace BEFORE INSERT ON {table} WHEN {known} "
                f"BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END"
            )
        return
    op.execute(
        "CREATE FUNCTION refuse_ledger_change() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{REFUSAL}'; END $$"
    )
    for table in GUARDED:
        op.execute(
            f"CREATE TRIGGER {table}_guard BEFORE UPDATE OR DELETE ON {table} "
            "FOR EACH ROW EXECUTE FUNCTION refuse_ledger_change()"
        )
        op.execute(
            f"CREATE TRIGGER {table}_truncate_guard BEFORE TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION refuse_ledger_change()"
        )
