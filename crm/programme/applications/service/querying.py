"""Asking an applicant about some answers: these alone can be changed, and what was scored by them is confirmed again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm.attributes import flag_modified

from crm.accounts.queries import account
from crm.audit import service as audit
from crm.db.changes import amend
from crm.db.following import follow
from crm.db.session import session
from crm.db.states import advance, refuse_if, require_as_shown
from crm.kernel.clock import moment_in_words, now
from crm.kernel.errors import Invalid
from crm.kernel.money import Money
from crm.kernel.permissions import SYSTEM, Actor
from crm.notices.service import Extras, Reader, queue
from crm.programme.applications.models import ApplicantQuery, Application, QueriedQuestion, SectionAnswers
from crm.programme.applications.policy import POLICY
from crm.programme.applications.queries.applications import files_of, hold, latest_answers, latest_by_question
from crm.programme.applications.queries.filling import judged_on
from crm.programme.applications.queries.querying import queries_about, questions_queried
from crm.programme.applications.queries.querying import query as query_of
from crm.programme.applications.rules.answering import Answers, asked, faults, hanging_on, sums_asked
from crm.programme.applications.service.telling import tell
from crm.programme.applications.workflow import QUERIES, Act, ApplicationStatus
from crm.programme.rounds.models import RoundQuestion

NOT_ASSESSED = "This application is no longer being assessed, so queries about it are closed."
ALL_ASKED = "The applicant already has an open query about every answer. Wait for the answers, or close a query first."


@dataclass(frozen=True)
class QueryDetails:
    """What is asked, about which questions, and until when an answer is hoped for."""

    words: str
    question_ids: tuple[UUID, ...]
    due_at: datetime


def why_not_asked(found: Application) -> str | None:
    """Why nothing can be asked about an application."""
    if found.status is not ApplicationStatus.SUBMITTED:
        return NOT_ASSESSED
    return None if to_ask_about(found) else ALL_ASKED


def to_ask_about(found: Application) -> list[RoundQuestion]:
    """The questions that a new query can be about: no files, and none that an open query is about already."""
    taken = questions_queried(found.id)
    return [each for each in found.round.questions if str(each.kind) != "file" and each.id not in taken]


def why_not_answered(query: ApplicantQuery) -> str | None:
    """Why a query cannot be answered, whatever its own state. Its application must be loaded."""
    return None if query.application.status is ApplicationStatus.SUBMITTED else NOT_ASSESSED


def ask(found: Application, details: QueryDetails, *, by: Actor) -> ApplicantQuery:
    """Ask the applicant about some answers. They do not learn who asks."""
    POLICY.require(by, Act.ASK, found)
    hold(found)
    refuse_if(why_not_asked(found))
    known = {each.id for each in found.round.questions if str(each.kind) != "file"}
    if not details.question_ids or not set(details.question_ids) <= known:
        raise Invalid("Choose the answers that your question is about", field="questions")
    if details.due_at <= now():
        raise Invalid("The day must be in the future", field="day")
    _require_not_queried(found, details)
    made = _asked(found, details, by=by)
    audit.record(Act.ASK, found, {"words": (None, details.words), "due_at": (None, details.due_at)}, by=by)
    tell(found, "application_asked", actor=by, words=details.words, due=moment_in_words(details.due_at))
    return made


def _require_not_queried(found: Application, details: QueryDetails) -> None:
    """One open query about a question at a time: two answers to it would write over one another."""
    taken = questions_queried(found.id) & set(details.question_ids)
    if taken:
        label = next(each.label for each in found.round.questions if each.id in taken)
        raise Invalid(
            f"The applicant already has an open query about “{label}”. Ask again once it is answered or closed",
            field="questions",
        )


def _asked(found: Application, details: QueryDetails, *, by: Actor) -> ApplicantQuery:
    answers = latest_by_question(found.id)
    made = ApplicantQuery(application_id=found.id, words=details.words, due_at=details.due_at, asked_at=now())
    made.asked_by_id, made._status = by.account_id, QUERIES.start  # noqa: SLF001 a new row begins there
    session().add(made)
    session().flush()
    for each in details.question_ids:
        before = answers.get(str(each))
        session().add(QueriedQuestion(query_id=made.id, question_id=each, before=before, after=None))
    session().flush()
    return made


def _sums_of_latest(found: Application) -> dict[str, Money | None]:
    """What the latest answers ask for, and the part of it for capital."""
    answers = latest_by_question(found.id)
    return sums_asked(asked(found.round.questions, answers), answers)


def answer(
    query: ApplicantQuery, answers: Answers, *, reply: str, version: int | None = None, by: Actor
) -> None:
    """Answer a query: the answers that it names are as given now, with those that hang on them, and no others change.

    What was scored by an answer that changed does not count until its assessor confirms it again. Raises `Changed`
    where an answer was changed after the form was shown.
    """
    POLICY.require(by, Act.ANSWER, query)
    found = query.application
    hold(found)
    refuse_if(why_not_answered(query))
    QUERIES.target(Act.ANSWER, query.status)
    require_as_shown(query, version)
    _require_sound(query, _whole_answers(query, answers))
    changed = _note_answers(query, answers)
    moved = advance(QUERIES, query, Act.ANSWER)
    changes = amend(query, reply=reply, answered_at=now(), answered_by_id=by.account_id)
    _keep_versions(found, {each: answers.get(each) for each in changed}, by=by)
    _touch_others(query, changed)
    changes |= amend(found, **_sums_of_latest(found))
    told = {name: changes[name] for name in ("reply", "asked_for", "asked_capital") if name in changes}
    audit.record(Act.ANSWER, found, moved | told | {"answers_changed": (None, len(changed))}, by=by)
    follow(Act.ANSWER, query, by=by)
    _tell_asker(query)


def questions_of(query: ApplicantQuery) -> list[RoundQuestion]:
    """The questions of a query, with those that hang on them: who answers one differently has to answer these too."""
    ids = {each.question_id for each in query.questions}
    more = {each.id for each in hanging_on(query.round.questions, ids) if str(each.kind) != "file"}
    return [each for each in query.round.questions if each.id in ids | more]


def _touch_others(query: ApplicantQuery, changed: set[str]) -> None:
    """Another open query about an answer that changed is another version: its form was shown with the answer before."""
    for each in queries_about(query.application_id):
        own = query_of(each.id) if each.status is QUERIES.start and each.id != query.id else None
        if own is not None and changed & {str(question.id) for question in questions_of(own)}:
            flag_modified(own, "due_at")


def _whole_answers(query: ApplicantQuery, answers: Mapping[str, Any]) -> dict[str, Any]:
    """Every answer of the application, with those of the query in the place of the ones before."""
    kept = latest_by_question(query.application_id)
    about = {str(each.id) for each in questions_of(query)}
    kept = {key: value for key, value in kept.items() if key not in about}
    return kept | {key: value for key, value in answers.items() if key in about}


def _require_sound(query: ApplicantQuery, whole: Mapping[str, Any]) -> None:
    """An answer to a query is held to what the section itself asks: its limits, and the checks between answers."""
    found = query.application
    files = {key: len(rows) for key, rows in files_of(found.id).items()}
    rules, on = (found.round.questions, found.round.checks), judged_on(found)
    lacking = faults(*rules, answers=whole, files=files, on=on)
    about = {each.id for each in questions_of(query)}
    for each in lacking:
        if each.question_id in about:
            raise Invalid(each.words, field=f"q-{each.question_id}")
    if lacking:
        labels = {each.id: each.label for each in found.round.questions}
        first = lacking[0]
        raise Invalid(
            f"With this answer, “{labels[first.question_id]}” no longer fits: {first.words}. You cannot change that "
            "answer here. Leave this answer as it was, and say in your reply what should change"
        )


def _note_answers(query: ApplicantQuery, answers: Mapping[str, Any]) -> set[str]:
    """Keep each answer beside the latest one, and return the questions of which it is another now.

    The latest can differ from the one when it was asked: another query may have changed it since.
    """
    latest = latest_by_question(query.application_id)
    known = {each.question_id for each in query.questions}
    for more in (each for each in questions_of(query) if each.id not in known):
        if latest.get(str(more.id)) != answers.get(str(more.id)):
            session().add(QueriedQuestion(query_id=query.id, question_id=more.id, before=None, after=None))
    session().flush()
    session().refresh(query, ["questions"])
    for each in query.questions:
        each.before = latest.get(str(each.question_id))
        each.after = answers.get(str(each.question_id))
    return {str(each.question_id) for each in query.questions if each.before != each.after}


def _keep_versions(found: Application, changed: Mapping[str, Any], *, by: Actor) -> None:
    latest = latest_answers(found.id)
    for section in found.round.sections:
        own = {str(each.id) for each in section.questions} & set(changed)
        if own:
            before = latest.get(section.id)
            kept = dict(before.answers) if before else {}
            kept |= {each: changed[each] for each in own if changed[each] is not None}
            kept = {key: value for key, value in kept.items() if key not in own or changed[key] is not None}
            version = (before.version if before else 0) + 1
            made = SectionAnswers(
                application_id=found.id, section_id=section.id, version=version, answers=kept
            )
            made.is_finished, made.saved_at, made.saved_by_id = True, now(), by.account_id
            session().add(made)
    session().flush()


def _tell_asker(query: ApplicantQuery) -> None:
    asker = account(query.asked_by_id) if query.asked_by_id else None
    if asker is not None:
        context = {"reference": query.application.reference, "path": f"/queries/{query.id}"}
        queue("query_answered", Reader(asker.email, asker.name, asker.id), having=Extras(context))


def close_open_ones(found: Application) -> None:
    """Close what nobody answers any more, as an application leaves the round."""
    for each in queries_about(found.id):
        if each.status is QUERIES.start:
            audit.record(Act.CLOSE_QUERY, found, advance(QUERIES, each, Act.CLOSE_QUERY), by=SYSTEM)


def close(query: ApplicantQuery, *, version: int | None = None, by: Actor) -> None:
    """Close a query that was not answered: the answers stay as they were submitted, and the applicant is told."""
    POLICY.require(by, Act.CLOSE_QUERY, query)
    moved = advance(QUERIES, query, Act.CLOSE_QUERY)
    require_as_shown(query, version)
    audit.record(Act.CLOSE_QUERY, query.application, moved, by=by)
    tell(query.application, "query_closed", actor=by, words=query.words)
