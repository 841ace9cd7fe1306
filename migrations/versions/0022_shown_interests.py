"""That somebody asked, as an investor, to meet a business: for checks of conflicts alone."""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "shown_interest",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("business_id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("shown_on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_shown_interest_account_id")),
        sa.ForeignKeyConstraint(["business_id"], ["business.id"], name=op.f("fk_shown_interest_business_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_shown_interest")),
    )
    op.create_index(
        "ix_shown_interest_account", "shown_interest", ["account_id", "business_id"], unique=False
    )
    op.execute(
        "INSERT INTO shown_interest (id, business_id, account_id, shown_on) "
        "SELECT introduction.id, pitch.business_id, introduction.account_id, date(introduction.requested_at) "
        "FROM introduction JOIN pitch ON pitch.id = introduction.pitch_id"
    )


def downgrade() -> None:
    op.drop_index("ix_shown_interest_account", table_name="shown_interest")
    op.drop_table("shown_interest")
