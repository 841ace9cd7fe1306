"""The register of rights: shares, days, cost, parts with assignments, licences, and what was reminded of."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0049"
down_revision = "0048"
branch_labels = None
depends_on = None

JSON = sa.JSON().with_variant(JSONB(), "postgresql")
OLD_KINDS = ("patent", "trade_mark", "design", "copyright", "database", "know_how")
KINDS = (*OLD_KINDS, "trade_secret", "domain")
STATUSES = ("unregistered", "applied_for", "registered", "lapsed")
KEPT = "id, business_id, kind, title, owner, territory, status, number, added_at, added_by_id, removed_at, version"
NUMBERED = "status <> 'registered' OR number <> ''"
REGISTER = "kind NOT IN ({}) OR status NOT IN ('registered', 'applied_for')"
OLD_REGISTER = REGISTER.format("'copyright', 'database', 'know_how'")
NEW_REGISTER = REGISTER.format("'copyright', 'database', 'know_how', 'trade_secret'")
RENEWAL = "renews_on IS NULL OR filed_on IS NULL OR renews_on > filed_on"


def _words(name: str, values: tuple[str, ...]) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=40)


def _foreign(table: str, column: str, target: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{target}.id"], name=op.f(f"fk_{table}_{column}"))


def _new_columns() -> list[sa.Column]:
    return [
        sa.Column("classes", sa.String(length=200), nullable=False),
        sa.Column("filed_on", sa.Date(), nullable=True),
        sa.Column("registered_on", sa.Date(), nullable=True),
        sa.Column("renews_on", sa.Date(), nullable=True),
        sa.Column("yearly_cost", sa.BigInteger(), nullable=True),
        sa.Column("protects", sa.String(length=300), nullable=False),
        sa.Column("reminded_for", sa.Date(), nullable=True),
        sa.Column("reminded_days", sa.Integer(), nullable=True),
    ]


def _right(*, kinds: tuple[str, ...], new: bool) -> None:
    op.create_table(
        "ip_right",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("business_id", sa.Uuid(), nullable=False),
        sa.Column("kind", _words("kind", kinds), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("owner", sa.String(length=1000 if new else 200), nullable=False),
        *([sa.Column("shares", JSON, nullable=False)] if new else []),
        sa.Column("territory", sa.String(length=200), nullable=False),
        sa.Column("status", _words("status", STATUSES), nullable=False),
        sa.Column("number", sa.String(length=60), nullable=False),
        *(_new_columns() if new else []),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("added_by_id", sa.Uuid(), nullable=True),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(NUMBERED, name=op.f("ck_ip_right_registered_with_number")),
        sa.CheckConstraint(NEW_REGISTER if new else OLD_REGISTER, name=op.f("ck_ip_right_register_there_is")),
        *([sa.CheckConstraint(RENEWAL, name=op.f("ck_ip_right_renewal_after_filing"))] if new else []),
        _foreign("ip_right", "business_id", "business"),
        _foreign("ip_right", "added_by_id", "account"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ip_right")),
    )
    op.create_index("ix_ip_right_business", "ip_right", ["business_id", "title"], unique=False)
    if new:
        op.create_index("ix_ip_right_renews_on", "ip_right", ["renews_on"], unique=False)


def _make_again(*, kinds: tuple[str, ...], new: bool) -> None:
    """SQLite changes no CHECK in place: the table is made again."""
    if not new:
        op.drop_index("ix_ip_right_renews_on", table_name="ip_right")
    op.drop_index("ix_ip_right_business", table_name="ip_right")
    op.rename_table("ip_right", "ip_right_before")
    _right(kinds=kinds, new=new)
    further = ", shares, classes, protects" if new else ""
    values = ", '[]', '', ''" if new else ""
    op.execute(f"INSERT INTO ip_right ({KEPT}{further}) SELECT {KEPT}{values} FROM ip_right_before")  # noqa: S608
    op.drop_table("ip_right_before")


def _listed(values: tuple[str, ...]) -> str:
    return "kind IN ({})".format(", ".join(f"'{each}'" for each in values))


def _checks(kinds: tuple[str, ...], register: str) -> None:
    for name, words in (("kind", _listed(kinds)), ("register_there_is", register)):
        op.drop_constraint(op.f(f"ck_ip_right_{name}"), "ip_right", type_="check")
        op.create_check_constraint(op.f(f"ck_ip_right_{name}"), "ip_right", words)


def _further_tables() -> None:
    op.create_table(
        "right_part",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("right_id", sa.Uuid(), nullable=False),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column("craft", sa.String(length=60), nullable=False),
        sa.Column("maker", sa.String(length=120), nullable=False),
        sa.Column("maker_kind", _words("maker_kind", ("employee", "freelancer", "partner")), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("added_by_id", sa.Uuid(), nullable=True),
        sa.Column("assigned_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        _foreign("right_part", "right_id", "ip_right"),
        _foreign("right_part", "added_by_id", "account"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_right_part")),
    )
    op.create_index("ix_right_part_right", "right_part", ["right_id", "added_at"], unique=False)
    op.create_table(
        "right_licence",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("right_id", sa.Uuid(), nullable=False),
        sa.Column("way", _words("way", ("out", "in")), nullable=False),
        sa.Column("party", sa.String(length=200), nullable=False),
        sa.Column("territory", sa.String(length=200), nullable=False),
        sa.Column("is_exclusive", sa.Boolean(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("income", sa.BigInteger(), nullable=True),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("added_by_id", sa.Uuid(), nullable=True),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "ends_on IS NULL OR ends_on >= starts_on", name=op.f("ck_right_licence_dates_in_order")
        ),
        _foreign("right_licence", "right_id", "ip_right"),
        _foreign("right_licence", "added_by_id", "account"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_right_licence")),
    )
    op.create_index("ix_right_licence_right", "right_licence", ["right_id", "starts_on"], unique=False)


def upgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.add_column("ip_right", sa.Column("shares", JSON, nullable=False, server_default="[]"))
        for column in _new_columns():
            column.server_default = None if column.nullable else sa.DefaultClause("")
            op.add_column("ip_right", column)
        for name in ("shares", "classes", "protects"):
            op.alter_column("ip_right", name, server_default=None)
        op.alter_column("ip_right", "owner", type_=sa.String(length=1000))
        _checks(KINDS, NEW_REGISTER)
        op.create_check_constraint(op.f("ck_ip_right_renewal_after_filing"), "ip_right", RENEWAL)
        op.create_index("ix_ip_right_renews_on", "ip_right", ["renews_on"], unique=False)
    else:
        _make_again(kinds=KINDS, new=True)
    _further_tables()


def downgrade() -> None:
    op.drop_table("right_licence")
    op.drop_table("right_part")
    op.execute("DELETE FROM ip_right WHERE kind IN ('trade_secret', 'domain')")
    op.execute("UPDATE ip_right SET owner = substr(owner, 1, 200)")
    if op.get_bind().dialect.name != "postgresql":
        _make_again(kinds=OLD_KINDS, new=False)
        return
    op.drop_index("ix_ip_right_renews_on", table_name="ip_right")
    op.drop_constraint(op.f("ck_ip_right_renewal_after_filing"), "ip_right", type_="check")
    _checks(OLD_KINDS, OLD_REGISTER)
    op.alter_column("ip_right", "owner", type_=sa.String(length=200))
    for column in (*_new_columns(), sa.Column("shares")):
        op.drop_column("ip_right", column.name)
