"""The letter about a year with its figures as they were when it was first sent, and who was sent it."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0080"
down_revision = "0079"
branch_labels = None
depends_on = None

LETTER, COPY = "network_yearly_letter", "network_yearly_copy"


def _to(table: str, column: str, target: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{target}.id"], name=op.f(f"fk_{table}_{column}"))


def upgrade() -> None:
    op.create_table(
        LETTER,
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("opening", sa.Text(), nullable=False),
        sa.Column("figures", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent_by_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("year BETWEEN 2000 AND 2200", name=op.f(f"ck_{LETTER}_of_a_year")),
        _to(LETTER, "sent_by_id", "account"),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{LETTER}")),
    )
    op.create_index("uq_network_yearly_letter_year", LETTER, ["year"], unique=True)
    op.create_table(
        COPY,
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("letter_id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        _to(COPY, "letter_id", LETTER),
        _to(COPY, "account_id", "account"),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{COPY}")),
    )
    op.create_index("uq_network_yearly_copy_once", COPY, ["letter_id", "account_id"], unique=True)


def downgrade() -> None:
    op.drop_table(COPY)
    op.drop_table(LETTER)
