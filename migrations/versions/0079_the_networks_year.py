"""What several members or founders were asked at once, and which members have stopped the emails they can do without."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0079"
down_revision = "0078"
branch_labels = None
depends_on = None

KINDS = ("renew", "wake", "check", "update", "close")
MAILING, ASKED, CHOICE = "network_mailing", "network_asked", "network_email_choice"


def _kind() -> sa.Column:
    words = sa.Enum(*KINDS, name="kind", native_enum=False, create_constraint=True, length=40)
    return sa.Column("kind", words, nullable=False)


def _to(table: str, column: str, target: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{target}.id"], name=op.f(f"fk_{table}_{column}"))


def _mailings() -> None:
    op.create_table(
        MAILING,
        sa.Column("id", sa.Uuid(), nullable=False),
        _kind(),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("left_out", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent_by_id", sa.Uuid(), nullable=False),
        _to(MAILING, "sent_by_id", "account"),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{MAILING}")),
    )
    op.create_index("ix_network_mailing_newest", MAILING, ["sent_at", "id"])


def _asked() -> None:
    op.create_table(
        ASKED,
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("mailing_id", sa.Uuid(), nullable=False),
        _kind(),
        sa.Column("angel_id", sa.Uuid(), nullable=True),
        sa.Column("pitch_id", sa.Uuid(), nullable=True),
        sa.Column("reader_ids", sa.Text(), nullable=False),
        sa.Column("asked_on", sa.Date(), nullable=False),
        sa.CheckConstraint(
            "(angel_id IS NULL) <> (pitch_id IS NULL)", name=op.f(f"ck_{ASKED}_member_or_raise")
        ),
        sa.CheckConstraint(
            "(pitch_id IS NOT NULL) = (kind IN ('update', 'close'))", name=op.f(f"ck_{ASKED}_of_its_kind")
        ),
        sa.CheckConstraint("reader_ids <> ''", name=op.f(f"ck_{ASKED}_sent_to_somebody")),
        _to(ASKED, "mailing_id", MAILING),
        _to(ASKED, "angel_id", "angel"),
        _to(ASKED, "pitch_id", "pitch"),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{ASKED}")),
    )
    op.create_index("uq_network_asked_member", ASKED, ["kind", "angel_id", "asked_on"], unique=True)
    op.create_index("uq_network_asked_raise", ASKED, ["kind", "pitch_id", "asked_on"], unique=True)
    op.create_index("ix_network_asked_mailing", ASKED, ["mailing_id"])


def upgrade() -> None:
    _mailings()
    _asked()
    op.create_table(
        CHOICE,
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("is_stopped", sa.Boolean(), nullable=False),
        sa.Column("chosen_at", sa.DateTime(timezone=True), nullable=False),
        _to(CHOICE, "account_id", "account"),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{CHOICE}")),
    )
    op.create_index("uq_network_email_choice_once", CHOICE, ["account_id"], unique=True)


def downgrade() -> None:
    for name in (CHOICE, ASKED, MAILING):
        op.drop_table(name)
