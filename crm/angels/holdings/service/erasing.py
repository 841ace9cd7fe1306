"""What follows for the papers of an investor who is erased."""

from __future__ import annotations

from crm.angels.deals.models import Investment
from crm.angels.holdings.queries.papers import certificates_ever_of
from crm.angels.investors.models import Angel
from crm.angels.investors.queries.erasing import rows_of
from crm.angels.investors.rules.erasing import GONE
from crm.audit import service as audit
from crm.documents import service as documents
from crm.documents.queries import documents_about
from crm.kernel.permissions import Actor


def erase_of_investor(found: Angel, *, by: Actor) -> None:
    """The files of an investor's certificates name them and their home: they go. That each was given, and when, stays."""
    own = [each.id for each in rows_of(Investment, found.account_id)]
    for each in certificates_ever_of(own):
        audit.erase_all_values(each, reason=GONE, by=by)
        for file_ in documents_about(each.__tablename__, each.id):
            file_.name = GONE
            documents.remove(file_)
