"""Recording periods of membership, and voiding what was recorded by mistake."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from crm.accounts.models import Account
from crm.audit import service as audit
from crm.billing import queries
from crm.billing.models import MembershipPeriod
from crm.billing.policy import POLICY
from crm.billing.rules import Period, overlaps
from crm.billing.workflow import Act, Way
from crm.db.changes import amend, created, fields_of
from crm.db.session import session
from crm.kernel.clock import now
from crm.kernel.errors import Conflict, Invalid
from crm.kernel.money import NO_MONEY, Money
from crm.kernel.permissions import Actor

LONGEST = timedelta(days=3 * 366)


@dataclass(frozen=True)
class PeriodDetails:
    """A period to record. What is waived costs nothing, and has a reason."""

    starts_on: date
    ends_on: date
    way: Way
    amount: Money = NO_MONEY
    reference: str = ""
    reason: str = ""


def record(account: Account, details: PeriodDetails, *, by: Actor) -> MembershipPeriod:
    """Record a period that was paid for or waived. No day is paid for twice."""
    POLICY.require(by, Act.RECORD, account)
    _require_sound(details)
    queries.hold(account.id)
    wanted = Period(details.starts_on, details.ends_on)
    if overlaps(wanted, queries.live_spans_of([account.id]).get(account.id, ())):
        raise Conflict(
            "Another period covers some of these days already. Void it first, or begin the day after it."
        )
    fields = fields_of(details)
    made = MembershipPeriod(account_id=account.id, **fields, recorded_at=now(), recorded_by_id=by.account_id)
    session().add(made)
    session().flush()
    audit.record(Act.RECORD, made, created(account_id=account.id, **fields), by=by)
    return made


def _require_sound(details: PeriodDetails) -> None:
    if details.ends_on < details.starts_on:
        raise Invalid("The last day must not come before the first", field="ends_on")
    if details.ends_on - details.starts_on > LONGEST:
        raise Invalid("A period can be three years long at most", field="ends_on")
    if details.way is Way.WAIVER and not details.reason.strip():
        raise Invalid("Say why nothing is to be paid", field="reason")
    if details.way is Way.WAIVER and details.amount:
        raise Invalid("What is waived costs nothing: leave the sum empty", field="amount")
    if details.way is not Way.WAIVER and not details.amount:
        raise Invalid("Enter what was paid", field="amount")


def void(found: MembershipPeriod, *, reason: str, by: Actor) -> None:
    """Say that a period was recorded by mistake: it counts no more, from this moment."""
    POLICY.require(by, Act.VOID, found)
    if not reason.strip():
        raise Invalid("Say why", field="reason")
    if found.voided_at is not None:
        raise Conflict("This period is voided already.")
    changes = amend(found, voided_at=now(), voided_by_id=by.account_id, void_reason=reason)
    audit.record(Act.VOID, found, changes, by=by)
