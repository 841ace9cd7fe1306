"""Whether a company that raises money trades in goods or electricity in Northern Ireland, where EIS kept its limits."""

import sqlalchemy as sa
from alembic import op

revision = "0105"
down_revision = "0104"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("pitch", sa.Column("is_ni_trade", sa.Boolean(), nullable=False, server_default=sa.false()))


def downgrade() -> None:
    op.drop_column("pitch", "is_ni_trade")
