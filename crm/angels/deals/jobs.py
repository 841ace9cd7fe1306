"""The clocks of deals: offers of a place lapse, room is offered to those who wait, late answers are asked for once."""

from __future__ import annotations

from crm.angels.deals.queries import investments, pledges
from crm.angels.deals.service import answering, pledging
from crm.angels.deals.service.placing import fill
from crm.kernel.clock import today


def tend_daily() -> None:
    """End offers past their last day, offer what room there is, and remind of reports; a skipped day is caught up."""
    for each in pledges.offers_past(today()):
        pledging.let_lapse(each)
    for raised in pledges.with_lines():
        fill(raised)
    for late in investments.unanswered(today()):
        answering.remind(late)
