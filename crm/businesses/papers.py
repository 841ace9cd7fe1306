"""A business as a row of an extract."""

from __future__ import annotations

from typing import Any

from crm.businesses.models import Business
from crm.kernel.clock import day_of
from crm.kernel.eligibility import DCMS_GROUPS, LEGAL_FORMS, STAGES

EXTRACT_HEAD = (
    *("Name", "Other names", "Company number", "Set up as", "Sectors", "Stage", "Postcode", "District"),
    *("Council area", "Hub", "Standing", "Website", "Added"),
)


def extract_row(business: Business) -> tuple[Any, ...]:
    """One line of the file, in the order of its head. An address that is somebody's home stays out of it."""
    return (
        business.name,
        tuple(each.name for each in business.names),
        business.company_number,
        LEGAL_FORMS.get(business.legal_form or ""),
        tuple(DCMS_GROUPS[group] for group in business.dcms_groups),
        STAGES.get(business.stage or ""),
        None if business.hides_address else business.trading_postcode,
        business.trading_outcode,
        business.authority,
        business.hub.name if business.hub else None,
        business.status,
        business.website,
        day_of(business.created_at),
    )
