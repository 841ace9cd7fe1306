"""What a letter is about, so that those who see it find every letter; known of old letters where their words say it."""

import re
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from alembic import op

revision = "0093"
down_revision = "0092"
branch_labels = None
depends_on = None

TO_APPLICANTS = re.compile(
    r"application_\w+|award_\w+|decision_(successful|reserve|unsuccessful)|grant_claim_\w+|milestone_\w+|repayment_\w+|query_closed"
)
PATHS = {
    "subsidy": re.compile(r"^/subsidies/([0-9a-f-]{36})$"),
    "outcome_report": re.compile(r"^/outcomes/([0-9a-f-]{36})/give$"),
    "payment": re.compile(r"^/payments/([0-9a-f-]{36})$"),
}


def upgrade() -> None:
    with op.batch_alter_table("letter") as changed:
        changed.add_column(sa.Column("about_table", sa.String(60), nullable=True))
        changed.add_column(sa.Column("about_id", sa.Uuid(), nullable=True))
        changed.create_check_constraint(
            op.f("ck_letter_about_whole"), "(about_table IS NULL) = (about_id IS NULL)"
        )
    op.create_index("ix_letter_about", "letter", ["about_table", "about_id", "queued_at"])
    _fill_in(op.get_bind())


def _fill_in(bind: sa.Connection) -> None:
    letter = sa.table(
        "letter",
        sa.column("id", sa.Uuid()),
        sa.column("kind", sa.String()),
        sa.column("context", sa.JSON()),
        sa.column("about_table", sa.String()),
        sa.column("about_id", sa.Uuid()),
    )
    known = _known(bind)
    for row in bind.execute(sa.select(letter.c.id, letter.c.kind, letter.c.context)).all():
        about = _about(row.kind, row.context or {}, known)
        if about is not None:
            named = {"about_table": about[0], "about_id": about[1]}
            bind.execute(sa.update(letter).where(letter.c.id == row.id).values(**named))


def _known(bind: sa.Connection) -> dict[str, dict[object, tuple[str, UUID]]]:
    """What letters name, and what they are then about."""
    application = sa.table("application", sa.column("id", sa.Uuid()), sa.column("reference", sa.String()))
    report = sa.table("outcome_report", sa.column("id", sa.Uuid()), sa.column("application_id", sa.Uuid()))
    payment = sa.table(
        "payment",
        sa.column("id", sa.Uuid()),
        sa.column("about_table", sa.String()),
        sa.column("about_id", sa.Uuid()),
    )
    subsidy = sa.table("subsidy", sa.column("id", sa.Uuid()))
    return {
        "reference": {
            each.reference: ("application", each.id)
            for each in bind.execute(sa.select(application.c.id, application.c.reference))
        },
        "outcome_report": {
            each.id: ("application", each.application_id)
            for each in bind.execute(sa.select(report.c.id, report.c.application_id))
        },
        "payment": {
            each.id: (each.about_table, each.about_id)
            for each in bind.execute(sa.select(payment.c.id, payment.c.about_table, payment.c.about_id))
        },
        "subsidy": {each.id: ("subsidy", each.id) for each in bind.execute(sa.select(subsidy.c.id))},
    }


def _about(
    kind: str, context: dict[str, Any], known: dict[str, dict[object, Any]]
) -> tuple[str, UUID] | None:
    if TO_APPLICANTS.fullmatch(kind):
        return known["reference"].get(context.get("reference"))
    for table, form in PATHS.items():
        found = form.match(str(context.get("path", "")))
        if found:
            return known[table].get(UUID(found[1]))
    return None


def downgrade() -> None:
    op.drop_index("ix_letter_about", "letter")
    with op.batch_alter_table("letter") as changed:
        changed.drop_constraint(op.f("ck_letter_about_whole"), type_="check")
        changed.drop_column("about_id")
        changed.drop_column("about_table")
