"""Pledges and investments as tests need them, straight in the tables."""

from __future__ import annotations

from typing import Any

from crm.accounts.models import Account
from crm.angels.deals.models import Investment, InvestmentReport, Pledge
from crm.angels.deals.workflow import COMPLETED, LIVE, InvestmentStatus, PledgeStatus, Side
from crm.angels.investors.workflow import Instrument
from crm.angels.pitches.models import Pitch
from crm.kernel.clock import now, today
from crm.kernel.money import Money
from crm.kernel.references import new_reference
from tests import network
from tests.factories import kept


def pledge(
    found: Pitch, owner: Account | None = None, status: PledgeStatus = PledgeStatus.PLEDGED, **fields: Any
) -> Pledge:
    """A pledge of £10,000, made just now."""
    given: dict[str, Any] = {
        "account_id": (owner or network.admitted()).id,
        "reference": new_reference("PL"),
        "amount": Money.pounds(10_000),
        "pitch_version": found.number,
        "pledged_at": now(),
        "offered_until": today() if status is PledgeStatus.OFFERED else None,
        "committed_at": now() if status is PledgeStatus.COMMITTED else None,
        "ended_at": None if status in LIVE else now(),
        "end_reason": "Made" if status is PledgeStatus.DECLINED else "",
    }
    made: Pledge = kept(Pledge(pitch_id=found.id, **{**given, **fields}, _status=status))
    return made


def investment(
    found: Pitch,
    owner: Account | None = None,
    status: InvestmentStatus = InvestmentStatus.REPORTED,
    **fields: Any,
) -> Investment:
    """An investment of £10,000 in shares issued today, reported by the company."""
    given: dict[str, Any] = {
        "account_id": None if "investor_name" in fields else (owner or network.admitted()).id,
        "reference": new_reference("INV"),
        "first_side": Side.COMPANY,
        "amount": Money.pounds(10_000),
        "instrument": Instrument.EQUITY,
        "issued_on": today(),
        "reported_at": now(),
    }
    if status in COMPLETED:
        given |= {"completed_at": now()}
    if status is InvestmentStatus.CONFIRMED:
        given |= {"settle_note": "Made"}
    if status is InvestmentStatus.REVERSED:
        given |= {"reversed_at": now(), "reverse_reason": "Made"}
    made: Investment = kept(Investment(pitch_id=found.id, **{**given, **fields}, _status=status))
    report(made, made.first_side)
    return made


def report(found: Investment, side: Side, **fields: Any) -> InvestmentReport:
    """What one side says of an investment: as it stands, unless told otherwise."""
    names = ("amount", "instrument", "issued_on", "shares", "share_class", "relief", "terms")
    given = {name: getattr(found, name) for name in names} | {"at": now(), "is_denied": False} | fields
    made: InvestmentReport = kept(InvestmentReport(investment_id=found.id, side=side, **given))
    return made
