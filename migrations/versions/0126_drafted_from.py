"""From which place on which page a referral was drafted: it was asked for where the business asked from the same place."""

import sqlalchemy as sa
from alembic import op

revision = "0126"
down_revision = "0125"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("referral") as changed:
        changed.add_column(sa.Column("path", sa.String(200), nullable=False, server_default=""))
    with op.batch_alter_table("referral") as changed:
        changed.alter_column("path", server_default=None)


def downgrade() -> None:
    with op.batch_alter_table("referral") as changed:
        changed.drop_column("path")
