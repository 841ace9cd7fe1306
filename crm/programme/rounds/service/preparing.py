"""Preparing a round: its words and moments, and publishing it for good."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from crm.audit import service as audit
from crm.db.changes import Changes, amend, created
from crm.db.session import session
from crm.db.states import advance
from crm.kernel.clock import now
from crm.kernel.errors import Conflict, Invalid
from crm.kernel.permissions import Actor
from crm.programme.rounds import queries
from crm.programme.rounds.models import Round
from crm.programme.rounds.policy import POLICY, round_of
from crm.programme.rounds.rules.timing import order_fault
from crm.programme.rounds.rules.weights import weight_fault
from crm.programme.rounds.workflow import ROUNDS, Act, RoundStatus, TieRule

MEANWHILE = "This was changed after you opened the page. Check what it says now, then save again."
IN_ORDER = (
    ("min_turnover", "max_turnover", "The largest turnover must not be less than the smallest"),
    ("min_employees", "max_employees", "The most people must not be fewer than the fewest"),
    ("min_trading_months", "max_trading_months", "The longest trading must not be less than the shortest"),
)
FIXED = {
    RoundStatus.PUBLISHED: "This round is published, so what applicants read cannot be changed. Copy it to a new round instead.",
    RoundStatus.DISCARDED: "This draft was deleted, so it cannot be changed.",
}


@dataclass(frozen=True)
class RoundDetails:
    """A round as somebody fills it in. Moments are aware; ``threshold`` is in hundredths of a per cent."""

    name: str
    about: str
    strands: tuple[str, ...]
    opens_at: datetime
    deadline_at: datetime
    assess_from: datetime
    assess_until: datetime
    tie_rule: TieRule
    declaration: str
    least_words: int = 20
    grace_minutes: int = 0
    is_dry_run: bool = False
    threshold: int = 0
    spread: int = 2
    assessors: int = 2


def prepare(details: RoundDetails, *, by: Actor) -> Round:
    """Begin to prepare a round; nobody outside sees it."""
    POLICY.require(by, Act.PREPARE)
    _require_sound(details, but=None)
    made = Round(**vars(details), prepared_at=now(), prepared_by_id=by.account_id, _status=ROUNDS.start)
    session().add(made)
    session().flush()
    audit.record(Act.PREPARE, made, created(**vars(details)), by=by)
    return made


def _require_sound(details: RoundDetails, *, but: Round | None) -> None:
    moments = {
        "opens": details.opens_at,
        "deadline": details.deadline_at,
        "assess_from": details.assess_from,
        "assess_until": details.assess_until,
    }
    fault = order_fault(moments)
    if fault:
        raise Invalid(fault[1], field=fault[0])
    found = queries.round_named(details.name)
    if found is not None and found is not but:
        raise Invalid("There is a round with this name already", field="name")


def why_fixed(thing: Any) -> str | None:
    """Why a round, or a part of it, cannot be changed: what is published stays as it was published."""
    found = round_of(thing)
    return None if found is None else FIXED.get(found.status)


def why_criteria_fixed(thing: Any) -> str | None:
    """Why the criteria of a round cannot be changed: it is published, and they were not opened again."""
    found = round_of(thing)
    return None if found is not None and found.criteria_opened_at is not None else why_fixed(thing)


def require_draft(found: Round) -> None:
    """Refuse to change what is published."""
    reason = why_fixed(found)
    if reason:
        raise Conflict(reason)


def require_criteria_open(found: Round) -> None:
    """Refuse to change criteria that hold."""
    reason = why_criteria_fixed(found)
    if reason:
        raise Conflict(reason)


def change(found: Round, details: RoundDetails, *, version: int | None, by: Actor) -> None:
    """Change a round that is being prepared."""
    POLICY.require(by, Act.CHANGE, found)
    require_draft(found)
    if version is not None and version != found.version:
        raise Conflict(MEANWHILE)
    _require_sound(details, but=found)
    changes = amend(found, **vars(details))
    if changes:
        audit.record(Act.CHANGE, found, changes, by=by)


def set_terms(found: Round, terms: Mapping[str, Any], *, version: int | None, by: Actor) -> None:
    """Say what a round asks of a business, in the words in which every offer of the directory asks."""
    POLICY.require(by, Act.CHANGE, found)
    require_draft(found)
    if version is not None and version != found.version:
        raise Conflict(MEANWHILE)
    for low, high, message in IN_ORDER:
        if terms[low] is not None and terms[high] is not None and terms[low] > terms[high]:
            raise Invalid(message, field=high)
    changes = amend(found, **terms)
    if changes:
        audit.record(Act.CHANGE, found, changes, by=by)


def lacking(found: Round, *, at: datetime) -> list[str]:
    """Everything that keeps a round from being published, in words."""
    faults = [] if found.sections else ["Add at least one section of questions"]
    faults += [f"{each.title}: add at least one question" for each in found.sections if not each.questions]
    if not any(each.is_sum_asked for each in found.questions):
        faults.append("Say which question asks for the sum that is sought")
    fault = weight_fault([each.weight for each in found.criteria])
    faults += [fault] if fault else []
    return [*faults, *(["The deadline has passed"] if found.deadline_at <= at else [])]


def publish(found: Round, *, by: Actor) -> None:
    """Publish a round: from now on its questions, criteria and moments stand."""
    POLICY.require(by, Act.PUBLISH, found)
    ROUNDS.target(Act.PUBLISH, found.status)
    queries.read_again(found)
    faults = lacking(found, at=now())
    if faults:
        raise Conflict(f"It cannot be published yet. {'. '.join(faults)}.")
    changes = advance(ROUNDS, found, Act.PUBLISH) | amend(found, published_at=now())
    audit.record(Act.PUBLISH, found, changes, by=by)


def discard(found: Round, *, by: Actor) -> None:
    """Throw away a round that was never published; that there was one stays in the history."""
    POLICY.require(by, Act.DISCARD, found)
    audit.record(Act.DISCARD, found, advance(ROUNDS, found, Act.DISCARD), by=by)


def touch(found: Round, changes: Changes, *, by: Actor) -> None:
    """Write down that a part of a round changed, and let whoever had an older page before them be told."""
    session().flush()
    found.prepared_at = now()
    audit.record(Act.CHANGE, found, changes, by=by)
    queries.read_again(found)
