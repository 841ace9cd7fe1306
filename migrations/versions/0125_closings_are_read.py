"""What became of a proposal to close an award is read by the others, as of every other proposal."""

import sqlalchemy as sa
from alembic import op

revision = "0125"
down_revision = "0124"
branch_labels = None
depends_on = None

TABLE = "award_closing"
OLD, NEW = "status <> 'refused' OR decision <> ''", "status <> 'refused' OR refusal <> ''"
REFUSED, UNREAD = (f"ck_{TABLE}_{each}" for each in ("refused_with_reason", "unread_if_decided"))


def upgrade() -> None:
    with op.batch_alter_table(TABLE) as changed:
        changed.drop_constraint(op.f(REFUSED), type_="check")
    with op.batch_alter_table(TABLE) as changed:
        changed.alter_column("decision", new_column_name="refusal")
        changed.add_column(sa.Column("is_unread", sa.Boolean(), nullable=False, server_default=sa.false()))
    with op.batch_alter_table(TABLE) as changed:
        changed.alter_column("is_unread", server_default=None)
        changed.create_check_constraint(op.f(REFUSED), NEW)
        changed.create_check_constraint(op.f(UNREAD), "NOT is_unread OR status IN ('confirmed', 'refused')")


def downgrade() -> None:
    with op.batch_alter_table(TABLE) as changed:
        changed.drop_constraint(op.f(UNREAD), type_="check")
        changed.drop_constraint(op.f(REFUSED), type_="check")
        changed.drop_column("is_unread")
    with op.batch_alter_table(TABLE) as changed:
        changed.alter_column("refusal", new_column_name="decision")
    with op.batch_alter_table(TABLE) as changed:
        changed.create_check_constraint(op.f(REFUSED), OLD)
