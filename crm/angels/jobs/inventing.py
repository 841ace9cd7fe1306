"""Invented angels and pitches, for the demonstration and for measuring."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import uuid4

from crm.angels.deals.queries.reliefs import recorded_before
from crm.angels.investors.service.joining import Application, Referee
from crm.angels.investors.workflow import Instrument
from crm.angels.pitches.models import Pitch
from crm.angels.pitches.service.pitching import PitchDetails
from crm.angels.pitches.workflow import Relief
from crm.businesses.models import Business
from crm.kernel.clock import today
from crm.kernel.money import Money

HEADLINES = (
    "A second season of a series that children already know",
    "A studio for museums that want to be played with",
    "Textiles from waste yarn, made in Coventry",
    "A label for new choirs",
    "A game about canals",
    "Lamps that are printed to order",
    "A press for small languages",
    "A theatre that travels by boat",
)


def invented_angel(name: str, email: str) -> Application:
    """Somebody who wants to join, with two referees."""
    referees = tuple(
        Referee(f"Invented Referee {number}", f"referee{number}@demo.example", "Invented: invested together")
        for number in (1, 2)
    )
    return Application(email, name, "0121 496 0000", "Invented: made films, now invests in them.", referees)


TERMS = (
    "Invented: ordinary shares at a valuation of £900,000 before the money.",
    "Invented: loan notes at 8% a year, repaid after three years.",
    "Invented: convertible loan notes, with a discount of 20% on the next round.",
)
"""What a pitch of each type of investment offers."""


def pitch_of(owner: Business, number: int) -> PitchDetails:
    """The same for a business, with what is recorded of its earlier raises under the tax reliefs."""
    recorded: dict[str, Any] = {**recorded_before(Pitch(id=uuid4(), business_id=owner.id))}
    return replace(invented_pitch(owner.name, number), **recorded)


def invented_pitch(name: str, number: int) -> PitchDetails:
    """A pitch of a business, the same for the same number."""
    return PitchDetails(
        headline=HEADLINES[number % len(HEADLINES)],
        instrument=(Instrument.EQUITY, Instrument.LOAN_NOTE, Instrument.CONVERTIBLE)[number % 3],
        amount=Money.pounds(60_000 + 15_000 * (number % 12)),
        min_ticket=Money.pounds(5_000 * (1 + number % 4)),
        summary=f"Invented: {name} makes things that people come back to, and sells them here and abroad.",
        terms=TERMS[number % 3],
        use_of_funds="Invented: £40,000 for people, the rest for making and for showing it to buyers.",
        team="Invented: two founders with fifteen years in the trade, and a part-time producer.",
        market="Invented: four buyers asked for it in writing; two bought the first one.",
        slate="Invented: six parts by the autumn, a book in spring.",
        contact="hello@demo.example",
        closes_on=today() + timedelta(days=60 + 7 * (number % 8)) if number % 3 else None,
        seis=(Relief.INTENDED, Relief.NO, Relief.NO, Relief.ASSURED, Relief.NO, Relief.NO)[number % 6],
        eis=(Relief.ASSURED, Relief.NO, Relief.NO, Relief.INTENDED, Relief.NO, Relief.NO)[number % 6],
    )
