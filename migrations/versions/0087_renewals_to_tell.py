"""What Stripe is still to be told of a subscription: that it stops, or that it renews on a later day."""

import sqlalchemy as sa
from alembic import op

revision = "0087"
down_revision = "0086"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("card_subscription") as changed:
        changed.add_column(sa.Column("is_to_stop", sa.Boolean(), nullable=False, server_default=sa.false()))
        changed.add_column(sa.Column("moves_to", sa.Date(), nullable=True))
        changed.add_column(sa.Column("asks_at", sa.DateTime(timezone=True), nullable=True))
    with op.batch_alter_table("card_subscription") as changed:
        changed.alter_column("is_to_stop", server_default=None)


def downgrade() -> None:
    with op.batch_alter_table("card_subscription") as changed:
        for name in ("is_to_stop", "moves_to", "asks_at"):
            changed.drop_column(name)
