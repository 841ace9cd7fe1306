"""What follows in assessing from what happens to rounds and applications."""

from __future__ import annotations

from crm.accounts.models import Account
from crm.audit import service as audit
from crm.db.session import session
from crm.db.states import advance
from crm.kernel.clock import moment_in_words, now
from crm.kernel.permissions import Actor
from crm.programme.applications.models import ApplicantQuery, Application
from crm.programme.applications.service.concluding import resume
from crm.programme.applications.service.telling import last_said
from crm.programme.assessing.models import Assessment, Score
from crm.programme.assessing.policy import LIVE, OPEN
from crm.programme.assessing.queries import assessments as queries
from crm.programme.assessing.queries.totals import came_to
from crm.programme.assessing.service import versions
from crm.programme.assessing.service.paneling import leave_out
from crm.programme.assessing.service.telling import tell_assessor, tell_assessors
from crm.programme.assessing.workflow import ASSESSMENTS, Act
from crm.programme.rounds.models import Round
from crm.programme.rounds.workflow import Act as RoundAct

OPENED = "The criteria of the round were opened again"


def close_open_ones(found: Application, *, by: Actor) -> None:
    """Assessments of it that are not submitted are closed, and their assessors are told."""
    for each in queries.open_of_application(found.id):
        audit.record(Act.CLOSE, each, advance(ASSESSMENTS, each, Act.CLOSE), by=by)
        tell_assessor(each, "assessment_taken_back", path="/assessments", why="It has left the round.")


def give_back(found: Round, *, by: Actor) -> None:
    """Assessments that were submitted go back to their assessors, and applications whose assessment was closed are open again."""
    reason, was = last_said(found, RoundAct.OPEN_CRITERIA)["why"][1], came_to(found)
    why = f"{OPENED}: {reason}"
    for application in queries.assessed_of_round(found.id):
        changes = resume(application) | {"why": (None, why), "total": (was.get(application.id), None)}
        audit.record(Act.ASSESS_AGAIN, application, changes, by=by)
    for each in queries.handed_in_of_round(found.id):
        total = was.get(each.application_id, "")
        told = {"why": (None, why), "scores": (versions.in_words(each), None)}
        versions.note_return(each, why, returned_by_id=by.account_id, total=total)
        audit.record(Act.RETURN, each, advance(ASSESSMENTS, each, Act.RETURN) | told, by=by)
    tell_assessors(found, "criteria_opened", only=LIVE, reason=reason)


def leave_out_joined(joined: Account, *, by: Actor) -> None:  # noqa: ARG001 whoever joined is who acts
    """What somebody assessed of a business that they join counts no longer: its lead finds that an assessor is missing."""
    leave_out(still_assessed=True, by=by)


def tell_of_criteria(found: Round, *, by: Actor) -> None:  # noqa: ARG001 the letter is the same whoever closed them
    """Everyone who assesses for the round is told that they can score by the new criteria."""
    due = moment_in_words(found.assess_until) if found.assess_until > now() else ""
    tell_assessors(found, "criteria_closed", only=LIVE, due=due)


def tell_of_dates(found: Round, *, by: Actor) -> None:  # noqa: ARG001 the letter is the same whoever moved them
    """Everyone with an assessment still to submit is told of new dates for assessing, and why."""
    said = last_said(found, RoundAct.POSTPONE)
    if {"assess_from", "assess_until"} & said.keys():
        told = {
            "assessed_from": moment_in_words(found.assess_from),
            "due": moment_in_words(found.assess_until),
        }
        tell_assessors(found, "assessment_dates", only=OPEN, reason=said["why"][1], **told)


def mark_stale(query: ApplicantQuery, *, by: Actor) -> None:  # noqa: ARG001 it marks, and judges nothing
    """Scores given to an answer that changed do not count until their assessors confirm them: they get an email."""
    changed = {str(each.question_id) for each in query.questions if each.before != each.after}
    fresh: list[Score] = []
    for each in queries.scores_given_to(query.application_id):
        reads = set(each.criterion.reads)
        if changed and not each.is_stale and (not reads or reads & changed):
            each.is_stale = True
            fresh.append(each)
    session().flush()
    for assessment in queries.of_application(query.application_id):
        parts = sorted(each.part for each in fresh if each.assessment_id == assessment.id)
        if parts:
            lines = "\n".join(f"- {each}" for each in parts)
            tell_assessor(assessment, "assessment_out_of_date", application=query.application, parts=lines)


def erase_judgements(found: Application, *, by: Actor) -> None:  # noqa: ARG001 the line is the application's
    """What assessors wrote about it is erased."""
    for each in queries.of_application(found.id):
        _erase_judgement(each)


def _erase_judgement(found: Assessment) -> None:
    versions.erase(found)
    found.comment = found.declined_words = ""
    for each in found.scores:
        each.rationale = ""
