"""Raises of creative companies and investments in them, straight in the tables."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from crm.angels.deals.models import Investment
from crm.angels.deals.workflow import InvestmentStatus, Side
from crm.angels.investors.workflow import Instrument
from crm.angels.pitches.models import Pitch
from crm.kernel.clock import now, today
from crm.kernel.money import Money
from crm.kernel.references import new_reference
from tests import factories, network
from tests.factories import kept

FILM, CRAFT = "59111", "32120"


def raised(sic: str = FILM, **fields: Any) -> Pitch:
    """A published raise of a company with this SIC code."""
    firm = network.legal(factories.business(sic_codes=(sic,) if sic else ()))
    given = {"groups": ("film_tv_radio_photo",), "leps": ("GBSLEP",), "amount": Money.pounds(400_000)}
    return network.pitch(firm, **{**given, **fields})


def invested(found: Pitch, owner: Any = None, *, pounds: int = 10_000, **fields: Any) -> Investment:
    """An investment that both sides reported alike."""
    status = fields.pop("status", InvestmentStatus.MATCHED)
    given: dict[str, Any] = {
        "account_id": (owner or network.investor()).id,
        "reference": new_reference("D"),
        "first_side": Side.COMPANY,
        "amount": Money.pounds(pounds),
        "instrument": Instrument.EQUITY,
        "issued_on": today() - timedelta(days=10),
        "reported_at": now(),
        "completed_at": now(),
    }
    if status is InvestmentStatus.REVERSED:
        given |= {"reversed_at": now(), "reverse_reason": "Paid back"}
    made: Investment = kept(Investment(pitch_id=found.id, **{**given, **fields}, _status=status))
    return made
