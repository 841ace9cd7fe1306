"""An investor can be erased: what they signed stays, as evidence that few may read."""

import sqlalchemy as sa
from alembic import op

revision = "0111"
down_revision = "0110"
branch_labels = None
depends_on = None

WHOLE = (
    "CONSTRAINT ck_angel_erased_whole CHECK (erased_at IS NULL OR (status IN ('declined', 'left')"
    " AND email = '' AND phone = '' AND about = '' AND check_note = '' AND references_note = ''))"
)


def upgrade() -> None:
    is_postgresql = op.get_bind().dialect.name == "postgresql"
    kind = "TIMESTAMP WITH TIME ZONE" if is_postgresql else "DATETIME"
    op.execute(f"ALTER TABLE angel ADD COLUMN erased_at {kind} {WHOLE}")
    op.add_column("certification", sa.Column("restricted_at", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    op.drop_column("certification", "restricted_at")
    op.execute("ALTER TABLE angel DROP COLUMN erased_at")
