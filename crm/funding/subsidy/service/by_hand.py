"""The papers of a subsidy that a person sees to. Those of an award move with its offer and its payments, and not by hand."""

from __future__ import annotations

from crm.db.holding import why_held
from crm.db.states import refuse_if
from crm.funding.subsidy.models import Subsidy
from crm.funding.subsidy.policy import POLICY
from crm.funding.subsidy.service import giving
from crm.funding.subsidy.workflow import Act, SubsidyStatus
from crm.kernel.permissions import Actor

ASKED_AHEAD = (SubsidyStatus.PREPARED, SubsidyStatus.NOTIFIED)
"""Where the business has not signed yet that the limit is not passed."""


def why_not(found: Subsidy) -> str | None:
    """Why no person moves these papers: the room of what they are about does."""
    return why_held(found.about_table, found.about_id) if found.about_id is not None else None


def why_not_given(found: Subsidy) -> str | None:
    """Why a person cannot record a subsidy as given today."""
    return why_not(found) or giving.why_not_given(found)


def why_past_limit(found: Subsidy, *, by: Actor) -> str | None:
    """Why papers are neither sent nor signed now: with them the limit is passed, by all that is given, prepared or decided."""
    if found.status not in ASKED_AHEAD:
        return None
    fit = giving.fit_of_papers(found)
    return fit.why if POLICY.allows(by, Act.LIST) else fit.why_told


def notify(found: Subsidy, *, by: Actor) -> int:
    """Notify the business by email, and return how many people get it: none where nobody there has an account."""
    refuse_if(why_not(found) or why_past_limit(found, by=by))
    return giving.notify_by_email(found, name=found.business.name, by=by)


def confirm(found: Subsidy, *, confirmed_by: str, by: Actor) -> None:
    """Record by hand who confirmed, for the business."""
    refuse_if(why_not(found) or why_past_limit(found, by=by))
    giving.confirm(found, confirmed_by=confirmed_by, by=by)


def give(found: Subsidy, *, by: Actor) -> None:
    """Record by hand that it is given today."""
    refuse_if(why_not(found))
    giving.give(found, by=by)


def issue(found: Subsidy, *, by: Actor) -> None:
    """Issue the confirmation by hand."""
    refuse_if(why_not(found))
    giving.issue(found, by=by)


def cancel(found: Subsidy, *, reason: str, by: Actor) -> None:
    """Cancel by hand papers or a record that were a mistake. Who was asked to confirm the papers is told."""
    refuse_if(why_not(found))
    giving.cancel_by_email(found, reason=reason, name=found.business.name, by=by)
