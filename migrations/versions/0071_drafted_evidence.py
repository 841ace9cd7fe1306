"""Evidence for a milestone is written and checked before it is handed in."""

import sqlalchemy as sa
from alembic import op

revision = "0071"
down_revision = "0070"
branch_labels = None
depends_on = None

TABLE = "milestone_evidence"
CHANGES = {
    "ck_milestone_evidence_status": (
        "status IN ('handed_in', 'accepted', 'sent_back')",
        "status IN ('draft', 'handed_in', 'accepted', 'sent_back')",
    ),
    "ck_milestone_evidence_decided_if_not_waiting": (
        "(status = 'handed_in') = (decided_at IS NULL)",
        "(status IN ('draft', 'handed_in')) = (decided_at IS NULL)",
    ),
}
INDEX, BEFORE, AFTER = (
    "uq_milestone_evidence_one_waiting",
    "status = 'handed_in'",
    "status IN ('draft', 'handed_in')",
)


def _change(*, back: bool) -> None:
    """Change what the statuses are. SQLite changes no CHECK in place: there the table is made again, walls and all."""
    bind, changes = op.get_bind(), [each[:: -1 if back else 1] for each in CHANGES.values()]
    if bind.dialect.name == "postgresql":
        for name, (_, after) in zip(CHANGES, changes, strict=True):
            op.drop_constraint(op.f(name), TABLE, type_="check")
            op.create_check_constraint(op.f(name), TABLE, after)
        op.drop_index(INDEX, table_name=TABLE)
        where = sa.text(BEFORE if back else AFTER)
        op.create_index(INDEX, TABLE, ["milestone_id"], unique=True, postgresql_where=where)
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
    bind.exec_driver_sql(f"ALTER TABLE {TABLE} RENAME TO evidence_before")
    for index in indexes:
        bind.exec_driver_sql(f"DROP INDEX {index.split(' ON ')[0].split()[-1]}")
    for trigger in triggers:
        bind.exec_driver_sql(f"DROP TRIGGER {trigger.split()[2]}")
    bind.exec_driver_sql(words)
    bind.exec_driver_sql(f"INSERT INTO {TABLE} ({names}) SELECT {names} FROM evidence_before")  # noqa: S608 names of our own
    bind.exec_driver_sql("DROP TABLE evidence_before")
    bind.exec_driver_sql("PRAGMA legacy_alter_table=OFF")
    for each in (*indexes, *triggers):
        is_ours = INDEX in each
        before, after = (AFTER, BEFORE) if back else (BEFORE, AFTER)
        bind.exec_driver_sql(each.replace(before, after) if is_ours else each)


def upgrade() -> None:
    _change(back=False)


def downgrade() -> None:
    op.execute("DELETE FROM milestone_evidence WHERE status = 'draft'")
    _change(back=True)
