"""Complaints about how personal data was handled, with the days by which each is acknowledged."""

import sqlalchemy as sa
from alembic import op

revision = "0112"
down_revision = "0111"
branch_labels = None
depends_on = None

TABLE = "complaint"


def _check(name: str, rule: str) -> sa.CheckConstraint:
    return sa.CheckConstraint(rule, name=op.f(f"ck_{TABLE}_{name}"))


def _words(column: str, *words: str) -> sa.Column[str]:
    kind = sa.Enum(*words, name=column, native_enum=False, create_constraint=True, length=40)
    return sa.Column(column, kind, nullable=False)


def _by(column: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], ["account.id"], name=op.f(f"fk_{TABLE}_{column}"))


def upgrade() -> None:
    op.create_table(
        TABLE,
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("reference", sa.String(length=20), nullable=False),
        _words("channel", "form", "email", "letter", "telephone"),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=True),
        sa.Column("contact", sa.String(length=500), nullable=False),
        sa.Column("said", sa.Text(), nullable=False),
        sa.Column("wanted", sa.Text(), nullable=False),
        sa.Column("received_on", sa.Date(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by_id", sa.Uuid(), nullable=True),
        sa.Column("alert_on", sa.Date(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("alerted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("acknowledged_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("acknowledged_by_id", sa.Uuid(), nullable=True),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered_by_id", sa.Uuid(), nullable=True),
        _words("status", "open", "acknowledged", "answered"),
        sa.Column("version", sa.Integer(), nullable=False),
        _check("something_was_said", "said <> ''"),
        _check("email_in_lower_case", "email = lower(email)"),
        _check("somebody_to_answer", "email IS NOT NULL OR contact <> ''"),
        _check("days_in_order", "received_on <= alert_on AND alert_on <= due_on"),
        _check("acknowledged_with_its_moment", "(status = 'open') = (acknowledged_at IS NULL)"),
        _check("answered_with_its_moment", "(status = 'answered') = (answered_at IS NOT NULL)"),
        _check("answered_with_words", "answered_at IS NULL OR answer <> ''"),
        _by("recorded_by_id"),
        _by("acknowledged_by_id"),
        _by("answered_by_id"),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{TABLE}")),
        sa.UniqueConstraint("reference", name=op.f(f"uq_{TABLE}_reference")),
    )
    op.create_index(f"ix_{TABLE}_status_due", TABLE, ["status", "due_on", "id"])


def downgrade() -> None:
    op.drop_table(TABLE)
