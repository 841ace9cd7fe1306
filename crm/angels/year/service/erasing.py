"""What follows for the year of an investor who is erased."""

from __future__ import annotations

from crm.angels.investors.models import Angel
from crm.angels.investors.queries.erasing import rows_of
from crm.angels.investors.rules.erasing import GONE
from crm.angels.year.models import EmailChoice
from crm.audit import service as audit
from crm.db.session import session
from crm.kernel.permissions import Actor


def erase_of_investor(found: Angel, *, by: Actor) -> None:
    """The choice about emails of an investor who is erased goes; that they were asked something, and when, stays."""
    for each in rows_of(EmailChoice, found.account_id):
        audit.erase_all_values(each, reason=GONE, by=by)
        session().delete(each)
