"""The papers of a tax relief are those of one issue of shares: of one day and class, no longer of the whole raise."""

from collections.abc import Iterable
from typing import Any
from uuid import uuid4

import sqlalchemy as sa
from alembic import op

revision = "0113"
down_revision = "0112"
branch_labels = None
depends_on = None

FILING = sa.table(
    "relief_filing",
    *(sa.column(each, sa.Uuid()) for each in ("id", "pitch_id")),
    *(sa.column(each, sa.String()) for each in ("relief", "uir", "share_class")),
    *(sa.column(f"{each}_on", sa.Date()) for each in ("issued", "assured", "spent", "sent", "authorised")),
    sa.column("trading_from", sa.Date()),
    *(sa.column(each, sa.DateTime(timezone=True)) for each in ("told_at", "reminded_at")),
    sa.column("version", sa.Integer()),
)
INVESTMENT = sa.table(
    "investment",
    *(sa.column(each, sa.Uuid()) for each in ("id", "pitch_id")),
    *(sa.column(each, sa.String()) for each in ("relief", "status", "share_class")),
    sa.column("issued_on", sa.Date()),
)
CERTIFICATE = sa.table(
    "relief_certificate",
    sa.column("investment_id", sa.Uuid()),
    sa.column("removed_at", sa.DateTime(timezone=True)),
)
OF_THE_COMPANY = ("assured_on", "trading_from")
"""What a business has said of itself and not of certain shares."""


def upgrade() -> None:
    op.drop_index("uq_relief_filing_once", "relief_filing")
    with op.batch_alter_table("relief_filing") as changed:
        changed.add_column(sa.Column("issued_on", sa.Date(), nullable=True))
        changed.add_column(sa.Column("share_class", sa.String(length=200), nullable=False, server_default=""))
    for filing in op.get_bind().execute(sa.select(FILING).order_by(FILING.c.id)).mappings().all():
        _carry_over(dict(filing))
    with op.batch_alter_table("relief_filing") as changed:
        changed.alter_column("issued_on", existing_type=sa.Date(), nullable=False)
        changed.alter_column("share_class", server_default=None)
        changed.create_check_constraint(
            op.f("ck_relief_filing_sent_after_issue"), "sent_on IS NULL OR sent_on >= issued_on"
        )
    op.create_index(
        "uq_relief_filing_once",
        "relief_filing",
        ["pitch_id", "relief", "issued_on", "share_class"],
        unique=True,
    )


def _carry_over(filing: dict[str, Any]) -> None:
    """What was recorded for a raise is of its first issue of shares, and of each whose certificates rest on it.

    Any other issue begins with what the business said of itself: its statement is recorded on its own.
    """
    issues = _issues(filing)
    covered = [each for each in issues if filing["sent_on"] is None or each[0] <= filing["sent_on"]]
    bind = op.get_bind()
    if not covered:
        # No investment under this relief is left that it was sent for: it stays on record for the day it was sent.
        day = next((filing[each] for each in ("sent_on", "assured_on", "trading_from") if filing[each]), None)
        if day is None:
            bind.execute(sa.delete(FILING).where(FILING.c.id == filing["id"]))
        else:
            bind.execute(sa.update(FILING).where(FILING.c.id == filing["id"]).values(issued_on=day))
        return
    first = covered[0]
    own = dict(zip(("issued_on", "share_class"), first, strict=True))
    bind.execute(sa.update(FILING).where(FILING.c.id == filing["id"]).values(**own))
    certified = _certified(filing)
    for issue in issues:
        if issue != first:
            _copy(filing, issue, is_whole=issue in covered and issue in certified)


def _copy(filing: dict[str, Any], issue: tuple[Any, str], *, is_whole: bool) -> None:
    kept = filing if is_whole else {name: filing[name] for name in OF_THE_COMPANY}
    row = {"uir": "", **kept, "id": uuid4(), "version": 1, "issued_on": issue[0], "share_class": issue[1]}
    row |= {"pitch_id": filing["pitch_id"], "relief": filing["relief"]}
    op.get_bind().execute(sa.insert(FILING).values(**row))


def _issues(filing: dict[str, Any]) -> list[tuple[Any, str]]:
    """The issues of shares under the relief of a filing, by day and class, that both sides agree on, the first day first."""
    query = sa.select(INVESTMENT.c.issued_on, INVESTMENT.c.share_class).where(*_of_it(filing))
    query = query.where(INVESTMENT.c.status.in_(("matched", "confirmed")))
    return _keys(op.get_bind().execute(query))


def _certified(filing: dict[str, Any]) -> list[tuple[Any, str]]:
    """Those of which a certificate was given."""
    has_one = INVESTMENT.c.id.in_(
        sa.select(CERTIFICATE.c.investment_id).where(CERTIFICATE.c.removed_at.is_(None))
    )
    query = sa.select(INVESTMENT.c.issued_on, INVESTMENT.c.share_class).where(*_of_it(filing), has_one)
    return _keys(op.get_bind().execute(query))


def _of_it(filing: dict[str, Any]) -> tuple[Any, ...]:
    return INVESTMENT.c.pitch_id == filing["pitch_id"], INVESTMENT.c.relief == filing["relief"]


def _keys(rows: Iterable[Any]) -> list[tuple[Any, str]]:
    return sorted({(day, _class_of(text)) for day, text in rows})


def _class_of(text: str) -> str:
    words = text.casefold().split()
    return " ".join(words[:-1] if words and words[-1] in {"share", "shares"} else words)


def downgrade() -> None:
    op.drop_index("uq_relief_filing_once", "relief_filing")
    bind, first = op.get_bind(), {}
    rows = bind.execute(sa.select(FILING).order_by(FILING.c.issued_on, FILING.c.share_class)).mappings()
    for each in rows.all():
        if first.setdefault((each["pitch_id"], each["relief"]), each["id"]) != each["id"]:
            bind.execute(sa.delete(FILING).where(FILING.c.id == each["id"]))
    with op.batch_alter_table("relief_filing") as changed:
        changed.drop_constraint(op.f("ck_relief_filing_sent_after_issue"), type_="check")
        changed.drop_column("share_class")
        changed.drop_column("issued_on")
    op.create_index("uq_relief_filing_once", "relief_filing", ["pitch_id", "relief"], unique=True)
