"""What help came to: dated definitions, baselines, outputs."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "indicator",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column(
            "unit",
            sa.Enum(
                "business", "fte", "count", name="unit", native_enum=False, create_constraint=True, length=40
            ),
            nullable=False,
        ),
        sa.Column("needs_baseline", sa.Boolean(), nullable=False),
        sa.Column("definition", sa.Text(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("source", sa.String(length=500), nullable=False),
        sa.Column("confidence", sa.String(length=40), nullable=False),
        sa.CheckConstraint(
            "valid_to IS NULL OR valid_to >= valid_from", name=op.f("ck_indicator_dates_in_order")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_indicator")),
    )
    op.create_index("uq_indicator_code", "indicator", ["code", "valid_from"], unique=True)
    op.create_table(
        "baseline",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("business_id", sa.Uuid(), nullable=False),
        sa.Column("measured_on", sa.Date(), nullable=False),
        sa.Column("fte_hundredths", sa.Integer(), nullable=False),
        sa.Column("source", sa.String(length=200), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("fte_hundredths >= 0", name=op.f("ck_baseline_fte_not_negative")),
        sa.ForeignKeyConstraint(["business_id"], ["business.id"], name=op.f("fk_baseline_business_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_baseline")),
        sa.UniqueConstraint("business_id", name=op.f("uq_baseline_business_id")),
    )
    op.create_table(
        "output",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("business_id", sa.Uuid(), nullable=False),
        sa.Column("programme", sa.String(length=40), nullable=False),
        sa.Column("indicator_id", sa.Uuid(), nullable=False),
        sa.Column("indicator_code", sa.String(length=40), nullable=False),
        sa.Column("amount", sa.Integer(), nullable=False),
        sa.Column("happened_on", sa.Date(), nullable=False),
        sa.Column("proof", sa.Text(), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "kept",
                "claimed",
                "withdrawn",
                name="status",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by_id", sa.Uuid(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(status = 'withdrawn') = (reason <> '')", name=op.f("ck_output_withdrawn_with_reason")
        ),
        sa.CheckConstraint("status <> 'claimed' OR proof <> ''", name=op.f("ck_output_claimed_with_proof")),
        sa.CheckConstraint("amount > 0", name=op.f("ck_output_amount_positive")),
        sa.ForeignKeyConstraint(["business_id"], ["business.id"], name=op.f("fk_output_business_id")),
        sa.ForeignKeyConstraint(["indicator_id"], ["indicator.id"], name=op.f("fk_output_indicator_id")),
        sa.ForeignKeyConstraint(["recorded_by_id"], ["account.id"], name=op.f("fk_output_recorded_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_output")),
    )
    op.create_index("ix_output_business", "output", ["business_id", "happened_on"], unique=False)
    op.create_index(
        "uq_output_once",
        "output",
        ["business_id", "programme", "indicator_code"],
        unique=True,
        sqlite_where=sa.text("status <> 'withdrawn'"),
        postgresql_where=sa.text("status <> 'withdrawn'"),
    )


def downgrade() -> None:
    op.drop_index("ix_output_business", table_name="output")
    op.drop_index("uq_output_once", table_name="output")
    op.drop_table("output")
    op.drop_table("baseline")
    op.drop_index("uq_indicator_code", table_name="indicator")
    op.drop_table("indicator")
