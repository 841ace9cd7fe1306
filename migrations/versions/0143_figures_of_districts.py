"""How many creative businesses each district has, as somebody published it; and which of it a count of coverage was weighed by."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0143"
down_revision = "0142"
branch_labels = None
depends_on = None

FIGURES, COUNT = "district_figures", "coverage_count"
JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")


def upgrade() -> None:
    op.create_table(
        FIGURES,
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("source", sa.String(length=500), nullable=False),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.Column("businesses", JSON, nullable=False),
        sa.Column("brought_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("brought_by_id", sa.Uuid(), nullable=True),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("source <> ''", name=op.f(f"ck_{FIGURES}_somebody_says_so")),
        sa.ForeignKeyConstraint(["brought_by_id"], ["account.id"], name=op.f(f"fk_{FIGURES}_brought_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{FIGURES}")),
    )
    op.create_index(f"ix_{FIGURES}_used", FIGURES, ["used_at"])
    with op.batch_alter_table(COUNT) as table:
        table.add_column(sa.Column("source", sa.String(length=500), nullable=False, server_default=""))
        table.add_column(sa.Column("as_of", sa.Date(), nullable=True))
        table.create_check_constraint(
            op.f(f"ck_{COUNT}_source_with_its_day"), "(as_of IS NULL) = (source = '')"
        )
    with op.batch_alter_table(COUNT) as table:
        table.alter_column("source", server_default=None)


def downgrade() -> None:
    with op.batch_alter_table(COUNT) as table:
        table.drop_constraint(op.f(f"ck_{COUNT}_source_with_its_day"), type_="check")
        table.drop_column("as_of")
        table.drop_column("source")
    op.drop_table(FIGURES)
