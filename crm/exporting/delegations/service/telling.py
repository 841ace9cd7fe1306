"""Letters about a place in a delegation, with the entry for the calendar wherever there is one, or was."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Any

from crm.accounts.queries import people_of_business
from crm.exporting.delegations.models import Delegation, DelegationPlace, DelegationReturn
from crm.exporting.delegations.workflow import PlaceStatus
from crm.kernel.calendar import day_in_words
from crm.kernel.clock import moment_on
from crm.kernel.events import Event
from crm.notices.service import Extras, Reader, queue

ENTERED = ("delegation_accepted", "delegation_changed")
ASKING = (
    "delegation_offered",
    "delegation_offer_reminder",
    "delegation_results",
    "delegation_results_reminder",
)
TOLD_TOO = (
    *ASKING,
    "delegation_accepted",
    "delegation_changed",
    "delegation_lapsed",
    "delegation_cancelled",
    "delegation_over",
)
"""What those of the business who have an account are told as well: one of them answers for it, and is told what follows."""
TAKEN_OUT = ("delegation_cancelled", "delegation_given_up")


def event_of(found: Delegation, *, place: DelegationPlace | None = None, is_cancelled: bool = False) -> Event:
    """The journey for a calendar, in whole days. Giving a place up is one change more than the delegation's own."""
    lead = found.lead
    has_left = place is not None and place.status is PlaceStatus.GIVEN_UP
    person = place.person if place is not None else None
    return Event(
        uid=f"delegation-{found.id}@letters.crm" if place is None else f"delegate-{place.id}@letters.crm",
        sequence=found.sequence + has_left,
        starts_at=_noon(found.departs_on),
        ends_at=_noon(found.returns_on),
        title=found.title,
        where=found.place,
        organiser=(lead.name, lead.email) if lead else None,
        attendee=(person.name, person.email) if person and person.email else None,
        is_cancelled=is_cancelled,
        is_tentative=bool(found.review),
        is_whole_day=True,
    )


def _noon(day: date) -> datetime:
    return moment_on(day, time(12))


def tell(place: DelegationPlace, kind: str, *, was_seated: bool = False, **more: Any) -> None:
    """Write to who goes. The calendar's entry goes with it where they have accepted, or had.

    Who has no account cannot open the page: they answer by reply, and what asks for an answer or ends it goes to those
    of the business who have one as well.
    """
    found, person = place.delegation, place.person
    if not person.email:
        return
    own = [account for account, _ in people_of_business(place.business_id)]
    is_known = any(account.email.lower() == person.email.lower() for account in own)
    context = _context(place) | more | {"has_file": False, "is_known": True}
    for account in own if kind in TOLD_TOO and not is_known else ():
        queue(kind, Reader(account.email, account.name), having=Extras(context, reply_to=_lead_email(found)))
    has_entry = (kind in ENTERED and place.status is PlaceStatus.ACCEPTED) or (
        kind in TAKEN_OUT and was_seated
    )
    event = event_of(found, place=place, is_cancelled=kind in TAKEN_OUT) if has_entry else None
    told = context | {"has_file": event is not None, "is_known": is_known}
    having = Extras(told, reply_to=_lead_email(found), event=event)
    queue(kind, Reader(person.email, person.name), having=having)


def _lead_email(found: Delegation) -> str | None:
    return found.lead.email if found.lead else None


def _context(place: DelegationPlace) -> dict[str, Any]:
    """What every letter about a place says."""
    found = place.delegation
    return {
        "title": found.title,
        "when": f"{day_in_words(found.departs_on)} to {day_in_words(found.returns_on)}",
        "place": found.place,
        "business": place.business.name,
        "path": f"/delegation-places/{place.id}",
        "lead": found.lead.name if found.lead else "",
        "answer_by": day_in_words(place.answer_by) if place.answer_by and place.seat else "",
        "reason": "",
    }


def ask_for_results(due: DelegationReturn, kind: str) -> None:
    """Ask what came of a place, or remind."""
    path = f"/delegation-returns/{due.id}/record"
    tell(due.place, kind, path=path, months=due.months)
