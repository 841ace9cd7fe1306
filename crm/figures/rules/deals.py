"""The figures of what comes after a pitch: due diligence, deals and what investors hold."""

from __future__ import annotations

from crm.figures.rules.units import Definition, Unit

_KNOWN = (
    Definition(
        "diligence.nudge_days",
        "When a business is reminded of a due-diligence question",
        Unit.DAYS,
        "After so many working days without an answer the business is reminded.",
    ),
    Definition(
        "diligence.task_days",
        "When the network looks after a due-diligence question",
        Unit.DAYS,
        "After so many working days without an answer the network's manager is asked to help.",
    ),
    Definition(
        "relief.trading_months",
        "How long a company trades before SEIS1 or EIS1 can be sent",
        Unit.MONTHS,
        "The first day on which the statement can be sent is worked out from it, on the page of the papers of a raise.",
    ),
    Definition(
        "relief.filing_years",
        "Within how many years SEIS1 or EIS1 must be sent",
        Unit.COUNT,
        "Counted from the end of the tax year of issue, or from the end of the months of trading, if that is later.",
    ),
    Definition(
        "relief.claim_years",
        "Within how many years an investor may claim",
        Unit.COUNT,
        "Counted from the 31 January that follows the tax year of issue.",
    ),
    Definition(
        "relief.remind_days",
        "When a business is reminded of the last day of SEIS1 or EIS1",
        Unit.CALENDAR_DAYS,
        "So many days before it.",
    ),
    Definition(
        "update.due_days",
        "How long a company has for its quarterly update",
        Unit.CALENDAR_DAYS,
        "So many days after it was asked the update is overdue.",
    ),
    Definition(
        "update.remind_days",
        "When a company is reminded of its quarterly update",
        Unit.CALENDAR_DAYS,
        "So many days before it is due.",
    ),
    Definition(
        "pledge.offer_days",
        "How long an investor can take a place that became free in a raise",
        Unit.DAYS,
        "After so many working days without an answer the place is offered to the next on the waiting list.",
    ),
    Definition(
        "investment.answer_days",
        "When an investment that one side reported is late",
        Unit.DAYS,
        "After so many working days without an answer the other side is reminded, and the network's manager sees it.",
    ),
    Definition(
        "exemption.total",
        "Public offers: most that may be paid within twelve months without a prospectus",
        Unit.MONEY,
        "An offer up to this total is exempt; a total exactly at the limit still is.",
    ),
    Definition(
        "exemption.people",
        "Public offers: fewer people than this need no prospectus",
        Unit.COUNT,
        "An offer to fewer people is exempt.",
    ),
    Definition(
        "exemption.warn",
        "Warn at this share of the limits of public offers",
        Unit.PERCENT,
        "When the network is warned that a raise comes near the limits of the exemption it relies on.",
    ),
)
AFTER_PITCHES = tuple((each.name, each) for each in _KNOWN)
