"""Working the queue: claimed, given on, answered, closed; and who is away or full."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from crm.accounts.models import Account
from crm.accounts.queries import account, hub
from crm.audit import service as audit
from crm.db.changes import Changes, amend, created, fields_of
from crm.db.session import session
from crm.db.states import advance
from crm.kernel.calendar import ONE_DAY, add_months
from crm.kernel.clock import is_past, now, today
from crm.kernel.errors import Conflict, Invalid
from crm.kernel.permissions import SYSTEM, Actor
from crm.signposting.models import Absence, Capacity, Enquiry, EnquiryNote
from crm.signposting.policy import POLICY
from crm.signposting.queries.enquiring import absences_within, left_by_absent, load_of
from crm.signposting.queries.enquiring import enquiry as load_enquiry
from crm.signposting.service.enquiring import due_on
from crm.signposting.workflow import ENQUIRIES, Act, CloseReason
from crm.signposting.workflow import EnquiryStatus as S

LONGEST_NOTE = 10_000
LONGEST_AWAY = 18
"""Months from today."""


@dataclass(frozen=True)
class AwayWanted:
    """Days on which an adviser is away, both included, and who stands in."""

    account_id: UUID
    first_day: date
    last_day: date
    covered_by_id: UUID | None = None


def claim(enquiry: Enquiry, *, by: Actor) -> None:
    """Take an enquiry in hand. Of two advisers at once one has it, and the other is told who."""
    POLICY.require(by, Act.CLAIM, enquiry)
    if enquiry.claimed_by is not None and enquiry.claimed_by_id != by.account_id:
        raise Conflict(f"{enquiry.claimed_by.name} has claimed this already.")
    assert by.account_id is not None
    _require_room(by.account_id, is_own=True)
    _hand_to(enquiry, by.account_id, act=Act.CLAIM, by=by)


def assign(enquiry: Enquiry, account_id: UUID, *, by: Actor) -> None:
    """Give an enquiry to a colleague, who must be here and have room for it."""
    POLICY.require(by, Act.ASSIGN, enquiry)
    if enquiry.claimed_by_id == account_id:
        raise Invalid("They have this enquiry already", field="account_id")
    _require_room(account_id)
    _hand_to(enquiry, account_id, act=Act.ASSIGN, by=by)


def _require_room(account_id: UUID, *, is_own: bool = False) -> None:
    load = load_of(account_id)
    if load is None:
        raise Invalid("Choose a colleague", field="account_id")
    who = "You are" if is_own else f"{load.account.name} is"
    if load.away is not None:
        raise Invalid(
            f"{who} away until {load.away.last_day.day} {load.away.last_day:%B}", field="account_id"
        )
    if load.in_hand >= load.most:
        raise Invalid(
            f"{'You have' if is_own else load.account.name + ' has'} {load.in_hand} of {load.most} enquiries in "
            "hand. Close one first, or have the limit raised",
            field="account_id",
        )


def _hand_to(enquiry: Enquiry, account_id: UUID, *, act: Act, by: Actor) -> None:
    changes = advance(ENQUIRIES, enquiry, act)
    changes |= amend(enquiry, claimed_by_id=account_id, claimed_at=now())
    _keep(enquiry, act, changes, by=by)


def _keep(enquiry: Enquiry, act: Act, changes: Changes, *, by: Actor) -> None:
    session().flush()
    session().refresh(enquiry, ["claimed_by", "hub"])
    audit.record(act, enquiry, changes, by=by)


def release(enquiry: Enquiry, *, by: Actor) -> None:
    """Put an enquiry back into the queue."""
    POLICY.require(by, Act.RELEASE, enquiry)
    changes = _clock_again(enquiry) | advance(ENQUIRIES, enquiry, Act.RELEASE)
    _keep(enquiry, Act.RELEASE, changes | amend(enquiry, claimed_by_id=None, claimed_at=None), by=by)


def _clock_again(enquiry: Enquiry) -> Changes:
    """The days for an answer begin again where the clock stood still; else it runs on."""
    return amend(enquiry, due_on=due_on()) if enquiry.is_answered else {}


def hand_over(enquiry: Enquiry, hub_id: UUID, *, reason: str, by: Actor) -> None:
    """Pass an enquiry on to another hub, with the reason noted. Its clock runs on; one that was answered begins anew."""
    POLICY.require(by, Act.HAND_OVER, enquiry)
    found = hub(hub_id)
    if found is None or found.id == enquiry.hub_id or not found.is_open(on=today()):
        raise Invalid("Choose another hub", field="hub_id")
    changes = _clock_again(enquiry) | advance(ENQUIRIES, enquiry, Act.HAND_OVER)
    changes |= amend(enquiry, hub_id=hub_id, claimed_by_id=None, claimed_at=None)
    _note(enquiry, f"Handed over to {found.name}: {reason}", by=by)
    _keep(enquiry, Act.HAND_OVER, changes, by=by)


def answer(enquiry: Enquiry, *, said: str, by: Actor) -> None:
    """Keep that the business had its answer, and what was said. The clock stops at the first one."""
    POLICY.require(by, Act.ANSWER, enquiry)
    mark_answered(enquiry, by=by)
    _note(enquiry, said, by=by)


def mark_answered(enquiry: Enquiry, *, by: Actor) -> None:
    """Stop the clock: an answer was given, by a letter or a plan."""
    POLICY.require(by, Act.ANSWER, enquiry)
    changes = advance(ENQUIRIES, enquiry, Act.ANSWER)
    changes |= amend(enquiry, answered_at=enquiry.answered_at or now())
    _keep(enquiry, Act.ANSWER, changes, by=by)


def close(enquiry: Enquiry, reason: CloseReason, *, note: str, by: Actor) -> None:
    """Close an enquiry, with the reason."""
    POLICY.require(by, Act.CLOSE, enquiry)
    changes = advance(ENQUIRIES, enquiry, Act.CLOSE)
    changes |= amend(enquiry, close_reason=reason, close_note=note, closed_at=now())
    _keep(enquiry, Act.CLOSE, changes, by=by)


def reopen(enquiry: Enquiry, *, why: str, by: Actor) -> None:
    """Reopen an enquiry, with a note: it waits in the queue, and there are as many days for an answer as at first."""
    POLICY.require(by, Act.REOPEN, enquiry)
    changes = _clock_again(enquiry) | advance(ENQUIRIES, enquiry, Act.REOPEN)
    cleared = dict.fromkeys(("closed_at", "close_reason", "claimed_by_id", "claimed_at"))
    changes |= amend(enquiry, **cleared, close_note="")
    _note(enquiry, why, by=by)
    _keep(enquiry, Act.REOPEN, changes, by=by)


def note(enquiry: Enquiry, text: str, *, by: Actor) -> None:
    """Note something, for advisers alone."""
    POLICY.require(by, Act.NOTE, enquiry)
    _note(enquiry, text, by=by)
    audit.record(Act.NOTE, enquiry, by=by)


def _note(enquiry: Enquiry, text: str, *, by: Actor) -> None:
    if len(text) > LONGEST_NOTE:
        raise Invalid(f"This must be {LONGEST_NOTE:,} characters or fewer", field="note")
    session().add(EnquiryNote(enquiry_id=enquiry.id, at=now(), by_id=by.account_id, text=text))


def set_capacity(found: Account, most_open: int, *, by: Actor) -> None:
    """Set how many enquiries an adviser holds at most."""
    POLICY.require(by, Act.SET_CAPACITY)
    row = session().get(Capacity, found.id)
    before = row.most_open if row else None
    if row is None:
        session().add(Capacity(account_id=found.id, most_open=most_open))
    else:
        amend(row, most_open=most_open)
    audit.record(Act.SET_CAPACITY, found, {"most_open": (before, most_open)}, by=by)


def record_absence(wanted: AwayWanted, *, by: Actor) -> Absence:
    """Keep that an adviser will be away. Whoever is no manager records their own alone."""
    POLICY.require(by, Act.RECORD_ABSENCE)
    if wanted.account_id != by.account_id and not POLICY.allows(by, Act.SET_CAPACITY):
        raise Invalid("You can record your own absence. Ask a manager for others", field="account_id")
    _require_sensible(wanted)
    _require_no_overlap(wanted)
    found = account(wanted.account_id)
    assert found is not None
    fields = fields_of(wanted)
    made = Absence(**fields)
    session().add(made)
    session().flush()
    audit.record(Act.RECORD_ABSENCE, found, created(**fields), by=by)
    return made


def _require_sensible(wanted: AwayWanted) -> None:
    if wanted.last_day < wanted.first_day:
        raise Invalid("The last day must not be before the first", field="last_day")
    if is_past(wanted.last_day, on=today()):
        raise Invalid("The last day must be today or later", field="last_day")
    if wanted.last_day > add_months(today(), LONGEST_AWAY):
        raise Invalid(f"The last day must be within the next {LONGEST_AWAY} months", field="last_day")
    if wanted.covered_by_id == wanted.account_id:
        raise Invalid("Choose another person to cover", field="covered_by_id")


def _require_no_overlap(wanted: AwayWanted, *, but: Absence | None = None) -> None:
    """Refuse days on which the person is away already, and a stand-in who is away on some of them."""
    days = {"first_day": wanted.first_day, "last_day": wanted.last_day}
    own = [each for each in absences_within(wanted.account_id, **days) if each is not but]
    if own:
        raise Invalid(
            f"They are away already {_days_in_words(own[0])}. Change that absence", field="first_day"
        )
    cover = absences_within(wanted.covered_by_id, **days) if wanted.covered_by_id else ()
    if cover:
        words = f"They are away themselves {_days_in_words(cover[0])}. Choose another person"
        raise Invalid(words, field="covered_by_id")


def _days_in_words(absence: Absence) -> str:
    first, last = absence.first_day, absence.last_day
    return f"from {first.day} {first:%B %Y} to {last.day} {last:%B %Y}"


def change_absence(absence: Absence, wanted: AwayWanted, *, by: Actor) -> None:
    """Change the days of an absence, or who stands in."""
    POLICY.require(by, Act.CHANGE_ABSENCE, absence)
    if wanted.account_id != absence.account_id:
        raise Invalid("Record an absence of its own for another person", field="account_id")
    _require_sensible(wanted)
    _require_no_overlap(wanted, but=absence)
    found = account(absence.account_id)
    assert found is not None
    audit.record(Act.CHANGE_ABSENCE, found, amend(absence, **fields_of(wanted)), by=by)


def end_absence(absence: Absence, *, by: Actor) -> None:
    """End an absence: yesterday was its last day, or it never begins."""
    POLICY.require(by, Act.END_ABSENCE, absence)
    found = account(absence.account_id)
    assert found is not None
    days: Changes = {"first_day": (absence.first_day, None), "last_day": (absence.last_day, None)}
    if absence.first_day >= today():
        session().delete(absence)
    else:
        days = amend(absence, last_day=today() - ONE_DAY)
    audit.record(Act.END_ABSENCE, found, days, by=by)


def pass_on_from_absent() -> None:
    """Daily: what somebody who is away left unanswered goes to whoever stands in and has room, else to the queue."""
    for found, absence in left_by_absent(today()):
        cover = load_of(absence.covered_by_id) if absence.covered_by_id else None
        if cover is not None and cover.can_take_more:
            _hand_to(found, cover.account.id, act=Act.ASSIGN, by=SYSTEM)
            _note(found, f"Passed to {cover.account.name}, who stands in for an absent colleague.", by=SYSTEM)
        else:
            release(found, by=SYSTEM)
            _note(
                found,
                "Back in the queue: the adviser is away, and no colleague who covers has room.",
                by=SYSTEM,
            )


def hand(enquiry_id: UUID, from_id: UUID, *, to: UUID, by: Actor) -> bool:
    """Move an enquiry from a person's hands to a colleague's, whatever that one has in hand; False if it moved on."""
    found = load_enquiry(enquiry_id)
    if found is None or found.claimed_by_id != from_id or not is_open(found):
        return False
    POLICY.require(by, Act.ASSIGN, found)
    _hand_to(found, to, act=Act.ASSIGN, by=by)
    return True


def is_open(enquiry: Enquiry) -> bool:
    """Whether something can still be done with it."""
    return enquiry.status is not S.CLOSED
