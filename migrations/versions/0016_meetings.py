"""Appointments, workshops with places, hours that come from them, and letters with a calendar file."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

WORKSHOP_CHECKS = (
    "CONSTRAINT fk_support_hours_workshop_id REFERENCES workshop (id) "
    "CONSTRAINT ck_support_hours_from_one_source CHECK (conversation_id IS NULL OR workshop_id IS NULL)"
)


def upgrade() -> None:
    op.create_table(
        "workshop",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("about", sa.Text(), nullable=False),
        sa.Column("kind_code", sa.String(length=60), nullable=False),
        sa.Column("hub_id", sa.Uuid(), nullable=True),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "channel",
            sa.Enum(
                "in_person",
                "video",
                "telephone",
                "email",
                "event",
                name="channel",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("place", sa.String(length=500), nullable=False),
        sa.Column("seats", sa.Integer(), nullable=False),
        sa.Column("quarters", sa.Integer(), nullable=True),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "draft",
                "open",
                "held",
                "cancelled",
                name="status",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by_id", sa.Uuid(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(status = 'cancelled') = (reason <> '')", name=op.f("ck_workshop_cancelled_with_reason")
        ),
        sa.CheckConstraint("ends_at > starts_at", name=op.f("ck_workshop_ends_later")),
        sa.CheckConstraint("quarters BETWEEN 1 AND 96", name=op.f("ck_workshop_quarters_of_a_day")),
        sa.CheckConstraint("seats > 0", name=op.f("ck_workshop_has_seats")),
        sa.ForeignKeyConstraint(["created_by_id"], ["account.id"], name=op.f("fk_workshop_created_by_id")),
        sa.ForeignKeyConstraint(["hub_id"], ["hub.id"], name=op.f("fk_workshop_hub_id")),
        sa.ForeignKeyConstraint(["kind_code"], ["support_kind.code"], name=op.f("fk_workshop_kind_code")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_workshop")),
    )
    op.create_index("ix_workshop_starts", "workshop", ["status", "starts_at"], unique=False)
    op.create_table(
        "workshop_place",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("workshop_id", sa.Uuid(), nullable=False),
        sa.Column("business_id", sa.Uuid(), nullable=True),
        sa.Column("business_name", sa.String(length=200), nullable=False),
        sa.Column("person_name", sa.String(length=200), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("signed_up_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "waiting",
                "taken",
                "given_up",
                "attended",
                "absent",
                name="status",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("email = lower(email)", name=op.f("ck_workshop_place_email_in_lower_case")),
        sa.ForeignKeyConstraint(["business_id"], ["business.id"], name=op.f("fk_workshop_place_business_id")),
        sa.ForeignKeyConstraint(["workshop_id"], ["workshop.id"], name=op.f("fk_workshop_place_workshop_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_workshop_place")),
    )
    op.create_index(
        "ix_workshop_place_business", "workshop_place", ["business_id", "signed_up_at"], unique=False
    )
    op.create_index(
        "ix_workshop_place_workshop",
        "workshop_place",
        ["workshop_id", "status", "signed_up_at"],
        unique=False,
    )
    op.create_index(
        "uq_workshop_place_email",
        "workshop_place",
        ["workshop_id", "email"],
        unique=True,
        sqlite_where=sa.text("status <> 'given_up'"),
        postgresql_where=sa.text("status <> 'given_up'"),
    )
    op.create_table(
        "appointment",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("business_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("adviser_id", sa.Uuid(), nullable=False),
        sa.Column("subject", sa.String(length=200), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "channel",
            sa.Enum(
                "in_person",
                "video",
                "telephone",
                "email",
                "event",
                name="channel",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("place", sa.String(length=500), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "planned",
                "held",
                "cancelled",
                name="status",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("conversation_id", sa.Uuid(), nullable=True),
        sa.Column("arranged_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("arranged_by_id", sa.Uuid(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(status = 'cancelled') = (reason <> '')", name=op.f("ck_appointment_cancelled_with_reason")
        ),
        sa.CheckConstraint(
            "(status = 'held') = (conversation_id IS NOT NULL)",
            name=op.f("ck_appointment_held_with_conversation"),
        ),
        sa.CheckConstraint("ends_at > starts_at", name=op.f("ck_appointment_ends_later")),
        sa.ForeignKeyConstraint(["adviser_id"], ["account.id"], name=op.f("fk_appointment_adviser_id")),
        sa.ForeignKeyConstraint(
            ["arranged_by_id"], ["account.id"], name=op.f("fk_appointment_arranged_by_id")
        ),
        sa.ForeignKeyConstraint(["business_id"], ["business.id"], name=op.f("fk_appointment_business_id")),
        sa.ForeignKeyConstraint(
            ["conversation_id"], ["conversation.id"], name=op.f("fk_appointment_conversation_id")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_appointment_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_appointment")),
        sa.UniqueConstraint("conversation_id", name=op.f("uq_appointment_conversation_id")),
    )
    op.create_index(
        "ix_appointment_adviser", "appointment", ["adviser_id", "status", "starts_at"], unique=False
    )
    op.create_index("ix_appointment_business", "appointment", ["business_id", "starts_at"], unique=False)
    op.add_column("letter", sa.Column("calendar", sa.Text(), nullable=True))
    # With its checks: so SQLite adds it without making the table again.
    kind = "UUID" if op.get_bind().dialect.name == "postgresql" else "CHAR(32)"
    op.execute(f"ALTER TABLE support_hours ADD COLUMN workshop_id {kind} {WORKSHOP_CHECKS}")
    op.create_index("uq_support_hours_workshop", "support_hours", ["workshop_id", "business_id"], unique=True)


def downgrade() -> None:

    op.drop_index("uq_support_hours_workshop", table_name="support_hours")
    op.drop_column("support_hours", "workshop_id")
    op.drop_column("letter", "calendar")
    op.drop_index("ix_appointment_business", table_name="appointment")
    op.drop_index("ix_appointment_adviser", table_name="appointment")
    op.drop_table("appointment")
    op.drop_index(
        "uq_workshop_place_email",
        table_name="workshop_place",
        sqlite_where=sa.text("status <> 'given_up'"),
        postgresql_where=sa.text("status <> 'given_up'"),
    )
    op.drop_index("ix_workshop_place_workshop", table_name="workshop_place")
    op.drop_index("ix_workshop_place_business", table_name="workshop_place")
    op.drop_table("workshop_place")
    op.drop_index("ix_workshop_starts", table_name="workshop")
    op.drop_table("workshop")
