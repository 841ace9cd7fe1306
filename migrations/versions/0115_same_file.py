"""Why a cost was approved although another claim has the same file is kept with the cost."""

import sqlalchemy as sa
from alembic import op

revision = "0115"
down_revision = "0114"
branch_labels = None
depends_on = None

CHECK = "ck_award_cost_again_if_approved"


def upgrade() -> None:
    with op.batch_alter_table("award_cost") as changed:
        changed.add_column(sa.Column("why_again", sa.String(500), nullable=False, server_default=""))
    with op.batch_alter_table("award_cost") as changed:
        changed.alter_column("why_again", server_default=None)
        changed.create_check_constraint(
            op.f(CHECK), "why_again = '' OR (approved IS NOT NULL AND approved > 0)"
        )


def downgrade() -> None:
    with op.batch_alter_table("award_cost") as changed:
        changed.drop_constraint(op.f(CHECK), type_="check")
        changed.drop_column("why_again")
