"""A licence of a right can be corrected, so it counts its changes."""

import sqlalchemy as sa
from alembic import op

revision = "0129"
down_revision = "0128"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("right_licence") as changed:
        changed.add_column(sa.Column("version", sa.Integer(), nullable=False, server_default="1"))
    with op.batch_alter_table("right_licence") as changed:
        changed.alter_column("version", server_default=None)


def downgrade() -> None:
    with op.batch_alter_table("right_licence") as changed:
        changed.drop_column("version")
