"""A draft of a readiness question set can be discarded."""

import sqlalchemy as sa
from alembic import op

revision = "0069"
down_revision = "0068"
branch_labels = None
depends_on = None

TABLE = "readiness_set"
CHANGES = {
    "ck_readiness_set_status": (
        "status IN ('draft', 'published', 'retired')",
        "status IN ('draft', 'discarded', 'published', 'retired')",
    ),
    "ck_readiness_set_published_at_unless_draft": (
        "(status = 'draft') = (published_at IS NULL)",
        "(status IN ('draft', 'discarded')) = (published_at IS NULL)",
    ),
}


def _change(*, back: bool) -> None:
    """Change where a version can stand. SQLite changes no CHECK in place: there the table is made again, walls and all."""
    bind, changes = op.get_bind(), [each[:: -1 if back else 1] for each in CHANGES.values()]
    if bind.dialect.name == "postgresql":
        for name, (_, after) in zip(CHANGES, changes, strict=True):
            op.drop_constraint(op.f(name), TABLE, type_="check")
            op.create_check_constraint(op.f(name), TABLE, after)
        return
    query = sa.text(
        "SELECT sql FROM sqlite_master WHERE tbl_name = :name AND type = :kind AND sql IS NOT NULL"
    )
    (words,), indexes, triggers = (
        bind.execute(query, {"name": TABLE, "kind": kind}).scalars().all()
        for kind in ("table", "index", "trigger")
    )
    for before, after in changes:
        assert before in words
        words = words.replace(before, after)
    names = ", ".join(row[1] for row in bind.exec_driver_sql(f"PRAGMA table_info({TABLE})"))
    bind.exec_driver_sql("PRAGMA legacy_alter_table=ON")
    bind.exec_driver_sql(f"ALTER TABLE {TABLE} RENAME TO set_before")
    for index in indexes:
        bind.exec_driver_sql(f"DROP INDEX {index.split(' ON ')[0].split()[-1]}")
    for trigger in triggers:
        bind.exec_driver_sql(f"DROP TRIGGER {trigger.split()[2]}")
    bind.exec_driver_sql(words)
    bind.exec_driver_sql(f"INSERT INTO {TABLE} ({names}) SELECT {names} FROM set_before")  # noqa: S608 names of our own
    bind.exec_driver_sql("DROP TABLE set_before")
    bind.exec_driver_sql("PRAGMA legacy_alter_table=OFF")
    for each in (*indexes, *triggers):
        bind.exec_driver_sql(each)


def upgrade() -> None:
    _change(back=False)


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("ALTER TABLE readiness_set DISABLE TRIGGER USER")
    else:
        op.execute("DROP TRIGGER readiness_set_not_removed")
    op.execute("DELETE FROM readiness_set WHERE status = 'discarded'")
    if op.get_bind().dialect.name == "postgresql":
        op.execute("ALTER TABLE readiness_set ENABLE TRIGGER USER")
    else:
        op.execute(
            "CREATE TRIGGER readiness_set_not_removed BEFORE DELETE ON readiness_set WHEN OLD.status <> 'draft' "
            "BEGIN SELECT RAISE(ABORT, 'a published question set never changes'); END"
        )
    _change(back=True)
