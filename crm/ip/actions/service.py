"""Following up the actions of a readiness assessment."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from crm.audit import service as audit
from crm.businesses.queries.seeing import people_of, person_to_name
from crm.businesses.service.keeping import require_in_use
from crm.businesses.service.writing import owner_reader, tell_owner, whom_to_tell
from crm.casework.queries import are_active_staff
from crm.db.changes import amend, created, fields_of
from crm.db.session import session
from crm.db.states import advance, refuse_if, require_as_shown
from crm.diagnostics.queries.readiness import neighbours
from crm.figures.queries import figure_on
from crm.ip.actions.models import ReadinessAction
from crm.ip.actions.policy import POLICY
from crm.ip.actions.queries import (
    NextAction,
    Offer,
    is_any_to_do,
    is_open_elsewhere,
    planned,
    planned_of,
    to_remind,
)
from crm.ip.actions.rules import STATUSES
from crm.ip.actions.workflow import ACTIONS, Act, ActionStatus
from crm.kernel.calendar import add_months, day_in_words
from crm.kernel.clock import day_of, is_past, now, require_ahead, today
from crm.kernel.errors import Conflict, Elsewhere, Invalid, says_something
from crm.kernel.permissions import SYSTEM, Actor
from crm.notices.service import Extras, queue
from crm.referrals.models import Referral
from crm.referrals.service import asking
from crm.referrals.service.preparing import LONGEST_SUBJECT, ReferralDetails, draft

MOST_MONTHS = 24
"""How far ahead an action may be due."""
NOBODY = "Add a person to the business first: a referral names whom the provider should contact."


def refer(offer: Offer, *, by: Actor) -> Referral:
    """Draft a referral to the service of an action. The business is told before anything leaves, and can object."""
    POLICY.require(by, Act.REFER, offer)
    check = offer.check
    asker, asked = asking.person_asking(check.business, offer.service, path=offer.path)
    person = asker or person_to_name(check.business_id)
    if person is None:
        raise Conflict(NOBODY)
    details = ReferralDetails(
        person_id=person.id,
        subject=_subject(offer),
        message="\n\n".join(filter(None, (_about(offer), asked))),
        service_id=offer.service.id,
        needs=(),
    )
    return draft(check.business, details, path=offer.path, by=by)


def _subject(offer: Offer) -> str:
    """What a referral from an action is about, in a line: it names the action."""
    return f"{offer.check.question_set.title}: {offer.drag.question.next_action.rstrip('.')}"[
        :LONGEST_SUBJECT
    ]


def _wish(offer: Offer) -> asking.Wish:
    """What a business asks for from an action: this service for this action, and no other that names the service too."""
    return asking.Wish(offer.service, offer.path, _subject(offer), note=_about(offer))


def _about(offer: Offer) -> str:
    """The question of an assessment that leads to a service, its answer, and what is to be done."""
    check, question = offer.check, offer.drag.question
    assert check.finished_at is not None
    title, day = check.question_set.title, day_in_words(day_of(check.finished_at))
    return (
        f"From the {title} assessment finished on {day}.\n\n{question.text}\n"
        f"Answer: {offer.drag.answer}\n\nTo do: {question.next_action}"
    )


def why_not_ask(offer: Offer) -> str | None:
    """Why a business cannot ask to be referred to the service of an action."""
    _, newest = neighbours(offer.check)
    if newest is not None:
        return Elsewhere("This is an older result. Ask on the newest one.", newest)
    return asking.why_not_ask(offer.check.business, _wish(offer))


def ask(offer: Offer, *, by: Actor) -> str:
    """Ask the adviser to refer the business to the service of an action; says who was asked."""
    POLICY.require(by, Act.ASK, offer)
    return asking.ask(offer.check.business, _wish(offer), by=by)


@dataclass(frozen=True)
class ActionDetails:
    """Who does an action and by when: a person at the business, or one of our staff."""

    due_on: date
    person_id: UUID | None = None
    account_id: UUID | None = None


def why_not_plan(found: NextAction) -> str | None:
    """Why an action cannot be planned: it has an owner and a day already."""
    has_owner = planned_of(found.check).get(found.drag.question.key)
    if has_owner is None:
        return None
    if has_owner.status is not ActionStatus.TO_DO:
        return f"This action is {STATUSES[has_owner.status].lower()} already. Reopen it on the result."
    return f"{has_owner.owner} has this action already, by {day_in_words(has_owner.due_on)}. Change it there."


def plan(found: NextAction, details: ActionDetails, *, by: Actor) -> ReadinessAction:
    """Give a next action of an assessment its owner and its day."""
    POLICY.require(by, Act.PLAN, found)
    require_in_use(found.business)
    refuse_if(why_not_plan(found))
    _require_sound(found.business.id, details, kept=None)
    question = found.drag.question
    made = ReadinessAction(
        readiness_id=found.check.id,
        question_key=question.key,
        title=question.next_action,
        **fields_of(details),
    )
    session().add(made)
    session().flush()
    audit.record(Act.PLAN, made, created(title=made.title, **fields_of(details)), by=by)
    _tell_owner(made, by=by)
    return made


def _tell_owner(found: ReadinessAction, *, by: Actor) -> None:
    """Whoever has an action from somebody else is told at once: the reminder comes when the day is near."""
    loaded, path = planned(found.id), f"/readiness/{found.readiness_id}"
    if loaded is not None:
        business, owner = loaded.business, owner_reader(loaded.account, loaded.person)
        tell_owner(owner, loaded.title, business=business, due_on=loaded.due_on, path=path, by=by)


def _require_sound(business_id: UUID, details: ActionDetails, *, kept: ReadinessAction | None) -> None:
    before = kept.due_on if kept else None
    require_ahead(details.due_on, field="due_on", kept=before)
    if details.due_on != before and details.due_on > add_months(today(), MOST_MONTHS):
        raise Invalid(f"The date must be within {MOST_MONTHS} months from today", field="due_on")
    same = kept is not None and (kept.person_id, kept.account_id) == (details.person_id, details.account_id)
    if not same and not _is_owner(business_id, details):
        raise Invalid("Choose who does it", field="owner")


def _is_owner(business_id: UUID, details: ActionDetails) -> bool:
    if details.account_id is not None:
        return details.person_id is None and bool(are_active_staff([details.account_id], on=today()))
    return details.person_id in {each.id for each in people_of(business_id) if not each.left_on}


def why_not_change(found: ReadinessAction) -> str | None:
    """Why an action cannot be changed: it is done or dropped."""
    if found.status is ActionStatus.TO_DO:
        return None
    return f"This action is {STATUSES[found.status].lower()}. Reopen it first."


def change(found: ReadinessAction, details: ActionDetails, *, version: int | None, by: Actor) -> None:
    """Change who does an action, or by when. A new day is reminded of anew."""
    POLICY.require(by, Act.CHANGE, found)
    require_in_use(found.business)
    refuse_if(why_not_change(found))
    require_as_shown(found, version)
    _require_sound(found.business.id, details, kept=found)
    changes = amend(found, **fields_of(details))
    if changes:
        audit.record(Act.CHANGE, found, changes, by=by)
    if changes.keys() & {"person_id", "account_id"}:
        session().expire(found, ["person", "account"])
        _tell_owner(found, by=by)


def hand(readiness_action_id: UUID, from_id: UUID, *, to: UUID, by: Actor) -> bool:
    """Give an action that a colleague has still to do to another; False if it moved on."""
    found = planned(readiness_action_id)
    if found is None or found.account_id != from_id or found.status is not ActionStatus.TO_DO:
        return False
    POLICY.require(by, Act.CHANGE, found)
    audit.record(Act.CHANGE, found, amend(found, account_id=to), by=by)
    return True


def _move(found: ReadinessAction, act: Act, *, by: Actor, **fields: Any) -> None:
    POLICY.require(by, act, found)
    require_in_use(found.business)
    audit.record(act, found, advance(ACTIONS, found, act) | amend(found, **fields), by=by)


def finish(found: ReadinessAction, *, by: Actor) -> None:
    """Mark an action as done."""
    _move(found, Act.FINISH, by=by, ended_at=now())


def drop(found: ReadinessAction, *, reason: str, by: Actor) -> None:
    """Drop an action, with the reason: nobody is reminded of it again."""
    POLICY.require(by, Act.DROP, found)
    if not says_something(reason):
        raise Invalid("Say why it is dropped", field="reason")
    _move(found, Act.DROP, by=by, ended_at=now(), reason=reason.strip())


def why_not_reopen(found: ReadinessAction) -> str | None:
    """Why an action cannot be put back on the list: it is there from another assessment."""
    is_there = found.status is not ActionStatus.TO_DO and is_open_elsewhere(found)
    return "This action is to do already, from another assessment of the business." if is_there else None


def reopen(found: ReadinessAction, *, by: Actor) -> None:
    """Put an action that is done or was dropped back on the list. Its day stays, and can be changed."""
    POLICY.require(by, Act.REOPEN, found)
    refuse_if(why_not_reopen(found))
    _move(found, Act.REOPEN, by=by, ended_at=None, reason="")


def remind() -> None:
    """Daily: write to the owner of each action so many days before its day, once for each day that it is given.

    The days are the figure ``readiness.remind_days``. What was told is marked in the same transaction, and days on
    which nothing ran are caught up.
    """
    if not is_any_to_do():
        return
    ahead = timedelta(days=int(figure_on("readiness.remind_days", on=today())))
    for each in to_remind(today() + ahead):
        _tell(each)
        audit.record(Act.REMIND, each, amend(each, reminded_for=each.due_on), by=SYSTEM)


def _tell(found: ReadinessAction) -> None:
    reader = owner_reader(found.account, found.person)
    if reader is None:
        return
    context = {
        "title": found.title,
        "business_name": found.business.name,
        "day": day_in_words(found.due_on),
        "has_passed": is_past(found.due_on, on=today()),
        "path": f"/readiness/{found.readiness_id}",
    }
    context |= whom_to_tell(reader, found.business.id)
    queue("readiness_action", reader, having=Extras(context))
