"""Memberships paid by card: customers, visits to the payment page, subscriptions, invoices, events and checks."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0074"
down_revision = "0073"
branch_labels = None
depends_on = None

PERIODS = "membership_period"
WAYS = ("way IN ('invoice', 'transfer', 'waiver')", "way IN ('invoice', 'transfer', 'waiver', 'card')")
STANDINGS = (
    "incomplete",
    "incomplete_expired",
    "trialing",
    "active",
    "past_due",
    "unpaid",
    "paused",
    "canceled",
)
UNDER_WAY = "stage IN ('started', 'open', 'waiting')"


def _words(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=40)


def _moment(name: str, *, is_optional: bool = False) -> sa.Column:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=is_optional)


def _to(table: str, column: str, target: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{target}.id"], name=op.f(f"fk_{table}_{column}"))


def _text(name: str, length: int = 255, *, is_optional: bool = False) -> sa.Column:
    return sa.Column(name, sa.String(length=length), nullable=is_optional)


def _customers() -> None:
    op.create_table(
        "card_customer",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        _text("customer_id", is_optional=True),
        _moment("made_at"),
        _to("card_customer", "account_id", "account"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_card_customer")),
        sa.UniqueConstraint("account_id", name=op.f("uq_card_customer_account_id")),
        sa.UniqueConstraint("customer_id", name=op.f("uq_card_customer_customer_id")),
    )


def _subscriptions() -> None:
    op.create_table(
        "card_subscription",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        _text("subscription_id"),
        sa.Column("standing", _words("standing", *STANDINGS), nullable=False),
        _moment("began_at"),
        _moment("renews_at"),
        sa.Column("is_stopping", sa.Boolean(), nullable=False),
        _moment("ended_at", is_optional=True),
        _moment("looked_at"),
        sa.Column("version", sa.Integer(), nullable=False),
        _to("card_subscription", "account_id", "account"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_card_subscription")),
        sa.UniqueConstraint("subscription_id", name=op.f("uq_card_subscription_subscription_id")),
    )
    op.create_index("ix_card_subscription_account_id", "card_subscription", ["account_id"])


def _attempts() -> None:
    stages = _words("stage", "started", "open", "waiting", "expired", "failed", "complete")
    op.create_table(
        "checkout_attempt",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("stage", stages, nullable=False),
        _text("session_id", is_optional=True),
        _moment("began_at"),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(session_id IS NOT NULL) OR stage IN ('started', 'failed')",
            name=op.f("ck_checkout_attempt_opened_with_session"),
        ),
        _to("checkout_attempt", "account_id", "account"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_checkout_attempt")),
        sa.UniqueConstraint("session_id", name=op.f("uq_checkout_attempt_session_id")),
    )
    op.create_index(
        "uq_checkout_attempt_under_way",
        "checkout_attempt",
        ["account_id"],
        unique=True,
        sqlite_where=sa.text(UNDER_WAY),
        postgresql_where=sa.text(UNDER_WAY),
    )


def _payments() -> None:
    table = "card_payment"
    op.create_table(
        table,
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        _text("invoice_id"),
        _text("subscription_id"),
        _text("number", 100),
        sa.Column(
            "invoiced", _words("invoiced", "draft", "open", "paid", "uncollectible", "void"), nullable=False
        ),
        *(sa.Column(name, sa.BigInteger(), nullable=False) for name in ("amount", "tax", "refunded")),
        sa.Column("dispute", _words("dispute", "none", "open", "won", "lost"), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("period_id", sa.Uuid(), nullable=True),
        sa.Column("is_twice", sa.Boolean(), nullable=False),
        _moment("failed_told_at", is_optional=True),
        sa.Column("settled", sa.BigInteger(), nullable=False),
        _text("settled_note", 500),
        _moment("looked_at"),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("ends_on >= starts_on", name=op.f("ck_card_payment_dates_in_order")),
        sa.CheckConstraint(
            "refunded >= 0 AND refunded <= amount", name=op.f("ck_card_payment_refunded_within_amount")
        ),
        sa.CheckConstraint(
            "settled >= 0 AND settled <= refunded", name=op.f("ck_card_payment_settled_within_refunded")
        ),
        _to(table, "account_id", "account"),
        _to(table, "period_id", PERIODS),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_card_payment")),
        sa.UniqueConstraint("invoice_id", name=op.f("uq_card_payment_invoice_id")),
    )
    op.create_index("ix_card_payment_account_id", table, ["account_id"])


def _events() -> None:
    table, outcomes = "stripe_event", ("done", "ignored", "not_ours", "wrong_mode", "failed")
    op.create_table(
        table,
        sa.Column("id", sa.Uuid(), nullable=False),
        _text("event_id"),
        _text("type", 100),
        _text("kind", 50),
        _text("about"),
        sa.Column("account_id", sa.Uuid(), nullable=True),
        sa.Column("outcome", _words("outcome", *outcomes), nullable=False),
        _text("words", 300),
        sa.Column("tries", sa.Integer(), nullable=False),
        _moment("created_at"),
        _moment("heard_at"),
        _moment("closed_at", is_optional=True),
        sa.Column("closed_by_id", sa.Uuid(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        _to(table, "account_id", "account"),
        _to(table, "closed_by_id", "account"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stripe_event")),
        sa.UniqueConstraint("event_id", name=op.f("uq_stripe_event_event_id")),
    )
    op.create_index("ix_stripe_event_heard_at", table, ["heard_at", "id"])


def _checks() -> None:
    found = sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql")
    op.create_table(
        "stripe_check",
        sa.Column("id", sa.Uuid(), nullable=False),
        _moment("asked_at"),
        sa.Column("asked_by_id", sa.Uuid(), nullable=True),
        _moment("began_at", is_optional=True),
        _moment("ended_at", is_optional=True),
        sa.Column("looked", sa.Integer(), nullable=False),
        sa.Column("repairs", found, nullable=False),
        _text("fault", 300),
        sa.Column("version", sa.Integer(), nullable=False),
        _to("stripe_check", "asked_by_id", "account"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stripe_check")),
    )


def _let_pay_by(after: str) -> None:
    """Change the words of how a period was paid. SQLite changes no CHECK in place: there the table is made again."""
    name = "ck_membership_period_way"
    if op.get_bind().dialect.name == "postgresql":
        op.drop_constraint(op.f(name), PERIODS, type_="check")
        op.create_check_constraint(op.f(name), PERIODS, after)
        return
    with op.batch_alter_table(PERIODS) as table:
        table.drop_constraint(op.f(name), type_="check")
        table.create_check_constraint(op.f(name), after)


def upgrade() -> None:
    op.add_column(PERIODS, sa.Column("reminded_at", sa.DateTime(timezone=True), nullable=True))
    _let_pay_by(WAYS[1])
    for make in (_customers, _subscriptions, _attempts, _payments, _events, _checks):
        make()


def downgrade() -> None:
    for name in ("stripe_check", "stripe_event", "card_payment"):
        op.drop_table(name)
    for name in ("checkout_attempt", "card_subscription", "card_customer"):
        op.drop_table(name)
    op.execute("UPDATE membership_period SET way = 'transfer' WHERE way = 'card'")
    _let_pay_by(WAYS[0])
    op.drop_column(PERIODS, "reminded_at")
