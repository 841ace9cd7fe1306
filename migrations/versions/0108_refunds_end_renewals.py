"""A subscription that Stripe is still to end, and the invoice by which a payment page was paid."""

import sqlalchemy as sa
from alembic import op

revision = "0108"
down_revision = "0107"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "card_subscription", sa.Column("is_to_end", sa.Boolean(), nullable=False, server_default=sa.false())
    )
    op.add_column(
        "checkout_attempt", sa.Column("invoice_id", sa.String(255), nullable=False, server_default="")
    )
    if op.get_bind().dialect.name == "postgresql":
        op.alter_column("card_subscription", "is_to_end", server_default=None)
        op.alter_column("checkout_attempt", "invoice_id", server_default=None)


def downgrade() -> None:
    op.drop_column("checkout_attempt", "invoice_id")
    op.drop_column("card_subscription", "is_to_end")
