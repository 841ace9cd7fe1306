"""What follows for pledges and investments from an investor who is erased, and what stands against erasing them."""

from __future__ import annotations

from uuid import UUID

from crm.angels.deals.models import Investment, Pledge
from crm.angels.deals.workflow import COMPLETED, LIVE, InvestmentStatus
from crm.angels.investors.models import Angel
from crm.angels.investors.queries.angels import angel
from crm.angels.investors.queries.erasing import rows_of
from crm.angels.investors.rules.erasing import GONE, gone
from crm.audit import service as audit
from crm.kernel.permissions import Actor

OVER = (*COMPLETED, InvestmentStatus.REVERSED)
STILL_OPEN = "A deal of theirs is still open: {}. Settle it first."


def why_not_erased(angel_id: UUID) -> str | None:
    """The open deals of an investor: a pledge that stands, or an investment on which both sides do not agree yet."""
    found = angel(angel_id)
    account_id = found.account_id if found else None
    pledged = [each.reference for each in rows_of(Pledge, account_id) if each.status in LIVE]
    reported = [each.reference for each in rows_of(Investment, account_id) if each.status not in OVER]
    named = ", ".join([*pledged, *reported])
    return STILL_OPEN.format(named) if named else None


def erase_of_investor(found: Angel, *, by: Actor) -> None:
    """Why the pledges of an investor who is erased ended goes; the pledges and investments stay, with their sums."""
    for each in rows_of(Pledge, found.account_id):
        each.end_reason = gone(each.end_reason)
        audit.erase_all_values(each, reason=GONE, by=by)
