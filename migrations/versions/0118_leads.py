"""Who leads a workshop now, apart from who planned it: a handover changes the one, never the other."""

from alembic import op

revision = "0118"
down_revision = "0117"
branch_labels = None
depends_on = None

UUID = {"sqlite": "CHAR(32)", "postgresql": "UUID"}
WALL = "CONSTRAINT fk_workshop_lead_id REFERENCES account (id)"


def upgrade() -> None:
    op.execute(f"ALTER TABLE workshop ADD COLUMN lead_id {UUID[op.get_bind().dialect.name]} {WALL}")
    op.execute("UPDATE workshop SET lead_id = created_by_id")
    op.create_index("ix_workshop_lead", "workshop", ["lead_id", "status"], unique=False)


def downgrade() -> None:
    op.drop_index("ix_workshop_lead", table_name="workshop")
    op.execute("ALTER TABLE workshop DROP COLUMN lead_id")
