"""Investors are reminded before their statement ends, and before the time that they paid for does."""

from __future__ import annotations

from datetime import date

from crm.angels.investors.queries import angels
from crm.angels.investors.queries.gate import admissions_of
from crm.angels.investors.rules.gate import Admission
from crm.angels.investors.service import certifying
from crm.billing.queries import memberships_of, periods_ending, renewals_of
from crm.billing.service import periods
from crm.figures.queries import figure_on
from crm.kernel.calendar import day_in_words
from crm.kernel.clock import today

A_YEAR = 366
"""Days: no statement holds for longer."""


def remind_daily() -> None:
    """Remind investors before a statement ends."""
    if angels.statements_ending(today(), within=A_YEAR):
        days = int(figure_on("angel.remind_days", on=today()))
        for statement in angels.statements_ending(today(), within=days):
            certifying.remind(statement)


def remind_of_memberships() -> None:
    """Remind members before the time they paid for ends, and of their statement where it ends in the same weeks."""
    day = today()
    if not periods_ending(day, within=A_YEAR):
        return
    days = int(figure_on("angel.remind_days", on=day))
    ending = periods_ending(day, within=days)
    ids = {each.account_id for each in ending}
    known, renewing, gates = memberships_of(ids, on=day), renewals_of(ids), admissions_of(ids, on=day)
    for each in ending:
        gate = gates.get(each.account_id)
        if gate is not None and known[each.account_id].until == each.ends_on:
            renews = str(each.amount) if each.account_id in renewing else ""
            about = {"renews": renews, "statement": _ends_soon(gate, day, days)}
            about["closes"] = day_in_words(known[each.account_id].last_day or each.ends_on)
            periods.remind(each, about=about)


def _ends_soon(gate: Admission, day: date, days: int) -> str:
    """The last day of the statement that holds longest, if it comes within so many days; else nothing."""
    holding = gate.valid(on=day)
    is_soon = bool(holding) and (holding[0].last_day - day).days <= days
    return day_in_words(holding[0].last_day) if is_soon else ""
