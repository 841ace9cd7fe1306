"""What came of a place in a delegation can be recorded on its return, before anybody is asked."""

from alembic import op

revision = "0107"
down_revision = "0106"
branch_labels = None
depends_on = None

WALL = "ck_delegation_return_months_counted"


def upgrade() -> None:
    with op.batch_alter_table("delegation_return") as batch:
        batch.drop_constraint(op.f(WALL), type_="check")
        batch.create_check_constraint(op.f(WALL), "months >= 0")


def downgrade() -> None:
    op.execute("DELETE FROM delegation_return WHERE months = 0")
    with op.batch_alter_table("delegation_return") as batch:
        batch.drop_constraint(op.f(WALL), type_="check")
        batch.create_check_constraint(op.f(WALL), "months > 0")
