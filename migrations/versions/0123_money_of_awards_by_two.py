"""An approved claim is returned unpaid, and a repayment asked for, by two people: one proposes it, another confirms it."""

import sqlalchemy as sa
from alembic import op

revision = "0123"
down_revision = "0122"
branch_labels = None
depends_on = None

TABLE = "money_proposal"
KINDS = ("return", "repayment")
STATUSES = ("proposed", "confirmed", "refused", "withdrawn")
CHECKS = {
    "decided_if_not_proposed": "(status = 'proposed') = (decided_at IS NULL)",
    "refused_with_reason": "status <> 'refused' OR refusal <> ''",
    "unread_if_decided": "NOT is_unread OR status IN ('confirmed', 'refused')",
    "confirmed_by_another": "status <> 'confirmed' OR decided_by_id IS NULL OR proposed_by_id IS NULL"
    " OR decided_by_id <> proposed_by_id",
    "with_reason": "reason <> ''",
    "amount_positive": "amount > 0",
    "claim_if_return": "(kind = 'return') = (claim_id IS NOT NULL)",
    "due_if_repayment": "(kind = 'repayment') = (due_on IS NOT NULL)",
}
KEYS = {
    "award_id": "award.id",
    "claim_id": "award_claim.id",
    "proposed_by_id": "account.id",
    "decided_by_id": "account.id",
}
CONFIRMED = "EXISTS (SELECT 1 FROM money_proposal AS made WHERE made.status = 'confirmed' AND made."
RETURNED = (
    "OLD.status = 'approved' AND NEW.status = 'returned'"
    f" AND NOT {CONFIRMED}claim_id = OLD.id AND made.amount = OLD.approved)"
)
ASKED = (
    f"NOT {CONFIRMED}id = NEW.id AND made.award_id = NEW.award_id AND made.kind = 'repayment'"  # noqa: S608 words of our own
    " AND made.amount = NEW.amount)"
    " AND NOT EXISTS (SELECT 1 FROM award_recovery AS part WHERE part.award_id = NEW.award_id"
    " AND part.asked_at = NEW.asked_at AND part.status = 'received')"
)
"""Asked for anew: what is left of a repayment after an instalment was asked for before."""
WALLS = {
    "claim_returned_by_two": (
        "award_claim",
        "UPDATE",
        RETURNED,
        "an approved claim is returned unpaid by two people",
    ),
    "repayment_asked_by_two": (
        "award_recovery",
        "INSERT",
        ASKED,
        "a repayment is asked for by two people",
    ),
}
"""Each with its table, when it asks, what it refuses, and what it says."""


def _words(name: str, values: tuple[str, ...]) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=40)


def upgrade() -> None:
    op.create_table(
        TABLE,
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("award_id", sa.Uuid(), nullable=False),
        sa.Column("kind", _words("kind", KINDS), nullable=False),
        sa.Column("claim_id", sa.Uuid(), nullable=True),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("proposed_by_id", sa.Uuid(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by_id", sa.Uuid(), nullable=True),
        sa.Column("refusal", sa.Text(), nullable=False),
        sa.Column("is_unread", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("status", _words("status", STATUSES), nullable=False),
        *(
            sa.CheckConstraint(condition, name=op.f(f"ck_{TABLE}_{name}"))
            for name, condition in CHECKS.items()
        ),
        *(
            sa.ForeignKeyConstraint([name], [target], name=op.f(f"fk_{TABLE}_{name}"))
            for name, target in KEYS.items()
        ),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{TABLE}")),
    )
    op.create_index(f"ix_{TABLE}_status", TABLE, ["status", "proposed_at"])
    op.create_index(f"ix_{TABLE}_award", TABLE, ["award_id", "proposed_at"])
    _once("one_return", "claim_id", "status = 'proposed'")
    _once("one_repayment", "award_id", "status = 'proposed' AND kind = 'repayment'")
    for name, wall in WALLS.items():
        _build(name, *wall)


def _once(name: str, column: str, condition: str) -> None:
    where = sa.text(condition)
    op.create_index(
        f"uq_{TABLE}_{name}", TABLE, [column], unique=True, sqlite_where=where, postgresql_where=where
    )


def _build(name: str, table: str, moment: str, refused: str, said: str) -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            f"CREATE FUNCTION refuse_{name}() RETURNS trigger LANGUAGE plpgsql AS "
            f"$$ BEGIN IF {refused} THEN RAISE EXCEPTION '{said}' USING ERRCODE = 'check_violation'; END IF; "
            "RETURN NEW; END $$"
        )
        op.execute(
            f"CREATE TRIGGER {name} BEFORE {moment} ON {table} FOR EACH ROW EXECUTE FUNCTION refuse_{name}()"
        )
        return
    op.execute(
        f"CREATE TRIGGER {name} BEFORE {moment} ON {table} WHEN {refused}"
        f" BEGIN SELECT RAISE(ABORT, '{said}'); END"
    )


def downgrade() -> None:
    for name, (table, *_) in WALLS.items():
        if op.get_bind().dialect.name == "postgresql":
            op.execute(f"DROP TRIGGER {name} ON {table}")
            op.execute(f"DROP FUNCTION refuse_{name}()")
        else:
            op.execute(f"DROP TRIGGER {name}")
    op.drop_table(TABLE)
