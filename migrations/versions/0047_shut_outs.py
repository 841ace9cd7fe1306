"""Which rule shut which business out of what it asked for (rows that are only added), and checks of export contracts."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0047"
down_revision = "0046"
branch_labels = None
depends_on = None

JSON = sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql")


def _to(table: str, column: str, target: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{target}.id"], name=op.f(f"fk_{table}_{column}"))


def _shut_outs() -> None:
    table = "shut_out"
    op.create_table(
        table,
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("business_id", sa.Uuid(), nullable=False),
        sa.Column("offer", sa.String(length=60), nullable=False),
        sa.Column("offer_name", sa.String(length=200), nullable=False),
        sa.Column("rule", sa.String(length=40), nullable=False),
        sa.Column("needed", sa.String(length=200), nullable=False),
        sa.Column("actual", sa.String(length=200), nullable=False),
        sa.Column("threshold", sa.BigInteger(), nullable=True),
        sa.Column("figure", sa.BigInteger(), nullable=True),
        sa.Column("wanted", sa.String(length=60), nullable=False),
        sa.Column("sector", sa.String(length=40), nullable=True),
        sa.Column("happened_on", sa.Date(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.Uuid(), nullable=True),
        _to(table, "business_id", "business"),
        _to(table, "by_id", "account"),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
    )
    op.create_index("ix_shut_out_rule", table, ["rule", "at"])
    op.create_index("ix_shut_out_business", table, ["business_id", "at"])
    op.create_index("ix_shut_out_newest", table, ["at", "id"])


def _wall() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            "CREATE TRIGGER shut_out_append_only BEFORE UPDATE OR DELETE ON shut_out "
            "FOR EACH ROW EXECUTE FUNCTION refuse_change()"
        )
        op.execute(
            "CREATE TRIGGER shut_out_not_emptied BEFORE TRUNCATE ON shut_out "
            "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
        )
        return
    for act in ("update", "delete"):
        op.execute(
            f"CREATE TRIGGER shut_out_no_{act} BEFORE {act.upper()} ON shut_out "
            "BEGIN SELECT RAISE(ABORT, 'shut_out is append-only'); END"
        )


def upgrade() -> None:
    _shut_outs()
    _wall()
    table = "cover_check"
    op.create_table(
        table,
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("business_id", sa.Uuid(), nullable=False),
        sa.Column("country", sa.String(length=60), nullable=False),
        sa.Column("value", sa.BigInteger(), nullable=True),
        sa.Column("payment_days", sa.Integer(), nullable=True),
        sa.Column("turnover", sa.BigInteger(), nullable=True),
        sa.Column("told", JSON, nullable=False),
        sa.Column("findings", JSON, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.Uuid(), nullable=True),
        sa.CheckConstraint("value > 0", name=op.f(f"ck_{table}_value_positive")),
        sa.CheckConstraint("payment_days BETWEEN 0 AND 3650", name=op.f(f"ck_{table}_payment_days_counted")),
        _to(table, "business_id", "business"),
        _to(table, "by_id", "account"),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
    )
    op.create_index("ix_cover_check_business", table, ["business_id", "at"])
    op.create_index("ix_cover_check_newest", table, ["at", "id"])


def downgrade() -> None:
    op.drop_table("cover_check")
    op.drop_table("shut_out")
