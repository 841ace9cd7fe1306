"""Another sum than ours that the bank says it paid is on the payment, for whoever reads it, until the payment is settled."""

import sqlalchemy as sa
from alembic import op

revision = "0114"
down_revision = "0113"
branch_labels = None
depends_on = None

CHECK = "part_paid IS NULL OR (status = 'sent' AND part_paid > 0)"
SAID = (
    "SELECT SUM(bank_answer_line.amount) FROM bank_answer_line"
    " JOIN payment_run_line ON payment_run_line.id = bank_answer_line.run_line_id"
    " WHERE payment_run_line.payment_id = payment.id AND payment_run_line.is_open AND bank_answer_line.is_paid"
    " AND bank_answer_line.verdict = 'partial' AND bank_answer_line.amount > 0"
)


def upgrade() -> None:
    with op.batch_alter_table("payment") as changed:
        changed.add_column(sa.Column("part_paid", sa.BigInteger(), nullable=True))
    op.execute(f"UPDATE payment SET part_paid = ({SAID}) WHERE status = 'sent'")  # noqa: S608 words of our own
    with op.batch_alter_table("payment") as changed:
        changed.create_check_constraint(op.f("ck_payment_part_paid_if_sent"), CHECK)


def downgrade() -> None:
    with op.batch_alter_table("payment") as changed:
        changed.drop_constraint(op.f("ck_payment_part_paid_if_sent"), type_="check")
        changed.drop_column("part_paid")
