"""What the programme shows elsewhere: on desks, on the page of a business, and in its timeline."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from flask import url_for

from crm.businesses.queries.seeing import own_ids
from crm.kernel.clock import moment_in_words, now
from crm.kernel.permissions import Actor
from crm.kernel.roles import Role
from crm.programme.policy import POLICY
from crm.programme.queries import applications as queries
from crm.programme.rules import labels
from crm.programme.rules.timing import Standing
from crm.programme.workflow import Act, ApplicationStatus
from crm.web.feature import Happening, Todo

SHOWN = 5
WAITING = "businesses wait to hear whether they can apply"


def todos(actor: Actor) -> tuple[Todo, ...]:
    """For staff the applications that wait for an adviser; for founders those that are not handed in."""
    return (*_of_staff(actor), *_of_founders(actor))


def _of_staff(actor: Actor) -> tuple[Todo, ...]:
    if not POLICY.allows(actor, Act.LIST_APPLICATIONS):
        return ()
    count = queries.count_to_clear(actor)
    words = "business waits to hear whether it can apply" if count == 1 else WAITING
    where = url_for("applications.all_applications", clearance="waiting", status="draft")
    return (Todo(words, count, where),) if count else ()


def _of_founders(actor: Actor) -> tuple[Todo, ...]:
    if not actor.has(Role.FOUNDER):
        return ()
    drafts = [each for each in queries.applications_of(own_ids(actor)) if _is_open(each)]
    return tuple(
        Todo(
            f"Finish your application to {each.round.name} by {moment_in_words(_until(each))}",
            None,
            url_for("applications.application", application_id=each.id),
        )
        for each in drafts
    )


def _until(each: Any) -> Any:
    return max(each.round.deadline_at, each.extended_until or each.round.deadline_at)


def _is_open(each: Any) -> bool:
    if each.status is not ApplicationStatus.DRAFT:
        return False
    standing = each.round.window.standing(now(), begun_at=each.begun_at, until=each.extended_until)
    return standing in (Standing.OPEN, Standing.IN_GRACE)


def load_home(actor: Actor) -> Mapping[str, Any] | None:
    """A founder's own applications."""
    rows = queries.applications_of(own_ids(actor))[:SHOWN] if actor.has(Role.FOUNDER) else ()
    return {"rows": rows, "labels": labels} if rows else None


def load_panel(actor: Actor, found: Any) -> Mapping[str, Any] | None:
    """The applications of a business, for whoever may see them."""
    rows = [each for each in queries.applications_of([found.id]) if POLICY.allows(actor, Act.VIEW, each)]
    return {"rows": rows[:SHOWN], "labels": labels} if rows else None


def timeline(actor: Actor, business_id: UUID, most: int) -> Sequence[Happening]:
    """When it began to apply, and when it handed in."""
    rows = [each for each in queries.applications_of([business_id]) if POLICY.allows(actor, Act.VIEW, each)]
    found = [_happening(each, each.begun_at, "Began to apply to") for each in rows]
    found += [
        _happening(each, each.submitted_at, "Applied to") for each in rows if each.submitted_at is not None
    ]
    return sorted(found, key=lambda each: each.at, reverse=True)[:most]


def _happening(each: Any, at: Any, words: str) -> Happening:
    href = url_for("applications.application", application_id=each.id)
    return Happening(at, f"{words} {each.round.name}", href=href)
