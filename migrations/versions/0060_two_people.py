"""What moves money takes two people: changes to awards, closing one, reversing an entry; and a cancelled payment is asked for again.

No verb has written a change to an award before, so its table is made anew, with the whole terms before and after it.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0060"
down_revision = "0059"
branch_labels = None
depends_on = None

CHANGE, CLOSING, REVERSAL = "award_change", "award_closing", "entry_reversal"
CAUSE = ["cause_table", "cause_id"]
OLD_CAUSE = op.f("uq_payment_cause_table_cause_id")
BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
JSON = sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql")
KINDS = ("time", "scope", "money")
OLD_STATUSES = ("asked", "approved", "refused", "withdrawn")
STATUSES = ("asked", "supported", "approved", "refused", "withdrawn")
COMMON = {
    "with_reason": "why <> ''",
    "refused_with_reason": "status <> 'refused' OR reason <> ''",
    "approved_by_another": "status <> 'approved' OR decided_by_id IS NULL OR decided_by_id <> asked_by_id",
}
OLD_CHECKS = COMMON | {
    "decided_if_not_asked": "(status = 'asked') = (decided_at IS NULL)",
    "moved_not_negative": "moved >= 0",
}
CHECKS = COMMON | {
    "decided_if_not_waiting": "(status IN ('asked', 'supported')) = (decided_at IS NULL)",
    "supported_if_money": "status <> 'supported' OR (kind = 'money' AND supported_at IS NOT NULL)",
    "money_by_two": "status <> 'approved' OR kind <> 'money' OR (supported_at IS NOT NULL"
    " AND (supported_by_id IS NULL OR decided_by_id IS NULL OR supported_by_id <> decided_by_id))",
}

CLOSING_CHECKS = {
    "ended_with_reason": "kind <> 'end' OR reason <> ''",
    "decided_if_not_proposed": "(status = 'proposed') = (decided_at IS NULL)",
    "refused_with_reason": "status <> 'refused' OR decision <> ''",
    "confirmed_by_another": "status <> 'confirmed' OR decided_by_id IS NULL OR proposed_by_id IS NULL"
    " OR decided_by_id <> proposed_by_id",
}
REVERSAL_CHECKS = {
    "with_reason": "reason <> ''",
    "decided_if_not_asked": "(status = 'asked') = (decided_at IS NULL)",
    "refused_with_reason": "status <> 'refused' OR decision <> ''",
    "confirmed_by_another": "status <> 'confirmed' OR (decided_by_id IS NOT NULL AND decided_by_id <> asked_by_id)",
}


def _words(name: str, values: tuple[str, ...]) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=40)


def _foreign(table: str, column: str, target: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{target}.id"], name=op.f(f"fk_{table}_{column}"))


def _checks(table: str, checks: dict[str, str]) -> list[sa.CheckConstraint]:
    return [sa.CheckConstraint(text, name=op.f(f"ck_{table}_{name}")) for name, text in checks.items()]


def _once(table: str, column: str, where: str) -> None:
    given = sa.text(where)
    name = f"uq_{table}_one_open"
    op.create_index(name, table, [column], unique=True, sqlite_where=given, postgresql_where=given)


def _change_made(
    statuses: tuple[str, ...], checks: dict[str, str], *own: sa.schema.SchemaItem, waits: str
) -> None:
    op.create_table(
        CHANGE,
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("award_id", sa.Uuid(), nullable=False),
        sa.Column("kind", _words("kind", KINDS), nullable=False),
        *(each for each in own if isinstance(each, sa.Column)),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("asked_by_id", sa.Uuid(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by_id", sa.Uuid(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("status", _words("status", statuses), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        *(each for each in own if not isinstance(each, sa.Column)),
        *_checks(CHANGE, checks),
        _foreign(CHANGE, "award_id", "award"),
        _foreign(CHANGE, "asked_by_id", "account"),
        _foreign(CHANGE, "decided_by_id", "account"),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{CHANGE}")),
    )
    op.create_index("ix_award_change_status", CHANGE, ["status", "asked_at"], unique=False)
    _once(CHANGE, "award_id", waits)


def _closing_made() -> None:
    op.create_table(
        CLOSING,
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("award_id", sa.Uuid(), nullable=False),
        sa.Column("kind", _words("kind", ("end", "complete")), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("proposed_by_id", sa.Uuid(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by_id", sa.Uuid(), nullable=True),
        sa.Column("decision", sa.Text(), nullable=False),
        sa.Column(
            "status", _words("status", ("proposed", "confirmed", "refused", "withdrawn")), nullable=False
        ),
        sa.Column("version", sa.Integer(), nullable=False),
        *_checks(CLOSING, CLOSING_CHECKS),
        _foreign(CLOSING, "award_id", "award"),
        _foreign(CLOSING, "proposed_by_id", "account"),
        _foreign(CLOSING, "decided_by_id", "account"),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{CLOSING}")),
    )
    op.create_index("ix_award_closing_status", CLOSING, ["status", "proposed_at"], unique=False)
    _once(CLOSING, "award_id", "status = 'proposed'")


def _reversal_made() -> None:
    op.create_table(
        REVERSAL,
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("entry_id", BIG, nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("asked_by_id", sa.Uuid(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_by_id", sa.Uuid(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decision", sa.String(length=500), nullable=False),
        sa.Column("status", _words("status", ("asked", "confirmed", "refused", "withdrawn")), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        *_checks(REVERSAL, REVERSAL_CHECKS),
        _foreign(REVERSAL, "entry_id", "ledger_entry"),
        _foreign(REVERSAL, "asked_by_id", "account"),
        _foreign(REVERSAL, "decided_by_id", "account"),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{REVERSAL}")),
    )
    op.create_index("ix_entry_reversal_status", REVERSAL, ["status", "asked_at"], unique=False)
    _once(REVERSAL, "entry_id", "status = 'asked'")


def upgrade() -> None:
    _closing_made()
    _reversal_made()
    with op.batch_alter_table("payment") as table:
        table.drop_constraint(OLD_CAUSE, type_="unique")
    counts = sa.text("status <> 'cancelled'")
    op.create_index(
        "uq_payment_cause", "payment", CAUSE, unique=True, sqlite_where=counts, postgresql_where=counts
    )
    op.drop_table(CHANGE)
    _change_made(
        STATUSES,
        CHECKS,
        sa.Column("before", JSON, nullable=False),
        sa.Column("after", JSON, nullable=False),
        sa.Column("supported_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("supported_by_id", sa.Uuid(), nullable=True),
        _foreign(CHANGE, "supported_by_id", "account"),
        waits="status IN ('asked', 'supported')",
    )


def downgrade() -> None:
    op.drop_table(CLOSING)
    op.drop_table(REVERSAL)
    op.drop_index("uq_payment_cause", table_name="payment")
    with op.batch_alter_table("payment") as table:
        table.create_unique_constraint(OLD_CAUSE, CAUSE)
    op.drop_table(CHANGE)
    _change_made(
        OLD_STATUSES,
        OLD_CHECKS,
        sa.Column("milestone_id", sa.Uuid(), nullable=True),
        sa.Column("to_milestone_id", sa.Uuid(), nullable=True),
        sa.Column("before", sa.Text(), nullable=False),
        sa.Column("after", sa.Text(), nullable=False),
        sa.Column("new_day", sa.Date(), nullable=True),
        sa.Column("moved", sa.BigInteger(), nullable=False),
        _foreign(CHANGE, "milestone_id", "award_milestone"),
        _foreign(CHANGE, "to_milestone_id", "award_milestone"),
        waits="status = 'asked'",
    )
