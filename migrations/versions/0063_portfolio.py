"""Incomes of a business, and the rights that protect them."""

import sqlalchemy as sa
from alembic import op

revision = "0063"
down_revision = "0062"
branch_labels = None
depends_on = None


def _to(table: str, column: str, target: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{target}.id"], name=op.f(f"fk_{table}_{column}"))


def _income_line() -> None:
    op.create_table(
        "income_line",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("business_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("turnover", sa.BigInteger(), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("name <> ''", name=op.f("ck_income_line_named")),
        sa.CheckConstraint("turnover > 0", name=op.f("ck_income_line_turnover_positive")),
        _to("income_line", "business_id", "business"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_income_line")),
    )
    op.create_index(
        "uq_income_line_name",
        "income_line",
        ["business_id", "name"],
        unique=True,
        sqlite_where=sa.text("removed_at IS NULL"),
        postgresql_where=sa.text("removed_at IS NULL"),
    )


def _income_protection() -> None:
    op.create_table(
        "income_protection",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("line_id", sa.Uuid(), nullable=False),
        sa.Column("right_id", sa.Uuid(), nullable=False),
        sa.Column("share", sa.Integer(), nullable=False),
        sa.Column("part", sa.String(length=200), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("share BETWEEN 1 AND 100", name=op.f("ck_income_protection_share_is_percent")),
        _to("income_protection", "line_id", "income_line"),
        _to("income_protection", "right_id", "ip_right"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_income_protection")),
    )
    op.create_index("ix_income_protection_right", "income_protection", ["right_id"], unique=False)
    op.create_index(
        "uq_income_protection_once",
        "income_protection",
        ["line_id", "right_id"],
        unique=True,
        sqlite_where=sa.text("removed_at IS NULL"),
        postgresql_where=sa.text("removed_at IS NULL"),
    )


def upgrade() -> None:
    _income_line()
    _income_protection()


def downgrade() -> None:
    op.drop_table("income_protection")
    op.drop_table("income_line")
