"""Summaries of the scoreboard: what each measure came to in a period, and up to which entry of the trail it was counted."""

import sqlalchemy as sa
from alembic import op

revision = "0095"
down_revision = "0094"
branch_labels = None
depends_on = None

CELL, COUNT = "report_cell", "report_count"
PARTS = ("measure", "first", "last", "hub", "authority", "sector", "size")


def upgrade() -> None:
    op.create_table(
        CELL,
        sa.Column("measure", sa.String(40), nullable=False),
        sa.Column("first", sa.Date(), nullable=False),
        sa.Column("last", sa.Date(), nullable=False),
        sa.Column("hub", sa.String(36), nullable=False),
        sa.Column("authority", sa.String(60), nullable=False),
        sa.Column("sector", sa.String(40), nullable=False),
        sa.Column("size", sa.String(10), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("behind", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint(*PARTS, name=op.f(f"pk_{CELL}")),
    )
    op.create_index(f"ix_{CELL}_days", CELL, ["first", "last", "measure"])
    op.create_table(
        COUNT,
        sa.Column("measure", sa.String(40), nullable=False),
        sa.Column("first", sa.Date(), nullable=False),
        sa.Column("last", sa.Date(), nullable=False),
        sa.Column("definition", sa.String(60), nullable=False),
        sa.Column("counted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_entry", sa.BigInteger(), nullable=False),
        sa.Column("rows", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("measure", "first", "last", name=op.f(f"pk_{COUNT}")),
    )


def downgrade() -> None:
    op.drop_table(COUNT)
    op.drop_table(CELL)
