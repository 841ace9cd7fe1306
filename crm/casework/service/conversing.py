"""Recording a conversation: begun as a draft, completed once, corrected with a history."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import delete

from crm.audit import service as audit
from crm.businesses.models import Business
from crm.businesses.queries.seeing import people_of
from crm.businesses.service.keeping import require_in_use
from crm.casework import queries
from crm.casework.models import (
    Conversation,
    ConversationAdviser,
    ConversationPerson,
    ConversationService,
)
from crm.casework.policy import POLICY
from crm.casework.rules import LONGEST_NOTES, barrier_fault
from crm.casework.service.counting import follow, require_within_day, state, void_hours
from crm.casework.workflow import (
    CONVERSATIONS,
    Act,
    Channel,
    ConversationStatus,
    why_not_edit,
    why_not_void,
)
from crm.db.changes import Changes, amend, created
from crm.db.session import session
from crm.db.states import advance, count_change, refuse_if, require_as_shown
from crm.kernel.clock import now, today
from crm.kernel.errors import Invalid, refuse_all, require_all, says_something
from crm.kernel.permissions import Actor

TAKING_PART: dict[str, tuple[Any, str]] = {
    "advisers": (ConversationAdviser, "account_id"),
    "people": (ConversationPerson, "person_id"),
    "services": (ConversationService, "service_id"),
}
"""Who took part and what was spoken of: each kept in rows of its own, by this key."""


@dataclass(frozen=True)
class ConversationDetails:
    """What was said, with whom and for how long. ``quarters`` are quarter-hours; none if it gave no help."""

    happened_on: date
    subject: str
    people: tuple[UUID, ...]
    advisers: tuple[UUID, ...]
    notes: str = ""
    channel: Channel | None = None
    kind_code: str | None = None
    quarters: int | None = None
    barrier_removed: bool | None = None
    barrier_types: tuple[str, ...] = ()
    barrier_notes: str = ""
    services: tuple[UUID, ...] = ()

    def fields(self) -> dict[str, Any]:
        """The columns of the conversation itself."""
        return {name: value for name, value in vars(self).items() if name not in TAKING_PART}


def record(business: Business, details: ConversationDetails, *, by: Actor) -> Conversation:
    """Begin to keep what was said with a business."""
    POLICY.require(by, Act.RECORD, business)
    require_in_use(business)
    require_sound(business.id, details)
    fields = details.fields() | {"business_id": business.id}
    made = Conversation(
        **fields, recorded_at=now(), recorded_by_id=by.account_id, _status=CONVERSATIONS.start
    )
    session().add(made)
    session().flush()
    for name in TAKING_PART:
        _write_parts(made, name, set(getattr(details, name)))
    told = {name: value for name, value in fields.items() if value not in (None, "", ())}
    audit.record(Act.RECORD, made, created(**told) | _who(details), by=by)
    return made


def edit(conversation: Conversation, details: ConversationDetails, *, version: int | None, by: Actor) -> None:
    """Correct what was kept. What is complete stays complete; hours that were answered for stay as they are."""
    POLICY.require(by, Act.EDIT, conversation)
    require_in_use(conversation.business)
    refuse_if(why_not_edit(conversation))
    require_as_shown(conversation, version)
    require_sound(conversation.business_id, details, kept=conversation)
    if conversation.status is ConversationStatus.COMPLETE:
        _require_whole(details)
    changes: Changes = amend(conversation, **details.fields()) | _changed_parts(conversation, details)
    if not changes:
        return
    count_change(conversation)
    session().flush()
    queries.read_again(conversation)
    if conversation.status is ConversationStatus.COMPLETE:
        follow(conversation, by=by)
    audit.record(Act.EDIT, conversation, changes, by=by)


def complete(conversation: Conversation, *, by: Actor) -> None:
    """Say that the record is whole: from now on it counts, and the hours in it wait for the business."""
    POLICY.require(by, Act.COMPLETE, conversation)
    require_in_use(conversation.business)
    _require_whole(conversation)
    changes = advance(CONVERSATIONS, conversation, Act.COMPLETE) | amend(conversation, completed_at=now())
    session().flush()
    audit.record(Act.COMPLETE, conversation, changes, by=by)
    if conversation.quarters:
        state(conversation, by=by)


def discard(conversation: Conversation, *, by: Actor) -> None:
    """Throw a draft away; that there was one stays in the history."""
    POLICY.require(by, Act.DISCARD, conversation)
    audit.record(Act.DISCARD, conversation, advance(CONVERSATIONS, conversation, Act.DISCARD), by=by)


def hand(conversation_id: UUID, from_id: UUID, *, to: UUID, by: Actor) -> bool:
    """Give a draft to a colleague, who completes or deletes it; False if it moved on."""
    found = queries.conversation(conversation_id)
    if found is None or found.holder_id != from_id or found.status is not ConversationStatus.DRAFT:
        return False
    POLICY.require(by, Act.HAND_DRAFT, found)
    audit.record(Act.HAND_DRAFT, found, amend(found, holder_id=to), by=by)
    return True


def void(conversation: Conversation, *, reason: str, by: Actor) -> None:
    """Void a complete record, with a reason: it stays on file, and neither it nor its hours count any more.

    Hours that the business has answered for are voided by those who may correct them.
    """
    POLICY.require(by, Act.VOID, conversation)
    refuse_if(why_not_void(conversation))
    if not says_something(reason):
        raise Invalid("Say why it is voided", field="reason")
    changes = amend(conversation, voided_at=now(), void_reason=reason)
    audit.record(Act.VOID, conversation, changes, by=by)
    void_hours(conversation, reason=reason, by=by)


def require_sound(
    business_id: UUID, details: ConversationDetails, *, kept: Conversation | None = None
) -> None:
    """Refuse what even a draft has to keep to, with everything that is wrong with it. Raises `Invalid`."""
    held = queries.hours_from(kept.id) if kept else None
    require_all(
        lambda: _require_past(details.happened_on),
        lambda: _require_people(business_id, details),
        lambda: _require_advisers(details),
        lambda: _require_kind(details.kind_code, kept.kind_code if kept else None),
        lambda: _require_notes(details),
        lambda: _require_services(details),
        lambda: _require_barrier(details),
        lambda: require_within_day(business_id, details, but=held.id if held else None),
    )


def _require_past(day: date) -> None:
    if day > today():
        raise Invalid("The date must be today or earlier", field="happened_on")


def _require_notes(details: ConversationDetails) -> None:
    if len(details.notes) > LONGEST_NOTES:
        raise Invalid(f"This must be {LONGEST_NOTES:,} characters or fewer", field="notes")


def _require_barrier(details: ConversationDetails) -> None:
    fault = barrier_fault(details.barrier_removed, details.barrier_types, notes=details.barrier_notes)
    if fault:
        raise Invalid(fault[1], field=fault[0])


def _require_people(business_id: UUID, details: ConversationDetails) -> None:
    if not details.people:
        raise Invalid("Choose who took part from the business", field="people")
    if not set(details.people) <= {each.id for each in people_of(business_id)}:
        raise Invalid("Everyone chosen must be at this business", field="people")


def _require_advisers(details: ConversationDetails) -> None:
    if not details.advisers:
        raise Invalid("Choose at least one adviser", field="advisers")
    if max(Counter(details.advisers).values()) > 1:
        raise Invalid("The same adviser was chosen twice", field="advisers")
    if queries.worked_on(details.advisers, details.happened_on) != set(details.advisers):
        raise Invalid("Choose advisers who worked for a hub on that day", field="advisers")


def _require_kind(code: str | None, kept: str | None) -> None:
    """A kind within an area, and in use; one that was retired since stays on the record that has it."""
    if code is None or code == kept:
        return
    found = queries.kind(code)
    if found is None or found.retired_on is not None:
        raise Invalid("Choose a kind of support from the list", field="kind_code")


def _require_services(details: ConversationDetails) -> None:
    if not queries.are_services(details.services):
        raise Invalid("Choose services from the directory", field="services")


def _require_whole(details: ConversationDetails | Conversation) -> None:
    refuse_all(_missing_from(details))


def _missing_from(details: ConversationDetails | Conversation) -> Iterator[Invalid]:
    if details.channel is None:
        yield Invalid("Say how you spoke before it is complete", field="channel")
    if details.kind_code is None:
        yield Invalid("Choose the kind of support before it is complete", field="kind_code")


def _who(details: ConversationDetails) -> dict[str, Any]:
    given = {name: set(getattr(details, name)) for name in TAKING_PART}
    return created(**{name: _said_of(name, ids) for name, ids in given.items() if ids})


def _said_of(name: str, ids: set[UUID]) -> str | int:
    """What the history says of who took part: colleagues by name, people and services by how many they are."""
    return queries.named(ids) if name == "advisers" else len(ids)


def _changed_parts(conversation: Conversation, details: ConversationDetails) -> Changes:
    """Write who and what belongs to it anew where that changed; an adviser who stays keeps the team of the day."""
    changes: Changes = {}
    for name, (kind, key) in TAKING_PART.items():
        before = {getattr(each, key) for each in getattr(conversation, name)}
        after = set(getattr(details, name))
        if before != after:
            is_out = getattr(kind, key).in_(before - after)
            session().execute(delete(kind).where(kind.conversation_id == conversation.id, is_out))
            _write_parts(conversation, name, after - before)
            changes[name] = (_said_of(name, before), _said_of(name, after))
    return changes


def _write_parts(conversation: Conversation, name: str, ids: set[UUID]) -> None:
    kind, key = TAKING_PART[name]
    for each in ids:
        made = kind(conversation_id=conversation.id, **{key: each})
        if isinstance(made, ConversationAdviser):
            made.team = queries.team_of(each, on=conversation.happened_on)
        session().add(made)
    session().flush()
