"""What delegations show elsewhere: on desks, on a business's page, on a market's page and in the search."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from typing import Any
from uuid import UUID

from flask import g, url_for

from crm.businesses.models import Business
from crm.businesses.queries.seeing import own_ids
from crm.exporting.delegations import rules
from crm.exporting.delegations.models import Delegation, DelegationPlace, DelegationReturn
from crm.exporting.delegations.papers import place_cells, state_of
from crm.exporting.delegations.policy import POLICY
from crm.exporting.delegations.queries import counting, papers, seating, seeing
from crm.exporting.delegations.service import leading
from crm.exporting.delegations.service.answering import why_not_apply
from crm.exporting.delegations.service.papering import why_not_prepare, why_not_settle
from crm.exporting.delegations.service.reviewing import told_of
from crm.exporting.delegations.service.telling import readers_by_place
from crm.exporting.delegations.workflow import (
    AGREED,
    Act,
    DelegationStatus,
    PlaceStatus,
    why_ended,
    why_left,
    why_not_hold,
    why_not_open,
    why_on_hold,
    why_over,
)
from crm.exporting.plans.models import Market, MarketEdition
from crm.exporting.plans.workflow import Act as PlansAct
from crm.funding.subsidy.queries import subsidy
from crm.kernel.calendar import day_in_words
from crm.kernel.clock import day_of, has_come, today
from crm.kernel.permissions import Actor
from crm.web.feature import Case, Held, Hit, Todo
from crm.web.telling import Happening


def _page(found: Delegation) -> str:
    return url_for("delegations.delegation", delegation_id=found.id)


def _led(actor: Actor) -> Sequence[Delegation]:
    """What this person leads, or covers for a colleague, read once for all that their desk says of it."""
    if "delegations_led" not in g:
        g.delegations_led = seeing.waiting_for(actor) if actor.account_id else ()
    found: Sequence[Delegation] = g.delegations_led
    return found


def _named(actor: Actor, each: Delegation) -> str:
    """Which delegation a line is about, and who leads it where that is somebody else."""
    is_own = each.lead is None or each.lead_id == actor.account_id
    return each.title if is_own or each.lead is None else f"{each.title}, led by {each.lead.name}"


def to_open(actor: Actor) -> tuple[Todo, ...]:
    """The drafts that this person leads or covers."""
    found = [each for each in _led(actor) if each.status is DelegationStatus.DRAFT and not each.review]
    return tuple(
        Todo(_to_open(each), None, _page(each), about=_named(actor, each), due=each.closes_on)
        for each in found
    )


def _to_open(each: Delegation) -> str:
    """What is to be done with a draft: its days may have passed meanwhile."""
    if why_left(each):
        return "Cancel the draft: its day of departure has passed"
    reason = why_not_open(each)
    return f"Change the draft, or cancel it. {reason}" if reason else "Open the delegation for applications"


def to_review(actor: Actor) -> tuple[Todo, ...]:
    """The delegations of this person whose market was moved or cancelled."""
    return tuple(
        Todo(f"Decide what happens: {each.review}", None, _page(each), about=_named(actor, each))
        for each in _led(actor)
        if each.review and not _is_to_hold(each)
    )


def _is_to_hold(each: Delegation) -> bool:
    """Whether a delegation is over, or left without places: it is said who went, and nothing else is decided."""
    return each.status is DelegationStatus.CLOSED and not why_not_hold(each)


def to_choose(actor: Actor) -> tuple[Todo, ...]:
    """The closed delegations of this person whose places are not offered yet."""
    closed = [each for each in _led(actor) if each.status is DelegationStatus.CLOSED]
    found = [each for each in closed if not (each.selected_at or why_left(each) or why_on_hold(each))]
    return tuple(
        Todo("Assess the applications and offer the places", None, _places(each), about=_named(actor, each))
        for each in found
    )


def to_fill(actor: Actor) -> tuple[Todo, ...]:
    """The delegations of this person with a free place and an empty waiting list, before they leave."""
    found = [each for each in _led(actor) if each.selected_at and not why_on_hold(each)]
    ahead = [each for each in found if not has_come(each.departs_on, on=today())]
    ids = [each.id for each in ahead]
    taken, waiting = seeing.seats_and_waiting(ids) if ids else ({}, set())
    free = [(each, each.seats - taken[each.id]) for each in ahead if each.id not in waiting]
    return tuple(_to_fill(each, places, about=_named(actor, each)) for each, places in free if places > 0)


def _to_fill(each: Delegation, places: int, *, about: str) -> Todo:
    label = f"Fill {counted_in_words(places)}: the waiting list is empty"
    return Todo(label, None, _places(each), about=about, due=each.departs_on)


def counted_in_words(places: int) -> str:
    """How many places: "1 free place"."""
    return f"{places} free {'place' if places == 1 else 'places'}"


def _places(found: Delegation) -> str:
    return url_for("delegation_places.places", delegation_id=found.id)


def papers_to_decide(actor: Actor) -> tuple[Todo, ...]:
    """The places of this person's delegations whose money a person decides on."""
    led = {each.id: each for each in _led(actor)}
    found = papers.to_decide(list(led)) if led else ()
    return tuple(_to_decide(each, about=_named(actor, led[each.delegation_id])) for each in found)


def _to_decide(each: DelegationPlace, *, about: str) -> Todo:
    is_left = each.status is PlaceStatus.GIVEN_UP
    label = (
        f"Say what happens with the money given for the place that {each.business.name} gave up"
        if is_left
        else f"Prepare the papers of {each.business.name} again, or agree what it pays: they were cancelled"
    )
    return Todo(label, None, url_for("delegation_places.place", place_id=each.id), about=about)


def place_rows(
    places: Sequence[DelegationPlace], told: Mapping[UUID, rules.Told], *, numbers: Mapping[UUID, int]
) -> list[tuple[Any, ...]]:
    """Places as the rows of a file."""
    void = papers.void_among(places)
    return [
        place_cells(each, told.get(each.id), number=numbers.get(each.id), is_void=each.id in void)
        for each in places
    ]


def money_on(found: DelegationPlace, actor: Actor) -> dict[str, Any]:
    """The papers of a place for its page, whether they are void for an accepted place, and what this person can do about them."""
    paper = subsidy(found.subsidy_id) if found.subsidy_id else None
    reasons = {Act.PREPARE_AGAIN: why_not_prepare(found), Act.SETTLE: why_not_settle(found)}
    acts = {act for act, why in reasons.items() if not why and POLICY.allows(actor, act, found)}
    is_void = paper is not None and paper.status == "cancelled" and found.status is PlaceStatus.ACCEPTED
    return {"paper": paper, "money": acts, "is_void": is_void}


def terms_of(found: DelegationPlace) -> dict[str, Any]:
    """The price that was agreed, or that an offer has; and what the place covers now, where that was changed since."""
    agreed = found.agreed if found.status in AGREED else None
    terms = agreed or found.delegation.terms
    is_same = terms.covers == found.delegation.covers
    return {"terms": terms, "agreed": agreed, "now_covers": None if is_same else found.delegation.covers}


def correcting(found: DelegationPlace, actor: Actor) -> dict[str, Any]:
    """What can be corrected of who went, once that is recorded; where it cannot be, why."""
    act = {"went": Act.MISS, "missed": Act.ATTEND}.get(found.status)
    is_open = act is not None and POLICY.allows(actor, act, found)
    kept = leading.why_not_correct(found) if is_open else None
    return {"correcting": act if is_open and not kept else None, "why_kept": kept}


def to_hold(actor: Actor) -> tuple[Todo, ...]:
    """The delegations of this person that are back, without a word about who went."""
    return tuple(_to_hold(each, about=_named(actor, each)) for each in _led(actor) if _is_to_hold(each))


def _to_hold(each: Delegation, *, about: str) -> Todo:
    if each.selected_at:
        return Todo("Record who went", None, _hold_page(each), about=about, since=each.returns_on)
    label = "Close the delegation and tell those who applied: it left before places were offered"
    return Todo(label, None, _hold_page(each), about=about, since=each.departs_on)


def _hold_page(found: Delegation) -> str:
    return url_for("delegations.hold", delegation_id=found.id)


def offers(actor: Actor) -> tuple[Todo, ...]:
    """The places that the founder's own business was offered."""
    own = own_ids(actor)
    found = seating.places_of(own) if own else ()
    return tuple(_offer(each) for each in found if each.status is PlaceStatus.OFFERED and not _is_gone(each))


def _is_gone(each: DelegationPlace) -> bool:
    """Whether an offer cannot be answered any more, or not until its lead has decided."""
    found = each.delegation
    return bool(why_over(each) or why_left(found) or why_on_hold(found) or why_ended(each))


def _offer(each: DelegationPlace) -> Todo:
    href = url_for("delegation_places.place", place_id=each.id)
    label = f"Accept or decline your place: {each.delegation.title}"
    return Todo(label, None, href, about=each.business.name, due=each.answer_by)


def unanswered(actor: Actor) -> tuple[Todo, ...]:
    """The results that a business of this person's delegations did not tell, although it was reminded.

    They are asked for whoever holds the business now. Where the lead has left, those who care for the business have them.
    """
    told = counting.unanswered_results(actor.account_id) if actor.account_id else ()
    found = counting.asked_now(told, on=today())
    return tuple(_unanswered(each) for each in found if POLICY.allows(actor, Act.RECORD, each))


def _unanswered(each: DelegationReturn) -> Todo:
    href = url_for("delegation_places.record", return_id=each.id)
    day = day_in_words(day_of(each.reminded_at)) if each.reminded_at else "the day it was due"
    label = f"Ask what came of {each.place.delegation.title}: we reminded them on {day}"
    return Todo(label, None, href, about=each.business.name, since=each.due_on)


def results(actor: Actor) -> tuple[Todo, ...]:
    """What the founder's own business is asked about its delegations."""
    own = set(own_ids(actor))
    due = [each for each in counting.returns_due(today()) if each.business.id in own] if own else []
    return tuple(_result(each) for each in counting.asked_now(due, on=today()))


def _result(each: DelegationReturn) -> Todo:
    href = url_for("delegation_places.record", return_id=each.id)
    label = f"Say what came of {each.place.delegation.title}"
    return Todo(label, None, href, about=each.business.name, since=each.due_on)


def load_panel(actor: Actor, found: Business) -> Mapping[str, Any] | None:
    """The places of a business, and the delegations that it can apply for."""
    if not POLICY.allows(actor, Act.VIEW, found):
        return None
    rows, coming = seating.places_and_open(found.id, on=today())
    can_apply = not found.is_archived and POLICY.allows(actor, Act.APPLY, found)
    open_ = [each for each in coming if can_apply and not why_not_apply(each)]
    if not rows and not open_:
        return None
    return {"business": found, "rows": rows, "open": open_, "rules": rules, "state_of": state_of}


def timeline(_actor: Actor, business_id: UUID, most: int) -> list[Happening]:
    """When a business applied for a delegation, and what it told of it."""
    places = seating.places_of([business_id])[:most]
    told = [
        Happening(each.applied_at, f"Applied for {each.delegation.title}", href=_place_page(each.id))
        for each in places
    ]
    names = {each.id: each.delegation.title for each in places}
    for each in counting.answers_of(list(names)):
        at = each.answered_at or each.place.applied_at
        title = f"Results of {names[each.place_id]}, {rules.asked_at(each.months)}"
        told.append(Happening(at, title, href=_place_page(each.place_id), text=rules.in_words(each)))
    return told


def _place_page(place_id: UUID) -> str:
    return url_for("delegation_places.place", place_id=place_id)


def load_of_market(_actor: Actor, found: Market) -> Mapping[str, Any] | None:
    """The delegations to a market."""
    rows = seeing.to_market(found.id)
    return {"rows": rows, "rules": rules} if rows else None


def load_told_of(act: PlansAct) -> Callable[[Actor, MarketEdition], Mapping[str, Any] | None]:
    """What a page says that does something to an edition: the delegations put on hold, and how many people are written to."""

    def load(_actor: Actor, edition: MarketEdition) -> Mapping[str, Any] | None:
        found = told_of(edition, act)
        places = seating.in_hand([each.id for each in found]) if found else ()
        readers = readers_by_place(places)
        counts = [(each, [place for place in places if place.delegation_id == each.id]) for each in found]
        rows = [(each, len(own), sum(len(readers[one.id]) for one in own)) for each, own in counts]
        return {"rows": rows} if rows else None

    return load


def in_hand(account_ids: Collection[UUID]) -> Iterator[Held]:
    """The delegations that some people lead."""
    for each in seeing.led_by(account_ids):
        assert each.lead_id is not None
        title = f"{each.title}, {day_in_words(each.departs_on)}"
        yield each.lead_id, Case(each.id, title, _page(each))


MOST_HITS = 5


def find(_actor: Actor, text: str) -> list[Hit]:
    """The delegations whose name or place has these words, the latest first; where more have, the way to all of them."""
    rows = seeing.named(text, most=MOST_HITS + 1)
    hits = [
        Hit(each.title, "Delegations", _page(each), f"{each.place}, {day_in_words(each.departs_on)}")
        for each in rows
    ]
    if len(rows) <= MOST_HITS:
        return hits
    more = Hit("All delegations", "Delegations", url_for("delegations.delegations"), "More have these words")
    return [*hits[:MOST_HITS], more]
