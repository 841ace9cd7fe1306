"""What became of a payment that the bank never answered, said by one person and confirmed by another."""

import sqlalchemy as sa
from alembic import op

revision = "0052"
down_revision = "0051"
branch_labels = None
depends_on = None

TABLE = "payment_settlement"
CONFIRMED = "is_confirmed IS NULL OR NOT is_confirmed OR (decided_by_id IS NOT NULL AND decided_by_id <> proposed_by_id)"


def _foreign(column: str, target: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{target}.id"], name=op.f(f"fk_{TABLE}_{column}"))


def upgrade() -> None:
    op.create_table(
        TABLE,
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("payment_id", sa.Uuid(), nullable=False),
        sa.Column("is_paid", sa.Boolean(), nullable=False),
        sa.Column("words", sa.String(length=500), nullable=False),
        sa.Column("proposed_by_id", sa.Uuid(), nullable=False),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_by_id", sa.Uuid(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("is_confirmed", sa.Boolean(), nullable=True),
        sa.CheckConstraint("words <> ''", name=op.f(f"ck_{TABLE}_in_words")),
        sa.CheckConstraint(CONFIRMED, name=op.f(f"ck_{TABLE}_confirmed_by_another")),
        _foreign("payment_id", "payment"),
        _foreign("proposed_by_id", "account"),
        _foreign("decided_by_id", "account"),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{TABLE}")),
    )
    waiting = sa.text("is_confirmed IS NULL")
    op.create_index(
        "uq_payment_settlement_waiting",
        TABLE,
        ["payment_id"],
        unique=True,
        sqlite_where=waiting,
        postgresql_where=waiting,
    )


def downgrade() -> None:
    op.drop_index("uq_payment_settlement_waiting", table_name=TABLE)
    op.drop_table(TABLE)
