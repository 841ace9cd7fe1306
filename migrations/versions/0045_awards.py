"""Awards, offered for successful decisions, and their milestones."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0045"
down_revision = "0044"
branch_labels = None
depends_on = None

STATUSES = ("prepared", "offered", "accepted", "declined", "lapsed", "withdrawn", "ended", "completed")
LINES = ("capital", "revenue", "in_kind")
STRANDS = ("ip", "sales", "markets")
AWARD = {
    "amount_positive": "amount > 0",
    "match_share_is_percent": "match_share BETWEEN 0 AND 9999",
    "ends_later": "ends_on > starts_on",
    "for_something": "purpose <> ''",
    "offered_with_letter": "status NOT IN ('offered', 'accepted', 'declined', 'lapsed', 'ended', 'completed') "
    "OR (offered_at IS NOT NULL AND letter_key <> '')",
    "accepted_by_name": "status NOT IN ('accepted', 'ended', 'completed') "
    "OR (accepted_at IS NOT NULL AND accepted_name <> '')",
    "closed_at_if_over": "status NOT IN ('declined', 'lapsed', 'withdrawn', 'ended', 'completed') "
    "OR closed_at IS NOT NULL",
    "closed_with_reason": "status NOT IN ('declined', 'withdrawn', 'ended') OR closed_reason <> ''",
    "offered_by_another": "offered_by_id IS NULL OR offered_by_id <> prepared_by_id",
}
MILESTONE = {
    "titled": "title <> ''",
    "wants_evidence": "evidence_wanted <> ''",
    "amount_not_negative": "amount >= 0",
    "met_at_if_met": "met_by_id IS NULL OR met_at IS NOT NULL",
}


def _words(name: str, values: tuple[str, ...]) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=40)


def _foreign(table: str, column: str, target: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{target}.id"], name=op.f(f"fk_{table}_{column}"))


def _checks(table: str, checks: dict[str, str]) -> list[sa.CheckConstraint]:
    return [sa.CheckConstraint(text, name=op.f(f"ck_{table}_{name}")) for name, text in checks.items()]


def upgrade() -> None:
    op.create_table(
        "award",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("decision_id", sa.Uuid(), nullable=False),
        sa.Column("application_id", sa.Uuid(), nullable=False),
        sa.Column("business_id", sa.Uuid(), nullable=False),
        sa.Column("envelope_id", sa.Uuid(), nullable=True),
        sa.Column("line", _words("line", LINES), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("match_share", sa.Integer(), nullable=False),
        sa.Column("purpose", sa.String(length=300), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("offer_expires_on", sa.Date(), nullable=False),
        sa.Column("terms_version", sa.String(length=20), nullable=False),
        sa.Column("prepared_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("prepared_by_id", sa.Uuid(), nullable=True),
        sa.Column("register_status", sa.String(length=100), nullable=False),
        sa.Column("register_checked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("register_reason", sa.String(length=500), nullable=False),
        sa.Column("offered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("offered_by_id", sa.Uuid(), nullable=True),
        sa.Column("letter_key", sa.String(length=100), nullable=False),
        sa.Column("letters", sa.JSON().with_variant(JSONB(), "postgresql"), nullable=False),
        sa.Column("reminded_on", sa.Date(), nullable=True),
        sa.Column("accepted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("accepted_by_id", sa.Uuid(), nullable=True),
        sa.Column("accepted_name", sa.String(length=200), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_reason", sa.Text(), nullable=False),
        sa.Column("subsidy_id", sa.Uuid(), nullable=True),
        sa.Column("status", _words("status", STATUSES), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        *_checks("award", AWARD),
        _foreign("award", "decision_id", "decision"),
        _foreign("award", "application_id", "application"),
        _foreign("award", "business_id", "business"),
        _foreign("award", "envelope_id", "envelope"),
        _foreign("award", "subsidy_id", "subsidy"),
        *(_foreign("award", f"{each}_by_id", "account") for each in ("prepared", "offered", "accepted")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_award")),
        sa.UniqueConstraint("decision_id", name=op.f("uq_award_decision_id")),
    )
    op.create_index("ix_award_business", "award", ["business_id", "prepared_at"], unique=False)
    op.create_index("ix_award_status", "award", ["status", "offer_expires_on"], unique=False)
    op.create_index("ix_award_envelope", "award", ["envelope_id"], unique=False)
    op.create_table(
        "award_milestone",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("award_id", sa.Uuid(), nullable=False),
        sa.Column("strand", _words("strand", STRANDS), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("evidence_wanted", sa.Text(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("met_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("met_by_id", sa.Uuid(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        *_checks("award_milestone", MILESTONE),
        _foreign("award_milestone", "award_id", "award"),
        _foreign("award_milestone", "met_by_id", "account"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_award_milestone")),
    )
    op.create_index("ix_award_milestone_award", "award_milestone", ["award_id", "due_on"], unique=False)


def downgrade() -> None:
    op.drop_table("award_milestone")
    op.drop_table("award")
