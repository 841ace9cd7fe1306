"""On which occasion a rule shut a business out, and the services that such a business can use now, for its adviser to follow up."""

import sqlalchemy as sa
from alembic import op

revision = "0103"
down_revision = "0102"
branch_labels = None
depends_on = None

OCCASIONS = "'cover', 'enquiry', 'plan', 'referral', 'round'"
TABLE = "crossing"


def _check(name: str, rule: str) -> sa.CheckConstraint:
    return sa.CheckConstraint(rule, name=op.f(f"ck_{TABLE}_{name}"))


def _words(column: str, *words: str) -> sa.Column[str]:
    kind = sa.Enum(*words, name=column, native_enum=False, create_constraint=True, length=40)
    return sa.Column(column, kind, nullable=False)


def _to(column: str, target: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{target}.id"], name=op.f(f"fk_{TABLE}_{column}"))


def _occasions() -> None:
    """Rows are only added to this table, so that its triggers must stay: the column comes with what the rows before were."""
    op.execute(
        "ALTER TABLE shut_out ADD COLUMN occasion VARCHAR(40) DEFAULT 'cover' NOT NULL "
        f"CONSTRAINT ck_shut_out_occasion CHECK (occasion IN ({OCCASIONS}))"
    )
    op.add_column("shut_out", sa.Column("subject_id", sa.Uuid(), nullable=True))


def upgrade() -> None:
    _occasions()
    op.create_table(
        TABLE,
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("business_id", sa.Uuid(), nullable=False),
        sa.Column("service_id", sa.Uuid(), nullable=False),
        sa.Column("wanted", sa.String(length=60), nullable=False),
        _words("cause", "business", "rule"),
        sa.Column("was", sa.String(length=500), nullable=False),
        sa.Column("is_now", sa.String(length=500), nullable=False),
        sa.Column("is_certain", sa.Boolean(), nullable=False),
        sa.Column("shut_out_on", sa.Date(), nullable=False),
        sa.Column("found_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("followed_up_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("followed_up_by_id", sa.Uuid(), nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        _words("status", "waiting", "followed_up"),
        sa.Column("version", sa.Integer(), nullable=False),
        _check("followed_up_at_if_followed_up", "(status = 'followed_up') = (followed_up_at IS NOT NULL)"),
        _check("followed_up_in_words", "status <> 'followed_up' OR note <> ''"),
        _check("told_only_what_is_certain", "told_at IS NULL OR is_certain"),
        _to("business_id", "business"),
        _to("service_id", "service"),
        _to("followed_up_by_id", "account"),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{TABLE}")),
    )
    op.create_index("ix_crossing_business", TABLE, ["business_id", "status"])
    op.create_index("ix_crossing_waiting", TABLE, ["status", "found_at", "id"])
    is_waiting = sa.text("status = 'waiting'")
    op.create_index(
        "uq_crossing_waiting",
        TABLE,
        ["business_id", "service_id"],
        unique=True,
        sqlite_where=is_waiting,
        postgresql_where=is_waiting,
    )


def downgrade() -> None:
    op.drop_table(TABLE)
    op.execute("ALTER TABLE shut_out DROP COLUMN subject_id")
    op.execute("ALTER TABLE shut_out DROP COLUMN occasion")
