"""What a person decided about money that was given for a place in a delegation which was given up."""

import sqlalchemy as sa
from alembic import op

revision = "0135"
down_revision = "0134"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "delegation_place", sa.Column("settled", sa.String(length=500), nullable=False, server_default="")
    )


def downgrade() -> None:
    op.drop_column("delegation_place", "settled")
