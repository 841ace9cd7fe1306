"""What casework shows elsewhere: on the desk, and on the timeline of a business."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from uuid import UUID

from flask import url_for

from crm.businesses.policy import HUB_ROLES, SEE_ALL, visible_to
from crm.casework import queries, rules
from crm.casework.views.conversations import drafts_of
from crm.kernel.clock import is_past, today
from crm.kernel.permissions import Actor
from crm.web.feature import Case, Happening, Todo


def steps_to_do(actor: Actor) -> tuple[Todo, ...]:
    """The next steps of this person that are due soon or late."""
    return tuple(_steps(actor.account_id)) if actor.account_id is not None else ()


def drafts_to_complete(actor: Actor) -> tuple[Todo, ...]:
    """The conversations that this person began to record."""
    count, href = len(drafts_of(actor)), url_for("conversations.drafts")
    return (Todo("conversations of yours are drafts", count, href),) if count else ()


def hours_to_correct(actor: Actor) -> tuple[Todo, ...]:
    """The hours that a business disputes."""
    return tuple(_disputed(*queries.disputed_hours(visible_to(actor))))


def _steps(account_id: UUID) -> Iterator[Todo]:
    for each in queries.steps_for(account_id, until=today() + timedelta(days=rules.REMIND_DAYS)):
        href = url_for("next_steps.change", next_step_id=each.id)
        is_late = each.due_on is not None and is_past(each.due_on, on=today())
        yield Todo(each.title, None, href, is_late, about=each.business.name, due=each.due_on)


def _disputed(count: int, business_id: UUID | None) -> Iterator[Todo]:
    if business_id is not None:
        href = url_for("hours.hours", business_id=business_id)
        yield Todo("hours are disputed by a business", count, href)


def timeline(actor: Actor, business_id: UUID, most: int) -> list[Happening]:
    """When advisers and the business spoke or were written to: for staff with the way to each."""
    if not actor.has(*HUB_ROLES, *SEE_ALL):
        return []
    return [*_talks(business_id, most), *_emails(business_id, most)]


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


def cases(account_id: UUID) -> list[Case]:
    """What a person has still to do."""
    return [
        Case(each.id, each.title, url_for("next_steps.change", next_step_id=each.id))
        for each in queries.steps_in_hand_of(account_id)
    ]
