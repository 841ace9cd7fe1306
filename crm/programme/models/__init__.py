"""Rounds with their questions and criteria, and the applications to them."""

from __future__ import annotations

from crm.programme.models.applications import Application, ApplicationFile, Clearance, SectionAnswers
from crm.programme.models.rounds import Criterion, Round, RoundCheck, RoundQuestion, RoundSection

__all__ = [
    "Application",
    "ApplicationFile",
    "Clearance",
    "Criterion",
    "Round",
    "RoundCheck",
    "RoundQuestion",
    "RoundSection",
    "SectionAnswers",
]
