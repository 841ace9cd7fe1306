"""Feeds of other councils: each import, and the services that it brought."""

import sqlalchemy as sa
from alembic import op

revision = "0120"
down_revision = "0119"
branch_labels = None
depends_on = None

IMPORT, ROW = "feed_import", "incoming_service"
STATUSES = ("reading", "ready", "failed", "taking", "taken", "undoing", "undone", "cancelled")
VERDICTS = ("new", "known", "repeated", "not_running", "faulty")


def _one_of(name: str, values: tuple[str, ...]) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=40)


def _to(table: str, column: str, target: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{target}.id"], name=op.f(f"fk_{table}_{column}"))


def upgrade() -> None:
    op.create_table(
        IMPORT,
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("status", _one_of("status", STATUSES), nullable=False),
        sa.Column("publisher", sa.String(200), nullable=False),
        sa.Column("address", sa.String(500), nullable=False),
        sa.Column("asked_by_id", sa.Uuid(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("page", sa.Integer(), nullable=False),
        sa.Column("pages", sa.Integer(), nullable=True),
        sa.Column("fault", sa.String(300), nullable=False),
        sa.Column("only_needed", sa.Boolean(), nullable=False),
        sa.CheckConstraint("page >= 1", name=op.f(f"ck_{IMPORT}_page_from_one")),
        sa.CheckConstraint(
            "(status = 'failed') = (fault <> '')", name=op.f(f"ck_{IMPORT}_failed_with_words")
        ),
        _to(IMPORT, "asked_by_id", "account"),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{IMPORT}")),
    )
    op.create_index(f"ix_{IMPORT}_asked", IMPORT, ["asked_at", "id"])
    op.create_index(op.f(f"ix_{IMPORT}_asked_by_id"), IMPORT, ["asked_by_id"])
    op.create_table(
        ROW,
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("import_id", sa.Uuid(), nullable=False),
        sa.Column("page", sa.Integer(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("external_id", sa.String(100), nullable=False),
        sa.Column("match_key", sa.String(64), nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("provider", sa.String(200), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("needs", sa.Text(), nullable=False),
        sa.Column("verdict", _one_of("verdict", VERDICTS), nullable=False),
        sa.Column("fault", sa.String(300), nullable=False),
        sa.Column("service_id", sa.Uuid(), nullable=True),
        sa.Column("became", sa.Integer(), nullable=True),
        sa.CheckConstraint("(verdict = 'faulty') = (fault <> '')", name=op.f(f"ck_{ROW}_faulty_with_words")),
        sa.CheckConstraint(
            "became IS NULL OR service_id IS NOT NULL", name=op.f(f"ck_{ROW}_became_something")
        ),
        _to(ROW, "import_id", IMPORT),
        _to(ROW, "service_id", "service"),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{ROW}")),
    )
    op.create_index(f"uq_{ROW}_place", ROW, ["import_id", "page", "place"], unique=True)
    op.create_index(f"ix_{ROW}_key", ROW, ["import_id", "match_key"])
    op.create_index(f"ix_{ROW}_external", ROW, ["import_id", "external_id"])
    op.create_index(f"ix_{ROW}_verdict", ROW, ["import_id", "verdict", "page", "place"])
    op.create_index(op.f(f"ix_{ROW}_service_id"), ROW, ["service_id"])


def downgrade() -> None:
    op.drop_table(ROW)
    op.drop_table(IMPORT)
