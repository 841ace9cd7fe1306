"""Joining the network: applied for, checked, accepted or declined; and what an angel looks for."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from crm.accounts.models import Account
from crm.accounts.queries import account as account_behind
from crm.accounts.queries import account_of
from crm.accounts.service.founders import admit_angel
from crm.angels.investors.models import MONTHS_OF_A_CHECK, Angel
from crm.angels.investors.policy import POLICY
from crm.angels.investors.queries import angels as queries
from crm.angels.investors.rules.statements import CONDUCT_VERSION
from crm.angels.investors.workflow import ANGELS, Act, AngelStatus, CheckOutcome
from crm.audit import service as audit
from crm.billing.queries import live_subscription, membership_of
from crm.billing.service.leaving import stop_paying
from crm.db.changes import amend, created, fields_of
from crm.db.following import follow
from crm.db.session import session
from crm.db.states import advance, refuse_if
from crm.kernel.calendar import add_months, day_in_words
from crm.kernel.clock import now, today
from crm.kernel.emails import mailbox, read_email
from crm.kernel.errors import BadInput, Conflict, Invalid, says_something
from crm.kernel.folding import plain_words
from crm.kernel.money import Money
from crm.kernel.permissions import SYSTEM, Actor
from crm.kernel.telephones import why_not_called
from crm.notices.service import Extras, Reader, queue
from crm.throttles import service as throttles
from crm.throttles.rules import ANGELS_BY_ADDRESS, Source

UNCHECKED = (
    "You can accept this applicant once an identity check that they passed in the last "
    f"{MONTHS_OF_A_CHECK} months is recorded."
)

ERASED = "This investor is erased, so nothing is recorded about them any more."


@dataclass(frozen=True)
class Referee:
    """A person who vouches for an applicant, with an email address or phone number."""

    name: str
    email: str
    relation: str


@dataclass(frozen=True)
class Application:
    """Who wants to join, what they say of themselves, and two referees."""

    email: str
    name: str
    phone: str
    about: str
    referees: tuple[Referee, ...]


def join(wanted: Application, *, sent_from: Source, by: Actor) -> Angel | None:
    """Apply to join, having accepted the code of conduct. Someone who applied before gets an email that says so.

    The answer is the same for both, so applying tells no one who is an investor.
    """
    POLICY.require(by, Act.JOIN)
    _require_two_others(wanted)
    throttles.take(ANGELS_BY_ADDRESS, sent_from.address, secret=sent_from.secret)
    email = read_email(wanted.email)
    throttles.count_letter(email, sent_from)
    known = queries.live_with(email)
    if known is not None:
        _write_to(known, "angel_again")
        audit.record(Act.JOIN, known, {"again": (None, True)}, by=by)
        return None
    made = _kept(wanted, email, has_accepted=_is_theirs_to_accept(email, by))
    _write_to(made, "angel_applied")
    audit.record(Act.JOIN, made, created(email=email, name=wanted.name), by=by)
    return made


def _is_theirs_to_accept(email: str, actor: Actor) -> bool:
    """Whether an applicant can bind the owner of an address to the code: it has no account yet, or they are signed in to it."""
    owner = account_of(email)
    return actor.is_system or owner is None or owner.id == actor.account_id


def _require_two_others(wanted: Application) -> None:
    """Two people vouch for an applicant: neither is the other, and neither is the applicant."""
    first, second = wanted.referees
    for place, each in (("referee", first), ("second", second)):
        _require_reachable(each.email, f"{place}_email")
    for place, each in (("referee", first), ("second", second)):
        if _is_same(each.email, wanted.email):
            raise Invalid(
                "A referee must be another person. Enter their contact details", field=f"{place}_email"
            )
        if plain_words(each.name) == plain_words(wanted.name):
            raise Invalid("A referee must be another person. Enter their name", field=f"{place}_name")
    if _is_same(first.email, second.email):
        raise Invalid(
            "The second referee needs their own email address or phone number", field="second_email"
        )
    if plain_words(first.name) == plain_words(second.name):
        raise Invalid("Enter a different person from the first referee", field="second_name")


def _require_reachable(contact: str, field: str) -> None:
    """A referee can be written to or called."""
    try:
        if "@" in contact:
            read_email(contact)
        elif why_not_called(contact):
            raise BadInput
    except BadInput as error:
        raise Invalid(
            "Enter an email address, or a phone number with its area code, so that we can reach the referee",
            field=field,
        ) from error


def _is_same(contact: str, other: str) -> bool:
    """Whether two contact details are the same: an address however it is written, or a number with the same digits."""
    numbers = [re.sub(r"\D", "", each)[-9:] for each in (contact, other)]
    is_number = "@" not in contact and len(numbers[0]) == len("118496000")
    return numbers[0] == numbers[1] if is_number else mailbox(contact) == mailbox(other)


def why_not_theirs_to_decide(found: Angel, *, by: Actor) -> str | None:
    """Why this member of staff neither checks nor decides about an application: it is their own, by address or name; or it was erased."""
    if found.erased_at is not None:
        return ERASED
    own = account_behind(by.account_id) if by.account_id else None
    if own is None:
        return None
    if mailbox(own.email) == mailbox(found.email) or plain_words(own.name) == plain_words(found.name):
        return "This application has your name or email address, so another manager must check it and decide."
    return None


def _require_not_own(found: Angel, actor: Actor) -> None:
    refuse_if(why_not_theirs_to_decide(found, by=actor))


def _kept(wanted: Application, email: str, *, has_accepted: bool) -> Angel:
    made = Angel(
        email=email,
        name=wanted.name,
        phone=wanted.phone,
        about=wanted.about,
        referees=[fields_of(each) for each in wanted.referees],
        applied_at=now(),
        conduct_version=CONDUCT_VERSION if has_accepted else "",
        conduct_accepted_at=now() if has_accepted else None,
        _status=ANGELS.start,
    )
    session().add(made)
    session().flush()
    return made


def _write_to(found: Angel, kind: str, **more: str) -> None:
    queue(kind, Reader(found.email, found.name, found.account_id), having=Extras(more))


def accept(found: Angel, *, note: str, by: Actor) -> None:
    """Accept an applicant whose identity was checked, with what the referees said (``note``)."""
    POLICY.require(by, Act.ACCEPT, found)
    _require_not_own(found, by)
    if not says_something(note):
        raise Invalid("Enter what the referees told you", field="reason")
    unchecked = why_not_accepted(found)
    if unchecked:
        raise Conflict(unchecked)
    account = admit_angel(found.email, found.name, by=by)
    if queries.angel_of(account.id) is not None:
        raise Conflict("This person is in the network already.")
    changes = amend(
        found, account_id=account.id, references_note=note, decided_at=now(), decided_by_id=by.account_id
    )
    audit.record(Act.ACCEPT, found, changes | advance(ANGELS, found, Act.ACCEPT), by=by)
    _write_to(found, "angel_accepted")


def why_not_accepted(found: Angel) -> str | None:
    """Why an applicant cannot be accepted yet: their identity was not checked, or the check was not passed or is too old."""
    return None if found.is_known(on=today()) else UNCHECKED


def known_as(found: Angel) -> Account | None:
    """The account that an applicant's address belongs to already, where it was not they who applied while signed in."""
    is_open = found.status is AngelStatus.APPLIED and not found.conduct_version
    return account_of(found.email) if is_open else None


def decline(found: Angel, *, reason: str, by: Actor) -> None:
    """Decline an applicant, and email them the reason."""
    POLICY.require(by, Act.DECLINE, found)
    _settle(found, Act.DECLINE, reason, by)
    _write_to(found, "angel_declined", reason=reason)


def suspend(found: Angel, *, reason: str, by: Actor) -> None:
    """Suspend an investor at once, and email them the reason: nothing is taken from their card meanwhile."""
    POLICY.require(by, Act.SUSPEND, found)
    _settle(found, Act.SUSPEND, reason, by)
    _write_to(found, "angel_suspended", reason=reason, **_of_the_fee(found, by=SYSTEM))


def readmit(found: Angel, *, reason: str, by: Actor) -> None:
    """Readmit a suspended investor, and email them."""
    POLICY.require(by, Act.READMIT, found)
    _settle(found, Act.READMIT, reason, by)
    live = live_subscription(found.account_id) if found.account_id else None
    stopped = "yes" if live is not None and not live.renews else ""
    _write_to(found, "angel_readmitted", reason=reason, stopped=stopped, pay_by=_pay_by(found))


def _settle(found: Angel, act: Act, reason: str, actor: Actor) -> None:
    _require_not_own(found, actor)
    if not says_something(reason):
        raise Invalid("Enter a reason", field="reason")
    changes = amend(found, reason=reason, decided_at=now(), decided_by_id=actor.account_id)
    audit.record(act, found, changes | advance(ANGELS, found, act), by=actor)


def leave(found: Angel, *, by: Actor) -> None:
    """Leave the network and confirm it by email: nothing is shown, sent or taken from a card any more; the ledger stays."""
    POLICY.require(by, Act.LEAVE, found)
    _require_own(found, by)
    audit.record(Act.LEAVE, found, advance(ANGELS, found, Act.LEAVE), by=by)
    _write_to(found, "angel_left", **_of_the_fee(found, by=by))
    follow(Act.LEAVE, found, by=by)


def _of_the_fee(found: Angel, *, by: Actor) -> dict[str, str]:
    """Stop what an investor pays by card and close their payment page; what a letter says of it, and of what they can ask back."""
    owner = account_behind(found.account_id) if found.account_id else None
    return {"until": _paid_until(found)} | (stop_paying(owner, by=by) if owner else {})


def _paid_until(found: Angel) -> str:
    """The last day that the membership is paid for, in words; empty where none is."""
    paid = membership_of(found.account_id, on=today()) if found.account_id else None
    return day_in_words(paid.until) if paid and paid.until and not paid.is_in_grace and paid.is_member else ""


def _pay_by(found: Angel) -> str:
    """The last day of grace, in words, of who has not paid for going on; empty where the paid time is not over."""
    known = membership_of(found.account_id, on=today()) if found.account_id else None
    return day_in_words(known.last_day) if known and known.is_in_grace and known.last_day else ""


def _require_own(found: Angel, actor: Actor) -> None:
    if found.account_id is None or found.account_id != actor.account_id:
        raise Conflict("Only the investor can do this.")


@dataclass(frozen=True)
class Check:
    """The result of an identity check. It has a day and a person if, and only if, something was checked."""

    outcome: CheckOutcome
    checked_on: date | None = None
    checked_by: str = ""
    note: str = ""


def check(found: Angel, made: Check, *, by: Actor) -> None:
    """Record an identity check. It is valid for ``MONTHS_OF_A_CHECK``."""
    POLICY.require(by, Act.CHECK_ANGEL, found)
    _require_not_own(found, by)
    is_checked = made.outcome in {CheckOutcome.PASSED, CheckOutcome.FAILED}
    if is_checked:
        _require_checked(made)
    else:
        _require_unchecked(made)
    fields = {
        "check_outcome": made.outcome,
        "checked_on": made.checked_on if is_checked else None,
        "checked_by": made.checked_by if is_checked else "",
        "check_note": made.note,
    }
    audit.record(Act.CHECK_ANGEL, found, amend(found, **fields), by=by)


def _require_unchecked(made: Check) -> None:
    """A day or a person belongs to a check that was made; that none is required is somebody's decision, with why."""
    if made.checked_on is not None:
        raise Invalid(
            "A date goes with “Passed” or “Failed”. Choose one, or clear the date", field="checked_on"
        )
    if made.checked_by.strip():
        raise Invalid(
            "A name goes with “Passed” or “Failed”. Choose one, or clear the name", field="checked_by"
        )
    if made.outcome is CheckOutcome.NOT_REQUIRED and not says_something(made.note):
        raise Invalid("Enter who decided that no check is required, and why", field="note")


def _require_checked(made: Check) -> None:
    if made.checked_on is None:
        raise Invalid("Enter the date of the check", field="checked_on")
    if not made.checked_by.strip():
        raise Invalid("Enter who checked it", field="checked_by")
    if made.checked_on > today():
        raise Invalid("The date of the check must be today or in the past", field="checked_on")
    if today() >= add_months(made.checked_on, MONTHS_OF_A_CHECK):
        raise Invalid(
            f"A check is valid for {MONTHS_OF_A_CHECK} months. This one is older", field="checked_on"
        )


@dataclass(frozen=True)
class Preferences:
    """What an angel looks for; empty asks nothing. A ticket is what they put into one business."""

    groups: tuple[str, ...] = ()
    stages: tuple[str, ...] = ()
    instruments: tuple[str, ...] = ()
    leps: tuple[str, ...] = ()
    min_ticket: Money | None = None
    max_ticket: Money | None = None
    wants_seis: bool = False
    wants_eis: bool = False


def prefer(found: Angel, wanted: Preferences, *, by: Actor) -> None:
    """Save an investor's preferences."""
    POLICY.require(by, Act.PREFER, found)
    _require_own(found, by)
    if wanted.min_ticket and wanted.max_ticket and wanted.min_ticket > wanted.max_ticket:
        raise Invalid("The largest investment must be at least the smallest", field="max_ticket")
    changes = amend(found, **fields_of(wanted))
    audit.record(Act.PREFER, found, changes, by=by)


def accept_conduct(found: Angel, *, by: Actor) -> None:
    """Accept the code of conduct as it stands now."""
    POLICY.require(by, Act.ACCEPT_CONDUCT, found)
    _require_own(found, by)
    if found.status not in {AngelStatus.ACCEPTED, AngelStatus.SUSPENDED}:
        raise Conflict("You are not a member of the network.")
    changes = amend(found, conduct_version=CONDUCT_VERSION, conduct_accepted_at=now())
    audit.record(Act.ACCEPT_CONDUCT, found, changes, by=by)
