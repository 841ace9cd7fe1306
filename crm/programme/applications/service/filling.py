"""Filling an application in: every save is a new version, and nobody writes over what somebody else wrote."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from crm.audit import service as audit
from crm.db.session import session
from crm.documents import service as documents
from crm.documents.models import Document
from crm.documents.service import Stored, Subject
from crm.kernel.clock import moment_in_words, now
from crm.kernel.errors import Conflict
from crm.kernel.permissions import Actor
from crm.programme.applications.models import Application, ApplicationFile, SectionAnswers
from crm.programme.applications.policy import POLICY
from crm.programme.applications.queries import applications as queries
from crm.programme.applications.workflow import Act, ApplicationStatus
from crm.programme.rounds.models import RoundQuestion, RoundSection
from crm.programme.rounds.rules.timing import Standing

KIND = "application"
IN_TIME = (Standing.OPEN, Standing.IN_GRACE)


@dataclass(frozen=True)
class Saved:
    """What somebody answers in a section. ``version`` is that of what they saw, 0 for nothing."""

    section: RoundSection
    answers: Mapping[str, Any]
    version: int
    is_finished: bool = False


def save(found: Application, saved: Saved, *, by: Actor) -> SectionAnswers:
    """Keep the answers to a section as a new version. Raises `Conflict` where somebody saved one meanwhile, and after
    the deadline, which leaves a line in the trail.
    """
    POLICY.require(by, Act.FILL_IN, found)
    queries.hold(found, share=True)
    require_fillable(found, by=by)
    latest = queries.latest_answers(found.id).get(saved.section.id)
    if (latest.version if latest else 0) != saved.version:
        raise Conflict(_meanwhile(latest, by=by))
    return _kept(found, saved, by=by)


def _meanwhile(latest: SectionAnswers | None, *, by: Actor) -> str:
    """Who saved the section while somebody was writing: a colleague, or they themselves in another tab."""
    if latest is None or latest.saved_by is None:
        return "This section was saved while you were writing. What you typed is below: compare, then choose."
    at = moment_in_words(latest.saved_at)
    if latest.saved_by_id == by.account_id:
        return f"You saved this section yourself in another tab, on {at}. What you typed here is below: compare, then choose."
    return f"{latest.saved_by.name} saved this section on {at}, while you were writing. What you typed is below: compare, then choose."


def _kept(found: Application, saved: Saved, *, by: Actor) -> SectionAnswers:
    made = SectionAnswers(application_id=found.id, section_id=saved.section.id, version=saved.version + 1)
    made.answers, made.is_finished = dict(saved.answers), saved.is_finished
    made.saved_at, made.saved_by_id = now(), by.account_id
    session().add(made)
    session().flush()
    audit.record(
        Act.FILL_IN, found, {"section": (None, saved.section.title), "version": (None, made.version)}, by=by
    )
    return made


def why_not(found: Application) -> str:
    """Why an application cannot be filled in any more; empty where it can."""
    if found.status is not ApplicationStatus.DRAFT:
        return "This application was submitted or withdrawn, so its answers can no longer be changed."
    return "" if found.standing_at(now()) in IN_TIME else _closed(found)


def _closed(found: Application) -> str:
    closed = moment_in_words(found.due_at)
    return (
        f"This round closed on {closed}, so this was not saved. You can still read what you had saved before."
    )


def require_fillable(found: Application, *, by: Actor) -> None:
    """Refuse what comes when it can no longer be filled in; after the deadline with a line in the trail."""
    if found.status is not ApplicationStatus.DRAFT:
        raise Conflict(why_not(found))
    require_in_time(found, by=by)


def require_in_time(found: Application, *, by: Actor) -> Standing:
    """Whether it is in time, or in its grace. Raises `Conflict`, which leaves a line in the trail, where it is neither."""
    standing = found.standing_at(now())
    if standing not in IN_TIME:
        raise Conflict(_closed(found), trace=_missed(found.id, now(), by=by))
    return standing


def _missed(application_id: UUID, tried_at: datetime, *, by: Actor) -> Callable[[], None]:
    """What coming too late leaves: a line in the trail of the application."""

    def leave() -> None:
        found = queries.application(application_id)
        if found is not None:
            audit.record(Act.MISS_DEADLINE, found, {"tried_at": (None, tried_at)}, by=by)

    return leave


def attach(found: Application, paper: Stored, *, question: RoundQuestion, by: Actor) -> Document:
    """Add a file to the answer of a question."""
    POLICY.require(by, Act.ATTACH, found)
    queries.hold(found, share=True)
    require_fillable(found, by=by)
    made = documents.keep(paper, Subject(KIND, found.id), by=by)
    session().add(ApplicationFile(application_id=found.id, question_id=question.id, document_id=made.id))
    session().flush()
    audit.record(Act.ATTACH, found, {"file": (None, made.name), "question": (None, question.label)}, by=by)
    return made


def remove(found: Application, document: Document, *, by: Actor) -> None:
    """Take a file away again."""
    POLICY.require(by, Act.REMOVE_FILE, found)
    queries.hold(found, share=True)
    require_fillable(found, by=by)
    documents.remove(document)
    audit.record(Act.REMOVE_FILE, found, {"file": (document.name, None)}, by=by)
