"""What follows for introductions from an investor who is erased."""

from __future__ import annotations

from crm.angels.introductions.models import Introduction
from crm.angels.investors.models import Angel
from crm.angels.investors.queries.erasing import rows_of
from crm.angels.investors.rules.erasing import GONE, gone
from crm.audit import service as audit
from crm.kernel.permissions import Actor


def erase_of_investor(found: Angel, *, by: Actor) -> None:
    """What an investor who is erased wrote to businesses goes, and why introductions ended; that they met stays."""
    for each in rows_of(Introduction, found.account_id):
        each.message, each.end_reason, each.refusal_note = "", gone(each.end_reason), gone(each.refusal_note)
        audit.erase_all_values(each, reason=GONE, by=by)
