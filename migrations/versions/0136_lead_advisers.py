"""The lead adviser of each business, now and before."""

import sqlalchemy as sa
from alembic import op

revision = "0136"
down_revision = "0135"
branch_labels = None
depends_on = None

LEAD = "business_lead"


def _to(column: str, target: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{target}.id"], name=op.f(f"fk_{LEAD}_{column}"))


def upgrade() -> None:
    op.create_table(
        LEAD,
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("business_id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("began_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("given_by_id", sa.Uuid(), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "ended_at IS NULL OR ended_at >= began_at", name=op.f(f"ck_{LEAD}_ends_after_it_begins")
        ),
        _to("business_id", "business"),
        _to("account_id", "account"),
        _to("given_by_id", "account"),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{LEAD}")),
    )
    now = sa.text("ended_at IS NULL")
    op.create_index(
        f"uq_{LEAD}_now", LEAD, ["business_id"], unique=True, sqlite_where=now, postgresql_where=now
    )
    op.create_index(f"ix_{LEAD}_business", LEAD, ["business_id", "began_at"])
    op.create_index(f"ix_{LEAD}_account", LEAD, ["account_id", "ended_at", "business_id"])


def downgrade() -> None:
    op.drop_table(LEAD)
