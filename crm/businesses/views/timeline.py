"""What happened to a business, as its timeline tells it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from flask import url_for

from crm.audit.queries import entries_about
from crm.businesses.models import Business
from crm.businesses.rules.labels import PURPOSES
from crm.kernel.calendar import day_in_words
from crm.web.telling import Happening

SAID = {
    "add_business": "The record was begun",
    "edit_business": "Details were changed",
    "override_place": "An adviser said where it trades",
    "share_business": "It was shared with another hub, or is no longer",
    "archive_business": "The record was archived",
    "restore_business": "The record was restored",
    "record_yearly_figures": "A year’s figures were recorded",
    "add_person": "A person was added",
    "correct_person": "A person’s details were corrected",
    "remove_person": "A person was removed",
    "record_consent": "A consent was recorded",
    "withdraw_consent": "A consent was withdrawn",
    "confirm_claim": "An access request was confirmed",
    "invite_colleague": "A colleague was invited",
    "join_business": "A colleague accepted an invitation",
    "remove_colleague": "A colleague was removed",
    "restore_colleague": "A colleague’s access was given back",
    "change_colleague": "A colleague was made an owner or a contributor",
}
"""What the trail's acts are called on a timeline. What is not named here is for the trail alone."""


PLACES = {
    "record_yearly_figures": "figures",
    "add_person": "people",
    "correct_person": "people",
    "remove_person": "people",
    "record_consent": "consents",
    "withdraw_consent": "consents",
}
"""Where on the page of details the thing stands that an act was about."""


def timeline_of(business: Business, *, most: int) -> list[Happening]:
    """The newest so many things that were done to its record, each with what it was about, without any other value."""
    return [
        Happening(
            at=entry.at,
            title=SAID[entry.act],
            by=entry.actor_name or "",
            text=_about(entry.values.changes) if entry.act in PLACES and entry.values else "",
            href=_where(entry.act, business),
        )
        for entry in entries_about(business, act=SAID, limit=most)
    ]


def _where(act: str, business: Business) -> str:
    if act not in PLACES:
        return ""
    return url_for("business.details", business_id=business.id, _anchor=PLACES[act])


def _about(changes: Mapping[str, Any]) -> str:
    """Which person, consent or year an act was about; nothing where its values were erased."""
    purpose = next((each for each in changes.get("purpose", ()) if each), "")
    year = next((each for each in changes.get("year_end", ()) if each), "")
    name = next((each for each in reversed(changes.get("name", ())) if each), "")
    if purpose:
        return PURPOSES.get(str(purpose), "")
    return f"Year to {day_in_words(date.fromisoformat(str(year)))}" if year else str(name)
