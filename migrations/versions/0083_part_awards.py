"""Why an award is less than was asked for: in drafts, and in what was decided."""

import sqlalchemy as sa
from alembic import op

revision = "0083"
down_revision = "0082"
branch_labels = None
depends_on = None

TABLES = ("draft_place", "decision")


def upgrade() -> None:
    for table in TABLES:
        with op.batch_alter_table(table) as changed:
            changed.add_column(sa.Column("part_reason", sa.Text(), nullable=False, server_default=""))
        with op.batch_alter_table(table) as changed:
            changed.alter_column("part_reason", server_default=None)


def downgrade() -> None:
    for table in TABLES:
        op.drop_column(table, "part_reason")
