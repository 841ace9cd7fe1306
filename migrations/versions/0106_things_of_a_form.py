"""What the act of a form was recorded about: once something else happened to it, the same form is no repetition."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0106"
down_revision = "0105"
branch_labels = None
depends_on = None

JSON = sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql")
TABLE = "submission"


def upgrade() -> None:
    op.add_column(TABLE, sa.Column("about", JSON, nullable=False, server_default="[]"))
    op.add_column(TABLE, sa.Column("up_to_id", sa.BigInteger(), nullable=False, server_default="0"))


def downgrade() -> None:
    op.drop_column(TABLE, "up_to_id")
    op.drop_column(TABLE, "about")
