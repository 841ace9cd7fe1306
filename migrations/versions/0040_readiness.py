"""Readiness question sets by version, assessments made with them, and each answer as a row of its own."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0040"
down_revision = "0039"
branch_labels = None
depends_on = None

JSON = sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql")


def _words(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=40)


def _to(table: str, column: str, target: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{target}.id"], name=op.f(f"fk_{table}_{column}"))


def _only_one(name: str, table: str, columns: list[str], status: str) -> None:
    where = sa.text(f"status = '{status}'")
    op.create_index(name, table, columns, unique=True, sqlite_where=where, postgresql_where=where)


def _sets() -> None:
    table = "readiness_set"
    op.create_table(
        table,
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("content", JSON, nullable=False),
        sa.Column("source", sa.String(length=500), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by_id", sa.Uuid(), nullable=True),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("retired_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("status", _words("status", "draft", "published", "retired"), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("number > 0", name=op.f(f"ck_{table}_number_counted")),
        sa.CheckConstraint(
            "(status = 'draft') = (published_at IS NULL)", name=op.f(f"ck_{table}_published_at_unless_draft")
        ),
        sa.CheckConstraint(
            "(status = 'retired') = (retired_at IS NOT NULL)", name=op.f(f"ck_{table}_retired_at_if_retired")
        ),
        _to(table, "made_by_id", "account"),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
    )
    op.create_index("uq_readiness_set_number", table, ["name", "number"], unique=True)
    _only_one("uq_readiness_set_draft", table, ["name"], "draft")
    _only_one("uq_readiness_set_published", table, ["name"], "published")


def _checks() -> None:
    table = "readiness_check"
    op.create_table(
        table,
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("business_id", sa.Uuid(), nullable=False),
        sa.Column("set_id", sa.Uuid(), nullable=False),
        sa.Column("set_name", sa.String(length=40), nullable=False),
        sa.Column("answered_by", _words("answered_by", "business", "adviser", "together"), nullable=False),
        sa.Column("circumstances", JSON, nullable=False),
        sa.Column("sector", sa.String(length=40), nullable=True),
        sa.Column("score", sa.Integer(), nullable=True),
        sa.Column("areas", JSON, nullable=False),
        sa.Column("band", sa.String(length=40), nullable=True),
        sa.Column("begun_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("begun_by_id", sa.Uuid(), nullable=True),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("finished_by_id", sa.Uuid(), nullable=True),
        sa.Column("status", _words("status", "answering", "finished"), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(status = 'finished') = (finished_at IS NOT NULL)",
            name=op.f(f"ck_{table}_finished_at_if_finished"),
        ),
        sa.CheckConstraint(
            "(status = 'finished') = (score IS NOT NULL)", name=op.f(f"ck_{table}_score_if_finished")
        ),
        sa.CheckConstraint(
            "(status = 'finished') = (band IS NOT NULL)", name=op.f(f"ck_{table}_band_if_finished")
        ),
        sa.CheckConstraint("score BETWEEN 0 AND 1000", name=op.f(f"ck_{table}_score_in_tenths")),
        _to(table, "business_id", "business"),
        _to(table, "set_id", "readiness_set"),
        _to(table, "begun_by_id", "account"),
        _to(table, "finished_by_id", "account"),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
    )
    op.create_index("ix_readiness_check_business", table, ["business_id", "set_name", "begun_at"])
    op.create_index("ix_readiness_check_begun_at_id", table, ["begun_at", "id"])
    op.create_index("ix_readiness_check_similar", table, ["set_name", "sector", "business_id", "finished_at"])
    _only_one("uq_readiness_check_answering", table, ["business_id", "set_name"], "answering")


def upgrade() -> None:
    _sets()
    _checks()
    op.create_table(
        "readiness_answer",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("check_id", sa.Uuid(), nullable=False),
        sa.Column("question", sa.String(length=40), nullable=False),
        sa.Column("value", sa.String(length=40), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answered_by_id", sa.Uuid(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        _to("readiness_answer", "check_id", "readiness_check"),
        _to("readiness_answer", "answered_by_id", "account"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_readiness_answer")),
    )
    op.create_index("uq_readiness_answer_question", "readiness_answer", ["check_id", "question"], unique=True)


def downgrade() -> None:
    op.drop_table("readiness_answer")
    op.drop_table("readiness_check")
    op.drop_table("readiness_set")
