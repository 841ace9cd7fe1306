"""Whom a business named as its contacts for an introduction."""

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("introduction", sa.Column("contact_ids", sa.Text(), nullable=False, server_default=""))


def downgrade() -> None:
    op.drop_column("introduction", "contact_ids")
