"""What happened to a business, as its timeline tells it."""

from __future__ import annotations

from crm.audit.queries import entries_about
from crm.businesses.models import Business
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


def timeline_of(business: Business, *, most: int) -> list[Happening]:
    """The newest so many things that were done to its record, without any value that was changed."""
    return [
        Happening(at=entry.at, title=SAID[entry.act], by=entry.actor_name or "")
        for entry in entries_about(business, act=SAID, limit=most)
    ]
