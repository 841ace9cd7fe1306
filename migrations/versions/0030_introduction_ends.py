"""Why the network ended a request of an investor."""

import sqlalchemy as sa
from alembic import op

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("introduction", sa.Column("end_reason", sa.Text(), nullable=False, server_default=""))


def downgrade() -> None:
    op.drop_column("introduction", "end_reason")
