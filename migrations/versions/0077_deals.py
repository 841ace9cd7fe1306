"""Pledges that never add up to more than a raise seeks, investments with the reports of both sides, exemptions of raises."""

import sqlalchemy as sa
from alembic import op

revision = "0077"
down_revision = "0076"
branch_labels = None
depends_on = None

PLEDGES = (
    "waiting",
    "offered",
    "pledged",
    "committed",
    "completed",
    "withdrawn",
    "declined",
    "lapsed",
    "ended",
)
INSTRUMENTS = ("equity", "loan_note", "convertible", "loan", "revenue_share", "production", "other")
SIDES = ("company", "investor")
ENDS = "('completed', 'withdrawn', 'declined', 'lapsed', 'ended')"
ROOM = "('offered', 'pledged', 'committed')"
STANDING = "('reported', 'differs', 'matched', 'confirmed')"
WORDS = "pledges and investments never add up to more than a raise seeks"
# A pledge that its investment has not completed yet is counted once: what was invested beyond it is added.
TOO_MUCH = (
    "(SELECT coalesce(sum(p.amount), 0) FROM pledge AS p WHERE p.pitch_id = {pitch} AND p.status IN {room}) + "
    "(SELECT coalesce(sum(CASE WHEN p.id IS NULL THEN i.amount WHEN i.amount > p.amount THEN i.amount - p.amount "
    "ELSE 0 END), 0) FROM investment AS i LEFT JOIN pledge AS p ON p.id = i.pledge_id AND p.status IN {room} "
    "WHERE i.pitch_id = {pitch} AND i.status IN {standing}) > (SELECT amount FROM pitch WHERE id = {pitch})"
)
WALLS = (
    ("pledge_within_raise", "INSERT", "pledge", "NEW.pitch_id", f"NEW.status IN {ROOM}"),
    (
        "pledge_stays_within_raise",
        "UPDATE OF amount, status, pitch_id",
        "pledge",
        "NEW.pitch_id",
        f"NEW.status IN {ROOM}",
    ),
    ("investment_within_raise", "INSERT", "investment", "NEW.pitch_id", f"NEW.status IN {STANDING}"),
    (
        "investment_stays_within_raise",
        "UPDATE OF amount, status, pitch_id, pledge_id",
        "investment",
        "NEW.pitch_id",
        f"NEW.status IN {STANDING}",
    ),
    ("pitch_above_pledges", "UPDATE OF amount", "pitch", "NEW.id", "NEW.amount < OLD.amount"),
)


def _words(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=40)


def _moment(name: str, *, is_optional: bool = False) -> sa.Column:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=is_optional)


def _money(name: str) -> sa.Column:
    return sa.Column(name, sa.BigInteger(), nullable=False)


def _to(table: str, column: str, target: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{target}.id"], name=op.f(f"fk_{table}_{column}"))


def _check(table: str, name: str, words: str) -> sa.CheckConstraint:
    return sa.CheckConstraint(words, name=op.f(f"ck_{table}_{name}"))


def _pledges() -> None:
    table = "pledge"
    op.create_table(
        table,
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("pitch_id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("reference", sa.String(length=12), nullable=False),
        _money("amount"),
        sa.Column("pitch_version", sa.Integer(), nullable=False),
        _moment("pledged_at"),
        sa.Column("offered_until", sa.Date(), nullable=True),
        _moment("committed_at", is_optional=True),
        _moment("ended_at", is_optional=True),
        sa.Column("end_reason", sa.Text(), nullable=False),
        sa.Column("status", _words("status", *PLEDGES), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        _check(table, "amount_positive", "amount > 0"),
        _check(table, "offered_until_a_day", "(status = 'offered') = (offered_until IS NOT NULL)"),
        _check(table, "ended_at_if_ended", f"(status IN {ENDS}) = (ended_at IS NOT NULL)"),
        _check(table, "committed_at_if_committed", "status <> 'committed' OR committed_at IS NOT NULL"),
        _check(table, "declined_with_reason", "status <> 'declined' OR end_reason <> ''"),
        _to(table, "pitch_id", "pitch"),
        _to(table, "account_id", "account"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pledge")),
        sa.UniqueConstraint("reference", name=op.f("uq_pledge_reference")),
    )
    op.create_index("ix_pledge_pitch", table, ["pitch_id", "status", "pledged_at"])
    op.create_index("ix_pledge_account", table, ["account_id", "pledged_at"])
    op.create_index("ix_pledge_newest", table, ["pledged_at", "id"])
    op.create_index("ix_pledge_offers", table, ["status", "offered_until"])


def _exemptions() -> None:
    table = "raise_exemption"
    op.create_table(
        table,
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("pitch_id", sa.Uuid(), nullable=False),
        sa.Column("kinds", sa.Text(), nullable=False),
        _money("raised_before"),
        sa.Column("people_before", sa.Integer(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        _moment("recorded_at"),
        sa.Column("recorded_by_id", sa.Uuid(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        _check(table, "relies_on_one", "kinds <> ''"),
        _check(table, "not_negative", "raised_before >= 0 AND people_before >= 0"),
        _check(table, "qualified_with_note", "kinds NOT LIKE '%|qualified|%' OR note <> ''"),
        _to(table, "pitch_id", "pitch"),
        _to(table, "recorded_by_id", "account"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_raise_exemption")),
        sa.UniqueConstraint("pitch_id", name=op.f("uq_raise_exemption_pitch_id")),
    )


def _figures_of_it() -> list[sa.Column]:
    return [
        _money("amount"),
        sa.Column("instrument", _words("instrument", *INSTRUMENTS), nullable=False),
        sa.Column("issued_on", sa.Date(), nullable=False),
        sa.Column("shares", sa.Integer(), nullable=True),
        sa.Column("share_class", sa.String(length=60), nullable=False),
    ]


def _investments() -> None:
    table = "investment"
    states = _words("status", "reported", "differs", "matched", "confirmed", "reversed")
    op.create_table(
        table,
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("pitch_id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=True),
        sa.Column("investor_name", sa.String(length=120), nullable=False),
        sa.Column("pledge_id", sa.Uuid(), nullable=True),
        sa.Column("reference", sa.String(length=12), nullable=False),
        sa.Column("first_side", _words("first_side", *SIDES), nullable=False),
        *_figures_of_it(),
        sa.Column("relief", _words("relief", "none", "seis", "eis"), nullable=False),
        sa.Column("terms", sa.Text(), nullable=False),
        _moment("reported_at"),
        _moment("reminded_at", is_optional=True),
        _moment("completed_at", is_optional=True),
        sa.Column("settled_by_id", sa.Uuid(), nullable=True),
        sa.Column("settle_note", sa.Text(), nullable=False),
        _moment("reversed_at", is_optional=True),
        sa.Column("reversed_by_id", sa.Uuid(), nullable=True),
        sa.Column("reverse_reason", sa.Text(), nullable=False),
        sa.Column("status", states, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        _check(table, "amount_positive", "amount > 0"),
        _check(table, "one_investor", "(account_id IS NOT NULL) <> (investor_name <> '')"),
        _check(table, "cleared", "instrument IN ('equity', 'loan_note', 'convertible')"),
        _check(table, "shares_of_equity", "shares IS NULL OR (shares > 0 AND instrument = 'equity')"),
        _check(table, "relief_for_shares", "relief = 'none' OR instrument = 'equity'"),
        _check(
            table,
            "completed_at_if_completed",
            "status NOT IN ('matched', 'confirmed') OR completed_at IS NOT NULL",
        ),
        _check(table, "settled_with_reason", "status <> 'confirmed' OR settle_note <> ''"),
        _check(table, "reversed_with_reason", "(status = 'reversed') = (reverse_reason <> '')"),
        _check(table, "reversed_at_if_reversed", "(status = 'reversed') = (reversed_at IS NOT NULL)"),
        *(_to(table, f"{each}_id", each) for each in ("pitch", "account", "pledge")),
        *(_to(table, each, "account") for each in ("settled_by_id", "reversed_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_investment")),
        sa.UniqueConstraint("reference", name=op.f("uq_investment_reference")),
    )
    op.create_index("ix_investment_pitch", table, ["pitch_id", "status", "issued_on"])
    op.create_index("ix_investment_account", table, ["account_id", "issued_on"])
    op.create_index("ix_investment_newest", table, ["reported_at", "id"])
    op.create_index("ix_investment_pledge", table, ["pledge_id"])


def _reports() -> None:
    table = "investment_report"
    op.create_table(
        table,
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("investment_id", sa.Uuid(), nullable=False),
        sa.Column("side", _words("side", *SIDES), nullable=False),
        sa.Column("is_denied", sa.Boolean(), nullable=False),
        *_figures_of_it(),
        sa.Column("words", sa.Text(), nullable=False),
        _moment("at"),
        sa.Column("reported_by_id", sa.Uuid(), nullable=True),
        _check(table, "amount_not_negative", "amount >= 0"),
        _check(table, "denied_without_sum", "(amount = 0) = is_denied"),
        _check(table, "denied_with_words", "NOT is_denied OR words <> ''"),
        _to(table, "investment_id", "investment"),
        _to(table, "reported_by_id", "account"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_investment_report")),
    )
    op.create_index("ix_investment_report_investment", table, ["investment_id", "at"])


def _never_changed(table: str) -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table} "
            "FOR EACH ROW EXECUTE FUNCTION refuse_change()"
        )
        op.execute(
            f"CREATE TRIGGER {table}_not_emptied BEFORE TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
        )
        return
    for act in ("update", "delete"):
        op.execute(
            f"CREATE TRIGGER {table}_no_{act} BEFORE {act.upper()} ON {table} "
            f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
        )


def _wall(name: str, event: str, table: str, pitch: str, when: str) -> None:
    """PostgreSQL adds up only once it holds the pitch: what another connection pledges is counted first."""
    too_much = TOO_MUCH.format(pitch=pitch, room=ROOM, standing=STANDING)
    if op.get_bind().dialect.name != "postgresql":
        op.execute(
            f"CREATE TRIGGER {name} AFTER {event} ON {table} WHEN {when} AND {too_much} "
            f"BEGIN SELECT RAISE(ABORT, '{WORDS}'); END"
        )
        return
    op.execute(
        f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        f"PERFORM 1 FROM pitch WHERE id = {pitch} FOR UPDATE; "
        f"IF {too_much} THEN RAISE EXCEPTION '{WORDS}'; END IF; RETURN NEW; END $$"
    )
    op.execute(
        f"CREATE TRIGGER {name} AFTER {event} ON {table} FOR EACH ROW WHEN ({when}) EXECUTE FUNCTION {name}()"
    )


def upgrade() -> None:
    for make in (_pledges, _exemptions, _investments, _reports):
        make()
    _never_changed("investment_report")
    for each in WALLS:
        _wall(*each)


def downgrade() -> None:
    is_postgres = op.get_bind().dialect.name == "postgresql"
    for name, _event, table, _pitch, _when in WALLS:
        op.execute(f"DROP TRIGGER {name}" + (f" ON {table}" if is_postgres else ""))
        if is_postgres:
            op.execute(f"DROP FUNCTION {name}()")
    for name in ("investment_report", "investment", "raise_exemption", "pledge"):
        op.drop_table(name)
