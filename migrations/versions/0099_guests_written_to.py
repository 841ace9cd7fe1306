"""Guests of a pitch night who are sent letters: their address, and how many calendar entries they were sent."""

import sqlalchemy as sa
from alembic import op

revision = "0099"
down_revision = "0098"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("night_guest") as changed:
        changed.add_column(sa.Column("email", sa.String(length=254), nullable=False, server_default=""))
        changed.add_column(sa.Column("sequence", sa.Integer(), nullable=False, server_default="0"))
        changed.create_check_constraint(op.f("ck_night_guest_email_in_lower_case"), "email = lower(email)")
    with op.batch_alter_table("night_guest") as changed:
        changed.alter_column("email", server_default=None)
        changed.alter_column("sequence", server_default=None)


def downgrade() -> None:
    with op.batch_alter_table("night_guest") as changed:
        changed.drop_constraint(op.f("ck_night_guest_email_in_lower_case"), type_="check")
        changed.drop_column("sequence")
        changed.drop_column("email")
