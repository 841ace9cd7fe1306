"""E-mails written from the record, their templates, and the services that were spoken of."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "email_template",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("subject", sa.String(length=200), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("retired_on", sa.Date(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_email_template")),
        sa.UniqueConstraint("name", name=op.f("uq_email_template_name")),
    )
    op.create_table(
        "conversation_service",
        sa.Column("conversation_id", sa.Uuid(), nullable=False),
        sa.Column("service_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["conversation_id"], ["conversation.id"], name=op.f("fk_conversation_service_conversation_id")
        ),
        sa.ForeignKeyConstraint(
            ["service_id"], ["service.id"], name=op.f("fk_conversation_service_service_id")
        ),
        sa.PrimaryKeyConstraint("conversation_id", "service_id", name=op.f("pk_conversation_service")),
    )
    op.create_index(
        op.f("ix_conversation_service_service_id"), "conversation_service", ["service_id"], unique=False
    )
    op.create_table(
        "written_email",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("business_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("subject", sa.String(length=200), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("written_by_id", sa.Uuid(), nullable=True),
        sa.Column("letter_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["business_id"], ["business.id"], name=op.f("fk_written_email_business_id")),
        sa.ForeignKeyConstraint(["letter_id"], ["letter.id"], name=op.f("fk_written_email_letter_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_written_email_person_id")),
        sa.ForeignKeyConstraint(
            ["written_by_id"], ["account.id"], name=op.f("fk_written_email_written_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_written_email")),
        sa.UniqueConstraint("letter_id", name=op.f("uq_written_email_letter_id")),
    )
    op.create_index("ix_written_email_business", "written_email", ["business_id", "written_at"], unique=False)


def downgrade() -> None:

    op.drop_index("ix_written_email_business", table_name="written_email")
    op.drop_table("written_email")
    op.drop_index(op.f("ix_conversation_service_service_id"), table_name="conversation_service")
    op.drop_table("conversation_service")
    op.drop_table("email_template")
