"""Referrals: a business passed on, to a provider or a colleague, and what came of it."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

JSON = sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql")


def upgrade() -> None:
    op.create_table(
        "referral",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("business_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("service_id", sa.Uuid(), nullable=True),
        sa.Column("recipient_id", sa.Uuid(), nullable=True),
        sa.Column("subject", sa.String(length=255), nullable=False),
        sa.Column("message", sa.Text(), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "draft",
                "sent",
                "accepted",
                "under_way",
                "completed",
                "declined",
                "lapsed",
                "withdrawn",
                name="status",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by_id", sa.Uuid(), nullable=True),
        sa.Column("pack", JSON, nullable=True),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("sent_to", sa.String(length=254), nullable=True),
        sa.Column("sent_to_name", sa.String(length=200), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("chases", sa.Integer(), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column(
            "outcome",
            sa.Enum(
                "helped",
                "funded",
                "goes_on",
                "not_suitable",
                "no_reply",
                name="outcome",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("quarters", sa.Integer(), nullable=True),
        sa.Column("value", sa.BigInteger(), nullable=True),
        sa.Column("note_to_business", sa.Text(), nullable=False),
        sa.Column("completed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("completed_by", sa.String(length=200), nullable=True),
        sa.Column("completed_by_id", sa.Uuid(), nullable=True),
        sa.Column("conversation_id", sa.Uuid(), nullable=True),
        sa.Column("helped", sa.Boolean(), nullable=True),
        sa.Column("helped_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("helped_note", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(status = 'completed') = (completed_at IS NOT NULL AND outcome IS NOT NULL AND completed_by IS NOT NULL)",
            name=op.f("ck_referral_completed_with_outcome"),
        ),
        sa.CheckConstraint(
            "helped IS NULL OR status = 'completed'", name=op.f("ck_referral_helped_once_completed")
        ),
        sa.CheckConstraint(
            "status IN ('draft', 'withdrawn') OR (sent_at IS NOT NULL AND pack IS NOT NULL)",
            name=op.f("ck_referral_sent_with_pack"),
        ),
        sa.CheckConstraint(
            "status NOT IN ('declined', 'lapsed', 'withdrawn') OR reason <> ''",
            name=op.f("ck_referral_closed_with_reason"),
        ),
        sa.CheckConstraint(
            "(helped IS NULL) = (helped_at IS NULL)", name=op.f("ck_referral_helped_at_a_moment")
        ),
        sa.CheckConstraint("(service_id IS NULL) <> (recipient_id IS NULL)", name=op.f("ck_referral_to_one")),
        sa.CheckConstraint("quarters BETWEEN 1 AND 4000", name=op.f("ck_referral_quarters_counted")),
        sa.CheckConstraint(
            "recipient_id IS NULL OR recipient_id <> created_by_id", name=op.f("ck_referral_to_another")
        ),
        sa.CheckConstraint("value >= 0", name=op.f("ck_referral_value_not_negative")),
        sa.ForeignKeyConstraint(["business_id"], ["business.id"], name=op.f("fk_referral_business_id")),
        sa.ForeignKeyConstraint(
            ["completed_by_id"], ["account.id"], name=op.f("fk_referral_completed_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["conversation_id"], ["conversation.id"], name=op.f("fk_referral_conversation_id")
        ),
        sa.ForeignKeyConstraint(["created_by_id"], ["account.id"], name=op.f("fk_referral_created_by_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_referral_person_id")),
        sa.ForeignKeyConstraint(["recipient_id"], ["account.id"], name=op.f("fk_referral_recipient_id")),
        sa.ForeignKeyConstraint(["service_id"], ["service.id"], name=op.f("fk_referral_service_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_referral")),
        sa.UniqueConstraint("conversation_id", name=op.f("uq_referral_conversation_id")),
    )
    op.create_index("ix_referral_business", "referral", ["business_id", "created_at"], unique=False)
    op.create_index(op.f("ix_referral_created_by_id"), "referral", ["created_by_id"], unique=False)
    op.create_index("ix_referral_newest", "referral", ["created_at", "id"], unique=False)
    op.create_index("ix_referral_recipient", "referral", ["recipient_id", "status"], unique=False)
    op.create_index("ix_referral_service", "referral", ["service_id", "status"], unique=False)
    op.create_index("ix_referral_status", "referral", ["status", "due_on"], unique=False)
    op.create_table(
        "referral_conversation",
        sa.Column("referral_id", sa.Uuid(), nullable=False),
        sa.Column("conversation_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["conversation_id"], ["conversation.id"], name=op.f("fk_referral_conversation_conversation_id")
        ),
        sa.ForeignKeyConstraint(
            ["referral_id"], ["referral.id"], name=op.f("fk_referral_conversation_referral_id")
        ),
        sa.PrimaryKeyConstraint("referral_id", "conversation_id", name=op.f("pk_referral_conversation")),
    )


def downgrade() -> None:
    op.drop_table("referral_conversation")
    op.drop_index("ix_referral_business", table_name="referral")
    op.drop_index(op.f("ix_referral_created_by_id"), table_name="referral")
    op.drop_index("ix_referral_newest", table_name="referral")
    op.drop_index("ix_referral_recipient", table_name="referral")
    op.drop_index("ix_referral_service", table_name="referral")
    op.drop_index("ix_referral_status", table_name="referral")
    op.drop_table("referral")
