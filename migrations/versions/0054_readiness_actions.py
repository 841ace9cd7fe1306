"""Next actions of a readiness assessment, each with an owner and a day."""

import sqlalchemy as sa
from alembic import op

revision = "0054"
down_revision = "0053"
branch_labels = None
depends_on = None

STATUS = sa.Enum(
    "to_do",
    "done",
    "dropped",
    name=op.f("ck_readiness_action_status"),
    native_enum=False,
    create_constraint=True,
    length=40,
)


def _foreign(column: str, target: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{target}.id"], name=op.f(f"fk_readiness_action_{column}"))


def _check(name: str, rule: str) -> sa.CheckConstraint:
    return sa.CheckConstraint(rule, name=op.f(f"ck_readiness_action_{name}"))


def upgrade() -> None:
    op.create_table(
        "readiness_action",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("readiness_id", sa.Uuid(), nullable=False),
        sa.Column("question_key", sa.String(length=40), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("account_id", sa.Uuid(), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("reminded_for", sa.Date(), nullable=True),
        sa.Column("status", STATUS, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        _check("one_owner", "(person_id IS NULL) <> (account_id IS NULL)"),
        _check("ended_if_not_to_do", "(status = 'to_do') = (ended_at IS NULL)"),
        _check("dropped_with_reason", "(status = 'dropped') = (reason <> '')"),
        _foreign("readiness_id", "readiness_check"),
        _foreign("person_id", "person"),
        _foreign("account_id", "account"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_readiness_action")),
    )
    op.create_index(
        "uq_readiness_action_once", "readiness_action", ["readiness_id", "question_key"], unique=True
    )
    op.create_index("ix_readiness_action_account", "readiness_action", ["account_id", "due_on"])
    op.create_index("ix_readiness_action_due", "readiness_action", ["status", "due_on"])


def downgrade() -> None:
    op.drop_table("readiness_action")
