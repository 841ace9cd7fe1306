"""The day of the first sale in a country of an export plan: where it is sold to already, the day on which that was recorded."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from alembic import op

revision = "0134"
down_revision = "0133"
branch_labels = None
depends_on = None

CHECK = "ck_export_country_won_with_day"
COUNTRY = sa.table("export_country", sa.column("id"), sa.column("status"), sa.column("won_on", sa.Date()))
RECORDED = sa.text(
    "SELECT country.id AS id, COALESCE(MAX(entry.at), MAX(country.added_at)) AS at FROM export_country AS country "
    "LEFT JOIN audit_entry AS entry ON entry.act = 'win_export_country' AND entry.thing_kind = 'export_country' "
    "AND REPLACE(entry.thing_id, '-', '') = REPLACE(CAST(country.id AS VARCHAR(36)), '-', '') "
    "WHERE country.status = 'won' GROUP BY country.id"
).columns(at=sa.DateTime(timezone=True))


def _day(at: datetime) -> object:
    return (at if at.tzinfo else at.replace(tzinfo=UTC)).astimezone(ZoneInfo("Europe/London")).date()


def upgrade() -> None:
    op.add_column("export_country", sa.Column("won_on", sa.Date(), nullable=True))
    for row in op.get_bind().execute(RECORDED).all():
        op.execute(COUNTRY.update().where(COUNTRY.c.id == row.id).values(won_on=_day(row.at)))
    with op.batch_alter_table("export_country") as changed:
        changed.create_check_constraint(op.f(CHECK), "(status = 'won') = (won_on IS NOT NULL)")
    op.create_index("ix_export_country_won", "export_country", ["won_on"])


def downgrade() -> None:
    op.drop_index("ix_export_country_won", "export_country")
    with op.batch_alter_table("export_country") as changed:
        changed.drop_constraint(op.f(CHECK), type_="check")
        changed.drop_column("won_on")
