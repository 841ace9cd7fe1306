"""The lead records terms as versions; the business agrees a version, and members confirm it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from crm.accounts.queries import account
from crm.angels.investors.rules.instruments import is_cleared
from crm.angels.investors.workflow import Instrument
from crm.angels.pitches.models import Pitch
from crm.angels.syndicates.models import Syndicate, SyndicateTerms
from crm.angels.syndicates.models.syndicates import limits_of
from crm.angels.syndicates.policy import POLICY
from crm.angels.syndicates.rules.promising import CLOSES_ON, MINIMUM, beyond_raise
from crm.angels.syndicates.service.moving import hold, move, unsettle, why_not_shown, why_over
from crm.angels.syndicates.service.telling import tell_all, tell_lead, tell_owner
from crm.angels.syndicates.workflow import TERMS, Act, SyndicateStatus
from crm.audit import service as audit
from crm.db.changes import created, fields_of
from crm.db.session import session
from crm.db.states import refuse_if
from crm.kernel.calendar import day_in_words
from crm.kernel.clock import is_past, now, today
from crm.kernel.errors import Invalid, refuse_all, require_reason
from crm.kernel.money import Money
from crm.kernel.permissions import SYSTEM, Actor

MOST_VERSIONS = 50
PROMISES = {
    MINIMUM: "the minimum here cannot be less",
    CLOSES_ON: "the closing date here cannot be later",
}


@dataclass(frozen=True)
class TermsDetails:
    """What one version says. The instrument is that of the pitch; the discount is in whole percent."""

    minimum: Money
    closes_on: date
    rights: str
    pre_money: Money | None = None
    cap: Money | None = None
    discount: int | None = None
    takes_fee: bool = False
    fee: str = ""


def why_not_proposed(found: Syndicate) -> str | None:
    """Why no version can be recorded now: the raise is over, a version waits already, or there are too many."""
    if why_over(found):
        return why_over(found)
    if found.proposed is not None:
        return (
            f"Version {found.proposed.number} waits for the business. Withdraw it before you record another."
        )
    if found.pitch.closes_on is not None and is_past(found.pitch.closes_on, on=today()):
        last = day_in_words(found.pitch.closes_on)
        return f"The last day of this raise was {last}. You can record terms once the business has set a later one."
    if not is_cleared(found.pitch.instrument):
        return "The pitch is for a type of investment that is not shown here."
    return "There are too many versions of these terms." if len(found.terms) >= MOST_VERSIONS else None


def propose(found: Syndicate, details: TermsDetails, *, by: Actor) -> SyndicateTerms:
    """Record a version of the terms for the business to agree. The version that is agreed holds until then."""
    POLICY.require(by, Act.PROPOSE, found)
    hold(found)
    refuse_if(why_not_proposed(found))
    _require_sound(found.pitch, details)
    lead = found.lead
    assert lead is not None
    made = SyndicateTerms(syndicate_id=found.id, lead_id=lead.id, **fields_of(details))
    made.number, made.proposed_at = len(found.terms) + 1, now()
    made.instrument, made._status = found.pitch.instrument, TERMS.start  # noqa: SLF001 where every version begins
    session().add(made)
    session().flush()
    audit.record(Act.PROPOSE, made, created(number=made.number, **fields_of(details)), by=by)
    own = account(lead.account_id)
    tell_owner(found, "terms_proposed", number=made.number, investor=own.name if own else "The lead")
    return made


def _require_sound(found: Pitch, details: TermsDetails) -> None:
    """Refuse what does not fit the type of investment, or the raise."""
    is_shares = found.instrument is Instrument.EQUITY
    is_convertible = found.instrument is Instrument.CONVERTIBLE
    if is_shares and not details.pre_money:
        raise Invalid("Enter the valuation before the investment", field="pre_money")
    if details.pre_money is not None and not is_shares:
        raise Invalid("Only shares have a valuation.")
    if is_convertible and not (details.cap or details.discount):
        raise Invalid("Enter a cap, a discount or both", field="cap")
    if not is_convertible and (details.cap is not None or details.discount is not None):
        raise Invalid("Only a convertible loan note has a cap or a discount.")
    if not details.minimum or details.minimum > found.amount:
        raise Invalid(f"Enter a minimum of up to {found.amount}, which the raise seeks", field="minimum")
    if is_past(details.closes_on, on=today()):
        raise Invalid("The closing date must be today or later", field="closes_on")
    beyond = beyond_raise(details.minimum, details.closes_on, **limits_of(found))
    refuse_all(Invalid(f"{said}, so {PROMISES[name]}", field=name) for name, said in beyond.items())
    if details.takes_fee != bool(details.fee):
        words = "Describe the fee or carry" if details.takes_fee else "Leave this empty, or choose a fee"
        raise Invalid(words, field="fee")


def agree(found: SyndicateTerms, *, by: Actor) -> None:
    """Agree a version. It replaces the one before, and every member has to confirm their place on it."""
    POLICY.require(by, Act.AGREE_TERMS, found)
    about = found.syndicate
    hold(about)
    TERMS.target(Act.AGREE_TERMS, found.status)
    refuse_if(why_not_agreed(found))
    if about.agreed is not None:
        move(about.agreed, Act.REPLACE_TERMS, by=SYSTEM)
    move(found, Act.AGREE_TERMS, by=by, agreed_at=now(), agreed_by_id=by.account_id)
    if about.status is SyndicateStatus.FORMING:
        move(about, Act.OPEN, by=SYSTEM)
    tell_lead(about, "terms_agreed", number=found.number)
    tell_all(about, "syndicate_confirm", to=[each.account for each in unsettle(about)], number=found.number)


def why_not_agreed(found: SyndicateTerms) -> str | None:
    """Why a version cannot be agreed now: the pitch is not shown or has changed, or the closing date has passed."""
    if why_not_shown(found.syndicate):
        return why_not_shown(found.syndicate)
    if is_past(found.closes_on, on=today()):
        return f"The closing date of these terms was {day_in_words(found.closes_on)}. The lead has to record a new version."
    if found.instrument is not found.pitch.instrument:
        return "The pitch is now for another type of investment. The lead has to record a new version."
    if found.beyond:
        said = ". ".join(found.beyond.values())
        return f"These terms say something else than the raise. {said}. The lead has to record a new version."
    return None


def decline(found: SyndicateTerms, *, reason: str, by: Actor) -> None:
    """Turn a version down, with a reason that the lead reads. The version that is agreed still holds."""
    POLICY.require(by, Act.DECLINE_TERMS, found)
    words, about = require_reason(reason), found.syndicate
    hold(about)
    move(found, Act.DECLINE_TERMS, by=by, reason=words)
    tell_lead(about, "terms_declined", number=found.number, reason=words)


def withdraw(found: SyndicateTerms, *, by: Actor) -> None:
    """Withdraw a version that the business has not agreed yet."""
    POLICY.require(by, Act.WITHDRAW_TERMS, found)
    about = found.syndicate
    hold(about)
    move(found, Act.WITHDRAW_TERMS, by=by)
    tell_owner(about, "terms_withdrawn", number=found.number)
