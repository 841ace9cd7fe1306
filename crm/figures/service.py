"""Proposing a dated figure, and deciding on it as a second person."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date

from sqlalchemy import select

from crm.audit import service as audit
from crm.db.changes import created
from crm.db.session import session
from crm.db.states import advance
from crm.figures.models import BankHoliday, DatedFigure
from crm.figures.policy import POLICY
from crm.figures.queries import (
    COLUMNS,
    ShippedFigure,
    bank_holidays,
    is_proposed,
    shipped_bank_holidays,
    shipped_figures,
)
from crm.figures.rules import CATALOGUE, shown
from crm.figures.workflow import MACHINE, Act, FigureStatus
from crm.kernel.calendar import add_months, day_in_words
from crm.kernel.clock import now, today
from crm.kernel.errors import BadInput, Invalid, NotFound
from crm.kernel.permissions import SYSTEM, Actor


@dataclass(frozen=True)
class Proposal:
    """A value for a figure from a day on. ``value`` is as typed; ``valid_to`` is the last day, if one is known."""

    name: str
    value: str
    valid_from: date
    valid_to: date | None
    source: str
    confidence: str = "read"


def propose(proposal: Proposal, *, by: Actor) -> DatedFigure:
    """Add a dated figure that does not count until a second person approves it."""
    POLICY.require(by, Act.PROPOSE)
    known = CATALOGUE.get(proposal.name)
    if known is None:
        raise NotFound("There is no such figure.")
    _require_days(proposal)
    try:
        value = known.read(proposal.value)
    except BadInput as error:
        raise Invalid(str(error), field="value") from error
    if is_proposed(proposal.name, value, valid_from=proposal.valid_from):
        already = (
            f"{shown(known.unit, value)} from {day_in_words(proposal.valid_from)} has already been proposed"
        )
        raise Invalid(f"{already} and is waiting for approval", field="value")
    return _add(proposal, value, by=by)


def _require_days(proposal: Proposal) -> None:
    """Within order, and not so long ago that it would rewrite what was decided by the older value."""
    earliest = add_months(today(), -12)
    if proposal.valid_from < earliest:
        raise Invalid(f"The first day must be {day_in_words(earliest)} or later", field="valid_from")
    if proposal.valid_to is not None and proposal.valid_to < proposal.valid_from:
        raise Invalid("The last day must not be before the first", field="valid_to")


def _add(proposal: Proposal, value: str, *, by: Actor) -> DatedFigure:
    fields = {
        "name": proposal.name,
        "value": value,
        "valid_from": proposal.valid_from,
        "valid_to": proposal.valid_to,
        "source": proposal.source,
        "confidence": proposal.confidence,
    }
    figure = DatedFigure(**fields, proposed_by_id=by.account_id, proposed_at=now(), _status=MACHINE.start)
    session().add(figure)
    session().flush()
    audit.record(Act.PROPOSE, figure, created(**fields), by=by)
    return figure


def approve(figure: DatedFigure, *, by: Actor) -> None:
    """Let a proposed figure count. Never by whoever proposed it: the table and a constraint both say so."""
    _decide(figure, Act.APPROVE, reason=None, by=by)


def refuse(figure: DatedFigure, reason: str, *, by: Actor) -> None:
    """Turn a proposed figure down, with a reason."""
    _decide(figure, Act.REFUSE, reason=reason, by=by)


def withdraw(figure: DatedFigure, *, by: Actor) -> None:
    """Take one's own proposal back."""
    _decide(figure, Act.WITHDRAW, reason=None, by=by)


def _decide(figure: DatedFigure, act: Act, *, reason: str | None, by: Actor) -> None:
    POLICY.require(by, act, figure)
    changes = advance(MACHINE, figure, act)
    figure.decided_by_id, figure.decided_at, figure.reason = by.account_id, now(), reason
    if reason:
        changes["reason"] = (None, reason)
    audit.record(act, figure, changes, by=by)


def add_bank_holiday(day: date, name: str, *, source: str, by: Actor) -> BankHoliday:
    """Add a day on which England rests. Service levels that are not due yet are not moved: each keeps its day."""
    POLICY.require(by, Act.ADD_HOLIDAY)
    if day in bank_holidays():
        raise Invalid("This day is a bank holiday already", field="day")
    holiday = BankHoliday(day=day, name=name, source=source)
    session().add(holiday)
    session().flush()
    audit.record(Act.ADD_HOLIDAY, holiday, created(day=day, name=name, source=source), by=by)
    return holiday


def remove_bank_holiday(holiday: BankHoliday, *, by: Actor) -> None:
    """Take out a day that was entered by mistake; the trail keeps it."""
    POLICY.require(by, Act.REMOVE_HOLIDAY, holiday)
    audit.record(
        Act.REMOVE_HOLIDAY, holiday, {"day": (holiday.day, None), "name": (holiday.name, None)}, by=by
    )
    session().delete(holiday)


def load_shipped() -> dict[str, int]:
    """Add the figures and bank holidays that come with the product, where they are missing."""
    missing = [each for each in shipped_bank_holidays() if each[0] not in bank_holidays()]
    session().add_all(BankHoliday(day=day, name=name, source=source) for day, name, source in missing)
    return load_shipped_figures() | {"bank holidays": len(missing)}


def load_shipped_figures() -> dict[str, int]:
    """Add the figures that come with the product, where they are missing; what people added stays."""
    known = {
        (name, valid_from)
        for name, valid_from in session().execute(
            select(COLUMNS.name, COLUMNS.valid_from).where(COLUMNS.proposed_by_id.is_(None))
        )
    }
    missing = [each for each in shipped_figures() if (each.name, each.valid_from) not in known]
    for each in missing:
        _load(each)
    return {"dated figures": len(missing)}


def _load(shipped: ShippedFigure) -> None:
    fields = asdict(shipped)
    moment = now()
    figure = DatedFigure(**fields, proposed_at=moment, decided_at=moment, _status=FigureStatus.APPROVED)
    session().add(figure)
    session().flush()
    audit.record(Act.APPROVE, figure, created(**fields), by=SYSTEM)
