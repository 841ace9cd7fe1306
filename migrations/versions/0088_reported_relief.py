"""Each side reports the tax relief and the terms of an investment too, so that both are compared and can be corrected.

Until now they were stored once, with the investment: each report is taken to have said them. Reports are never changed,
so what guards them is set aside while the columns are filled.
"""

import sqlalchemy as sa
from alembic import op

revision = "0088"
down_revision = "0087"
branch_labels = None
depends_on = None

TABLE = "investment_report"
ONE_OF = f"CONSTRAINT ck_{TABLE}_relief CHECK (relief IN ('none', 'seis', 'eis'))"
ADDED = (
    f"ALTER TABLE {TABLE} ADD COLUMN relief VARCHAR(40) NOT NULL DEFAULT 'none' {ONE_OF}",
    f"ALTER TABLE {TABLE} ADD COLUMN terms TEXT NOT NULL DEFAULT ''",
)
SAID = """
    UPDATE investment_report SET
      relief = (SELECT relief FROM investment WHERE investment.id = investment_report.investment_id),
      terms = (SELECT terms FROM investment WHERE investment.id = investment_report.investment_id)
    WHERE instrument = (SELECT instrument FROM investment WHERE investment.id = investment_report.investment_id)
"""
GUARD = sa.text("SELECT sql FROM sqlite_master WHERE type = 'trigger' AND name = :name")


def upgrade() -> None:
    for change in ADDED:
        op.execute(change)
    if op.get_bind().dialect.name == "postgresql":
        op.execute(f"ALTER TABLE {TABLE} DISABLE TRIGGER {TABLE}_append_only")
        op.execute(SAID)
        op.execute(f"ALTER TABLE {TABLE} ENABLE TRIGGER {TABLE}_append_only")
        return
    guard = op.get_bind().execute(GUARD, {"name": f"{TABLE}_no_update"}).scalar_one()
    op.execute(f"DROP TRIGGER {TABLE}_no_update")
    op.execute(SAID)
    op.execute(guard)


def downgrade() -> None:
    for name in ("terms", "relief"):
        op.execute(f"ALTER TABLE {TABLE} DROP COLUMN {name}")
