"""Founders' standing, the role of whoever holds a key, links that last, and bank holidays."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

# Every CHECK that changes: its table, its name, what it was, and what it is from now on.
CHANGED = (
    (
        "role_grant",
        "ck_role_grant_role",
        "role IN ('anyone', 'signed_in', 'administrator',",
        "role IN ('anyone', 'signed_in', 'key_holder', 'administrator',",
    ),
    (
        "role_grant",
        "ck_role_grant_role_can_be_granted",
        "role NOT IN ('anyone', 'signed_in')",
        "role NOT IN ('anyone', 'signed_in', 'key_holder')",
    ),
    (
        "letter",
        "ck_letter_link_purpose",
        "link_purpose IN ('sign_in', 'set_password')",
        "link_purpose IN ('sign_in', 'set_password', 'enquiry_draft', 'enquiry', 'plan')",
    ),
)
ROLES = (
    "'auditor', 'funder', 'hub_manager', 'adviser', 'export_adviser', 'test_bed_manager', "
    "'programme_manager', 'lead_assessor', 'assessor', 'approver', 'finance_officer', 'network_manager', "
    "'angel', 'founder', 'provider')"
)
STANDING = "standing IN ('owner', 'contributor')"
FOUNDERS = "(role = 'founder') = (standing IS NOT NULL)"


def is_sqlite() -> bool:
    return op.get_bind().dialect.name == "sqlite"


def remake(table: str, changes: list[tuple[str, str]]) -> None:
    """Make a table again on SQLite, which changes no CHECK in place: its own words with some of them replaced."""
    bind = op.get_bind()
    made, indexes = (
        bind.execute(
            sa.text(
                "SELECT sql FROM sqlite_master WHERE tbl_name = :table AND type = :kind AND sql IS NOT NULL"
            ),
            {"table": table, "kind": kind},
        )
        .scalars()
        .all()
        for kind in ("table", "index")
    )
    words = made[0]
    for before, after in changes:
        assert before in words, before
        words = words.replace(before, after)
    kept = ", ".join(each["name"] for each in sa.inspect(bind).get_columns(table) if each["name"] in words)
    old = f"{table}_before"
    bind.exec_driver_sql("PRAGMA legacy_alter_table=ON")
    bind.exec_driver_sql(f"ALTER TABLE {table} RENAME TO {old}")
    for index in indexes:
        bind.exec_driver_sql(f"DROP INDEX {index.split()[2] if 'UNIQUE' not in index else index.split()[3]}")
    bind.exec_driver_sql(words)
    bind.exec_driver_sql(f"INSERT INTO {table} ({kept}) SELECT {kept} FROM {old}")  # noqa: S608 our own words
    bind.exec_driver_sql(f"DROP TABLE {old}")
    bind.exec_driver_sql("PRAGMA legacy_alter_table=OFF")
    for index in indexes:
        bind.exec_driver_sql(index)


def change_checks(table: str, *, is_back: bool) -> list[tuple[str, str]]:
    """What changes in a table's words; on PostgreSQL each CHECK is changed at once."""
    found = []
    for where, name, before, after in CHANGED:
        if where != table:
            continue
        old, new = (after, before) if is_back else (before, after)
        found.append((old, new))
        if not is_sqlite():
            op.drop_constraint(op.f(name), table, type_="check")
            op.create_check_constraint(op.f(name), table, new + (f" {ROLES}" if new.endswith(",") else ""))
    return found


def upgrade() -> None:
    grants, letters = (change_checks(table, is_back=False) for table in ("role_grant", "letter"))
    if is_sqlite():
        remake(
            "role_grant", [*grants, (" \n\tgranted_by_id", " \n\tstanding VARCHAR(40), \n\tgranted_by_id")]
        )
        op.execute("UPDATE role_grant SET standing = 'owner' WHERE role = 'founder'")
        walls = f"CONSTRAINT ck_role_grant_standing CHECK ({STANDING}), \n\t"
        walls += f"CONSTRAINT ck_role_grant_founders_have_standing CHECK ({FOUNDERS}), \n\t"
        remake(
            "role_grant",
            [("CONSTRAINT fk_role_grant_account_id", walls + "CONSTRAINT fk_role_grant_account_id")],
        )
        remake("letter", letters)
    else:
        op.add_column("role_grant", sa.Column("standing", sa.String(length=40), nullable=True))
        op.execute("UPDATE role_grant SET standing = 'owner' WHERE role = 'founder'")
        op.create_check_constraint(op.f("ck_role_grant_standing"), "role_grant", STANDING)
        op.create_check_constraint(op.f("ck_role_grant_founders_have_standing"), "role_grant", FOUNDERS)
    op.create_table(
        "bank_holiday",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("source", sa.String(length=500), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bank_holiday")),
        sa.UniqueConstraint("day", name=op.f("uq_bank_holiday_day")),
    )


def downgrade() -> None:
    op.drop_table("bank_holiday")
    grants, letters = (change_checks(table, is_back=True) for table in ("role_grant", "letter"))
    if is_sqlite():
        walls = f"CONSTRAINT ck_role_grant_standing CHECK ({STANDING}), \n\t"
        walls += f"CONSTRAINT ck_role_grant_founders_have_standing CHECK ({FOUNDERS}), \n\t"
        remake("role_grant", [*grants, (walls, ""), (" \n\tstanding VARCHAR(40), ", " ")])
        remake("letter", letters)
    else:
        op.drop_constraint(op.f("ck_role_grant_founders_have_standing"), "role_grant", type_="check")
        op.drop_constraint(op.f("ck_role_grant_standing"), "role_grant", type_="check")
        op.drop_column("role_grant", "standing")
