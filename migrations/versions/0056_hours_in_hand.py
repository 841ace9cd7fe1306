"""Each entry of hours says who asks the business about it, and each case of a handover its day and its page."""

import sqlalchemy as sa
from alembic import op

revision = "0056"
down_revision = "0055"
branch_labels = None
depends_on = None

ASKER = "CONSTRAINT fk_support_hours_asker_id REFERENCES account (id)"
HELD = op.f("ix_support_hours_asker_id")


def upgrade() -> None:
    # With its key: so SQLite adds it without making the table again.
    kind = "UUID" if op.get_bind().dialect.name == "postgresql" else "CHAR(32)"
    op.execute(f"ALTER TABLE support_hours ADD COLUMN asker_id {kind} {ASKER}")
    op.create_index(HELD, "support_hours", ["asker_id"])
    op.execute(
        "UPDATE support_hours SET asker_id = (SELECT recorded_by_id FROM conversation"
        " WHERE conversation.id = support_hours.conversation_id) WHERE conversation_id IS NOT NULL"
    )
    op.execute(
        "UPDATE support_hours SET asker_id = (SELECT created_by_id FROM workshop"
        " WHERE workshop.id = support_hours.workshop_id) WHERE workshop_id IS NOT NULL"
    )
    with op.batch_alter_table("handover_case") as table:
        table.add_column(sa.Column("due", sa.Date(), nullable=True))
        table.add_column(sa.Column("href", sa.String(300), nullable=False, server_default=""))
    with op.batch_alter_table("handover_case") as table:
        table.alter_column("href", server_default=None)


def downgrade() -> None:
    with op.batch_alter_table("handover_case") as table:
        table.drop_column("href")
        table.drop_column("due")
    op.drop_index(HELD, table_name="support_hours")
    op.drop_column("support_hours", "asker_id")
