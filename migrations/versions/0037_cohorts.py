"""Cohorts: targets, drafts, decisions and feedback."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0037"
down_revision = "0036"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "cohort",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("round_id", sa.Uuid(), nullable=False),
        sa.Column("envelope_id", sa.Uuid(), nullable=True),
        sa.Column(
            "line",
            sa.Enum(
                "capital",
                "revenue",
                "in_kind",
                name="line",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("allows_partial", sa.Boolean(), nullable=False),
        sa.Column("begun_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("begun_by_id", sa.Uuid(), nullable=True),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["begun_by_id"], ["account.id"], name=op.f("fk_cohort_begun_by_id")),
        sa.ForeignKeyConstraint(["envelope_id"], ["envelope.id"], name=op.f("fk_cohort_envelope_id")),
        sa.ForeignKeyConstraint(["round_id"], ["programme_round.id"], name=op.f("fk_cohort_round_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cohort")),
        sa.UniqueConstraint("round_id", name=op.f("uq_cohort_round_id")),
    )
    op.create_table(
        "cohort_draft",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("cohort_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by_id", sa.Uuid(), nullable=True),
        sa.Column("reserves", sa.Integer(), nullable=False),
        sa.Column("target_reason", sa.Text(), nullable=False),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("proposed_by_id", sa.Uuid(), nullable=True),
        sa.Column("sent_back_reason", sa.Text(), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("confirmed_by_id", sa.Uuid(), nullable=True),
        sa.Column(
            "status",
            sa.Enum(
                "open",
                "proposed",
                "confirmed",
                "stale",
                "deleted",
                name="status",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(status = 'confirmed') = (confirmed_at IS NOT NULL)",
            name=op.f("ck_cohort_draft_confirmed_at_if_confirmed"),
        ),
        sa.CheckConstraint("name <> ''", name=op.f("ck_cohort_draft_named")),
        sa.CheckConstraint(
            "status NOT IN ('proposed', 'confirmed') OR proposed_at IS NOT NULL",
            name=op.f("ck_cohort_draft_proposed_at_if_proposed"),
        ),
        sa.CheckConstraint(
            "confirmed_by_id IS NULL OR confirmed_by_id <> proposed_by_id",
            name=op.f("ck_cohort_draft_confirmed_by_another"),
        ),
        sa.CheckConstraint("reserves BETWEEN 0 AND 500", name=op.f("ck_cohort_draft_reserves_counted")),
        sa.ForeignKeyConstraint(["cohort_id"], ["cohort.id"], name=op.f("fk_cohort_draft_cohort_id")),
        sa.ForeignKeyConstraint(
            ["confirmed_by_id"], ["account.id"], name=op.f("fk_cohort_draft_confirmed_by_id")
        ),
        sa.ForeignKeyConstraint(["made_by_id"], ["account.id"], name=op.f("fk_cohort_draft_made_by_id")),
        sa.ForeignKeyConstraint(
            ["proposed_by_id"], ["account.id"], name=op.f("fk_cohort_draft_proposed_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cohort_draft")),
    )
    op.create_index("ix_cohort_draft_cohort", "cohort_draft", ["cohort_id", "made_at"], unique=False)
    op.create_index(
        "uq_cohort_draft_name",
        "cohort_draft",
        ["cohort_id", "name"],
        unique=True,
        sqlite_where=sa.text("status <> 'deleted'"),
        postgresql_where=sa.text("status <> 'deleted'"),
    )
    op.create_index(
        "uq_cohort_draft_one_put_forward",
        "cohort_draft",
        ["cohort_id"],
        unique=True,
        sqlite_where=sa.text("status IN ('proposed', 'confirmed')"),
        postgresql_where=sa.text("status IN ('proposed', 'confirmed')"),
    )
    op.create_table(
        "cohort_target",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("cohort_id", sa.Uuid(), nullable=False),
        sa.Column(
            "dimension",
            sa.Enum(
                "area",
                "authority",
                "sub_sector",
                "stage",
                "first_time",
                "strand",
                name="dimension",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("value", sa.String(length=100), nullable=False),
        sa.Column("is_outside", sa.Boolean(), nullable=False),
        sa.Column(
            "measure",
            sa.Enum("money", "awards", name="measure", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("least", sa.Integer(), nullable=False),
        sa.Column("set_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("set_by_id", sa.Uuid(), nullable=True),
        sa.CheckConstraint("value <> ''", name=op.f("ck_cohort_target_of_something")),
        sa.CheckConstraint("least BETWEEN 1 AND 10000", name=op.f("ck_cohort_target_least_is_percent")),
        sa.ForeignKeyConstraint(["cohort_id"], ["cohort.id"], name=op.f("fk_cohort_target_cohort_id")),
        sa.ForeignKeyConstraint(["set_by_id"], ["account.id"], name=op.f("fk_cohort_target_set_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cohort_target")),
    )
    op.create_index(
        "uq_cohort_target_once",
        "cohort_target",
        ["cohort_id", "dimension", "value", "is_outside", "measure"],
        unique=True,
    )
    op.create_table(
        "decision",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("cohort_id", sa.Uuid(), nullable=False),
        sa.Column("application_id", sa.Uuid(), nullable=False),
        sa.Column(
            "outcome",
            sa.Enum(
                "successful",
                "reserve",
                "unsuccessful",
                name="outcome",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("amount", sa.BigInteger(), nullable=True),
        sa.Column("place", sa.Integer(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_by_id", sa.Uuid(), nullable=True),
        sa.Column("signposts", sa.JSON().with_variant(JSONB(), "postgresql"), nullable=False),
        sa.Column("notified_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("letter_text", sa.Text(), nullable=False),
        sa.Column("promoted_reason", sa.Text(), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_reason", sa.Text(), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "saved",
                "notified",
                "withdrawn",
                name="status",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(outcome = 'reserve') = (place IS NOT NULL)", name=op.f("ck_decision_place_if_reserve")
        ),
        sa.CheckConstraint(
            "(status = 'withdrawn') = (withdrawn_at IS NOT NULL)",
            name=op.f("ck_decision_withdrawn_at_if_withdrawn"),
        ),
        sa.CheckConstraint(
            "outcome <> 'successful' OR (amount IS NOT NULL AND amount > 0)",
            name=op.f("ck_decision_award_has_amount"),
        ),
        sa.CheckConstraint(
            "status <> 'notified' OR notified_at IS NOT NULL",
            name=op.f("ck_decision_notified_at_if_notified"),
        ),
        sa.CheckConstraint(
            "status <> 'withdrawn' OR withdrawn_reason <> ''", name=op.f("ck_decision_withdrawn_with_reason")
        ),
        sa.ForeignKeyConstraint(
            ["application_id"], ["application.id"], name=op.f("fk_decision_application_id")
        ),
        sa.ForeignKeyConstraint(["cohort_id"], ["cohort.id"], name=op.f("fk_decision_cohort_id")),
        sa.ForeignKeyConstraint(["decided_by_id"], ["account.id"], name=op.f("fk_decision_decided_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_decision")),
        sa.UniqueConstraint("application_id", name=op.f("uq_decision_application_id")),
    )
    op.create_index("ix_decision_cohort", "decision", ["cohort_id", "outcome", "status"], unique=False)
    op.create_table(
        "feedback",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("application_id", sa.Uuid(), nullable=False),
        sa.Column("criterion_id", sa.Uuid(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("is_shared", sa.Boolean(), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("written_by_id", sa.Uuid(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("words <> ''", name=op.f("ck_feedback_not_empty")),
        sa.ForeignKeyConstraint(
            ["application_id"], ["application.id"], name=op.f("fk_feedback_application_id")
        ),
        sa.ForeignKeyConstraint(["criterion_id"], ["criterion.id"], name=op.f("fk_feedback_criterion_id")),
        sa.ForeignKeyConstraint(["written_by_id"], ["account.id"], name=op.f("fk_feedback_written_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_feedback")),
    )
    op.create_index("uq_feedback_once", "feedback", ["application_id", "criterion_id"], unique=True)
    op.create_table(
        "draft_place",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("draft_id", sa.Uuid(), nullable=False),
        sa.Column("application_id", sa.Uuid(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("override_reason", sa.Text(), nullable=False),
        sa.Column("overridden_by_id", sa.Uuid(), nullable=True),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("added_by_id", sa.Uuid(), nullable=True),
        sa.CheckConstraint(
            "(override_reason = '') = (overridden_by_id IS NULL)",
            name=op.f("ck_draft_place_overridden_by_somebody"),
        ),
        sa.CheckConstraint("amount > 0", name=op.f("ck_draft_place_amount_positive")),
        sa.ForeignKeyConstraint(["added_by_id"], ["account.id"], name=op.f("fk_draft_place_added_by_id")),
        sa.ForeignKeyConstraint(
            ["application_id"], ["application.id"], name=op.f("fk_draft_place_application_id")
        ),
        sa.ForeignKeyConstraint(["draft_id"], ["cohort_draft.id"], name=op.f("fk_draft_place_draft_id")),
        sa.ForeignKeyConstraint(
            ["overridden_by_id"], ["account.id"], name=op.f("fk_draft_place_overridden_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_draft_place")),
    )
    op.create_index("ix_draft_place_application", "draft_place", ["application_id"], unique=False)
    op.create_index("uq_draft_place_once", "draft_place", ["draft_id", "application_id"], unique=True)


def downgrade() -> None:

    op.drop_index("uq_draft_place_once", table_name="draft_place")
    op.drop_index("ix_draft_place_application", table_name="draft_place")
    op.drop_table("draft_place")
    op.drop_index("uq_feedback_once", table_name="feedback")
    op.drop_table("feedback")
    op.drop_index("ix_decision_cohort", table_name="decision")
    op.drop_table("decision")
    op.drop_index("uq_cohort_target_once", table_name="cohort_target")
    op.drop_table("cohort_target")
    op.drop_index(
        "uq_cohort_draft_one_put_forward",
        table_name="cohort_draft",
        sqlite_where=sa.text("status IN ('proposed', 'confirmed')"),
        postgresql_where=sa.text("status IN ('proposed', 'confirmed')"),
    )
    op.drop_index(
        "uq_cohort_draft_name",
        table_name="cohort_draft",
        sqlite_where=sa.text("status <> 'deleted'"),
        postgresql_where=sa.text("status <> 'deleted'"),
    )
    op.drop_index("ix_cohort_draft_cohort", table_name="cohort_draft")
    op.drop_table("cohort_draft")
    op.drop_table("cohort")
