"""A cohort can be funded from capital and revenue: each award then has a part of each, as its application asks."""

import sqlalchemy as sa
from alembic import op

revision = "0059"
down_revision = "0058"
branch_labels = None
depends_on = None

QUESTION = op.f("ck_round_question_capital_asked_is_money")
PLACE = op.f("ck_draft_place_capital_of_amount")
DECISION = op.f("ck_decision_capital_not_negative")
WHICH = sa.String(40)


def upgrade() -> None:
    no, nothing = sa.false(), sa.text("0")
    with op.batch_alter_table("round_question") as table:
        table.add_column(sa.Column("is_capital_asked", sa.Boolean(), nullable=False, server_default=no))
        table.create_check_constraint(QUESTION, "NOT is_capital_asked OR kind = 'money'")
    with op.batch_alter_table("application") as table:
        table.add_column(sa.Column("asked_capital", sa.BigInteger(), nullable=True))
    with op.batch_alter_table("draft_place") as table:
        table.add_column(sa.Column("capital", sa.BigInteger(), nullable=False, server_default=nothing))
        table.create_check_constraint(PLACE, "capital BETWEEN 0 AND amount")
    with op.batch_alter_table("decision") as table:
        table.add_column(sa.Column("capital", sa.BigInteger(), nullable=False, server_default=nothing))
        table.create_check_constraint(DECISION, "capital >= 0")
    with op.batch_alter_table("award_milestone") as table:
        table.add_column(sa.Column("is_capital", sa.Boolean(), nullable=False, server_default=no))
    for name in ("cohort", "award"):
        with op.batch_alter_table(name) as table:
            table.alter_column("line", existing_type=WHICH, nullable=True)
    for name, column in (
        ("round_question", "is_capital_asked"),
        ("draft_place", "capital"),
        ("decision", "capital"),
        ("award_milestone", "is_capital"),
    ):
        with op.batch_alter_table(name) as table:
            table.alter_column(column, server_default=None)


def downgrade() -> None:
    for name in ("cohort", "award"):
        op.execute(sa.text(f"UPDATE {name} SET line = 'revenue' WHERE line IS NULL"))  # noqa: S608 our own names
        with op.batch_alter_table(name) as table:
            table.alter_column("line", existing_type=WHICH, nullable=False)
    with op.batch_alter_table("award_milestone") as table:
        table.drop_column("is_capital")
    with op.batch_alter_table("decision") as table:
        table.drop_constraint(DECISION, type_="check")
        table.drop_column("capital")
    with op.batch_alter_table("draft_place") as table:
        table.drop_constraint(PLACE, type_="check")
        table.drop_column("capital")
    with op.batch_alter_table("application") as table:
        table.drop_column("asked_capital")
    with op.batch_alter_table("round_question") as table:
        table.drop_constraint(QUESTION, type_="check")
        table.drop_column("is_capital_asked")
