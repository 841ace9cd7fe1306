"""Why a draft awards more than can be given of subsidies that day; and which subsidy an award is, once its papers are begun."""

import sqlalchemy as sa
from alembic import op

revision = "0128"
down_revision = "0127"
branch_labels = None
depends_on = None

BEGUN = """
UPDATE decision SET papers_id = (SELECT award.subsidy_id FROM award WHERE award.decision_id = decision.id)
WHERE EXISTS (SELECT 1 FROM award WHERE award.decision_id = decision.id AND award.subsidy_id IS NOT NULL)
"""


def upgrade() -> None:
    op.add_column("cohort_draft", sa.Column("limit_reason", sa.Text(), nullable=False, server_default=""))
    op.add_column("decision", sa.Column("papers_id", sa.Uuid(), nullable=True))
    if op.get_bind().dialect.name == "postgresql":
        op.alter_column("cohort_draft", "limit_reason", server_default=None)
    op.execute(BEGUN)


def downgrade() -> None:
    op.execute("ALTER TABLE decision DROP COLUMN papers_id")
    op.execute("ALTER TABLE cohort_draft DROP COLUMN limit_reason")
