"""Recording subsidies that others gave, and our help in kind at what it is worth."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from crm.audit import service as audit
from crm.businesses.models import Business
from crm.db.changes import created, fields_of
from crm.db.session import session
from crm.funding.subsidy.models import Subsidy
from crm.funding.subsidy.policy import POLICY
from crm.funding.subsidy.rules import MOST_GIVEN, Regime, SubsidyKind
from crm.funding.subsidy.workflow import Act, SubsidyStatus
from crm.kernel.clock import now, today
from crm.kernel.errors import Invalid, refuse_all, require_all
from crm.kernel.money import Money
from crm.kernel.permissions import Actor


@dataclass(frozen=True)
class SubsidyDetails:
    """What was given: by whom, what for, its gross amount or cash equivalent, and the day it was given."""

    giver: str
    purpose: str
    amount: Money
    given_on: date
    regime: Regime = Regime.MFA


def declare(business: Business, details: SubsidyDetails, *, by: Actor) -> Subsidy:
    """Record a subsidy that another body gave. It counts at once, whatever the headroom: it was given."""
    POLICY.require(by, Act.DECLARE, business)
    return _record(business, details, SubsidyKind.DECLARED, by=by)


def record_in_kind(business: Business, details: SubsidyDetails, *, by: Actor) -> Subsidy:
    """Record our help in kind at its gross cash equivalent (P39; section 36(5)(b))."""
    POLICY.require(by, Act.RECORD_IN_KIND, business)
    return _record(business, details, SubsidyKind.IN_KIND, by=by)


def _record(business: Business, details: SubsidyDetails, kind: SubsidyKind, *, by: Actor) -> Subsidy:
    require_given(details)
    fields = fields_of(details)
    made = Subsidy(business_id=business.id, kind=kind, **fields, _status=SubsidyStatus.RECORDED)
    made.recorded_at, made.recorded_by_id = now(), by.account_id
    session().add(made)
    session().flush()
    act = Act.DECLARE if kind is SubsidyKind.DECLARED else Act.RECORD_IN_KIND
    audit.record(act, made, created(business_id=business.id, kind=kind, **fields), by=by)
    return made


def require_given(details: SubsidyDetails) -> None:
    """Refuse what cannot have been given, with everything that is wrong. Raises `Invalid`."""
    require_all(lambda: require_sound(details), lambda: _require_past(details.given_on))


def _require_past(day: date) -> None:
    if day > today():
        raise Invalid("The day it was given must be today or earlier", field="given_on")


def require_sound(details: SubsidyDetails) -> None:
    """Refuse what no subsidy can be. Raises `Invalid` at its fields."""
    refuse_all(_faults_of(details))


def _faults_of(details: SubsidyDetails) -> Iterator[Invalid]:
    for name, words in (("giver", "Enter who gave it"), ("purpose", "Enter what it was for")):
        if not getattr(details, name).strip():
            yield Invalid(words, field=name)
    if details.amount.pence <= 0:
        yield Invalid("Enter an amount of £0.01 or more", field="amount")
    if details.amount > MOST_GIVEN:
        yield Invalid(f"Enter {MOST_GIVEN} or less: help of this kind is far smaller", field="amount")
