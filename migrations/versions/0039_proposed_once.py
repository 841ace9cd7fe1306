"""A value of a dated figure from a day is proposed once at a time."""

import sqlalchemy as sa
from alembic import op

revision = "0039"
down_revision = "0038"
branch_labels = None
depends_on = None

IS_PROPOSED = sa.text("status = 'proposed'")
# Of several that say the same, the first waits for approval and the others are withdrawn.
REPEATED = """
UPDATE dated_figure SET status = 'withdrawn', decided_at = proposed_at
WHERE status = 'proposed' AND EXISTS (
    SELECT 1 FROM dated_figure AS other WHERE other.name = dated_figure.name AND other.value = dated_figure.value
    AND other.valid_from = dated_figure.valid_from AND other.status = 'proposed' AND other.id < dated_figure.id
)
"""


def upgrade() -> None:
    op.execute(REPEATED)
    op.create_index(
        "uq_dated_figure_proposed",
        "dated_figure",
        ["name", "value", "valid_from"],
        unique=True,
        sqlite_where=IS_PROPOSED,
        postgresql_where=IS_PROPOSED,
    )


def downgrade() -> None:
    op.drop_index("uq_dated_figure_proposed", "dated_figure")
