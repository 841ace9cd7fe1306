"""Angels, what they signed, pitches and introductions, and the ledger of what was shown to whom."""

from crm.angels.models.angels import MONTHS_OF_A_CHECK, Angel
from crm.angels.models.certifying import Certification, CertificationAttempt, StatementWording
from crm.angels.models.introducing import Introduction
from crm.angels.models.network import BlockedPromotion, GateVisit, Promotion, RegulatoryBasis
from crm.angels.models.pitches import (
    Pitch,
    PitchMark,
    PitchQuestion,
    PitchReview,
    PitchVersion,
    SavedSearch,
)

__all__ = [
    "MONTHS_OF_A_CHECK",
    "Angel",
    "BlockedPromotion",
    "Certification",
    "CertificationAttempt",
    "GateVisit",
    "Introduction",
    "Pitch",
    "PitchMark",
    "PitchQuestion",
    "PitchReview",
    "PitchVersion",
    "Promotion",
    "RegulatoryBasis",
    "SavedSearch",
    "StatementWording",
]
