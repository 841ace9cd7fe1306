"""The register of requests about personal data, and erasing a person, which one administrator proposes and another confirms."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0142"
down_revision = "0141"
branch_labels = None
depends_on = None

REQUEST, ERASURE = "data_request", "person_erasure"
JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
OF_REQUESTS = {
    "something_was_asked": "said <> ''",
    "email_in_lower_case": "email = lower(email)",
    "somebody_to_answer": "email IS NOT NULL OR contact <> ''",
    "days_in_order": "received_on <= due_on",
    "extended_with_reason": "(extended_at IS NULL) = (extension_reason = '')",
    "answered_with_its_moment": "(status = 'open') = (answered_at IS NULL)",
    "answered_with_words": "answered_at IS NULL OR answer <> ''",
}
OF_ERASURES = {
    "decided_if_not_proposed": "(status = 'proposed') = (decided_at IS NULL)",
    "refused_with_reason": "status <> 'refused' OR refusal <> ''",
    "unread_if_decided": "NOT is_unread OR status IN ('confirmed', 'refused')",
    "confirmed_by_another": "status <> 'confirmed' OR decided_by_id IS NULL OR proposed_by_id IS NULL"
    " OR decided_by_id <> proposed_by_id",
    "with_reason": "reason <> ''",
    "somebody_if_proposed": "status <> 'proposed' OR subject_id IS NOT NULL",
    "nobody_if_confirmed": "status <> 'confirmed' OR subject_id IS NULL",
    "pseudonym_if_confirmed": "(status = 'confirmed') = (known_as <> '')",
}


def _words(column: str, *words: str) -> sa.Column[str]:
    kind = sa.Enum(*words, name=column, native_enum=False, create_constraint=True, length=40)
    return sa.Column(column, kind, nullable=False)


def _walls(table: str, checks: dict[str, str]) -> list[sa.CheckConstraint]:
    return [sa.CheckConstraint(rule, name=op.f(f"ck_{table}_{name}")) for name, rule in checks.items()]


def _key(table: str, column: str, target: str = "account.id") -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [target], name=op.f(f"fk_{table}_{column}"))


def upgrade() -> None:
    op.create_table(
        REQUEST,
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("reference", sa.String(length=20), nullable=False),
        _words("kind", "access", "correction", "erasure", "objection"),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=True),
        sa.Column("contact", sa.String(length=500), nullable=False),
        sa.Column("said", sa.Text(), nullable=False),
        sa.Column("received_on", sa.Date(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by_id", sa.Uuid(), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("extended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("extension_reason", sa.Text(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered_by_id", sa.Uuid(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        _words("status", "open", "answered", "refused"),
        *_walls(REQUEST, OF_REQUESTS),
        _key(REQUEST, "recorded_by_id"),
        _key(REQUEST, "answered_by_id"),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{REQUEST}")),
        sa.UniqueConstraint("reference", name=op.f(f"uq_{REQUEST}_reference")),
    )
    op.create_index(f"ix_{REQUEST}_status_due", REQUEST, ["status", "due_on", "id"])
    _create_erasures()


def _create_erasures() -> None:
    op.create_table(
        ERASURE,
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("request_id", sa.Uuid(), nullable=False),
        sa.Column("subject_table", sa.String(length=60), nullable=True),
        sa.Column("subject_id", sa.Uuid(), nullable=True),
        sa.Column("known_as", sa.String(length=60), nullable=False),
        sa.Column("told", JSON, nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("proposed_by_id", sa.Uuid(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by_id", sa.Uuid(), nullable=True),
        sa.Column("refusal", sa.Text(), nullable=False),
        sa.Column("is_unread", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        _words("status", "proposed", "confirmed", "refused", "withdrawn"),
        *_walls(ERASURE, OF_ERASURES),
        _key(ERASURE, "request_id", f"{REQUEST}.id"),
        _key(ERASURE, "proposed_by_id"),
        _key(ERASURE, "decided_by_id"),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{ERASURE}")),
    )
    where = sa.text("status = 'proposed'")
    op.create_index(
        f"uq_{ERASURE}_open",
        ERASURE,
        ["request_id"],
        unique=True,
        sqlite_where=where,
        postgresql_where=where,
    )
    op.create_index(f"ix_{ERASURE}_request", ERASURE, ["request_id", "proposed_at"])


def downgrade() -> None:
    op.drop_table(ERASURE)
    op.drop_table(REQUEST)
