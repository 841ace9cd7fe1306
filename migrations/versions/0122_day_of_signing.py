"""The day that stands on a signed assignment; only where one is attached."""

import sqlalchemy as sa
from alembic import op

revision = "0122"
down_revision = "0121"
branch_labels = None
depends_on = None

CHECK = "ck_right_part_signed_with_paper"


def upgrade() -> None:
    with op.batch_alter_table("right_part") as changed:
        changed.add_column(sa.Column("signed_on", sa.Date(), nullable=True))
    with op.batch_alter_table("right_part") as changed:
        changed.create_check_constraint(op.f(CHECK), "signed_on IS NULL OR assigned_at IS NOT NULL")


def downgrade() -> None:
    with op.batch_alter_table("right_part") as changed:
        changed.drop_constraint(op.f(CHECK), type_="check")
        changed.drop_column("signed_on")
