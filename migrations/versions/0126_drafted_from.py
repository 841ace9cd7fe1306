"""From which place on which page a referral was drafted: it was asked for where the business asked from the same place."""

import sqlalchemy as sa
from alembic import op

revision = "0126"
down_revision = "0125"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # A plain column: a table that is made anew keeps its keys in another form, which earlier revisions cannot take back.
    op.add_column("referral", sa.Column("path", sa.String(200), nullable=False, server_default=""))
    if op.get_bind().dialect.name == "postgresql":
        op.alter_column("referral", "path", server_default=None)


def downgrade() -> None:
    op.execute("ALTER TABLE referral DROP COLUMN path")
