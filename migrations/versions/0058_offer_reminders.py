"""For which last day to answer the business of a place in a delegation was reminded."""

import sqlalchemy as sa
from alembic import op

revision = "0058"
down_revision = "0057"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("delegation_place", sa.Column("reminded_for", sa.Date(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("delegation_place") as table:
        table.drop_column("reminded_for")
