"""What was deleted at the end of its retention period, kind by kind."""

import sqlalchemy as sa
from alembic import op

revision = "0140"
down_revision = "0139"
branch_labels = None
depends_on = None

RUN = "retention_run"


def upgrade() -> None:
    op.create_table(
        RUN,
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(60), nullable=False),
        sa.Column("before", sa.DateTime(timezone=True), nullable=False),
        sa.Column("found", sa.Integer(), nullable=False),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("held", sa.Text(), nullable=False),
        sa.Column("planned_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("found >= 0 AND done >= 0", name=op.f(f"ck_{RUN}_counted")),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{RUN}")),
    )
    is_open = sa.text("finished_at IS NULL")
    op.create_index(
        "uq_retention_run_open", RUN, ["kind"], unique=True, sqlite_where=is_open, postgresql_where=is_open
    )
    op.create_index("ix_retention_run_kind", RUN, ["kind", "finished_at"])


def downgrade() -> None:
    op.drop_table(RUN)
