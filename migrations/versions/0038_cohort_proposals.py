"""Cohorts that the solver was asked for: what was asked and what came of it."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0038"
down_revision = "0037"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "cohort_proposal",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("cohort_id", sa.Uuid(), nullable=False),
        sa.Column("money", sa.BigInteger(), nullable=False),
        sa.Column("question", sa.JSON().with_variant(JSONB(), "postgresql"), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("asked_by_id", sa.Uuid(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("heard_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("steps", sa.Integer(), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answer", sa.JSON().with_variant(JSONB(), "postgresql"), nullable=True),
        sa.Column("fault", sa.String(length=200), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "asked",
                "working",
                "answered",
                "failed",
                "cancelled",
                name="status",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("money > 0", name=op.f("ck_cohort_proposal_money_positive")),
        sa.CheckConstraint(
            "attempts >= 0 AND done >= 0 AND steps >= 0", name=op.f("ck_cohort_proposal_steps_counted")
        ),
        sa.CheckConstraint(
            "(status = 'answered') = (answer IS NOT NULL)", name=op.f("ck_cohort_proposal_answer_if_answered")
        ),
        sa.CheckConstraint(
            "status <> 'failed' OR fault <> ''", name=op.f("ck_cohort_proposal_failed_with_fault")
        ),
        sa.CheckConstraint(
            "(status IN ('asked', 'working')) = (ended_at IS NULL)",
            name=op.f("ck_cohort_proposal_ended_at_if_ended"),
        ),
        sa.CheckConstraint(
            "status <> 'working' OR heard_at IS NOT NULL", name=op.f("ck_cohort_proposal_heard_of_if_working")
        ),
        sa.ForeignKeyConstraint(["asked_by_id"], ["account.id"], name=op.f("fk_cohort_proposal_asked_by_id")),
        sa.ForeignKeyConstraint(["cohort_id"], ["cohort.id"], name=op.f("fk_cohort_proposal_cohort_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cohort_proposal")),
    )
    op.create_index("ix_cohort_proposal_waiting", "cohort_proposal", ["status", "asked_at"], unique=False)
    op.create_index(
        "uq_cohort_proposal_one_open",
        "cohort_proposal",
        ["cohort_id"],
        unique=True,
        sqlite_where=sa.text("status IN ('asked', 'working')"),
        postgresql_where=sa.text("status IN ('asked', 'working')"),
    )


def downgrade() -> None:
    op.drop_table("cohort_proposal")
