"""Letters with a link to sign in are found at once, and sent before all others."""

from alembic import op

revision = "0109"
down_revision = "0108"
branch_labels = None
depends_on = None

INDEX, TABLE = "ix_letter_links", "letter"


def upgrade() -> None:
    op.create_index(INDEX, TABLE, ["link_purpose", "status", "not_before"])


def downgrade() -> None:
    op.drop_index(INDEX, TABLE)
