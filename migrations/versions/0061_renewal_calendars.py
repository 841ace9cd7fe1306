"""A letter can carry the address at which a calendar program reads renewals."""

import sqlalchemy as sa
from alembic import op

revision = "0061"
down_revision = "0060"
branch_labels = None
depends_on = None

PURPOSES = (
    "'sign_in', 'set_password', 'enquiry_draft', 'enquiry', 'plan', 'hours', 'reply', 'helped', 'told', 'services', "
    "'workshop', 'invitation', 'figures'"
)
BEFORE, AFTER = f"link_purpose IN ({PURPOSES})", f"link_purpose IN ({PURPOSES}, 'renewals')"


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
    names = ", ".join(row[1] for row in bind.exec_driver_sql("PRAGMA table_info(letter)"))
    bind.exec_driver_sql("PRAGMA legacy_alter_table=ON")
    bind.exec_driver_sql("ALTER TABLE letter RENAME TO letter_before")
    for index in indexes:
        bind.exec_driver_sql(f"DROP INDEX {index.split(' ON ')[0].split()[-1]}")
    bind.exec_driver_sql(words.replace(before, after))
    bind.exec_driver_sql(f"INSERT INTO letter ({names}) SELECT {names} FROM letter_before")  # noqa: S608 names of our own
    bind.exec_driver_sql("DROP TABLE letter_before")
    bind.exec_driver_sql("PRAGMA legacy_alter_table=OFF")
    for index in indexes:
        bind.exec_driver_sql(index)


def upgrade() -> None:
    _change_purposes(BEFORE, AFTER)


def downgrade() -> None:
    op.execute("DELETE FROM letter WHERE link_purpose = 'renewals'")
    _change_purposes(AFTER, BEFORE)
