"""Letters about a place in a delegation, with the entry for the calendar wherever there is one, or was."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time
from typing import Any
from uuid import UUID

from crm.accounts.models import Account
from crm.accounts.queries import people_at, people_of_business
from crm.exporting.delegations.models import Delegation, DelegationPlace, DelegationReturn
from crm.exporting.delegations.queries.counting import returns_of
from crm.exporting.delegations.rules import asked_at, came_since
from crm.exporting.delegations.workflow import PlaceStatus
from crm.funding.subsidy.queries import subsidy
from crm.funding.subsidy.workflow import SubsidyStatus
from crm.kernel.calendar import day_in_words, days_in_words
from crm.kernel.clock import moment_on
from crm.kernel.events import Event
from crm.kernel.permissions import Actor
from crm.kernel.roles import Role
from crm.kernel.text import series
from crm.notices.service import Extras, Reader, queue

ENTERED = ("delegation_accepted", "delegation_changed", "delegation_on_hold", "delegation_goes_ahead")
OFFERED = (PlaceStatus.OFFERED, PlaceStatus.LAPSED)
"""Where a letter may speak of the last day to answer: the offer is open, or ended on it."""
TAKEN_OUT = ("delegation_cancelled", "delegation_given_up")
TO_EVERYBODY = frozenset(TAKEN_OUT)
"""What everybody with an account of the business is told, and not who goes alone: each was asked to confirm its papers."""


def event_of(found: Delegation, *, place: DelegationPlace | None = None, is_cancelled: bool = False) -> Event:
    """The journey for a calendar, in whole days. Each change of the delegation or of the place makes a newer entry."""
    lead = found.lead
    person = place.person if place is not None else None
    return Event(
        uid=f"delegation-{found.id}@letters.crm" if place is None else f"delegate-{place.id}@letters.crm",
        sequence=found.sequence + (place.version if place is not None else 0),
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


def readers_of(place: DelegationPlace, *, kind: str = "") -> list[Reader]:
    """Who is written to about a place, who goes first; by some kinds of letters everybody who has an account.

    Who goes and has no account cannot open the page: they answer by reply, and those of the business who have one, and
    answer for it, are told the same.
    """
    own = [each for each, _ in people_of_business(place.business_id)]
    return _readers(place, own, kind=kind)


def readers_by_place(places: Sequence[DelegationPlace]) -> dict[UUID, list[Reader]]:
    """The same of each of some places, in one query, for a page that says who will be written to."""
    own = people_at({each.business_id for each in places})
    return {each.id: _readers(each, own.get(each.business_id, ())) for each in places}


def _readers(place: DelegationPlace, accounts: Sequence[Account], *, kind: str = "") -> list[Reader]:
    own = [Reader(each.email, each.name, each.id) for each in accounts]
    address = (place.person.email or "").lower()
    known = [each for each in own if each.address.lower() == address]
    if known:
        return known + [each for each in own if each not in known] if kind in TO_EVERYBODY else known
    return ([Reader(place.person.email, place.person.name)] if place.person.email else []) + own


def emailed(place: DelegationPlace, *, kind: str = "", reader: Actor | None = None) -> str:
    """The same in words, with its lead where they are told too: "Grace Bell and Ebele Ash"."""
    lead = _lead_told(place, by=reader) if reader is not None and kind == "delegation_given_up" else None
    told = [*(each.name for each in readers_of(place, kind=kind)), *([lead.name] if lead else [])]
    names = list(dict.fromkeys(told))
    return series(names) if names else "no one, since nobody there has an email address"


def copied(business_id: UUID) -> list[str]:
    """Who at a business has an account: they have a copy of what is written to somebody who goes and has none."""
    return [each.name for each, _ in people_of_business(business_id)]


def tell(
    place: DelegationPlace, kind: str, *, was_seated: bool = False, by: Actor | None = None, **more: Any
) -> None:
    """Write to the readers of a place. The calendar's entry goes with it to who goes, where they have accepted, or had.

    ``by`` is who did it: they are not told of it as of something that somebody else did.
    """
    found = place.delegation
    has_entry = (kind in ENTERED and place.status is PlaceStatus.ACCEPTED) or (
        kind in TAKEN_OUT and was_seated
    )
    event = event_of(found, place=place, is_cancelled=kind in TAKEN_OUT) if has_entry else None
    context = _context(place) | _done_by(place, by=by) | {"to_confirm": _confirms(place)} | more
    for reader in readers_of(place, kind=kind):
        goes = reader.address.lower() == (place.person.email or "").lower()
        told = {"has_file": goes and event is not None, "is_known": reader.account_id is not None}
        told["is_you"] = by is not None and by.account_id is not None and reader.account_id == by.account_id
        having = Extras(context | told, reply_to=_lead_email(found), event=event if goes else None)
        queue(kind, Reader(reader.address, reader.name), having=having)


def _lead_told(place: DelegationPlace, *, by: Actor) -> Account | None:
    """Who leads its delegation, unless it is their own doing."""
    lead = place.delegation.lead
    return None if lead is None or lead.id == by.account_id else lead


def tell_lead_of_end(place: DelegationPlace, *, offered: Sequence[str], by: Actor, **more: Any) -> None:
    """Tell who leads a delegation that a business which had accepted gave up, and which business is ``offered`` its place."""
    lead = _lead_told(place, by=by)
    if lead is not None:
        context = _context(place) | _done_by(place, by=by) | {"offered": series(list(offered))} | more
        queue("delegation_place_free", Reader(lead.email, lead.name, lead.id), having=Extras(context))


def _done_by(place: DelegationPlace, *, by: Actor | None) -> dict[str, Any]:
    """Who did what a letter tells, and whether one of our staff recorded it for the business."""
    if by is None or by.is_system:
        return {"by_name": "", "is_recorded": False}
    return {"by_name": by.name, "is_recorded": not by.holds_for(place.business_id, Role.FOUNDER)}


def _confirms(place: DelegationPlace) -> bool:
    """Whether the business was asked to confirm the papers of its subsidy, and has not yet: no letter may say that nothing is left."""
    paper = subsidy(place.subsidy_id) if place.subsidy_id else None
    return paper is not None and paper.status is SubsidyStatus.NOTIFIED


def _lead_email(found: Delegation) -> str | None:
    return found.lead.email if found.lead else None


def _context(place: DelegationPlace) -> dict[str, Any]:
    """What every letter about a place says."""
    found = place.delegation
    return {
        "title": found.title,
        "when": days_in_words(found.departs_on, found.returns_on),
        "departs": day_in_words(found.departs_on),
        "place": found.place,
        "business": place.business.name,
        "path": f"/delegation-places/{place.id}",
        "lead": found.lead.name if found.lead else "",
        "answer_by": day_in_words(place.answer_by) if place.answer_by and place.status in OFFERED else "",
        "is_accepted": place.status is PlaceStatus.ACCEPTED,
        "reason": "",
    }


def ask_for_results(due: DelegationReturn, kind: str) -> None:
    """Ask what came of a place, or remind."""
    path = f"/delegation-returns/{due.id}/record"
    tell(due.place, kind, path=path, months=due.months)


def tell_of_results(found: DelegationReturn, *, told: str, by: Actor) -> None:
    """Tell a business what one of our staff recorded that came of its place, and who told them. What it recorded itself it knows."""
    place = found.place
    if by.is_system or by.holds_for(place.business_id, Role.FOUNDER):
        return
    path = f"/delegation-returns/{found.id}/record"
    context: dict[str, Any] = {
        "asked_at": asked_at(found.months),
        "came": came_since(found, returns_of(found.place_id)),
        "told": told.strip(),
    }
    tell(place, "delegation_results_recorded", path=path, by=by, **context)


def tell_of_attendance(place: DelegationPlace, *, went: bool, days: str, by: Actor) -> None:
    """Tell a business that it is recorded as having gone, with the ``days`` on which it is asked what came of it, or as not having gone."""
    if not by.is_system:
        tell(place, "delegation_attendance", went=went, days=days, by=by)
