"""The bank's day of a payment, of its claim and of a line of the bank's answer; and when what a payment pays for was approved."""

import sqlalchemy as sa
from alembic import op

revision = "0065"
down_revision = "0064"
branch_labels = None
depends_on = None

RUN_OF_IT = """
UPDATE payment SET paid_on = (
    SELECT payment_run.pay_on FROM payment_run_line JOIN payment_run ON payment_run.id = payment_run_line.run_id
    WHERE payment_run_line.payment_id = payment.id ORDER BY payment_run_line.end_to_end_id DESC LIMIT 1
) WHERE status = 'paid'
"""
OF_ITS_PAYMENT = """
UPDATE award_claim SET paid_on = (
    SELECT payment.paid_on FROM payment
    WHERE payment.cause_table = 'award_claim' AND payment.cause_id = award_claim.id AND payment.status = 'paid' LIMIT 1
) WHERE status = 'paid'
"""


def upgrade() -> None:
    for table in ("payment", "award_claim", "bank_answer_line"):
        op.add_column(table, sa.Column("paid_on", sa.Date(), nullable=True))
    op.add_column("payment", sa.Column("approved_at", sa.DateTime(timezone=True), nullable=True))
    op.execute("UPDATE payment SET approved_at = requested_at")
    op.execute(RUN_OF_IT)
    op.execute(OF_ITS_PAYMENT)


def downgrade() -> None:
    op.drop_column("payment", "approved_at")
    for table in ("bank_answer_line", "award_claim", "payment"):
        op.drop_column(table, "paid_on")
