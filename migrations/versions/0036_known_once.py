"""Somebody without an address is known once by a name at a business, and asks for access once at a time."""

import sqlalchemy as sa
from alembic import op

revision = "0036"
down_revision = "0035"
branch_labels = None
depends_on = None

BY_NAME_ALONE = sa.text("email IS NULL AND left_on IS NULL")
IS_WAITING = sa.text("status = 'waiting'")
# Those of one name are told apart by a number, so that nobody and nothing they took part in is lost.
NUMBERED = """
UPDATE person SET name = substr(name, 1, 190) || ' (' || (
    SELECT count(*) + 1 FROM person AS other WHERE other.business_id = person.business_id AND other.name = person.name
    AND other.email IS NULL AND other.left_on IS NULL AND other.id < person.id
) || ')'
WHERE email IS NULL AND left_on IS NULL AND EXISTS (
    SELECT 1 FROM person AS other WHERE other.business_id = person.business_id AND other.name = person.name
    AND other.email IS NULL AND other.left_on IS NULL AND other.id < person.id
)
"""
# Of several requests from one address the newest stays; the others are refused with the reason.
REPEATED = """
UPDATE claim SET status = 'refused', decided_at = made_at, reason = 'Asked again later'
WHERE status = 'waiting' AND EXISTS (
    SELECT 1 FROM claim AS other WHERE other.business_id = claim.business_id AND other.email = claim.email
    AND other.status = 'waiting' AND (other.made_at > claim.made_at OR (other.made_at = claim.made_at AND other.id > claim.id))
)
"""


def upgrade() -> None:
    op.execute(NUMBERED)
    op.execute(REPEATED)
    op.create_index(
        "uq_person_name",
        "person",
        ["business_id", "name"],
        unique=True,
        sqlite_where=BY_NAME_ALONE,
        postgresql_where=BY_NAME_ALONE,
    )
    op.create_index(
        "uq_claim_waiting",
        "claim",
        ["business_id", "email"],
        unique=True,
        sqlite_where=IS_WAITING,
        postgresql_where=IS_WAITING,
    )


def downgrade() -> None:
    op.drop_index("uq_claim_waiting", "claim")
    op.drop_index("uq_person_name", "person")
