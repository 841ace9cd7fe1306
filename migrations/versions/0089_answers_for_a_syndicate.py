"""Answers of due diligence that the members of a syndicate may read."""

import sqlalchemy as sa
from alembic import op

revision = "0089"
down_revision = "0088"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("diligence_answer") as changed:
        changed.add_column(
            sa.Column("with_syndicate", sa.Boolean(), nullable=False, server_default=sa.false())
        )
    with op.batch_alter_table("diligence_answer") as changed:
        changed.alter_column("with_syndicate", server_default=None)


def downgrade() -> None:
    op.drop_column("diligence_answer", "with_syndicate")
