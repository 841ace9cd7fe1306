"""Who answers for a provider's services and when they were asked; letters with links about services and meetings."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

PURPOSES = "'sign_in', 'set_password', 'enquiry_draft', 'enquiry', 'plan', 'hours', 'reply', 'helped'"
BEFORE = f"link_purpose IN ({PURPOSES})"
AFTER = f"link_purpose IN ({PURPOSES}, 'services', 'workshop')"
EMAIL_CHECK = (
    "CONSTRAINT ck_provider_contact_email_in_lower_case CHECK (contact_email = lower(contact_email)) "
    "CONSTRAINT ck_provider_contact_with_name CHECK (contact_email IS NULL OR contact_name <> '')"
)


def upgrade() -> None:
    _change_purposes(BEFORE, AFTER)
    op.execute("ALTER TABLE provider ADD COLUMN contact_name VARCHAR(200) NOT NULL DEFAULT ''")
    # With its checks: so SQLite adds them without making the table again.
    op.execute(f"ALTER TABLE provider ADD COLUMN contact_email VARCHAR(254) {EMAIL_CHECK}")
    op.add_column("provider", sa.Column("asked_on", sa.Date(), nullable=True))


def downgrade() -> None:
    op.drop_column("provider", "asked_on")
    op.drop_column("provider", "contact_email")
    op.drop_column("provider", "contact_name")
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
