"""Reads of test-bed projects, of businesses' parts in them, and of lessons."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, func, select
from sqlalchemy.orm import contains_eager, joinedload, selectinload

from crm.accounts.models import Account, RoleGrant
from crm.accounts.queries import holds_on
from crm.accounts.workflow import AccountStatus
from crm.businesses.models import Business, Person
from crm.businesses.queries.listing import Search, businesses
from crm.db.paging import Order, Slice, slice_of
from crm.db.session import session
from crm.db.types import has_words
from crm.ip.testbed.models import Lesson, Naming, Project, ProjectPart, ProjectPartner, ProjectSpend
from crm.ip.testbed.policy import APPROVERS
from crm.ip.testbed.rules.naming import capitals_of, runs_of
from crm.ip.testbed.workflow import LessonStatus, NamingStatus, PartStatus, Stage
from crm.kernel.clock import has_come, is_past, today
from crm.kernel.permissions import SYSTEM, Actor
from crm.kernel.roles import Role
from crm.referrals.policy import IN_PROJECTS

PROJECT, PART, LESSON, NAMING = (kind.__table__.c for kind in (Project, ProjectPart, Lesson, Naming))
NEWEST = Order((PROJECT.proposed_at, PROJECT.id), lambda row: (row.proposed_at, row.id), is_descending=True)
LATEST = Order((LESSON.published_at, LESSON.id), lambda row: (row.published_at, row.id), is_descending=True)
MOST, MOST_LISTED, MOST_FOUND, AT_ONCE = 200, 1_000, 10, 900


def _whole() -> Select[Project]:
    return select(Project).options(
        joinedload(Project.lead), selectinload(Project.partners).joinedload(ProjectPartner.provider)
    )


def project(project_id: UUID) -> Project | None:
    """One project with its lead and its partners."""
    return session().scalar(_whole().where(PROJECT.id == project_id))


def hold(found: Project) -> None:
    """Let nobody else spend of the budget until this transaction ends, and read the project as it is now."""
    query = select(Project).options(selectinload(Project.lead), selectinload(Project.partners))
    query = query.where(PROJECT.id == found.id).with_for_update()
    session().scalars(query.execution_options(populate_existing=True)).one()


@dataclass(frozen=True)
class Wanted:
    """Which projects a list shows; what is empty asks nothing."""

    text: str = ""
    stage: Stage | None = None
    partner: str = ""


def _listed(wanted: Wanted) -> Select[Project]:
    query = _whole()
    if wanted.text.strip():
        query = query.where(has_words(wanted.text, PROJECT.title, PROJECT.question, PROJECT.hypothesis))
    if wanted.stage:
        query = query.where(PROJECT.status == wanted.stage)
    if wanted.partner:
        with_it = select(ProjectPartner.project_id).where(
            ProjectPartner.name == wanted.partner, ProjectPartner.removed_at.is_(None)
        )
        query = query.where(PROJECT.id.in_(with_it))
    return query


def projects(wanted: Wanted, *, cursor: str | None = None) -> Slice[Project]:
    """One page of projects, the newest first."""
    return slice_of(_listed(wanted), NEWEST, cursor=cursor)


def every_project(wanted: Wanted) -> Sequence[Project]:
    """The same for a file."""
    order = (PROJECT.proposed_at.desc(), PROJECT.id.desc())
    return session().scalars(_listed(wanted).order_by(*order).limit(MOST_LISTED)).all()


def projects_in(stage: Stage) -> Sequence[Project]:
    """The projects of one stage, the first to end first."""
    query = _whole().where(PROJECT.status == stage)
    return session().scalars(query.order_by(PROJECT.ends_on, PROJECT.id).limit(MOST)).all()


def due_to_start(on: date) -> Sequence[Project]:
    """The agreed projects whose first day has come."""
    query = _whole().where(PROJECT.status == Stage.AGREED, has_come(PROJECT.starts_on, on=on))
    return session().scalars(query.order_by(PROJECT.starts_on, PROJECT.id).limit(MOST)).all()


def past_their_end(on: date) -> Sequence[Project]:
    """The running projects whose last day is over."""
    query = _whole().where(PROJECT.status == Stage.RUNNING, is_past(PROJECT.ends_on, on=on))
    return session().scalars(query.order_by(PROJECT.ends_on, PROJECT.id).limit(MOST)).all()


def count_running() -> int:
    """How many projects are running."""
    return session().scalar(select(func.count()).where(PROJECT.status == Stage.RUNNING)) or 0


def named(text: str, *, most: int) -> Sequence[Project]:
    """A few projects whose title or question has these words."""
    query = select(Project).where(has_words(text, PROJECT.title, PROJECT.question))
    return session().scalars(query.order_by(PROJECT.proposed_at.desc(), PROJECT.id).limit(most)).all()


def partner_names() -> Sequence[str]:
    """The names of all partners, for a filter."""
    query = select(ProjectPartner.name).where(ProjectPartner.removed_at.is_(None)).distinct()
    return session().scalars(query.order_by(ProjectPartner.name).limit(MOST)).all()


def partner(project_id: UUID, partner_id: UUID) -> ProjectPartner | None:
    """One partner of just this project."""
    query = select(ProjectPartner).options(joinedload(ProjectPartner.project).selectinload(Project.partners))
    is_there = (ProjectPartner.project_id == project_id, ProjectPartner.removed_at.is_(None))
    return session().scalar(query.where(ProjectPartner.id == partner_id, *is_there))


def hold_partners(found: Project) -> set[UUID]:
    """The ids of the partners that a project has now, which nobody else removes until this transaction ends."""
    session().execute(select(PROJECT.id).where(PROJECT.id == found.id).with_for_update())
    there = (ProjectPartner.project_id == found.id, ProjectPartner.removed_at.is_(None))
    return set(session().scalars(select(ProjectPartner.id).where(*there)))


def spend_of(project_id: UUID) -> Sequence[ProjectSpend]:
    """What was spent on a project, the latest first; what was cancelled too."""
    query = select(ProjectSpend).where(ProjectSpend.project_id == project_id)
    order = (ProjectSpend.spent_on.desc(), ProjectSpend.recorded_at.desc(), ProjectSpend.id)
    return session().scalars(query.order_by(*order).limit(MOST)).all()


def first_spend_of(project_id: UUID) -> date | None:
    """The first day on which something was spent on a project that was not cancelled."""
    query = select(func.min(ProjectSpend.spent_on)).where(ProjectSpend.project_id == project_id)
    return session().scalar(query.where(ProjectSpend.cancelled_at.is_(None)))


def spend(project_id: UUID, spend_id: UUID) -> ProjectSpend | None:
    """One sum spent on just this project."""
    query = select(ProjectSpend).options(joinedload(ProjectSpend.project).selectinload(Project.partners))
    return session().scalar(query.where(ProjectSpend.id == spend_id, ProjectSpend.project_id == project_id))


def _parts() -> Select[ProjectPart]:
    owner = joinedload(ProjectPart.business)
    return select(ProjectPart).options(
        owner.undefer(Business.shared),
        owner.selectinload(Business.names),
        joinedload(ProjectPart.project).joinedload(Project.lead),
        joinedload(ProjectPart.project).selectinload(Project.partners),
    )


def part(part_id: UUID) -> ProjectPart | None:
    """One business's part with its project and its business."""
    return session().scalar(_parts().where(PART.id == part_id))


def parts_in(project_id: UUID) -> Sequence[ProjectPart]:
    """The businesses of a project, in the order in which they were invited."""
    query = _parts().where(PART.project_id == project_id)
    return session().scalars(query.order_by(PART.invited_at, PART.id).limit(MOST)).all()


def taking_part_now() -> dict[Business, list[ProjectPart]]:
    """The businesses that take part in a project that is not over, by name, each with its parts."""
    over = PROJECT.status.in_((Stage.FINISHED, Stage.STOPPED))
    query = _parts().join(ProjectPart.project).join(ProjectPart.business)
    query = query.where(PART.status == PartStatus.TAKING_PART, ~over)
    order = (Business.sort_name, Business.id, PART.invited_at, PART.id)
    found: dict[Business, list[ProjectPart]] = {}
    for each in session().scalars(query.order_by(*order).limit(MOST_LISTED)):
        found.setdefault(each.business, []).append(each)
    return found


def facts_of(actor: Actor) -> Mapping[str, Any]:
    """What policies turn on: the businesses that a test-bed manager has in projects."""
    if not actor.has(Role.TEST_BED_MANAGER):
        return {}
    query = select(PART.business_id).where(PART.status == PartStatus.TAKING_PART).distinct()
    return {IN_PROJECTS: frozenset(session().scalars(query))}


def count_taking_part() -> int:
    """How many businesses take part in a project that is not over."""
    is_live = PROJECT.status.not_in((Stage.FINISHED, Stage.STOPPED))
    query = select(func.count(PART.business_id.distinct())).join(
        Project.__table__, PROJECT.id == PART.project_id
    )
    return session().scalar(query.where(PART.status == PartStatus.TAKING_PART, is_live)) or 0


def parts_by_project(project_ids: Collection[UUID]) -> dict[UUID, list[ProjectPart]]:
    """The businesses of some projects, by project."""
    query = _parts().where(PART.project_id.in_(list(project_ids)))
    found: dict[UUID, list[ProjectPart]] = {each: [] for each in project_ids}
    for each in session().scalars(query.order_by(PART.invited_at, PART.id).limit(MOST_LISTED)):
        found[each.project_id].append(each)
    return found


def parts_of(business_ids: Sequence[UUID]) -> Sequence[ProjectPart]:
    """The parts of some businesses, the latest invited first."""
    query = _parts().where(PART.business_id.in_(list(business_ids)))
    return session().scalars(query.order_by(PART.invited_at.desc(), PART.id).limit(MOST)).all()


def invitations_of(business_ids: Sequence[UUID]) -> Sequence[ProjectPart]:
    """The projects to which some businesses are invited and have not answered, the latest first."""
    query = select(ProjectPart).options(
        joinedload(ProjectPart.business).undefer(Business.shared),
        joinedload(ProjectPart.project).joinedload(Project.lead),
    )
    query = query.where(PART.business_id.in_(list(business_ids)), PART.status == PartStatus.INVITED)
    return session().scalars(query.order_by(PART.invited_at.desc(), PART.id).limit(MOST)).all()


def withdrawn_since(moment: datetime) -> Sequence[ProjectPart]:
    """The businesses that withdrew since a moment from projects that can still invite, the latest first."""
    query = _parts().join(ProjectPart.project).where(PROJECT.status.in_((Stage.AGREED, Stage.RUNNING)))
    query = query.where(PART.status == PartStatus.WITHDRAWN, PART.answered_at >= moment)
    return session().scalars(query.order_by(PART.answered_at.desc(), PART.id).limit(MOST)).all()


def part_of(project_id: UUID, business_id: UUID) -> ProjectPart | None:
    """The part of a business in a project."""
    return session().scalar(_parts().where(PART.project_id == project_id, PART.business_id == business_id))


def counts_of(project_ids: Sequence[UUID]) -> dict[UUID, int]:
    """How many businesses take part in each of some projects."""
    query = select(PART.project_id, func.count()).where(PART.status == PartStatus.TAKING_PART)
    query = query.where(PART.project_id.in_(list(project_ids))).group_by(PART.project_id)
    found = {row[0]: row[1] for row in session().execute(query)}
    return {each: found.get(each, 0) for each in project_ids}


def businesses_like(text: str) -> Sequence[Business]:
    """A few businesses in use with this name or number: to invite one, its name is all that is shown."""
    return businesses(Search(text=text), SYSTEM).rows[:MOST_FOUND] if text.strip() else ()


def _lessons() -> Select[Lesson]:
    to_owner = selectinload(Lesson.namings).joinedload(Naming.part).joinedload(ProjectPart.business)
    return select(Lesson).options(
        joinedload(Lesson.project).joinedload(Project.lead),
        joinedload(Lesson.project).selectinload(Project.partners),
        *(joinedload(Lesson.written_by), joinedload(Lesson.published_by)),
        to_owner.selectinload(Business.names),
        to_owner.undefer(Business.shared),
    )


def lesson(lesson_id: UUID) -> Lesson | None:
    """One lesson with its project and who was asked to be named."""
    query = _lessons().where(LESSON.id == lesson_id).execution_options(populate_existing=True)
    return session().scalar(query)


def lesson_text(text_id: UUID) -> Lesson | None:
    """One lesson as those see it who write and publish it."""
    return lesson(text_id)


def publishers(*, besides: UUID | None) -> Sequence[str]:
    """Who can publish what somebody else wrote, by name."""
    grants, account = RoleGrant.__table__.c, Account.__table__.c
    held = select(grants.account_id).where(grants.role.in_(APPROVERS), holds_on(today()))
    query = select(account.name).where(account.id.in_(held), account.status == AccountStatus.ACTIVE)
    return session().scalars(query.where(account.id != besides).order_by(account.name).limit(MOST)).all()


def lessons_of(project_id: UUID) -> Sequence[Lesson]:
    """The lessons of a project, the latest first."""
    query = _lessons().where(LESSON.project_id == project_id, LESSON.status != LessonStatus.DISCARDED)
    return session().scalars(query.order_by(LESSON.written_at.desc(), LESSON.id).limit(MOST)).all()


def published_of(project_id: UUID) -> list[Lesson]:
    """The published lessons of a project."""
    return [each for each in lessons_of(project_id) if each.status is LessonStatus.PUBLISHED]


def lessons_in(status: LessonStatus) -> Sequence[Lesson]:
    """The lessons of one state, the oldest first."""
    query = _lessons().where(LESSON.status == status)
    return session().scalars(query.order_by(LESSON.written_at, LESSON.id).limit(MOST)).all()


def published(*, text: str = "", cursor: str | None = None) -> Slice[Lesson]:
    """One page of the published lessons, the newest first."""
    query = _lessons().where(LESSON.status == LessonStatus.PUBLISHED)
    if text.strip():
        query = query.where(has_words(text, LESSON.title, LESSON.text))
    return slice_of(query, LATEST, cursor=cursor)


def _namings() -> Select[Naming]:
    to_part = joinedload(Naming.part)
    to_lesson = joinedload(Naming.lesson)
    return select(Naming).options(
        to_part.joinedload(ProjectPart.business).undefer(Business.shared),
        to_lesson.selectinload(Lesson.namings),
        to_lesson.joinedload(Lesson.project).joinedload(Project.lead),
        to_lesson.joinedload(Lesson.project).selectinload(Project.partners),
        *(to_lesson.joinedload(Lesson.written_by), to_lesson.joinedload(Lesson.published_by)),
    )


def naming(naming_id: UUID) -> Naming | None:
    """One business's answer about being named in a lesson, with the lesson."""
    return session().scalar(_namings().where(NAMING.id == naming_id))


def namings_of(business_ids: Sequence[UUID]) -> Sequence[Naming]:
    """Where some businesses are named, or asked to be, in texts that are used; the latest asked first."""
    used = (LessonStatus.DRAFT, LessonStatus.SUBMITTED, LessonStatus.PUBLISHED)
    query = (
        _namings().join(ProjectPart, PART.id == NAMING.part_id).join(Lesson, LESSON.id == NAMING.lesson_id)
    )
    query = query.where(PART.business_id.in_(list(business_ids)), LESSON.status.in_(used))
    return session().scalars(query.order_by(NAMING.asked_at.desc(), NAMING.id).limit(MOST)).all()


def namings_in(part_id: UUID) -> Sequence[Naming]:
    """Every text that a business was asked about in one project."""
    query = _namings().where(NAMING.part_id == part_id)
    return session().scalars(query.order_by(NAMING.asked_at.desc(), NAMING.id).limit(MOST)).all()


def unanswered(business_ids: Sequence[UUID]) -> Sequence[Naming]:
    """What some businesses have still to say."""
    used = (LessonStatus.DRAFT, LessonStatus.SUBMITTED, LessonStatus.PUBLISHED)
    to_lesson = contains_eager(Naming.lesson)
    query = select(Naming).options(
        contains_eager(Naming.part).joinedload(ProjectPart.business),
        to_lesson.selectinload(Lesson.namings),
        to_lesson.joinedload(Lesson.project).selectinload(Project.partners),
    )
    query = query.join(ProjectPart, PART.id == NAMING.part_id).join(Lesson, LESSON.id == NAMING.lesson_id)
    query = query.where(PART.business_id.in_(list(business_ids)), LESSON.status.in_(used))
    query = query.where(NAMING.status == NamingStatus.ASKED)
    return session().scalars(query.order_by(NAMING.asked_at.desc(), NAMING.id).limit(MOST)).all()


def strangers_in(text: str) -> list[str]:
    """The names of businesses on record that a text has in full; one of a single word only where it has a capital letter."""
    runs, found = sorted(runs_of(text) | capitals_of(text)), dict[str, None]()
    for at in range(0, len(runs), AT_ONCE):
        query = select(Business.name).where(Business.match_name.in_(runs[at : at + AT_ONCE]))
        found |= dict.fromkeys(session().scalars(query.order_by(Business.name).limit(MOST_FOUND)))
    return list(found)


@dataclass(frozen=True)
class Someone:
    """A person at a business of a project, by their name on record there or that of their account."""

    name: str
    business_id: UUID
    business: str


def people_at(project_ids: Collection[UUID]) -> Sequence[Someone]:
    """The people at the businesses of some projects, by name: those on record there, and those who are let in with an account."""
    query = select(Business.id, Business.name, Person.name).join(ProjectPart, PART.business_id == Business.id)
    query = query.outerjoin(Person, Person.business_id == Business.id)
    rows = session().execute(query.where(PART.project_id.in_(list(project_ids))).limit(MOST_LISTED)).all()
    owners = {str(owner_id): (owner_id, business) for owner_id, business, _ in rows}
    found = {Someone(name, owner_id, business) for owner_id, business, name in rows if name}
    found |= {Someone(name, *owners[where]) for name, where in _with_access(owners)}
    return sorted(found, key=lambda each: (each.name, each.business, str(each.business_id)))


def _with_access(business_ids: Collection[str]) -> list[tuple[str, str]]:
    """Who is let in to some businesses today: their names, each with the id of the business as a grant has it."""
    grants = RoleGrant.__table__.c
    query = select(Account.name, grants.scope_id).join(RoleGrant, grants.account_id == Account.id)
    query = query.where(
        grants.role == Role.FOUNDER, grants.scope_id.in_(list(business_ids)), holds_on(today())
    )
    return [
        (name, where) for name, where in session().execute(query.order_by(Account.name).limit(MOST_LISTED))
    ]
