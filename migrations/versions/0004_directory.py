"""The directory: providers and their services."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "provider",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_provider")),
        sa.UniqueConstraint("name", name=op.f("uq_provider_name")),
    )
    op.create_table(
        "service",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("service_id", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("provider_id", sa.Uuid(), nullable=False),
        sa.Column("needs", sa.Text(), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("eligibility_note", sa.Text(), nullable=False),
        sa.Column("min_turnover", sa.BigInteger(), nullable=True),
        sa.Column("max_turnover", sa.BigInteger(), nullable=True),
        sa.Column("min_employees", sa.Integer(), nullable=True),
        sa.Column("max_employees", sa.Integer(), nullable=True),
        sa.Column("min_trading_months", sa.Integer(), nullable=True),
        sa.Column("max_trading_months", sa.Integer(), nullable=True),
        sa.Column("min_export_share_pct", sa.Numeric(precision=7, scale=4), nullable=True),
        sa.Column("legal_forms", sa.Text(), nullable=False),
        sa.Column("stages", sa.Text(), nullable=False),
        sa.Column("dcms_groups", sa.Text(), nullable=False),
        sa.Column("leps", sa.Text(), nullable=False),
        sa.Column("lad_names", sa.Text(), nullable=False),
        sa.Column("outcodes", sa.Text(), nullable=False),
        sa.Column("wmca_only", sa.Boolean(), nullable=False),
        sa.Column("opens_on", sa.Date(), nullable=True),
        sa.Column("closes_on", sa.Date(), nullable=True),
        sa.Column("cost_type", sa.String(length=200), nullable=False),
        sa.Column("cost_text", sa.Text(), nullable=False),
        sa.Column("amount_min", sa.BigInteger(), nullable=True),
        sa.Column("amount_max", sa.BigInteger(), nullable=True),
        sa.Column(
            "status",
            sa.Enum(
                "open",
                "check",
                "closed",
                "historic",
                "illustrative",
                name="status",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("status_note", sa.Text(), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("plan_lines", sa.Text(), nullable=False),
        sa.Column("verified", sa.String(length=200), nullable=False),
        sa.Column("checked_on", sa.Date(), nullable=True),
        sa.Column("checked_note", sa.String(length=200), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("amount_max >= amount_min", name=op.f("ck_service_amounts_in_order")),
        sa.CheckConstraint(
            "amount_min IS NULL OR amount_min >= 0", name=op.f("ck_service_amount_min_not_negative")
        ),
        sa.CheckConstraint("closes_on >= opens_on", name=op.f("ck_service_dates_in_order")),
        sa.CheckConstraint("max_employees >= min_employees", name=op.f("ck_service_employees_in_order")),
        sa.CheckConstraint(
            "max_trading_months >= min_trading_months", name=op.f("ck_service_trading_in_order")
        ),
        sa.CheckConstraint("max_turnover >= min_turnover", name=op.f("ck_service_turnover_in_order")),
        sa.CheckConstraint(
            "min_export_share_pct BETWEEN 0 AND 100", name=op.f("ck_service_export_share_is_percent")
        ),
        sa.CheckConstraint(
            "min_turnover IS NULL OR min_turnover >= 0", name=op.f("ck_service_min_turnover_not_negative")
        ),
        sa.ForeignKeyConstraint(["provider_id"], ["provider.id"], name=op.f("fk_service_provider_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_service")),
        sa.UniqueConstraint("service_id", name=op.f("uq_service_service_id")),
    )
    op.create_index("ix_service_name_id", "service", ["name", "id"], unique=False)
    op.create_index(op.f("ix_service_provider_id"), "service", ["provider_id"], unique=False)
    op.create_index("ix_service_status_checked", "service", ["status", "checked_on"], unique=False)


def downgrade() -> None:
    op.drop_index("ix_service_status_checked", table_name="service")
    op.drop_index(op.f("ix_service_provider_id"), table_name="service")
    op.drop_index("ix_service_name_id", table_name="service")
    op.drop_table("service")
    op.drop_table("provider")
