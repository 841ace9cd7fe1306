"""A ledger entry says on which day its money moved, where that is known: what is recorded in April can be of March."""

import sqlalchemy as sa
from alembic import op

revision = "0072"
down_revision = "0071"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("ledger_entry", sa.Column("happened_on", sa.Date(), nullable=True))


def downgrade() -> None:
    op.drop_column("ledger_entry", "happened_on")
