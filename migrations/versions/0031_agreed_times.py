"""Whoever waits for a place is asked again when the workshop is moved: the time that they said yes to."""

import sqlalchemy as sa
from alembic import op

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("workshop_place", sa.Column("agreed_to", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    op.drop_column("workshop_place", "agreed_to")
