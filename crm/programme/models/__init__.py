"""Rounds with their questions and criteria, the applications to them, and what assessors make of these."""

from __future__ import annotations

from crm.programme.models.applications import (
    Application,
    ApplicationFile,
    Assessment,
    Clearance,
    Score,
    SectionAnswers,
)
from crm.programme.models.assessing import (
    ApplicantQuery,
    Interest,
    Moderation,
    QueriedQuestion,
    RoundAssessor,
)
from crm.programme.models.rounds import Criterion, Round, RoundCheck, RoundQuestion, RoundSection

__all__ = [
    "ApplicantQuery",
    "Application",
    "ApplicationFile",
    "Assessment",
    "Clearance",
    "Criterion",
    "Interest",
    "Moderation",
    "QueriedQuestion",
    "Round",
    "RoundAssessor",
    "RoundCheck",
    "RoundQuestion",
    "RoundSection",
    "Score",
    "SectionAnswers",
]
