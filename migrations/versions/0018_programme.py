"""The scale-up programme: rounds, applications, and independent assessment."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")


def upgrade() -> None:
    op.create_table(
        "programme_round",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("about", sa.Text(), nullable=False),
        sa.Column("strands", sa.Text(), nullable=False),
        sa.Column("opens_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("deadline_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("assess_from", sa.DateTime(timezone=True), nullable=False),
        sa.Column("assess_until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("grace_minutes", sa.Integer(), nullable=False),
        sa.Column("is_dry_run", sa.Boolean(), nullable=False),
        sa.Column("threshold", sa.Integer(), nullable=False),
        sa.Column("spread", sa.Integer(), nullable=False),
        sa.Column("assessors", sa.Integer(), nullable=False),
        sa.Column("least_words", sa.Integer(), nullable=False),
        sa.Column(
            "tie_rule",
            sa.Enum(
                "weightiest", "panel", name="tie_rule", native_enum=False, create_constraint=True, length=40
            ),
            nullable=False,
        ),
        sa.Column("declaration", sa.Text(), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "draft",
                "published",
                "discarded",
                name="status",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("prepared_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("prepared_by_id", sa.Uuid(), nullable=True),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("criteria_opened_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
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
        sa.CheckConstraint(
            "(status = 'published') = (published_at IS NOT NULL)",
            name=op.f("ck_programme_round_published_at_if_published"),
        ),
        sa.CheckConstraint(
            "assess_from >= deadline_at", name=op.f("ck_programme_round_assessed_after_deadline")
        ),
        sa.CheckConstraint(
            "assess_until > assess_from", name=op.f("ck_programme_round_assessment_ends_later")
        ),
        sa.CheckConstraint("assessors >= 2", name=op.f("ck_programme_round_two_assessors_at_least")),
        sa.CheckConstraint("deadline_at > opens_at", name=op.f("ck_programme_round_deadline_after_opening")),
        sa.CheckConstraint(
            "grace_minutes BETWEEN 0 AND 1440", name=op.f("ck_programme_round_grace_of_a_day")
        ),
        sa.CheckConstraint("least_words >= 0", name=op.f("ck_programme_round_words_counted")),
        sa.CheckConstraint(
            "max_employees >= min_employees", name=op.f("ck_programme_round_employees_in_order")
        ),
        sa.CheckConstraint(
            "max_trading_months >= min_trading_months", name=op.f("ck_programme_round_trading_in_order")
        ),
        sa.CheckConstraint("max_turnover >= min_turnover", name=op.f("ck_programme_round_turnover_in_order")),
        sa.CheckConstraint(
            "min_export_share_pct BETWEEN 0 AND 100", name=op.f("ck_programme_round_export_share_is_percent")
        ),
        sa.CheckConstraint(
            "min_turnover IS NULL OR min_turnover >= 0",
            name=op.f("ck_programme_round_min_turnover_not_negative"),
        ),
        sa.CheckConstraint("spread >= 0", name=op.f("ck_programme_round_spread_not_negative")),
        sa.CheckConstraint(
            "threshold BETWEEN 0 AND 10000", name=op.f("ck_programme_round_threshold_is_percent")
        ),
        sa.ForeignKeyConstraint(
            ["prepared_by_id"], ["account.id"], name=op.f("fk_programme_round_prepared_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_programme_round")),
        sa.UniqueConstraint("name", name=op.f("uq_programme_round_name")),
    )
    op.create_index("ix_programme_round_opens", "programme_round", ["status", "opens_at"], unique=False)
    op.create_table(
        "application",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("round_id", sa.Uuid(), nullable=False),
        sa.Column("business_id", sa.Uuid(), nullable=False),
        sa.Column("reference", sa.String(length=12), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "draft",
                "submitted",
                "assessed",
                "ineligible",
                "withdrawn",
                name="status",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("begun_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("begun_by_id", sa.Uuid(), nullable=True),
        sa.Column("readings", JSON, nullable=False),
        sa.Column("extended_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("extension_reason", sa.Text(), nullable=False),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("submitted_by_id", sa.Uuid(), nullable=True),
        sa.Column("declared_by", sa.String(length=200), nullable=False),
        sa.Column("minutes_late", sa.Integer(), nullable=False),
        sa.Column("asked_for", sa.BigInteger(), nullable=True),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_reason", sa.Text(), nullable=False),
        sa.Column("ineligible_reason", sa.Text(), nullable=False),
        sa.Column("revealed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("assessed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("assessed_by_id", sa.Uuid(), nullable=True),
        sa.Column("erased_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(extended_until IS NULL) = (extension_reason = '')",
            name=op.f("ck_application_extended_with_reason"),
        ),
        sa.CheckConstraint(
            "(status = 'assessed') = (assessed_at IS NOT NULL)",
            name=op.f("ck_application_assessed_at_if_assessed"),
        ),
        sa.CheckConstraint(
            "(status = 'withdrawn') = (withdrawn_at IS NOT NULL)",
            name=op.f("ck_application_withdrawn_at_if_withdrawn"),
        ),
        sa.CheckConstraint(
            "status <> 'ineligible' OR ineligible_reason <> ''",
            name=op.f("ck_application_ineligible_with_reason"),
        ),
        sa.CheckConstraint(
            "status NOT IN ('submitted', 'assessed', 'ineligible') OR submitted_at IS NOT NULL",
            name=op.f("ck_application_submitted_at_if_submitted"),
        ),
        sa.CheckConstraint("minutes_late >= 0", name=op.f("ck_application_minutes_counted")),
        sa.ForeignKeyConstraint(
            ["assessed_by_id"], ["account.id"], name=op.f("fk_application_assessed_by_id")
        ),
        sa.ForeignKeyConstraint(["begun_by_id"], ["account.id"], name=op.f("fk_application_begun_by_id")),
        sa.ForeignKeyConstraint(["business_id"], ["business.id"], name=op.f("fk_application_business_id")),
        sa.ForeignKeyConstraint(["round_id"], ["programme_round.id"], name=op.f("fk_application_round_id")),
        sa.ForeignKeyConstraint(
            ["submitted_by_id"], ["account.id"], name=op.f("fk_application_submitted_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_application")),
        sa.UniqueConstraint("reference", name=op.f("uq_application_reference")),
    )
    op.create_index("ix_application_business", "application", ["business_id", "begun_at"], unique=False)
    op.create_index("ix_application_round_begun", "application", ["round_id", "begun_at", "id"], unique=False)
    op.create_index(
        "uq_application_one_each",
        "application",
        ["round_id", "business_id"],
        unique=True,
        sqlite_where=sa.text("status <> 'withdrawn'"),
        postgresql_where=sa.text("status <> 'withdrawn'"),
    )
    op.create_table(
        "criterion",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("round_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("weight", sa.Integer(), nullable=False),
        sa.Column("parts", sa.Text(), nullable=False),
        sa.Column("highest", sa.Integer(), server_default=sa.text("5"), nullable=False),
        sa.Column("least", sa.Integer(), nullable=True),
        sa.Column("anchors", sa.Text(), nullable=False),
        sa.Column("reads", JSON, nullable=False),
        sa.Column("superseded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("parts <> ''", name=op.f("ck_criterion_has_parts")),
        sa.CheckConstraint("highest BETWEEN 1 AND 100", name=op.f("ck_criterion_highest_in_bounds")),
        sa.CheckConstraint(
            "least IS NULL OR least BETWEEN 1 AND highest * 100", name=op.f("ck_criterion_least_within_scale")
        ),
        sa.CheckConstraint("weight BETWEEN 1 AND 10000", name=op.f("ck_criterion_weight_is_percent")),
        sa.ForeignKeyConstraint(["round_id"], ["programme_round.id"], name=op.f("fk_criterion_round_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_criterion")),
    )
    op.create_index("ix_criterion_round", "criterion", ["round_id", "position"], unique=False)
    op.create_table(
        "interest",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("company_number", sa.String(length=8), nullable=True),
        sa.Column("business_id", sa.Uuid(), nullable=True),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("declared_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("words <> ''", name=op.f("ck_interest_said_how")),
        sa.CheckConstraint(
            "company_number IS NOT NULL OR business_id IS NOT NULL", name=op.f("ck_interest_in_something")
        ),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_interest_account_id")),
        sa.ForeignKeyConstraint(["business_id"], ["business.id"], name=op.f("fk_interest_business_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_interest")),
    )
    op.create_index("ix_interest_account", "interest", ["account_id", "ended_at"], unique=False)
    op.create_table(
        "round_assessor",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("round_id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("knows", sa.Text(), nullable=False),
        sa.Column("most", sa.Integer(), nullable=False),
        sa.CheckConstraint("most BETWEEN 1 AND 1000", name=op.f("ck_round_assessor_most_counted")),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_round_assessor_account_id")),
        sa.ForeignKeyConstraint(
            ["round_id"], ["programme_round.id"], name=op.f("fk_round_assessor_round_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_round_assessor")),
    )
    op.create_index("uq_round_assessor_once", "round_assessor", ["round_id", "account_id"], unique=True)
    op.create_table(
        "round_section",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("round_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("hint", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["round_id"], ["programme_round.id"], name=op.f("fk_round_section_round_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_round_section")),
    )
    op.create_index("ix_round_section_round", "round_section", ["round_id", "position"], unique=False)
    op.create_table(
        "applicant_query",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("application_id", sa.Uuid(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("asked_by_id", sa.Uuid(), nullable=True),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "open",
                "answered",
                "closed",
                name="status",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("reply", sa.Text(), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered_by_id", sa.Uuid(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(status = 'answered') = (answered_at IS NOT NULL)",
            name=op.f("ck_applicant_query_answered_at_if_answered"),
        ),
        sa.ForeignKeyConstraint(
            ["answered_by_id"], ["account.id"], name=op.f("fk_applicant_query_answered_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["application_id"], ["application.id"], name=op.f("fk_applicant_query_application_id")
        ),
        sa.ForeignKeyConstraint(["asked_by_id"], ["account.id"], name=op.f("fk_applicant_query_asked_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_applicant_query")),
    )
    op.create_index(
        "ix_applicant_query_application", "applicant_query", ["application_id", "asked_at"], unique=False
    )
    op.create_table(
        "assessment",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("application_id", sa.Uuid(), nullable=False),
        sa.Column("assessor_id", sa.Uuid(), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "allocated",
                "accepted",
                "submitted",
                "declined",
                "excluded",
                "closed",
                name="status",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("allocated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("allocated_by_id", sa.Uuid(), nullable=True),
        sa.Column("override_reason", sa.Text(), nullable=False),
        sa.Column(
            "declined_for",
            sa.Enum(
                "interest",
                "capacity",
                "expertise",
                name="declined_for",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("declined_words", sa.Text(), nullable=False),
        sa.Column("comment", sa.Text(), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("extended_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("extension_reason", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(extended_until IS NULL) = (extension_reason = '')",
            name=op.f("ck_assessment_extended_with_reason"),
        ),
        sa.CheckConstraint(
            "(status = 'declined') = (declined_for IS NOT NULL)",
            name=op.f("ck_assessment_declined_for_something"),
        ),
        sa.CheckConstraint(
            "status <> 'submitted' OR submitted_at IS NOT NULL",
            name=op.f("ck_assessment_submitted_at_if_submitted"),
        ),
        sa.ForeignKeyConstraint(
            ["allocated_by_id"], ["account.id"], name=op.f("fk_assessment_allocated_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["application_id"], ["application.id"], name=op.f("fk_assessment_application_id")
        ),
        sa.ForeignKeyConstraint(["assessor_id"], ["account.id"], name=op.f("fk_assessment_assessor_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assessment")),
    )
    op.create_index("ix_assessment_assessor", "assessment", ["assessor_id", "status"], unique=False)
    op.create_index("uq_assessment_once", "assessment", ["application_id", "assessor_id"], unique=True)
    op.create_table(
        "clearance",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("application_id", sa.Uuid(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "waiting",
                "cleared",
                "denied",
                name="status",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by_id", sa.Uuid(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(status = 'waiting') = (decided_at IS NULL)", name=op.f("ck_clearance_decided_if_not_waiting")
        ),
        sa.CheckConstraint(
            "status = 'waiting' OR reason <> ''", name=op.f("ck_clearance_decided_with_reason")
        ),
        sa.ForeignKeyConstraint(
            ["application_id"], ["application.id"], name=op.f("fk_clearance_application_id")
        ),
        sa.ForeignKeyConstraint(["decided_by_id"], ["account.id"], name=op.f("fk_clearance_decided_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_clearance")),
        sa.UniqueConstraint("application_id", name=op.f("uq_clearance_application_id")),
    )
    op.create_index("ix_clearance_status", "clearance", ["status", "asked_at"], unique=False)
    op.create_table(
        "moderation",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("application_id", sa.Uuid(), nullable=False),
        sa.Column("criterion_id", sa.Uuid(), nullable=False),
        sa.Column("part", sa.String(length=200), nullable=False),
        sa.Column("value", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("moderated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("moderated_by_id", sa.Uuid(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("reason <> ''", name=op.f("ck_moderation_with_reason")),
        sa.CheckConstraint("value >= 0", name=op.f("ck_moderation_value_not_negative")),
        sa.ForeignKeyConstraint(
            ["application_id"], ["application.id"], name=op.f("fk_moderation_application_id")
        ),
        sa.ForeignKeyConstraint(["criterion_id"], ["criterion.id"], name=op.f("fk_moderation_criterion_id")),
        sa.ForeignKeyConstraint(
            ["moderated_by_id"], ["account.id"], name=op.f("fk_moderation_moderated_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_moderation")),
    )
    op.create_index(
        "uq_moderation_once", "moderation", ["application_id", "criterion_id", "part"], unique=True
    )
    op.create_table(
        "round_question",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("section_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("label", sa.String(length=500), nullable=False),
        sa.Column("hint", sa.Text(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "text",
                "long_text",
                "money",
                "number",
                "date",
                "choice",
                "yes_no",
                "file",
                "costs",
                name="kind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("is_needed", sa.Boolean(), nullable=False),
        sa.Column("most_words", sa.Integer(), nullable=True),
        sa.Column("choices", sa.Text(), nullable=False),
        sa.Column("asked_if_id", sa.Uuid(), nullable=True),
        sa.Column("asked_if", sa.String(length=200), nullable=False),
        sa.Column("known_as", sa.String(length=40), nullable=False),
        sa.Column("is_sum_asked", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(asked_if_id IS NULL) = (asked_if = '')", name=op.f("ck_round_question_asked_if_whole")
        ),
        sa.CheckConstraint(
            "(kind = 'choice') = (choices <> '')", name=op.f("ck_round_question_choices_to_choose_from")
        ),
        sa.CheckConstraint(
            "(kind = 'long_text') = (most_words IS NOT NULL)",
            name=op.f("ck_round_question_words_of_a_long_text"),
        ),
        sa.CheckConstraint(
            "NOT is_sum_asked OR kind = 'money'", name=op.f("ck_round_question_sum_asked_is_money")
        ),
        sa.CheckConstraint("asked_if_id <> id", name=op.f("ck_round_question_asked_if_of_another")),
        sa.CheckConstraint("most_words > 0", name=op.f("ck_round_question_words_counted")),
        sa.ForeignKeyConstraint(
            ["asked_if_id"], ["round_question.id"], name=op.f("fk_round_question_asked_if_id")
        ),
        sa.ForeignKeyConstraint(
            ["section_id"], ["round_section.id"], name=op.f("fk_round_question_section_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_round_question")),
    )
    op.create_index("ix_round_question_section", "round_question", ["section_id", "position"], unique=False)
    op.create_table(
        "section_answers",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("application_id", sa.Uuid(), nullable=False),
        sa.Column("section_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("answers", JSON, nullable=False),
        sa.Column("is_finished", sa.Boolean(), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("saved_by_id", sa.Uuid(), nullable=True),
        sa.CheckConstraint("version > 0", name=op.f("ck_section_answers_version_from_one")),
        sa.ForeignKeyConstraint(
            ["application_id"], ["application.id"], name=op.f("fk_section_answers_application_id")
        ),
        sa.ForeignKeyConstraint(["saved_by_id"], ["account.id"], name=op.f("fk_section_answers_saved_by_id")),
        sa.ForeignKeyConstraint(
            ["section_id"], ["round_section.id"], name=op.f("fk_section_answers_section_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_section_answers")),
    )
    op.create_index(
        "uq_section_answers_version",
        "section_answers",
        ["application_id", "section_id", "version"],
        unique=True,
    )
    op.create_table(
        "application_file",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("application_id", sa.Uuid(), nullable=False),
        sa.Column("question_id", sa.Uuid(), nullable=False),
        sa.Column("document_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["application_id"], ["application.id"], name=op.f("fk_application_file_application_id")
        ),
        sa.ForeignKeyConstraint(
            ["document_id"], ["document.id"], name=op.f("fk_application_file_document_id")
        ),
        sa.ForeignKeyConstraint(
            ["question_id"], ["round_question.id"], name=op.f("fk_application_file_question_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_application_file")),
        sa.UniqueConstraint("document_id", name=op.f("uq_application_file_document_id")),
    )
    op.create_index(
        "ix_application_file_application", "application_file", ["application_id", "question_id"], unique=False
    )
    op.create_table(
        "queried_question",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("query_id", sa.Uuid(), nullable=False),
        sa.Column("question_id", sa.Uuid(), nullable=False),
        sa.Column("before", JSON, nullable=False),
        sa.Column("after", JSON, nullable=False),
        sa.ForeignKeyConstraint(
            ["query_id"], ["applicant_query.id"], name=op.f("fk_queried_question_query_id")
        ),
        sa.ForeignKeyConstraint(
            ["question_id"], ["round_question.id"], name=op.f("fk_queried_question_question_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_queried_question")),
    )
    op.create_index("uq_queried_question_once", "queried_question", ["query_id", "question_id"], unique=True)
    op.create_table(
        "round_check",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("round_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("left_id", sa.Uuid(), nullable=False),
        sa.Column(
            "comparison",
            sa.Enum(
                "at_most", "at_least", name="comparison", native_enum=False, create_constraint=True, length=40
            ),
            nullable=False,
        ),
        sa.Column("percent", sa.Integer(), nullable=False),
        sa.Column("right_id", sa.Uuid(), nullable=True),
        sa.Column("fixed", sa.BigInteger(), nullable=True),
        sa.Column("words", sa.String(length=500), nullable=False),
        sa.CheckConstraint(
            "(right_id IS NULL) <> (fixed IS NULL)", name=op.f("ck_round_check_one_thing_to_compare_with")
        ),
        sa.CheckConstraint("left_id <> right_id", name=op.f("ck_round_check_with_another")),
        sa.CheckConstraint("percent BETWEEN 1 AND 100000", name=op.f("ck_round_check_percent_in_bounds")),
        sa.ForeignKeyConstraint(["left_id"], ["round_question.id"], name=op.f("fk_round_check_left_id")),
        sa.ForeignKeyConstraint(["right_id"], ["round_question.id"], name=op.f("fk_round_check_right_id")),
        sa.ForeignKeyConstraint(["round_id"], ["programme_round.id"], name=op.f("fk_round_check_round_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_round_check")),
    )
    op.create_index("ix_round_check_round", "round_check", ["round_id", "position"], unique=False)
    op.create_table(
        "score",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("assessment_id", sa.Uuid(), nullable=False),
        sa.Column("criterion_id", sa.Uuid(), nullable=False),
        sa.Column("part", sa.String(length=200), nullable=False),
        sa.Column("value", sa.Integer(), nullable=False),
        sa.Column("rationale", sa.Text(), nullable=False),
        sa.Column("is_stale", sa.Boolean(), nullable=False),
        sa.CheckConstraint("value >= 0", name=op.f("ck_score_value_not_negative")),
        sa.ForeignKeyConstraint(["assessment_id"], ["assessment.id"], name=op.f("fk_score_assessment_id")),
        sa.ForeignKeyConstraint(["criterion_id"], ["criterion.id"], name=op.f("fk_score_criterion_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_score")),
    )
    op.create_index("ix_score_criterion", "score", ["criterion_id"], unique=False)
    op.create_index("uq_score_once", "score", ["assessment_id", "criterion_id", "part"], unique=True)


def downgrade() -> None:

    op.drop_index("uq_score_once", table_name="score")
    op.drop_index("ix_score_criterion", table_name="score")
    op.drop_table("score")
    op.drop_index("ix_round_check_round", table_name="round_check")
    op.drop_table("round_check")
    op.drop_index("uq_queried_question_once", table_name="queried_question")
    op.drop_table("queried_question")
    op.drop_index("ix_application_file_application", table_name="application_file")
    op.drop_table("application_file")
    op.drop_index("uq_section_answers_version", table_name="section_answers")
    op.drop_table("section_answers")
    op.drop_index("ix_round_question_section", table_name="round_question")
    op.drop_table("round_question")
    op.drop_index("uq_moderation_once", table_name="moderation")
    op.drop_table("moderation")
    op.drop_index("ix_clearance_status", table_name="clearance")
    op.drop_table("clearance")
    op.drop_index("uq_assessment_once", table_name="assessment")
    op.drop_index("ix_assessment_assessor", table_name="assessment")
    op.drop_table("assessment")
    op.drop_index("ix_applicant_query_application", table_name="applicant_query")
    op.drop_table("applicant_query")
    op.drop_index("ix_round_section_round", table_name="round_section")
    op.drop_table("round_section")
    op.drop_index("uq_round_assessor_once", table_name="round_assessor")
    op.drop_table("round_assessor")
    op.drop_index("ix_interest_account", table_name="interest")
    op.drop_table("interest")
    op.drop_index("ix_criterion_round", table_name="criterion")
    op.drop_table("criterion")
    op.drop_index(
        "uq_application_one_each",
        table_name="application",
        sqlite_where=sa.text("status <> 'withdrawn'"),
        postgresql_where=sa.text("status <> 'withdrawn'"),
    )
    op.drop_index("ix_application_round_begun", table_name="application")
    op.drop_index("ix_application_business", table_name="application")
    op.drop_table("application")
    op.drop_index("ix_programme_round_opens", table_name="programme_round")
    op.drop_table("programme_round")
