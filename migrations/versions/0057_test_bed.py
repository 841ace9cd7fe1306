"""Test-bed projects with partners, spend and businesses; their lessons, and who agrees to be named in which."""

import sqlalchemy as sa
from alembic import op

revision = "0057"
down_revision = "0056"
branch_labels = None
depends_on = None


def _words(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=40)


def _to(table: str, column: str, target: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{target}.id"], name=op.f(f"fk_{table}_{column}"))


def _test_bed_project() -> None:
    op.create_table(
        "test_bed_project",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("hypothesis", sa.Text(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("budget", sa.BigInteger(), nullable=False),
        sa.Column("spent", sa.BigInteger(), nullable=False),
        sa.Column("may_publish", sa.Text(), nullable=False),
        sa.Column("result", sa.Text(), nullable=False),
        sa.Column("lessons", sa.Text(), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("lead_id", sa.Uuid(), nullable=True),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "status",
            _words("status", "proposed", "agreed", "running", "reporting", "finished", "stopped"),
            nullable=False,
        ),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "status IN ('proposed', 'stopped') OR may_publish <> ''",
            name=op.f("ck_test_bed_project_agreed_what_is_public"),
        ),
        sa.CheckConstraint("ends_on >= starts_on", name=op.f("ck_test_bed_project_days_in_order")),
        sa.CheckConstraint(
            "status <> 'finished' OR (result <> '' AND lessons <> '')",
            name=op.f("ck_test_bed_project_finished_with_result"),
        ),
        sa.CheckConstraint(
            "title <> '' AND question <> '' AND hypothesis <> ''", name=op.f("ck_test_bed_project_in_words")
        ),
        sa.CheckConstraint(
            "spent >= 0 AND spent <= budget", name=op.f("ck_test_bed_project_spend_within_budget")
        ),
        sa.CheckConstraint(
            "(status = 'stopped') = (reason <> '')", name=op.f("ck_test_bed_project_stopped_with_reason")
        ),
        _to("test_bed_project", "lead_id", "account"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_test_bed_project")),
    )
    op.create_index("ix_test_bed_project_newest", "test_bed_project", ["proposed_at", "id"], unique=False)


def _test_bed_lesson() -> None:
    op.create_table(
        "test_bed_lesson",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("project_id", sa.Uuid(), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("written_by_id", sa.Uuid(), nullable=True),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("published_by_id", sa.Uuid(), nullable=True),
        sa.Column("taken_back_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column(
            "status",
            _words("status", "draft", "submitted", "published", "taken_back", "discarded"),
            nullable=False,
        ),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("title <> '' AND text <> ''", name=op.f("ck_test_bed_lesson_in_words")),
        sa.CheckConstraint(
            "(status IN ('published', 'taken_back')) = (published_at IS NOT NULL)",
            name=op.f("ck_test_bed_lesson_published_at"),
        ),
        sa.CheckConstraint(
            "published_by_id IS NULL OR written_by_id IS NULL OR published_by_id <> written_by_id",
            name=op.f("ck_test_bed_lesson_published_by_another"),
        ),
        sa.CheckConstraint(
            "(status = 'taken_back') = (taken_back_at IS NOT NULL)",
            name=op.f("ck_test_bed_lesson_taken_back_at"),
        ),
        sa.CheckConstraint(
            "status <> 'taken_back' OR reason <> ''", name=op.f("ck_test_bed_lesson_taken_back_with_reason")
        ),
        _to("test_bed_lesson", "project_id", "test_bed_project"),
        _to("test_bed_lesson", "written_by_id", "account"),
        _to("test_bed_lesson", "published_by_id", "account"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_test_bed_lesson")),
    )
    op.create_index(
        "ix_test_bed_lesson_project", "test_bed_lesson", ["project_id", "written_at"], unique=False
    )
    op.create_index("ix_test_bed_lesson_published", "test_bed_lesson", ["published_at", "id"], unique=False)


def _test_bed_part() -> None:
    op.create_table(
        "test_bed_part",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("project_id", sa.Uuid(), nullable=False),
        sa.Column("business_id", sa.Uuid(), nullable=False),
        sa.Column("does", sa.Text(), nullable=False),
        sa.Column("invited_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered_by_id", sa.Uuid(), nullable=True),
        sa.Column(
            "status", _words("status", "invited", "taking_part", "declined", "withdrawn"), nullable=False
        ),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(status = 'invited') = (answered_at IS NULL)",
            name=op.f("ck_test_bed_part_answered_unless_invited"),
        ),
        sa.CheckConstraint("does <> ''", name=op.f("ck_test_bed_part_in_words")),
        _to("test_bed_part", "project_id", "test_bed_project"),
        _to("test_bed_part", "business_id", "business"),
        _to("test_bed_part", "answered_by_id", "account"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_test_bed_part")),
    )
    op.create_index("ix_test_bed_part_business", "test_bed_part", ["business_id", "invited_at"], unique=False)
    op.create_index("uq_test_bed_part_once", "test_bed_part", ["project_id", "business_id"], unique=True)


def _test_bed_partner() -> None:
    op.create_table(
        "test_bed_partner",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("project_id", sa.Uuid(), nullable=False),
        sa.Column("provider_id", sa.Uuid(), nullable=True),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("brings", sa.String(length=300), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("name <> ''", name=op.f("ck_test_bed_partner_named")),
        _to("test_bed_partner", "project_id", "test_bed_project"),
        _to("test_bed_partner", "provider_id", "provider"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_test_bed_partner")),
    )
    op.create_index(
        "uq_test_bed_partner_once",
        "test_bed_partner",
        ["project_id", "name"],
        unique=True,
        sqlite_where=sa.text("removed_at IS NULL"),
        postgresql_where=sa.text("removed_at IS NULL"),
    )


def _test_bed_spend() -> None:
    op.create_table(
        "test_bed_spend",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("project_id", sa.Uuid(), nullable=False),
        sa.Column("spent_on", sa.Date(), nullable=False),
        sa.Column("what", sa.String(length=300), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by_id", sa.Uuid(), nullable=True),
        sa.Column("cancelled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.CheckConstraint("amount > 0", name=op.f("ck_test_bed_spend_amount_positive")),
        sa.CheckConstraint(
            "(cancelled_at IS NULL) = (reason = '')", name=op.f("ck_test_bed_spend_cancelled_with_reason")
        ),
        sa.CheckConstraint("what <> ''", name=op.f("ck_test_bed_spend_in_words")),
        _to("test_bed_spend", "project_id", "test_bed_project"),
        _to("test_bed_spend", "recorded_by_id", "account"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_test_bed_spend")),
    )
    op.create_index("ix_test_bed_spend_project", "test_bed_spend", ["project_id", "spent_on"], unique=False)


def _test_bed_naming() -> None:
    op.create_table(
        "test_bed_naming",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("lesson_id", sa.Uuid(), nullable=False),
        sa.Column("part_id", sa.Uuid(), nullable=False),
        sa.Column("mark", sa.String(length=32), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered_by_id", sa.Uuid(), nullable=True),
        sa.Column("status", _words("status", "asked", "agreed", "refused"), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(status = 'asked') = (answered_at IS NULL)",
            name=op.f("ck_test_bed_naming_answered_unless_asked"),
        ),
        _to("test_bed_naming", "lesson_id", "test_bed_lesson"),
        _to("test_bed_naming", "part_id", "test_bed_part"),
        _to("test_bed_naming", "answered_by_id", "account"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_test_bed_naming")),
    )
    op.create_index("ix_test_bed_naming_part", "test_bed_naming", ["part_id"], unique=False)
    op.create_index("uq_test_bed_naming_once", "test_bed_naming", ["lesson_id", "part_id"], unique=True)


def upgrade() -> None:
    _test_bed_project()
    _test_bed_lesson()
    _test_bed_part()
    _test_bed_partner()
    _test_bed_spend()
    _test_bed_naming()


def downgrade() -> None:
    op.drop_table("test_bed_naming")
    op.drop_table("test_bed_spend")
    op.drop_table("test_bed_partner")
    op.drop_table("test_bed_part")
    op.drop_table("test_bed_lesson")
    op.drop_table("test_bed_project")
