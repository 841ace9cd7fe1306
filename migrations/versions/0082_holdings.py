"""Papers of tax reliefs, certificates of investments, and the quarterly updates of companies."""

import sqlalchemy as sa
from alembic import op

revision = "0082"
down_revision = "0081"
branch_labels = None
depends_on = None

LIVE = sa.text("removed_at IS NULL")


def _words(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=40)


def _to(table: str, column: str, target: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{target}.id"], name=op.f(f"fk_{table}_{column}"))


def _filing() -> None:
    op.create_table(
        "relief_filing",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("pitch_id", sa.Uuid(), nullable=False),
        sa.Column("relief", _words("relief", "seis", "eis"), nullable=False),
        *(
            sa.Column(f"{name}", sa.Date(), nullable=True)
            for name in ("assured_on", "trading_from", "spent_on", "sent_on", "authorised_on")
        ),
        sa.Column("uir", sa.String(length=40), nullable=False),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reminded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "spent_on IS NULL OR relief = 'seis'", name=op.f("ck_relief_filing_spent_for_seis")
        ),
        sa.CheckConstraint(
            "(authorised_on IS NULL) = (uir = '')", name=op.f("ck_relief_filing_authorised_with_reference")
        ),
        sa.CheckConstraint(
            "authorised_on IS NULL OR (sent_on IS NOT NULL AND authorised_on >= sent_on)",
            name=op.f("ck_relief_filing_authorised_after_sent"),
        ),
        _to("relief_filing", "pitch_id", "pitch"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_relief_filing")),
    )
    op.create_index("uq_relief_filing_once", "relief_filing", ["pitch_id", "relief"], unique=True)


def _certificate() -> None:
    op.create_table(
        "relief_certificate",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("investment_id", sa.Uuid(), nullable=False),
        sa.Column("uir", sa.String(length=40), nullable=False),
        sa.Column("given_on", sa.Date(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by_id", sa.Uuid(), nullable=True),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("uir <> ''", name=op.f("ck_relief_certificate_with_reference")),
        _to("relief_certificate", "investment_id", "investment"),
        _to("relief_certificate", "made_by_id", "account"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_relief_certificate")),
    )
    op.create_index(
        "uq_relief_certificate_live",
        "relief_certificate",
        ["investment_id"],
        unique=True,
        sqlite_where=LIVE,
        postgresql_where=LIVE,
    )


def _update() -> None:
    op.create_table(
        "company_update",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("business_id", sa.Uuid(), nullable=False),
        sa.Column("quarter_end", sa.Date(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("reminded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("revenue", sa.BigInteger(), nullable=True),
        sa.Column("cash", sa.BigInteger(), nullable=True),
        sa.Column("people", sa.Integer(), nullable=True),
        sa.Column("valuation", sa.BigInteger(), nullable=True),
        sa.Column("shares_in_issue", sa.BigInteger(), nullable=True),
        sa.Column("valued_on", sa.Date(), nullable=True),
        sa.Column("valuation_basis", sa.Text(), nullable=False),
        sa.Column("given_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("given_by_id", sa.Uuid(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("status", _words("status", "asked", "given", "missed"), nullable=False),
        sa.CheckConstraint(
            "(status = 'given') = (given_at IS NOT NULL)", name=op.f("ck_company_update_given_at_if_given")
        ),
        sa.CheckConstraint("status <> 'given' OR words <> ''", name=op.f("ck_company_update_given_in_words")),
        sa.CheckConstraint(
            "revenue >= 0 AND cash >= 0 AND people >= 0", name=op.f("ck_company_update_figures_not_negative")
        ),
        sa.CheckConstraint(
            "(valuation IS NULL) = (valued_on IS NULL) AND (valuation IS NULL) = (valuation_basis = '')",
            name=op.f("ck_company_update_valued_with_day_and_basis"),
        ),
        sa.CheckConstraint("valuation > 0", name=op.f("ck_company_update_valuation_positive")),
        sa.CheckConstraint(
            "shares_in_issue IS NULL OR (shares_in_issue > 0 AND valuation IS NOT NULL)",
            name=op.f("ck_company_update_shares_counted"),
        ),
        _to("company_update", "business_id", "business"),
        _to("company_update", "given_by_id", "account"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_company_update")),
    )
    op.create_index(
        "uq_company_update_quarter", "company_update", ["business_id", "quarter_end"], unique=True
    )
    op.create_index("ix_company_update_status", "company_update", ["status", "due_on"])
    op.create_index("ix_company_update_newest", "company_update", ["asked_at", "id"])


def upgrade() -> None:
    _filing()
    _certificate()
    _update()


def downgrade() -> None:
    for table in ("company_update", "relief_certificate", "relief_filing"):
        op.drop_table(table)
