"""Why the network closed a question of due diligence that was not answered in time."""

import sqlalchemy as sa
from alembic import op

revision = "0100"
down_revision = "0099"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("diligence_item") as changed:
        changed.add_column(sa.Column("closed_for", sa.Text(), nullable=False, server_default=""))
    with op.batch_alter_table("diligence_item") as changed:
        changed.alter_column("closed_for", server_default=None)


def downgrade() -> None:
    op.drop_column("diligence_item", "closed_for")
