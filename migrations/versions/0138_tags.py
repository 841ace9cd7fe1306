"""Tags: a hub's own words on businesses."""

import sqlalchemy as sa
from alembic import op

revision = "0138"
down_revision = "0137"
branch_labels = None
depends_on = None

TAG, ON = "tag", "business_tag"


def _to(table: str, column: str, target: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{target}.id"], name=op.f(f"fk_{table}_{column}"))


def upgrade() -> None:
    op.create_table(
        TAG,
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("hub_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(40), nullable=False),
        sa.Column("match_name", sa.String(120), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by_id", sa.Uuid(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        _to(TAG, "hub_id", "hub"),
        _to(TAG, "made_by_id", "account"),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{TAG}")),
    )
    op.create_index(f"uq_{TAG}_name", TAG, ["hub_id", "match_name"], unique=True)
    op.create_table(
        ON,
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("business_id", sa.Uuid(), nullable=False),
        sa.Column("tag_id", sa.Uuid(), nullable=False),
        sa.Column("tagged_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("tagged_by_id", sa.Uuid(), nullable=True),
        _to(ON, "business_id", "business"),
        _to(ON, "tag_id", "tag"),
        _to(ON, "tagged_by_id", "account"),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{ON}")),
    )
    op.create_index(f"uq_{ON}_once", ON, ["business_id", "tag_id"], unique=True)
    op.create_index(f"ix_{ON}_tag", ON, ["tag_id", "business_id"])


def downgrade() -> None:
    op.drop_table(ON)
    op.drop_table(TAG)
