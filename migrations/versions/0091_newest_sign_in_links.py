"""Of the sign-in links of one account the newest three live; of every other purpose one lives about a subject."""

import sqlalchemy as sa
from alembic import op

revision = "0091"
down_revision = "0090"
branch_labels = None
depends_on = None

NAME, TABLE, COLUMNS = "uq_one_time_link_live", "one_time_link", ["purpose", "subject_id"]
IS_LIVE = "used_at IS NULL AND replaced_at IS NULL"
IS_LIVE_ALONE = f"{IS_LIVE} AND purpose <> 'sign_in'"


def _remake(where: str) -> None:
    op.drop_index(NAME, table_name=TABLE)
    condition = sa.text(where)
    op.create_index(NAME, TABLE, COLUMNS, unique=True, sqlite_where=condition, postgresql_where=condition)


def upgrade() -> None:
    _remake(IS_LIVE_ALONE)


def downgrade() -> None:
    op.execute(
        "UPDATE one_time_link SET replaced_at = created_at WHERE purpose = 'sign_in' AND used_at IS NULL"
        " AND replaced_at IS NULL"
    )
    _remake(IS_LIVE)
