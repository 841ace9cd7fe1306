"""When the worker was last seen, and when each timed work was last done."""

import sqlalchemy as sa
from alembic import op

revision = "0132"
down_revision = "0131"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "sign_of_life",
        sa.Column("name", sa.String(80), primary_key=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
    )
    # The notes of timed work say for which period it was done: that is near enough, and better than "never".
    op.execute("INSERT INTO sign_of_life (name, at) SELECT name, max(period) FROM timed_run GROUP BY name")


def downgrade() -> None:
    op.drop_table("sign_of_life")
