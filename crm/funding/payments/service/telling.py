"""Letters about payments to everybody at the business who has an account."""

from __future__ import annotations

from crm.accounts.queries import people_of_business
from crm.businesses.queries.seeing import business
from crm.funding.payments.models import Payment, RunLine
from crm.funding.payments.queries import details as details_queries
from crm.funding.payments.rules.reasons import NO_REASON
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


def what_now(found: Payment, line: RunLine) -> dict[str, str]:
    """What a letter about a try says that the bank did not make or sent back: the account, why, and what the business does now, if anything."""
    payee = details_queries.payees([found.business_id])[found.business_id]
    waiting = details_queries.waiting_details(found.business_id)
    facts = {"account": line.masked, "why": found.reason_told, "said": _said(found), "other": ""}
    if payee.why_not is None:
        facts["path"] = f"/payments/{found.id}"
        is_same = payee.account is not None and payee.account.id == line.details_id
        facts["then"] = "ours" if found.is_our_fault else "open" if is_same else "replaced"
        facts["other"] = payee.account.masked if payee.account is not None else ""
    elif waiting is not None:
        is_again = (waiting.sort_code, waiting.account_number) == (line.sort_code, line.account_number)
        facts |= {"then": "again" if is_again else "waiting", "other": waiting.masked}
    else:
        facts["then"] = "barred"
    if facts["then"] == "open":
        facts["path"] = f"/businesses/{found.business_id}/bank-details"
    return facts


def _said(found: Payment) -> str:
    """Why, as a sentence; empty where it is about us."""
    if found.reason_told:
        return f"{'What we know' if found.is_sent_back else 'The reason we have'}: {found.reason_told}"
    return "" if found.is_our_fault else f"{NO_REASON}."
