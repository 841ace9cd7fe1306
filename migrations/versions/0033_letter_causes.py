"""Who was signed in when a letter was queued, so that a failed one stands on their desk."""

from alembic import op

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None


def upgrade() -> None:
    kind = "UUID" if op.get_bind().dialect.name == "postgresql" else "CHAR(32)"
    op.execute(
        f"ALTER TABLE letter ADD COLUMN caused_by_id {kind} CONSTRAINT fk_letter_caused_by_id REFERENCES account (id)"
    )
    op.create_index(op.f("ix_letter_caused_by_id"), "letter", ["caused_by_id"], unique=False)


def downgrade() -> None:
    op.drop_index(op.f("ix_letter_caused_by_id"), table_name="letter")
    with op.batch_alter_table("letter") as batch:
        batch.drop_column("caused_by_id")
