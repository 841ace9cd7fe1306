"""Versions of a syndicate's terms that the database keeps as they were recorded; what ended with a raise has its moment."""

from alembic import op

revision = "0097"
down_revision = "0096"
branch_labels = None
depends_on = None

WORDS = "what a version of the terms says stays as it was recorded"
SAYS = (
    *(
        "syndicate_id",
        "lead_id",
        "number",
        "instrument",
        "pre_money",
        "cap",
        "discount",
        "minimum",
        "closes_on",
    ),
    *("rights", "takes_fee", "fee", "proposed_at"),
)
ENDED_WITH_RAISE = (
    "UPDATE {part} SET ended_at = (SELECT syndicate.ended_at FROM syndicate WHERE syndicate.id = {part}.syndicate_id) "
    "WHERE status = 'ended' AND reason = 'The raise has ended'"
)


def _is_changed() -> str:
    return " OR ".join(f"NEW.{each} IS DISTINCT FROM OLD.{each}" for each in SAYS)


def _build_on_postgresql() -> None:
    op.execute(
        "CREATE FUNCTION syndicate_terms_stay() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        f"RAISE EXCEPTION '{WORDS}'; END $$"
    )
    op.execute(
        "CREATE TRIGGER syndicate_terms_stay AFTER UPDATE ON syndicate_terms FOR EACH ROW "
        f"WHEN ({_is_changed()}) EXECUTE FUNCTION syndicate_terms_stay()"
    )
    op.execute(
        "CREATE TRIGGER syndicate_terms_kept AFTER DELETE ON syndicate_terms FOR EACH ROW "
        "EXECUTE FUNCTION syndicate_terms_stay()"
    )


def _build_on_sqlite() -> None:
    changed = _is_changed().replace("IS DISTINCT FROM", "IS NOT")
    for name, event in (
        ("stay", f"UPDATE ON syndicate_terms WHEN {changed}"),
        ("kept", "DELETE ON syndicate_terms"),
    ):
        op.execute(
            f"CREATE TRIGGER syndicate_terms_{name} AFTER {event} BEGIN SELECT RAISE(ABORT, '{WORDS}'); END"
        )


def upgrade() -> None:
    for part in ("syndicate_lead", "syndicate_member"):
        op.execute(ENDED_WITH_RAISE.format(part=part))
    if op.get_bind().dialect.name == "postgresql":
        _build_on_postgresql()
    else:
        _build_on_sqlite()


def downgrade() -> None:
    is_postgres = op.get_bind().dialect.name == "postgresql"
    for name in ("stay", "kept"):
        op.execute(f"DROP TRIGGER syndicate_terms_{name}" + (" ON syndicate_terms" if is_postgres else ""))
    if is_postgres:
        op.execute("DROP FUNCTION syndicate_terms_stay()")
