"""Reads of applications and of what they answer."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, case, func, inspect, select
from sqlalchemy.orm import joinedload

from crm.businesses.models import Business
from crm.db.paging import Order, Slice, slice_of
from crm.db.remembering import remembered
from crm.db.session import session
from crm.db.types import has_words, in_small_letters
from crm.kernel.permissions import Actor
from crm.programme.applications.models import Application, ApplicationFile, Clearance, SectionAnswers
from crm.programme.applications.policy import visible_to
from crm.programme.applications.workflow import ApplicationStatus, ClearanceStatus
from crm.programme.rounds.models import Round, RoundQuestion
from crm.programme.rounds.queries import WHOLE_ROUND

APPLICATION = Application.__table__.c
VERSIONS = SectionAnswers.__table__.c
MOST, MOST_VERSIONS, FEW = 200, 200, 5
LATEST_FIRST = Order(
    (APPLICATION.begun_at, APPLICATION.id), lambda each: (each.begun_at, each.id), is_descending=True
)


@dataclass(frozen=True)
class Search:
    """What somebody looks for among applications; empty parts ask nothing. ``round_id`` is one round's alone."""

    text: str = ""
    round_id: str = ""
    status: str = ""
    clearance: str = ""
    dry_runs: bool = False


STILL_IN = (ApplicationStatus.DRAFT, ApplicationStatus.SUBMITTED, ApplicationStatus.ASSESSED)


def _with_business() -> Select[Application]:
    return select(Application).options(
        joinedload(Application.business).undefer(Business.shared),
        joinedload(Application.round),
        joinedload(Application.clearance),
    )


def application(application_id: UUID) -> Application | None:
    """One application with its business, and its round with all the questions."""
    query = _with_business().options(
        joinedload(Application.round).options(*WHOLE_ROUND),
        joinedload(Application.begun_by),
        joinedload(Application.submitted_by),
    )
    return session().scalar(query.where(APPLICATION.id == application_id))


def known_application(application_id: UUID) -> Application | None:
    """One application with its business and round: as the page has it already, if it does."""
    whole = joinedload(Application.business).undefer(Business.shared)
    return session().get(Application, application_id, options=[whole, joinedload(Application.round)])


def hold(found: Application, *, share: bool = False) -> None:
    """Read an application as it is now, and let nobody else change it until this ends; with ``share`` others fill it in."""
    query = select(APPLICATION.id).where(APPLICATION.id == found.id).with_for_update(read=share)
    session().execute(query)
    session().refresh(found, attribute_names=[each.key for each in inspect(Application).column_attrs])


def application_of(round_id: UUID, business_id: UUID) -> Application | None:
    """The application of a business to a round that is not withdrawn."""
    query = select(Application).where(
        APPLICATION.round_id == round_id,
        APPLICATION.business_id == business_id,
        APPLICATION.status != ApplicationStatus.WITHDRAWN,
    )
    return session().scalar(query)


def earlier_than(found: Application) -> Sequence[Application]:
    """The other applications of its business that still have their words, whatever became of them: those to the same
    round, then the others, the latest first of each.
    """
    query = _with_business().options(joinedload(Application.round).options(*WHOLE_ROUND))
    query = query.where(
        APPLICATION.business_id == found.business_id,
        APPLICATION.id != found.id,
        APPLICATION.erased_at.is_(None),
    )
    same_first = case((APPLICATION.round_id == found.round_id, 0), else_=1)
    query = query.order_by(same_first, APPLICATION.begun_at.desc(), APPLICATION.id)
    return session().scalars(query.limit(FEW)).all()


def reference_is_taken(reference: str) -> bool:
    """Whether an application has this reference."""
    return session().scalar(select(APPLICATION.id).where(APPLICATION.reference == reference)) is not None


@remembered
def applications_of(business_ids: Collection[UUID], actor: Actor) -> Sequence[Application]:
    """The applications of some businesses that a person may see: those still to be submitted, then the latest first."""
    query = _with_business().where(APPLICATION.business_id.in_(list(business_ids)), visible_to(actor))
    to_submit = case((APPLICATION.status == ApplicationStatus.DRAFT, 0), else_=1)
    query = query.order_by(to_submit, APPLICATION.begun_at.desc(), APPLICATION.id).limit(MOST)
    return session().scalars(query).all()


def _found(search: Search, actor: Actor) -> Select[Application]:
    query = _with_business().where(visible_to(actor))
    query = query.join(Round, APPLICATION.round_id == Round.id).where(Round.is_dry_run.is_(search.dry_runs))
    words = search.text[:100].strip()
    if words:
        named = APPLICATION.business_id.in_(
            select(Business.id).where(has_words(words, Business.__table__.c.name))
        )
        query = query.where(named | (in_small_letters(APPLICATION.reference) == words.lower()))
    if search.round_id:
        query = query.where(APPLICATION.round_id == UUID(search.round_id))
    if search.status:
        query = query.where(APPLICATION.status == search.status)
    if search.clearance:
        query = query.where(APPLICATION.id.in_(_with_clearance(search.clearance)))
    return query


def _with_clearance(status: str) -> Select[UUID]:
    return select(Clearance.application_id).where(Clearance.__table__.c.status == status)


def applications(search: Search, actor: Actor, *, cursor: str | None = None) -> Slice[Application]:
    """One page of the applications that somebody may see, the latest first. Those to dry runs stand apart."""
    return slice_of(_found(search, actor), LATEST_FIRST, cursor=cursor)


def count_of(search: Search, actor: Actor) -> int:
    """How many a search finds."""
    found = _found(search, actor).with_only_columns(APPLICATION.id).subquery()
    return session().scalar(select(func.count()).select_from(found)) or 0


def count_to_clear(actor: Actor) -> int:
    """How many applications wait for an adviser to say whether the business can apply."""
    open_ = (ApplicationStatus.DRAFT,)
    query = _found(Search(clearance=ClearanceStatus.WAITING), actor).where(APPLICATION.status.in_(open_))
    found = query.with_only_columns(APPLICATION.id).subquery()
    return session().scalar(select(func.count()).select_from(found)) or 0


def counts_by_status(round_id: UUID) -> dict[str, int]:
    """How many applications to a round stand where."""
    query = select(APPLICATION.status, func.count()).where(APPLICATION.round_id == round_id)
    return {str(status): count for status, count in session().execute(query.group_by(APPLICATION.status))}


def latest_by_question(application_id: UUID) -> dict[str, Any]:
    """The latest answer to every question of an application, by the question's id."""
    latest = latest_answers(application_id).values()
    return {key: value for each in latest for key, value in each.answers.items()}


def latest_answers(application_id: UUID) -> dict[UUID, SectionAnswers]:
    """The newest version of each section that was begun, by the section's id, with who saved it."""
    newest = (
        select(VERSIONS.section_id, func.max(VERSIONS.version).label("newest"))
        .where(VERSIONS.application_id == application_id)
        .group_by(VERSIONS.section_id)
        .subquery()
    )
    query = (
        select(SectionAnswers)
        .join(
            newest,
            (SectionAnswers.section_id == newest.c.section_id) & (SectionAnswers.version == newest.c.newest),
        )
        .where(SectionAnswers.application_id == application_id)
        .options(joinedload(SectionAnswers.saved_by))
        .execution_options(populate_existing=True)
    )
    return {each.section_id: each for each in session().scalars(query)}


def versions_of(application_id: UUID, section_id: UUID) -> Sequence[SectionAnswers]:
    """Every version of a section, the newest first."""
    query = (
        select(SectionAnswers)
        .where(SectionAnswers.application_id == application_id, SectionAnswers.section_id == section_id)
        .options(joinedload(SectionAnswers.saved_by))
        .order_by(SectionAnswers.version.desc())
    )
    return session().scalars(query.limit(MOST_VERSIONS)).all()


def files_of(application_id: UUID) -> dict[UUID, list[ApplicationFile]]:
    """The files of an application by the question that they answer, in the order in which they came."""
    query = (
        select(ApplicationFile)
        .where(ApplicationFile.application_id == application_id)
        .options(joinedload(ApplicationFile.document))
    )
    found: dict[UUID, list[ApplicationFile]] = {}
    rows = [each for each in session().scalars(query.limit(MOST)) if each.document.removed_at is None]
    for each in sorted(rows, key=lambda row: (row.document.kept_at, row.document_id)):
        found.setdefault(each.question_id, []).append(each)
    return found


def file_of(application_id: UUID, document_id: UUID) -> ApplicationFile | None:
    """One file of just this application that was not removed."""
    query = (
        select(ApplicationFile)
        .where(ApplicationFile.application_id == application_id, ApplicationFile.document_id == document_id)
        .options(joinedload(ApplicationFile.document))
    )
    found = session().scalar(query)
    return found if found is not None and found.document.removed_at is None else None


CAME_TO_NOTHING = (ApplicationStatus.DRAFT, ApplicationStatus.RULED_OUT, ApplicationStatus.WITHDRAWN)


def came_to_nothing(*, before: datetime) -> Sequence[Application]:
    """The applications that came to nothing, to rounds whose assessment ended before a moment, with all their words."""
    query = _with_business().join(Round, APPLICATION.round_id == Round.id)
    query = query.where(
        Round.assess_until < before,
        APPLICATION.status.in_(CAME_TO_NOTHING),
        APPLICATION.erased_at.is_(None),
    )
    return session().scalars(query.order_by(APPLICATION.begun_at, APPLICATION.id).limit(MOST)).all()


def drafts_due(*, after: datetime, before: datetime) -> Sequence[Application]:
    """Drafts that are due between two moments and of which nobody was reminded; none of dry runs."""
    due = func.coalesce(APPLICATION.extended_until, Round.deadline_at)
    query = _with_business().join(Round, APPLICATION.round_id == Round.id)
    query = query.where(
        APPLICATION.status == ApplicationStatus.DRAFT,
        APPLICATION.reminded_at.is_(None),
        Round.is_dry_run.is_(False),
        due > after,
        due <= before,
    )
    return session().scalars(query.order_by(due, APPLICATION.id).limit(MOST)).all()


def drafts_of(round_id: UUID) -> Sequence[Application]:
    """The applications to a round that are not submitted, with business and round."""
    query = _with_business().where(
        APPLICATION.round_id == round_id, APPLICATION.status == ApplicationStatus.DRAFT
    )
    return session().scalars(query.order_by(APPLICATION.begun_at, APPLICATION.id)).all()


def applied_to(round_id: UUID) -> Sequence[Application]:
    """The applications to a round that are begun or submitted and still in it, with business and round."""
    query = _with_business().where(APPLICATION.round_id == round_id, APPLICATION.status.in_(STILL_IN))
    return session().scalars(query.order_by(APPLICATION.begun_at, APPLICATION.id)).all()


def question_of(found: Application, question_id: UUID) -> RoundQuestion | None:
    """A question of just this application's round. Its questions must be loaded."""
    return next((each for each in found.round.questions if each.id == question_id), None)
