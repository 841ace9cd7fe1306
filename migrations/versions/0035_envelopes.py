"""Envelopes, their lines, the ledger of every movement, and changes to limits."""

import sqlalchemy as sa
from alembic import op

revision = "0035"
down_revision = "0034"
branch_labels = None
depends_on = None

LINES = ("capital", "revenue", "in_kind")
ACCOUNTS = ("fund", "free", "reserved", "committed", "claimed", "paid", "recovered")
MOVEMENTS = ("raise", "lower", "reserve", "commit", "claim", "pay", "recover", "release", "reverse")
STATUSES = ("proposed", "approved", "refused", "withdrawn")
TOTALS = ("limited_to", "reserved", "committed", "claimed", "paid", "recovered")
MOVES = (
    "(movement = 'raise' AND source = 'fund' AND target = 'free')"
    " OR (movement = 'lower' AND source = 'free' AND target = 'fund')"
    " OR (movement = 'reserve' AND source = 'free' AND target = 'reserved')"
    " OR (movement = 'commit' AND source IN ('free', 'reserved') AND target = 'committed')"
    " OR (movement = 'claim' AND source = 'committed' AND target = 'claimed')"
    " OR (movement = 'pay' AND source = 'claimed' AND target = 'paid')"
    " OR (movement = 'recover' AND source = 'paid' AND target = 'recovered')"
    " OR (movement = 'release' AND source IN ('reserved', 'committed', 'recovered') AND target = 'free')"
    " OR movement = 'reverse'"
)
# What a posting adds to each running total. What is claimed, paid or recovered stays committed until it is released.
PROMISED = "('committed', 'claimed', 'paid', 'recovered')"
ADDED = {
    "limited_to": "(NEW.source = 'fund')|(NEW.target = 'fund')",
    "committed": f"(NEW.target IN {PROMISED})|(NEW.source IN {PROMISED})",
    **{
        total: f"(NEW.target = '{total}')|(NEW.source = '{total}')"
        for total in ("reserved", "claimed", "paid", "recovered")
    },
}
NOT_OPPOSITE = (
    "NEW.reverses_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM ledger_entry AS was WHERE was.id = NEW.reverses_id "
    "AND was.reverses_id IS NULL AND was.envelope_id = NEW.envelope_id AND was.line = NEW.line "
    "AND was.amount = NEW.amount AND was.source = NEW.target AND was.target = NEW.source "
    "AND was.subject_table = NEW.subject_table AND was.subject_id = NEW.subject_id)"
)


def _words(name: str, values: tuple[str, ...]) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=40)


def _account(table: str, column: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], ["account.id"], name=op.f(f"fk_{table}_{column}"))


def _envelope(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(["envelope_id"], ["envelope.id"], name=op.f(f"fk_{table}_envelope_id"))


def _totals(table: str) -> tuple[sa.Column[int] | sa.CheckConstraint, ...]:
    return (
        *(sa.Column(total, sa.BigInteger(), nullable=False) for total in TOTALS),
        sa.CheckConstraint("committed + reserved <= limited_to", name=op.f(f"ck_{table}_within_limit")),
        sa.CheckConstraint("reserved >= 0", name=op.f(f"ck_{table}_reserved_not_negative")),
        sa.CheckConstraint(
            "claimed >= 0 AND paid >= 0 AND recovered >= 0 AND claimed + paid + recovered <= committed",
            name=op.f(f"ck_{table}_within_committed"),
        ),
    )


def upgrade() -> None:
    op.create_table(
        "envelope",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("fund", sa.String(length=200), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("owner_id", sa.Uuid(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        *_totals("envelope"),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("ends_on >= starts_on", name=op.f("ck_envelope_dates_in_order")),
        _account("envelope", "owner_id"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_envelope")),
        sa.UniqueConstraint("name", name=op.f("uq_envelope_name")),
    )
    op.create_table(
        "envelope_line",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("envelope_id", sa.Uuid(), nullable=False),
        sa.Column("line", _words("line", LINES), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        *_totals("envelope_line"),
        _envelope("envelope_line"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_envelope_line")),
        sa.UniqueConstraint("envelope_id", "line", name=op.f("uq_envelope_line_envelope_id_line")),
    )
    _create_changes()
    _create_ledger()
    _build_walls()


def _create_changes() -> None:
    op.create_table(
        "envelope_change",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("envelope_id", sa.Uuid(), nullable=False),
        *(sa.Column(line, sa.BigInteger(), nullable=False) for line in LINES),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("proposed_by_id", sa.Uuid(), nullable=False),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_by_id", sa.Uuid(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decision", sa.String(length=500), nullable=False),
        sa.Column("status", _words("status", STATUSES), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "capital <> 0 OR revenue <> 0 OR in_kind <> 0", name=op.f("ck_envelope_change_changes_something")
        ),
        sa.CheckConstraint(
            "(status = 'proposed') = (decided_at IS NULL)",
            name=op.f("ck_envelope_change_decided_if_not_proposed"),
        ),
        sa.CheckConstraint(
            "status <> 'approved' OR (decided_by_id IS NOT NULL AND decided_by_id <> proposed_by_id)",
            name=op.f("ck_envelope_change_approved_by_another"),
        ),
        sa.CheckConstraint(
            "status <> 'refused' OR decision <> ''", name=op.f("ck_envelope_change_refused_with_reason")
        ),
        _envelope("envelope_change"),
        _account("envelope_change", "proposed_by_id"),
        _account("envelope_change", "decided_by_id"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_envelope_change")),
    )
    op.create_index(
        "uq_envelope_change_one_open",
        "envelope_change",
        ["envelope_id"],
        unique=True,
        sqlite_where=sa.text("status = 'proposed'"),
        postgresql_where=sa.text("status = 'proposed'"),
    )
    op.create_index(
        "ix_envelope_change_envelope", "envelope_change", ["envelope_id", "proposed_at"], unique=False
    )


def _create_ledger() -> None:
    op.create_table(
        "ledger_entry",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("envelope_id", sa.Uuid(), nullable=False),
        sa.Column("line", _words("line", LINES), nullable=False),
        sa.Column("movement", _words("movement", MOVEMENTS), nullable=False),
        sa.Column("source", _words("source", ACCOUNTS), nullable=False),
        sa.Column("target", _words("target", ACCOUNTS), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("subject_table", sa.String(length=60), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("by_id", sa.Uuid(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reverses_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.CheckConstraint("amount > 0", name=op.f("ck_ledger_entry_amount_positive")),
        sa.CheckConstraint("reason <> ''", name=op.f("ck_ledger_entry_with_reason")),
        sa.CheckConstraint(
            "(movement = 'reverse') = (reverses_id IS NOT NULL)",
            name=op.f("ck_ledger_entry_reversal_of_an_entry"),
        ),
        sa.CheckConstraint(MOVES, name=op.f("ck_ledger_entry_moves_as_its_movement_does")),
        _envelope("ledger_entry"),
        _account("ledger_entry", "by_id"),
        sa.ForeignKeyConstraint(
            ["reverses_id"], ["ledger_entry.id"], name=op.f("fk_ledger_entry_reverses_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ledger_entry")),
        sa.UniqueConstraint("reverses_id", name=op.f("uq_ledger_entry_reverses_id")),
    )
    op.create_index("ix_ledger_entry_envelope", "ledger_entry", ["envelope_id", "id"], unique=False)
    op.create_index(
        "ix_ledger_entry_subject", "ledger_entry", ["subject_table", "subject_id", "id"], unique=False
    )


def _sums(table: str) -> str:
    """The statement that adds a new entry to the running totals of an envelope, or of its line."""
    parts = []
    for total, ways in ADDED.items():
        more, less = ways.split("|")
        parts.append(
            f"{total} = {total} + CASE WHEN {more} THEN NEW.amount ELSE 0 END"
            f" - CASE WHEN {less} THEN NEW.amount ELSE 0 END"
        )
    which = (
        "id = NEW.envelope_id" if table == "envelope" else "envelope_id = NEW.envelope_id AND line = NEW.line"
    )
    return " ".join(("UPDATE", table, "SET", ", ".join(parts), "WHERE", which + ";"))


def _build_walls() -> None:
    """The ledger is only added to, a reversal is the opposite of its entry, and the totals follow each entry."""
    sums = f"{_sums('envelope_line')} {_sums('envelope')}"
    words = "a reversal is the equal and opposite of its entry"
    if op.get_bind().dialect.name == "postgresql":
        _build_walls_on_postgresql(sums, words)
        return
    for act in ("update", "delete"):
        op.execute(
            f"CREATE TRIGGER ledger_entry_no_{act} BEFORE {act.upper()} ON ledger_entry "
            "BEGIN SELECT RAISE(ABORT, 'ledger_entry is append-only'); END"
        )
    op.execute(
        f"CREATE TRIGGER ledger_entry_opposite BEFORE INSERT ON ledger_entry WHEN {NOT_OPPOSITE} "
        f"BEGIN SELECT RAISE(ABORT, '{words}'); END"
    )
    op.execute(f"CREATE TRIGGER ledger_entry_adds_up AFTER INSERT ON ledger_entry BEGIN {sums} END")


def _build_walls_on_postgresql(sums: str, words: str) -> None:
    op.execute(
        "CREATE TRIGGER ledger_entry_append_only BEFORE UPDATE OR DELETE ON ledger_entry "
        "FOR EACH ROW EXECUTE FUNCTION refuse_change()"
    )
    op.execute(
        "CREATE TRIGGER ledger_entry_not_emptied BEFORE TRUNCATE ON ledger_entry "
        "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
    )
    op.execute(
        "CREATE FUNCTION refuse_unlike_reversal() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN IF {NOT_OPPOSITE} THEN RAISE EXCEPTION '{words}' USING ERRCODE = 'check_violation'; "
        "END IF; RETURN NEW; END $$"
    )
    op.execute(
        "CREATE FUNCTION add_up_ledger() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN {sums} RETURN NULL; END $$"
    )
    op.execute(
        "CREATE TRIGGER ledger_entry_opposite BEFORE INSERT ON ledger_entry "
        "FOR EACH ROW EXECUTE FUNCTION refuse_unlike_reversal()"
    )
    op.execute(
        "CREATE TRIGGER ledger_entry_adds_up AFTER INSERT ON ledger_entry "
        "FOR EACH ROW EXECUTE FUNCTION add_up_ledger()"
    )


def downgrade() -> None:
    for table in ("ledger_entry", "envelope_change", "envelope_line", "envelope"):
        op.drop_table(table)
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION refuse_unlike_reversal()")
        op.execute("DROP FUNCTION add_up_ledger()")
