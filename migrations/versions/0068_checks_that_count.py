"""A check of a contract says what it found and which shut-out it recorded, and can be withdrawn; a referral says which needs
it shares; an application for a delegation can be withdrawn.
"""

from collections.abc import Callable

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0068"
down_revision = "0067"
branch_labels = None
depends_on = None

JSON = sa.JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql")
UUID, MOMENT = (
    {"sqlite": "CHAR(32)", "postgresql": "UUID"},
    {"sqlite": "DATETIME", "postgresql": "TIMESTAMPTZ"},
)
STATES = "'applied', 'offered', 'waiting', 'unselected', 'accepted', 'declined', 'lapsed', 'given_up', 'went', 'missed'"
BEFORE, AFTER = f"status IN ({STATES})", f"status IN ({STATES}, 'withdrawn')"
ADVISER = "trade_adviser"


def _columns(engine: str) -> list[str]:
    """The new columns of a check, as both engines add them to a table that has rows."""
    return [
        (
            "result VARCHAR(40) DEFAULT 'none' NOT NULL "
            "CONSTRAINT ck_cover_check_result CHECK (result IN ('fits', 'may_fit', 'none'))"
        ),
        f"shut_out_id {UUID[engine]} CONSTRAINT fk_cover_check_shut_out_id REFERENCES shut_out (id)",
        f"withdrawn_at {MOMENT[engine]}",
        (
            "withdrawn_reason VARCHAR(500) DEFAULT '' NOT NULL "
            "CONSTRAINT ck_cover_check_withdrawn_with_reason CHECK ((withdrawn_at IS NULL) = (withdrawn_reason = ''))"
        ),
        f"withdrawn_by_id {UUID[engine]} CONSTRAINT fk_cover_check_withdrawn_by_id REFERENCES account (id)",
    ]


def _remade(table: str, change: Callable[[str], str]) -> None:
    """SQLite changes no CHECK in place: there the table is made again, with its rows and its indexes."""
    bind = op.get_bind()
    query = sa.text(
        "SELECT sql FROM sqlite_master WHERE tbl_name = :table AND type = :kind AND sql IS NOT NULL"
    )
    told = [
        bind.execute(query, {"table": table, "kind": kind}).scalars().all() for kind in ("table", "index")
    ]
    (words,), indexes = told
    made = change(words)
    assert made != words
    bind.exec_driver_sql("PRAGMA legacy_alter_table=ON")
    bind.exec_driver_sql(f"ALTER TABLE {table} RENAME TO {table}_before")
    for index in indexes:
        bind.exec_driver_sql(f"DROP INDEX {index.split(' ON ')[0].split()[-1]}")
    bind.exec_driver_sql(made)
    names = ", ".join(row[1] for row in bind.exec_driver_sql(f"PRAGMA table_info({table})"))
    bind.exec_driver_sql(f"INSERT INTO {table} ({names}) SELECT {names} FROM {table}_before")  # noqa: S608 names of our own
    bind.exec_driver_sql(f"DROP TABLE {table}_before")
    bind.exec_driver_sql("PRAGMA legacy_alter_table=OFF")
    for index in indexes:
        bind.exec_driver_sql(index)


def _change_states(before: str, after: str) -> None:
    if op.get_bind().dialect.name == "sqlite":
        _remade("delegation_place", lambda words: words.replace(before, after))
        return
    name = op.f("ck_delegation_place_status")
    op.drop_constraint(name, "delegation_place", type_="check")
    op.create_check_constraint(name, "delegation_place", after)


def _fill() -> None:
    """Say of each check from before what it found, and which shut-out of its business was recorded with it."""
    check = sa.table(
        "cover_check",
        *(sa.column("id", sa.Uuid()), sa.column("business_id", sa.Uuid()), sa.column("findings", JSON)),
        *(
            sa.column("at", sa.DateTime(timezone=True)),
            sa.column("result"),
            sa.column("shut_out_id", sa.Uuid()),
        ),
    )
    out = sa.table(
        "shut_out",
        *(sa.column("id", sa.Uuid()), sa.column("business_id", sa.Uuid())),
        *(sa.column("offer"), sa.column("rule"), sa.column("at", sa.DateTime(timezone=True))),
    )
    bind, left = op.get_bind(), {}
    query = sa.select(out.c.id, out.c.business_id).where(
        out.c.offer == ADVISER, out.c.rule == "min_turnover_gbp"
    )
    for row in bind.execute(query.order_by(out.c.at, out.c.id)):
        left.setdefault(row.business_id, []).append(row.id)
    for row in bind.execute(sa.select(check).order_by(check.c.at, check.c.id)).all():
        asked = [each for each in row.findings if each["wanted"]]
        is_shut = any(each["product"] == ADVISER and each["outcome"] == "not_met" for each in asked)
        recorded = left.get(row.business_id, []) if is_shut else []
        told = {"result": _result({each["outcome"] for each in asked})}
        told["shut_out_id"] = recorded.pop(0) if recorded else None
        bind.execute(check.update().where(check.c.id == row.id).values(told))


def _result(outcomes: set[str]) -> str:
    return "fits" if "met" in outcomes else "may_fit" if "unknown" in outcomes else "none"


def upgrade() -> None:
    for each in _columns(op.get_bind().dialect.name):
        op.execute(f"ALTER TABLE cover_check ADD COLUMN {each}")
    op.create_index("ix_cover_check_shut_out", "cover_check", ["shut_out_id"])
    _fill()
    op.add_column("referral", sa.Column("needs", JSON, nullable=True))
    _change_states(BEFORE, AFTER)


def downgrade() -> None:
    op.execute("UPDATE delegation_place SET status = 'given_up' WHERE status = 'withdrawn'")
    _change_states(AFTER, BEFORE)
    op.drop_column("referral", "needs")
    op.drop_index("ix_cover_check_shut_out", table_name="cover_check")
    if op.get_bind().dialect.name == "sqlite":
        _remade("cover_check", _without)
        return
    for each in _columns("postgresql"):
        op.drop_column("cover_check", each.split()[0])


def _without(words: str) -> str:
    for each in _columns("sqlite"):
        assert each in words, each
        words = words.replace(f", {each}", "")
    return words
