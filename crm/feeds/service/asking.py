"""What people do with a feed: ask for it, stop it, let it be read on, take it in, and take that back."""

from __future__ import annotations

from dataclasses import dataclass

from crm.audit import service as audit
from crm.db.changes import created
from crm.db.session import session
from crm.db.states import advance, read_state_again, refuse_if
from crm.directory.rules.reading import MOST_SERVICES
from crm.feeds import queries
from crm.feeds.models import FeedImport
from crm.feeds.policy import POLICY
from crm.feeds.workflow import IMPORTS, Act, ImportStatus
from crm.kernel.clock import now
from crm.kernel.errors import Conflict, Invalid
from crm.kernel.permissions import Actor

UNDER_WAY = "This feed is being read already. Look at the import that is under way"


@dataclass(frozen=True)
class FeedDetails:
    """Whose feed it is, and the address of its list of services."""

    publisher: str
    address: str


def bring(details: FeedDetails, *, by: Actor) -> FeedImport:
    """Ask for a feed: the worker reads it, and nothing is in the directory before somebody has looked through it."""
    POLICY.require(by, Act.BRING)
    if by.account_id is None:
        raise Conflict("Only somebody with an account asks for a feed.")
    if queries.in_hand(details.address) is not None:
        raise Invalid(UNDER_WAY, field="address")
    made = FeedImport(
        publisher=details.publisher, address=details.address, asked_by_id=by.account_id, asked_at=now()
    )
    session().add(made)
    session().flush()
    audit.record(Act.BRING, made, created(publisher=made.publisher, address=made.address), by=by)
    return made


def cancel(found: FeedImport, *, by: Actor) -> None:
    """Stop reading a feed, or leave what it brought outside the directory."""
    _move(found, Act.CANCEL, by=by)


def read_on(found: FeedImport, *, by: Actor) -> None:
    """Let a feed be read on from the page on which it stopped."""
    _move(found, Act.READ_ON, by=by)


def take_in(found: FeedImport, *, only_needed: bool, by: Actor) -> None:
    """Let the worker make what is new in the directory, each service to be checked before it is offered."""
    POLICY.require(by, Act.TAKE_IN, found)
    _hold(found)
    IMPORTS.target(Act.TAKE_IN, found.status)
    could = queries.in_directory(found.id)
    many = could.needed if only_needed else could.new
    if not many:
        raise Invalid("There is no such service to take in", field="which")
    room = MOST_SERVICES - queries.count_of_services()
    if many > room:
        raise Invalid(
            f"The directory holds at most {MOST_SERVICES:,} services, and there is room for {max(room, 0):,} more",
            field="which",
        )
    found.only_needed = only_needed
    changes = advance(IMPORTS, found, Act.TAKE_IN) | created(services=many)
    audit.record(Act.TAKE_IN, found, changes, by=by)


def undo(found: FeedImport, *, by: Actor) -> None:
    """Let the worker take back what an import made; what was changed or used since then stays."""
    POLICY.require(by, Act.UNDO, found)
    refuse_if(why_not_undone(found))
    _move(found, Act.UNDO, by=by)


def why_not_undone(found: FeedImport) -> str | None:
    """Why nothing can be taken back; None where something can."""
    if found.status is ImportStatus.TAKEN and not queries.to_undo(found, 1):
        return "This import made no service, so there is nothing to take back."
    return None


def _move(found: FeedImport, act: Act, *, by: Actor) -> None:
    """Move an import on, with the fault that it may have had put aside."""
    POLICY.require(by, act, found)
    _hold(found)
    changes = advance(IMPORTS, found, act)
    found.fault = ""
    audit.record(act, found, changes, by=by)


def _hold(found: FeedImport) -> None:
    queries.held(found.id)
    read_state_again(found)
