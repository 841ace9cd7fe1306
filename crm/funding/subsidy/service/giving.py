"""Giving minimal financial assistance in the order the law sets: notify, have it confirmed, give, issue the confirmation.

Subsidy Control Act 2022 section 37. Each step checks the headroom of the whole enterprise again, with it held.
"""

from __future__ import annotations

from datetime import date
from uuid import UUID

from crm.audit import service as audit
from crm.businesses.models import Business
from crm.businesses.queries.seeing import business
from crm.db.changes import Changes, amend, created, fields_of
from crm.db.following import follow
from crm.db.session import session
from crm.db.states import advance, refuse_if
from crm.funding.subsidy import queries
from crm.funding.subsidy.models import Subsidy
from crm.funding.subsidy.policy import POLICY
from crm.funding.subsidy.queries import Wanted
from crm.funding.subsidy.rules import (
    GOODS,
    MONTHS_AHEAD,
    ONLY_MFA,
    Fit,
    Regime,
    SubsidyKind,
    lower_or_free,
    publish_by,
    why_too_much,
)
from crm.funding.subsidy.service.recording import SubsidyDetails, require_sound
from crm.funding.subsidy.service.telling import tell_business
from crm.funding.subsidy.workflow import AHEAD, ASKED, GIVEN, LOWERED, MACHINE, Act, SubsidyStatus
from crm.kernel.calendar import add_months, day_in_words
from crm.kernel.clock import day_of, has_come, now, require_ahead, today
from crm.kernel.errors import Invalid, refuse_all, require_all, require_reason
from crm.kernel.money import NO_MONEY, Money
from crm.kernel.permissions import Actor
from crm.kernel.roles import Role
from crm.kernel.signing import require_signed
from crm.kernel.text import ended

START_LATER = "enter a start date of {day} or later"
OF_AWARD = "lower or withdraw this award"
"""What can be done about an award whose offer does not fit under the limit."""


def prepare(
    business: Business,
    details: SubsidyDetails,
    *,
    depends_on_exporting_goods: bool,
    about: tuple[str, UUID] | None = None,
    decided_id: UUID | None = None,
    by: Actor,
) -> Subsidy:
    """Begin the papers of a subsidy of ours, for a day on which it fits. Never for goods that depend on export (P42).

    ``about`` is what it is given for, such as an award, and ``decided_id`` what decided it. It takes no room of anything else that was
    decided, whatever it is for (decision 0114).
    """
    POLICY.require(by, Act.PREPARE, business)
    _require_lawful(details, depends_on_exporting_goods=depends_on_exporting_goods)
    wanted = Wanted(business.id, details.amount, details.given_on, decided_id=decided_id)
    require_fit(wanted, is_told=about is not None and decided_id is None)
    fields, ours = fields_of(details), {"kind": SubsidyKind.OURS, "recorded_by_id": by.account_id}
    made = Subsidy(business_id=business.id, **fields, **ours, recorded_at=now())
    made.about_table, made.about_id = about or ("", None)
    session().add(made)
    session().flush()
    audit.record(Act.PREPARE, made, created(business_id=business.id, **fields), by=by)
    return made


def _require_lawful(details: SubsidyDetails, *, depends_on_exporting_goods: bool) -> None:
    goods = Invalid(GOODS, field="depends_on_exporting_goods")
    other = Invalid(ONLY_MFA, field="regime")
    require_all(
        lambda: require_sound(details),
        lambda: _require_ahead(details),
        lambda: refuse_all([goods] if depends_on_exporting_goods else []),
        lambda: refuse_all([other] if details.regime is not Regime.MFA else []),
    )


def _require_ahead(details: SubsidyDetails) -> None:
    require_ahead(details.given_on, field="given_on", named="The day it is given")
    last = add_months(today(), MONTHS_AHEAD)
    if details.given_on > last:
        raise Invalid(f"The day it is given must be {day_in_words(last)} or earlier", field="given_on")


def require_fit(wanted: Wanted, *, is_told: bool = False) -> None:
    """Refuse what does not fit for the whole enterprise on a day beside all that is given, prepared or decided (P38, P41).

    Where only a business reads it, ``is_told``, it learns of no award that it was not told of.
    """
    queries.hold(queries.group_of(wanted.business_id))
    fit = queries.fit_of(wanted)
    if fit.over and is_told:
        raise Invalid(fit.why_told or "", field="amount")
    if fit.over and wanted.decided_id:
        raise Invalid(f"{fit.why} {fit.to_do(later=START_LATER, own=OF_AWARD)}", field="starts_on")
    if fit.over:
        do = lower_or_free(fit.room, about=fit.about) if fit.about else ""
        raise Invalid(f"{fit.why} {do}".strip(), field="amount")


def _require_room(found: Subsidy, *, on: date) -> None:
    """Refuse a day on which the register alone has no room for papers that are signed: what is only decided waits for them."""
    queries.hold(queries.group_of(found.business_id))
    reason = _why_no_room(found, on=on)
    if reason:
        raise Invalid(reason, field="amount")


def _why_no_room(found: Subsidy, *, on: date) -> str | None:
    room = queries.room_for(queries.group_of(found.business_id), on=on, besides=found.id)
    return why_too_much(found.amount, room, limit=queries.limit_on(on))


def why_not_given(found: Subsidy) -> str | None:
    """Why a subsidy whose papers are ready cannot be given today: meanwhile the enterprise was given too much."""
    return _why_no_room(found, on=today())


def fit_of_papers(found: Subsidy) -> Fit:
    """Whether papers in hand still fit on the day they are given for, beside all that was given, prepared or decided meanwhile."""
    return queries.fit_of(wanted_of(found))


def wanted_of(found: Subsidy) -> Wanted:
    """What papers in hand are to give, on their day or today where that is past."""
    return Wanted(found.business_id, found.amount, max(today(), found.given_on), papers_id=found.id)


def notify(found: Subsidy, *, by: Actor) -> None:
    """Record that the business was notified in writing of the gross amount and asked to confirm (section 37(1) and (2))."""
    POLICY.require(by, Act.NOTIFY, found)
    _step(found, Act.NOTIFY, notified_at=now(), by=by)


def notify_by_email(found: Subsidy, *, name: str, by: Actor) -> int:
    """Notify everybody who has an account of the business called ``name``, and return how many that are."""
    notify(found, by=by)
    facts = {"is_ahead": found.given_on > today()}
    return tell_business("subsidy_notified", found, name=name, facts=facts)


def confirm(found: Subsidy, *, confirmed_by: str, by: Actor) -> None:
    """Record who confirmed in writing, for the business, that the limit is not passed (section 37(3)). A founder signs with
    their own name; staff record the name on the paper.

    Above the threshold it must be published within three months of this day (section 36(4)).
    """
    POLICY.require(by, Act.CONFIRM, found)
    if not confirmed_by.strip():
        raise Invalid("Enter who confirmed it", field="confirmed_by")
    if by.holds_for(found.business_id, Role.FOUNDER):
        require_signed(confirmed_by, field="confirmed_by", by=by)
    moment = now()
    is_large = found.amount > queries.threshold_on(day_of(moment))
    due = publish_by(day_of(moment)) if is_large else None
    fields = {"confirmed_at": moment, "confirmed_by": confirmed_by.strip(), "publish_by": due}
    _step(found, Act.CONFIRM, **fields, by=by)


def give(found: Subsidy, *, on: date | None = None, by: Actor) -> None:
    """Record that it is given today, or on the day that the bank paid: the day that counts (section 36(7)).

    Refused before it was confirmed, and for a day before that or one that has not come (P40).
    """
    POLICY.require(by, Act.GIVE, found)
    MACHINE.target(Act.GIVE, found.status, thing=found)
    day = on or today()
    refuse_if(_why_not_on(found, day))
    _require_room(found, on=day)
    _step(found, Act.GIVE, given_on=day, by=by)


def _why_not_on(found: Subsidy, day: date) -> str | None:
    """Why a subsidy cannot have been given on a day: the business had not confirmed it yet, or the day has not come."""
    if found.confirmed_at is not None and day < day_of(found.confirmed_at):
        on = day_in_words(day_of(found.confirmed_at))
        return f"The business confirmed this subsidy on {on}, so it was not given on {day_in_words(day)}."
    if not has_come(day, on=today()):
        return f"This subsidy cannot be recorded as given on {day_in_words(day)}, which has not come yet."
    return None


def take_back(found: Subsidy, *, reason: str, by: Actor) -> None:
    """Record that nothing was given after all, because the money came back: it is to be given again.

    A business that has its confirmation is told that it no longer holds.
    """
    POLICY.require(by, Act.TAKE_BACK, found)
    require_reason(reason)
    day, was_issued = day_in_words(found.given_on), found.status is SubsidyStatus.ISSUED
    changes = advance(MACHINE, found, Act.TAKE_BACK) | {"reason": (None, reason.strip())}
    changes |= amend(found, given_on=today(), issued_at=None)
    session().flush()
    audit.record(Act.TAKE_BACK, found, changes, by=by)
    if was_issued:
        _tell_corrected("subsidy_confirmation_withdrawn", found, before=day, why=ended(reason.strip()))


def correct_day(found: Subsidy, on: date, *, by: Actor) -> None:
    """Record the right day on which it was given. A business that has its confirmation gets a corrected one."""
    POLICY.require(by, Act.CORRECT, found)
    refuse_if(None if found.status in GIVEN else "This subsidy was not given yet.")
    refuse_if(_why_not_on(found, on))
    day = day_in_words(found.given_on)
    changes = amend(found, given_on=on)
    session().flush()
    audit.record(Act.CORRECT, found, changes, by=by)
    if found.status is SubsidyStatus.ISSUED:
        _tell_corrected("subsidy_day_corrected", found, before=day)


def why_not_move(found: Subsidy) -> str | None:
    """Why the day of papers cannot move: the subsidy was given, or they were cancelled."""
    return None if found.status in AHEAD else "This subsidy was given or cancelled, so its day stays."


def move(found: Subsidy, on: date, *, name: str, by: Actor) -> None:
    """Move the day on which a subsidy is to be given, since what it is for moved. Giving it asks again whether it fits.

    Everybody of the business called ``name`` who was asked to confirm it is told.
    """
    POLICY.require(by, Act.CORRECT, found)
    refuse_if(why_not_move(found))
    before, changes = day_in_words(found.given_on), amend(found, given_on=on)
    audit.record(Act.CORRECT, found, changes, by=by)
    if changes and found.status in ASKED:
        facts = {"before": before, "is_confirmed": found.status is SubsidyStatus.CONFIRMED}
        tell_business("subsidy_moved", found, name=name, facts=facts)


def issue(found: Subsidy, *, by: Actor) -> None:
    """Issue the confirmation with its date and gross value, by email (section 37(4) and (5))."""
    POLICY.require(by, Act.ISSUE, found)
    _step(found, Act.ISSUE, issued_at=now(), by=by)
    own = business(found.business_id)
    if own is not None:
        tell_business("subsidy_confirmation", found, name=own.name)


def cancel(found: Subsidy, *, reason: str, by: Actor) -> None:
    """Cancel papers before anything was given, or a record that was a mistake. What was given stays counted (P46)."""
    POLICY.require(by, Act.CANCEL, found)
    require_reason(reason)
    _step(found, Act.CANCEL, cancel_reason=reason.strip(), by=by)
    follow(Act.CANCEL, found, by=by)


def cancel_by_email(found: Subsidy, *, reason: str, name: str, by: Actor) -> None:
    """Cancel papers, and tell everybody of the business called ``name`` who was asked to confirm them: they are void."""
    was = found.status
    cancel(found, reason=reason, by=by)
    if was in ASKED:
        facts = {"why": ended(reason.strip()), "is_confirmed": was is SubsidyStatus.CONFIRMED}
        tell_business("subsidy_cancelled", found, name=name, facts=facts)


def lower(found: Subsidy, amount: Money, *, reason: str, by: Actor) -> None:
    """Lower a subsidy of ours, with a reason: what it was for ended with less. The difference can be given again.

    A business that has its confirmation gets a corrected one.
    """
    POLICY.require(by, Act.LOWER, found)
    require_reason(reason)
    refuse_if(None if found.status in LOWERED else "This subsidy cannot be lowered now.")
    if not NO_MONEY < amount < found.amount:
        raise Invalid(f"Enter more than £0 and less than {found.amount.in_full()}", field="amount")
    before = found.amount
    changes = amend(found, amount=amount) | {"reason": (None, reason.strip())}
    session().flush()
    audit.record(Act.LOWER, found, changes, by=by)
    if found.status is SubsidyStatus.ISSUED:
        _tell_corrected("subsidy_confirmation_corrected", found, before=before.in_full())


def _tell_corrected(kind: str, found: Subsidy, **facts: str) -> None:
    """Confirm again what was confirmed otherwise, or say that it does not hold: the law asks for what was given."""
    own = business(found.business_id)
    if own is not None:
        tell_business(kind, found, name=own.name, facts=facts)


def _step(found: Subsidy, act: Act, *, by: Actor, **fields: object) -> None:
    changes: Changes = advance(MACHINE, found, act)
    changes |= amend(found, **fields)
    session().flush()
    audit.record(act, found, changes, by=by)


def publish(found: Subsidy, *, reference: str, by: Actor) -> None:
    """Record the entry in the national database, by its reference."""
    POLICY.require(by, Act.PUBLISH, found)
    refuse_if(why_not_published(found))
    if not reference.strip():
        raise Invalid("Enter the reference of the entry", field="reference")
    changes = amend(found, published_on=today(), reference=reference.strip())
    audit.record(Act.PUBLISH, found, changes, by=by)


def why_not_published(found: Subsidy) -> str | None:
    """Why a subsidy is not entered in the database now."""
    if found.publish_by is None:
        return "This subsidy does not have to be published."
    if found.status is SubsidyStatus.CANCELLED:
        return "This subsidy was cancelled, so nothing was given that has to be published."
    if found.published_on is not None:
        return f"This subsidy was published on {day_in_words(found.published_on)}."
    return None


def confirmation_of(found: Subsidy) -> str:
    """The confirmation that the law asks for: the date and the gross value, in words."""
    return (
        f"We confirm that on {day_in_words(found.given_on)} {found.giver} gave you minimal financial assistance of "
        f"{found.amount.in_full()} gross, for {ended(found.purpose)} Keep this for at least three years."
    )
