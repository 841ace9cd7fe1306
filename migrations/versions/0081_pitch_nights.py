"""Pitch nights: their running order, invitations, guests, interest and feedback; and showings at a night."""

import sqlalchemy as sa
from alembic import op

revision = "0081"
down_revision = "0080"
branch_labels = None
depends_on = None


BEFORE = "channel IN ('list', 'page', 'file', 'comparison', 'letter')"
AFTER = "channel IN ('list', 'page', 'file', 'comparison', 'letter', 'night')"
PURPOSES = (
    "'sign_in', 'set_password', 'enquiry_draft', 'enquiry', 'plan', 'hours', 'reply', 'helped', 'told', 'services', "
    "'workshop', 'invitation', 'figures', 'renewals'"
)
WITHOUT, WITH = (f"link_purpose IN ({PURPOSES}{more})" for more in ("", ", 'night', 'night_calendar'"))
SHOWN, LINKED = ("promotion", "ck_promotion_channel"), ("letter", "ck_letter_link_purpose")


def _allow(wall: tuple[str, str], before: str, after: str) -> None:
    """Change the words of a column. SQLite changes no CHECK in place: there the table is made again, walls and all."""
    bind, (table, name) = op.get_bind(), wall
    if bind.dialect.name == "postgresql":
        op.drop_constraint(op.f(name), table, type_="check")
        op.create_check_constraint(op.f(name), table, after)
        return
    query = sa.text(
        "SELECT sql FROM sqlite_master WHERE tbl_name = :name AND type = :kind AND sql IS NOT NULL"
    )
    (words,), indexes, triggers = (
        bind.execute(query, {"name": table, "kind": kind}).scalars().all()
        for kind in ("table", "index", "trigger")
    )
    assert before in words
    names = ", ".join(row[1] for row in bind.exec_driver_sql(f"PRAGMA table_info({table})"))
    bind.exec_driver_sql("PRAGMA legacy_alter_table=ON")
    bind.exec_driver_sql(f"ALTER TABLE {table} RENAME TO table_before")
    for index in indexes:
        bind.exec_driver_sql(f"DROP INDEX {index.split(' ON ')[0].split()[-1]}")
    for trigger in triggers:
        bind.exec_driver_sql(f"DROP TRIGGER {trigger.split()[2]}")
    bind.exec_driver_sql(words.replace(before, after))
    bind.exec_driver_sql(f"INSERT INTO {table} ({names}) SELECT {names} FROM table_before")  # noqa: S608 names of our own
    bind.exec_driver_sql("DROP TABLE table_before")
    bind.exec_driver_sql("PRAGMA legacy_alter_table=OFF")
    for each in (*indexes, *triggers):
        bind.exec_driver_sql(each)


def _call_pages() -> None:
    """What was shown at a night is a showing all the same: on the way back it is called a page. The ledger opens for it once."""
    bind = op.get_bind()
    if bind.dialect.name == "postgresql":
        op.execute("ALTER TABLE promotion DISABLE TRIGGER USER")
        op.execute("UPDATE promotion SET channel = 'page' WHERE channel = 'night'")
        op.execute("ALTER TABLE promotion ENABLE TRIGGER USER")
        return
    wall = bind.execute(
        sa.text("SELECT sql FROM sqlite_master WHERE name = 'promotion_no_update'")
    ).scalar_one()
    op.execute("DROP TRIGGER promotion_no_update")
    op.execute("UPDATE promotion SET channel = 'page' WHERE channel = 'night'")
    bind.exec_driver_sql(wall)


def upgrade() -> None:
    _allow(SHOWN, BEFORE, AFTER)
    _allow(LINKED, WITHOUT, WITH)
    op.create_table(
        "pitch_night",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("about", sa.Text(), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("place", sa.String(length=500), nullable=False),
        sa.Column("video_url", sa.String(length=500), nullable=False),
        sa.Column("seats", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by_id", sa.Uuid(), nullable=True),
        sa.Column("invited_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reminded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("released_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("review", sa.Text(), nullable=False),
        sa.Column("reviewed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "status",
            sa.Enum(
                "planned",
                "invited",
                "held",
                "cancelled",
                name="status",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(review <> '') = (reviewed_at IS NOT NULL)", name=op.f("ck_pitch_night_reviewed_with_words")
        ),
        sa.CheckConstraint(
            "(status = 'cancelled') = (reason <> '')", name=op.f("ck_pitch_night_cancelled_with_reason")
        ),
        sa.CheckConstraint("place <> '' OR video_url <> ''", name=op.f("ck_pitch_night_is_somewhere")),
        sa.CheckConstraint(
            "status <> 'invited' OR invited_at IS NOT NULL", name=op.f("ck_pitch_night_invited_at_a_time")
        ),
        sa.CheckConstraint("ends_at > starts_at", name=op.f("ck_pitch_night_ends_later")),
        sa.CheckConstraint("seats > 0", name=op.f("ck_pitch_night_has_seats")),
        sa.ForeignKeyConstraint(["created_by_id"], ["account.id"], name=op.f("fk_pitch_night_created_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pitch_night")),
    )
    op.create_index("ix_pitch_night_starts", "pitch_night", ["status", "starts_at"], unique=False)

    op.create_table(
        "night_guest",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("night_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("role", sa.String(length=200), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("added_by_id", sa.Uuid(), nullable=True),
        sa.Column("arrived_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["added_by_id"], ["account.id"], name=op.f("fk_night_guest_added_by_id")),
        sa.ForeignKeyConstraint(["night_id"], ["pitch_night.id"], name=op.f("fk_night_guest_night_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_night_guest")),
    )
    op.create_index("ix_night_guest_night", "night_guest", ["night_id", "name"], unique=False)

    op.create_table(
        "night_place",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("night_id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("invited_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("waiting_since", sa.DateTime(timezone=True), nullable=True),
        sa.Column("checked_in_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("checked_in_by_id", sa.Uuid(), nullable=True),
        sa.Column(
            "way",
            sa.Enum(
                "name", "code", "video", name="way", native_enum=False, create_constraint=True, length=40
            ),
            nullable=True,
        ),
        sa.Column(
            "status",
            sa.Enum(
                "invited",
                "coming",
                "maybe",
                "waiting",
                "declined",
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
        sa.CheckConstraint(
            "(status = 'attended') = (checked_in_at IS NOT NULL)",
            name=op.f("ck_night_place_checked_in_if_attended"),
        ),
        sa.CheckConstraint(
            "(status = 'waiting') = (waiting_since IS NOT NULL)", name=op.f("ck_night_place_waiting_since")
        ),
        sa.CheckConstraint(
            "(checked_in_at IS NULL) = (way IS NULL)", name=op.f("ck_night_place_checked_in_by_a_way")
        ),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_night_place_account_id")),
        sa.ForeignKeyConstraint(
            ["checked_in_by_id"], ["account.id"], name=op.f("fk_night_place_checked_in_by_id")
        ),
        sa.ForeignKeyConstraint(["night_id"], ["pitch_night.id"], name=op.f("fk_night_place_night_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_night_place")),
        sa.UniqueConstraint("code", name=op.f("uq_night_place_code")),
    )
    op.create_index("ix_night_place_account", "night_place", ["account_id", "status"], unique=False)
    op.create_index("uq_night_place_account", "night_place", ["night_id", "account_id"], unique=True)

    op.create_table(
        "night_slot",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("night_id", sa.Uuid(), nullable=False),
        sa.Column("pitch_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("arrived_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "status",
            sa.Enum(
                "asked",
                "agreed",
                "declined",
                "removed",
                name="status",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("minutes BETWEEN 1 AND 120", name=op.f("ck_night_slot_minutes_of_a_turn")),
        sa.ForeignKeyConstraint(["night_id"], ["pitch_night.id"], name=op.f("fk_night_slot_night_id")),
        sa.ForeignKeyConstraint(["pitch_id"], ["pitch.id"], name=op.f("fk_night_slot_pitch_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_night_slot")),
    )
    op.create_index("ix_night_slot_pitch", "night_slot", ["pitch_id", "status"], unique=False)
    op.create_index(
        "uq_night_slot_pitch",
        "night_slot",
        ["night_id", "pitch_id"],
        unique=True,
        sqlite_where=sa.text("status <> 'removed'"),
        postgresql_where=sa.text("status <> 'removed'"),
    )

    op.create_table(
        "night_feedback",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("place_id", sa.Uuid(), nullable=False),
        sa.Column("slot_id", sa.Uuid(), nullable=False),
        sa.Column("score", sa.Integer(), nullable=True),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("given_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("score IS NOT NULL OR words <> ''", name=op.f("ck_night_feedback_says_something")),
        sa.CheckConstraint("score BETWEEN 1 AND 5", name=op.f("ck_night_feedback_score_of_five")),
        sa.ForeignKeyConstraint(["place_id"], ["night_place.id"], name=op.f("fk_night_feedback_place_id")),
        sa.ForeignKeyConstraint(["slot_id"], ["night_slot.id"], name=op.f("fk_night_feedback_slot_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_night_feedback")),
    )
    op.create_index("ix_night_feedback_slot", "night_feedback", ["slot_id"], unique=False)
    op.create_index("uq_night_feedback_slot", "night_feedback", ["place_id", "slot_id"], unique=True)

    op.create_table(
        "night_interest",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("place_id", sa.Uuid(), nullable=False),
        sa.Column("slot_id", sa.Uuid(), nullable=False),
        sa.Column(
            "wish",
            sa.Enum(
                "interested",
                "introduction",
                "withdrawn",
                name="wish",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("shown_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("introduction_id", sa.Uuid(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "wish <> 'introduction' OR introduction_id IS NOT NULL",
            name=op.f("ck_night_interest_introduction_asked"),
        ),
        sa.ForeignKeyConstraint(
            ["introduction_id"], ["introduction.id"], name=op.f("fk_night_interest_introduction_id")
        ),
        sa.ForeignKeyConstraint(["place_id"], ["night_place.id"], name=op.f("fk_night_interest_place_id")),
        sa.ForeignKeyConstraint(["slot_id"], ["night_slot.id"], name=op.f("fk_night_interest_slot_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_night_interest")),
    )
    op.create_index("ix_night_interest_slot", "night_interest", ["slot_id", "wish"], unique=False)
    op.create_index("uq_night_interest_slot", "night_interest", ["place_id", "slot_id"], unique=True)


def downgrade() -> None:
    op.drop_index("uq_night_interest_slot", table_name="night_interest")
    op.drop_index("ix_night_interest_slot", table_name="night_interest")

    op.drop_table("night_interest")
    op.drop_index("uq_night_feedback_slot", table_name="night_feedback")
    op.drop_index("ix_night_feedback_slot", table_name="night_feedback")

    op.drop_table("night_feedback")
    op.drop_index(
        "uq_night_slot_pitch",
        table_name="night_slot",
        sqlite_where=sa.text("status <> 'removed'"),
        postgresql_where=sa.text("status <> 'removed'"),
    )
    op.drop_index("ix_night_slot_pitch", table_name="night_slot")

    op.drop_table("night_slot")
    op.drop_index("uq_night_place_account", table_name="night_place")
    op.drop_index("ix_night_place_account", table_name="night_place")

    op.drop_table("night_place")
    op.drop_index("ix_night_guest_night", table_name="night_guest")

    op.drop_table("night_guest")
    op.drop_index("ix_pitch_night_starts", table_name="pitch_night")

    op.drop_table("pitch_night")
    _call_pages()
    _allow(SHOWN, AFTER, BEFORE)
    op.execute("DELETE FROM letter WHERE link_purpose IN ('night', 'night_calendar')")
    _allow(LINKED, WITH, WITHOUT)
