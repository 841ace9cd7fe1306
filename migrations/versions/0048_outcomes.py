"""What awarded businesses report at fixed days after acceptance, with every version of their figures."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0048"
down_revision = "0047"
branch_labels = None
depends_on = None

PURPOSES = (
    "'sign_in', 'set_password', 'enquiry_draft', 'enquiry', 'plan', 'hours', 'reply', 'helped', 'told', 'services', "
    "'workshop', 'invitation'"
)
BEFORE, AFTER = f"link_purpose IN ({PURPOSES})", f"link_purpose IN ({PURPOSES}, 'figures')"
STATUSES = ("planned", "asked", "given", "confirmed", "cancelled")
WAYS = ("signed_in", "link", "call")
REPORT = {
    "counted_from_acceptance": "place >= 0 AND months >= 0",
    "dates_in_order": "due_on >= as_at",
    "asked_at_if_asked": "status IN ('planned', 'cancelled') OR asked_at IS NOT NULL",
    "confirmed_at_if_confirmed": "(status = 'confirmed') = (confirmed_at IS NOT NULL)",
}
FIGURES = {
    "figures_not_negative": "turnover >= 0 AND employees >= 0 AND fte_hundredths >= 0 AND export_sales >= 0"
    " AND rights_registered >= 0 AND finance_raised >= 0",
    "export_within_turnover": "export_sales <= turnover",
    "fte_within_people": "fte_hundredths <= employees * 100",
    "correction_with_reason": "(number = 1) = (reason = '')",
    "said_on_if_call": "(way = 'call') = (said_on IS NOT NULL)",
    "said_by_somebody": "said_by <> ''",
}


def _words(name: str, values: tuple[str, ...]) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=40)


def _foreign(table: str, column: str, target: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{target}.id"], name=op.f(f"fk_{table}_{column}"))


def upgrade() -> None:
    _change_purposes(BEFORE, AFTER)
    moment = sa.DateTime(timezone=True)
    op.create_table(
        "outcome_report",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("application_id", sa.Uuid(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("months", sa.Integer(), nullable=False),
        sa.Column("as_at", sa.Date(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("asked_at", moment, nullable=True),
        sa.Column("reminded_at", moment, nullable=True),
        sa.Column("chased_at", moment, nullable=True),
        sa.Column("draft", sa.JSON().with_variant(JSONB(), "postgresql"), nullable=False),
        sa.Column("confirmed_at", moment, nullable=True),
        sa.Column("confirmed_by_id", sa.Uuid(), nullable=True),
        sa.Column("status", _words("status", STATUSES), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        *(sa.CheckConstraint(text, name=op.f(f"ck_outcome_report_{name}")) for name, text in REPORT.items()),
        _foreign("outcome_report", "application_id", "application"),
        _foreign("outcome_report", "confirmed_by_id", "account"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outcome_report")),
        sa.UniqueConstraint("application_id", "place", name="uq_outcome_report_once"),
    )
    op.create_index("ix_outcome_report_status", "outcome_report", ["status", "due_on"])
    op.create_table(
        "outcome_figures",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("report_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("turnover", sa.BigInteger(), nullable=True),
        sa.Column("employees", sa.Integer(), nullable=True),
        sa.Column("fte_hundredths", sa.Integer(), nullable=True),
        sa.Column("export_sales", sa.BigInteger(), nullable=True),
        sa.Column("rights_registered", sa.Integer(), nullable=True),
        sa.Column("finance_raised", sa.BigInteger(), nullable=True),
        sa.Column("not_known", sa.Text(), nullable=False),
        sa.Column("way", _words("way", WAYS), nullable=False),
        sa.Column("said_by", sa.String(length=200), nullable=False),
        sa.Column("said_on", sa.Date(), nullable=True),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("given_at", moment, nullable=False),
        sa.Column("by_id", sa.Uuid(), nullable=True),
        *(
            sa.CheckConstraint(text, name=op.f(f"ck_outcome_figures_{name}"))
            for name, text in FIGURES.items()
        ),
        _foreign("outcome_figures", "report_id", "outcome_report"),
        _foreign("outcome_figures", "by_id", "account"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outcome_figures")),
        sa.UniqueConstraint("report_id", "number", name="uq_outcome_figures_number"),
    )


def downgrade() -> None:
    op.drop_table("outcome_figures")
    op.drop_table("outcome_report")
    _change_purposes(AFTER, BEFORE)


def _change_purposes(before: str, after: str) -> None:
    """Change which links a letter may carry. SQLite changes no CHECK in place: there the table is made again."""
    bind = op.get_bind()
    if bind.dialect.name == "postgresql":
        op.drop_constraint(op.f("ck_letter_link_purpose"), "letter", type_="check")
        op.create_check_constraint(op.f("ck_letter_link_purpose"), "letter", after)
        return
    query = sa.text(
        "SELECT sql FROM sqlite_master WHERE tbl_name = 'letter' AND type = :kind AND sql IS NOT NULL"
    )
    (words,), indexes = (bind.execute(query, {"kind": kind}).scalars().all() for kind in ("table", "index"))
    assert before in words
    names = ", ".join(row[1] for row in bind.exec_driver_sql("PRAGMA table_info(letter)"))
    bind.exec_driver_sql("PRAGMA legacy_alter_table=ON")
    bind.exec_driver_sql("ALTER TABLE letter RENAME TO letter_before")
    for index in indexes:
        bind.exec_driver_sql(f"DROP INDEX {index.split(' ON ')[0].split()[-1]}")
    bind.exec_driver_sql(words.replace(before, after))
    bind.exec_driver_sql(f"INSERT INTO letter ({names}) SELECT {names} FROM letter_before")  # noqa: S608 names of our own
    bind.exec_driver_sql("DROP TABLE letter_before")
    bind.exec_driver_sql("PRAGMA legacy_alter_table=OFF")
    for index in indexes:
        bind.exec_driver_sql(index)
