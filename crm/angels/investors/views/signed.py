"""What an investor signed, as their own page and the staff's show it: how each statement stands is asked of the gate."""

from __future__ import annotations

from typing import Any

from crm.angels.investors.models import Angel, Certification
from crm.angels.investors.queries import angels as queries
from crm.angels.investors.queries.gate import admission_of
from crm.angels.investors.rules.gate import Admission, Standing, standing
from crm.kernel.clock import today


def signed_by(found: Angel, admission: Admission) -> dict[str, Any]:
    """The statements of an investor, and how each stands today with what the gate knows of them."""
    rows = queries.certifications_of(found.account_id) if found.account_id else ()
    standings = {each.id: standing(each.as_statement, admission, on=today()) for each in rows}
    return {"certifications": rows, "standings": standings}


def standing_of(found: Certification) -> Standing:
    """How one statement stands today."""
    return standing(found.as_statement, admission_of(found.account_id, on=today()), on=today())
