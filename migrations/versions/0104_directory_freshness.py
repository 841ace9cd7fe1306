"""Who looks after a service, services checked together, and reports that something is wrong with one."""

import sqlalchemy as sa
from alembic import op

revision = "0104"
down_revision = "0103"
branch_labels = None
depends_on = None

CHECKED, REPORT = "checked_service", "service_report"


def _to(table: str, column: str, target: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{target}.id"], name=op.f(f"fk_{table}_{column}"))


def upgrade() -> None:
    with op.batch_alter_table("service") as batch:
        batch.add_column(sa.Column("owner_id", sa.Uuid(), nullable=True))
        batch.create_foreign_key(op.f("fk_service_owner_id"), "account", ["owner_id"], ["id"])
        batch.create_index(op.f("ix_service_owner_id"), ["owner_id"])
    op.create_table(
        "checking",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("by_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        _to("checking", "by_id", "account"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_checking")),
    )
    op.create_index(op.f("ix_checking_by_id"), "checking", ["by_id"])
    op.create_table(
        CHECKED,
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("checking_id", sa.Uuid(), nullable=False),
        sa.Column("service_id", sa.Uuid(), nullable=False),
        sa.Column("was_in_doubt", sa.Boolean(), nullable=False),
        sa.Column("checked_on", sa.Date(), nullable=True),
        sa.Column("checked_note", sa.String(200), nullable=False),
        sa.Column("status_note", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("became", sa.Integer(), nullable=False),
        _to(CHECKED, "checking_id", "checking"),
        _to(CHECKED, "service_id", "service"),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{CHECKED}")),
    )
    op.create_index(op.f(f"ix_{CHECKED}_service_id"), CHECKED, ["service_id"])
    op.create_index(f"uq_{CHECKED}_checking_service", CHECKED, ["checking_id", "service_id"], unique=True)
    op.create_table(
        REPORT,
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("service_id", sa.Uuid(), nullable=False),
        sa.Column("said", sa.String(500), nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("email", sa.String(254), nullable=True),
        sa.Column("reported_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answer", sa.String(500), nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("settled_by_id", sa.Uuid(), nullable=True),
        sa.Column(
            "status",
            sa.Enum("open", "settled", native_enum=False, create_constraint=True, name="status", length=40),
            nullable=False,
        ),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("said <> ''", name=op.f(f"ck_{REPORT}_something_was_said")),
        sa.CheckConstraint("email = lower(email)", name=op.f(f"ck_{REPORT}_email_in_lower_case")),
        sa.CheckConstraint(
            "(status = 'settled') = (settled_at IS NOT NULL)",
            name=op.f(f"ck_{REPORT}_settled_with_its_moment"),
        ),
        sa.CheckConstraint(
            "settled_at IS NULL OR answer <> ''", name=op.f(f"ck_{REPORT}_settled_with_words")
        ),
        _to(REPORT, "service_id", "service"),
        _to(REPORT, "settled_by_id", "account"),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{REPORT}")),
    )
    op.create_index(op.f(f"ix_{REPORT}_service_id"), REPORT, ["service_id"])
    op.create_index(f"ix_{REPORT}_status_reported", REPORT, ["status", "reported_at"])


def downgrade() -> None:
    op.drop_table(REPORT)
    op.drop_table(CHECKED)
    op.drop_table("checking")
    with op.batch_alter_table("service") as batch:
        batch.drop_index(op.f("ix_service_owner_id"))
        batch.drop_constraint(op.f("fk_service_owner_id"), type_="foreignkey")
        batch.drop_column("owner_id")
