"""Who looks after a plan, a referral or a draft now, apart from who made it: a handover changes the one, never the other.

Authors that handovers wrote over before are read back from the handovers themselves.
"""

import sqlalchemy as sa
from alembic import op

revision = "0076"
down_revision = "0075"
branch_labels = None
depends_on = None

UUID = {"sqlite": "CHAR(32)", "postgresql": "UUID"}
WALL = "CONSTRAINT fk_{table}_holder_id REFERENCES account (id)"
TABLES = {"action_plan": "made_by_id", "referral": "created_by_id", "conversation": "recorded_by_id"}
INDEXES = {
    "action_plan": "ix_action_plan_holder",
    "referral": "ix_referral_holder_id",
    "conversation": "ix_conversation_holder",
}
COLUMNS = {
    "action_plan": ["holder_id", "status"],
    "referral": ["holder_id"],
    "conversation": ["holder_id", "status"],
}
KINDS = {"action_plan": "action_plan", "referral": "referral", "conversation": "conversation"}
"""What a handover calls the things of each table."""
PASSED = """
SELECT passed.case_id, passed.receiver_id, made.giver_id, giver.name
FROM handover_case AS passed JOIN handover AS made ON made.id = passed.handover_id
JOIN account AS giver ON giver.id = made.giver_id
WHERE passed.kind = :kind ORDER BY made.at DESC
"""


def upgrade() -> None:
    op.drop_index("ix_action_plan_maker", table_name="action_plan")
    for table, author in TABLES.items():
        kind = UUID[op.get_bind().dialect.name]
        op.execute(f"ALTER TABLE {table} ADD COLUMN holder_id {kind} {WALL.format(table=table)}")
        op.execute(f"UPDATE {table} SET holder_id = {author}")  # noqa: S608 names of our own
        op.create_index(INDEXES[table], table, COLUMNS[table], unique=False)
        _restore(table, author)


def _restore(table: str, author: str) -> None:
    """Walk back over the handovers, the latest first: whose author is its receiver was made by its giver, or before."""
    told = op.get_bind().execute(sa.text(PASSED), {"kind": KINDS[table]}).all()
    named = ", made_by = :name" if table == "action_plan" else ""
    walk = sa.text(f"UPDATE {table} SET {author} = :giver{named} WHERE id = :id AND {author} = :receiver")  # noqa: S608
    for case_id, receiver_id, giver_id, name in told:
        given = {"giver": giver_id, "id": case_id, "receiver": receiver_id}
        op.get_bind().execute(walk, given | ({"name": name} if named else {}))


def downgrade() -> None:
    op.create_index("ix_action_plan_maker", "action_plan", ["made_by_id", "status"], unique=False)
    for table in TABLES:
        op.drop_index(INDEXES[table], table_name=table)
        op.execute(f"ALTER TABLE {table} DROP COLUMN holder_id")
