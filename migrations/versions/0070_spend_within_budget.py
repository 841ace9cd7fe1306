"""What is spent on a test-bed project never adds up to more than its budget, whoever writes it."""

from alembic import op

revision = "0070"
down_revision = "0069"
branch_labels = None
depends_on = None

TABLE, WORDS = "test_bed_spend", "a test-bed project never spends more than its budget"
EVENTS = {
    "test_bed_spend_within_budget": "INSERT",
    "test_bed_spend_stays_within_budget": "UPDATE OF amount, cancelled_at, project_id",
}
TOO_MUCH = (
    "NEW.cancelled_at IS NULL AND NEW.amount + (SELECT coalesce(sum(each.amount), 0) FROM test_bed_spend AS each "
    "WHERE each.project_id = NEW.project_id AND each.cancelled_at IS NULL AND each.id <> NEW.id) "
    "> (SELECT budget FROM test_bed_project WHERE id = NEW.project_id)"
)


def upgrade() -> None:
    """PostgreSQL adds up only once it holds the project: what another connection spends is counted first."""
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            "CREATE FUNCTION test_bed_within_budget() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
            "PERFORM 1 FROM test_bed_project WHERE id = NEW.project_id FOR UPDATE; "
            f"IF {TOO_MUCH} THEN RAISE EXCEPTION '{WORDS}'; END IF; RETURN NEW; END $$"
        )
    for name, event in EVENTS.items():
        if op.get_bind().dialect.name == "postgresql":
            op.execute(
                f"CREATE TRIGGER {name} BEFORE {event} ON {TABLE} "
                "FOR EACH ROW EXECUTE FUNCTION test_bed_within_budget()"
            )
        else:
            op.execute(
                f"CREATE TRIGGER {name} BEFORE {event} ON {TABLE} WHEN {TOO_MUCH} "
                f"BEGIN SELECT RAISE(ABORT, '{WORDS}'); END"
            )


def downgrade() -> None:
    is_postgres = op.get_bind().dialect.name == "postgresql"
    for name in EVENTS:
        op.execute(f"DROP TRIGGER {name}" + (f" ON {TABLE}" if is_postgres else ""))
    if is_postgres:
        op.execute("DROP FUNCTION test_bed_within_budget()")
