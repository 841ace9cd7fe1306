"""What enquiries show elsewhere: on the desk, on the page of a business, on its timeline."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import date
from typing import Any
from uuid import UUID

from flask import url_for

from crm.audit.queries import acts_on
from crm.businesses.models import Business
from crm.businesses.queries.seeing import own_ids
from crm.kernel.clock import is_past, today
from crm.kernel.permissions import Actor
from crm.kernel.roles import STAFF, Role
from crm.signposting.forms.queueing import absence_in_words, load_in_words
from crm.signposting.models import ActionPlan, Enquiry, PlanStep
from crm.signposting.policy import POLICY
from crm.signposting.queries import enquiring as queries
from crm.signposting.queries import planning
from crm.signposting.rules.labels import PLAN_STATUSES, WAYS
from crm.signposting.views.queue import WORDS
from crm.signposting.workflow import Act, PlanStatus, StepOwner
from crm.web.feature import Case, Held, Hit, Todo, counted_todo
from crm.web.finding import first_of
from crm.web.telling import Happening

FOUND_AT_ONCE = 6
TODOS = {
    "overdue": ("enquiry is overdue", "enquiries are overdue"),
    "today": ("enquiry is due today", "enquiries are due today"),
    "mine": ("enquiry is assigned to you", "enquiries are assigned to you"),
    "stranded": (
        "enquiry is with a colleague who can no longer answer it",
        "enquiries are with colleagues who can no longer answer them",
    ),
    "waiting": ("enquiry is waiting for an adviser", "enquiries are waiting for an adviser"),
}
"""What the desk says of each view of the queue, of one and of several."""


def steps_to_do(actor: Actor) -> tuple[Todo, ...]:
    """What their plans ask of them: what is late first."""
    own = own_ids(actor)
    return tuple(_step(each, "Your action plan") for each in (planning.open_steps(own) if own else ()))


def own_steps_to_do(actor: Actor) -> tuple[Todo, ...]:
    """What an adviser promised to do in the plans that they look after: what is late first."""
    rows = planning.steps_of_adviser(actor.account_id) if actor.account_id else ()
    return tuple(_step(each, f"Action plan of {each.plan.business.name}") for each in rows)


def _step(step: PlanStep, about: str) -> Todo:
    is_late = step.due_on is not None and is_past(step.due_on, on=today())
    href = f"{url_for('plans.plan', plan_id=step.plan_id)}#step-{step.id}"
    return Todo(step.title, None, href, is_overdue=is_late, about=about, due=step.due_on)


def enquiries_to_answer(actor: Actor) -> tuple[Todo, ...]:
    """What is late for an answer, due today, in this person's hands, and with nobody yet."""
    shows = [show for show in TODOS if show != "stranded" or actor.has(Role.HUB_MANAGER)]
    counts = queries.counts_shown(shows, actor)
    return tuple(each for show in shows for each in _todo(counts[show], show, TODOS[show]))


def enquiries_in_hand(account_ids: Collection[UUID]) -> Iterator[Held]:
    """The open enquiries that some people have claimed; one that was answered is due no more."""
    for each in queries.in_hand_of(account_ids):
        title, href = f"{each.business_name}, {each.reference}", url_for("queue.enquiry", enquiry_id=each.id)
        hubs = frozenset({str(each.hub_id)} if each.hub_id else ())
        assert each.claimed_by_id is not None
        yield each.claimed_by_id, Case(each.id, title, href, hubs, None if each.is_answered else each.due_on)


def absences(account_ids: Collection[UUID]) -> dict[UUID, str]:
    """Who of some people is away, or will be within two weeks, in words."""
    return {each.account_id: absence_in_words(each) for each in queries.absences_soon(account_ids)}


def standing(account_ids: Collection[UUID]) -> dict[UUID, str]:
    """How many enquiries some people hold of how many, or until when they are away, in words."""
    return {each.account.id: load_in_words(each) for each in queries.loads_by_id(account_ids)}


def plans_in_hand(account_ids: Collection[UUID]) -> Iterator[Held]:
    """The action plans that some people look after, each by the day of the first step that is the adviser's own."""
    for each in planning.in_hand_of(account_ids):
        title = f"{each.business.name}: plan {each.number}, {PLAN_STATUSES[each.status].lower()}"
        href = url_for("plans.plan", plan_id=each.id)
        assert each.holder_id is not None
        yield each.holder_id, Case(each.id, title, href, each.business.hub_ids(on=today()), _first_day(each))


def _first_day(found: ActionPlan) -> date | None:
    """When the first step of a plan that is its adviser's own is due; a draft has promised none yet."""
    if found.status is not PlanStatus.SENT:
        return None
    own = (each for each in found.steps if each.owner is StepOwner.ADVISER and each.done_at is None)
    return min((each.due_on for each in own if each.due_on), default=None)


def _todo(count: int, show: str, words: tuple[str, str]) -> tuple[Todo, ...]:
    href = url_for("queue.enquiries", show=show)
    return counted_todo(count, words, href=href, is_overdue=show == "overdue")


def find(actor: Actor, words: str) -> list[Hit]:
    """The enquiries that have these words in their reference, or in the name of a person or business."""
    if not POLICY.allows(actor, Act.LIST):
        return []
    rows = queries.enquiries(queries.Search(show="all", text=words, sort="newest"), actor).rows
    every = url_for("queue.enquiries", show="all", q=words)
    return first_of([_hit(each) for each in rows[: FOUND_AT_ONCE + 1]], FOUND_AT_ONCE, every=every)


def _hit(found: Enquiry) -> Hit:
    whose = f"{found.business_name}, {found.person_name}"
    return Hit(found.reference, "Enquiries", url_for("queue.enquiry", enquiry_id=found.id), whose)


def load_enquiries(actor: Actor, found: Any) -> dict[str, Any] | None:
    """The enquiries of a business: for advisers with the way to each, for founders with where each stands."""
    rows = queries.enquiries_of(found.id)
    return {"rows": rows, "is_staff": POLICY.allows(actor, Act.LIST), "words": WORDS} if rows else None


def _asked(actor: Actor, business_id: UUID, most: int) -> list[Happening]:
    """When a business asked."""
    endpoint = "queue.enquiry" if POLICY.allows(actor, Act.LIST) else "enquiring.status"
    return [
        Happening(
            at=each.received_at,
            title=f"{each.person_name} asked for help {WAYS[each.way]}",
            href=url_for(endpoint, enquiry_id=each.id),
        )
        for each in queries.enquiries_of(business_id)[:most]
    ]


def load_plans(actor: Actor, found: Business) -> dict[str, Any] | None:
    """The plans of a business: for staff with the draft and what became of each, for founders what was sent."""
    rows, is_staff = planning.plans_of(found.id), actor.has(*STAFF)
    shown = [each for each in rows if each.sent_at is not None]
    draft = next((each for each in rows if each.status is PlanStatus.DRAFT and is_staff), None)
    can_draft = is_staff and not found.is_archived and POLICY.allows(actor, Act.DRAFT_PLAN, found)
    return {
        "rows": shown,
        "draft": draft,
        "can_draft": can_draft,
        "business": found,
        "statuses": PLAN_STATUSES,
    }


def load_adviser_steps(actor: Actor, found: Business) -> dict[str, Any] | None:
    """For staff: what an adviser promised the business in the plan that was sent, beside the next steps."""
    rows = planning.steps_of_advisers_at(found.id) if actor.has(*STAFF) else ()
    return {"rows": rows, "on": today()} if rows else None


def load_own_plans(actor: Actor) -> dict[str, Any] | None:
    """The plans of a founder's businesses."""
    own = own_ids(actor)
    return {"rows": planning.plans_sent_to(own)} if own else None


def load_own_enquiries(actor: Actor) -> dict[str, Any] | None:
    """The enquiries of a founder's businesses, and where each stands."""
    own = own_ids(actor)
    rows = queries.enquiries_from(own) if own else ()
    return {"rows": rows, "is_staff": False, "words": WORDS} if rows else None


def timeline(actor: Actor, business_id: UUID, most: int) -> list[Happening]:
    """When a business asked, when plans were sent and first opened, and what was ticked."""
    plans = planning.plans_of(business_id)
    sent = {
        each.thing_id: each.actor_name or ""
        for each in acts_on("action_plan", [each.id for each in plans])
        if each.act == Act.SEND_PLAN
    }
    rows = (
        each for found in plans for each in _of_plan(found, sent_by=sent.get(str(found.id), found.made_by))
    )
    return [*_asked(actor, business_id, most), *rows]


def _of_plan(found: ActionPlan, *, sent_by: str) -> list[Happening]:
    """Who sent a plan is not always who looks after it now."""
    href, name = url_for("plans.plan", plan_id=found.id), f"Plan {found.number}"
    moments = (
        (found.sent_at, f"{name} was sent", sent_by),
        (found.opened_at, f"{name} was opened", found.sent_to_name),
        *((step.done_at, f"Done: {step.title}", step.done_by) for step in found.steps),
    )
    return [Happening(at, title, by or "", href) for at, title, by in moments if at is not None]
