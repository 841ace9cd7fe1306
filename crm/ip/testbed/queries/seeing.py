"""Test-bed projects: one with its partners, the lists of them, and what was spent."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import Select, func, select
from sqlalchemy.orm import joinedload, selectinload

from crm.accounts.models import Account, RoleGrant
from crm.accounts.queries import holds_on
from crm.accounts.workflow import AccountStatus
from crm.db.paging import Order, Slice, slice_of
from crm.db.session import session
from crm.db.types import has_words
from crm.ip.testbed.models import Lesson, Naming, Project, ProjectPart, ProjectPartner, ProjectSpend
from crm.ip.testbed.policy import LEADERS
from crm.ip.testbed.workflow import OPEN_STAGES, Stage
from crm.kernel.clock import has_come, is_past, today
from crm.kernel.roles import Role

PROJECT, PART, LESSON, NAMING = (kind.__table__.c for kind in (Project, ProjectPart, Lesson, Naming))
NEWEST = Order((PROJECT.proposed_at, PROJECT.id), lambda row: (row.proposed_at, row.id), is_descending=True)
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


def at_work(roles: Iterable[Role]) -> Select[UUID]:
    """The active accounts that hold one of these roles today."""
    grants, account = RoleGrant.__table__.c, Account.__table__.c
    held = select(grants.account_id).where(grants.role.in_(list(roles)), holds_on(today()))
    return select(account.id).where(account.id.in_(held), account.status == AccountStatus.ACTIVE)


def without_lead() -> Sequence[Project]:
    """The projects that are not over and whose lead has left, or never was."""
    has_none = PROJECT.lead_id.is_(None) | PROJECT.lead_id.not_in(at_work(LEADERS))
    query = _whole().where(PROJECT.status.in_(OPEN_STAGES), has_none)
    return session().scalars(query.order_by(PROJECT.starts_on, PROJECT.id).limit(MOST)).all()


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
    rows = session().scalars(query.order_by(ProjectPartner.name).limit(MOST))
    return sorted(rows, key=str.casefold)


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


def belonging_to(project_ids: Collection[UUID]) -> dict[str, Sequence[UUID]]:
    """The lessons of some projects and the consents to be named in them: their acts are under the project's title too."""
    lessons = select(Lesson.id).where(Lesson.project_id.in_(list(project_ids)))
    consents = select(Naming.id).where(Naming.lesson_id.in_(lessons))
    asked = {"test_bed_lesson": lessons, "test_bed_naming": consents}
    return {table: session().scalars(query).all() for table, query in asked.items()}
