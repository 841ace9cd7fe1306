"""The grant offer letter as a file to keep."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from crm.config import Settings
from crm.funding.subsidy.queries import limit_on
from crm.kernel.calendar import day_in_words
from crm.kernel.clock import day_of, today
from crm.programme.awards.models import Award
from crm.programme.awards.rules.offering import told_of
from crm.web.typesetting import set_paper

SHEET = Path(__file__).parent / "reference" / "offer.typ"


def told(found: Award) -> dict[str, Any]:
    """What the letter and the pages of an offer say, with the limit of subsidies on the day that counts."""
    day = max(today(), found.subsidy.given_on) if found.subsidy else today()
    return told_of(found, limit=limit_on(day) if found.subsidy else None)


def offer_pdf(found: Award, settings: Settings) -> bytes:
    """The letter as a tagged PDF (PDF/UA-1), with the same words as the page shows, where to answer it and whom to ask."""
    day = day_of(found.offered_at) if found.offered_at else today()
    given = {"service_name": settings.service_name, "day": day_in_words(day)}
    given |= {"address": f"{settings.base_url}/awards/{found.id}", "contact": f"{settings.base_url}/contact"}
    given["email"] = settings.contact_email
    return set_paper(SHEET, {**told(found), **given})
