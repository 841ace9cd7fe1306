"""Next steps, how people want to be reminded, and what they were told."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "reminder_choice",
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("by_letter", sa.Boolean(), nullable=False),
        sa.Column("quiet_days", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_reminder_choice_account_id")),
        sa.PrimaryKeyConstraint("account_id", name=op.f("pk_reminder_choice")),
    )
    op.create_table(
        "quiet_notice",
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("business_id", sa.Uuid(), nullable=False),
        sa.Column("last_on", sa.Date(), nullable=False),
        sa.Column("days", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_quiet_notice_account_id")),
        sa.ForeignKeyConstraint(["business_id"], ["business.id"], name=op.f("fk_quiet_notice_business_id")),
        sa.PrimaryKeyConstraint("account_id", "business_id", "last_on", "days", name=op.f("pk_quiet_notice")),
    )
    op.create_table(
        "next_step",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("business_id", sa.Uuid(), nullable=True),
        sa.Column("conversation_id", sa.Uuid(), nullable=True),
        sa.Column("title", sa.String(length=255), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("reminded_for", sa.Date(), nullable=True),
        sa.Column("dismissed_for", sa.Date(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by_id", sa.Uuid(), nullable=True),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("done_by", sa.String(length=200), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(business_id IS NULL) <> (conversation_id IS NULL)", name=op.f("ck_next_step_one_parent")
        ),
        sa.CheckConstraint(
            "(done_at IS NULL) = (done_by IS NULL)", name=op.f("ck_next_step_done_by_somebody")
        ),
        sa.CheckConstraint(
            "dismissed_for IS NULL OR dismissed_for = due_on",
            name=op.f("ck_next_step_dismissed_for_the_due_day"),
        ),
        sa.CheckConstraint(
            "reminded_for IS NULL OR reminded_for = due_on", name=op.f("ck_next_step_reminded_of_the_due_day")
        ),
        sa.ForeignKeyConstraint(["business_id"], ["business.id"], name=op.f("fk_next_step_business_id")),
        sa.ForeignKeyConstraint(
            ["conversation_id"], ["conversation.id"], name=op.f("fk_next_step_conversation_id")
        ),
        sa.ForeignKeyConstraint(["created_by_id"], ["account.id"], name=op.f("fk_next_step_created_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_next_step")),
    )
    op.create_index("ix_next_step_business", "next_step", ["business_id", "due_on"], unique=False)
    op.create_index("ix_next_step_conversation", "next_step", ["conversation_id", "due_on"], unique=False)
    op.create_index("ix_next_step_due", "next_step", ["due_on", "done_at"], unique=False)
    op.create_table(
        "next_step_assignee",
        sa.Column("next_step_id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_next_step_assignee_account_id")
        ),
        sa.ForeignKeyConstraint(
            ["next_step_id"], ["next_step.id"], name=op.f("fk_next_step_assignee_next_step_id")
        ),
        sa.PrimaryKeyConstraint("next_step_id", "account_id", name=op.f("pk_next_step_assignee")),
    )
    op.create_index(
        op.f("ix_next_step_assignee_account_id"), "next_step_assignee", ["account_id"], unique=False
    )


def downgrade() -> None:
    op.drop_index(op.f("ix_next_step_assignee_account_id"), table_name="next_step_assignee")
    op.drop_table("next_step_assignee")
    op.drop_index("ix_next_step_business", table_name="next_step")
    op.drop_index("ix_next_step_conversation", table_name="next_step")
    op.drop_index("ix_next_step_due", table_name="next_step")
    op.drop_table("next_step")
    op.drop_table("quiet_notice")
    op.drop_table("reminder_choice")
