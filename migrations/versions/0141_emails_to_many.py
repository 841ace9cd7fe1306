"""What was done to ticked businesses can be an email to their people: one letter stands on the record of each business."""

import sqlalchemy as sa
from alembic import op

revision = "0141"
down_revision = "0140"
branch_labels = None
depends_on = None

CHANGE, EMAIL = "bulk_change", "written_email"
BEFORE, AFTER = ("lead", "tag", "untag"), ("lead", "tag", "untag", "email", "invite")
LETTER = f"uq_{EMAIL}_letter_id"


def upgrade() -> None:
    with op.batch_alter_table(CHANGE) as changed:
        _deeds(changed, AFTER)
    with op.batch_alter_table(EMAIL) as changed:
        changed.add_column(sa.Column("once", sa.String(32), nullable=True))
        changed.drop_constraint(op.f(LETTER), type_="unique")
    op.create_index(op.f(f"ix_{EMAIL}_letter_id"), EMAIL, ["letter_id"])
    op.create_index(f"uq_{EMAIL}_once", EMAIL, ["once", "person_id"], unique=True)
    op.create_index("ix_letter_to_address", "letter", ["to_address", "status"])


def downgrade() -> None:
    op.drop_index("ix_letter_to_address", "letter")
    op.drop_index(f"uq_{EMAIL}_once", EMAIL)
    op.drop_index(op.f(f"ix_{EMAIL}_letter_id"), EMAIL)
    op.execute(
        "DELETE FROM written_email WHERE EXISTS (SELECT 1 FROM written_email AS other"
        " WHERE other.letter_id = written_email.letter_id AND other.id < written_email.id)"
    )
    with op.batch_alter_table(EMAIL) as changed:
        changed.drop_column("once")
        changed.create_unique_constraint(op.f(LETTER), ["letter_id"])
    op.execute("DELETE FROM bulk_change WHERE deed IN ('email', 'invite')")
    with op.batch_alter_table(CHANGE) as changed:
        _deeds(changed, BEFORE)


def _deeds(changed: object, values: tuple[str, ...]) -> None:
    """Let a change be of just these deeds."""
    listed = ", ".join(f"'{each}'" for each in values)
    changed.drop_constraint(op.f(f"ck_{CHANGE}_deed"), type_="check")  # type: ignore[attr-defined]
    changed.create_check_constraint(op.f(f"ck_{CHANGE}_deed"), f"deed IN ({listed})")  # type: ignore[attr-defined]
