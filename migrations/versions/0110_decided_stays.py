"""What was decided on an award stays as it was when it ends early; and what its business gave up is read once."""

import sqlalchemy as sa
from alembic import op

revision = "0110"
down_revision = "0109"
branch_labels = None
depends_on = None

CHECKS = {
    "released_of_amount": "released >= 0 AND (released = 0 OR (amount IS NOT NULL AND released < amount))",
    "end_unread_if_withdrawn": "NOT is_end_unread OR status = 'withdrawn'",
}
AS_AWARDED = "(SELECT award.amount FROM award WHERE award.decision_id = decision.id AND award.status IN ('ended', 'completed'))"
ENDED = (
    f"UPDATE decision SET released = {AS_AWARDED} - amount, amount = {AS_AWARDED}"  # noqa: S608 words of our own
    f" WHERE status <> 'withdrawn' AND {AS_AWARDED} > amount"
)
GIVEN_UP = (
    "UPDATE decision SET is_end_unread = true WHERE status = 'withdrawn' AND (EXISTS (SELECT 1 FROM award"
    " WHERE award.decision_id = decision.id AND award.status IN ('declined', 'lapsed'))"
    " OR EXISTS (SELECT 1 FROM application WHERE application.id = decision.application_id"
    " AND application.status = 'withdrawn'))"
)


def upgrade() -> None:
    with op.batch_alter_table("decision") as changed:
        changed.add_column(sa.Column("released", sa.BigInteger(), nullable=False, server_default="0"))
        changed.add_column(
            sa.Column("is_end_unread", sa.Boolean(), nullable=False, server_default=sa.false())
        )
    op.execute(ENDED)
    op.execute(GIVEN_UP)
    with op.batch_alter_table("decision") as changed:
        changed.alter_column("released", server_default=None)
        changed.alter_column("is_end_unread", server_default=None)
        for name, condition in CHECKS.items():
            changed.create_check_constraint(op.f(f"ck_decision_{name}"), condition)


def downgrade() -> None:
    with op.batch_alter_table("decision") as changed:
        for name in CHECKS:
            changed.drop_constraint(op.f(f"ck_decision_{name}"), type_="check")
    op.execute("UPDATE decision SET amount = amount - released WHERE released > 0")
    with op.batch_alter_table("decision") as changed:
        changed.drop_column("is_end_unread")
        changed.drop_column("released")
