"""Recording periods of membership, and voiding what was recorded by mistake."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from crm.accounts.models import Account
from crm.accounts.queries import account as account_behind
from crm.audit import service as audit
from crm.billing import queries
from crm.billing.models import MembershipPeriod
from crm.billing.policy import POLICY
from crm.billing.rules import Period, overlaps
from crm.billing.service import wishing
from crm.billing.workflow import Act, Way
from crm.db.changes import amend, created, fields_of
from crm.db.holding import why_withheld
from crm.db.session import session
from crm.db.states import refuse_if
from crm.kernel.calendar import ONE_DAY, add_months, day_in_words
from crm.kernel.clock import now, today
from crm.kernel.errors import Conflict, Invalid, says_something
from crm.kernel.money import NO_MONEY, Money
from crm.kernel.permissions import SYSTEM, Actor
from crm.notices.service import Extras, Reader, queue

LONGEST, MONTHS_BACK, MOST = timedelta(days=3 * 366), 36, Money.pounds(10_000)
"""Bounds that only a slip of the finger passes: how long a period is, how long ago it began, and what was paid for it."""


@dataclass(frozen=True)
class PeriodDetails:
    """A period to record. What is waived costs nothing, and has a reason."""

    starts_on: date
    ends_on: date
    way: Way
    amount: Money = NO_MONEY
    reference: str = ""
    reason: str = ""


def record(
    account: Account,
    details: PeriodDetails,
    *,
    renews: bool = False,
    change_by: date | None = None,
    by: Actor,
) -> MembershipPeriod:
    """Record a period that was paid for or waived, and email the member. No day is paid for twice.

    ``change_by`` is the last day on which its payer may change their mind: somebody who is outside the network reads it.
    """
    POLICY.require(by, Act.RECORD, account)
    _require_sound(details)
    queries.hold(account.id)
    _require_free(account, Period(details.starts_on, details.ends_on))
    fields = fields_of(details)
    made = MembershipPeriod(account_id=account.id, **fields, recorded_at=now(), recorded_by_id=by.account_id)
    session().add(made)
    session().flush()
    audit.record(Act.RECORD, made, created(account_id=account.id, **fields), by=by)
    back = {"withheld": why_withheld("account", account.id) or "", "change_by": _in_words(change_by)}
    _write_to(made, "membership_recorded", account, paid=_said_of_payment(details, renews), **back)
    return made


def _require_free(account: Account, wanted: Period) -> None:
    if overlaps(wanted, queries.live_spans_of([account.id]).get(account.id, ())):
        raise Conflict(
            "Another period already covers some of these days. Cancel it first, or start on the day after it ends."
        )


def _in_words(day: date | None) -> str:
    return day_in_words(day) if day is not None else ""


def _said_of_payment(details: PeriodDetails, renews: bool) -> str:
    if details.way is Way.WAIVER:
        return "Your payment was waived."
    how = " by card. Your receipt is on the page of your membership" if details.way is Way.CARD else ""
    next_day = day_in_words(details.ends_on + ONE_DAY)
    after = f" It renews itself on {next_day}: we email you before, and you can stop it on that page."
    return f"We received {details.amount}{how}.{after if renews else ''}"


def remind(found: MembershipPeriod, *, about: Mapping[str, str]) -> None:
    """Tell a member, once, that the time they paid for ends soon: whether it renews itself, and what else ends then.

    ``about`` has ``renews`` (the sum, empty where it does not renew), ``statement`` (the last day of their statement) and
    ``closes`` (the last day of grace).
    """
    owner = account_behind(found.account_id)
    if owner is None:
        return
    changes = amend(found, reminded_at=now())
    audit.record(Act.REMIND, found, changes, by=SYSTEM)
    _write_to(found, "membership_ends", owner, **about)


def _write_to(found: MembershipPeriod, kind: str, account: Account, **more: str) -> None:
    days = {"first": day_in_words(found.starts_on), "last": day_in_words(found.ends_on)}
    reader = Reader(account.email, account.name, account.id)
    queue(kind, reader, having=Extras(days | more | {"path": "/membership"}))


def _require_sound(details: PeriodDetails) -> None:
    if details.ends_on < details.starts_on:
        raise Invalid("The last day must be on or after the first day", field="ends_on")
    if details.ends_on - details.starts_on > LONGEST:
        raise Invalid("A period can be up to three years long", field="ends_on")
    if details.way is Way.WAIVER and not says_something(details.reason):
        raise Invalid("Enter why the payment is waived", field="reason")
    if details.way is Way.WAIVER and details.amount:
        raise Invalid("Leave the amount empty if the payment is waived", field="amount")
    if details.way is not Way.WAIVER and not details.amount:
        raise Invalid("Enter what was paid", field="amount")
    if details.amount > MOST:
        raise Invalid(f"Check the amount: no membership costs more than {MOST}", field="amount")
    if details.starts_on < add_months(today(), -MONTHS_BACK):
        raise Invalid("Check the first day: it is more than three years ago", field="starts_on")


def why_not_void(found: MembershipPeriod) -> str | None:
    """Why a period cannot be cancelled; None where it can."""
    return "This period has already been cancelled." if found.voided_at is not None else None


def void(found: MembershipPeriod, *, reason: str, is_told: bool = True, by: Actor) -> None:
    """Cancel a period that was recorded by mistake, from this moment, and email the member why, unless another letter says so.

    A renewal that would go on from it ends too.
    """
    POLICY.require(by, Act.VOID, found)
    if not says_something(reason):
        raise Invalid("Enter a reason", field="reason")
    refuse_if(why_not_void(found))
    changes = amend(found, voided_at=now(), voided_by_id=by.account_id, void_reason=reason)
    audit.record(Act.VOID, found, changes, by=by)
    payments = queries.payments_held(found.account_id) if by.account_id else ()
    is_stopped = wishing.end_unpaid(found.account_id, payments=payments)
    owner = account_behind(found.account_id)
    if owner is not None and is_told:
        stopped = "yes" if is_stopped else ""
        _write_to(found, "membership_cancelled", owner, reason=reason, stopped=stopped)
