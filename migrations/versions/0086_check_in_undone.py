"""Whether an investor held a place at a night before they were checked in: what an undone check-in leaves them."""

import sqlalchemy as sa
from alembic import op

revision = "0086"
down_revision = "0085"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("night_place", sa.Column("had_place", sa.Boolean(), nullable=True))


def downgrade() -> None:
    op.drop_column("night_place", "had_place")
