"""Applications with their answers and files, and what applicants are asked about them."""

from __future__ import annotations

from crm.programme.applications.models.applications import (
    Application,
    ApplicationFile,
    Clearance,
    SectionAnswers,
)
from crm.programme.applications.models.queries import ApplicantQuery, QueriedQuestion

__all__ = [
    "ApplicantQuery",
    "Application",
    "ApplicationFile",
    "Clearance",
    "QueriedQuestion",
    "SectionAnswers",
]
