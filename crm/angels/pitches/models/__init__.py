"""Pitches, how they were screened, what is asked about them, and the ledger of what was shown to whom."""

from crm.angels.pitches.models.ended import EvidenceEnd
from crm.angels.pitches.models.pitches import (
    Pitch,
    PitchMark,
    PitchQuestion,
    PitchReview,
    PitchVersion,
    SavedSearch,
)
from crm.angels.pitches.models.promotions import Promotion

__all__ = [
    "EvidenceEnd",
    "Pitch",
    "PitchMark",
    "PitchQuestion",
    "PitchReview",
    "PitchVersion",
    "Promotion",
    "SavedSearch",
]
