"""Conversations, hours of help and kinds of support; and letters may carry links about hours and referrals."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

PURPOSES = "'sign_in', 'set_password', 'enquiry_draft', 'enquiry', 'plan'"
BEFORE, AFTER = f"link_purpose IN ({PURPOSES})", f"link_purpose IN ({PURPOSES}, 'hours', 'reply', 'helped')"


def upgrade() -> None:
    _change_purposes(BEFORE, AFTER)
    op.create_table(
        "support_kind",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.String(length=60), nullable=False),
        sa.Column("area", sa.String(length=40), nullable=False),
        sa.Column("area_label", sa.String(length=200), nullable=False),
        sa.Column("label", sa.String(length=200), nullable=False),
        sa.Column("retired_on", sa.Date(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_support_kind")),
        sa.UniqueConstraint("code", name=op.f("uq_support_kind_code")),
    )
    op.create_table(
        "conversation",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("business_id", sa.Uuid(), nullable=False),
        sa.Column("happened_on", sa.Date(), nullable=False),
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
            nullable=True,
        ),
        sa.Column("kind_code", sa.String(length=60), nullable=True),
        sa.Column("subject", sa.String(length=255), nullable=False),
        sa.Column("notes", sa.Text(), nullable=False),
        sa.Column("quarters", sa.Integer(), nullable=True),
        sa.Column("barrier_removed", sa.Boolean(), nullable=True),
        sa.Column("barrier_types", sa.Text(), nullable=False),
        sa.Column("barrier_notes", sa.Text(), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "draft",
                "complete",
                "discarded",
                name="status",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by_id", sa.Uuid(), nullable=True),
        sa.Column("completed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(status = 'complete') = (completed_at IS NOT NULL)",
            name=op.f("ck_conversation_completed_at_if_complete"),
        ),
        sa.CheckConstraint(
            "status <> 'complete' OR channel IS NOT NULL", name=op.f("ck_conversation_complete_with_channel")
        ),
        sa.CheckConstraint(
            "status <> 'complete' OR kind_code IS NOT NULL", name=op.f("ck_conversation_complete_with_kind")
        ),
        sa.CheckConstraint("quarters BETWEEN 1 AND 96", name=op.f("ck_conversation_quarters_of_a_day")),
        sa.ForeignKeyConstraint(["business_id"], ["business.id"], name=op.f("fk_conversation_business_id")),
        sa.ForeignKeyConstraint(["kind_code"], ["support_kind.code"], name=op.f("fk_conversation_kind_code")),
        sa.ForeignKeyConstraint(
            ["recorded_by_id"], ["account.id"], name=op.f("fk_conversation_recorded_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_conversation")),
    )
    op.create_index("ix_conversation_business", "conversation", ["business_id", "happened_on"], unique=False)
    op.create_index("ix_conversation_recorder", "conversation", ["recorded_by_id", "status"], unique=False)
    op.create_table(
        "conversation_adviser",
        sa.Column("conversation_id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("team", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_conversation_adviser_account_id")
        ),
        sa.ForeignKeyConstraint(
            ["conversation_id"], ["conversation.id"], name=op.f("fk_conversation_adviser_conversation_id")
        ),
        sa.PrimaryKeyConstraint("conversation_id", "account_id", name=op.f("pk_conversation_adviser")),
    )
    op.create_index(
        op.f("ix_conversation_adviser_account_id"), "conversation_adviser", ["account_id"], unique=False
    )
    op.create_table(
        "conversation_person",
        sa.Column("conversation_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["conversation_id"], ["conversation.id"], name=op.f("fk_conversation_person_conversation_id")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_conversation_person_person_id")),
        sa.PrimaryKeyConstraint("conversation_id", "person_id", name=op.f("pk_conversation_person")),
    )
    op.create_table(
        "support_hours",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("business_id", sa.Uuid(), nullable=False),
        sa.Column("conversation_id", sa.Uuid(), nullable=True),
        sa.Column("happened_on", sa.Date(), nullable=False),
        sa.Column("quarters", sa.Integer(), nullable=False),
        sa.Column("what", sa.String(length=255), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "stated",
                "confirmed",
                "disputed",
                name="status",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered_by", sa.String(length=200), nullable=True),
        sa.Column("dispute_note", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(status = 'stated') = (answered_at IS NULL)",
            name=op.f("ck_support_hours_answered_if_not_stated"),
        ),
        sa.CheckConstraint(
            "status <> 'disputed' OR dispute_note <> ''", name=op.f("ck_support_hours_disputed_with_note")
        ),
        sa.CheckConstraint(
            "(answered_at IS NULL) = (answered_by IS NULL)",
            name=op.f("ck_support_hours_answered_by_somebody"),
        ),
        sa.CheckConstraint("quarters BETWEEN 1 AND 96", name=op.f("ck_support_hours_quarters_of_a_day")),
        sa.ForeignKeyConstraint(["business_id"], ["business.id"], name=op.f("fk_support_hours_business_id")),
        sa.ForeignKeyConstraint(
            ["conversation_id"], ["conversation.id"], name=op.f("fk_support_hours_conversation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_support_hours")),
        sa.UniqueConstraint("conversation_id", name=op.f("uq_support_hours_conversation_id")),
    )
    op.create_index(
        "ix_support_hours_business", "support_hours", ["business_id", "happened_on"], unique=False
    )


def downgrade() -> None:
    op.drop_index("ix_support_hours_business", table_name="support_hours")
    op.drop_table("support_hours")
    op.drop_table("conversation_person")
    op.drop_index(op.f("ix_conversation_adviser_account_id"), table_name="conversation_adviser")
    op.drop_table("conversation_adviser")
    op.drop_index("ix_conversation_business", table_name="conversation")
    op.drop_index("ix_conversation_recorder", table_name="conversation")
    op.drop_table("conversation")
    op.drop_table("support_kind")
    _change_purposes(AFTER, BEFORE)


def _change_purposes(before: str, after: str) -> None:
    """Change which links a letter may carry. SQLite changes no CHECK in place: there the table is made again."""
    bind = op.get_bind()
    if bind.dialect.name == "postgresql":
        op.drop_constraint(op.f("ck_letter_link_purpose"), "letter", type_="check")
        op.create_check_constraint(op.f("ck_letter_link_purpose"), "letter", after)
        return
    query = sa.text(
        "SELECT sql FROM sqlite_master WHERE tbl_name = 'letter' AND type = :kind AND sql IS NOT NULL"
    )
    (words,), indexes = (bind.execute(query, {"kind": kind}).scalars().all() for kind in ("table", "index"))
    assert before in words
    bind.exec_driver_sql("PRAGMA legacy_alter_table=ON")
    bind.exec_driver_sql("ALTER TABLE letter RENAME TO letter_before")
    for index in indexes:
        bind.exec_driver_sql(f"DROP INDEX {index.split(' ON ')[0].split()[-1]}")
    bind.exec_driver_sql(words.replace(before, after))
    bind.exec_driver_sql("INSERT INTO letter SELECT * FROM letter_before")
    bind.exec_driver_sql("DROP TABLE letter_before")
    bind.exec_driver_sql("PRAGMA legacy_alter_table=OFF")
    for index in indexes:
        bind.exec_driver_sql(index)
