"""Preparing a round: its words and moments, and publishing it for good."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm.attributes import flag_modified

from crm.audit import service as audit
from crm.db.changes import Changes, amend, created
from crm.db.session import session
from crm.db.states import advance, refuse_if, require_as_shown
from crm.kernel.clock import moment_in_words, now
from crm.kernel.errors import Conflict, Invalid, require_reason
from crm.kernel.permissions import Actor
from crm.programme.rounds import queries
from crm.programme.rounds.models import Round
from crm.programme.rounds.policy import POLICY, round_of
from crm.programme.rounds.rules.timing import order_fault
from crm.programme.rounds.service.lacking import lacking
from crm.programme.rounds.workflow import ROUNDS, Act, RoundStatus, TieRule

IN_ORDER = (
    ("min_turnover", "max_turnover", "The largest turnover must not be less than the smallest"),
    ("min_employees", "max_employees", "The most people must not be fewer than the fewest"),
    ("min_trading_months", "max_trading_months", "The longest trading must not be less than the shortest"),
)
FIXED = {
    RoundStatus.PUBLISHED: "This round is published, so its questions cannot be changed. You can change its dates or correct a hint, or copy it to a new round.",
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
    refuse_if(why_fixed(found))


def require_criteria_open(found: Round) -> None:
    """Refuse to change criteria that hold."""
    refuse_if(why_criteria_fixed(found))


def change(found: Round, details: RoundDetails, *, version: int | None, by: Actor) -> None:
    """Change a round that is being prepared."""
    POLICY.require(by, Act.CHANGE, found)
    require_draft(found)
    require_as_shown(found, version)
    _require_sound(details, but=found)
    changes = amend(found, **vars(details))
    if changes:
        audit.record(Act.CHANGE, found, changes, by=by)


def set_terms(found: Round, terms: Mapping[str, Any], *, version: int | None, by: Actor) -> None:
    """Say what a round asks of a business, in the words in which every offer of the directory asks."""
    POLICY.require(by, Act.CHANGE, found)
    require_draft(found)
    require_as_shown(found, version)
    for low, high, message in IN_ORDER:
        if terms[low] is not None and terms[high] is not None and terms[low] > terms[high]:
            raise Invalid(message, field=high)
    changes = amend(found, **terms)
    if changes:
        audit.record(Act.CHANGE, found, changes, by=by)


def publish(found: Round, *, version: int | None = None, by: Actor) -> None:
    """Publish a round, as it was shown: from now on its questions and checks stay, and its dates only move later."""
    POLICY.require(by, Act.PUBLISH, found)
    ROUNDS.target(Act.PUBLISH, found.status)
    require_as_shown(found, version)
    queries.read_again(found)
    faults = [each.words for each in lacking(found, at=now())]
    if faults:
        raise Conflict(f"This round cannot be published yet. {'. '.join(faults)}.")
    changes = advance(ROUNDS, found, Act.PUBLISH) | amend(found, published_at=now())
    audit.record(Act.PUBLISH, found, changes, by=by)


def why_not_unpublished(found: Round) -> str | None:
    """Why a published round cannot become a draft again: it has opened, and applicants rely on what it says."""
    if found.status is not RoundStatus.PUBLISHED:
        return "Only a published round can be made a draft again."
    if found.opens_at <= now():
        return f"This round opened on {moment_in_words(found.opens_at)}, so it cannot be made a draft again."
    return None


def unpublish(found: Round, *, reason: str, version: int | None = None, by: Actor) -> None:
    """Make a round that was published by mistake a draft again, with a reason, as long as nobody can apply yet."""
    POLICY.require(by, Act.UNPUBLISH, found)
    require_reason(reason)
    refuse_if(why_not_unpublished(found))
    require_as_shown(found, version)
    changes = advance(ROUNDS, found, Act.UNPUBLISH) | amend(found, published_at=None, criteria_opened_at=None)
    audit.record(Act.UNPUBLISH, found, changes | {"why": (None, reason)}, by=by)


def discard(found: Round, *, version: int | None = None, by: Actor) -> None:
    """Delete a draft that was never published; the history keeps that there was one."""
    POLICY.require(by, Act.DISCARD, found)
    ROUNDS.target(Act.DISCARD, found.status)
    require_as_shown(found, version)
    audit.record(Act.DISCARD, found, advance(ROUNDS, found, Act.DISCARD), by=by)


def touch(found: Round, changes: Changes, *, by: Actor) -> None:
    """Write down that a part of a round changed; the round is another version then, even within one tick of the clock."""
    session().flush()
    found.prepared_at = now()
    flag_modified(found, "prepared_at")
    audit.record(Act.CHANGE, found, changes, by=by)
    queries.read_again(found)
