"""Action plans, and the services that match the business they are for."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from uuid import UUID

from sqlalchemy import Select, and_, func, or_, select
from sqlalchemy.orm import joinedload, selectinload

from crm.businesses.models import Business
from crm.businesses.queries.facts import facts_of
from crm.businesses.queries.seeing import places_of
from crm.businesses.workflow import BusinessStatus
from crm.db.session import session
from crm.diagnostics.queries.triage import latest_finished
from crm.diagnostics.rules.triage import MOST_SEVERE, needs_in_words, read_questions
from crm.directory.models import Service
from crm.directory.queries import all_services
from crm.directory.rules.matching import Match, match
from crm.figures.queries import figure_on
from crm.kernel.clock import today
from crm.kernel.eligibility import Facts
from crm.places.queries import atlas
from crm.signposting.models import ActionPlan, PlanRuledOut, PlanSignpost, PlanStep
from crm.signposting.rules.planning import why_not_choosable
from crm.signposting.workflow import PlanStatus as P
from crm.signposting.workflow import StepOwner

STATUS = ActionPlan.__table__.c.status
PLAN_STEPS = PlanStep.__table__.c


def _whole() -> Select[ActionPlan]:
    business = joinedload(ActionPlan.business)
    return select(ActionPlan).options(
        business.undefer(Business.shared),
        business.selectinload(Business.figures),
        joinedload(ActionPlan.holder),
        selectinload(ActionPlan.signposts).joinedload(PlanSignpost.service).joinedload(Service.provider),
        selectinload(ActionPlan.steps),
        selectinload(ActionPlan.ruled_out).joinedload(PlanRuledOut.service).joinedload(Service.provider),
    )


def plan(plan_id: UUID) -> ActionPlan | None:
    """One plan with all that is in it, and its business."""
    return session().scalar(_whole().where(ActionPlan.id == plan_id))


def read_again(found: ActionPlan) -> None:
    """Let a plan know what is in it now."""
    query = _whole().where(ActionPlan.id == found.id).execution_options(populate_existing=True)
    session().scalar(query)


def draft_of(business_id: UUID) -> ActionPlan | None:
    """The plan for a business that is being made."""
    return session().scalar(_whole().where(ActionPlan.business_id == business_id, STATUS == P.DRAFT))


def sent_to(business_id: UUID) -> ActionPlan | None:
    """The plan that a business has now."""
    return session().scalar(_whole().where(ActionPlan.business_id == business_id, STATUS == P.SENT))


def plans_of(business_id: UUID) -> Sequence[ActionPlan]:
    """Every plan for a business, the newest first, with its steps."""
    query = select(ActionPlan).where(ActionPlan.business_id == business_id)
    query = query.options(selectinload(ActionPlan.steps)).order_by(ActionPlan.number.desc())
    return session().scalars(query.limit(50)).all()


def in_hand_of(account_ids: Collection[UUID]) -> Sequence[ActionPlan]:
    """The drafts that some people look after, and the plans that businesses still work through; the newest first."""
    is_open = ActionPlan.steps.any(PLAN_STEPS.done_at.is_(None))
    query = select(ActionPlan).options(
        joinedload(ActionPlan.business).undefer(Business.shared), selectinload(ActionPlan.steps)
    )
    query = query.where(ActionPlan.holder_id.in_(account_ids))
    query = query.where(or_(STATUS == P.DRAFT, and_(STATUS == P.SENT, is_open)))
    return session().scalars(query.order_by(ActionPlan.made_at.desc(), ActionPlan.id).limit(200)).all()


def plans_sent_to(business_ids: Iterable[UUID]) -> Sequence[ActionPlan]:
    """The plans that some businesses have now, for their founders."""
    query = select(ActionPlan).where(ActionPlan.business_id.in_(list(business_ids)), STATUS == P.SENT)
    query = query.options(joinedload(ActionPlan.business), selectinload(ActionPlan.steps))
    return session().scalars(query.order_by(ActionPlan.sent_at.desc()).limit(50)).all()


def open_steps(business_ids: Iterable[UUID]) -> Sequence[PlanStep]:
    """The steps that some businesses have still to take in their plans, the first to be due first."""
    query = (
        select(PlanStep)
        .join(PlanStep.plan)
        .where(ActionPlan.business_id.in_(list(business_ids)), STATUS == P.SENT)
    )
    return _still_to_take(query, StepOwner.BUSINESS)


def steps_of_adviser(account_id: UUID) -> Sequence[PlanStep]:
    """The steps that are the adviser's own in the plans that a person looks after, the first to be due first."""
    query = select(PlanStep).join(PlanStep.plan).join(ActionPlan.business)
    query = query.where(ActionPlan.holder_id == account_id, STATUS == P.SENT)
    query = query.where(Business.__table__.c.status == BusinessStatus.ACTIVE)
    whole = joinedload(PlanStep.plan).joinedload(ActionPlan.business)
    return _still_to_take(query.options(whole), StepOwner.ADVISER)


def steps_of_advisers_at(business_id: UUID) -> Sequence[PlanStep]:
    """The steps that are the adviser's own in the sent plan of a business, the first to be due first."""
    query = (
        select(PlanStep).join(PlanStep.plan).where(ActionPlan.business_id == business_id, STATUS == P.SENT)
    )
    whole = joinedload(PlanStep.plan).joinedload(ActionPlan.holder)
    return _still_to_take(query.options(whole), StepOwner.ADVISER)


def _still_to_take(query: Select[PlanStep], owner: StepOwner) -> Sequence[PlanStep]:
    mine = query.where(PLAN_STEPS.owner == owner, PLAN_STEPS.done_at.is_(None))
    order = (PLAN_STEPS.due_on.is_(None), PLAN_STEPS.due_on, PLAN_STEPS.id)
    return session().scalars(mine.order_by(*order).limit(50)).all()


def next_number(business_id: UUID) -> int:
    """The number of the next plan for a business."""
    query = select(func.max(ActionPlan.number)).where(ActionPlan.business_id == business_id)
    return (session().scalar(query) or 0) + 1


def step_of(plan_id: UUID, step_id: UUID) -> PlanStep | None:
    """One step of just this plan, with the plan and its business."""
    return session().scalar(
        select(PlanStep)
        .where(PlanStep.id == step_id, PlanStep.plan_id == plan_id)
        .options(joinedload(PlanStep.plan).joinedload(ActionPlan.business).undefer(Business.shared))
    )


def signpost_of(plan_id: UUID, signpost_id: UUID) -> PlanSignpost | None:
    """One signpost of just this plan, with its service, the plan and its business."""
    whole = joinedload(PlanSignpost.plan).joinedload(ActionPlan.business).undefer(Business.shared)
    return session().scalar(
        select(PlanSignpost)
        .where(PlanSignpost.id == signpost_id, PlanSignpost.plan_id == plan_id)
        .options(whole, joinedload(PlanSignpost.service))
    )


def signpost(signpost_id: UUID) -> PlanSignpost | None:
    """One signpost, to note that it was followed."""
    return session().get(PlanSignpost, signpost_id)


def matches_for(business: Business) -> tuple[Match[Service], ...]:
    """Every service weighed for a business, best first. Its yearly figures must be loaded."""
    months = int(figure_on("directory.fresh_months", on=today()))
    return match(all_services(), facts_for(business), on=today(), fresh_months=months, atlas=atlas())


def facts_for(business: Business) -> Facts:
    """What is known of a business, with the needs of its latest diagnosis."""
    found = latest_finished(business.id)
    needs = found.needs if found else {}
    return facts_of(business, business.figures, places=places_of(business), needs=needs, on=today())


def unmet_urgent_needs(
    business: Business, matches: Iterable[Match[Service]] | None = None
) -> list[dict[str, str]]:
    """The urgent needs that no service helps with that is on offer and open to a business: name and words of each."""
    found = latest_finished(business.id)
    if found is None:
        return []
    weighed = matches_for(business) if matches is None else matches
    helped = {need for each in weighed if not why_not_choosable(each) for need in each.needs_met}
    rows = needs_in_words(read_questions(found.question_set.questions), found.needs)
    return [
        {"name": each.name, "words": each.words}
        for each in rows
        if each.severity == MOST_SEVERE and each.name not in helped
    ]


def match_of(business: Business, service_id: UUID) -> Match[Service] | None:
    """How one service stands for a business."""
    return next((each for each in matches_for(business) if each.service.id == service_id), None)
