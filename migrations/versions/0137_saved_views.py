"""Views of the list of businesses that people save under a name."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0137"
down_revision = "0136"
branch_labels = None
depends_on = None

VIEW = "saved_view"


def upgrade() -> None:
    op.create_table(
        VIEW,
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(60), nullable=False),
        sa.Column("match_name", sa.String(120), nullable=False),
        sa.Column("asked", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f(f"fk_{VIEW}_account_id")),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{VIEW}")),
    )
    op.create_index(f"uq_{VIEW}_name", VIEW, ["account_id", "match_name"], unique=True)


def downgrade() -> None:
    op.drop_table(VIEW)
