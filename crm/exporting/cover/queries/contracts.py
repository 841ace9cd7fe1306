"""Which checks are of one contract: it is checked again from a check of it, whatever has changed, or in the same words."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from crm.exporting.cover.models import CoverCheck
from crm.exporting.cover.queries import checks_of


def same_contract(check: CoverCheck) -> list[CoverCheck]:
    """Every check of the contract of one, that one and withdrawn ones too, the newest first."""
    return [each for each in checks_of(check.business_id) if each.contract_id == check.contract_id]


def checked_again(check: CoverCheck) -> CoverCheck | None:
    """The newest check of the same contract after this one, of those that were not withdrawn."""
    later = (each for each in same_contract(check) if each.at > check.at and not each.withdrawn_at)
    return next(later, None)


def earlier_checks(check: CoverCheck) -> list[CoverCheck]:
    """The checks of the same contract before this one, the newest first."""
    return [each for each in same_contract(check) if each.id != check.id and each.at <= check.at]


def contract_told(check: CoverCheck) -> CoverCheck | None:
    """Another check of its business in just the same words: told again, they are the same contract."""
    others = (each for each in checks_of(check.business_id) if each.id != check.id)
    return next((each for each in others if each.told == check.told), None)


def latest_of_each(business_id: UUID) -> Sequence[CoverCheck]:
    """The newest check of each contract of a business, of those that were not withdrawn."""
    found: dict[UUID, CoverCheck] = {}
    for each in checks_of(business_id):
        if not each.withdrawn_at:
            found.setdefault(each.contract_id, each)
    return list(found.values())
