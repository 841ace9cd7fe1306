"""A published lesson keeps what was approved of its project; an invitation to a project can be cancelled."""

import json
from hashlib import sha256

import sqlalchemy as sa
from alembic import op

revision = "0067"
down_revision = "0066"
branch_labels = None
depends_on = None

PART = "'invited', 'taking_part', 'declined', 'withdrawn'"
STATES = f"status IN ({PART})", "status IN ('invited', 'cancelled', 'taking_part', 'declined', 'withdrawn')"
ANSWERED = (
    "(status = 'invited') = (answered_at IS NULL)",
    "(status IN ('invited', 'cancelled')) = (answered_at IS NULL)",
)
PARTS = {"ck_test_bed_part_status": STATES, "ck_test_bed_part_answered_unless_invited": ANSWERED}
APPROVED = (
    "(published_at IS NULL) = (question IS NULL) AND (question IS NULL) = (tried_from IS NULL) "
    "AND (question IS NULL) = (tried_to IS NULL) AND (question IS NULL) = (partners IS NULL)"
)
WALL = "ck_test_bed_lesson_published_as_approved"
FIRST = "CONSTRAINT ck_test_bed_lesson_in_words"
LESSONS = FIRST, f"CONSTRAINT {WALL} CHECK ({APPROVED}), {FIRST}"


def _is_postgresql() -> bool:
    return op.get_bind().dialect.name == "postgresql"


def _remake(table: str, *changes: tuple[str, str]) -> None:
    """Make a table of SQLite again with other CHECKs: it changes none in place."""
    bind = op.get_bind()
    query = sa.text(
        "SELECT sql FROM sqlite_master WHERE tbl_name = :name AND type = :kind AND sql IS NOT NULL"
    )
    (words,), indexes = (
        bind.execute(query, {"name": table, "kind": kind}).scalars().all() for kind in ("table", "index")
    )
    for before, after in changes:
        assert before in words
        words = words.replace(before, after)
    names = ", ".join(row[1] for row in bind.exec_driver_sql(f"PRAGMA table_info({table})"))
    bind.exec_driver_sql("PRAGMA legacy_alter_table=ON")
    bind.exec_driver_sql(f"ALTER TABLE {table} RENAME TO table_before")
    for index in indexes:
        bind.exec_driver_sql(f"DROP INDEX {index.split(' ON ')[0].split()[-1]}")
    bind.exec_driver_sql(words)
    bind.exec_driver_sql(f"INSERT INTO {table} ({names}) SELECT {names} FROM table_before")  # noqa: S608 names of our own
    bind.exec_driver_sql("DROP TABLE table_before")
    bind.exec_driver_sql("PRAGMA legacy_alter_table=OFF")
    for index in indexes:
        bind.exec_driver_sql(index)


def _change_part(*, back: bool) -> None:
    """Change where a part can stand."""
    changes = [each[:: -1 if back else 1] for each in PARTS.values()]
    if not _is_postgresql():
        _remake("test_bed_part", *changes)
        return
    for name, (_, after) in zip(PARTS, changes, strict=True):
        op.drop_constraint(op.f(name), "test_bed_part", type_="check")
        op.create_check_constraint(op.f(name), "test_bed_part", after)


def _mark(*shown: object) -> str:
    text = json.dumps(shown, sort_keys=True, default=str, ensure_ascii=True)
    return sha256(text.encode()).hexdigest()[:32]


def _table(table: str, /, **columns: object) -> sa.TableClause:
    return sa.table(table, *(sa.column(each, kind) for each, kind in columns.items()))


def _carry_over() -> None:
    """Published lessons say of their project what they say today; consents given hold for the page as it is today."""
    bind, text, day, key = op.get_bind(), sa.Text(), sa.Date(), sa.Uuid()
    project = _table("test_bed_project", id=key, question=text, starts_on=day, ends_on=day)
    partner = _table(
        "test_bed_partner", id=key, project_id=key, name=text, removed_at=sa.DateTime(timezone=True)
    )
    lesson = _table(
        "test_bed_lesson",
        id=key,
        project_id=key,
        title=text,
        text=text,
        published_at=sa.DateTime(),
        question=text,
        tried_from=day,
        tried_to=day,
        partners=text,
    )
    naming = _table("test_bed_naming", id=key, lesson_id=key, mark=text)
    there = sa.select(partner.c.project_id, partner.c.name).where(partner.c.removed_at.is_(None))
    partners: dict[object, list[str]] = {}
    for row in bind.execute(there.order_by(partner.c.name, partner.c.id)):
        partners.setdefault(row.project_id, []).append(row.name)
    known = sa.select(lesson.c.id, lesson.c.title, lesson.c.text, lesson.c.published_at, lesson.c.project_id)
    known = known.add_columns(project.c.question, project.c.starts_on, project.c.ends_on)
    for row in bind.execute(known.where(project.c.id == lesson.c.project_id)).all():
        told = {"question": row.question, "tried_from": row.starts_on, "tried_to": row.ends_on}
        told["partners"] = ", ".join(partners.get(row.project_id, ()))
        if row.published_at is not None:
            bind.execute(sa.update(lesson).where(lesson.c.id == row.id).values(told))
        given = (naming.c.lesson_id == row.id, naming.c.mark == _mark(row.title, row.text))
        mark = _mark(row.title, row.text, *told.values())
        bind.execute(sa.update(naming).where(*given).values(mark=mark))


def upgrade() -> None:
    _change_part(back=False)
    for name in ("question", "partners"):
        op.add_column("test_bed_lesson", sa.Column(name, sa.Text(), nullable=True))
    for name in ("tried_from", "tried_to"):
        op.add_column("test_bed_lesson", sa.Column(name, sa.Date(), nullable=True))
    _carry_over()
    if _is_postgresql():
        op.create_check_constraint(op.f(WALL), "test_bed_lesson", APPROVED)
    else:
        _remake("test_bed_lesson", LESSONS)


def downgrade() -> None:
    if _is_postgresql():
        op.drop_constraint(op.f(WALL), "test_bed_lesson", type_="check")
    else:
        _remake("test_bed_lesson", LESSONS[::-1])
    for name in ("partners", "tried_to", "tried_from", "question"):
        op.drop_column("test_bed_lesson", name)
    op.execute(
        "UPDATE test_bed_part SET status = 'declined', answered_at = invited_at WHERE status = 'cancelled'"
    )
    _change_part(back=True)
