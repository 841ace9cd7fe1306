"""Syndicates: who leads a raise, the versions of the terms, and who joined on which."""

import sqlalchemy as sa
from alembic import op

revision = "0085"
down_revision = "0084"
branch_labels = None
depends_on = None


def _words(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=40)


def _to(table: str, column: str, target: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{target}.id"], name=op.f(f"fk_{table}_{column}"))


def _check(table: str, name: str, words: str) -> sa.CheckConstraint:
    return sa.CheckConstraint(words, name=op.f(f"ck_{table}_{name}"))


def _one_where(name: str, table: str, columns: list[str], where: str) -> None:
    said = sa.text(where)
    op.create_index(name, table, columns, unique=True, sqlite_where=said, postgresql_where=said)


def _moment(name: str, *, is_needed: bool = False) -> sa.Column:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=not is_needed)


def _syndicate() -> None:
    op.create_table(
        "syndicate",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("pitch_id", sa.Uuid(), nullable=False),
        sa.Column("reference", sa.String(length=12), nullable=False),
        _moment("begun_at", is_needed=True),
        _moment("ended_at"),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("status", _words("status", "forming", "open", "ended"), nullable=False),
        _check("syndicate", "ended_at_if_ended", "(status = 'ended') = (ended_at IS NOT NULL)"),
        _to("syndicate", "pitch_id", "pitch"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_syndicate")),
        sa.UniqueConstraint("pitch_id", name=op.f("uq_syndicate_pitch_id")),
        sa.UniqueConstraint("reference", name=op.f("uq_syndicate_reference")),
    )
    op.create_index("ix_syndicate_newest", "syndicate", ["begun_at", "id"])


def _lead() -> None:
    name = "syndicate_lead"
    states = ("offered", "leading", "declined", "withdrawn", "replaced", "ended")
    over = "('declined', 'withdrawn', 'replaced', 'ended')"
    op.create_table(
        name,
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("syndicate_id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("message", sa.Text(), nullable=False),
        _moment("offered_at", is_needed=True),
        _moment("agreed_at"),
        _moment("reminded_at"),
        _moment("ended_at"),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("status", _words("status", *states), nullable=False),
        _check(name, "message_there", "message <> ''"),
        _check(name, "ended_at_if_over", f"(status IN {over}) = (ended_at IS NOT NULL)"),
        _check(name, "declined_with_reason", "status <> 'declined' OR reason <> ''"),
        _check(name, "agreed_at_if_leading", "status <> 'leading' OR agreed_at IS NOT NULL"),
        _to(name, "syndicate_id", "syndicate"),
        _to(name, "account_id", "account"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_syndicate_lead")),
    )
    op.create_index("ix_syndicate_lead_account", name, ["account_id", "status"])
    op.create_index("ix_syndicate_lead_status", name, ["status", "offered_at"])
    _one_where("uq_syndicate_lead_one", name, ["syndicate_id"], "status = 'leading'")
    _one_where(
        "uq_syndicate_lead_live", name, ["syndicate_id", "account_id"], "status IN ('offered', 'leading')"
    )


def _terms() -> None:
    name = "syndicate_terms"
    kinds = ("equity", "loan_note", "convertible", "loan", "revenue_share", "production", "other")
    op.create_table(
        name,
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("syndicate_id", sa.Uuid(), nullable=False),
        sa.Column("lead_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("instrument", _words("instrument", *kinds), nullable=False),
        sa.Column("pre_money", sa.BigInteger(), nullable=True),
        sa.Column("cap", sa.BigInteger(), nullable=True),
        sa.Column("discount", sa.Integer(), nullable=True),
        sa.Column("minimum", sa.BigInteger(), nullable=False),
        sa.Column("closes_on", sa.Date(), nullable=False),
        sa.Column("rights", sa.Text(), nullable=False),
        sa.Column("takes_fee", sa.Boolean(), nullable=False),
        sa.Column("fee", sa.Text(), nullable=False),
        _moment("proposed_at", is_needed=True),
        _moment("reminded_at"),
        _moment("agreed_at"),
        sa.Column("agreed_by_id", sa.Uuid(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column(
            "status",
            _words("status", "proposed", "agreed", "declined", "withdrawn", "replaced"),
            nullable=False,
        ),
        _check(name, "positive", "number > 0 AND minimum > 0"),
        _check(name, "cleared", "instrument IN ('equity', 'loan_note', 'convertible')"),
        _check(name, "valuation_of_shares", "(instrument = 'equity') = (pre_money IS NOT NULL)"),
        _check(
            name,
            "cap_of_convertible",
            "(instrument = 'convertible') = (cap IS NOT NULL OR discount IS NOT NULL)",
        ),
        _check(name, "valuation_positive", "pre_money IS NULL OR pre_money > 0"),
        _check(name, "cap_positive", "cap IS NULL OR cap > 0"),
        _check(name, "discount_in_percent", "discount IS NULL OR (discount > 0 AND discount < 100)"),
        _check(name, "rights_there", "rights <> ''"),
        _check(name, "fee_declared", "takes_fee = (fee <> '')"),
        _check(name, "declined_with_reason", "status <> 'declined' OR reason <> ''"),
        _check(name, "agreed_at_if_agreed", "status <> 'agreed' OR agreed_at IS NOT NULL"),
        _to(name, "syndicate_id", "syndicate"),
        _to(name, "lead_id", "syndicate_lead"),
        _to(name, "agreed_by_id", "account"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_syndicate_terms")),
    )
    op.create_index("uq_syndicate_terms_number", name, ["syndicate_id", "number"], unique=True)
    for state in ("proposed", "agreed"):
        _one_where(f"uq_syndicate_terms_{state}", name, ["syndicate_id"], f"status = '{state}'")


def _member() -> None:
    name = "syndicate_member"
    op.create_table(
        name,
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("syndicate_id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("terms_id", sa.Uuid(), nullable=False),
        sa.Column("naming", _words("naming", "nobody", "lead", "members"), nullable=False),
        _moment("joined_at", is_needed=True),
        _moment("confirmed_at", is_needed=True),
        _moment("asked_at"),
        _moment("reminded_at"),
        _moment("ended_at"),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("status", _words("status", "joined", "unconfirmed", "left", "ended"), nullable=False),
        _check(name, "ended_at_if_over", "(status IN ('left', 'ended')) = (ended_at IS NOT NULL)"),
        _to(name, "syndicate_id", "syndicate"),
        _to(name, "account_id", "account"),
        _to(name, "terms_id", "syndicate_terms"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_syndicate_member")),
    )
    op.create_index("ix_syndicate_member_account", name, ["account_id", "status"])
    op.create_index("ix_syndicate_member_status", name, ["status", "confirmed_at"])
    where = "status IN ('joined', 'unconfirmed')"
    _one_where("uq_syndicate_member_live", name, ["syndicate_id", "account_id"], where)


def upgrade() -> None:
    _syndicate()
    _lead()
    _terms()
    _member()


def downgrade() -> None:
    for name in ("syndicate_member", "syndicate_terms", "syndicate_lead", "syndicate"):
        op.drop_table(name)
