"""Who answered a readiness assessment without an account: the name that came with the enquiry."""

import sqlalchemy as sa
from alembic import op

revision = "0124"
down_revision = "0123"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # A plain column: a table that is made anew would lose the triggers that keep what is finished.
    op.add_column(
        "readiness_check", sa.Column("answered_name", sa.String(200), nullable=False, server_default="")
    )


def downgrade() -> None:
    op.execute("ALTER TABLE readiness_check DROP COLUMN answered_name")
