"""Answering an offer: accepted by a signed name, declined with a reason, or not answered in time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from crm.audit import service as audit
from crm.db.changes import amend
from crm.db.following import follow
from crm.db.session import session
from crm.db.states import advance, require_as_shown
from crm.figures.queries import figure_on
from crm.funding.envelopes.rules import Subject
from crm.funding.envelopes.service import posting
from crm.funding.subsidy.service import giving
from crm.funding.subsidy.workflow import MACHINE as PAPERS
from crm.funding.subsidy.workflow import Act as SubsidyAct
from crm.kernel.clock import has_come, now, today
from crm.kernel.errors import Invalid, require_reason
from crm.kernel.permissions import SYSTEM, Actor
from crm.kernel.signing import require_signed
from crm.programme.awards.models import Award
from crm.programme.awards.policy import POLICY
from crm.programme.awards.queries import awards
from crm.programme.awards.rules.offering import NOT_CONFIRMED
from crm.programme.awards.service.sending import tell_owners, wanted_of
from crm.programme.awards.workflow import MACHINE, OVER, Act, AwardStatus
from crm.programme.cohort.models import Decision
from crm.programme.cohort.queries import cohorts
from crm.programme.cohort.service.deciding import end_award

NOT_ANSWERED = "The offer was not accepted by its last day."


@dataclass(frozen=True)
class Signature:
    """What an owner signs: their name, the subsidy statement, and the version of the offer that was on the screen."""

    name: str
    is_within_limit: bool
    version: int | None = None


def accept(found: Award, signed: Signature, *, by: Actor) -> None:
    """Accept the offer for the business by a signed name, and confirm that its subsidy is within the limit (section 37(3)).

    Its reserved money is committed. A business that was given too much meanwhile is refused, with what still fits.
    """
    POLICY.require(by, Act.ACCEPT, found)
    _hold(found)
    require_as_shown(found, signed.version)
    changes = advance(MACHINE, found, Act.ACCEPT)
    name = require_signed(signed.name, field="name", by=by)
    changes |= amend(found, accepted_at=now(), accepted_by_id=by.account_id, accepted_name=name)
    _confirm_papers(found, signed, by=by)
    session().flush()
    _commit(found, by=by)
    tell_owners(found, "award_accepted", by=by, who=name, account=awards.path_to_account(found.business_id))
    audit.record(Act.ACCEPT, found, changes, by=by)
    follow(Act.ACCEPT, found, by=by)


def _confirm_papers(found: Award, signed: Signature, *, by: Actor) -> None:
    """The signature confirms the subsidy in writing too, if it still fits; a dry run has none."""
    if found.subsidy is None:
        return
    if not signed.is_within_limit:
        raise Invalid(NOT_CONFIRMED, field="is_within_limit")
    giving.require_fit(wanted_of(found), is_told=True)
    giving.confirm(found.subsidy, confirmed_by=found.accepted_name, by=by)


def _hold(found: Award) -> None:
    """Always the cohort first, as the verbs of decisions do, so that nobody waits in a circle."""
    cohorts.hold(found.decision.cohort)
    awards.hold(found)


def _commit(found: Award, *, by: Actor) -> None:
    """Commit the money out of what is reserved for the decision. A dry run moves none (P54)."""
    if found.envelope_id is None:
        return
    about, reason = Subject("decision", found.decision_id), f"Offer accepted by {found.accepted_name}"
    posting.commit(found.envelope_id, found.line, amount=found.amount, about=about, reason=reason, by=by)


def decline(found: Award, *, reason: str, version: int | None = None, by: Actor) -> None:
    """Decline the offer with a reason. Its money is free for the waiting list at once, and the owners get a letter that says so."""
    POLICY.require(by, Act.DECLINE, found)
    _hold(found)
    require_as_shown(found, version)
    require_reason(reason)
    _close(found, Act.DECLINE, reason.strip(), by=by)
    end_award(found.decision, f"Declined by the business: {reason.strip()}", is_given_up=True, by=by)
    tell_owners(found, "award_declined", by=by, reason=reason.strip(), who=by.name)


def lapse(found: Award) -> None:
    """Let an offer lapse the day after its last day, free its money, and tell the owners."""
    _hold(found)
    _close(found, Act.LAPSE, NOT_ANSWERED, by=SYSTEM)
    end_award(found.decision, NOT_ANSWERED, is_given_up=True, by=SYSTEM)
    tell_owners(found, "award_lapsed", by=SYSTEM)


def _close(found: Award, act: Act, reason: str, *, by: Actor) -> None:
    changes = advance(MACHINE, found, act) | amend(found, closed_at=now(), closed_reason=reason)
    session().flush()
    cancel_papers(found, reason)
    audit.record(act, found, changes, by=by)


def cancel_papers(found: Award, reason: str) -> None:
    """Cancel the subsidy papers of an award that ends before anything was given."""
    if found.subsidy is not None and PAPERS.find(SubsidyAct.CANCEL, found.subsidy.status):
        giving.cancel(found.subsidy, reason=reason[:500], by=SYSTEM)


def withdraw_with_decision(found: Decision, *, by: Actor) -> None:
    """The award of a decision that is withdrawn is withdrawn with it."""
    made = awards.award_of_decision(found.id)
    if made is None:
        return
    awards.hold(made)
    if made.status in OVER:
        return
    _close(made, Act.WITHDRAW, found.withdrawn_reason, by=by)


def remind_or_lapse() -> None:
    """Daily: remind the owners once, some days before the last day; let what is past it lapse. A missed day is caught up."""
    day = today()
    for award_id in awards.ids_past(on=day):
        found = awards.award(award_id)
        if found is not None:
            _hold(found)
            if found.status is AwardStatus.OFFERED:  # it may have been answered or withdrawn meanwhile
                lapse(found)
    offered = awards.awards_that_are(AwardStatus.OFFERED)
    if not offered:
        return
    soon = day + timedelta(days=int(figure_on("offer.remind_days", on=day)))
    for each in offered:
        if has_come(each.offer_expires_on, on=soon) and each.reminded_on is None:
            each.reminded_on = day
            tell_owners(each, "award_reminder", by=SYSTEM)
    session().flush()
