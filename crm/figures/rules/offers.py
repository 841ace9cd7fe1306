"""The figures by which grants are offered: when an offer follows its award, and how it is answered."""

from __future__ import annotations

from crm.figures.rules.units import Definition, Unit

OF_OFFERS = {
    each.name: each
    for each in (
        Definition(
            "offer.letter_days",
            "Days from an award to its offer letter",
            Unit.CALENDAR_DAYS,
            "The letter about an award says by which day its offer comes, and the offer is on desks as due by that day.",
        ),
        Definition(
            "offer.answer_days",
            "Days to accept a grant offer",
            Unit.CALENDAR_DAYS,
            "The last day to accept that a new grant offer begins with.",
        ),
        Definition(
            "offer.remind_days",
            "Remind of a grant offer so many days before its last day",
            Unit.CALENDAR_DAYS,
            "When the owners of a business who have not answered an offer are reminded.",
        ),
        Definition(
            "offer.check_days",
            "How long a check of a company counts before an offer",
            Unit.CALENDAR_DAYS,
            "A company that was checked longer ago is checked again before its grant offer is sent.",
        ),
        Definition(
            "offer.payment_check_days",
            "How long a check of a company counts before a payment",
            Unit.CALENDAR_DAYS,
            "A company that was checked longer ago is checked again before a payment of its grant is made or released.",
        ),
    )
}
