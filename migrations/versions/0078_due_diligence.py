"""Due diligence: what introduced investors ask of a business, and its answers."""

import sqlalchemy as sa
from alembic import op

revision = "0078"
down_revision = "0077"
branch_labels = None
depends_on = None

LIVE = sa.text("kind <> '' AND status IN ('asked', 'answered', 'unavailable')")


def _words(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=40)


def _to(table: str, column: str, target: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{target}.id"], name=op.f(f"fk_{table}_{column}"))


def _answer() -> None:
    op.create_table(
        "diligence_answer",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("pitch_id", sa.Uuid(), nullable=False),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("sharing", _words("sharing", "asker", "introduced"), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by_id", sa.Uuid(), nullable=True),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("question <> ''", name=op.f("ck_diligence_answer_question_there")),
        _to("diligence_answer", "pitch_id", "pitch"),
        _to("diligence_answer", "made_by_id", "account"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_diligence_answer")),
    )
    op.create_index("ix_diligence_answer_pitch", "diligence_answer", ["pitch_id", "made_at"])


def _item() -> None:
    op.create_table(
        "diligence_item",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("introduction_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("nudge_on", sa.Date(), nullable=False),
        sa.Column("task_on", sa.Date(), nullable=False),
        sa.Column("nudged_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answer_id", sa.Uuid(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered_by_id", sa.Uuid(), nullable=True),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column(
            "status",
            _words("status", "asked", "answered", "unavailable", "withdrawn", "ended"),
            nullable=False,
        ),
        sa.CheckConstraint("question <> ''", name=op.f("ck_diligence_item_question_there")),
        sa.CheckConstraint(
            "status <> 'answered' OR answer_id IS NOT NULL",
            name=op.f("ck_diligence_item_answered_with_answer"),
        ),
        sa.CheckConstraint(
            "status <> 'asked' OR answer_id IS NULL", name=op.f("ck_diligence_item_asked_without_answer")
        ),
        sa.CheckConstraint(
            "status <> 'unavailable' OR reason <> ''", name=op.f("ck_diligence_item_unavailable_with_reason")
        ),
        sa.CheckConstraint(
            "(status IN ('withdrawn', 'ended')) = (ended_at IS NOT NULL)",
            name=op.f("ck_diligence_item_ended_at_if_over"),
        ),
        sa.CheckConstraint("nudge_on < task_on", name=op.f("ck_diligence_item_days_in_order")),
        _to("diligence_item", "introduction_id", "introduction"),
        _to("diligence_item", "answer_id", "diligence_answer"),
        _to("diligence_item", "answered_by_id", "account"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_diligence_item")),
    )
    for name, columns in (
        ("introduction", ["introduction_id", "asked_at"]),
        ("status", ["status", "nudge_on"]),
        ("newest", ["asked_at", "id"]),
        ("answer", ["answer_id"]),
    ):
        op.create_index(f"ix_diligence_item_{name}", "diligence_item", columns)
    op.create_index(
        "uq_diligence_item_live",
        "diligence_item",
        ["introduction_id", "kind"],
        unique=True,
        sqlite_where=LIVE,
        postgresql_where=LIVE,
    )


def upgrade() -> None:
    _answer()
    _item()


def downgrade() -> None:
    op.drop_table("diligence_item")
    op.drop_table("diligence_answer")
