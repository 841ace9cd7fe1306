"""Delegations in words, who is chosen in which order, and what came of them in sums."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from crm.kernel.calendar import day_in_words, days_in_words
from crm.kernel.clock import has_come, is_past
from crm.kernel.money import NO_MONEY, Money
from crm.kernel.text import series

TOP = 3
"""The highest mark for one criterion; the lowest is 0."""
MARKS = ("Not shown", "Partly shown", "Mostly shown", "Fully shown")
"""What each mark says of a criterion, from 0."""
MOST_SEATS, MOST_CRITERIA, MOST_DAYS = 100, 10, 60
LONGEST_AWAY, LONGEST_WORDS = timedelta(days=60), 4_000
DELEGATION_STATUSES = {
    "draft": "Draft",
    "open": "Open for applications",
    "closed": "Closed for applications",
    "held": "Took place",
    "cancelled": "Cancelled",
}
DELEGATION_COLOURS = {
    "draft": "yellow",
    "open": "green",
    "closed": "blue",
    "held": "grey",
    "cancelled": "red",
}
ON_HOLD = "On hold"
"""What an open or closed delegation is called while its lead has not decided: nobody can apply or accept, whatever its step."""
PLACE_STATUSES = {
    "applied": "Applied",
    "offered": "Offered a place",
    "waiting": "On the waiting list",
    "unselected": "Not selected",
    "accepted": "Accepted",
    "declined": "Declined",
    "lapsed": "Did not answer in time",
    "given_up": "Gave up its place",
    "withdrawn": "Application withdrawn",
    "went": "Went",
    "missed": "Did not go",
}
PLACE_COLOURS = {
    "applied": "blue",
    "offered": "yellow",
    "waiting": "yellow",
    "unselected": "grey",
    "accepted": "green",
    "declined": "grey",
    "lapsed": "grey",
    "given_up": "grey",
    "withdrawn": "grey",
    "went": "green",
    "missed": "grey",
}
SELLS = {"services": "Services, rights or digital work", "goods": "Goods", "both": "Both"}
ALSO = {
    "applied": "has also applied for",
    "waiting": "is also on the waiting list for",
    "offered": "is also offered a place in",
    "accepted": "also has a place in",
}
"""What a business whose place is in hand has in another delegation."""
REMIND_BEFORE = 2
"""So many days before the last day to answer an offer, its business is reminded once."""
UNKNOWN = "Not known yet"
DELEGATION_OFF = "Delegation cancelled"


@dataclass(frozen=True)
class Terms:
    """What a place costs, what of it the business pays, and what that covers."""

    cost: Money
    share: Money
    covers: str

    @property
    def subsidy(self) -> Money:
        """What we pay of it."""
        return self.cost - self.share

    def said(self) -> dict[str, Any]:
        """The same for a letter."""
        subsidy = self.subsidy.in_full() if self.subsidy.pence else ""
        return {"subsidy": subsidy, "share": self.share.in_full(), "covers": self.covers}


@dataclass(frozen=True)
class Candidate:
    """An assessed application: whether it meets what was asked, its marks, when it was made, and whose it is."""

    id: UUID
    is_suitable: bool
    marks: tuple[int, ...]
    applied_at: datetime
    name: str


def marks_in_words(criteria: Sequence[str], marks: Sequence[int]) -> str:
    """Each criterion with its mark; empty where nothing was assessed."""
    return "; ".join(f"{name}: {mark}" for name, mark in zip(criteria, marks, strict=False))


@dataclass(frozen=True)
class Choice:
    """Who is offered a place, who waits in which order, and who is not selected."""

    offered: tuple[UUID, ...]
    waiting: tuple[UUID, ...]
    passed_over: tuple[UUID, ...]


def choose(candidates: Iterable[Candidate], *, seats: int) -> Choice:
    """The most marks first. The rest wait in that order.

    Where two have as many, the higher mark for the first criterion decides, then for the next. Where all are equal it is
    the earlier application, and of two made at the same moment the business whose name comes first.
    """
    known = sorted(candidates, key=_order)
    suitable = [each.id for each in known if each.is_suitable]
    passed = tuple(each.id for each in known if not each.is_suitable)
    return Choice(tuple(suitable[:seats]), tuple(suitable[seats:]), passed)


def _order(each: Candidate) -> tuple[object, ...]:
    return (
        -sum(each.marks),
        [-mark for mark in each.marks],
        each.applied_at,
        each.name.casefold(),
        str(each.id),
    )


def what_next(found: Any, *, on: date, taken: int, answers_by: Sequence[date] = ()) -> str:
    """What its lead does next with a delegation, in a line; empty where nothing is left. ``answers_by`` are the last days of its open offers."""
    if found.review or found.status == "cancelled":
        return ""
    if found.status == "draft":
        return "Next: check the draft, then open it for applications."
    if found.status == "open":
        return f"Next: applications close on {day_in_words(found.closes_on)}. Then assess them and offer the places."
    if found.status == "held":
        return (
            "It took place. Businesses that went are asked for results by email, and reminded once. "
            "From the reminder on, those that do not answer are on the desk of its lead."
        )
    if is_past(found.returns_on, on=on) or (not found.selected_at and has_come(found.departs_on, on=on)):
        return (
            "Next: record who went." if found.selected_at else "It left before places were offered. Close it."
        )
    if not found.selected_at:
        return "Next: assess the applications and offer the places."
    free = found.seats - taken
    back = f"record who went after {day_in_words(found.returns_on)}"
    if answers_by and not free:
        offers = (
            "answer to 1 offer is" if len(answers_by) == 1 else f"answers to {len(answers_by)} offers are"
        )
        return f"Next: {offers} due by {day_in_words(max(answers_by))}. Then {back}."
    return (
        f"Next: fill {free} free {'place' if free == 1 else 'places'}, then {back}."
        if free
        else f"Next: {back}."
    )


def after_closing(found: Any) -> str:
    """What is said once applications are closed: what is done next, which on hold is to decide."""
    then = "decide what happens with the delegation" if found.review else "assess them and offer the places"
    return f"Closed for applications. Next, {then}."


def is_on_hold(found: Any) -> bool:
    """Whether a delegation that was opened waits for its lead to decide, since its market was moved or cancelled."""
    return bool(found.review) and found.status in ("open", "closed")


def standing_of(found: Any) -> str:
    """Where a delegation stands, as lists, files and pages say it."""
    return ON_HOLD if is_on_hold(found) else DELEGATION_STATUSES[found.status]


def colour_of(found: Any) -> str:
    """The colour of the same."""
    return "red" if is_on_hold(found) else DELEGATION_COLOURS[found.status]


def is_closed_early(found: Any, *, on: date) -> bool:
    """Whether applications were closed although the last day to apply, which was told to everybody, is not over."""
    return found.status == "closed" and not is_past(found.closes_on, on=on)


def moved_up(names: Sequence[str], *, is_staff: bool) -> str:
    """What happened to a place that was freed: only staff read whose business was next."""
    if not is_staff:
        return "If a business is on the waiting list, it is offered the place now."
    verb = (
        "was next on the waiting list and is" if len(names) == 1 else "were next on the waiting list and are"
    )
    return (
        f"{series(names)} {verb} offered the place by email."
        if names
        else "No waiting business was offered the place."
    )


def numbers_of(rows: Sequence[Any]) -> dict[UUID, int]:
    """Where each business on the waiting list stands now, of places in their order."""
    return {each.id: at for at, each in enumerate((one for one in rows if one.status == "waiting"), 1)}


def asked_at(months: int) -> str:
    """When something is asked or recorded of what came of it: "on return", "after 3 months"."""
    return f"after {months} month{'' if months == 1 else 's'}" if months else "on return"


def also_away(other: Any, person: Any = None) -> str:
    """What a business has in another delegation of the same days, and whether the same person would go in both."""
    where, said = other.delegation, ALSO[str(other.status)]
    days = days_in_words(where.departs_on, where.returns_on)
    email = person.email if person else None
    who = other.person.name
    also = f", and {who} would go on both" if email and other.person.email == email else f" ({who} would go)"
    return f"{other.business.name} {said} {where.title}, {days}{also}"


@dataclass(frozen=True)
class Told:
    """What a business has said came of it, each figure as it was last known. None is not known yet, and not nought."""

    meetings: int | None
    leads: int | None
    sales: Money | None


def told_so_far(answers: Iterable[Any]) -> dict[UUID, Told]:
    """What each place has told, from its answers in the order of their months.

    Each figure stays as it was last known: a later "we do not know yet" takes nothing back.
    """
    found: dict[UUID, Told] = {}
    for each in answers:
        before = found.get(each.place_id, Told(None, None, None))
        found[each.place_id] = Told(
            before.meetings if each.meetings is None else each.meetings,
            before.leads if each.leads is None else each.leads,
            before.sales if each.sales is None else each.sales,
        )
    return found


def came_of(told: Any) -> list[str]:
    """What was told that came of a place, each figure with its name; None is not known yet."""
    figures = (("Meetings", told.meetings), ("Leads", told.leads))
    said = [f"{name}: {UNKNOWN if each is None else f'{each:,}'}" for name, each in figures]
    return [*said, f"Sales: {UNKNOWN if told.sales is None else told.sales.in_full()}"]


def came_since(told: Any, earlier: Iterable[Any]) -> list[str]:
    """The same for a letter: a figure that is not known anew stays as it was told before, with the question that it answered."""
    known = sorted((each for each in earlier if each.months < told.months), key=lambda each: -each.months)
    lines = []
    for name, said in zip(("meetings", "leads", "sales"), came_of(told), strict=True):
        before = next((each for each in known if getattr(each, name) is not None), None)
        is_kept = getattr(told, name) is None and before is not None
        kept = next(each for each in came_of(before) if each.startswith(name.title())) if is_kept else ""
        lines.append(f"{kept}, as told {asked_at(before.months)}" if before is not None and kept else said)
    return lines


def in_words(told: Any) -> str:
    """The figures of `came_of` in one line: "Meetings: 9. Leads: 4. Sales: £12,500.00"."""
    return ". ".join(came_of(told))


UNLIKELY: Mapping[str, Any] = {"meetings": 200, "leads": 200, "sales": Money.pounds(1_000_000)}
"""From these figures on, one far beyond any that was told before is asked about: of one visit, it is mostly a slip of the keyboard."""
FAR_BEYOND = 10


def is_far_beyond(name: str, value: Any, *, most: Any) -> bool:
    """Whether a figure is so high, and more than ten times the most that was told before, that it is asked about once."""
    return bool(value > UNLIKELY[name]) and (most is None or bool(value > most * FAR_BEYOND))


SHOWN = {
    "went": "those who went",
    "meetings": "those who went and have not told us their meetings",
    "leads": "those who went and have not told us their leads",
    "sales": "those who went and have not told us their sales",
}
"""What the places of a delegation can be narrowed to."""


def shown_of(show: str, places: Sequence[Any], *, told: Mapping[UUID, Told]) -> Sequence[Any]:
    """The places that a list is narrowed to; every place where it is not, of those with a seat the most marks first."""
    if not show:
        seated = sorted((each for each in places if each.seat), key=_by_marks)
        return [*seated, *(each for each in places if not each.seat)]
    went = [each for each in places if each.status == "went"]
    return (
        went if show == "went" else [each for each in went if getattr(told.get(each.id), show, None) is None]
    )


def _by_marks(place: Any) -> tuple[object, ...]:
    marks = place.marks or ()
    return -sum(marks), [-mark for mark in marks], place.applied_at


@dataclass(frozen=True)
class Sums:
    """What came of a delegation, with how many places have not told each figure yet. None: nobody has told it yet."""

    places: int
    meetings: int | None
    meetings_unknown: int
    leads: int | None
    leads_unknown: int
    sales: Money | None
    sales_unknown: int


def sums_of(told: Sequence[Told | None]) -> Sums:
    """The sums over the places of those who went; one that said nothing at all is unknown in each."""
    meetings = [each.meetings for each in told if each and each.meetings is not None]
    leads = [each.leads for each in told if each and each.leads is not None]
    sales = [each.sales for each in told if each and each.sales is not None]
    total = len(told)
    return Sums(
        places=total,
        meetings=sum(meetings) if meetings else None,
        meetings_unknown=total - len(meetings),
        leads=sum(leads) if leads else None,
        leads_unknown=total - len(leads),
        sales=sum(sales, start=NO_MONEY) if sales else None,
        sales_unknown=total - len(sales),
    )


def read_criteria(text: str) -> tuple[str, ...]:
    """Criteria as they were typed: one a line."""
    return tuple(each.strip() for each in text.splitlines() if each.strip())


def off_the_market(
    departs_on: date, returns_on: date, *, starts_on: date | None, ends_on: date | None
) -> bool:
    """Whether a delegation is away on none of the days of its market, as far as these are known."""
    return starts_on is not None and ends_on is not None and (departs_on > ends_on or returns_on < starts_on)


def doubt_in_days(
    departs_on: date, returns_on: date, *, market: str, starts_on: date | None, ends_on: date | None
) -> str | None:
    """What is asked of days that hardly fit those of the market: away on none of them, or leaving after it began."""
    if starts_on is None or ends_on is None:
        return None
    check = "Correct the days, or tick that they are right"
    if off_the_market(departs_on, returns_on, starts_on=starts_on, ends_on=ends_on):
        return f"The delegation is away on none of the days of {market}, {days_in_words(starts_on, ends_on)}. {check}"
    if departs_on > starts_on:
        return f"{market} begins on {day_in_words(starts_on)}, before the delegation leaves. {check}"
    return None


def twice(criteria: Sequence[str]) -> str | None:
    """The first criterion that is there twice, however it is written: it would count double."""
    seen: set[str] = set()
    for each in criteria:
        said = " ".join(each.casefold().split())
        if said in seen:
            return each
        seen.add(said)
    return None


def faults_in_days(
    closes_on: date | None, *, departs_on: date | None, returns_on: date | None
) -> Iterator[tuple[str, str]]:
    """At which fields and why the days of a delegation cannot be; None is a day that is not known."""
    if departs_on is None:
        return
    if returns_on is not None and returns_on < departs_on:
        yield "returns_on", "The day of return must be on or after the day of departure"
    if returns_on is not None and returns_on - departs_on >= LONGEST_AWAY:
        yield "returns_on", "A delegation is away for 60 days at most. Check the years of both days"
    if closes_on is not None and closes_on >= departs_on:
        yield "closes_on", "Applications must close before the day of departure"
