"""What pages show of a business's subsidies: the three years that count, drawn to scale, and what waits on desks."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from uuid import UUID

from flask import url_for

from crm.businesses.models import Business
from crm.funding.subsidy import queries
from crm.funding.subsidy.models import Subsidy
from crm.funding.subsidy.policy import POLICY
from crm.funding.subsidy.queries import Standing
from crm.funding.subsidy.rules import KINDS, REGIMES, window
from crm.funding.subsidy.service import by_hand, giving
from crm.funding.subsidy.workflow import Act, SubsidyStatus
from crm.kernel.calendar import day_in_words
from crm.kernel.clock import is_past, today
from crm.kernel.days import PARTS
from crm.kernel.errors import Invalid, refuse_all
from crm.kernel.money import Money
from crm.kernel.permissions import Actor
from crm.web.feature import Todo
from crm.web.fields import DayField
from crm.web.permit import open_address

WIDTH = 1_000
SHADES = ("paid", "claimed", "committed")
DECIDED = "awards decided and not offered yet"
LATER = "later help, by {day}"
NEXT_STEP = {
    SubsidyStatus.PREPARED: (Act.NOTIFY, "Notify the business of its subsidy"),
    SubsidyStatus.NOTIFIED: (Act.CONFIRM, "Confirm that the subsidy is within the limit"),
    SubsidyStatus.CONFIRMED: (Act.GIVE, "Record the day the subsidy is given"),
    SubsidyStatus.GIVEN: (Act.ISSUE, "Issue the confirmation of the subsidy"),
}


@dataclass(frozen=True)
class Block:
    """One part of the drawn limit: a financial year that counts, what later help takes, or what is decided and in no year yet."""

    shade: str
    label: str
    amount: Money
    x: int
    width: int
    falls_out_on: date | None = None


def blocks(found: Standing) -> list[Block]:
    """The limit to scale: what each of the three years takes of it, later help, what is decided, and what can still be given."""
    parts = [
        (shade, str(year.year), year.amount, year.falls_out_on)
        for shade, year in zip(SHADES, found.years, strict=True)
    ]
    later = LATER.format(day=day_in_words(found.until))
    others = [("later", later, found.taken_later, None), ("reserved", DECIDED, found.room.decided, None)]
    return list(_to_scale([*parts, *(each for each in others if each[2])], scale=_scale(found)))


def _scale(found: Standing) -> int:
    """What the whole width stands for: the limit, or all that is taken where that is more."""
    return max(found.limit.pence, (found.counted + found.taken_later + found.room.decided).pence, 1)


def _to_scale(parts: Iterable[tuple[str, str, Money, date | None]], *, scale: int) -> Iterator[Block]:
    at = 0
    for shade, label, amount, falls_out_on in parts:
        x, until = at * WIDTH // scale, (at + amount.pence) * WIDTH // scale
        yield Block(shade, label, amount, x, until - x, falls_out_on)
        at += amount.pence


def of_business(found: Business, actor: Actor, *, on: date | None = None, sum_: str = "") -> dict[str, Any]:
    """What the panel and the page of one business's subsidies have in common: today, or as it is on another day.

    ``sum_`` names the sum whose subsidies are shown; all are where it names none.
    """
    day = on or today()
    standing = standing_for(actor, found.id, on=day)
    rows = [each for each in queries.subsidies_of(standing.group) if standing.opens(sum_, each)]
    shown = {"business": found, "standing": standing, "blocks": blocks(standing), "kinds": KINDS}
    shown |= _besides(found, standing, actor) | {
        "regimes": REGIMES,
        "rows": rows,
        "is_today": day == today(),
        "is_past": is_past(day, on=today()),
    }
    return shown | {"may_declare": POLICY.allows(actor, Act.DECLARE, found)}


def _besides(found: Business, standing: Standing, actor: Actor) -> dict[str, Any]:
    """What was decided and is not in the register, each with the page of its decision for whoever may open it; later help; the warning."""
    rows = [(each, open_address(each.table, each.thing_id, to=actor)) for each in standing.promised]
    return {"decided": rows, "warn": is_near(standing), "then": _all_on(found, standing.until)}


def counts_from(made: Subsidy) -> str:
    """Whether what was recorded counts: help of before the financial years that count does not."""
    first, _ = window(today())
    if made.given_on < first:
        return f"It was given before {day_in_words(first)}, so it no longer counts."
    return "It counts from now on."


def standing_for(actor: Actor, business_id: UUID, *, on: date) -> Standing:
    """Where an enterprise stands for just this reader: who does not read every subsidy learns of no award before its business does."""
    return queries.standing_of(business_id, on=on, is_told=not POLICY.allows(actor, Act.LIST))


def day_of(field: DayField) -> date:
    """The day that an address asks about: today where it names none, or one for which we hold no limit."""
    return today() if field.data is None or queries.why_not_known(field.data) else field.data


def require_known(field: DayField) -> None:
    """Refuse a day for which we hold no limit, at its field."""
    why = queries.why_not_known(field.data) if field.data else None
    refuse_all([Invalid(why, field=field.name)] if why else [])


def asked_day(field: DayField) -> dict[str, int]:
    """The day that an address asks about, for the addresses of the sums of that day."""
    return (
        {f"{field.name}-{part}": getattr(field.data, part) for part in PARTS}
        if field.data and not field.errors
        else {}
    )


def room_of(found: Business, actor: Actor) -> dict[str, Any]:
    """What can still be given to a business today, with the addresses at which its sums open."""
    standing = standing_for(actor, found.id, on=today())
    here = url_for("subsidies.subsidies", business_id=found.id) + "?counts="
    return {"standing": standing, "here": here, "then": _all_on(found, standing.until)}


def _all_on(found: Business, day: date) -> str:
    """The address of all that counts on a day."""
    asked: dict[str, Any] = {f"on-{part}": getattr(day, part) for part in PARTS}
    return url_for("subsidies.subsidies", business_id=found.id, counts="all", **asked) + "#subsidies"


def is_near(found: Standing) -> bool:
    """Whether so little can still be given that the warning of the dated figure is due: later help and what is decided count."""
    return (found.limit - found.largest).pence * 100 >= found.limit.pence * queries.warning_on(found.on)


def load_panel(actor: Actor, found: Business) -> Mapping[str, Any] | None:
    """The subsidies of a business for its page."""
    return of_business(found, actor) if POLICY.allows(actor, Act.VIEW, found) else None


def papers_in_hand(actor: Actor) -> tuple[Todo, ...]:
    """Each subsidy of ours whose next paper this actor can see to. The papers of an award move with it, and wait for nobody."""
    rows = [each for each in queries.in_hand() if not by_hand.why_not(each)]
    ahead = [each for each in rows if each.status in by_hand.ASKED_AHEAD]
    fits = queries.fits_of([giving.wanted_of(each) for each in ahead]) if ahead else []
    over = {each.id: fit.over for each, fit in zip(ahead, fits, strict=True) if fit.over}
    past = [
        _past_limit(each, over[each.id]) for each in ahead if each.id in over and _may_cancel(actor, each)
    ]
    return (*past, *(_paper(each) for each in rows if each.id not in over and _may_go_on(actor, each)))


def _may_go_on(actor: Actor, found: Subsidy) -> bool:
    return POLICY.allows(actor, NEXT_STEP[found.status][0], found)


def _may_cancel(actor: Actor, found: Subsidy) -> bool:
    return POLICY.allows(actor, Act.NOTIFY, found) and POLICY.allows(actor, Act.CANCEL, found)


def _past_limit(found: Subsidy, over: Money) -> Todo:
    """Papers that are neither sent nor signed now: their page says why."""
    words = f"See to the subsidy: it passes the limit by {over.in_full()}"
    return replace(_paper(found), label=words)


def _paper(found: Subsidy) -> Todo:
    where = url_for("subsidy_papers.subsidy", subsidy_id=found.id)
    words, due = NEXT_STEP[found.status][1], found.given_on
    return Todo(words, None, where, about=_about(found), due=due, is_overdue=is_past(due, on=today()))


def _about(found: Subsidy) -> str:
    return f"{found.business.name}: {found.amount.in_full()} for {found.purpose}"


def to_publish(actor: Actor) -> tuple[Todo, ...]:
    """Each subsidy that must be entered in the national database."""
    return tuple(
        _publication(each) for each in queries.to_publish() if POLICY.allows(actor, Act.PUBLISH, each)
    )


def _publication(found: Subsidy) -> Todo:
    assert found.publish_by is not None
    return Todo(
        "Enter the subsidy in the national database",
        None,
        url_for("subsidy_papers.subsidy", subsidy_id=found.id),
        about=_about(found),
        due=found.publish_by,
        is_overdue=is_past(found.publish_by, on=today()),
    )
