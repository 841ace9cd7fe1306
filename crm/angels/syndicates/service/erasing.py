"""What follows for syndicates from an investor who is erased."""

from __future__ import annotations

from crm.angels.investors.models import Angel
from crm.angels.investors.queries.erasing import rows_of
from crm.angels.investors.rules.erasing import GONE, gone
from crm.angels.syndicates.models import SyndicateLead, SyndicateMember
from crm.audit import service as audit
from crm.kernel.permissions import Actor


def erase_of_investor(found: Angel, *, by: Actor) -> None:
    """What an investor who is erased wrote as they offered to lead goes, and why their places ended; the places stay."""
    for lead in rows_of(SyndicateLead, found.account_id):
        lead.message, lead.reason = GONE, gone(lead.reason)
        audit.erase_all_values(lead, reason=GONE, by=by)
    for member in rows_of(SyndicateMember, found.account_id):
        member.reason = gone(member.reason)
        audit.erase_all_values(member, reason=GONE, by=by)
