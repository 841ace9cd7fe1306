"""Question sets, diagnoses, and the finance that businesses seek."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

JSON = sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql")


def upgrade() -> None:
    op.create_table(
        "question_set",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("questions", JSON, nullable=False),
        sa.Column("source", sa.String(length=500), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("version > 0", name=op.f("ck_question_set_version_counted")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_question_set")),
    )
    op.create_index("uq_question_set_version", "question_set", ["name", "version"], unique=True)
    op.create_table(
        "diagnosis",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("business_id", sa.Uuid(), nullable=False),
        sa.Column("question_set_id", sa.Uuid(), nullable=False),
        sa.Column(
            "status",
            sa.Enum("open", "finished", name="status", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column(
            "answered_by",
            sa.Enum(
                "business",
                "adviser",
                "together",
                name="answered_by",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("answers", JSON, nullable=False),
        sa.Column("needs", JSON, nullable=False),
        sa.Column(
            "route",
            sa.Enum("light", "warm", name="route", native_enum=False, create_constraint=True, length=40),
            nullable=True,
        ),
        sa.Column("begun_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("begun_by_id", sa.Uuid(), nullable=True),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("finished_by_id", sa.Uuid(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(status = 'finished') = (finished_at IS NOT NULL)",
            name=op.f("ck_diagnosis_finished_at_if_finished"),
        ),
        sa.CheckConstraint(
            "(status = 'finished') = (route IS NOT NULL)", name=op.f("ck_diagnosis_route_if_finished")
        ),
        sa.ForeignKeyConstraint(["begun_by_id"], ["account.id"], name=op.f("fk_diagnosis_begun_by_id")),
        sa.ForeignKeyConstraint(["business_id"], ["business.id"], name=op.f("fk_diagnosis_business_id")),
        sa.ForeignKeyConstraint(["finished_by_id"], ["account.id"], name=op.f("fk_diagnosis_finished_by_id")),
        sa.ForeignKeyConstraint(
            ["question_set_id"], ["question_set.id"], name=op.f("fk_diagnosis_question_set_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_diagnosis")),
    )
    op.create_index("ix_diagnosis_business", "diagnosis", ["business_id", "begun_at"], unique=False)
    op.create_index(
        "uq_diagnosis_open",
        "diagnosis",
        ["business_id", "question_set_id"],
        unique=True,
        sqlite_where=sa.text("status = 'open'"),
        postgresql_where=sa.text("status = 'open'"),
    )
    op.create_table(
        "ask",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("business_id", sa.Uuid(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=True),
        sa.Column(
            "instrument",
            sa.Enum(
                "grant",
                "loan",
                "equity",
                "other",
                "not_sure",
                name="instrument",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column(
            "medium",
            sa.Enum(
                "screen",
                "mixed_media",
                "other",
                name="medium",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("stage", sa.String(length=40), nullable=True),
        sa.Column("asked_on", sa.Date(), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "open",
                "met",
                "unmet",
                "dropped",
                name="status",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("settled_on", sa.Date(), nullable=True),
        sa.Column("met_by", sa.String(length=200), nullable=True),
        sa.Column("met_amount", sa.BigInteger(), nullable=True),
        sa.Column(
            "unmet_reason",
            sa.Enum(
                "nothing_exists",
                "not_eligible",
                "turned_down",
                "too_small",
                "too_large",
                "too_early",
                "terms_not_acceptable",
                "other",
                name="unmet_reason",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("unmet_note", sa.Text(), nullable=False),
        sa.Column("source", sa.String(length=60), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by_id", sa.Uuid(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(status = 'open') = (settled_on IS NULL)", name=op.f("ck_ask_settled_if_not_open")
        ),
        sa.CheckConstraint(
            "(status = 'unmet') = (unmet_reason IS NOT NULL)", name=op.f("ck_ask_unmet_with_reason")
        ),
        sa.CheckConstraint("status <> 'met' OR met_by IS NOT NULL", name=op.f("ck_ask_met_by_somebody")),
        sa.CheckConstraint("amount > 0", name=op.f("ck_ask_amount_positive")),
        sa.ForeignKeyConstraint(["business_id"], ["business.id"], name=op.f("fk_ask_business_id")),
        sa.ForeignKeyConstraint(["recorded_by_id"], ["account.id"], name=op.f("fk_ask_recorded_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ask")),
    )
    op.create_index("ix_ask_business", "ask", ["business_id", "asked_on"], unique=False)
    op.create_index("ix_ask_status", "ask", ["status", "asked_on"], unique=False)


def downgrade() -> None:
    op.drop_index("ix_ask_status", table_name="ask")
    op.drop_index("ix_ask_business", table_name="ask")
    op.drop_table("ask")
    op.drop_index("uq_diagnosis_open", table_name="diagnosis")
    op.drop_index("ix_diagnosis_business", table_name="diagnosis")
    op.drop_table("diagnosis")
    op.drop_index("uq_question_set_version", table_name="question_set")
    op.drop_table("question_set")
