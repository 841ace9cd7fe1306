"""The terms on which a business accepted a place in a delegation, kept with the place."""

from alembic import op

revision = "0102"
down_revision = "0101"
branch_labels = None
depends_on = None

TABLE = "delegation_place"
IN_FULL = "(agreed_cost IS NULL) = (agreed_share IS NULL)"
WITHIN_COST = "agreed_share >= 0 AND agreed_share <= agreed_cost"
COLUMNS = {
    "agreed_cost": "BIGINT",
    "agreed_share": (
        f"BIGINT CONSTRAINT ck_{TABLE}_agreed_share_within_cost CHECK ({WITHIN_COST}) "
        f"CONSTRAINT ck_{TABLE}_agreed_in_full CHECK ({IN_FULL})"
    ),
    "agreed_covers": "VARCHAR(500) DEFAULT '' NOT NULL",
}
FILL = """
    UPDATE delegation_place SET
        agreed_cost = (SELECT cost FROM delegation WHERE delegation.id = delegation_place.delegation_id),
        agreed_share = (SELECT share FROM delegation WHERE delegation.id = delegation_place.delegation_id),
        agreed_covers = (SELECT covers FROM delegation WHERE delegation.id = delegation_place.delegation_id)
    WHERE status IN ('accepted', 'given_up', 'went', 'missed')
"""
"""Places from before were accepted at the price of the delegation, which stays as it was once that is open."""


def upgrade() -> None:
    for name, kind in COLUMNS.items():
        op.execute(f"ALTER TABLE {TABLE} ADD COLUMN {name} {kind}")
    op.execute(FILL)


def downgrade() -> None:
    for name in ("agreed_covers", "agreed_share", "agreed_cost"):
        op.execute(f"ALTER TABLE {TABLE} DROP COLUMN {name}")
