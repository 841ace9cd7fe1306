"""Counting hours of help: stated by an adviser, confirmed or disputed by the business, put right by a manager."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from uuid import UUID

from crm.audit import service as audit
from crm.businesses.models import Business, Person
from crm.businesses.queries.seeing import business as load_business
from crm.businesses.queries.seeing import people_of
from crm.businesses.service.keeping import require_in_use
from crm.casework import queries
from crm.casework.models import Conversation, SupportHours
from crm.casework.policy import POLICY
from crm.casework.rules import QUARTERS_A_DAY
from crm.casework.workflow import HOURS, Act, HoursStatus
from crm.db.changes import amend, created
from crm.db.session import session
from crm.db.states import advance, refuse_if
from crm.evidence.service.counting import count_no_more, count_once
from crm.figures.queries import figure_on
from crm.kernel.calendar import day_in_words
from crm.kernel.clock import now, today
from crm.kernel.errors import Conflict, Invalid, says_something
from crm.kernel.measures import in_hours
from crm.kernel.permissions import SYSTEM, Actor, by_link
from crm.kernel.signing import require_signed, why_not_signed
from crm.links.queries import dead, live_link
from crm.links.rules import Purpose
from crm.links.service import use
from crm.notices.service import Extras, LinkWanted, Reader, queue
from crm.throttles import service as throttles
from crm.throttles.rules import HOURS_ASKED

TOO_MANY = "With the hours already recorded, this would be more than 24 hours in a day"
NOT_THERE = "Choose a person at this business. Add them to the business first if they are not in the list"
ASKED_ENOUGH = "This business was asked several times. Wait {minutes} and try again."
NOTHING = "There are no hours to confirm."
CHANGED = "These hours were changed after you opened this page, so nothing was saved. Open the page again."
NOT_THEIRS = "This link was emailed to {name}. Enter that name, or ask them to answer"
BY_LINK = "{name}, by the link emailed to them"
ANSWERED = "The business has answered for these hours. A manager can correct them, with a reason."


@dataclass(frozen=True)
class HoursAnswer:
    """What a business says of the hours that its page showed: which it had, and what is not right with the others.

    ``shown`` are those hours, each with the mark of what the page said of it. Of any others it has said nothing. Without a
    page, None, it answers for all that it has not answered for yet.
    """

    confirmed: Collection[UUID]
    name: str
    dispute_note: str = ""
    shown: Mapping[UUID, str] | None = None


@dataclass(frozen=True)
class Attended:
    """That a business was at a workshop, on a day, for so many quarter-hours of help."""

    workshop_id: UUID
    happened_on: date
    quarters: int
    what: str


def credit(business: Business, attended: Attended, *, by: Actor) -> SupportHours | None:
    """Keep the hours of a business at a workshop: once, however many of its people came. None if they are kept."""
    if queries.hours_at(attended.workshop_id, business.id) is not None:
        return None
    kept = queries.quarters_on(business.id, attended.happened_on)
    if kept + attended.quarters > QUARTERS_A_DAY:
        raise Invalid(f"{business.name}: {TOO_MANY[0].lower()}{TOO_MANY[1:]}")
    made = SupportHours(
        business_id=business.id, asker_id=by.account_id, **vars(attended), _status=HOURS.start
    )
    session().add(made)
    session().flush()
    audit.record(
        Act.COMPLETE, made, created(happened_on=attended.happened_on, quarters=attended.quarters), by=by
    )
    return made


def state(conversation: Conversation, *, by: Actor) -> SupportHours:
    """Keep the hours of a conversation that is complete; they count once the business confirms them."""
    assert conversation.quarters is not None
    require_within_day(conversation.business_id, conversation)
    fields = {"happened_on": conversation.happened_on, "quarters": conversation.quarters}
    made = SupportHours(
        business_id=conversation.business_id,
        conversation_id=conversation.id,
        what=conversation.subject,
        asker_id=conversation.holder_id,
        **fields,
        _status=HOURS.start,
    )
    session().add(made)
    session().flush()
    audit.record(Act.COMPLETE, made, created(**fields), by=by)
    return made


def require_within_day(business_id: UUID, conversation: Any, *, but: UUID | None = None) -> None:
    """Refuse hours that would make more than 24 in a day for a business."""
    kept = queries.quarters_on(business_id, conversation.happened_on, but=but)
    if kept + (conversation.quarters or 0) > QUARTERS_A_DAY:
        raise Invalid(TOO_MANY, field="quarters")


def follow(conversation: Conversation, *, by: Actor) -> None:
    """Let the hours follow a conversation that was corrected, as long as the business has not answered for them."""
    held = queries.hours_from(conversation.id)
    if held is None:
        if conversation.quarters:
            state(conversation, by=by)
        return
    wanted = {"happened_on": conversation.happened_on, "quarters": conversation.quarters}
    if held.what != conversation.subject:
        audit.record(Act.EDIT, held, amend(held, what=conversation.subject), by=by)
    if all(getattr(held, name) == value for name, value in wanted.items()):
        return
    if held.status is not HoursStatus.STATED:
        raise Conflict(ANSWERED)
    if conversation.quarters is None:
        raise Invalid("These hours were recorded. Enter how many they were", field="quarters")
    require_within_day(conversation.business_id, conversation, but=held.id)
    audit.record(Act.EDIT, held, amend(held, **wanted, asked_at=None), by=by)


def ask(business: Business, to: Reader, *, by: Actor) -> int:
    """Ask a business by email to confirm the hours that it has not answered for; return how many rows."""
    POLICY.require(by, Act.ASK_HOURS, business)
    require_in_use(business)
    waiting = queries.stated(business.id)
    if not waiting:
        raise Conflict(NOTHING)
    person = next((each for each in queries.readers_at(business.id) if each.email == to.address), None)
    if person is None:
        raise Invalid(NOT_THERE, field="email")
    throttles.take(HOURS_ASKED, str(business.id), secret="", words=ASKED_ENOUGH)
    for each in waiting:
        each.asked_at = now()
    to = Reader(to.address, person.name)
    context = {"business_name": business.name, "by_name": by.name}
    link = LinkWanted(Purpose.HOURS, _link_subject(business, person.id))
    queue("hours_asked", to, having=Extras(context, link))
    asked = [f"{in_hours(each.quarters)} on {day_in_words(each.happened_on)}" for each in waiting]
    audit.record(Act.ASK_HOURS, business, created(hours=asked, to=to.name), by=by)
    return len(waiting)


def _link_subject(business: Business, person_id: UUID) -> str:
    """What a link is about: the business, and its reader, so that asking a second person leaves the first link working."""
    return f"{business.id}/{person_id.hex[:16]}"


def _asked_behind(subject: str) -> tuple[Business, Person]:
    business_id, _, begins = subject.partition("/")
    found = load_business(UUID(business_id))
    people = people_of(found.id) if found else ()
    reader = next((each for each in people if begins and each.id.hex.startswith(begins)), None)
    if found is None or reader is None:
        raise dead(Purpose.HOURS)
    return found, reader


def hand(hours_id: UUID, from_id: UUID, *, to: UUID, by: Actor) -> bool:
    """Let a colleague have hours confirmed that a person was to ask about; False if the business has answered."""
    found = queries.hours(hours_id)
    is_open = found is not None and found.status is HoursStatus.STATED and found.voided_at is None
    if found is None or found.asker_id != from_id or not is_open:
        return False
    POLICY.require(by, Act.HAND_HOURS, found)
    audit.record(Act.HAND_HOURS, found, amend(found, asker_id=to), by=by)
    return True


def asked_by(token: str) -> tuple[Business, Person]:
    """The business that a link asks, and to whom its letter went, without using the link up. Raises `NotFound`."""
    return _asked_behind(live_link(token, Purpose.HOURS).subject_id)


def answer_by_link(token: str, answer: HoursAnswer) -> Business:
    """Save what a business says of its hours by the link in its letter, which works once, in the name of its reader."""
    found, reader = _asked_behind(use(token, Purpose.HOURS))
    if why_not_signed(answer.name, name=reader.name):
        raise Invalid(NOT_THEIRS.format(name=reader.name), field="name")
    _answer(found, replace(answer, name=BY_LINK.format(name=reader.name)[:200]), by=by_link(reader.name))
    return found


def answer(business: Business, given: HoursAnswer, *, by: Actor) -> None:
    """Save what a founder says, in their own name, of the hours of their business, asked about by email or not."""
    POLICY.require(by, Act.CONFIRM_HOURS, business)
    require_signed(given.name, field="name", by=by)
    _answer(business, given, by=by)


def _answer(business: Business, given: HoursAnswer, *, by: Actor) -> None:
    asked = _asked_and_shown(business, given)
    disputed = [each for each in asked if each.id not in given.confirmed]
    if disputed and not says_something(given.dispute_note):
        raise Invalid("Say what is wrong with the hours that you left out", field="dispute_note")
    for each in asked:
        act = Act.DISPUTE_HOURS if each in disputed else Act.CONFIRM_HOURS
        changes = advance(HOURS, each, act)
        note = given.dispute_note if each in disputed else ""
        changes |= amend(each, answered_at=now(), answered_by=given.name, dispute_note=note)
        audit.record(act, each, changes, by=by)
    _count_as_supported(business)


def _asked_and_shown(business: Business, given: HoursAnswer) -> list[SupportHours]:
    """The hours that are answered for: those on the page, as they were on it. Silence says nothing of any others."""
    asked = {each.id: each for each in queries.stated(business.id)}
    if not asked:
        raise Conflict(NOTHING)
    shown = {each.id: each.mark for each in asked.values()} if given.shown is None else given.shown
    is_as_shown = all(each in asked and asked[each].mark == mark for each, mark in shown.items())
    if not shown or not is_as_shown or not set(given.confirmed) <= shown.keys():
        raise Conflict(CHANGED)
    return [asked[each] for each in shown]


def _count_as_supported(business: Business) -> None:
    confirmed = _confirmed(business)
    if _is_enough(confirmed):
        proof = f"{in_hours(confirmed)}, confirmed by the business."
        count_once(business, "business_supported", proof=proof, by=SYSTEM)


def _confirmed(business: Business) -> int:
    rows = queries.hours_of(business.id)
    return sum(each.quarters for each in rows if each.status is HoursStatus.CONFIRMED)


def _is_enough(quarters: int) -> bool:
    """Exactly at the threshold is enough (ESIF-GN-1-002: support must meet, not exceed, the minimum)."""
    return quarters >= 4 * int(figure_on("support.hours_threshold", on=today()))


def correct(held: SupportHours, quarters: int, *, reason: str, by: Actor) -> None:
    """Put hours right, with a reason; the business is asked about them anew."""
    POLICY.require(by, Act.CORRECT_HOURS, held)
    if quarters == held.quarters:
        raise Invalid("Enter a different number of hours", field="quarters")
    kept = queries.quarters_on(held.business_id, held.happened_on, but=held.id)
    if kept + quarters > QUARTERS_A_DAY:
        raise Invalid(TOO_MANY, field="quarters")
    _require_within_workshop(held, quarters)
    _correct_conversation(held, quarters, reason, by=by)
    changes = advance(HOURS, held, Act.CORRECT_HOURS)
    cleared = dict.fromkeys(("asked_at", "answered_at", "answered_by"))
    changes |= amend(held, quarters=quarters, **cleared, dispute_note="")
    changes["reason"] = (None, reason)
    audit.record(Act.CORRECT_HOURS, held, changes, by=by)
    session().flush()
    if not _is_enough(_confirmed(held.business)):
        why = f"Hours were put right: {reason}"
        count_no_more(held.business, "business_supported", reason=why, by=by)


def _require_within_workshop(held: SupportHours, quarters: int) -> None:
    """A business is given no more hours of a workshop than it takes, also where they are corrected."""
    most = queries.most_of_workshop(held.workshop_id) if held.workshop_id else None
    if most is not None and quarters > most:
        raise Invalid(f"The workshop takes {in_hours(most)}: enter that at most", field="quarters")


def _correct_conversation(held: SupportHours, quarters: int, reason: str, *, by: Actor) -> None:
    """The conversation that the hours come from says the same number: there is one value."""
    talk = queries.conversation(held.conversation_id) if held.conversation_id else None
    if talk is not None:
        changes = amend(talk, quarters=quarters)
        audit.record(Act.CORRECT_HOURS, talk, changes | {"reason": (None, reason)}, by=by)


def why_not_void_hours(held: SupportHours | None, *, by: Actor) -> str | None:
    """Why a person cannot void a conversation with these hours; None where they can."""
    is_open = held is None or held.status is HoursStatus.STATED
    return None if is_open or POLICY.allows(by, Act.CORRECT_HOURS, held) else ANSWERED


def void_hours(conversation: Conversation, *, reason: str, by: Actor) -> None:
    """Let the hours of a conversation that was voided count no longer. They stay on file as they were answered for."""
    held = queries.hours_from(conversation.id)
    if held is None:
        return
    refuse_if(why_not_void_hours(held, by=by))
    audit.record(Act.VOID, held, amend(held, voided_at=now()), by=by)
    session().flush()
    if not _is_enough(_confirmed(conversation.business)):
        why = f"A conversation was voided: {reason}"
        count_no_more(conversation.business, "business_supported", reason=why, by=by)
