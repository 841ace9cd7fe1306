"""Lines of the bank's answer that contradict another, or name a day that cannot be right, wait for a person."""

import sqlalchemy as sa
from alembic import op

revision = "0075"
down_revision = "0074"
branch_labels = None
depends_on = None

LINES, WALL = "bank_answer_line", "ck_bank_answer_line_verdict"
BEFORE = "verdict IN ('paid', 'rejected', 'unknown', 'partial', 'repeated', 'late')"
AFTER = "verdict IN ('paid', 'rejected', 'unknown', 'partial', 'repeated', 'late', 'day', 'opposed')"


def _allow(words: str) -> None:
    """Change the words of a verdict. SQLite changes no CHECK in place: there the table is made again."""
    if op.get_bind().dialect.name == "postgresql":
        op.drop_constraint(op.f(WALL), LINES, type_="check")
        op.create_check_constraint(op.f(WALL), LINES, words)
        return
    with op.batch_alter_table(LINES) as table:
        table.drop_constraint(op.f(WALL), type_="check")
        table.create_check_constraint(op.f(WALL), words)


def upgrade() -> None:
    _allow(AFTER)
    with op.batch_alter_table("payment_settlement") as table:
        table.add_column(sa.Column("paid_on", sa.Date(), nullable=True))


def downgrade() -> None:
    op.execute("UPDATE bank_answer_line SET verdict = 'late' WHERE verdict IN ('day', 'opposed')")
    _allow(BEFORE)
    with op.batch_alter_table("payment_settlement") as table:
        table.drop_column("paid_on")
