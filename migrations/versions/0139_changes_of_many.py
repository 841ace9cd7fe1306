"""What was done to several businesses of the list at once, and what was left out and why."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0139"
down_revision = "0138"
branch_labels = None
depends_on = None

CHANGE = "bulk_change"
DEEDS = ("lead", "tag", "untag")


def upgrade() -> None:
    json = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
    deed = sa.Enum(*DEEDS, name="deed", native_enum=False, create_constraint=True, length=40)
    op.create_table(
        CHANGE,
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("deed", deed, nullable=False),
        sa.Column("what", sa.String(200), nullable=False),
        sa.Column("done", json, nullable=False),
        sa.Column("left_out", json, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f(f"fk_{CHANGE}_account_id")),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{CHANGE}")),
    )
    op.create_index(op.f(f"ix_{CHANGE}_account_id"), CHANGE, ["account_id"])


def downgrade() -> None:
    op.drop_table(CHANGE)
