"""The words of a business know how it is sorted, and both engines sort sign by sign."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

WORD = sa.String(60).with_variant(sa.String(60, collation="C"), "postgresql")
SORTED = sa.String(200).with_variant(sa.String(200, collation="C"), "postgresql")


def upgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.alter_column("business", "sort_name", type_=SORTED, existing_nullable=False)
    columns = {"business_id": sa.Uuid(), "word": WORD, "sort_name": SORTED}
    _rebuild(columns, ["business_id", "word"])
    op.create_index("ix_business_word_word", "business_word", ["word", "sort_name", "business_id"])


def downgrade() -> None:
    _rebuild({"word": WORD, "business_id": sa.Uuid()}, ["word", "business_id"])
    op.create_index("ix_business_word_business", "business_word", ["business_id"])
    if op.get_bind().dialect.name == "postgresql":
        op.execute('ALTER TABLE business ALTER COLUMN sort_name TYPE varchar(200) COLLATE "default"')


def _rebuild(columns: dict[str, sa.types.TypeEngine[object]], key: list[str]) -> None:
    """Make the table anew, with its rows as they were and what the businesses know besides."""
    op.execute("CREATE TEMPORARY TABLE kept AS SELECT word, business_id FROM business_word")
    op.drop_table("business_word")
    op.create_table(
        "business_word",
        *(sa.Column(name, kind, nullable=False) for name, kind in columns.items()),
        sa.ForeignKeyConstraint(["business_id"], ["business.id"], name=op.f("fk_business_word_business_id")),
        sa.ForeignKeyConstraint(["word"], ["search_word.word"], name=op.f("fk_business_word_word")),
        sa.PrimaryKeyConstraint(*key, name=op.f("pk_business_word")),
    )
    op.execute(
        f"INSERT INTO business_word ({', '.join(columns)}) SELECT {', '.join(columns)} "  # noqa: S608 names of columns
        "FROM kept JOIN business ON business.id = kept.business_id"
    )
    op.execute("DROP TABLE kept")
