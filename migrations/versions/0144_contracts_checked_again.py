"""Which check of a contract was its first: those made again from it, or in the same words, are of the same contract."""

import json

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0144"
down_revision = "0143"
branch_labels = None
depends_on = None

TABLE = "cover_check"
UUID = {"sqlite": "CHAR(32)", "postgresql": "UUID"}
JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")


def _fill() -> None:
    """Say of each check from before which one of its business told the same first."""
    check = sa.table(
        TABLE,
        *(sa.column(name, sa.Uuid()) for name in ("id", "business_id", "first_id")),
        *(sa.column("told", JSON), sa.column("at", sa.DateTime(timezone=True))),
    )
    bind, firsts = op.get_bind(), {}
    query = sa.select(check.c.id, check.c.business_id, check.c.told).order_by(check.c.at, check.c.id)
    for row in bind.execute(query).all():
        first = firsts.setdefault((row.business_id, json.dumps(row.told, sort_keys=True)), row.id)
        if first != row.id:
            bind.execute(check.update().where(check.c.id == row.id).values(first_id=first))


def upgrade() -> None:
    kind = UUID[op.get_bind().dialect.name]
    op.execute(
        f"ALTER TABLE {TABLE} ADD COLUMN first_id {kind} CONSTRAINT fk_{TABLE}_first_id REFERENCES {TABLE} (id)"
    )
    op.create_index("ix_cover_check_first", TABLE, ["first_id"])
    _fill()


def downgrade() -> None:
    op.drop_index("ix_cover_check_first", table_name=TABLE)
    op.execute(f"ALTER TABLE {TABLE} DROP COLUMN first_id")
