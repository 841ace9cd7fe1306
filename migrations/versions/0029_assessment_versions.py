"""Every assessment as it was submitted, for ever, and why one was returned."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None

JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")


def upgrade() -> None:
    op.create_table(
        "assessment_version",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("assessment_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("scores", JSON, nullable=False),
        sa.Column("comment", sa.Text(), nullable=False),
        sa.Column("returned_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("returned_by_id", sa.Uuid(), nullable=True),
        sa.Column("return_reason", sa.Text(), nullable=False),
        sa.Column("total", sa.String(length=100), nullable=False),
        sa.CheckConstraint("number > 0", name=op.f("ck_assessment_version_number_from_one")),
        sa.CheckConstraint(
            "(returned_at IS NULL) = (return_reason = '')",
            name=op.f("ck_assessment_version_returned_with_reason"),
        ),
        sa.ForeignKeyConstraint(
            ["assessment_id"], ["assessment.id"], name=op.f("fk_assessment_version_assessment_id")
        ),
        sa.ForeignKeyConstraint(
            ["returned_by_id"], ["account.id"], name=op.f("fk_assessment_version_returned_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assessment_version")),
    )
    op.create_index(
        "uq_assessment_version_number", "assessment_version", ["assessment_id", "number"], unique=True
    )


def downgrade() -> None:
    op.drop_table("assessment_version")
