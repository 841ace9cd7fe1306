"""A cohort keeps what its applicants could be given of subsidies when it was confirmed."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0131"
down_revision = "0130"
branch_labels = None
depends_on = None
JSON = sa.JSON().with_variant(JSONB(), "postgresql")


def upgrade() -> None:
    op.add_column("cohort", sa.Column("limits", JSON, nullable=True))


def downgrade() -> None:
    op.drop_column("cohort", "limits")
