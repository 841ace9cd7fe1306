"""What a next step is about where a business asks to be referred: the service, a note, and the page from which to refer."""

import sqlalchemy as sa
from alembic import op

revision = "0066"
down_revision = "0065"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("next_step") as table:
        table.add_column(sa.Column("service_id", sa.Uuid(), nullable=True))
        table.add_column(sa.Column("note", sa.Text(), nullable=False, server_default=""))
        table.add_column(sa.Column("path", sa.String(length=200), nullable=False, server_default=""))
        table.create_foreign_key(op.f("fk_next_step_service_id"), "service", ["service_id"], ["id"])
        table.create_index("ix_next_step_service", ["service_id"], unique=False)
    with op.batch_alter_table("next_step") as table:
        table.alter_column("note", server_default=None)
        table.alter_column("path", server_default=None)


def downgrade() -> None:
    with op.batch_alter_table("next_step") as table:
        table.drop_index("ix_next_step_service")
        table.drop_constraint(op.f("fk_next_step_service_id"), type_="foreignkey")
        for name in ("path", "note", "service_id"):
            table.drop_column(name)
