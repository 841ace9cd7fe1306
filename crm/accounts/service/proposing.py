"""What two people decide (decision 0111): what every room does that keeps a proposal, decides it, or notes that it was read.

The verbs of a room ask its policy, hold what the proposal is about, and read its state again, before they come here.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Any, TypeVar
from uuid import UUID

from crm.accounts.models import Proposed
from crm.accounts.queries import email_of
from crm.accounts.service.deciding import decide
from crm.audit import service as audit
from crm.db.changes import amend, created
from crm.db.session import session
from crm.db.states import Stateful, refuse_if, require_as_shown
from crm.kernel.clock import now
from crm.kernel.emails import mailbox
from crm.kernel.errors import require_reason
from crm.kernel.permissions import Actor
from crm.kernel.proposals import TwoPeople, why_another

P = TypeVar("P", bound=Proposed)


def propose(made: P, act: StrEnum, *, by: Actor, **told: Any) -> P:
    """Keep a proposal, with who made it and when; ``told`` is what the log says of it beside its reason."""
    made.reason, made.proposed_at, made.proposed_by_id = made.reason.strip(), now(), by.account_id
    session().add(made)
    session().flush()
    audit.record(act, made, created(**told, reason=made.reason), by=by)
    return made


def why_not_decided_by(found: Proposed, account_id: UUID | None) -> str | None:
    """Why just this person does not decide on it: they proposed it, by whichever of their accounts (P45)."""
    if account_id is None or found.proposed_by_id is None:
        return None
    is_account = account_id == found.proposed_by_id
    if not is_account and _mailbox(account_id) != _mailbox(found.proposed_by_id):
        return None
    return why_another("proposed this", "decides on it", is_account=is_account)


def _mailbox(account_id: UUID) -> str:
    return mailbox(email_of(account_id))


def why_not_read(found: Proposed) -> str | None:
    """Only what was decided about a proposal waits to be read, and once."""
    return None if found.is_unread else "There is nothing to read here, or it was marked as read already."


def confirm(two: TwoPeople[Any], found: Proposed, *, by: Actor) -> None:
    """Note that a second person confirmed it. What was proposed is done next, by the verb of the room."""
    refuse_if(why_not_decided_by(found, by.account_id))
    _decide(two.confirm, found, two, by=by, is_unread=True)


def refuse(
    two: TwoPeople[Any], found: Proposed, *, reason: str, version: int | None = None, by: Actor
) -> None:
    """Refuse it, with a reason. ``version`` is that of the proposal on the screen."""
    require_reason(reason)
    require_as_shown(found, version)
    refuse_if(why_not_decided_by(found, by.account_id))
    _decide(two.refuse, found, two, by=by, refusal=reason.strip(), is_unread=True)


def withdraw(two: TwoPeople[Any], found: Proposed, *, version: int | None = None, by: Actor) -> None:
    """Withdraw one's own proposal. ``version`` is that of the proposal on the screen."""
    require_as_shown(found, version)
    _decide(two.withdraw, found, two, by=by)


def _decide(act: StrEnum, found: Proposed, two: TwoPeople[Any], *, by: Actor, **words: Any) -> None:
    assert isinstance(found, Stateful)
    audit.record(act, found, decide(two.machine, found, act, by=by, **words), by=by)


def read(two: TwoPeople[Any], found: Proposed, *, by: Actor) -> None:
    """Note that what became of it was read: it leaves every desk."""
    session().refresh(found, attribute_names=["is_unread", "version"])
    refuse_if(why_not_read(found))
    amend(found, is_unread=False)
    session().flush()
    audit.record(two.read, found, {}, by=by)
