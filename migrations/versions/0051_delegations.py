"""Delegations, the places in them, and what came of each place."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0051"
down_revision = "0050"
branch_labels = None
depends_on = None

JSON = sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql")


def _words(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=40)


def _to(table: str, column: str, target: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{target}.id"], name=op.f(f"fk_{table}_{column}"))


def _delegation() -> None:
    op.create_table(
        "delegation",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("edition_id", sa.Uuid(), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("about", sa.Text(), nullable=False),
        sa.Column("partner", sa.String(length=200), nullable=False),
        sa.Column("lead_id", sa.Uuid(), nullable=True),
        sa.Column("departs_on", sa.Date(), nullable=False),
        sa.Column("returns_on", sa.Date(), nullable=False),
        sa.Column("closes_on", sa.Date(), nullable=False),
        sa.Column("place", sa.String(length=300), nullable=False),
        sa.Column("seats", sa.Integer(), nullable=False),
        sa.Column("answer_days", sa.Integer(), nullable=False),
        sa.Column("cost", sa.BigInteger(), nullable=False),
        sa.Column("share", sa.BigInteger(), nullable=False),
        sa.Column("covers", sa.String(length=500), nullable=False),
        sa.Column("criteria", JSON, nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("selected_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("review", sa.String(length=500), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("status", _words("status", "draft", "open", "closed", "held", "cancelled"), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(status = 'cancelled') = (reason <> '')", name=op.f("ck_delegation_cancelled_with_reason")
        ),
        sa.CheckConstraint("answer_days BETWEEN 1 AND 60", name=op.f("ck_delegation_days_to_answer")),
        sa.CheckConstraint(
            "returns_on >= departs_on AND closes_on < departs_on", name=op.f("ck_delegation_days_in_order")
        ),
        sa.CheckConstraint("seats > 0", name=op.f("ck_delegation_has_seats")),
        sa.CheckConstraint("share >= 0 AND share <= cost", name=op.f("ck_delegation_share_within_cost")),
        _to("delegation", "edition_id", "market_edition"),
        _to("delegation", "lead_id", "account"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_delegation")),
    )
    op.create_index("ix_delegation_departs", "delegation", ["status", "departs_on"], unique=False)
    op.create_index("ix_delegation_edition", "delegation", ["edition_id"], unique=False)


def _delegation_place() -> None:
    op.create_table(
        "delegation_place",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("delegation_id", sa.Uuid(), nullable=False),
        sa.Column("business_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("sells", _words("sells", "services", "goods", "both"), nullable=False),
        sa.Column("seat", sa.Integer(), nullable=True),
        sa.Column("queue", sa.Integer(), nullable=True),
        sa.Column("marks", JSON, nullable=False),
        sa.Column("is_suitable", sa.Boolean(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("legal_note", sa.String(length=500), nullable=False),
        sa.Column("assessed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answer_by", sa.Date(), nullable=True),
        sa.Column("subsidy_id", sa.Uuid(), nullable=True),
        sa.Column("applied_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("applied_by_id", sa.Uuid(), nullable=True),
        sa.Column(
            "status",
            _words(
                "status",
                "applied",
                "offered",
                "waiting",
                "unselected",
                "accepted",
                "declined",
                "lapsed",
                "given_up",
                "went",
                "missed",
            ),
            nullable=False,
        ),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(status IN ('offered', 'accepted', 'went', 'missed')) = (seat IS NOT NULL)",
            name=op.f("ck_delegation_place_seated_if_offered"),
        ),
        sa.CheckConstraint(
            "is_suitable IS NULL OR reason <> ''", name=op.f("ck_delegation_place_assessed_with_reason")
        ),
        sa.CheckConstraint(
            "status <> 'waiting' OR queue IS NOT NULL", name=op.f("ck_delegation_place_waiting_in_order")
        ),
        sa.CheckConstraint(
            "(is_suitable IS NULL) = (assessed_at IS NULL)",
            name=op.f("ck_delegation_place_assessed_at_if_assessed"),
        ),
        sa.CheckConstraint("seat > 0", name=op.f("ck_delegation_place_seat_counted")),
        _to("delegation_place", "applied_by_id", "account"),
        _to("delegation_place", "business_id", "business"),
        _to("delegation_place", "delegation_id", "delegation"),
        _to("delegation_place", "person_id", "person"),
        _to("delegation_place", "subsidy_id", "subsidy"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_delegation_place")),
    )
    op.create_index(
        "ix_delegation_place_business", "delegation_place", ["business_id", "applied_at"], unique=False
    )
    op.create_index(
        "uq_delegation_place_once", "delegation_place", ["delegation_id", "business_id"], unique=True
    )
    op.create_index("uq_delegation_place_seat", "delegation_place", ["delegation_id", "seat"], unique=True)


def _delegation_return() -> None:
    op.create_table(
        "delegation_return",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("place_id", sa.Uuid(), nullable=False),
        sa.Column("months", sa.Integer(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reminded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("meetings", sa.Integer(), nullable=True),
        sa.Column("leads", sa.Integer(), nullable=True),
        sa.Column("sales", sa.BigInteger(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "leads IS NULL OR leads >= 0", name=op.f("ck_delegation_return_leads_not_negative")
        ),
        sa.CheckConstraint(
            "meetings IS NULL OR meetings >= 0", name=op.f("ck_delegation_return_meetings_not_negative")
        ),
        sa.CheckConstraint("months > 0", name=op.f("ck_delegation_return_months_counted")),
        sa.CheckConstraint(
            "reminded_at IS NULL OR asked_at IS NOT NULL",
            name=op.f("ck_delegation_return_asked_before_reminded"),
        ),
        sa.CheckConstraint(
            "sales IS NULL OR sales >= 0", name=op.f("ck_delegation_return_sales_not_negative")
        ),
        _to("delegation_return", "place_id", "delegation_place"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_delegation_return")),
    )
    op.create_index("ix_delegation_return_due", "delegation_return", ["due_on"], unique=False)
    op.create_index("uq_delegation_return_once", "delegation_return", ["place_id", "months"], unique=True)


def upgrade() -> None:
    _delegation()
    _delegation_place()
    _delegation_return()


def downgrade() -> None:
    op.drop_table("delegation_return")
    op.drop_table("delegation_place")
    op.drop_table("delegation")
