"""The network reminds, once: a business of what waits for it, a member of terms to confirm."""

from __future__ import annotations

from datetime import datetime

from crm.angels.syndicates.models import SyndicateLead, SyndicateMember, SyndicateTerms
from crm.angels.syndicates.queries import waiting
from crm.angels.syndicates.service.telling import tell_investor, tell_owner
from crm.angels.syndicates.workflow import Act
from crm.audit import service as audit
from crm.db.changes import amend
from crm.figures.queries import due_after
from crm.kernel.clock import day_of, has_come, now, today
from crm.kernel.permissions import SYSTEM

REMIND_DAYS = 5
"""Working days after which a business or a member is reminded, once."""


def remind_all() -> None:
    """Remind of each offer, version and place that has waited for the days above; a skipped day is caught up."""
    for lead in waiting.offers():
        if _is_due(lead.offered_at, lead.reminded_at):
            _note(lead)
            tell_owner(lead.syndicate, "lead_reminded", investor=lead.account.name)
    for terms in waiting.versions():
        if _is_due(terms.proposed_at, terms.reminded_at):
            _note(terms)
            tell_owner(terms.syndicate, "terms_reminded", number=terms.number)
    for place in waiting.to_confirm():
        if place.asked_at is not None and _is_due(place.asked_at, place.reminded_at):
            _note(place)
            tell_investor(place.syndicate, "syndicate_confirm_reminded", to=place.account)


def _is_due(since: datetime, reminded_at: datetime | None) -> bool:
    due = due_after(day_of(since), REMIND_DAYS)
    return reminded_at is None and bool(has_come(due, on=today()))


def _note(found: SyndicateLead | SyndicateTerms | SyndicateMember) -> None:
    audit.record(Act.REMIND, found, amend(found, reminded_at=now()), by=SYSTEM)
