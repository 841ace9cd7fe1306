"""Which route a form was sent to and what it said: the last one there tells whether the same comes once more."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0096"
down_revision = "0095"
branch_labels = None
depends_on = None

JSON = sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql")
TABLE, BY_CONTENT, BY_ROUTE = "submission", "ix_submission_content", "ix_submission_route"


def upgrade() -> None:
    op.add_column(TABLE, sa.Column("route", sa.String(length=64), nullable=False, server_default=""))
    op.add_column(TABLE, sa.Column("said", JSON, nullable=False, server_default="{}"))
    op.drop_index(BY_CONTENT, TABLE)
    op.create_index(BY_ROUTE, TABLE, ["route", "at"])


def downgrade() -> None:
    op.drop_index(BY_ROUTE, TABLE)
    op.create_index(BY_CONTENT, TABLE, ["content"])
    op.drop_column(TABLE, "said")
    op.drop_column(TABLE, "route")
