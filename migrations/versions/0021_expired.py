"""An introduction that was held for too long has a state of its own."""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

STATES = "'requested', 'held', 'agreed', 'declined', 'lapsed', 'cancelled', 'taken_back'"
BEFORE = f"status IN ({STATES})"
AFTER = f"status IN ({STATES}, 'expired')"


def upgrade() -> None:
    _change_states(BEFORE, AFTER)


def downgrade() -> None:
    _change_states(AFTER, BEFORE)


def _change_states(before: str, after: str) -> None:
    """Change where an introduction can stand. SQLite changes no CHECK in place: there the table is made again."""
    bind = op.get_bind()
    if bind.dialect.name == "postgresql":
        op.drop_constraint(op.f("ck_introduction_status"), "introduction", type_="check")
        op.create_check_constraint(op.f("ck_introduction_status"), "introduction", after)
        return
    query = sa.text(
        "SELECT sql FROM sqlite_master WHERE tbl_name = 'introduction' AND type = :kind AND sql IS NOT NULL"
    )
    (words,), indexes = (bind.execute(query, {"kind": kind}).scalars().all() for kind in ("table", "index"))
    assert before in words
    bind.exec_driver_sql("PRAGMA legacy_alter_table=ON")
    bind.exec_driver_sql("ALTER TABLE introduction RENAME TO introduction_before")
    for index in indexes:
        bind.exec_driver_sql(f"DROP INDEX {index.split(' ON ')[0].split()[-1]}")
    bind.exec_driver_sql(words.replace(before, after))
    bind.exec_driver_sql("INSERT INTO introduction SELECT * FROM introduction_before")
    bind.exec_driver_sql("DROP TABLE introduction_before")
    bind.exec_driver_sql("PRAGMA legacy_alter_table=OFF")
    for index in indexes:
        bind.exec_driver_sql(index)
