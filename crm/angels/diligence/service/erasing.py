"""What follows for due diligence from an investor who is erased."""

from __future__ import annotations

from crm.angels.diligence.queries import items_under
from crm.angels.introductions.models import Introduction
from crm.angels.investors.models import Angel
from crm.angels.investors.queries.erasing import rows_of
from crm.angels.investors.rules.erasing import GONE, gone
from crm.audit import service as audit
from crm.kernel.permissions import Actor


def erase_of_investor(found: Angel, *, by: Actor) -> None:
    """What an investor who is erased asked businesses goes; that they asked, and what was answered, stays."""
    met = [each.id for each in rows_of(Introduction, found.account_id)]
    for each in items_under(met):
        each.question, each.reason, each.closed_for = GONE, gone(each.reason), gone(each.closed_for)
        audit.erase_all_values(each, reason=GONE, by=by)
