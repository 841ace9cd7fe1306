"""Making an action plan, sending it, and what the business does with it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from crm.accounts.queries import account
from crm.audit import service as audit
from crm.businesses.models import Business
from crm.businesses.service.keeping import require_in_use, why_archived
from crm.db.changes import amend, created
from crm.db.session import session
from crm.db.states import advance, refuse_if, require_as_previewed, require_as_shown
from crm.diagnostics.queries.triage import latest_finished
from crm.directory.models import Service
from crm.kernel.clock import now, require_ahead, today
from crm.kernel.errors import Invalid, NotFound
from crm.kernel.marks import mark_of
from crm.kernel.permissions import Actor
from crm.links.queries import dead
from crm.links.rules import Purpose
from crm.links.service import opened
from crm.notices.service import Extras, LinkWanted, Reader, queue
from crm.signposting.models import ActionPlan, Enquiry, PlanRuledOut, PlanSignpost, PlanStep
from crm.signposting.policy import POLICY
from crm.signposting.queries import planning as queries
from crm.signposting.queries.enquiring import enquiry
from crm.signposting.rules.planning import (
    DAYS_FOR_A_FIRST_STEP,
    why_chosen,
    why_not_choosable,
    why_not_editable,
    why_not_tickable,
    why_ruled_out,
)
from crm.signposting.service.excluding import note_plan
from crm.signposting.service.queueing import mark_answered
from crm.signposting.workflow import ENQUIRIES, PLANS, Act, EnquiryStatus, StepOwner, why_not_reopen


@dataclass(frozen=True)
class Words:
    """What was typed on the page of a plan: its opening, as of a version, and why each service is in it or not."""

    opening: str | None = None
    version: int | None = None
    whys: Mapping[UUID, str] = field(default_factory=dict)


@dataclass(frozen=True)
class StepDetails:
    """A step to add."""

    title: str
    owner: StepOwner
    due_on: date | None = None


def why_not_plan(asked: Enquiry) -> str | None:
    """Why no plan can answer an enquiry; None where one can."""
    if asked.business is None:
        return "Choose the business that this enquiry is about first."
    if asked.status is EnquiryStatus.CLOSED:
        return why_not_reopen(asked) or "This enquiry is closed. Reopen it first."
    return why_archived(asked)


def draft_plan(business: Business, *, enquiry_id: UUID | None = None, by: Actor) -> ActionPlan:
    """Begin a plan for a business, or go on with the one that is being made."""
    POLICY.require(by, Act.DRAFT_PLAN, business)
    require_in_use(business)
    found = queries.draft_of(business.id)
    if found is not None:
        return found
    diagnosis = latest_finished(business.id)
    fields: dict[str, Any] = {"business_id": business.id, "number": queries.next_number(business.id)}
    fields |= {"enquiry_id": enquiry_id, "diagnosis_id": diagnosis.id if diagnosis else None}
    made = ActionPlan(**fields, made_at=now(), made_by_id=by.account_id, made_by=by.name, _status=PLANS.start)
    session().add(made)
    session().flush()
    audit.record(Act.DRAFT_PLAN, made, created(**fields), by=by)
    queries.read_again(made)
    return made


def _require_draft(plan: ActionPlan) -> None:
    refuse_if(why_not_editable(plan))


def _changed(plan: ActionPlan, changes: dict[str, Any], *, by: Actor) -> None:
    """Keep a change of what is in a plan, and let the plan know of it."""
    session().flush()
    queries.read_again(plan)
    audit.record(Act.EDIT_PLAN, plan, changes, by=by)


def choose(plan: ActionPlan, service_id: UUID, *, by: Actor) -> None:
    """Choose a service, with why, and a first step towards it. What is closed, or closed to them, is refused."""
    POLICY.require(by, Act.EDIT_PLAN, plan)
    _require_draft(plan)
    found = queries.match_of(plan.business, service_id)
    if found is None:
        raise NotFound("There is no such service.")
    reason = why_not_choosable(found)
    if reason:
        raise Invalid(reason)
    if any(each.service_id == service_id for each in plan.signposts):
        return
    _take_out(plan.ruled_out, service_id)
    position = len(plan.signposts) + 1
    session().add(
        PlanSignpost(plan_id=plan.id, service_id=service_id, why=why_chosen(found), position=position)
    )
    title = f"Contact {found.service.provider.name}: {found.service.name}"
    due = today() + timedelta(days=DAYS_FOR_A_FIRST_STEP)
    _append(plan, StepDetails(title[:300], StepOwner.BUSINESS, due))
    _changed(plan, {"chosen": (None, found.service.name)}, by=by)


def _append(plan: ActionPlan, details: StepDetails) -> None:
    position = max((each.position for each in plan.steps), default=0) + 1
    fields = {"title": details.title, "owner": details.owner, "due_on": details.due_on}
    session().add(PlanStep(plan_id=plan.id, **fields, position=position))


def _take_out(rows: Any, service_id: UUID) -> str | None:
    """Delete the row of a service, if there is one; return the service's name."""
    found = next((each for each in rows if each.service_id == service_id), None)
    if found is None:
        return None
    session().delete(found)
    session().flush()
    return str(found.service.name)


def unchoose(plan: ActionPlan, service_id: UUID, *, by: Actor) -> None:
    """Take a service out of the plan again."""
    POLICY.require(by, Act.EDIT_PLAN, plan)
    _require_draft(plan)
    name = _take_out(plan.signposts, service_id)
    if name is not None:
        _changed(plan, {"chosen": (name, None)}, by=by)


def reword(plan: ActionPlan, service_id: UUID, *, why: str, by: Actor) -> None:
    """Say in other words why a service was chosen, or ruled out."""
    POLICY.require(by, Act.EDIT_PLAN, plan)
    _require_draft(plan)
    said: list[PlanSignpost | PlanRuledOut] = [*plan.signposts, *plan.ruled_out]
    for row in said:
        if row.service_id != service_id or row.why == why:
            continue
        changes = amend(row, why=why)
        _changed(plan, {"service": (row.service.name, row.service.name), **changes}, by=by)


def rule_out(plan: ActionPlan, service_id: UUID, *, why: str = "", by: Actor) -> None:
    """Note that a service was considered and not chosen, and why not: what stands against it, or a reason given."""
    POLICY.require(by, Act.EDIT_PLAN, plan)
    _require_draft(plan)
    found = queries.match_of(plan.business, service_id)
    if found is None:
        raise NotFound("There is no such service.")
    if any(each.service_id == service_id for each in plan.ruled_out):
        return
    reason = why.strip() or why_ruled_out(found)
    if not reason:
        raise Invalid("Say why it is ruled out", field="why")
    _take_out(plan.signposts, service_id)
    position = len(plan.ruled_out) + 1
    session().add(PlanRuledOut(plan_id=plan.id, service_id=service_id, why=reason, position=position))
    _changed(plan, {"ruled_out": (None, found.service.name)}, by=by)


def rule_in(plan: ActionPlan, service_id: UUID, *, by: Actor) -> None:
    """Take back that a service was ruled out."""
    POLICY.require(by, Act.EDIT_PLAN, plan)
    _require_draft(plan)
    name = _take_out(plan.ruled_out, service_id)
    if name is not None:
        _changed(plan, {"ruled_out": (name, None)}, by=by)


def add_step(plan: ActionPlan, details: StepDetails, *, by: Actor) -> None:
    """Add something to do."""
    POLICY.require(by, Act.EDIT_PLAN, plan)
    _require_draft(plan)
    require_ahead(details.due_on, field="due_on")
    _append(plan, details)
    _changed(plan, {"step": (None, details.title)}, by=by)


def remove_step(plan: ActionPlan, step_id: UUID, *, by: Actor) -> None:
    """Take a step out again."""
    POLICY.require(by, Act.EDIT_PLAN, plan)
    _require_draft(plan)
    found = next((each for each in plan.steps if each.id == step_id), None)
    if found is not None:
        session().delete(found)
        _changed(plan, {"step": (found.title, None)}, by=by)


def keep_words(plan: ActionPlan, words: Words, *, by: Actor) -> None:
    """Save what was typed on the page beside the button that was pressed: opening words, and reasons in other words."""
    if words.opening is not None and words.opening != plan.opening:
        write_opening(plan, words.opening, version=words.version, by=by)
    for service_id, why in words.whys.items():
        reword(plan, service_id, why=why, by=by)


def write_opening(plan: ActionPlan, text: str, *, version: int | None, by: Actor) -> None:
    """Write what stands at the top of the plan. Of two who do so at once, the second is told."""
    POLICY.require(by, Act.EDIT_PLAN, plan)
    _require_draft(plan)
    require_as_shown(plan, version)
    changes = amend(plan, opening=text)
    if changes:
        _changed(plan, dict(changes), by=by)


def discard(plan: ActionPlan, *, by: Actor) -> None:
    """Throw a draft away."""
    POLICY.require(by, Act.DISCARD_PLAN, plan)
    audit.record(Act.DISCARD_PLAN, plan, advance(PLANS, plan, Act.DISCARD_PLAN), by=by)


def hand(plan_id: UUID, from_id: UUID, *, to: UUID, by: Actor) -> bool:
    """Let a colleague look after a plan instead of who has it now; its author stays. False if it moved on."""
    found = queries.plan(plan_id)
    if found is None or found.holder_id != from_id:
        return False
    POLICY.require(by, Act.HAND_PLAN, found)
    audit.record(Act.HAND_PLAN, found, amend(found, holder_id=to), by=by)
    session().flush()
    queries.read_again(found)
    return True


def preview_of(plan: ActionPlan) -> str:
    """The mark of what a preview of a plan shows: every word, service and step of it."""
    named: list[PlanSignpost | PlanRuledOut] = [*plan.signposts, *plan.ruled_out]
    services = [(_in_words(each.service), each.why) for each in named]
    steps = [(each.title, each.owner, each.due_on) for each in plan.steps]
    unmet = queries.unmet_urgent_needs(plan.business)
    return mark_of(plan.business.name, plan.opening, services, len(plan.signposts), steps, unmet)


def _in_words(found: Service) -> tuple[Any, ...]:
    return (found.id, found.name, found.provider.name, found.checked_on)


EMPTY = "Choose a service or add a step first: an empty plan helps nobody"


def why_empty(plan: ActionPlan) -> str | None:
    """Why a plan cannot be sent yet: nothing is in it."""
    return None if plan.signposts or plan.steps else EMPTY


def why_not_sent(plan: ActionPlan) -> str | None:
    """Why a plan cannot be sent: its business is archived, or nothing is in it."""
    return why_archived(plan) or why_empty(plan)


def send_plan(plan: ActionPlan, to: Reader, *, seen: str | None = None, by: Actor) -> None:
    """Send a plan: it takes the place of the one before, and stops the clock of the enquiry that it answers.

    ``seen`` is the mark of what the preview showed; None where there was none.
    """
    POLICY.require(by, Act.SEND_PLAN, plan)
    _require_draft(plan)
    require_in_use(plan.business)
    require_as_previewed(seen, preview_of(plan))
    refuse_if(why_empty(plan))
    _supersede_before(plan, by=by)
    changes = advance(PLANS, plan, Act.SEND_PLAN)
    changes |= amend(plan, sent_at=now(), sent_to=to.address, sent_to_name=to.name)
    changes |= amend(plan, unmet_needs=queries.unmet_urgent_needs(plan.business))
    session().flush()
    _write(plan, to, by=by)
    note_plan(plan, by=by)
    audit.record(Act.SEND_PLAN, plan, changes, by=by)
    _stop_clock(plan, by=by)


def _supersede_before(plan: ActionPlan, *, by: Actor) -> None:
    """The plan takes the place of the one that the business has, if it has one."""
    before = queries.sent_to(plan.business_id)
    if before is not None:
        changes = advance(PLANS, before, Act.SUPERSEDE_PLAN)
        before.superseded_by_id = plan.id
        session().flush()
        audit.record(Act.SUPERSEDE_PLAN, before, changes, by=by)


def _write(plan: ActionPlan, to: Reader, *, by: Actor) -> None:
    """The letter with the plan; its reader answers to the person who sent it."""
    sender = account(by.account_id) if by.account_id else None
    context = {"business_name": plan.business.name, "by_name": by.name}
    link = LinkWanted(Purpose.PLAN, str(plan.id))
    queue("plan_sent", to, having=Extras(context, link=link, reply_to=sender.email if sender else None))


def _stop_clock(plan: ActionPlan, *, by: Actor) -> None:
    asked = enquiry(plan.enquiry_id) if plan.enquiry_id else None
    if asked is None or ENQUIRIES.find(Act.ANSWER, asked.status) is None:
        return
    if POLICY.allows(by, Act.ANSWER, asked):
        mark_answered(asked, by=by)


def open_plan(token: str, *, by: Actor) -> ActionPlan:
    """Open a plan by the link in its letter, and keep when it was opened: the adviser sees it."""
    POLICY.require(by, Act.OPEN_PLAN)
    found = queries.plan(UUID(opened(token, Purpose.PLAN)))
    if found is None:
        raise dead(Purpose.PLAN)
    moment = now()
    amend(found, opened_at=found.opened_at or moment, last_opened_at=moment)
    audit.record(Act.OPEN_PLAN, found, by=by)
    return found


def note_opened(plan_id: UUID, *, by: Actor) -> None:
    """Keep when the business first read its plan signed in: its adviser sees it, as by the link."""
    found = queries.plan(plan_id)
    if found is None or found.opened_at is not None or found.sent_at is None:
        return
    found.opened_at = found.last_opened_at = now()
    audit.record(Act.OPEN_PLAN, found, by=by)


def _require_ticking(step: PlanStep, *, by: Actor) -> None:
    """Refuse to tick in a plan that was replaced while its page was open: nobody reads it any more."""
    POLICY.require(by, Act.TICK_STEP, step)
    refuse_if(why_not_tickable(step))


def tick(step: PlanStep, *, by: Actor) -> None:
    """Record that a step is done, and by whom. Ticked twice it is ticked once."""
    _require_ticking(step, by=by)
    if step.done_at is not None:
        return
    who = by.name if by.account_id else step.plan.sent_to_name or "the business"
    amend(step, done_at=now(), done_by=who)
    audit.record(Act.TICK_STEP, step.plan, {"done": (None, step.title), "done_by": (None, who)}, by=by)


def untick(step: PlanStep, *, by: Actor) -> None:
    """Record that a step is not done after all."""
    _require_ticking(step, by=by)
    if step.done_at is None:
        return
    amend(step, done_at=None, done_by=None)
    audit.record(Act.TICK_STEP, step.plan, {"done": (step.title, None)}, by=by)


def note_followed(signpost_id: UUID) -> None:
    """Keep when the business first followed a signpost."""
    found = queries.signpost(signpost_id)
    if found is not None and found.opened_at is None:
        found.opened_at = now()
