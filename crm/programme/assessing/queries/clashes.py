"""What a further role would clash with in the programme: scores still to give, and a business's own applications."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from uuid import UUID

from sqlalchemy import select

from crm.businesses.models import Business
from crm.db.session import session
from crm.kernel.permissions import Actor
from crm.kernel.roles import Role, RoleWanted, Scope
from crm.programme.applications.models import Application
from crm.programme.applications.workflow import ApplicationStatus
from crm.programme.assessing.policy import OPEN
from crm.programme.assessing.queries.assessments import count_waiting, live_of
from crm.programme.assessing.queries.stakes import names_of, stakes_of
from crm.programme.assessing.workflow import AssessmentStatus
from crm.programme.rounds.policy import READERS

ASSESSING = (Role.ASSESSOR, Role.LEAD_ASSESSOR)
SEE_SCORES = (*READERS, Role.LEAD_ASSESSOR)
OF_MONEY = (*SEE_SCORES, Role.FINANCE_OFFICER)


def clashes(actor: Actor, wanted: RoleWanted) -> Sequence[str]:
    """What somebody's assessments and businesses mean for a role that they are about to hold."""
    return [
        *_of_open_assessments(actor, wanted),
        *_of_own_businesses(actor, wanted),
        *_of_stakes(actor, wanted),
        *_of_joining(actor, wanted),
    ]


def leaves(actor: Actor, ended: RoleWanted) -> Sequence[str]:
    """What of assessing stays open when somebody is an assessor no longer."""
    count = count_waiting(actor.account_id)[0] if actor.account_id and ended.role is Role.ASSESSOR else 0
    if not count:
        return ()
    what = "1 assessment that is" if count == 1 else f"{count} assessments that are"
    return (f"They have {what} not submitted yet. Allocate those applications to another assessor.",)


def _of_open_assessments(actor: Actor, wanted: RoleWanted) -> Iterator[str]:
    sees = wanted.role in SEE_SCORES
    count = count_waiting(actor.account_id)[0] if actor.account_id and sees else 0
    if count:
        what = "1 assessment is" if count == 1 else f"{count} assessments are"
        yield f"{what} not submitted yet. Until then this role shows no scores of those rounds."


def _of_own_businesses(actor: Actor, wanted: RoleWanted) -> Iterator[str]:
    if wanted.role not in ASSESSING:
        return
    own = [UUID(each) for each in actor.scoped_to(Scope.BUSINESS, Role.FOUNDER)]
    applied = select(Application.business_id).where(Application.business_id.in_(own))
    query = select(Business.name).where(Business.id.in_(applied)).order_by(Business.name)
    for name in session().scalars(query) if own else ():
        yield f"{name} has applied to the programme. Its founders cannot assess its applications."


def _of_stakes(actor: Actor, wanted: RoleWanted) -> Iterator[str]:
    """Who has a stake in a business neither reads scores nor decides about money where it applied."""
    if wanted.role in OF_MONEY and actor.account_id is not None:
        for name in names_of(stakes_of(actor.account_id)):
            yield (
                f"They have or had access to {name}, or an interest in it. This role shows them no scores of rounds "
                "in which it applied, and decides nothing there or about its money."
            )
    if wanted.role is Role.FOUNDER and actor.has(*OF_MONEY):
        yield (
            "Who reads scores or decides about grants, and joins a business, sees no more scores of rounds "
            "in which it applied, and decides nothing there or about its money."
        )


def _of_joining(actor: Actor, wanted: RoleWanted) -> Iterator[str]:
    """Who joins a business can no longer judge it, nor go on with what was begun."""
    if wanted.role is not Role.FOUNDER or actor.account_id is None:
        return
    if actor.has(*ASSESSING):
        yield "An assessor who joins a business cannot assess its applications."
    own = [each for each in live_of(actor.account_id) if str(each.application.business_id) == wanted.scope_id]
    if any(each.status in OPEN for each in own):
        yield "An assessment of an application from this business is under way. It can no longer be submitted."
    if any(
        each.status is AssessmentStatus.SUBMITTED
        for each in own
        if each.application.status is ApplicationStatus.SUBMITTED
    ):
        yield "Scores were submitted for an application from this business. They no longer count."
