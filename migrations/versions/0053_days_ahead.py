"""A question about a day can ask for today or later."""

import sqlalchemy as sa
from alembic import op

revision = "0053"
down_revision = "0052"
branch_labels = None
depends_on = None

WALL = op.f("ck_round_question_ahead_is_day")


def upgrade() -> None:
    with op.batch_alter_table("round_question") as table:
        table.add_column(sa.Column("is_ahead", sa.Boolean(), nullable=False, server_default=sa.false()))
        table.create_check_constraint(WALL, "NOT is_ahead OR kind = 'date'")
    with op.batch_alter_table("round_question") as table:
        table.alter_column("is_ahead", server_default=None)


def downgrade() -> None:
    with op.batch_alter_table("round_question") as table:
        table.drop_constraint(WALL, type_="check")
        table.drop_column("is_ahead")
