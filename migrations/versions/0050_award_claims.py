"""Claims against awards with costs and versions, evidence for milestones, changes to awards, and money paid back."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0050"
down_revision = "0049"
branch_labels = None
depends_on = None

JSON = sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql")
AWARD_CLAIM_STATUS = ("draft", "submitted", "returned", "approved", "paid", "rejected", "discarded")
MILESTONE_EVIDENCE_STATUS = ("handed_in", "accepted", "sent_back")
MILESTONE_REMINDER_KIND = ("before", "after")
AWARD_CHANGE_KIND = ("time", "scope", "money")
AWARD_CHANGE_STATUS = ("asked", "approved", "refused", "withdrawn")
AWARD_RECOVERY_STATUS = ("asked", "received", "released", "cancelled")
CHECKS = {
    "award_claim": {
        "approved_amount_if_approved": "(status IN ('approved', 'paid')) = (approved IS NOT NULL)",
        "approved_by_another": "status NOT IN ('approved', 'paid') OR decided_by_id IS NULL OR decided_by_id <> submitted_by_id",
        "declared_if_submitted": "status IN ('draft', 'discarded') OR (submitted_at IS NOT NULL AND declared_by <> '' AND amount > 0)",
        "numbered": "number > 0",
        "paid_at_if_paid": "(status = 'paid') = (paid_at IS NOT NULL)",
        "refused_with_reason": "status NOT IN ('returned', 'rejected') OR reason <> ''",
        "within_claim": "approved IS NULL OR (approved > 0 AND approved <= amount)",
    },
    "award_cost": {
        "claimed_positive": "claimed > 0",
        "cut_with_reason": "approved IS NULL OR approved = claimed OR reason <> ''",
        "own_not_negative": "own >= 0",
        "within_claimed": "approved IS NULL OR (approved >= 0 AND approved <= claimed)",
    },
    "award_claim_version": {
        "numbered": "number > 0",
    },
    "milestone_evidence": {
        "decided_if_not_waiting": "(status = 'handed_in') = (decided_at IS NULL)",
        "in_words": "words <> ''",
        "sent_back_with_reason": "status <> 'sent_back' OR reason <> ''",
    },
    "award_change": {
        "approved_by_another": "status <> 'approved' OR decided_by_id IS NULL OR decided_by_id <> asked_by_id",
        "decided_if_not_asked": "(status = 'asked') = (decided_at IS NULL)",
        "moved_not_negative": "moved >= 0",
        "refused_with_reason": "status <> 'refused' OR reason <> ''",
        "with_reason": "why <> ''",
    },
    "award_recovery": {
        "amount_positive": "amount > 0",
        "cancelled_with_reason": "(status = 'cancelled') = (cancel_reason <> '')",
        "received_on_if_received": "(status IN ('received', 'released')) = (received_on IS NOT NULL)",
        "released_by_another": "status <> 'released' OR released_by_id IS NULL OR released_by_id <> asked_by_id",
        "released_with_reason": "(status = 'released') = (released_at IS NOT NULL AND release_reason <> '')",
        "with_reason": "reason <> ''",
    },
}


def _words(name: str, values: tuple[str, ...]) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=40)


def _foreign(table: str, column: str, target: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{target}.id"], name=op.f(f"fk_{table}_{column}"))


def _checks(table: str) -> list[sa.CheckConstraint]:
    return [sa.CheckConstraint(text, name=op.f(f"ck_{table}_{name}")) for name, text in CHECKS[table].items()]


def _once(name: str, table: str, column: str, where: str) -> None:
    given = sa.text(where)
    op.create_index(name, table, [column], unique=True, sqlite_where=given, postgresql_where=given)


def upgrade() -> None:
    op.create_table(
        "award_claim",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("award_id", sa.Uuid(), nullable=False),
        sa.Column("milestone_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("begun_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("begun_by_id", sa.Uuid(), nullable=True),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("submitted_by_id", sa.Uuid(), nullable=True),
        sa.Column("declared_by", sa.String(length=200), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by_id", sa.Uuid(), nullable=True),
        sa.Column("approved", sa.BigInteger(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("paid_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("status", _words("status", AWARD_CLAIM_STATUS), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        *_checks("award_claim"),
        _foreign("award_claim", "award_id", "award"),
        _foreign("award_claim", "milestone_id", "award_milestone"),
        _foreign("award_claim", "begun_by_id", "account"),
        _foreign("award_claim", "submitted_by_id", "account"),
        _foreign("award_claim", "decided_by_id", "account"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_award_claim")),
    )
    op.create_index("ix_award_claim_status", "award_claim", ["status", "submitted_at"], unique=False)
    op.create_index("uq_award_claim_number", "award_claim", ["award_id", "number"], unique=True)
    _once(
        "uq_award_claim_one_open",
        "award_claim",
        "milestone_id",
        "status IN ('draft', 'submitted', 'returned')",
    )
    op.create_table(
        "award_cost",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("claim_id", sa.Uuid(), nullable=False),
        sa.Column("paid_on", sa.Date(), nullable=False),
        sa.Column("supplier", sa.String(length=200), nullable=False),
        sa.Column("what", sa.String(length=300), nullable=False),
        sa.Column("claimed", sa.BigInteger(), nullable=False),
        sa.Column("own", sa.BigInteger(), nullable=False),
        sa.Column("approved", sa.BigInteger(), nullable=True),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        *_checks("award_cost"),
        _foreign("award_cost", "claim_id", "award_claim"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_award_cost")),
    )
    op.create_index("ix_award_cost_claim", "award_cost", ["claim_id", "paid_on"], unique=False)
    op.create_table(
        "award_claim_version",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("claim_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("submitted_by_id", sa.Uuid(), nullable=True),
        sa.Column("declared_by", sa.String(length=200), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("costs", JSON, nullable=False),
        sa.Column("outcome", _words("outcome", AWARD_CLAIM_STATUS), nullable=True),
        sa.Column("said", sa.Text(), nullable=False),
        *_checks("award_claim_version"),
        _foreign("award_claim_version", "claim_id", "award_claim"),
        _foreign("award_claim_version", "submitted_by_id", "account"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_award_claim_version")),
    )
    op.create_index(
        "uq_award_claim_version_number", "award_claim_version", ["claim_id", "number"], unique=True
    )
    op.create_table(
        "milestone_evidence",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("award_id", sa.Uuid(), nullable=False),
        sa.Column("milestone_id", sa.Uuid(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("handed_in_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("handed_in_by_id", sa.Uuid(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by_id", sa.Uuid(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("status", _words("status", MILESTONE_EVIDENCE_STATUS), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        *_checks("milestone_evidence"),
        _foreign("milestone_evidence", "award_id", "award"),
        _foreign("milestone_evidence", "milestone_id", "award_milestone"),
        _foreign("milestone_evidence", "handed_in_by_id", "account"),
        _foreign("milestone_evidence", "decided_by_id", "account"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_milestone_evidence")),
    )
    op.create_index(
        "ix_milestone_evidence_award", "milestone_evidence", ["award_id", "handed_in_at"], unique=False
    )
    _once("uq_milestone_evidence_one_waiting", "milestone_evidence", "milestone_id", "status = 'handed_in'")
    op.create_table(
        "milestone_reminder",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("milestone_id", sa.Uuid(), nullable=False),
        sa.Column("kind", _words("kind", MILESTONE_REMINDER_KIND), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        _foreign("milestone_reminder", "milestone_id", "award_milestone"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_milestone_reminder")),
    )
    op.create_index(
        "uq_milestone_reminder_once", "milestone_reminder", ["milestone_id", "kind", "due_on"], unique=True
    )
    op.create_table(
        "award_change",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("award_id", sa.Uuid(), nullable=False),
        sa.Column("kind", _words("kind", AWARD_CHANGE_KIND), nullable=False),
        sa.Column("milestone_id", sa.Uuid(), nullable=True),
        sa.Column("to_milestone_id", sa.Uuid(), nullable=True),
        sa.Column("before", sa.Text(), nullable=False),
        sa.Column("after", sa.Text(), nullable=False),
        sa.Column("new_day", sa.Date(), nullable=True),
        sa.Column("moved", sa.BigInteger(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("asked_by_id", sa.Uuid(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by_id", sa.Uuid(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("status", _words("status", AWARD_CHANGE_STATUS), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        *_checks("award_change"),
        _foreign("award_change", "award_id", "award"),
        _foreign("award_change", "milestone_id", "award_milestone"),
        _foreign("award_change", "to_milestone_id", "award_milestone"),
        _foreign("award_change", "asked_by_id", "account"),
        _foreign("award_change", "decided_by_id", "account"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_award_change")),
    )
    op.create_index("ix_award_change_status", "award_change", ["status", "asked_at"], unique=False)
    _once("uq_award_change_one_open", "award_change", "award_id", "status = 'asked'")
    op.create_table(
        "award_recovery",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("award_id", sa.Uuid(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("asked_by_id", sa.Uuid(), nullable=True),
        sa.Column("received_on", sa.Date(), nullable=True),
        sa.Column("released_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("released_by_id", sa.Uuid(), nullable=True),
        sa.Column("release_reason", sa.Text(), nullable=False),
        sa.Column("cancel_reason", sa.Text(), nullable=False),
        sa.Column("status", _words("status", AWARD_RECOVERY_STATUS), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        *_checks("award_recovery"),
        _foreign("award_recovery", "award_id", "award"),
        _foreign("award_recovery", "asked_by_id", "account"),
        _foreign("award_recovery", "released_by_id", "account"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_award_recovery")),
    )
    op.create_index("ix_award_recovery_status", "award_recovery", ["status", "due_on"], unique=False)


def downgrade() -> None:
    op.drop_table("award_recovery")
    op.drop_table("award_change")
    op.drop_table("milestone_reminder")
    op.drop_table("milestone_evidence")
    op.drop_table("award_claim_version")
    op.drop_table("award_cost")
    op.drop_table("award_claim")
