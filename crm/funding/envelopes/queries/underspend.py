"""What of an envelope was claimed beside what was planned, and what that means in sentences."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from crm.funding.envelopes.models import Envelope
from crm.funding.envelopes.queries.ledger import envelopes, held_of
from crm.funding.envelopes.rules import Balances, Behind, Instalment, Subject, furthest_behind, planned_by
from crm.funding.envelopes.rules import LedgerAccount as A
from crm.kernel.calendar import day_in_words, months_between
from crm.kernel.clock import has_come, is_past
from crm.kernel.measures import counted
from crm.kernel.money import NO_MONEY, Money

MONTHS = counted("month")


@dataclass(frozen=True)
class Bar:
    """One sum of an envelope, and how wide it is drawn of a thousand parts of the limit.

    ``account`` is the one that its entries lie in; what is planned has none.
    """

    label: str
    amount: Money
    width: int
    account: str = ""


@dataclass(frozen=True)
class Radar:
    """One envelope: its sums beside what was planned, who is behind, and what that means in sentences."""

    envelope: Envelope
    bars: list[Bar]
    behind: list[Behind]
    said: list[str]


Held = Mapping[tuple[UUID, Subject], Balances]


def claimed_of(envelope_id: UUID, held: Held) -> dict[Subject, Money]:
    """What each planned subject of an envelope has claimed in all."""
    return {subject: each.claimed for (owner, subject), each in held.items() if owner == envelope_id}


def radars(plans: Mapping[UUID, Sequence[Instalment]], *, on: date) -> list[Radar]:
    """The envelopes that have a limit beside what is planned: three queries.

    Those that are behind come first, the furthest first; then those with free money, the one that ends first before the others.
    """
    held = held_of({each.subject for planned in plans.values() for each in planned})
    found = [_radar(each, plans.get(each.id, ()), held, on=on) for each in envelopes() if each.limited_to]
    return sorted(found, key=lambda each: _urgency(each, on=on))


def _urgency(found: Radar, *, on: date) -> tuple[bool, int, bool, date]:
    short = sum(each.short.pence for each in found.behind)
    has_free = bool(found.envelope.free) and not is_past(found.envelope.ends_on, on=on)
    return not found.behind, -short, not has_free, found.envelope.ends_on


def _radar(found: Envelope, planned: Sequence[Instalment], held: Held, *, on: date) -> Radar:
    behind = furthest_behind(planned, claimed=claimed_of(found.id, held), on=on)
    sums = (
        ("Planned to be claimed by today", planned_by(planned, on=on), ""),
        ("Reserved for a cohort", found.reserved, A.RESERVED),
        ("Committed, not yet claimed", found.unclaimed, A.COMMITTED),
        ("Claimed, not yet paid", found.claimed, A.CLAIMED),
        ("Paid", found.paid, A.PAID),
        ("Recovered, not yet released", found.recovered, A.RECOVERED),
        ("Free", found.free, A.FREE),
    )
    limit = found.limited_to.pence
    bars = [
        Bar(label, sum_, min(1_000, sum_.pence * 1_000 // limit), account) for label, sum_, account in sums
    ]
    return Radar(found, bars, behind, _said(found, planned, behind, on=on))


def _said(found: Envelope, planned: Sequence[Instalment], behind: Sequence[Behind], *, on: date) -> list[str]:
    """What the figures mean, in sentences."""
    short = sum((each.short for each in behind), start=NO_MONEY)
    told = []
    if not planned:
        told.append(_unplanned(found))
    elif short:
        who = "1 award has" if len(behind) == 1 else f"{len(behind)} awards have"
        told.append(f"{who} claimed {short.in_full()} less than was planned by today.")
    else:
        told.append("Every award has claimed at least what was planned by today.")
    if is_past(found.ends_on, on=on):
        told.append(f"The envelope ended on {day_in_words(found.ends_on)}.")
    elif has_come(found.starts_on, on=on) and found.free:
        told.append(_free(found, on=on))
    return told


def _unplanned(found: Envelope) -> str:
    """What no plan means: nothing was awarded yet, or what was awarded is not paid by milestones that are still to come."""
    if not found.committed:
        return "No payments are planned from this envelope yet: they are planned when an award is accepted."
    if found.unclaimed:
        return f"{found.unclaimed.in_full()} is committed and not yet claimed, with no day planned for it."
    return "Everything that was committed has been claimed, so no more payments are planned."


def _free(found: Envelope, *, on: date) -> str:
    """How much nobody was promised yet, and how long there is to promise it."""
    months = months_between(on, found.ends_on)
    left = f"{MONTHS(months)} left" if months else "less than a month left"
    return (
        f"{found.free.in_full()} of {found.limited_to.in_full()} is not committed or reserved yet, with {left} "
        f"before the envelope ends on {day_in_words(found.ends_on)}."
    )
