"""What a business was told of its award, or of its place on the waiting list, is taken back by two people; and it may withdraw itself."""

import sqlalchemy as sa
from alembic import op

revision = "0121"
down_revision = "0120"
branch_labels = None
depends_on = None

KINDS = ("lower", "asked_off", "taken_off")
STATUSES = ("proposed", "confirmed", "refused", "withdrawn")
OUTCOMES = ("successful", "reserve", "unsuccessful")
CHECKS = {
    "with_reason": "reason <> ''",
    "sum_if_lowered": "(kind = 'lower') = (amount IS NOT NULL)",
    "lower_than_before": "amount IS NULL OR (amount > 0 AND amount < before)",
    "capital_of_amount": "capital >= 0 AND (amount IS NULL OR capital <= amount)",
    "decided_if_not_proposed": "(status = 'proposed') = (decided_at IS NULL)",
    "refused_with_reason": "status <> 'refused' OR refusal <> ''",
    "unread_if_decided": "NOT is_unread OR status IN ('confirmed', 'refused')",
    "confirmed_by_another": "status <> 'confirmed' OR decided_by_id IS NULL OR proposed_by_id IS NULL"
    " OR decided_by_id <> proposed_by_id",
}
PEOPLE = ("proposed_by_id", "decided_by_id")
WALL = "decision_told_stays"
CONFIRMED = (
    "EXISTS (SELECT 1 FROM decision_change WHERE decision_change.decision_id = OLD.id"
    " AND decision_change.status = 'confirmed' AND "
)
ALONE = (
    "OLD.notified_at IS NOT NULL AND ("  # noqa: S608 words of our own
    "(OLD.outcome = 'successful' AND NEW.outcome <> 'successful')"
    " OR (OLD.outcome = 'successful' AND NEW.amount < OLD.amount"
    f" AND NOT {CONFIRMED} decision_change.kind = 'lower' AND decision_change.amount = NEW.amount))"
    " OR (OLD.outcome = 'reserve' AND NEW.outcome NOT IN ('reserve', 'successful')"
    f" AND NOT {CONFIRMED} decision_change.kind <> 'lower')"
    " AND NOT EXISTS (SELECT 1 FROM application WHERE application.id = OLD.application_id"
    " AND application.status = 'withdrawn')))"
)
"""An award that was told is lowered, or a place on the waiting list taken away, and no second person confirmed it."""
SAID = "a decision that was told is changed by two people"


def _words(name: str, values: tuple[str, ...]) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=40)


def upgrade() -> None:
    with op.batch_alter_table("decision") as changed:
        changed.add_column(sa.Column("off_list_reason", sa.Text(), nullable=False, server_default=""))
        _outcomes(changed, (*OUTCOMES, "withdrew"))
    with op.batch_alter_table("decision") as changed:
        changed.alter_column("off_list_reason", server_default=None)
    op.create_table(
        "decision_change",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("decision_id", sa.Uuid(), nullable=False),
        sa.Column("kind", _words("kind", KINDS), nullable=False),
        sa.Column("before", sa.BigInteger(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=True),
        sa.Column("capital", sa.BigInteger(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("proposed_by_id", sa.Uuid(), nullable=True),
        sa.Column("refusal", sa.Text(), nullable=False),
        sa.Column("is_unread", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by_id", sa.Uuid(), nullable=True),
        sa.Column("status", _words("status", STATUSES), nullable=False),
        *(
            sa.CheckConstraint(condition, name=op.f(f"ck_decision_change_{name}"))
            for name, condition in CHECKS.items()
        ),
        sa.ForeignKeyConstraint(
            ["decision_id"], ["decision.id"], name=op.f("fk_decision_change_decision_id")
        ),
        *(
            sa.ForeignKeyConstraint([each], ["account.id"], name=op.f(f"fk_decision_change_{each}"))
            for each in PEOPLE
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_decision_change")),
    )
    op.create_index("ix_decision_change_status", "decision_change", ["status", "proposed_at"])
    op.create_index("ix_decision_change_decision", "decision_change", ["decision_id"])
    is_open = sa.text("status = 'proposed'")
    op.create_index(
        "uq_decision_change_one_open",
        "decision_change",
        ["decision_id"],
        unique=True,
        sqlite_where=is_open,
        postgresql_where=is_open,
    )
    _build()


def _outcomes(changed: object, values: tuple[str, ...]) -> None:
    """Let a decision have just these outcomes."""
    listed = ", ".join(f"'{each}'" for each in values)
    changed.drop_constraint(op.f("ck_decision_outcome"), type_="check")  # type: ignore[attr-defined]
    changed.create_check_constraint(op.f("ck_decision_outcome"), f"outcome IN ({listed})")  # type: ignore[attr-defined]


def _build() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            f"CREATE FUNCTION refuse_{WALL}() RETURNS trigger LANGUAGE plpgsql AS "
            f"$$ BEGIN IF {ALONE} THEN RAISE EXCEPTION '{SAID}' USING ERRCODE = 'check_violation'; END IF; "
            "RETURN NEW; END $$"
        )
        op.execute(
            f"CREATE TRIGGER {WALL} BEFORE UPDATE ON decision FOR EACH ROW EXECUTE FUNCTION refuse_{WALL}()"
        )
        return
    op.execute(
        f"CREATE TRIGGER {WALL} BEFORE UPDATE ON decision WHEN {ALONE} BEGIN SELECT RAISE(ABORT, '{SAID}'); END"
    )


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute(f"DROP TRIGGER {WALL} ON decision")
        op.execute(f"DROP FUNCTION refuse_{WALL}()")
    else:
        op.execute(f"DROP TRIGGER {WALL}")
    op.drop_table("decision_change")
    op.execute("UPDATE decision SET outcome = 'unsuccessful' WHERE outcome = 'withdrew'")
    with op.batch_alter_table("decision") as changed:
        _outcomes(changed, OUTCOMES)
        changed.drop_column("off_list_reason")
