"""The parts that businesses have in projects: invited, taking part, withdrawn."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, func, select
from sqlalchemy.orm import joinedload

from crm.businesses.models import Business
from crm.businesses.queries.listing import Search, businesses
from crm.db.remembering import remembered
from crm.db.session import session
from crm.ip.testbed.models import Project, ProjectPart
from crm.ip.testbed.queries.seeing import MOST, MOST_FOUND, MOST_LISTED, PART, PROJECT
from crm.ip.testbed.workflow import PartStatus, Stage
from crm.kernel.permissions import SYSTEM, Actor
from crm.kernel.roles import Role
from crm.referrals.policy import IN_PROJECTS


def _parts() -> Select[ProjectPart]:
    return select(ProjectPart).options(
        joinedload(ProjectPart.business).undefer(Business.shared),
        joinedload(ProjectPart.project).joinedload(Project.lead),
        joinedload(ProjectPart.project).selectinload(Project.partners),
    )


def _with_names(query: Select[ProjectPart]) -> Sequence[ProjectPart]:
    """Some parts, each with every name that a text could have of its business, in the order in which they were invited."""
    query = query.options(joinedload(ProjectPart.business).joinedload(Business.names))
    return session().scalars(query.order_by(PART.invited_at, PART.id).limit(MOST_LISTED)).unique().all()


def part(part_id: UUID) -> ProjectPart | None:
    """One business's part with its project and its business."""
    return session().scalar(_parts().where(PART.id == part_id))


@remembered
def parts_in(project_id: UUID) -> Sequence[ProjectPart]:
    """The businesses of a project, in the order in which they were invited."""
    return _with_names(_parts().where(PART.project_id == project_id))[:MOST]


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


@remembered
def parts_by_project(project_ids: Collection[UUID]) -> dict[UUID, list[ProjectPart]]:
    """The businesses of some projects, by project, without the projects themselves."""
    found: dict[UUID, list[ProjectPart]] = {each: [] for each in project_ids}
    for each in _with_names(select(ProjectPart).where(PART.project_id.in_(list(project_ids)))):
        found[each.project_id].append(each)
    return found


def parts_of(business_ids: Sequence[UUID]) -> Sequence[ProjectPart]:
    """The parts of some businesses, the latest invited first, each with its project."""
    query = select(ProjectPart).options(joinedload(ProjectPart.project))
    query = query.where(PART.business_id.in_(list(business_ids)))
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
