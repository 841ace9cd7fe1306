"""Strategic decisions, what is added to them, and their reminders. Neither a decision nor an entry is ever changed."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0062"
down_revision = "0061"
branch_labels = None
depends_on = None

JSON = sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql")
APPEND_ONLY = ("strategic_decision", "strategic_decision_entry")


def _words(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=40)


def _to(table: str, column: str, target: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{target}.id"], name=op.f(f"fk_{table}_{column}"))


def _wall(table: str) -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table} "
            "FOR EACH ROW EXECUTE FUNCTION refuse_change()"
        )
        op.execute(
            f"CREATE TRIGGER {table}_not_emptied BEFORE TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
        )
        return
    for act in ("update", "delete"):
        op.execute(
            f"CREATE TRIGGER {table}_no_{act} BEFORE {act.upper()} ON {table} "
            f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
        )


def _strategic_decision() -> None:
    op.create_table(
        "strategic_decision",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("business_id", sa.Uuid(), nullable=False),
        sa.Column("question", sa.String(length=300), nullable=False),
        sa.Column("options", JSON, nullable=False),
        sa.Column("decided", sa.Text(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("decided_by", sa.String(length=200), nullable=False),
        sa.Column("decided_on", sa.Date(), nullable=False),
        sa.Column("review_on", sa.Date(), nullable=False),
        sa.Column("known", JSON, nullable=False),
        sa.Column("known_besides", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by_id", sa.Uuid(), nullable=True),
        sa.CheckConstraint(
            "question <> '' AND decided <> '' AND decided_by <> ''",
            name=op.f("ck_strategic_decision_in_words"),
        ),
        sa.CheckConstraint("review_on > decided_on", name=op.f("ck_strategic_decision_reviewed_later")),
        _to("strategic_decision", "business_id", "business"),
        _to("strategic_decision", "recorded_by_id", "account"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_strategic_decision")),
    )
    op.create_index(
        "ix_strategic_decision_business", "strategic_decision", ["business_id", "decided_on"], unique=False
    )
    op.create_index("ix_strategic_decision_newest", "strategic_decision", ["at", "id"], unique=False)


def _strategic_decision_entry() -> None:
    op.create_table(
        "strategic_decision_entry",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("decision_id", sa.Uuid(), nullable=False),
        sa.Column("kind", _words("kind", "outcome", "correction"), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("review_on", sa.Date(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by_id", sa.Uuid(), nullable=True),
        sa.CheckConstraint("words <> ''", name=op.f("ck_strategic_decision_entry_in_words")),
        sa.CheckConstraint(
            "kind = 'outcome' OR review_on IS NULL",
            name=op.f("ck_strategic_decision_entry_review_of_an_outcome"),
        ),
        _to("strategic_decision_entry", "decision_id", "strategic_decision"),
        _to("strategic_decision_entry", "recorded_by_id", "account"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_strategic_decision_entry")),
    )
    op.create_index(
        "ix_strategic_decision_entry",
        "strategic_decision_entry",
        ["decision_id", "at"],
        unique=False,
    )


def _strategic_decision_reminder() -> None:
    op.create_table(
        "strategic_decision_reminder",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("decision_id", sa.Uuid(), nullable=False),
        sa.Column("review_on", sa.Date(), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        _to("strategic_decision_reminder", "decision_id", "strategic_decision"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_strategic_decision_reminder")),
    )
    op.create_index(
        "uq_strategic_decision_reminder_once",
        "strategic_decision_reminder",
        ["decision_id", "review_on"],
        unique=True,
    )


def upgrade() -> None:
    _strategic_decision()
    _strategic_decision_entry()
    _strategic_decision_reminder()
    for table in APPEND_ONLY:
        _wall(table)


def downgrade() -> None:
    op.drop_table("strategic_decision_reminder")
    op.drop_table("strategic_decision_entry")
    op.drop_table("strategic_decision")
