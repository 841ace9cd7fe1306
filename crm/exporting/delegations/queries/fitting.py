"""Whether a place in a delegation fits a business, and a business that is about to apply."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from crm.businesses.models import Business
from crm.businesses.queries.seeing import business
from crm.db.remembering import remembered
from crm.diagnostics.models import ReadinessCheck
from crm.diagnostics.queries.bands import band_in_words
from crm.diagnostics.queries.readiness import latest_finished
from crm.diagnostics.queries.results import asked_of, result_of
from crm.diagnostics.rules.readiness import EXPORT
from crm.exporting.delegations.models import Delegation, DelegationPlace
from crm.exporting.delegations.queries.seating import place_of
from crm.exporting.delegations.queries.seeing import delegation
from crm.exporting.delegations.workflow import DelegationStatus
from crm.funding.subsidy.queries import headrooms_of, standing_of
from crm.kernel.money import Money

RIGHTS_QUESTION = "ex05"
"""The question of the export assessment whether a business holds the rights to what it sells."""


@dataclass(frozen=True)
class Fit:
    """Whether a place fits a business: its sub-sectors and the market's, what subsidy still fits, and its readiness."""

    is_sector: bool | None
    room: Money
    readiness: ReadinessCheck | None
    band: str
    gate: str = ""


@remembered
def fit_of(found: Delegation, owner: Business) -> Fit:
    """What is known of a business for a place. Sub-sectors that are not known are unknown, not a no."""
    sectors = set(owner.dcms_groups)
    is_sector = bool(sectors & set(found.edition.market.sectors)) if sectors else None
    readiness = latest_finished(owner.id, EXPORT)
    band = band_in_words(readiness) if readiness else ""
    gate = rights_gate(readiness) if readiness else ""
    return Fit(
        is_sector, standing_of(owner.id, on=found.departs_on, is_told=True).largest, readiness, band, gate
    )


def rights_gate(check: ReadinessCheck) -> str:
    """What an assessment says is to be done before any market, where the business is not sure of its rights; else ""."""
    asked, _of = asked_of(check)
    held = result_of(check).flags
    gates = (each.words for each in asked.gates if RIGHTS_QUESTION in each.questions)
    return next((words for words in gates if words in held), "")


def rooms_in(found: Delegation, business_ids: Sequence[UUID]) -> dict[UUID, Money]:
    """What subsidy still fits for each of some businesses on the day of departure; empty where a place has none."""
    return headrooms_of(business_ids, on=found.departs_on) if found.subsidy.pence > 0 else {}


class Applying:
    """A business that is about to apply for a place in a delegation."""

    def __init__(self, delegation: Delegation, business: Business) -> None:
        self.delegation, self.business = delegation, business

    @property
    def stands_on(self) -> DelegationPlace | Delegation:
        """Where its reader reads more: the application, where there is one, else the delegation."""
        return place_of(self.delegation.id, self.business.id) or self.delegation


def applying(delegation_id: UUID, business_id: UUID) -> Applying | None:
    """A business and a delegation that was opened."""
    found, owner = delegation(delegation_id), business(business_id)
    if found is None or owner is None or found.status is DelegationStatus.DRAFT:
        return None
    return Applying(found, owner)
