"""A business is told before its referral leaves and can object; who answered a referral is kept."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None

PURPOSES = (
    "'sign_in', 'set_password', 'enquiry_draft', 'enquiry', 'plan', 'hours', 'reply', 'helped', {}'services', 'workshop', "
    "'invitation'"
)
STATES = "'draft', {}'sent', 'accepted', 'under_way', 'completed', 'declined', 'lapsed', 'withdrawn'{}"
PACK = "OR (sent_at IS NOT NULL AND pack IS NOT NULL)"
ANNOUNCED = (
    "status NOT IN ('announced', 'objected') "
    "OR (told_at IS NOT NULL AND told_to IS NOT NULL AND objects_until IS NOT NULL AND pack IS NOT NULL)"
)
COLUMNS: tuple[tuple[str, sa.types.TypeEngine[object]], ...] = (
    ("told_at", sa.DateTime(timezone=True)),
    ("told_to", sa.String(length=254)),
    ("told_to_name", sa.String(length=200)),
    ("objects_until", sa.Date()),
    ("answered_by", sa.String(length=200)),
)


def _purposes(told: str) -> str:
    return f"link_purpose IN ({PURPOSES.format(told)})"


def _states(announced: str, objected: str) -> str:
    return f"status IN ({STATES.format(announced, objected)})"


BEFORE = {"status": _states("", ""), "sent_with_pack": f"status IN ('draft', 'withdrawn') {PACK}"}
AFTER = {
    "status": _states("'announced', ", ", 'objected'"),
    "sent_with_pack": f"status IN ('draft', 'announced', 'objected', 'withdrawn') {PACK}",
}


def upgrade() -> None:
    for name, kind in COLUMNS:
        op.add_column("referral", sa.Column(name, kind, nullable=True))
    _change("letter", {"link_purpose": _purposes("")}, {"link_purpose": _purposes("'told', ")})
    _change("referral", BEFORE, AFTER, also=("announced_with_pack", ANNOUNCED))


def downgrade() -> None:
    op.execute("UPDATE referral SET status = 'withdrawn' WHERE status = 'objected'")
    op.execute("UPDATE referral SET status = 'draft', pack = NULL WHERE status = 'announced'")
    _change("referral", AFTER, BEFORE, without=("announced_with_pack", ANNOUNCED))
    _change("letter", {"link_purpose": _purposes("'told', ")}, {"link_purpose": _purposes("")})
    for name, _kind in COLUMNS:
        op.drop_column("referral", name)


def _change(
    table: str,
    before: dict[str, str],
    after: dict[str, str],
    *,
    also: tuple[str, str] | None = None,
    without: tuple[str, str] | None = None,
) -> None:
    """Change what a table's CHECKs say. SQLite changes none in place: there the table is made again."""
    bind = op.get_bind()
    if bind.dialect.name == "postgresql":
        for name in (*before, *([without[0]] if without else [])):
            op.drop_constraint(op.f(f"ck_{table}_{name}"), table, type_="check")
        for name, words in (*after.items(), *([also] if also else [])):
            op.create_check_constraint(op.f(f"ck_{table}_{name}"), table, words)
        return
    _make_again(bind, table, _replaced(bind, table, before, after, also, without))


def _said(table: str, name: str, words: str) -> str:
    return f"CONSTRAINT ck_{table}_{name} CHECK ({words})"


def _replaced(bind: sa.Connection, table: str, before, after, also, without) -> str:  # type: ignore[no-untyped-def]
    query = sa.text("SELECT sql FROM sqlite_master WHERE tbl_name = :table AND type = 'table'")
    made: str = bind.execute(query, {"table": table}).scalar_one()
    for name, words in before.items():
        assert words in made, words
        made = made.replace(words, after[name])
    if also:
        first = f"CONSTRAINT ck_{table}_"
        assert first in made
        made = made.replace(first, f"{_said(table, *also)}, {first}", 1)
    if without:
        assert _said(table, *without) in made
        made = made.replace(f"{_said(table, *without)}, ", "", 1)
    return made


def _make_again(bind: sa.Connection, table: str, made: str) -> None:
    query = sa.text(
        "SELECT sql FROM sqlite_master WHERE tbl_name = :table AND type = 'index' AND sql IS NOT NULL"
    )
    indexes = bind.execute(query, {"table": table}).scalars().all()
    names = ", ".join(row[1] for row in bind.exec_driver_sql(f"PRAGMA table_info({table})"))
    bind.exec_driver_sql("PRAGMA legacy_alter_table=ON")
    bind.exec_driver_sql(f"ALTER TABLE {table} RENAME TO {table}_before")
    for index in indexes:
        bind.exec_driver_sql(f"DROP INDEX {index.split(' ON ')[0].split()[-1]}")
    bind.exec_driver_sql(made)
    bind.exec_driver_sql(f"INSERT INTO {table} ({names}) SELECT {names} FROM {table}_before")  # noqa: S608 names of our own
    bind.exec_driver_sql(f"DROP TABLE {table}_before")
    bind.exec_driver_sql("PRAGMA legacy_alter_table=OFF")
    for index in indexes:
        bind.exec_driver_sql(index)
