"""A moderation keeps which scores it judged, added up: where these change, it counts no longer."""

import sqlalchemy as sa
from alembic import op

revision = "0117"
down_revision = "0116"
branch_labels = None
depends_on = None

AS_NOW = """
UPDATE moderation SET judged = COALESCE((
    SELECT COUNT(*) || ':' || SUM(score.value) || ':' || MIN(score.value) || ':' || MAX(score.value)
    FROM score JOIN assessment ON assessment.id = score.assessment_id
    WHERE assessment.application_id = moderation.application_id AND assessment.status = 'submitted'
      AND score.criterion_id = moderation.criterion_id AND score.part = moderation.part
      AND NOT score.is_stale
    HAVING COUNT(*) > 0
), '')
"""


def upgrade() -> None:
    with op.batch_alter_table("moderation") as changed:
        changed.add_column(sa.Column("judged", sa.String(60), nullable=False, server_default=""))
    op.execute(AS_NOW)
    with op.batch_alter_table("moderation") as changed:
        changed.alter_column("judged", server_default=None)


def downgrade() -> None:
    with op.batch_alter_table("moderation") as changed:
        changed.drop_column("judged")
