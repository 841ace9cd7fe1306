"""Next steps: given to somebody, changed, done; and the one letter a day that reminds of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import delete

from crm.accounts.models import Account
from crm.accounts.queries import account as account_with
from crm.audit import service as audit
from crm.businesses.models import Business
from crm.businesses.service.keeping import require_in_use
from crm.casework import queries
from crm.casework.models import Conversation, NextStep, NextStepAssignee, QuietNotice, ReminderChoice
from crm.casework.policy import POLICY
from crm.casework.rules import CHECK_FIRST, NO_LONGER_AGREES
from crm.casework.workflow import Act, why_not_change_step, why_not_dismiss_step
from crm.db.changes import Changes, amend, created, fields_of
from crm.db.session import session
from crm.db.states import count_change, refuse_if, require_as_shown
from crm.kernel.calendar import day_in_words
from crm.kernel.clock import now, require_ahead, today
from crm.kernel.errors import Conflict, Invalid
from crm.kernel.permissions import Actor
from crm.notices.service import Extras, Reader, queue

LONGEST = 255


@dataclass(frozen=True)
class Asked:
    """To which service a business asks to be referred, what about, and the page from which it is referred.

    One that asks for an answer alone names no service.
    """

    service_id: UUID | None
    note: str = ""
    path: str = ""


@dataclass(frozen=True)
class StepDetails:
    """What is to be done, by whom, and by when. Without a day nobody is reminded.

    ``asked_by`` is who asked for a step that the system adds: the letter and the history name that person. Where a
    business asks to be referred, ``asked`` says to what.
    """

    title: str
    assignees: tuple[UUID, ...]
    due_on: date | None = None
    asked_by: Actor | None = None
    asked: Asked | None = None


def add(
    business: Business | None, details: StepDetails, *, out_of: Conversation | None = None, by: Actor
) -> NextStep:
    """Give somebody something to do: about a business, or out of a conversation, and not both."""
    owner = business if out_of is None else out_of.business
    POLICY.require(by, Act.ADD_STEP, owner)
    if owner is None or (business is not None and out_of is not None):
        raise Invalid("A next step is about a business, or out of a conversation", field="title")
    require_in_use(owner)
    _require_sound(details)
    require_ahead(details.due_on, field="due_on")
    fields: dict[str, Any] = {"title": details.title, "due_on": details.due_on}
    fields |= {"business_id": business.id} if business else {"conversation_id": out_of.id if out_of else None}
    fields |= fields_of(details.asked) if details.asked else {}
    by = details.asked_by or by
    made = _keep(fields, details.assignees, by=by)
    audit.record(Act.ADD_STEP, made, created(**fields, account_id=list(details.assignees)), by=by)
    _tell(made, made.assignees, by=by)
    return made


def _keep(fields: dict[str, Any], assignees: tuple[UUID, ...], *, by: Actor) -> NextStep:
    made = NextStep(**fields, created_at=now(), created_by_id=by.account_id)
    session().add(made)
    session().flush()
    _give(made, assignees)
    queries.read_step_again(made)
    return made


def _require_sound(details: StepDetails) -> None:
    if not details.title.strip() or len(details.title) > LONGEST:
        raise Invalid(f"Say in {LONGEST} characters or fewer what is to be done", field="title")
    if not details.assignees:
        raise Invalid("Choose who will do it", field="assignees")
    if max(Counter(details.assignees).values()) > 1:
        raise Invalid("The same person was chosen twice", field="assignees")
    if queries.are_active_staff(details.assignees, on=today()) != set(details.assignees):
        raise Invalid("Choose people who work for a hub now", field="assignees")


def _give(step: NextStep, assignees: tuple[UUID, ...]) -> None:
    session().add_all(NextStepAssignee(next_step_id=step.id, account_id=each) for each in assignees)
    session().flush()


def _tell(step: NextStep, told: list[NextStepAssignee], *, by: Actor) -> None:
    """A letter to whoever is to do it, but for whoever gave it and whoever wants none."""
    choices = queries.choices_of(each.account_id for each in told)
    for each in told:
        if each.account_id == by.account_id or not choices[each.account_id].by_letter:
            continue
        context = {"title": step.title, "business_name": step.business.name, "by_name": by.name}
        context |= {"due": day_in_words(step.due_on) if step.due_on else ""}
        context |= {"path": f"/next-steps/{step.id}/change", "note": _note(step)}
        context |= {"to": step.service.name} if step.service else {}
        kind = "referral_asked" if step.service_id else "next_step_given"
        queue(kind, _reader(each.account), having=Extras(context))


def _note(step: NextStep) -> str:
    return "\n\n".join(filter(None, (step.note, CHECK_FIRST if step.is_to_check else "")))


def _reader(account: Account) -> Reader:
    return Reader(account.email, account.name, account.id)


def change(step: NextStep, details: StepDetails, *, version: int | None, by: Actor) -> None:
    """Change what is to be done, by whom or by when. A new day is reminded of anew; without a day nobody is."""
    POLICY.require(by, Act.CHANGE_STEP, step)
    require_in_use(step.business)
    refuse_if(why_not_change_step(step))
    require_as_shown(step, version)
    _require_sound(details)
    require_ahead(details.due_on, field="due_on", kept=step.due_on)
    if step.is_asked and details.due_on is None:
        raise Invalid("Enter the day by which you answer. The business sees it", field="due_on")
    before = {each.account_id for each in step.assignees}
    changes = _amended(step, details, before)
    if changes:
        session().flush()
        queries.read_step_again(step)
        audit.record(Act.CHANGE_STEP, step, changes, by=by)
        _tell(step, [each for each in step.assignees if each.account_id not in before], by=by)


def _amended(step: NextStep, details: StepDetails, before: set[UUID]) -> Changes:
    if details.due_on != step.due_on:
        step.reminded_for = step.dismissed_for = None
    changes: Changes = amend(step, title=details.title, due_on=details.due_on)
    if before != set(details.assignees):
        changes["account_id"] = (sorted(before), sorted(details.assignees))
        session().execute(delete(NextStepAssignee).where(NextStepAssignee.next_step_id == step.id))
        _give(step, details.assignees)
        count_change(step)
    return changes


def restate(step: NextStep, details: StepDetails, *, by: Actor) -> None:
    """Say anew what a business asked for, where what it asked about was put right since; who is to answer is told."""
    assert details.asked is not None
    changes = amend(step, title=details.title[:LONGEST], **fields_of(details.asked))
    if changes:
        count_change(step)
        session().flush()
        queries.read_step_again(step)
        audit.record(Act.CHANGE_STEP, step, {"title": changes["title"]} if "title" in changes else {}, by=by)
        _tell(step, step.assignees, by=by)


def hand(step_id: UUID, from_id: UUID, *, to: UUID, by: Actor) -> bool:
    """Give a step that a person has still to do to a colleague, whom the handover tells; False if it moved on.

    The others who do it stay as they are, also those who have left since.
    """
    step = queries.next_step(step_id)
    kept = [each.account_id for each in step.assignees] if step else []
    if step is None or step.done_at is not None or from_id not in kept:
        return False
    POLICY.require(by, Act.CHANGE_STEP, step)
    assignees = tuple(dict.fromkeys(to if each == from_id else each for each in kept))
    changes = _amended(step, StepDetails(step.title, assignees, step.due_on), set(kept))
    queries.read_step_again(step)
    audit.record(Act.CHANGE_STEP, step, changes, by=by)
    return True


def change_and_finish(step: NextStep, details: StepDetails, *, version: int | None, by: Actor) -> None:
    """Save what was typed and say that it is done, at once."""
    change(step, details, version=version, by=by)
    finish(step, by=by)


def finish(step: NextStep, *, answer: str = "", by: Actor) -> None:
    """Say that it is done. Where a business asked for it, ``answer`` is what it is told, by letter and on its pages.

    The answer settles whatever else the business asked of the same service: of two requests, none is left waiting.
    """
    POLICY.require(by, Act.FINISH_STEP, step)
    refuse_if(why_not_change_step(step))
    if step.is_asked and not answer.strip():
        raise Invalid("Enter your answer. We send it to the person who asked", field="answer")
    same = [step, *_same_service(step)] if step.service_id else [step]
    _settle(same, answer.strip(), by=by)


def _same_service(step: NextStep) -> list[NextStep]:
    """What else the business of a step asks of the same service."""
    asked = queries.steps_asked(step.business.id)
    return [each for each in asked if each.service_id == step.service_id and each.id != step.id]


def _settle(steps: Sequence[NextStep], answer: str, *, by: Actor) -> None:
    """Finish what a business asked for, and write the answer once to each who asked."""
    told = set[UUID | None]()
    for each in steps:
        _finish(each, answer, by=by)
        if answer and each.created_by_id not in told:
            _tell_answer(each, answer, by=by)
        told.add(each.created_by_id)


def _finish(step: NextStep, answer: str, *, by: Actor) -> None:
    changes: Changes = amend(step, done_at=now(), done_by=by.name, answer=answer)
    audit.record(Act.FINISH_STEP, step, changes, by=by)


def _tell_answer(step: NextStep, answer: str, *, by: Actor) -> None:
    """A letter to the person who asked to be referred, unless they answered it themselves."""
    asker = account_with(step.created_by_id) if step.created_by_id else None
    if asker is None or asker.id == by.account_id:
        return
    context: dict[str, Any] = {"title": step.service.name if step.service else step.title, "answer": answer}
    context |= {"business_name": step.business.name, "by_name": by.name}
    context |= {
        "path": step.path or f"/businesses/{step.business_id}",
        "is_referral": step.service_id is not None,
    }
    queue("referral_ask_answered", _reader(asker), having=Extras(context))


def finish_asked(business: Business, service_id: UUID, *, path: str, answer: str, by: Actor) -> None:
    """Say that what a business asked for is done: it was told of the referral to the service.

    ``path`` is the place from which the referral was drafted: what was asked there is what the business was told of. What
    was asked of the same service from elsewhere is settled by it too, and its asker is told that in ``answer``.
    """
    asked = [each for each in queries.steps_asked(business.id) if each.service_id == service_id]
    here = [each for each in asked if each.path == path] if path else asked[:1]
    _settle(here, "", by=by)
    _settle([each for each in asked if each not in here], answer, by=by)


def close_asked(business: Business, path: str, *, answer: str, by: Actor) -> None:
    """End what a business asked for from any place on a page that no longer holds, and tell the person who asked why."""
    for each in queries.steps_asked(business.id):
        if each.path.partition("#")[0] == path:
            _settle([each], answer, by=by)
            _tell_ended(each, answer, by=by)


def _tell_ended(step: NextStep, answer: str, *, by: Actor) -> None:
    """A letter to whoever was to answer a request that has ended: there is nothing more to do."""
    context = {"title": step.title, "business_name": step.business.name, "by_name": by.name, "why": answer}
    context |= {
        "path": f"/businesses/{step.business_id}",
        "to": step.service.name if step.service else step.title,
    }
    for each in step.assignees:
        if each.account_id != by.account_id:
            queue("referral_ask_ended", _reader(each.account), having=Extras(context))


def dismiss(step: NextStep, *, by: Actor) -> None:
    """Put the reminder away: it does not come back unless the day moves."""
    POLICY.require(by, Act.DISMISS_STEP, step)
    refuse_if(why_not_dismiss_step(step))
    changes = amend(step, dismissed_for=step.due_on, reminded_for=step.due_on)
    audit.record(Act.DISMISS_STEP, step, changes, by=by)


def choose(account: Account, *, by_letter: bool, quiet_days: tuple[int, ...], by: Actor) -> None:
    """Keep how somebody wants to be reminded."""
    POLICY.require(by, Act.CHOOSE_REMINDERS)
    fields = {"by_letter": by_letter, "quiet_days": tuple(str(each) for each in quiet_days)}
    kept = session().get(ReminderChoice, account.id)
    if kept is None:
        session().add(ReminderChoice(account_id=account.id, **fields))
        changes: Changes = created(**fields)
    else:
        changes = amend(kept, **fields)
    if not changes:
        raise Conflict("This is already saved.")
    session().flush()
    audit.record(Act.CHOOSE_REMINDERS, account, changes, by=by)


def remind() -> None:
    """Daily: one letter to each who has steps that are due, or businesses that nobody has spoken with for long.

    What was told is marked in the same transaction: a second run tells nothing, and a skipped day is caught up.
    """
    steps, quiet = queries.steps_to_tell(today()), queries.quiet_to_tell(today())
    accounts = {each.id: each for each in (*steps, *quiet)}
    choices = queries.choices_of(accounts)
    withdrawn = queries.withdrawn_since(each for some in steps.values() for each in some)
    for account in accounts.values():
        if choices[account.id].by_letter:
            lines = [_line(each, has_withdrawn=each.id in withdrawn) for each in steps.get(account, [])]
            lines += [f"{each.name}: no conversation for {each.days} days" for each in quiet.get(account, [])]
            queue("reminders", _reader(account), having=Extras({"lines": lines}))
    _mark(steps, quiet)


def _line(step: NextStep, *, has_withdrawn: bool) -> str:
    """A step as the letter of reminders says it."""
    title = NO_LONGER_AGREES.format(title=step.title) if has_withdrawn else step.title
    return f"{title} ({step.business.name})"


def _mark(steps: dict[Account, list[NextStep]], quiet: dict[Account, list[queries.Quiet]]) -> None:
    for each in {step.id: step for some in steps.values() for step in some}.values():
        each.reminded_for = each.due_on
    for account, some in quiet.items():
        for found in some:
            key = {"account_id": account.id, "business_id": found.business_id, "last_on": found.last_on}
            session().add(QuietNotice(**key, days=found.days))
    session().flush()
