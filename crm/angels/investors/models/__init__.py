"""Investors, what they signed, and what the network rests on."""

from crm.angels.investors.models.angels import MONTHS_OF_A_CHECK, Angel
from crm.angels.investors.models.certifying import Certification, CertificationAttempt, StatementWording
from crm.angels.investors.models.network import BlockedPromotion, GateVisit, RegulatoryBasis

__all__ = [
    "MONTHS_OF_A_CHECK",
    "Angel",
    "BlockedPromotion",
    "Certification",
    "CertificationAttempt",
    "GateVisit",
    "RegulatoryBasis",
    "StatementWording",
]
