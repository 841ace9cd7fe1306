"""What follows in assessing from what happens to rounds and applications."""

from __future__ import annotations

from crm.audit import service as audit
from crm.db.session import session
from crm.db.states import advance
from crm.kernel.permissions import SYSTEM, Actor
from crm.programme.applications.models import ApplicantQuery, Application
from crm.programme.applications.service.concluding import resume
from crm.programme.assessing.models import Assessment
from crm.programme.assessing.queries import assessments as queries
from crm.programme.assessing.service import versions
from crm.programme.assessing.workflow import ASSESSMENTS, Act
from crm.programme.rounds.models import Round

OPENED = "The criteria of the round were opened again"


def close_open_ones(found: Application, *, by: Actor) -> None:  # noqa: ARG001 the system closes them
    """Assessments of it that are not submitted are closed."""
    for each in queries.open_of_application(found.id):
        audit.record(Act.CLOSE, each, advance(ASSESSMENTS, each, Act.CLOSE), by=SYSTEM)


def give_back(found: Round, *, by: Actor) -> None:
    """Assessments that were submitted go back to their assessors, and applications whose assessment was closed are open again."""
    for application in queries.assessed_of_round(found.id):
        audit.record(Act.ASSESS_AGAIN, application, resume(application), by=SYSTEM)
    for each in queries.handed_in_of_round(found.id):
        versions.note_return(each, OPENED, returned_by_id=by.account_id)
        audit.record(Act.RETURN, each, advance(ASSESSMENTS, each, Act.RETURN), by=SYSTEM)


def mark_stale(query: ApplicantQuery, *, by: Actor) -> None:  # noqa: ARG001 it marks, and judges nothing
    """Scores given to an answer that changed do not count until their assessors confirm them."""
    changed = {str(each.question_id) for each in query.questions if each.before != each.after}
    for each in queries.scores_given_to(query.application_id):
        reads = set(each.criterion.reads)
        if changed and (not reads or reads & changed):
            each.is_stale = True
    session().flush()


def erase_judgements(found: Application, *, by: Actor) -> None:  # noqa: ARG001 the line is the application's
    """What assessors wrote about it is erased."""
    for each in queries.of_application(found.id):
        _erase_judgement(each)


def _erase_judgement(found: Assessment) -> None:
    versions.erase(found)
    found.comment = found.declined_words = ""
    for each in found.scores:
        each.rationale = ""
