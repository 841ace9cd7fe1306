"""Who could read what others scored before they scored it themselves: they are given no such application to assess."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from sqlalchemy import or_, select

from crm.accounts.models import RoleGrant
from crm.db.session import session
from crm.kernel.clock import day_of, is_past, now, today
from crm.kernel.roles import Role, Scope
from crm.programme.applications.models import Application
from crm.programme.assessing.models import Assessment
from crm.programme.assessing.queries.able import able_of
from crm.programme.assessing.queries.conflicts import Found, conflicts_between
from crm.programme.rounds.policy import READERS

NO_LONGER = "They can no longer assess for this round."
COULD_READ = Found("Others have submitted scores of it, which they can or could see by another role")


def reasons_against(found: Application, account_ids: Collection[UUID]) -> dict[UUID, list[Found]]:
    """What keeps each of some people from assessing an application: how they stand to its business, and what they could read."""
    conflicts = conflicts_between(account_ids, [found.business_id], on=today())
    reading = could_read([found], account_ids)
    return {
        each: [*conflicts.get((each, found.business_id), []), *[COULD_READ] * ((found.id, each) in reading)]
        for each in account_ids
    }


def who_cannot(rows: Collection[Assessment], about: Application) -> dict[UUID, str]:
    """Of some assessments of an application, why their assessors could not submit them again, by the assessment's id."""
    people, on = {each.assessor_id for each in rows}, today()
    able, conflicts = able_of(about.round_id, on=on), conflicts_between(people, [about.business_id], on=on)
    found: dict[UUID, str] = {}
    for each in rows:
        reasons = conflicts.get((each.assessor_id, about.business_id), [])
        whys = [why.words for why in reasons if not (why.can_be_overridden and each.override_reason)]
        if whys or each.assessor_id not in able:
            found[each.id] = f"{whys[0]}." if whys else NO_LONGER
    return found


def could_read(found: Collection[Application], account_ids: Collection[UUID]) -> set[tuple[UUID, UUID]]:
    """The applications, each with a person, whose scores by others this person can or could see. They are all of one round."""
    scored = _scored([each.id for each in found])
    rounds = {each.round_id for each in found}
    held = _held(account_ids, next(iter(rounds)), since=min(at for _, _, at in scored)) if scored else []
    return {
        (application_id, grant.account_id)
        for application_id, assessor_id, at in scored
        for grant in held
        if grant.account_id != assessor_id and _held_at(grant, at)
    }


def _scored(application_ids: Collection[UUID]) -> list[tuple[UUID, UUID, datetime]]:
    """Who ever submitted scores of some applications, and when: whatever became of them since, they could be read."""
    query = select(Assessment.application_id, Assessment.assessor_id, Assessment.submitted_at).where(
        Assessment.application_id.in_(list(application_ids)), Assessment.submitted_at.is_not(None)
    )
    return [(row[0], row[1], row[2]) for row in session().execute(query) if row[2] is not None]


def _held(account_ids: Collection[UUID], round_id: UUID, *, since: datetime) -> list[RoleGrant]:
    """The roles of some people, now or before, that show the scores of a round and had not ended at a moment."""
    leads = (RoleGrant.role == Role.LEAD_ASSESSOR) & or_(
        RoleGrant.scope == Scope.EVERYWHERE, RoleGrant.scope_id == str(round_id)
    )
    query = select(RoleGrant).where(
        RoleGrant.account_id.in_(list(account_ids)),
        or_(RoleGrant.role.in_(READERS), leads),
        or_(RoleGrant.ended_at.is_(None), RoleGrant.ended_at >= since),
    )
    return list(session().scalars(query))


def _held_at(grant: RoleGrant, at: datetime) -> bool:
    """Whether a role held at a moment or at any time since."""
    if grant.valid_from > day_of(now()):
        return False
    is_over = grant.valid_to is not None and is_past(grant.valid_to, on=day_of(at))
    return not is_over and (grant.ended_at is None or grant.ended_at >= at)
