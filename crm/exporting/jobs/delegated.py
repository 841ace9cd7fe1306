"""The demonstration's delegations: one in every state, and one of eight places with a waiting list. All invented."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext
from datetime import timedelta
from typing import Any
from uuid import UUID

from crm.accounts.queries import standing_in, standing_in_for
from crm.businesses.models import Business
from crm.businesses.queries.seeing import people_of
from crm.db.session import session
from crm.exporting.delegations.models import Delegation, DelegationPlace
from crm.exporting.delegations.queries import counting, seating, seeing
from crm.exporting.delegations.service import answering, choosing, leading, returning
from crm.exporting.delegations.service.answering import ApplicationDetails
from crm.exporting.delegations.service.choosing import Assessment
from crm.exporting.delegations.service.leading import DelegationDetails
from crm.exporting.delegations.workflow import PlaceStatus, Sells
from crm.exporting.jobs.planned import INVENTED, market
from crm.exporting.plans.service import markets
from crm.kernel.clock import earlier, today
from crm.kernel.money import Money
from crm.kernel.permissions import Actor

CRITERIA = ("Export readiness", "Work that fits the market", "Meetings prepared")
EIGHT, LENGTH = 8, 5


def load_delegations(owners: Sequence[Business], *, by: Actor) -> int:
    """A draft, one open, one to be chosen, one of eight with a waiting list, one back, one held and one cancelled."""
    with_people = [
        each for each in owners if any(one.email and not one.left_on for one in people_of(each.id))
    ]
    _planned("Delegation to Market Hazel", 150, by=by)
    ivy = _apply(_opened("Delegation to Market Ivy", 120, by=by), with_people[1:5], by=by)
    answering.withdraw(ivy[3], **_said(ivy[3], by=by))
    to_choose = _opened("Delegation to Market Juniper", 100, by=by)
    _apply(to_choose, with_people[:5], by=by)
    leading.close(to_choose, by=by)
    _eight(with_people, by=by)
    _back(with_people, by=by)
    _held(with_people, by=by)
    off = _opened("Delegation to Market Nettle", 70, by=by)
    _apply(off, with_people[:2], by=by)
    leading.cancel(off, reason=f"{INVENTED}: too few applied", by=by)
    moved = _opened("Delegation to Market Oak", 80, by=by)
    markets.cancel_edition(moved.edition, reason=INVENTED, by=standing_in(by))
    return 8


def _for(business_id: UUID, *, by: Actor) -> Actor:
    """Who answers for a business: someone who has access to it, or the adviser, as they said on the telephone."""
    return standing_in_for(business_id, otherwise=by)


def _said(place: DelegationPlace, *, by: Actor) -> dict[str, Any]:
    """Who answers about a place; the adviser says who told them."""
    who = _for(place.business_id, by=by)
    return {"by": who, "told": f"{place.person.name}, by telephone (invented)" if who is by else ""}


def _planned(title: str, days: int, *, seats: int = 4, share: int = 1_000, by: Actor) -> Delegation:
    where = market(title.removeprefix("Delegation to "), days + 1)
    first = today() + timedelta(days=days)
    details = DelegationDetails(
        edition_id=where.id,
        title=f"{title} (invented)",
        about="A shared stand and meetings with buyers, for makers of series and games. Invented.",
        departs_on=first,
        returns_on=first + timedelta(days=LENGTH),
        closes_on=today() + timedelta(days=14),
        place="Inventia, France",
        seats=seats,
        cost=Money.pounds(1_800),
        share=Money.pounds(share),
        criteria=CRITERIA,
        partner="Invented Screen Association",
        covers="A shared stand, badges and two nights",
    )
    made = leading.plan(where, details, by=by)
    found = seeing.delegation(made.id)
    assert found is not None
    return found


def _opened(title: str, days: int, *, seats: int = 4, share: int = 1_000, by: Actor) -> Delegation:
    made = _planned(title, days, seats=seats, share=share, by=by)
    leading.open_(made, by=by)
    return made


def _apply(found: Delegation, owners: Sequence[Business], *, by: Actor) -> list[DelegationPlace]:
    made = []
    for number, owner in enumerate(owners):
        who = next(each for each in people_of(owner.id) if each.email and not each.left_on)
        sells = tuple(Sells)[number % len(Sells)]
        details = ApplicationDetails(who.id, "To find a distributor for a series (invented)", sells)
        made.append(answering.apply(found, details, business=owner, by=_for(owner.id, by=by)))
    return made


def _choose(found: Delegation, places: Sequence[DelegationPlace], *, by: Actor) -> list[DelegationPlace]:
    """Mark each a little lower than the one before it; the last is not suitable. Return them as they stand then."""
    for number, each in enumerate(places):
        marks = tuple(max(0, 3 - (number + place) // 4) for place in range(len(CRITERIA)))
        is_suitable = number < len(places) - 1
        reason = "Ready, with meetings prepared (invented)" if is_suitable else "Not ready yet (invented)"
        note = "Attending only, as the subsidy team confirmed (invented)"
        choosing.assess(each, Assessment(marks, is_suitable, reason, note), version=None, by=by)
    leading.close(found, by=by)
    choosing.select(found, by=by)
    whole = (seating.place(each.id) for each in places)
    return [each for each in whole if each is not None]


def _eight(owners: Sequence[Business], *, by: Actor) -> None:
    """Eight places: accepted, declined, given up and lapsed, so that the waiting list moved up, and some still wait."""
    found = _opened("Delegation to Market Kestrel", 60, seats=EIGHT, by=by)
    places = _choose(found, _apply(found, owners[: EIGHT + 7], by=by), by=by)
    offered = [each for each in places if each.status is PlaceStatus.OFFERED]
    for each in offered[1:4]:
        answering.accept(each, **_said(each, by=by))
    answering.give_up(offered[3], **_said(offered[3], by=by))
    answering.decline(offered[4], **_said(offered[4], by=by))
    offered[5].answer_by = today() - timedelta(days=1)
    session().flush()
    answering.lapse(offered[5])


def _back(owners: Sequence[Business], *, by: Actor) -> None:
    """One that came back yesterday, without a word about who went; one offer ended unanswered before it left."""
    found, places = _went(owners[2:6], "Delegation to Market Larch", 1, by=by)
    with _before(found, 35):
        for each in places[:2]:
            answering.accept(each, **_said(each, by=by))
    with _before(found, 40 - found.answer_days - 1):
        answering.lapse(places[2])


def _went(
    owners: Sequence[Business], title: str, days: int, *, by: Actor
) -> tuple[Delegation, list[DelegationPlace]]:
    """A delegation that came back so many days ago, with its applications and offers in the past as well."""
    with earlier(timedelta(days=days + LENGTH + 60)):
        found = _opened(title, 60, share=1_800, by=by)
        places = _apply(found, owners, by=by)
    with _before(found, 40):
        return found, _choose(found, places, by=by)


def _before(found: Delegation, days: int) -> AbstractContextManager[None]:
    """So many days before it left; less than nought is after."""
    return earlier(timedelta(days=(today() - found.departs_on).days + days))


def _held(owners: Sequence[Business], *, by: Actor) -> None:
    """One of seven months ago: who went was asked twice, and answered with figures, with noughts, or not at all."""
    found, places = _went(owners[:5], "Delegation to Market Maple", 210, by=by)
    with _before(found, 35):
        for each in places[:4]:
            answering.accept(each, **_said(each, by=by))
    with _before(found, -LENGTH - 1):
        leading.hold(found, {each.id for each in places[:3]}, by=by)
    asked = -LENGTH - 95
    with _before(found, asked):
        returning.ask_and_remind()
    answers = (returning.Results(9, 4, Money.pounds(12_500)), returning.Results(6, 0, None))
    with _before(found, asked - 5):
        for place, results in zip(places[1:3], answers, strict=True):
            first = counting.returns_of(place.id)[1]
            returning.record(first, results, version=None, by=_for(place.business_id, by=by))
    for days in (asked - 15, asked - 95, 0):
        with _before(found, days) if days else nullcontext():
            returning.ask_and_remind()
