"""What follows in cohorts from what happens to applications and to their assessment."""

from __future__ import annotations

from crm.audit import service as audit
from crm.db.changes import amend
from crm.db.session import session
from crm.db.states import refuse_if
from crm.kernel.permissions import SYSTEM, Actor
from crm.programme.applications.models import Application
from crm.programme.applications.workflow import ApplicationStatus
from crm.programme.cohort.models import Decision
from crm.programme.cohort.queries import cohorts, decisions
from crm.programme.cohort.service.deciding import end_award
from crm.programme.cohort.service.drafting import place_of
from crm.programme.cohort.workflow import Act, DecisionStatus, Outcome
from crm.programme.rounds.models import Round


def leave_drafts(found: Application, *, by: Actor) -> None:
    """It leaves every draft cohort, and what was awarded to it is free again."""
    for each in cohorts.drafts_with(found.id):
        place = place_of(each, found.id)
        if place is not None:
            session().delete(place)
            session().flush()
            told = {"application": (found.reference, None), "amount": (place.amount, None)}
            audit.record(Act.LEAVE, each, told, by=SYSTEM)
    decided = decisions.decision_about(found.id)
    if decided is None or decided.status is DecisionStatus.WITHDRAWN:
        return
    if decided.outcome is Outcome.SUCCESSFUL:
        is_given_up = found.status is ApplicationStatus.WITHDRAWN
        end_award(decided, _why_gone(found), is_given_up=is_given_up, by=by)
    elif decided.outcome is Outcome.RESERVE:
        _leave_list(decided)


def _leave_list(decided: Decision) -> None:
    """A business that withdrew its application withdrew from the waiting list too: that is no refusal."""
    changes = amend(decided, outcome=Outcome.WITHDREW, place=None, amount=None)
    session().flush()
    audit.record(Act.RELEASE_RESERVE, decided, changes, by=SYSTEM)


def _why_gone(found: Application) -> str:
    """Why an award to an application that is gone ended, in a sentence for staff."""
    if found.status is ApplicationStatus.WITHDRAWN:
        said = f": {found.withdrawn_reason}" if found.withdrawn_reason else "."
        return f"The business withdrew its application{said}"
    return f"The application was ruled out: {found.ineligible_reason}"


def refuse_if_decided(found: Application, *, by: Actor) -> None:  # noqa: ARG001 the same for everyone
    """It is not assessed again once it is decided, unless the award was withdrawn first."""
    decided = decisions.decision_about(found.id)
    if decided is None or decided.status is DecisionStatus.WITHDRAWN:
        return
    further = (
        "Withdraw the award first."
        if decided.outcome is Outcome.SUCCESSFUL
        else "It cannot be assessed again."
    )
    refuse_if(f"This application is decided. {further}")


def refuse_if_confirmed(found: Round, *, by: Actor) -> None:  # noqa: ARG001 the same for everyone
    """The criteria of a round are not opened again once its cohort is confirmed."""
    made = cohorts.cohort_of(found.id)
    if made is not None and made.confirmed_at:
        refuse_if("The cohort of this round is confirmed, so its criteria cannot be opened again.")


def erase_feedback(found: Application, *, by: Actor) -> None:  # noqa: ARG001 the line is the application's
    """What was written for the applicant is erased."""
    for each in decisions.feedback_of([found.id]).get(found.id, []):
        session().delete(each)
    session().flush()
