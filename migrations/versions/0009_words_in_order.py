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
    _rebuild(
        sa.PrimaryKeyConstraint("business_id", "word", name=op.f("pk_business_word")),
        sa.Column("sort_name", SORTED, nullable=False),
    )
    op.create_index("ix_business_word_word", "business_word", ["word", "sort_name", "business_id"])


def downgrade() -> None:
    _rebuild(sa.PrimaryKeyConstraint("word", "business_id", name=op.f("pk_business_word")))
    op.create_index("ix_business_word_business", "business_word", ["business_id"])
    if op.get_bind().dialect.name == "postgresql":
        op.execute('ALTER TABLE business ALTER COLUMN sort_name TYPE varchar(200) COLLATE "default"')


def _rebuild(key: sa.PrimaryKeyConstraint, *further: sa.Column) -> None:
    """Make the table anew with this key and these further columns of the business, and put its rows back."""
    op.execute("CREATE TEMPORARY TABLE kept AS SELECT word, business_id FROM business_word")
    op.drop_table("business_word")
    op.create_table(
        "business_word",
        sa.Column("business_id", sa.Uuid(), nullable=False),
        sa.Column("word", WORD, nullable=False),
        *further,
        sa.ForeignKeyConstraint(["business_id"], ["business.id"], name=op.f("fk_business_word_business_id")),
        sa.ForeignKeyConstraint(["word"], ["search_word.word"], name=op.f("fk_business_word_word")),
        key,
    )
    columns = ", ".join(column.name for column in further)
    named = f", {columns}" if columns else ""
    owned = ", ".join(f"business.{column.name}" for column in further)
    op.execute(
        f"INSERT INTO business_word (business_id, word{named}) "  # noqa: S608 only names of columns
        f"SELECT kept.business_id, kept.word{', ' + owned if owned else ''} "
        "FROM kept JOIN business ON business.id = kept.business_id"
    )
    op.execute("DROP TABLE kept")
