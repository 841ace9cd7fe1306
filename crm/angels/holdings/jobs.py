"""The clocks of holdings: updates are asked for and reminded of each quarter, and papers before their last day."""

from __future__ import annotations

from crm.angels.holdings.queries import papers, updates
from crm.angels.holdings.rules.quarters import quarter_before
from crm.angels.holdings.service import filing, updating
from crm.figures.queries import figure_on
from crm.kernel.clock import today
from crm.kernel.permissions import SYSTEM


def tend_updates() -> None:
    """Ask each company about the quarter that has ended, and remind those whose update is nearly due."""
    for business in updates.to_ask(quarter_before(today())):
        updating.ask(business, quarter_before(today()))
    if updates.is_any_asked():
        days = int(figure_on("update.remind_days", on=today()))
        for each in updates.to_remind(today(), days=days):
            updating.remind(each, by=SYSTEM)


def tend_papers() -> None:
    """Tell a business when its statement can be sent, and remind it before the last day; each once."""
    found = list(papers.every_paper())
    days = int(figure_on("relief.remind_days", on=today())) if found else 0
    for each in found:
        filed = each.filing
        if each.is_near(on=today(), days=days):
            if filed is None or filed.reminded_at is None:
                filing.tell_near(each)
        elif each.can_be_sent(on=today()) and filed is not None and filed.told_at is None:
            filing.tell_can_be_sent(each)
