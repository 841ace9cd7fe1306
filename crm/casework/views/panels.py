"""What casework shows elsewhere: on the desk, and on the timeline of a business."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import timedelta
from uuid import UUID

from flask import url_for

from crm.businesses.policy import HUB_ROLES, SEE_ALL
from crm.casework import queries, rules
from crm.casework.queries import holding
from crm.casework.queries import listing as lists
from crm.casework.views.conversations import drafts_of
from crm.kernel.clock import is_past, today
from crm.kernel.measures import in_hours
from crm.kernel.permissions import Actor
from crm.web.feature import Case, Held, Todo, counted_todo
from crm.web.filters import day
from crm.web.telling import Happening


def steps_to_do(actor: Actor) -> tuple[Todo, ...]:
    """The next steps of this person that are due soon or late."""
    return tuple(_steps(actor.account_id)) if actor.account_id is not None else ()


def drafts_to_complete(actor: Actor) -> tuple[Todo, ...]:
    """The conversations that this person began to record."""
    count, href = len(drafts_of(actor)), url_for("conversations.drafts")
    return counted_todo(
        count, ("draft conversation to complete", "draft conversations to complete"), href=href
    )


def hours_to_correct(actor: Actor) -> tuple[Todo, ...]:
    """The hours that businesses dispute."""
    count, href = lists.counts_of_hours(actor)["disputed"], url_for("hours.list_hours", show="disputed")
    return counted_todo(count, ("entry of hours is disputed", "entries of hours are disputed"), href=href)


def hours_to_ask(actor: Actor) -> tuple[Todo, ...]:
    """The hours from this person's conversations that no business was asked to confirm yet."""
    count, href = lists.counts_of_hours(actor)["unasked"], url_for("hours.list_hours", show="unasked")
    one, many = "entry of hours to ask the business about", "entries of hours to ask businesses about"
    return counted_todo(count, (one, many), href=href)


def _steps(account_id: UUID) -> Iterator[Todo]:
    rows = queries.steps_for(account_id, until=today() + timedelta(days=rules.REMIND_DAYS))
    withdrawn = queries.withdrawn_since(rows)
    for each in rows:
        if each.business.is_archived:
            continue
        href = url_for("next_steps.change", next_step_id=each.id)
        is_late = each.due_on is not None and is_past(each.due_on, on=today())
        title = rules.NO_LONGER_AGREES.format(title=each.title) if each.id in withdrawn else each.title
        yield Todo(title, None, href, is_late, about=each.business.name, due=each.due_on)


def timeline(actor: Actor, business_id: UUID, most: int) -> list[Happening]:
    """When advisers and the business spoke or were written to: for staff with the way to each."""
    if not actor.has(*HUB_ROLES, *SEE_ALL):
        return []
    return [*_talks(business_id, most), *_emails(business_id, most), *_of_steps(business_id, most)]


def _of_steps(business_id: UUID, most: int) -> Iterator[Happening]:
    """The next steps of a business: when each was added, and when it was done."""
    for title, added, done in queries.steps_told(business_id, most=most):
        yield Happening(added, f"Next step added: {title}")
        if done is not None:
            yield Happening(done, f"Next step done: {title}")


def _emails(business_id: UUID, most: int) -> list[Happening]:
    return [
        Happening(
            at=each.written_at,
            title=f"{each.subject} (email to {each.person.name})",
            href=url_for("emails.email", email_id=each.id),
        )
        for each in queries.emails_to(business_id, most=most)
    ]


def _talks(business_id: UUID, most: int) -> list[Happening]:
    return [
        Happening(
            at=each.recorded_at,
            on=each.happened_on,
            title=f"{each.subject} ({rules.CHANNELS[each.channel]})" if each.channel else each.subject,
            href=url_for("conversations.conversation", conversation_id=each.id),
        )
        for each in queries.complete_with(business_id, most=most)
    ]


def drafts_in_hand(account_ids: Collection[UUID]) -> Iterator[Held]:
    """The conversations that some people began to record."""
    for each in holding.drafts_held_by(account_ids):
        title = f"{each.business.name}, {day(each.happened_on)}: {each.subject}"
        href = url_for("conversations.conversation", conversation_id=each.id)
        assert each.holder_id is not None
        yield each.holder_id, Case(each.id, title, href, each.business.hub_ids(on=today()))


def hours_in_hand(account_ids: Collection[UUID]) -> Iterator[Held]:
    """The hours that some people are to have confirmed by their businesses."""
    for each in holding.hours_held_by(account_ids):
        title = f"{each.business.name}, {day(each.happened_on)}: {in_hours(each.quarters)}, {each.what}"
        href = url_for("hours.hours", business_id=each.business_id)
        assert each.asker_id is not None
        yield each.asker_id, Case(each.id, title, href, each.business.hub_ids(on=today()))


def steps_in_hand(account_ids: Collection[UUID]) -> Iterator[Held]:
    """What some people have still to do."""
    for each in holding.steps_held_by(account_ids):
        href = url_for("next_steps.change", next_step_id=each.id)
        title, hubs = f"{each.business.name}: {each.title}", each.business.hub_ids(on=today())
        for held in each.assignees:
            yield held.account_id, Case(each.id, title, href, hubs, each.due_on)
