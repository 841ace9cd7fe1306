"""Beginning a diagnosis, keeping its answers, finishing it; and publishing question sets."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from crm.audit import service as audit
from crm.businesses.models import Business
from crm.businesses.service.keeping import require_in_use
from crm.db.changes import amend, created
from crm.db.session import session
from crm.db.states import advance, require_as_shown
from crm.diagnostics.models import Diagnosis, QuestionSet
from crm.diagnostics.policy import POLICY
from crm.diagnostics.queries import triage as queries
from crm.diagnostics.rules.triage import checked, needs_of, read_questions, warm_reasons
from crm.diagnostics.workflow import MACHINE, Act, AnsweredBy, DiagnosisStatus, Route
from crm.kernel.clock import now
from crm.kernel.errors import BadInput, Conflict, Invalid
from crm.kernel.permissions import Actor
from crm.kernel.roles import STAFF

TRIAGE = "triage"


def begin(business: Business, answered_by: AnsweredBy, *, by: Actor) -> Diagnosis:
    """Begin a diagnosis with today's questions; the one that is open already is gone on with."""
    POLICY.require(by, Act.BEGIN, business)
    require_in_use(business)
    found = queries.open_diagnosis(business.id)
    if found is not None:
        return found
    asked = queries.newest_set(TRIAGE)
    if asked is None:
        raise Conflict("There are no questions yet: the reference data is missing.")
    fields = {"business_id": business.id, "question_set_id": asked.id, "answered_by": answered_by}
    made = Diagnosis(**fields, begun_at=now(), begun_by_id=by.account_id, _status=MACHINE.start)
    session().add(made)
    session().flush()
    audit.record(Act.BEGIN, made, created(**fields), by=by)
    whole = queries.diagnosis(made.id)
    assert whole is not None
    return whole


def answer(diagnosis: Diagnosis, given: Mapping[str, Any], *, version: int | None, by: Actor) -> None:
    """Save some answers beside those that are there. An answer that is emptied is not known again.

    Where the business answered some and an adviser others, it was answered together.
    """
    who = AnsweredBy.ADVISER if by.has(*STAFF) else AnsweredBy.BUSINESS
    _answer(diagnosis, given, who=who, version=version, by=by)


def bring(diagnosis: Diagnosis, told: Mapping[str, Any], *, by: Actor) -> None:
    """Save what the business told before the diagnosis, as its own answers, whoever brings them."""
    _answer(diagnosis, told, who=AnsweredBy.BUSINESS, version=None, by=by)


def _answer(
    diagnosis: Diagnosis, given: Mapping[str, Any], *, who: AnsweredBy, version: int | None, by: Actor
) -> None:
    POLICY.require(by, Act.ANSWER, diagnosis)
    if diagnosis.status is DiagnosisStatus.FINISHED:
        raise Conflict("This diagnosis is complete and cannot be changed. Start a new one.")
    require_as_shown(diagnosis, version)
    try:
        kept = checked(read_questions(diagnosis.question_set.questions), given)
    except BadInput as error:
        raise Invalid(str(error)) from error
    answers = {key: value for key, value in diagnosis.answers.items() if key not in given} | kept
    changes = amend(diagnosis, answers=answers)
    if changes:
        if diagnosis.answered_by is not who:
            amend(diagnosis, answered_by=AnsweredBy.TOGETHER)
        audit.record(Act.ANSWER, diagnosis, {"answered": (None, sorted(kept))}, by=by)


def finish(diagnosis: Diagnosis, *, by: Actor) -> Diagnosis:
    """Work out what the business needs and how to pass it on. From then on it never changes."""
    POLICY.require(by, Act.FINISH, diagnosis)
    questions = read_questions(diagnosis.question_set.questions)
    needs = needs_of(questions, diagnosis.answers)
    if not needs:
        raise Invalid("Choose at least one area that matters, now or later, before you finish.")
    changes = advance(MACHINE, diagnosis, Act.FINISH)
    route = Route.WARM if warm_reasons(questions, diagnosis.answers) else Route.LIGHT
    changes |= amend(diagnosis, needs=needs, route=route, finished_at=now(), finished_by_id=by.account_id)
    audit.record(Act.FINISH, diagnosis, changes, by=by)
    return diagnosis


def load_shipped_sets() -> dict[str, int]:
    """Publish the question sets that come with the product; one that was published never changes."""
    added = 0
    for name in queries.SHIPPED:
        wanted = queries.shipped_set(name)
        known = queries.set_of_version(name, wanted["version"])
        if known is not None and known.questions != wanted["questions"]:
            raise RuntimeError(f"the question set {name} changed without a new version")
        if known is None:
            session().add(_published(wanted))
            added += 1
    return {"question sets": added}


def _published(wanted: Mapping[str, Any]) -> QuestionSet:
    read_questions(wanted["questions"])
    kept = {name: wanted[name] for name in ("name", "version", "title", "questions", "source")}
    return QuestionSet(**kept, published_at=now())
