"""A complete conversation can be voided with a reason, and its hours with it."""

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None

CHECK = "CONSTRAINT ck_conversation_voided_with_reason CHECK ((voided_at IS NULL) = (void_reason = ''))"


def upgrade() -> None:
    for table in ("conversation", "support_hours"):
        op.add_column(table, sa.Column("voided_at", sa.DateTime(timezone=True), nullable=True))
    op.execute(f"ALTER TABLE conversation ADD COLUMN void_reason TEXT DEFAULT '' NOT NULL {CHECK}")


def downgrade() -> None:
    op.execute("ALTER TABLE conversation DROP COLUMN void_reason")
    for table in ("conversation", "support_hours"):
        op.drop_column(table, "voided_at")
