"""A delegation whose market changed: on hold until its lead decides, confirmed as it is, and going on."""

from __future__ import annotations

from datetime import date
from typing import Any

from crm.audit import service as audit
from crm.db.changes import amend, created
from crm.db.session import session
from crm.db.states import refuse_if
from crm.exporting.delegations.models import Delegation
from crm.exporting.delegations.policy import POLICY
from crm.exporting.delegations.queries import seating, seeing
from crm.exporting.delegations.service.choosing import fill, last_day_to_answer
from crm.exporting.delegations.service.telling import tell
from crm.exporting.delegations.workflow import IN_HAND, Act, PlaceStatus
from crm.exporting.plans.models import MarketEdition
from crm.exporting.plans.workflow import Act as PlansAct
from crm.exporting.plans.workflow import EditionStatus
from crm.kernel.calendar import day_in_words
from crm.kernel.permissions import SYSTEM, Actor


def review(edition: MarketEdition, *, by: Actor) -> None:
    """Let the lead of each delegation to an edition decide, since it was moved or cancelled."""
    is_off = bool(edition.reason)
    moved = "was moved, and its new days are not known yet"
    moved = _where_now(edition, edition.starts_on) if edition.starts_on else moved
    words = f"was cancelled: {edition.reason}" if is_off else moved
    after = f"{by.name} {'cancelled' if is_off else 'moved'} the market"
    for each in seeing.to_edition(edition.id):
        _put_on_hold(each, f"{edition.name} {words}", is_news=is_off, after=after)


def _where_now(edition: MarketEdition, day: date) -> str:
    """From when on it takes place, and where, as it is known now."""
    return f"now begins on {day_in_words(day)}" + (f", in {edition.place}" if edition.place else "")


def review_again(edition: MarketEdition, *, by: Actor) -> None:
    """Say that a cancelled edition takes place after all where a lead has not decided yet; who decided is not asked again."""
    review, after = (
        f"{edition.name} was cancelled, and takes place after all",
        f"{by.name} restored the market",
    )
    for each in seeing.to_edition(edition.id):
        if each.review:
            _put_on_hold(each, review, is_news=True, after=after)


def told_of(edition: MarketEdition, act: PlansAct) -> list[Delegation]:
    """The delegations to an edition in which everybody is written to, once an act is done to it."""
    every = seeing.to_edition(edition.id)
    if act is PlansAct.RESTORE_EDITION:
        return [each for each in every if each.review]
    is_news = act is PlansAct.CANCEL_EDITION
    return [each for each in every if _is_told(each, is_news=is_news)]


def _is_told(found: Delegation, *, is_news: bool) -> bool:
    """Who was told that it is on hold is not told again that its market has other days: the lead's decision says which count."""
    return is_news or not found.review


def _put_on_hold(found: Delegation, review: str, *, is_news: bool, after: str) -> None:
    """Wait for the lead: everybody in it is told, and the days to answer an offer stop until the lead has decided.

    ``after`` is what this follows, for the trail.
    """
    is_told, changes = _is_told(found, is_news=is_news), amend(found, review=review[:500])
    audit.record(Act.CHANGE, found, changes | created(followed=after), by=SYSTEM)
    if changes and is_told:
        found.sequence += 1
        session().flush()
        tell_all(found, "delegation_on_hold", why=found.review)


def go_on(found: Delegation, *, is_told: bool, after: str, off: str = "") -> None:
    """Give who was offered a place their days to answer anew, and tell everybody that it goes ahead, unless they are told.

    ``after`` is what this follows: the trail says it of each offer whose last day moved. ``off`` says that its market does not take place.
    """
    for each in seating.places_in(found.id):
        if each.status is PlaceStatus.OFFERED and each.answer_by is not None:
            changes = amend(each, answer_by=max(each.answer_by, last_day_to_answer(found)))
            if changes:
                audit.record(Act.EXTEND, each, changes | created(followed=after), by=SYSTEM)
    if not is_told:
        found.sequence += 1
    session().flush()
    if not is_told:
        tell_all(found, "delegation_goes_ahead", off=off)


def confirm_dates(found: Delegation, *, by: Actor) -> None:
    """Keep the delegation as it is, although its market was moved or cancelled."""
    POLICY.require(by, Act.CONFIRM_DATES, found)
    seeing.hold(found)
    refuse_if(why_not_confirm(found))
    off = found.review if found.edition.status is EditionStatus.CANCELLED else ""
    audit.record(Act.CONFIRM_DATES, found, amend(found, review=""), by=by)
    go_on(found, is_told=False, after=f"{by.name} confirmed that the delegation stays as it is", off=off)
    if found.selected_at:
        fill(found, after="The dates of the delegation were confirmed")


def why_not_confirm(found: Delegation) -> str | None:
    """Why there is nothing to confirm: the market is as it was."""
    return None if found.review else "Nothing changed at the market of this delegation."


def tell_all(found: Delegation, kind: str, **more: Any) -> None:
    """Write to everybody who may still go; the calendars of those who accepted follow."""
    for each in seating.places_in(found.id):
        if each.status in IN_HAND:
            was_seated = each.status is PlaceStatus.ACCEPTED
            tell(each, kind, was_seated=was_seated, **more)
