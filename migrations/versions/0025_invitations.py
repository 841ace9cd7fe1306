"""Invitations to colleagues, which change nothing until they are accepted."""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None

PURPOSES = (
    "'sign_in', 'set_password', 'enquiry_draft', 'enquiry', 'plan', 'hours', 'reply', 'helped', "
    "'services', 'workshop'"
)
BEFORE = f"link_purpose IN ({PURPOSES})"
AFTER = f"link_purpose IN ({PURPOSES}, 'invitation')"
STATUSES = ("open", "accepted", "declined", "withdrawn")


def _words(*values: str, name: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=40)


def upgrade() -> None:
    _change_purposes(BEFORE, AFTER)
    op.create_table(
        "invitation",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("business_id", sa.Uuid(), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("standing", _words("owner", "contributor", name="standing"), nullable=False),
        sa.Column("invited_by_id", sa.Uuid(), nullable=False),
        sa.Column("invited_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("status", _words(*STATUSES, name="status"), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("email = lower(email)", name=op.f("ck_invitation_email_in_lower_case")),
        sa.CheckConstraint(
            "(status = 'open') = (decided_at IS NULL)", name=op.f("ck_invitation_decided_if_not_open")
        ),
        sa.ForeignKeyConstraint(["business_id"], ["business.id"], name=op.f("fk_invitation_business_id")),
        sa.ForeignKeyConstraint(["invited_by_id"], ["account.id"], name=op.f("fk_invitation_invited_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invitation")),
    )
    op.create_index(op.f("ix_invitation_business_id"), "invitation", ["business_id"], unique=False)
    is_open = sa.text("status = 'open'")
    op.create_index(
        "uq_invitation_open",
        "invitation",
        ["business_id", "email"],
        unique=True,
        sqlite_where=is_open,
        postgresql_where=is_open,
    )


def downgrade() -> None:
    op.drop_table("invitation")
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
