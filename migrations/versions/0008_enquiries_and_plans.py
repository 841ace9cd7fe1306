"""Enquiries with their queue, and action plans."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

JSON = sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql")


def upgrade() -> None:
    op.create_table(
        "enquiry",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("reference", sa.String(length=12), nullable=False),
        sa.Column("business_id", sa.Uuid(), nullable=True),
        sa.Column("business_name", sa.String(length=200), nullable=False),
        sa.Column("company_number", sa.String(length=8), nullable=True),
        sa.Column("person_name", sa.String(length=200), nullable=False),
        sa.Column("person_role", sa.String(length=100), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=True),
        sa.Column("phone", sa.String(length=40), nullable=True),
        sa.Column("postcode", sa.String(length=8), nullable=True),
        sa.Column("outcode", sa.String(length=4), nullable=True),
        sa.Column("answers", JSON, nullable=False),
        sa.Column("ask", JSON, nullable=False),
        sa.Column("consents", JSON, nullable=False),
        sa.Column("story", sa.Text(), nullable=False),
        sa.Column(
            "way",
            sa.Enum(
                "web",
                "phone",
                "email",
                "event",
                name="way",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("taken_by_id", sa.Uuid(), nullable=True),
        sa.Column("hub_id", sa.Uuid(), nullable=True),
        sa.Column(
            "status",
            sa.Enum(
                "waiting",
                "claimed",
                "answered",
                "closed",
                name="status",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("claimed_by_id", sa.Uuid(), nullable=True),
        sa.Column("claimed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "close_reason",
            sa.Enum(
                "helped",
                "pointed_elsewhere",
                "out_of_area",
                "no_reply",
                "not_wanted",
                "duplicate",
                "spam",
                name="close_reason",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("close_note", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(status = 'closed') = (close_reason IS NOT NULL)", name=op.f("ck_enquiry_closed_with_reason")
        ),
        sa.CheckConstraint(
            "(status = 'closed') = (closed_at IS NOT NULL)", name=op.f("ck_enquiry_closed_at_if_closed")
        ),
        sa.CheckConstraint(
            "status <> 'answered' OR answered_at IS NOT NULL", name=op.f("ck_enquiry_answered_at_a_moment")
        ),
        sa.CheckConstraint(
            "status <> 'waiting' OR claimed_by_id IS NULL", name=op.f("ck_enquiry_waiting_for_anybody")
        ),
        sa.CheckConstraint(
            "status NOT IN ('claimed', 'answered') OR claimed_by_id IS NOT NULL",
            name=op.f("ck_enquiry_claimed_by_somebody"),
        ),
        sa.CheckConstraint("email = lower(email)", name=op.f("ck_enquiry_email_in_lower_case")),
        sa.CheckConstraint("email IS NOT NULL OR phone IS NOT NULL", name=op.f("ck_enquiry_can_be_reached")),
        sa.ForeignKeyConstraint(["business_id"], ["business.id"], name=op.f("fk_enquiry_business_id")),
        sa.ForeignKeyConstraint(["claimed_by_id"], ["account.id"], name=op.f("fk_enquiry_claimed_by_id")),
        sa.ForeignKeyConstraint(["hub_id"], ["hub.id"], name=op.f("fk_enquiry_hub_id")),
        sa.ForeignKeyConstraint(["taken_by_id"], ["account.id"], name=op.f("fk_enquiry_taken_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_enquiry")),
        sa.UniqueConstraint("reference", name=op.f("uq_enquiry_reference")),
    )
    op.create_index("ix_enquiry_adviser", "enquiry", ["claimed_by_id", "status", "due_on"], unique=False)
    op.create_index(op.f("ix_enquiry_business_id"), "enquiry", ["business_id"], unique=False)
    op.create_index("ix_enquiry_due", "enquiry", ["due_on", "id"], unique=False)
    op.create_index("ix_enquiry_newest", "enquiry", ["received_at", "id"], unique=False)
    op.create_index("ix_enquiry_queue", "enquiry", ["hub_id", "status", "due_on"], unique=False)
    op.create_table(
        "enquiry_draft",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("answers", JSON, nullable=False),
        sa.Column("email", sa.String(length=254), nullable=True),
        sa.Column("begun_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent_as_id", sa.Uuid(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["sent_as_id"], ["enquiry.id"], name=op.f("fk_enquiry_draft_sent_as_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_enquiry_draft")),
    )
    op.create_index(op.f("ix_enquiry_draft_changed_at"), "enquiry_draft", ["changed_at"], unique=False)
    op.create_table(
        "enquiry_note",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("enquiry_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.Uuid(), nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["account.id"], name=op.f("fk_enquiry_note_by_id")),
        sa.ForeignKeyConstraint(["enquiry_id"], ["enquiry.id"], name=op.f("fk_enquiry_note_enquiry_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_enquiry_note")),
    )
    op.create_index("ix_enquiry_note_enquiry", "enquiry_note", ["enquiry_id", "at"], unique=False)
    op.create_table(
        "capacity",
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("most_open", sa.Integer(), nullable=False),
        sa.CheckConstraint("most_open BETWEEN 0 AND 500", name=op.f("ck_capacity_most_open_in_bounds")),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_capacity_account_id")),
        sa.PrimaryKeyConstraint("account_id", name=op.f("pk_capacity")),
    )
    op.create_table(
        "absence",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("covered_by_id", sa.Uuid(), nullable=True),
        sa.CheckConstraint(
            "covered_by_id IS NULL OR covered_by_id <> account_id", name=op.f("ck_absence_covered_by_another")
        ),
        sa.CheckConstraint("last_day >= first_day", name=op.f("ck_absence_days_in_order")),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_absence_account_id")),
        sa.ForeignKeyConstraint(["covered_by_id"], ["account.id"], name=op.f("fk_absence_covered_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_absence")),
    )
    op.create_index("ix_absence_account", "absence", ["account_id", "first_day"], unique=False)
    op.create_table(
        "action_plan",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("business_id", sa.Uuid(), nullable=False),
        sa.Column("enquiry_id", sa.Uuid(), nullable=True),
        sa.Column("diagnosis_id", sa.Uuid(), nullable=True),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "draft",
                "sent",
                "superseded",
                "discarded",
                name="status",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("opening", sa.Text(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by_id", sa.Uuid(), nullable=True),
        sa.Column("made_by", sa.String(length=200), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("sent_to", sa.String(length=254), nullable=True),
        sa.Column("sent_to_name", sa.String(length=200), nullable=True),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_opened_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("superseded_by_id", sa.Uuid(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(status = 'superseded') = (superseded_by_id IS NOT NULL)",
            name=op.f("ck_action_plan_superseded_by_another"),
        ),
        sa.CheckConstraint(
            "(status IN ('draft', 'discarded')) = (sent_at IS NULL)",
            name=op.f("ck_action_plan_sent_at_if_sent"),
        ),
        sa.CheckConstraint("number > 0", name=op.f("ck_action_plan_number_counted")),
        sa.CheckConstraint(
            "opened_at IS NULL OR sent_at IS NOT NULL", name=op.f("ck_action_plan_opened_once_sent")
        ),
        sa.ForeignKeyConstraint(["business_id"], ["business.id"], name=op.f("fk_action_plan_business_id")),
        sa.ForeignKeyConstraint(["diagnosis_id"], ["diagnosis.id"], name=op.f("fk_action_plan_diagnosis_id")),
        sa.ForeignKeyConstraint(["enquiry_id"], ["enquiry.id"], name=op.f("fk_action_plan_enquiry_id")),
        sa.ForeignKeyConstraint(["made_by_id"], ["account.id"], name=op.f("fk_action_plan_made_by_id")),
        sa.ForeignKeyConstraint(
            ["superseded_by_id"], ["action_plan.id"], name=op.f("fk_action_plan_superseded_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_action_plan")),
    )
    op.create_index(op.f("ix_action_plan_enquiry_id"), "action_plan", ["enquiry_id"], unique=False)
    op.create_index(
        "uq_action_plan_draft",
        "action_plan",
        ["business_id"],
        unique=True,
        sqlite_where=sa.text("status = 'draft'"),
        postgresql_where=sa.text("status = 'draft'"),
    )
    op.create_index("uq_action_plan_number", "action_plan", ["business_id", "number"], unique=True)
    op.create_index(
        "uq_action_plan_sent",
        "action_plan",
        ["business_id"],
        unique=True,
        sqlite_where=sa.text("status = 'sent'"),
        postgresql_where=sa.text("status = 'sent'"),
    )
    op.create_table(
        "plan_signpost",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("plan_id", sa.Uuid(), nullable=False),
        sa.Column("service_id", sa.Uuid(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["plan_id"], ["action_plan.id"], name=op.f("fk_plan_signpost_plan_id")),
        sa.ForeignKeyConstraint(["service_id"], ["service.id"], name=op.f("fk_plan_signpost_service_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan_signpost")),
    )
    op.create_index("uq_plan_signpost_service", "plan_signpost", ["plan_id", "service_id"], unique=True)
    op.create_table(
        "plan_step",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("plan_id", sa.Uuid(), nullable=False),
        sa.Column("title", sa.String(length=300), nullable=False),
        sa.Column(
            "owner",
            sa.Enum(
                "business",
                "adviser",
                "provider",
                name="owner",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("done_by", sa.String(length=200), nullable=True),
        sa.CheckConstraint(
            "(done_at IS NULL) = (done_by IS NULL)", name=op.f("ck_plan_step_done_by_somebody")
        ),
        sa.ForeignKeyConstraint(["plan_id"], ["action_plan.id"], name=op.f("fk_plan_step_plan_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan_step")),
    )
    op.create_index("ix_plan_step_plan", "plan_step", ["plan_id", "position"], unique=False)
    # ### end Alembic commands ###
    op.create_table(
        "plan_ruled_out",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("plan_id", sa.Uuid(), nullable=False),
        sa.Column("service_id", sa.Uuid(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["plan_id"], ["action_plan.id"], name=op.f("fk_plan_ruled_out_plan_id")),
        sa.ForeignKeyConstraint(["service_id"], ["service.id"], name=op.f("fk_plan_ruled_out_service_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan_ruled_out")),
    )
    op.create_index("uq_plan_ruled_out_service", "plan_ruled_out", ["plan_id", "service_id"], unique=True)


def downgrade() -> None:
    op.drop_index("uq_plan_ruled_out_service", table_name="plan_ruled_out")
    op.drop_table("plan_ruled_out")
    op.drop_index("ix_plan_step_plan", table_name="plan_step")
    op.drop_table("plan_step")
    op.drop_index("uq_plan_signpost_service", table_name="plan_signpost")
    op.drop_table("plan_signpost")
    op.drop_index("uq_action_plan_sent", table_name="action_plan")
    op.drop_index("uq_action_plan_number", table_name="action_plan")
    op.drop_index("uq_action_plan_draft", table_name="action_plan")
    op.drop_index(op.f("ix_action_plan_enquiry_id"), table_name="action_plan")
    op.drop_table("action_plan")
    op.drop_index("ix_absence_account", table_name="absence")
    op.drop_table("absence")
    op.drop_table("capacity")
    op.drop_index("ix_enquiry_note_enquiry", table_name="enquiry_note")
    op.drop_table("enquiry_note")
    op.drop_index(op.f("ix_enquiry_draft_changed_at"), table_name="enquiry_draft")
    op.drop_table("enquiry_draft")
    op.drop_index("ix_enquiry_queue", table_name="enquiry")
    op.drop_index("ix_enquiry_newest", table_name="enquiry")
    op.drop_index("ix_enquiry_due", table_name="enquiry")
    op.drop_index(op.f("ix_enquiry_business_id"), table_name="enquiry")
    op.drop_index("ix_enquiry_adviser", table_name="enquiry")
    op.drop_table("enquiry")
