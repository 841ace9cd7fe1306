"""Changing a CHECK that stands already: for revisions of the database."""

from __future__ import annotations

from alembic import op
from sqlalchemy import Connection, text


def change_check(table: str, name: str, *, before: str, after: str) -> None:
    """Put ``after`` in the place of the condition ``before`` of the CHECK ``name``.

    SQLite changes no CHECK in place: there the table is made again, with its rows and indexes. It must have no triggers:
    they would be lost.
    """
    bind = op.get_bind()
    if bind.dialect.name == "postgresql":
        op.drop_constraint(op.f(name), table, type_="check")
        op.create_check_constraint(op.f(name), table, after)
        return
    _make_again(bind, table, before, after)


def _make_again(bind: Connection, table: str, before: str, after: str) -> None:
    query = text("SELECT sql FROM sqlite_master WHERE tbl_name = :table AND type = :kind AND sql IS NOT NULL")
    (words,), indexes, triggers = (
        bind.execute(query, {"table": table, "kind": kind}).scalars().all()
        for kind in ("table", "index", "trigger")
    )
    assert before in words, words
    assert not triggers, triggers
    bind.exec_driver_sql("PRAGMA legacy_alter_table=ON")
    bind.exec_driver_sql(f"ALTER TABLE {table} RENAME TO {table}_before")
    for index in indexes:
        bind.exec_driver_sql(f"DROP INDEX {index.split(' ON ')[0].split()[-1]}")
    bind.exec_driver_sql(words.replace(before, after))
    bind.exec_driver_sql(f"INSERT INTO {table} SELECT * FROM {table}_before")
    bind.exec_driver_sql(f"DROP TABLE {table}_before")
    bind.exec_driver_sql("PRAGMA legacy_alter_table=OFF")
    for index in indexes:
        bind.exec_driver_sql(index)
