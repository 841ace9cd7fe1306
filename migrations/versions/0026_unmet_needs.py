"""What nothing open helps with when a plan is sent; who caused a letter."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None

JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")


def upgrade() -> None:
    op.add_column("action_plan", sa.Column("unmet_needs", JSON, nullable=False, server_default="[]"))


def downgrade() -> None:
    op.drop_column("action_plan", "unmet_needs")
