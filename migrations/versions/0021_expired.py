"""An introduction that was held for too long has a state of its own."""

from crm.db.checks import change_check

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

STATES = "'requested', 'held', 'agreed', 'declined', 'lapsed', 'cancelled', 'taken_back'"
BEFORE = f"status IN ({STATES})"
AFTER = f"status IN ({STATES}, 'expired')"


def upgrade() -> None:
    change_check("introduction", "ck_introduction_status", before=BEFORE, after=AFTER)


def downgrade() -> None:
    change_check("introduction", "ck_introduction_status", before=AFTER, after=BEFORE)
