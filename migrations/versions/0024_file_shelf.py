"""The part of the file store that is this database's own, and on which each file lies."""

from uuid import uuid4

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None


def upgrade() -> None:
    shelf = op.create_table(
        "file_shelf",
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("place", sa.String(length=64), nullable=False),
        sa.Column("mark", sa.String(length=32), nullable=False),
        sa.Column("next_mark", sa.String(length=32), nullable=False),
        sa.Column("swept_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("fault", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_file_shelf")),
    )
    empty = {"place": "", "mark": "", "next_mark": "", "fault": ""}
    op.bulk_insert(shelf, [{"name": f"crm-{uuid4().hex}", "swept_at": None, **empty}])
    op.add_column("document", sa.Column("shelf", sa.String(length=40), nullable=False, server_default=""))


def downgrade() -> None:
    op.drop_column("document", "shelf")
    op.drop_table("file_shelf")
