"""Moving the parts of a syndicate: each move is written down, with the fields that go with it."""

from __future__ import annotations

from typing import Any

from crm.angels.pitches.models import Pitch
from crm.angels.pitches.queries import pitches
from crm.angels.pitches.workflow import OVER, PitchStatus
from crm.angels.syndicates.models import Syndicate, SyndicateLead, SyndicateMember, SyndicateTerms
from crm.angels.syndicates.queries import syndicates as queries
from crm.angels.syndicates.workflow import (
    LEADS,
    MEMBERS,
    SYNDICATES,
    TERMS,
    Act,
    MemberStatus,
    SyndicateStatus,
)
from crm.audit import service as audit
from crm.db.changes import amend
from crm.db.session import session
from crm.db.states import advance, read_state_again
from crm.kernel.clock import now
from crm.kernel.permissions import SYSTEM, Actor
from crm.kernel.workflow import Machine

MACHINES: dict[type, Machine[Any]] = {
    Syndicate: SYNDICATES,
    SyndicateLead: LEADS,
    SyndicateTerms: TERMS,
    SyndicateMember: MEMBERS,
}
Moved = Syndicate | SyndicateLead | SyndicateTerms | SyndicateMember


def hold(found: Syndicate) -> None:
    """Lock the raise first, then read the syndicate as it is now: what is done in it comes one after the other.

    Its parts are read anew with it, so whoever calls this holds the syndicate itself, not a part of it alone.
    """
    pitches.hold(found.pitch)
    read_state_again(found)
    queries.read_again(found)


def move(found: Moved, act: Act, *, by: Actor, **fields: Any) -> None:
    """Move a part by an act, with the fields that go with it, and write it down."""
    changes = amend(found, **fields)
    audit.record(act, found, {**changes, **advance(MACHINES[type(found)], found, act)}, by=by)
    session().flush()


def vacate(found: Syndicate) -> list[SyndicateMember]:
    """Nobody leads: the terms that were proposed or agreed are replaced, and members have to confirm the next ones.

    Returns the members, to be told.
    """
    for terms in (found.proposed, found.agreed):
        if terms is not None:
            move(terms, Act.REPLACE_TERMS, by=SYSTEM)
    if found.status is SyndicateStatus.OPEN:
        move(found, Act.VACATE, by=SYSTEM)
    return unsettle(found)


def unsettle(found: Syndicate) -> list[SyndicateMember]:
    """Everybody who joined has to confirm again, and whoever had to already is asked anew. Returns all of them."""
    for each in found.members:
        if each.status is MemberStatus.JOINED:
            move(each, Act.UNSETTLE, by=SYSTEM, asked_at=now(), reminded_at=None)
        elif each.status is MemberStatus.UNCONFIRMED:
            audit.record(Act.UNSETTLE, each, amend(each, asked_at=now(), reminded_at=None), by=SYSTEM)
    return [each for each in found.members if each.status is MemberStatus.UNCONFIRMED]


def why_over(found: Syndicate | Pitch) -> str | None:
    """Why nothing more can be agreed in a syndicate: its raise has ended."""
    raised = found.pitch if isinstance(found, Syndicate) else found
    return "This raise has ended, so nothing more can be agreed here." if raised.status in OVER else None


def why_not_shown(found: Syndicate) -> str | None:
    """Why its terms are agreed, joined and confirmed by nobody now: the raise has ended, or its pitch is not published."""
    if why_over(found) or found.pitch.status is PitchStatus.PUBLISHED:
        return why_over(found)
    return "The pitch is not published at the moment. Come back when it is."
