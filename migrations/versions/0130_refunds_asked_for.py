"""A payment by card has when its payer asked for it back."""

import sqlalchemy as sa
from alembic import op

revision = "0130"
down_revision = "0129"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("card_payment") as changed:
        changed.add_column(sa.Column("asked_back_at", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("card_payment") as changed:
        changed.drop_column("asked_back_at")
