"""Subsidies that businesses were given, and parents that make them one enterprise."""

import sqlalchemy as sa
from alembic import op

revision = "0041"
down_revision = "0040"
branch_labels = None
depends_on = None

KINDS = ("ours", "declared", "in_kind")
REGIMES = ("mfa", "spei", "de_minimis", "small_amounts")
STATUSES = ("prepared", "notified", "confirmed", "given", "issued", "recorded", "cancelled")
CHECKS = {
    "amount_positive": "amount > 0",
    "recorded_if_not_ours": "(kind = 'ours') = (status <> 'recorded') OR status = 'cancelled'",
    "notified_first": "status NOT IN ('notified', 'confirmed', 'given', 'issued') OR notified_at IS NOT NULL",
    "confirmed_before_given": "status NOT IN ('confirmed', 'given', 'issued') "
    "OR (confirmed_at IS NOT NULL AND confirmed_by <> '')",
    "issued_at_if_issued": "(status = 'issued') = (issued_at IS NOT NULL)",
    "cancelled_with_reason": "(status = 'cancelled') = (cancel_reason <> '')",
    "published_if_due": "published_on IS NULL OR publish_by IS NOT NULL",
}


def _words(name: str, values: tuple[str, ...]) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=40)


def _foreign(table: str, column: str, target: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{target}.id"], name=op.f(f"fk_{table}_{column}"))


def upgrade() -> None:
    op.create_table(
        "subsidy",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("business_id", sa.Uuid(), nullable=False),
        sa.Column("kind", _words("kind", KINDS), nullable=False),
        sa.Column("regime", _words("regime", REGIMES), nullable=False),
        sa.Column("giver", sa.String(length=200), nullable=False),
        sa.Column("purpose", sa.String(length=300), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("given_on", sa.Date(), nullable=False),
        sa.Column("about_table", sa.String(length=60), nullable=False),
        sa.Column("about_id", sa.Uuid(), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by_id", sa.Uuid(), nullable=True),
        sa.Column("notified_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("confirmed_by", sa.String(length=200), nullable=False),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("publish_by", sa.Date(), nullable=True),
        sa.Column("published_on", sa.Date(), nullable=True),
        sa.Column("reference", sa.String(length=100), nullable=False),
        sa.Column("cancel_reason", sa.String(length=500), nullable=False),
        sa.Column("status", _words("status", STATUSES), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        *(sa.CheckConstraint(text, name=op.f(f"ck_subsidy_{name}")) for name, text in CHECKS.items()),
        _foreign("subsidy", "business_id", "business"),
        _foreign("subsidy", "recorded_by_id", "account"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_subsidy")),
    )
    op.create_index("ix_subsidy_business", "subsidy", ["business_id", "given_on"], unique=False)
    op.create_index("ix_subsidy_about", "subsidy", ["about_table", "about_id"], unique=False)
    op.create_table(
        "enterprise_link",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("business_id", sa.Uuid(), nullable=False),
        sa.Column("parent_number", sa.String(length=8), nullable=False),
        sa.Column("source", sa.String(length=300), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by_id", sa.Uuid(), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "ended_at IS NULL OR ended_at >= recorded_at", name=op.f("ck_enterprise_link_ended_later")
        ),
        _foreign("enterprise_link", "business_id", "business"),
        _foreign("enterprise_link", "recorded_by_id", "account"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_enterprise_link")),
    )
    op.create_index("ix_enterprise_link_business", "enterprise_link", ["business_id"], unique=False)
    op.create_index("ix_enterprise_link_parent", "enterprise_link", ["parent_number"], unique=False)


def downgrade() -> None:
    op.drop_table("enterprise_link")
    op.drop_table("subsidy")
