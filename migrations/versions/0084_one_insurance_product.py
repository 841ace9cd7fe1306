"""The Export Insurance Policy is one service and the Small Export Builder another: the name of the first is its own.

What staff have worded otherwise stays as they worded it. The way down leaves the words: both products stand apart.
"""

import sqlalchemy as sa
from alembic import op

revision = "0084"
down_revision = "0083"
branch_labels = None
depends_on = None

BOTH, OWN = "UKEF Export Insurance Policy and Small Export Builder", "UKEF Export Insurance Policy"
SAID = "Covers up to 95% of loss on export contracts; small-limit branch to £25,000."
SAYS = "Covers up to 95% of loss on export contracts."
NAMED = sa.text("UPDATE service SET name = :own WHERE service_id = 'ukef_exip' AND name = :both")
DESCRIBED = sa.text(
    "UPDATE service SET description = :says WHERE service_id = 'ukef_exip' AND description = :said"
)
ASKED = sa.text(
    "UPDATE next_step SET title = replace(title, :both, :own) WHERE done_at IS NULL AND title LIKE :any"
)


def upgrade() -> None:
    op.execute(NAMED.bindparams(own=OWN, both=BOTH))
    op.execute(DESCRIBED.bindparams(says=SAYS, said=SAID))
    op.execute(ASKED.bindparams(own=OWN, both=BOTH, any=f"%{BOTH}%"))


def downgrade() -> None:
    """Nothing: the words of the file are those of now."""
