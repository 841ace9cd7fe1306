"""Letters about payments to everybody at the business who has an account."""

from __future__ import annotations

from crm.accounts.queries import people_of_business
from crm.businesses.queries.seeing import business
from crm.funding.payments.models import Payment
from crm.notices import service as notices
from crm.notices.service import Extras, Reader


def tell_business(kind: str, found: Payment, **facts: str) -> None:
    """Queue a letter about a payment to each person of the business, with a link to its bank details and payments."""
    own = business(found.business_id)
    assert own is not None
    said = {"business": own.name, "amount": found.amount.in_full(), "reason": found.reason}
    said |= {"path": f"/businesses/{found.business_id}/bank-details"}
    having = Extras(context=said | facts, about=(found.about_table, found.about_id))
    for each, _ in people_of_business(found.business_id):
        notices.queue(kind, Reader(each.email, each.name, each.id), having=having)
