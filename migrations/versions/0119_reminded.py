"""When an assessor of a round was last reminded of what they have not submitted."""

from alembic import op

revision = "0119"
down_revision = "0118"
branch_labels = None
depends_on = None

MOMENT = {"sqlite": "DATETIME", "postgresql": "TIMESTAMP WITH TIME ZONE"}


def upgrade() -> None:
    op.execute(f"ALTER TABLE round_assessor ADD COLUMN reminded_at {MOMENT[op.get_bind().dialect.name]}")


def downgrade() -> None:
    op.execute("ALTER TABLE round_assessor DROP COLUMN reminded_at")
