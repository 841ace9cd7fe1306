"""Caseloads that were handed over to colleagues."""

import sqlalchemy as sa
from alembic import op

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None


def _account(table: str, column: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], ["account.id"], name=op.f(f"fk_{table}_{column}"))


def upgrade() -> None:
    op.create_table(
        "handover",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("giver_id", sa.Uuid(), nullable=False),
        sa.Column("by_id", sa.Uuid(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        _account("handover", "giver_id"),
        _account("handover", "by_id"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_handover")),
    )
    op.create_index(op.f("ix_handover_giver_id"), "handover", ["giver_id"], unique=False)
    op.create_table(
        "handover_case",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("handover_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("title", sa.String(length=300), nullable=False),
        sa.Column("receiver_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["handover_id"], ["handover.id"], name=op.f("fk_handover_case_handover_id")),
        _account("handover_case", "receiver_id"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_handover_case")),
    )
    op.create_index("ix_handover_case_handover", "handover_case", ["handover_id", "position"], unique=False)


def downgrade() -> None:
    op.drop_table("handover_case")
    op.drop_table("handover")
