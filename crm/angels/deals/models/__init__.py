"""Pledges, investments with the reports of both sides, and the exemption that an offer relies on."""

from crm.angels.deals.models.investments import Investment, InvestmentReport
from crm.angels.deals.models.pledges import Pledge, RaiseExemption

__all__ = ["Investment", "InvestmentReport", "Pledge", "RaiseExemption"]
