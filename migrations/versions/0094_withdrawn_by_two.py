"""An award that its applicant was told of is withdrawn by two people: who proposed it, why, and who confirmed it."""

import sqlalchemy as sa
from alembic import op

revision = "0094"
down_revision = "0093"
branch_labels = None
depends_on = None

CHECKS = {
    "withdrawal_with_reason": "(withdrawal_proposed_at IS NULL) = (withdrawal_reason = '')",
    "withdrawn_by_two": "withdrawn_by_id IS NULL OR notified_at IS NULL"
    " OR (withdrawal_proposed_by_id IS NOT NULL AND withdrawal_proposed_by_id <> withdrawn_by_id)",
}
PEOPLE = ("withdrawn_by_id", "withdrawal_proposed_by_id")


def upgrade() -> None:
    with op.batch_alter_table("decision") as changed:
        changed.add_column(sa.Column("withdrawal_reason", sa.Text(), nullable=False, server_default=""))
        changed.add_column(sa.Column("withdrawal_proposed_at", sa.DateTime(timezone=True), nullable=True))
        for column in PEOPLE:
            changed.add_column(sa.Column(column, sa.Uuid(), nullable=True))
            changed.create_foreign_key(op.f(f"fk_decision_{column}"), "account", [column], ["id"])
        for name, condition in CHECKS.items():
            changed.create_check_constraint(op.f(f"ck_decision_{name}"), condition)
    with op.batch_alter_table("decision") as changed:
        changed.alter_column("withdrawal_reason", server_default=None)


def downgrade() -> None:
    with op.batch_alter_table("decision") as changed:
        for name in CHECKS:
            changed.drop_constraint(op.f(f"ck_decision_{name}"), type_="check")
        for column in PEOPLE:
            changed.drop_constraint(op.f(f"fk_decision_{column}"), type_="foreignkey")
            changed.drop_column(column)
        changed.drop_column("withdrawal_proposed_at")
        changed.drop_column("withdrawal_reason")
