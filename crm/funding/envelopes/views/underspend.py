"""What was planned to be claimed beside what was: the underspend radar of all envelopes, and the forecast of one."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from crm.funding.envelopes.forms import day_named
from crm.funding.envelopes.models import Envelope
from crm.funding.envelopes.policy import POLICY
from crm.funding.envelopes.queries import ledger as queries
from crm.funding.envelopes.queries import underspend as radar_queries
from crm.funding.envelopes.rules import (
    Instalment,
    Subject,
    covered_of,
    due_by,
    months_to_come,
    planned_by,
    still_to_claim,
)
from crm.funding.envelopes.rules import LedgerAccount as A
from crm.funding.envelopes.views import showing
from crm.funding.envelopes.workflow import Act
from crm.kernel.calendar import FinancialYear
from crm.kernel.clock import today
from crm.kernel.money import NO_MONEY, Money
from crm.kernel.permissions import Audience
from crm.web.filtering import NoSuchFilter
from crm.web.navigation import features
from crm.web.permit import permits

blueprint = Blueprint("envelope_underspend", __name__)
permit = permits(POLICY)
NAMED = 5


@blueprint.get("/envelopes/underspend")
@permit(Act.VIEW, audience=Audience.INTERNAL)
def underspend() -> ResponseReturnValue:
    """Each envelope with money: planned by today, committed, claimed and paid, and the awards furthest behind."""
    rows = radar_queries.radars(plans(), on=today())
    about = showing.about_of(
        {each.envelope.id: [one.subject for one in each.behind[:NAMED]] for each in rows}
    )
    shown = {"rows": rows, "about": about, "named": NAMED, "today": today()}
    return render_template("funding/envelopes/underspend.html", **shown)


@blueprint.get("/envelopes/<uuid:envelope_id>/planned")
@permit(Act.VIEW, audience=Audience.INTERNAL, load=queries.envelope)
def planned(found: Envelope) -> ResponseReturnValue:
    """What was planned to be claimed by today; what is still to be claimed in a financial year; or what makes up a forecast."""
    year, day = _year_of(request.args.get("year", "")), _day_to_come(request.args.get("by", ""))
    rows = _rows(found, year, day)
    shown: dict[str, Any] = {"rows": rows, "year": year, "day": day, "today": today()}
    shown |= {"about": showing.about_subjects(found.id, (each.subject for each in rows))}
    shown |= {"sum": _sum(rows), "claimed": _sum(each for each in rows if each.claimed_on)}
    shown["later"] = [] if rows or year or day else [*plans().get(found.id, ())]
    return render_template("funding/envelopes/planned.html", envelope=found, **shown)


def _rows(found: Envelope, year: FinancialYear | None, day: date | None) -> list[Instalment]:
    if day is not None:
        return due_by(left_of(found), on=day)
    return due_by(plans().get(found.id, []), on=today()) if year is None else in_year(left_of(found), year)


def _sum(rows: Iterable[Instalment]) -> Money:
    return sum((each.amount for each in rows), start=NO_MONEY)


def _day_to_come(text: str) -> date | None:
    """The day of a forecast that an address names, if it names one. What has passed has none."""
    day = day_named(text)
    if day is not None and day <= today():
        raise NoSuchFilter
    return day


def _year_of(text: str) -> FinancialYear | None:
    """The financial year that an address names by the calendar year in which it starts; anything else names none."""
    return FinancialYear(int(text)) if text.isascii() and text.isdigit() and len(text) == 4 else None


def in_year(left: Sequence[Instalment], year: FinancialYear) -> list[Instalment]:
    """What is still to be claimed in one financial year. What is overdue is expected in this one."""
    return [each for each in left if FinancialYear.of(max(each.on, today())) == year]


def plans() -> dict[UUID, list[Instalment]]:
    """What the rooms above plan to pay out of each envelope."""
    found: dict[UUID, list[Instalment]] = {}
    for room in features():
        for each in room.plans() if room.plans else ():
            subject = Subject(each.table, each.row_id)
            planned = Instalment(subject, each.on, each.amount, each.claimed_on)
            found.setdefault(each.envelope_id, []).append(planned)
    return found


def forecast_of(found: Envelope, left: Sequence[Instalment]) -> list[tuple[date, Money]]:
    """What will have been paid by the end of each month to come, if claims are made as planned.

    What is claimed and not yet paid, and what is overdue, is expected by the end of this month.
    """
    if not left:
        return []
    in_hand, last = found.paid + found.claimed, max(found.ends_on, *(each.on for each in left))
    return [(day, in_hand + planned_by(left, on=day)) for day in months_to_come(today(), last)]


def left_of(found: Envelope) -> list[Instalment]:
    """The instalments of an envelope that are still to be claimed: as much of each subject's as the ledger has committed."""
    planned = plans().get(found.id, [])
    held = queries.held_of({each.subject for each in planned})
    committed = {one: each[A.COMMITTED] for (owner, one), each in held.items() if owner == found.id}
    return still_to_claim(planned, claimed=covered_of(planned, committed=committed))
