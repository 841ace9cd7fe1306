"""The exemption of a raise, as tests need it: every pitch has one unless a test takes it away."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from crm.angels.deals.models import RaiseExemption
from crm.angels.deals.rules.exemptions import Exemption
from crm.angels.pitches.models import Pitch
from crm.db.session import session
from crm.kernel.clock import now
from tests.factories import kept


def exemption(found: Pitch, *kinds: Exemption, **fields: Any) -> RaiseExemption:
    """The exemption that a raise relies on: a small total, unless others are named."""
    known = session().scalar(select(RaiseExemption).where(RaiseExemption.pitch_id == found.id))
    made = known or RaiseExemption(pitch_id=found.id, recorded_at=now())
    for name, value in ({"kinds": kinds or (Exemption.TOTAL,), "note": "Made"} | fields).items():
        setattr(made, name, value)
    return kept(made)  # type: ignore[no-any-return]
