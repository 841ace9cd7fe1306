"""Finished readiness assessments, their answers and published question sets stay as they are: the database says so."""

from alembic import op

revision = "0043"
down_revision = "0042"
branch_labels = None
depends_on = None

CHECK_WORDS = "a finished assessment never changes"
SET_WORDS = "a published question set never changes"
IS_FINISHED = "(SELECT status FROM readiness_check WHERE id = {row}.check_id) = 'finished'"
# A published version can only be retired: its status and the moment of retiring change, nothing else.
SET_STAYS = ("name", "number", "title", "content", "source", "made_at", "made_by_id", "published_at")


def _set_changed(differs: str) -> str:
    changed = " OR ".join(f"NEW.{each} {differs} OLD.{each}" for each in SET_STAYS)
    is_back = "NEW.status = 'draft' OR (OLD.status = 'retired' AND NEW.status <> 'retired')"
    return f"OLD.status <> 'draft' AND ({changed} OR {is_back})"


def _walls(differs: str) -> list[tuple[str, str, str, str, str]]:
    """Each wall: its name, the act and table, when it refuses, and its words."""
    new, old = (IS_FINISHED.format(row=row) for row in ("NEW", "OLD"))
    finished = "OLD.status = 'finished'"
    return [
        ("readiness_check_stays", "UPDATE", "readiness_check", finished, CHECK_WORDS),
        ("readiness_check_not_removed", "DELETE", "readiness_check", finished, CHECK_WORDS),
        ("readiness_answer_not_added", "INSERT", "readiness_answer", new, CHECK_WORDS),
        ("readiness_answer_stays", "UPDATE", "readiness_answer", f"{old} OR {new}", CHECK_WORDS),
        ("readiness_answer_not_removed", "DELETE", "readiness_answer", old, CHECK_WORDS),
        ("readiness_set_stays", "UPDATE", "readiness_set", _set_changed(differs), SET_WORDS),
        ("readiness_set_not_removed", "DELETE", "readiness_set", "OLD.status <> 'draft'", SET_WORDS),
    ]


def upgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        for name, act, table, condition, words in _walls("IS DISTINCT FROM"):
            back = "OLD" if act == "DELETE" else "NEW"
            op.execute(
                f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS "
                f"$$ BEGIN IF {condition} THEN RAISE EXCEPTION '{words}' USING ERRCODE = 'check_violation'; "
                f"END IF; RETURN {back}; END $$"
            )
            op.execute(
                f"CREATE TRIGGER {name} BEFORE {act} ON {table} FOR EACH ROW EXECUTE FUNCTION {name}()"
            )
        return
    for name, act, table, condition, words in _walls("IS NOT"):
        op.execute(
            f"CREATE TRIGGER {name} BEFORE {act} ON {table} WHEN {condition} "
            f"BEGIN SELECT RAISE(ABORT, '{words}'); END"
        )


def downgrade() -> None:
    is_postgresql = op.get_bind().dialect.name == "postgresql"
    for name, _act, table, _condition, _words in _walls("IS NOT"):
        op.execute(f"DROP TRIGGER {name} ON {table}" if is_postgresql else f"DROP TRIGGER {name}")
        if is_postgresql:
            op.execute(f"DROP FUNCTION {name}()")
