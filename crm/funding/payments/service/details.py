"""Bank details of a business: entered by an owner, called back by a finance officer, and then paid to."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from crm.accounts.queries import email_of, people_of_business
from crm.audit import service as audit
from crm.audit.queries import entries_about
from crm.businesses.models import Business, Person
from crm.db.changes import Changes, amend, created
from crm.db.session import session
from crm.db.states import advance, refuse_if
from crm.funding.payments.models import BankDetails
from crm.funding.payments.policy import POLICY
from crm.funding.payments.queries import details as details_queries
from crm.funding.payments.rules.accounts import BankAccount, digits, for_the_bank, offered
from crm.funding.payments.workflow import DETAILS, Act, DetailsStatus
from crm.kernel.clock import day_of, now
from crm.kernel.emails import mailbox
from crm.kernel.errors import Conflict, Invalid, Trace, require_reason, says_something
from crm.kernel.permissions import Actor
from crm.notices import service as notices
from crm.notices.service import Extras, Reader

OUR_OWN = "This is our own account. Enter the account of your business"
PATH = "/businesses/{}/bank-details"


@dataclass(frozen=True)
class Call:
    """The call by which bank details were checked: which number was called, and who spoke for the business.

    ``why`` says why a number is trusted that was changed shortly before the details were entered.
    """

    number: str
    spoke_to: str
    why: str = ""


def enter(
    business: Business, account: BankAccount, *, ours: Collection[BankAccount] = (), by: Actor
) -> BankDetails:
    """Enter the account that a business wants to be paid to. It is not paid to before a finance officer has called back.

    ``ours`` are our own accounts: no business is paid to one of them.
    """
    POLICY.require(by, Act.ENTER, business)
    if (account.sort_code, account.number) in {(each.sort_code, each.number) for each in ours}:
        raise Invalid(OUR_OWN, field="account_number")
    refuse_if(why_not_entered(business) or why_not_called(business))
    _require_other(business, account)
    assert by.account_id is not None
    made = BankDetails(business_id=business.id, entered_by_id=by.account_id, entered_at=now())
    made.account_name, made.sort_code, made.account_number = account.name, account.sort_code, account.number
    people = details_queries.people_of(business.id)
    made.numbers = _numbers(business, people)
    made.readers = _founders(business)
    session().add(made)
    session().flush()
    audit.record(Act.ENTER, made, created(business_id=business.id, account=made.masked), by=by)
    _tell("bank_details_entered", made, business=business, by=by)
    return made


def _require_other(business: Business, account: BankAccount) -> None:
    """Refuse the very account that is paid to already: there would be nothing to call about. One that the bank rejected is no such account."""
    used = details_queries.confirmed_details(business.id)
    if used is None or _as_told(used.account) != _as_told(account) or details_queries.bars_of([used.id]):
        return
    raise Invalid(
        "This is the account that we pay to already. There is nothing to change", field="account_number"
    )


def _as_told(account: BankAccount) -> tuple[str, str, str]:
    """An account as the bank is told of it."""
    return for_the_bank(account.name).casefold(), account.sort_code, account.number


def enter_again(found: BankDetails, *, by: Actor) -> BankDetails:
    """Say that an account is right which the bank rejected or sent money back from. It is paid to again once a finance officer has called."""
    POLICY.require(by, Act.ENTER, found.business)
    refuse_if(why_not_again(found))
    return enter(found.business, found.account, by=by)


def why_not_again(found: BankDetails) -> str | None:
    """Why nobody says now of an account that it is right after all."""
    if found.status is not DetailsStatus.CONFIRMED or not details_queries.bars_of([found.id]):
        return "The bank has nothing against these bank details now, so there is nothing to say."
    return why_not_entered(found.business) or why_not_called(found.business)


def _numbers(business: Business, people: Iterable[Person]) -> list[dict[str, str]]:
    """The telephones known now, each with the day it was added or changed where that was shortly before."""
    since = now() - details_queries.recently()
    changed: dict[str, str] = {}
    for entry in entries_about(business, limit=200):
        phone = (entry.values.changes if entry.values else {}).get("phone")
        if entry.at >= since and phone and phone[1]:
            changed.setdefault(digits(phone[1]), day_of(entry.at).isoformat())
    known = [{"name": each.name, "number": each.phone} for each in people if each.phone]
    return [each | {"changed_on": changed.get(digits(each["number"]), "")} for each in known]


def why_not_entered(business: Business) -> str | None:
    """Why no other account can be entered now: one is called back, or withdrawn, before the next."""
    if details_queries.waiting_details(business.id) is not None:
        return "Bank details you entered earlier are still waiting for our call. To enter others, withdraw those first."
    return None


def why_not_called(business: Business) -> str | None:
    """Why the account of a business could not be checked: there is no number to call. An owner adds one first."""
    if not any(each.phone for each in details_queries.people_of(business.id)):
        return "We have no telephone number for this business, so we could not call to check. Add one to a person first."
    return None


def _founders(business: Business) -> list[dict[str, str]]:
    """Who is told: the people who are let in to the business, by their address now."""
    return [
        {"address": each.email, "name": each.name, "id": str(each.id)}
        for each, _ in people_of_business(business.id)
    ]


def _tell(kind: str, found: BankDetails, *, business: Business, by: Actor) -> None:
    """Write to everybody whose address was known before the change, and to those let in since."""
    readers = {each["address"]: each["name"] for each in [*_founders(business), *found.readers]}
    used = details_queries.confirmed_details(business.id)
    said = {"business": business.name, "account": found.masked, "by": by.name, "why": found.decision}
    said["used"] = used.masked if used is not None and used.id != found.id else ""
    said["again"] = "yes" if used is not None and used.id != found.id and used.is_account_of(found) else ""
    for address, name in sorted(readers.items()):
        is_them = mailbox(address) == mailbox(email_of(by.account_id))
        context = {**said, "by": "You" if is_them else by.name, "path": PATH.format(business.id)}
        notices.queue(kind, Reader(address, name), having=Extras(context=context))


def withdraw(found: BankDetails, *, by: Actor) -> None:
    """Withdraw bank details that one entered, before they are called back."""
    POLICY.require(by, Act.WITHDRAW, found)
    audit.record(Act.WITHDRAW, found, advance(DETAILS, found, Act.WITHDRAW), by=by)
    _tell("bank_details_refused", found, business=found.business, by=by)


def confirm(found: BankDetails, call: Call, *, by: Actor) -> None:
    """Record the call in which the business confirmed its account, on a number known before the change. It replaces the one before."""
    POLICY.require(by, Act.CONFIRM, found)
    _require_called(found, call, by=by)
    before = details_queries.confirmed_details(found.business_id)
    if before is not None:
        audit.record(Act.REPLACE, before, advance(DETAILS, before, Act.REPLACE), by=by)
        session().flush()
    changes: Changes = advance(DETAILS, found, Act.CONFIRM)
    who = {"called_by_id": by.account_id, "called_at": now(), "spoke_to": call.spoke_to.strip()}
    said = amend(found, called_number=call.number.strip(), decision=call.why.strip()[:500], **who)
    told = {name: said[name] for name in ("called_number", "spoke_to", "decision") if name in said}
    session().flush()
    audit.record(Act.CONFIRM, found, changes | told, by=by)
    _tell("bank_details_confirmed", found, business=found.business, by=by)


def _require_called(found: BankDetails, call: Call, *, by: Actor) -> None:
    DETAILS.target(Act.CONFIRM, found.status, thing=found)
    if not call.spoke_to.strip():
        raise Invalid("Enter who you spoke to", field="spoke_to")
    _require_known(found, call)
    if mailbox(email_of(by.account_id)) == mailbox(email_of(found.entered_by_id)):
        raise Conflict("You entered these bank details, so another finance officer must call back.")


def _require_known(found: BankDetails, call: Call) -> None:
    """Refuse a number that was not on record before, and one that was changed shortly before: beside a known one, or without a reason to trust it."""
    known = {digits(each["number"]): each for each in found.numbers}
    called = known.get(digits(call.number))
    if called is None:
        raise Invalid(
            "Call a number that was on the business’s record before these details were entered",
            field="number",
        )
    if called not in offered(found.numbers):
        raise Invalid(
            "This number was added or changed shortly before. Call one that was known for longer",
            field="number",
        )
    if called.get("changed_on") and not says_something(call.why):
        raise Invalid(
            "This number was changed shortly before. Say how you know that it is theirs", field="why"
        )


def refuse(found: BankDetails, *, reason: str, by: Actor) -> None:
    """Refuse bank details that the business did not confirm, with a reason."""
    POLICY.require(by, Act.REFUSE, found)
    require_reason(reason)
    changes = advance(DETAILS, found, Act.REFUSE)
    found.decision = reason.strip()
    audit.record(Act.REFUSE, found, changes | {"decision": (None, found.decision)}, by=by)
    _tell("bank_details_refused", found, business=found.business, by=by)


def noting_look(found: BankDetails, *, by: Actor) -> Trace:
    """The trace of a look at an account number in full: who looked."""
    details_id = found.id

    def leave() -> None:
        looked_at = details_queries.details(details_id)
        if looked_at is not None:
            audit.record(Act.REVEAL, looked_at, by=by)

    return leave
