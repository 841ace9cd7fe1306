"""What met the need of a contract after a threshold of turnover shut the business out."""

from alembic import op

revision = "0101"
down_revision = "0100"
branch_labels = None
depends_on = None

TABLE = "cover_check"
UUID, MOMENT = (
    {"sqlite": "CHAR(32)", "postgresql": "UUID"},
    {"sqlite": "DATETIME", "postgresql": "TIMESTAMPTZ"},
)
ON_A_DAY = "(answered_with = '') = (answered_at IS NULL) AND (answered_on IS NULL) = (answered_at IS NULL)"
IF_SHUT_OUT = "answered_with = '' OR shut_out_id IS NOT NULL"


def _columns(engine: str) -> dict[str, str]:
    """The new columns, as both engines add them to a table that has rows."""
    return {
        "answered_on": "DATE",
        "answered_at": MOMENT[engine],
        "answered_by_id": f"{UUID[engine]} CONSTRAINT fk_{TABLE}_answered_by_id REFERENCES account (id)",
        "answered_with": (
            f"VARCHAR(300) DEFAULT '' NOT NULL CONSTRAINT ck_{TABLE}_answered_on_a_day CHECK ({ON_A_DAY}) "
            f"CONSTRAINT ck_{TABLE}_answered_if_shut_out CHECK ({IF_SHUT_OUT})"
        ),
    }


def upgrade() -> None:
    for name, kind in _columns(op.get_bind().dialect.name).items():
        op.execute(f"ALTER TABLE {TABLE} ADD COLUMN {name} {kind}")


def downgrade() -> None:
    for name in reversed(_columns("postgresql")):
        op.execute(f"ALTER TABLE {TABLE} DROP COLUMN {name}")
