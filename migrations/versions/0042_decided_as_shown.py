"""The ranking that a cohort was confirmed by, and every letter about a decision with its own time."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0042"
down_revision = "0041"
branch_labels = None
depends_on = None

JSON = sa.JSON().with_variant(JSONB(), "postgresql")


def upgrade() -> None:
    with op.batch_alter_table("cohort") as table:
        table.add_column(sa.Column("ranking", JSON, nullable=True))
    with op.batch_alter_table("decision") as table:
        table.add_column(sa.Column("letters", JSON, nullable=False, server_default="[]"))
    with op.batch_alter_table("decision") as table:
        table.alter_column("letters", server_default=None)


def downgrade() -> None:
    with op.batch_alter_table("decision") as table:
        table.drop_column("letters")
    with op.batch_alter_table("cohort") as table:
        table.drop_column("ranking")
