"""Markets with their editions and who goes, and export plans: countries, tasks and barriers."""

import sqlalchemy as sa
from alembic import op

revision = "0044"
down_revision = "0043"
branch_labels = None
depends_on = None


def _words(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=40)


def _to(table: str, column: str, target: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{target}.id"], name=op.f(f"fk_{table}_{column}"))


def _market() -> None:
    op.create_table(
        "market",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("key", sa.String(length=60), nullable=True),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("kind", sa.String(length=100), nullable=False),
        sa.Column("place", sa.String(length=200), nullable=False),
        sa.Column("country", sa.String(length=2), nullable=True),
        sa.Column("months", sa.Text(), nullable=False),
        sa.Column("sectors", sa.Text(), nullable=False),
        sa.Column("cost", sa.String(length=300), nullable=False),
        sa.Column("sureness", _words("sureness", "confirmed", "reported", "usual"), nullable=False),
        sa.Column("source", sa.String(length=300), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("ended", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("name <> ''", name=op.f("ck_market_named")),
        sa.CheckConstraint("source <> ''", name=op.f("ck_market_with_source")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_market")),
        sa.UniqueConstraint("key", name=op.f("uq_market_key")),
    )
    op.create_index("ix_market_name", "market", ["name"], unique=False)


def _market_edition() -> None:
    op.create_table(
        "market_edition",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("market_id", sa.Uuid(), nullable=False),
        sa.Column("title", sa.String(length=60), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=True),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("place", sa.String(length=200), nullable=False),
        sa.Column("sureness", _words("sureness", "confirmed", "reported", "usual"), nullable=False),
        sa.Column("source", sa.String(length=300), nullable=False),
        sa.Column("moved_from", sa.Date(), nullable=True),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("status", _words("status", "planned", "cancelled"), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(status = 'cancelled') = (reason <> '')", name=op.f("ck_market_edition_cancelled_with_reason")
        ),
        sa.CheckConstraint(
            "(starts_on IS NULL) = (ends_on IS NULL)", name=op.f("ck_market_edition_both_days_or_none")
        ),
        sa.CheckConstraint(
            "ends_on IS NULL OR ends_on >= starts_on", name=op.f("ck_market_edition_days_in_order")
        ),
        _to("market_edition", "market_id", "market"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_market_edition")),
    )
    op.create_index("ix_market_edition_starts", "market_edition", ["starts_on"], unique=False)
    op.create_index("uq_market_edition_title", "market_edition", ["market_id", "title"], unique=True)


def _export_barrier() -> None:
    op.create_table(
        "export_barrier",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("business_id", sa.Uuid(), nullable=False),
        sa.Column(
            "kind", _words("kind", "finance", "knowledge", "capacity", "access", "other"), nullable=False
        ),
        sa.Column("words", sa.String(length=500), nullable=False),
        sa.Column("met_on", sa.Date(), nullable=False),
        sa.Column("removed_on", sa.Date(), nullable=True),
        sa.Column("how", sa.String(length=500), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("kind <> 'other' OR words <> ''", name=op.f("ck_export_barrier_other_in_words")),
        sa.CheckConstraint(
            "removed_on IS NOT NULL OR how = ''", name=op.f("ck_export_barrier_how_if_removed")
        ),
        sa.CheckConstraint(
            "removed_on IS NULL OR removed_on >= met_on", name=op.f("ck_export_barrier_removed_later")
        ),
        _to("export_barrier", "business_id", "business"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_export_barrier")),
    )
    op.create_index("ix_export_barrier_business", "export_barrier", ["business_id", "met_on"], unique=False)


def _export_country() -> None:
    op.create_table(
        "export_country",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("business_id", sa.Uuid(), nullable=False),
        sa.Column("country", sa.String(length=2), nullable=False),
        sa.Column(
            "route",
            _words(
                "route",
                "direct",
                "platform",
                "agent",
                "distributor",
                "licensing",
                "co_production",
                "joint_venture",
                "subsidiary",
            ),
            nullable=False,
        ),
        sa.Column("aim", sa.Text(), nullable=False),
        sa.Column("value", sa.BigInteger(), nullable=True),
        sa.Column("win_on", sa.Date(), nullable=True),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("added_by_id", sa.Uuid(), nullable=True),
        sa.Column("status", _words("status", "active", "won", "dropped"), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("country <> 'GB'", name=op.f("ck_export_country_abroad")),
        sa.CheckConstraint("value IS NULL OR value >= 0", name=op.f("ck_export_country_value_not_negative")),
        _to("export_country", "added_by_id", "account"),
        _to("export_country", "business_id", "business"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_export_country")),
    )
    op.create_index("ix_export_country_added", "export_country", ["added_at"], unique=False)
    op.create_index("uq_export_country_once", "export_country", ["business_id", "country"], unique=True)


def _market_visit() -> None:
    op.create_table(
        "market_visit",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("edition_id", sa.Uuid(), nullable=False),
        sa.Column("business_id", sa.Uuid(), nullable=False),
        sa.Column("note", sa.String(length=500), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("added_by_id", sa.Uuid(), nullable=True),
        sa.Column("status", _words("status", "going", "went", "missed"), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        _to("market_visit", "added_by_id", "account"),
        _to("market_visit", "business_id", "business"),
        _to("market_visit", "edition_id", "market_edition"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_market_visit")),
    )
    op.create_index("ix_market_visit_business", "market_visit", ["business_id"], unique=False)
    op.create_index("uq_market_visit_once", "market_visit", ["edition_id", "business_id"], unique=True)


def _export_task() -> None:
    op.create_table(
        "export_task",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("country_id", sa.Uuid(), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("account_id", sa.Uuid(), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(person_id IS NULL) <> (account_id IS NULL)", name=op.f("ck_export_task_one_owner")
        ),
        _to("export_task", "account_id", "account"),
        _to("export_task", "country_id", "export_country"),
        _to("export_task", "person_id", "person"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_export_task")),
    )
    op.create_index("ix_export_task_account", "export_task", ["account_id", "due_on"], unique=False)
    op.create_index("ix_export_task_country", "export_task", ["country_id", "due_on"], unique=False)


def upgrade() -> None:
    _market()
    _market_edition()
    _export_barrier()
    _export_country()
    _market_visit()
    _export_task()


def downgrade() -> None:
    op.drop_table("export_task")
    op.drop_table("market_visit")
    op.drop_table("export_country")
    op.drop_table("export_barrier")
    op.drop_table("market_edition")
    op.drop_table("market")
