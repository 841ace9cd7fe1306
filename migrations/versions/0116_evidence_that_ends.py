"""Evidence of showings is deleted when its time is over: a row says so first, and opens the wall for just these rows."""

import sqlalchemy as sa
from alembic import op

revision = "0116"
down_revision = "0115"
branch_labels = None
depends_on = None

DAYS = {"promotion": "shown_on", "certification": "signed_on"}
"""Each table of evidence, with the day of its rows."""
ACTS = {"promotion": "UPDATE OR DELETE", "certification": "DELETE"}


def _is_over(table: str) -> str:
    return (
        f"EXISTS (SELECT 1 FROM evidence_end WHERE evidence_end.account_id = OLD.account_id "  # noqa: S608 words of our own
        f"AND evidence_end.last_on >= OLD.{DAYS[table]})"
    )


def upgrade() -> None:
    op.create_table(
        "evidence_end",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        *(sa.Column(each, sa.Date(), nullable=False) for each in ("last_on", "kept_until", "ended_on")),
        *(sa.Column(each, sa.Integer(), nullable=False) for each in ("showings", "statements", "attempts")),
        sa.CheckConstraint(
            "last_on < kept_until AND kept_until < ended_on", name=op.f("ck_evidence_end_after_its_time")
        ),
        sa.CheckConstraint(
            "showings >= 0 AND statements >= 0 AND attempts >= 0", name=op.f("ck_evidence_end_rows_counted")
        ),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_evidence_end_account_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_evidence_end")),
    )
    op.create_index("ix_evidence_end_account", "evidence_end", ["account_id", "last_on"])
    if op.get_bind().dialect.name == "postgresql":
        _open_on_postgresql()
        return
    for act in ("update", "delete"):
        op.execute(
            f"CREATE TRIGGER evidence_end_no_{act} BEFORE {act.upper()} ON evidence_end "
            "BEGIN SELECT RAISE(ABORT, 'evidence_end is append-only'); END"
        )
    for table in DAYS:
        _wall(table, f" WHEN NOT {_is_over(table)}")


def _wall(table: str, condition: str) -> None:
    op.execute(f"DROP TRIGGER {table}_no_delete")
    op.execute(
        f"CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table}{condition} "
        f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
    )


def _open_on_postgresql() -> None:
    op.execute(
        "CREATE TRIGGER evidence_end_append_only BEFORE UPDATE OR DELETE ON evidence_end "
        "FOR EACH ROW EXECUTE FUNCTION refuse_change()"
    )
    op.execute(
        "CREATE TRIGGER evidence_end_not_emptied BEFORE TRUNCATE ON evidence_end "
        "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
    )
    for table in DAYS:
        op.execute(
            f"CREATE FUNCTION refuse_kept_{table}() RETURNS trigger LANGUAGE plpgsql AS "
            f"$$ BEGIN IF TG_OP = 'DELETE' AND {_is_over(table)} THEN RETURN OLD; END IF; "
            "RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'check_violation'; END $$"
        )
        _wall_on_postgresql(table, f"refuse_kept_{table}")


def _wall_on_postgresql(table: str, function: str) -> None:
    op.execute(f"DROP TRIGGER {table}_append_only ON {table}")
    op.execute(
        f"CREATE TRIGGER {table}_append_only BEFORE {ACTS[table]} ON {table} "
        f"FOR EACH ROW EXECUTE FUNCTION {function}()"
    )


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        for table in DAYS:
            _wall_on_postgresql(table, "refuse_change")
            op.execute(f"DROP FUNCTION refuse_kept_{table}()")
    else:
        for table in DAYS:
            _wall(table, "")
    op.drop_table("evidence_end")
