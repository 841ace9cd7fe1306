"""What support each part of the region has: counts with their totals by need and size, cells, and the emptiest places."""

import sqlalchemy as sa
from alembic import op

revision = "0092"
down_revision = "0091"
branch_labels = None
depends_on = None

SIZES = ("alone", "micro", "small", "medium")


def _check(table: str, name: str, rule: str) -> sa.CheckConstraint:
    return sa.CheckConstraint(rule, name=op.f(f"ck_{table}_{name}"))


def _band() -> sa.Enum:
    return sa.Enum(*SIZES, name="band", native_enum=False, create_constraint=True, length=40)


def upgrade() -> None:
    table = "coverage_count"
    op.create_table(
        table,
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("on_day", sa.Date(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("mark", sa.String(length=200), nullable=False),
        sa.Column("services", sa.Integer(), nullable=False),
        sa.Column("unconfirmed", sa.Integer(), nullable=False),
        sa.Column("businesses", sa.Integer(), nullable=False),
        _check(table, "not_negative", "services >= 0 AND unconfirmed >= 0 AND businesses >= 0"),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
    )
    op.create_index("uq_coverage_count_day", table, ["on_day"], unique=True)

    table = "coverage_total"
    op.create_table(
        table,
        sa.Column("count_id", sa.Uuid(), nullable=False),
        sa.Column("need", sa.String(length=60), nullable=False),
        sa.Column("band", _band(), nullable=False),
        sa.Column("uncovered", sa.Integer(), nullable=False),
        sa.Column("unserved", sa.Integer(), nullable=False),
        _check(table, "not_negative", "uncovered >= 0 AND unserved >= 0"),
        sa.ForeignKeyConstraint(["count_id"], ["coverage_count.id"], name=op.f(f"fk_{table}_count_id")),
        sa.PrimaryKeyConstraint("count_id", "need", "band", name=op.f(f"pk_{table}")),
    )

    table = "coverage_cell"
    op.create_table(
        table,
        sa.Column("need", sa.String(length=60), nullable=False),
        sa.Column("outcode", sa.String(length=4), nullable=False),
        sa.Column("authority", sa.String(length=60), nullable=False),
        *(sa.Column(size, sa.Integer(), nullable=False) for size in SIZES),
        _check(table, "not_negative", " AND ".join(f"{size} >= 0" for size in SIZES)),
        sa.PrimaryKeyConstraint("need", "outcode", "authority", name=op.f(f"pk_{table}")),
    )
    op.create_index("ix_coverage_cell_district", table, ["outcode", "need"])

    table = "coverage_gap"
    op.create_table(
        table,
        sa.Column("band", _band(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("outcode", sa.String(length=4), nullable=False),
        sa.Column("need", sa.String(length=60), nullable=False),
        sa.Column("unreached", sa.Integer(), nullable=False),
        sa.Column("businesses", sa.Integer(), nullable=False),
        sa.Column("asked", sa.Integer(), nullable=False),
        _check(table, "share_without", "unreached BETWEEN 1 AND 10000"),
        _check(table, "not_negative", "businesses >= 0 AND asked >= 0"),
        sa.PrimaryKeyConstraint("band", "position", name=op.f(f"pk_{table}")),
    )


def downgrade() -> None:
    for table in ("coverage_gap", "coverage_cell", "coverage_total", "coverage_count"):
        op.drop_table(table)
