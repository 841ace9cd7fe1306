"""Working the queue: claimed, assigned, answered, closed; and who is full."""

from __future__ import annotations

from uuid import UUID

from crm.accounts.models import Account
from crm.accounts.queries import account, actor_of, hub
from crm.accounts.workflow import AccountStatus
from crm.audit import service as audit
from crm.db.changes import Changes, amend
from crm.db.session import session
from crm.db.states import advance
from crm.kernel.calendar import day_in_words
from crm.kernel.clock import now, today
from crm.kernel.errors import Conflict, Invalid
from crm.kernel.permissions import Actor
from crm.kernel.roles import Role
from crm.notices.service import Extras, Reader, queue
from crm.signposting.models import Capacity, Enquiry, EnquiryNote
from crm.signposting.policy import POLICY, QUEUE_ROLES
from crm.signposting.queries.enquiring import enquiry as load_enquiry
from crm.signposting.queries.enquiring import load_of
from crm.signposting.service.enquiring import due_on
from crm.signposting.workflow import ENQUIRIES, Act, CloseReason
from crm.signposting.workflow import EnquiryStatus as S

LONGEST_NOTE = 10_000


def claim(enquiry: Enquiry, *, by: Actor) -> None:
    """Take an enquiry in hand. Of two advisers at once one has it, and the other is told who."""
    POLICY.require(by, Act.CLAIM, enquiry)
    if enquiry.claimed_by is not None and enquiry.claimed_by_id != by.account_id:
        raise Conflict(f"{enquiry.claimed_by.name} has claimed this already.")
    assert by.account_id is not None
    _require_room(by.account_id, is_own=True)
    give_to(enquiry, by.account_id, act=Act.CLAIM, by=by)


def assign(enquiry: Enquiry, account_id: UUID, *, by: Actor) -> None:
    """Give an enquiry to a colleague, who must be here and have room for it."""
    POLICY.require(by, Act.ASSIGN, enquiry)
    if enquiry.claimed_by_id == account_id:
        raise Invalid("They have this enquiry already", field="account_id")
    found = account(account_id)
    if not can_answer(found, enquiry.hub_id):
        raise Invalid("Choose a colleague who can answer enquiries for this hub", field="account_id")
    _require_room(account_id)
    give_to(enquiry, account_id, act=Act.ASSIGN, by=by)
    _tell_of_assignment(enquiry, by=by)


def can_answer(found: Account | None, hub_id: UUID | None) -> bool:
    """Whether a person is active and may answer enquiries of a hub, or of any hub where none is named."""
    if found is None or found.status is not AccountStatus.ACTIVE:
        return False
    actor = actor_of(found)
    roles = (*QUEUE_ROLES, Role.ADMINISTRATOR)
    return actor.holds_for(hub_id, *roles) if hub_id else actor.has(*roles)


def _tell_of_assignment(enquiry: Enquiry, *, by: Actor) -> None:
    """The person an enquiry is given to is told, unless they took it themselves."""
    to = enquiry.claimed_by
    if to is None or to.id == by.account_id:
        return
    told = {"business_name": enquiry.business_name, "reference": enquiry.reference, "by_name": by.name}
    told |= {"due": day_in_words(enquiry.due_on), "path": f"/enquiries/{enquiry.id}"}
    if enquiry.is_answered:
        told["due"] = ""
    queue("enquiry_assigned", Reader(to.email, to.name, to.id), having=Extras(told))


def _require_room(account_id: UUID, *, is_own: bool = False) -> None:
    reason = why_no_room(account_id, is_own=is_own)
    if reason:
        raise Invalid(reason, field="account_id")


def why_no_room(account_id: UUID, adding: int = 1, *, is_own: bool = False) -> str | None:
    """Why a person cannot be given so many more enquiries: they are away, or would hold more than they may."""
    load = load_of(account_id)
    if load is None:
        return "Choose a colleague"
    name = load.account.name
    if load.away is not None:
        who = "You are" if is_own else f"{name} is"
        return f"{who} away until {load.away.last_day.day} {load.away.last_day:%B}"
    if load.in_hand + adding <= load.most:
        return None
    if load.most == 0:
        return (
            f"{'You' if is_own else name} can hold no enquiries. Choose a colleague, or have the limit raised"
        )
    many = f"{load.in_hand} {'enquiry' if load.in_hand == 1 else 'enquiries'}"
    has = f"{'You have' if is_own else name + ' has'} {many} in hand and can hold {load.most}"
    if adding > 1:
        return f"{has}, so {adding} more are too many. Choose fewer, or have the limit raised"
    return f"{has}. Close one first, or have the limit raised"


def give_to(enquiry: Enquiry, account_id: UUID, *, act: Act, by: Actor) -> None:
    changes = advance(ENQUIRIES, enquiry, act)
    changes |= amend(enquiry, claimed_by_id=account_id, claimed_at=now())
    _keep(enquiry, act, changes, by=by)


def _keep(enquiry: Enquiry, act: Act, changes: Changes, *, by: Actor) -> None:
    session().flush()
    session().refresh(enquiry, ["claimed_by", "hub"])
    audit.record(act, enquiry, changes, by=by)


def release(enquiry: Enquiry, *, by: Actor) -> None:
    """Put an enquiry back into the queue."""
    POLICY.require(by, Act.RELEASE, enquiry)
    changes = _clock_again(enquiry) | advance(ENQUIRIES, enquiry, Act.RELEASE)
    _keep(enquiry, Act.RELEASE, changes | amend(enquiry, claimed_by_id=None, claimed_at=None), by=by)


def _clock_again(enquiry: Enquiry) -> Changes:
    """The days for an answer begin again where the clock stood still; else it runs on."""
    return amend(enquiry, due_on=due_on()) if enquiry.is_answered else {}


def hand_over(enquiry: Enquiry, hub_id: UUID, *, reason: str, by: Actor) -> None:
    """Pass an enquiry on to another hub, with the reason noted. Its clock runs on; one that was answered begins anew."""
    POLICY.require(by, Act.HAND_OVER, enquiry)
    found = hub(hub_id)
    if found is None or found.id == enquiry.hub_id or not found.is_open(on=today()):
        raise Invalid("Choose another hub", field="hub_id")
    changes = _clock_again(enquiry) | advance(ENQUIRIES, enquiry, Act.HAND_OVER)
    changes |= amend(enquiry, hub_id=hub_id, claimed_by_id=None, claimed_at=None)
    add_note(enquiry, f"Handed over to {found.name}: {reason}", by=by)
    _keep(enquiry, Act.HAND_OVER, changes, by=by)


def answer(enquiry: Enquiry, *, said: str, by: Actor) -> None:
    """Keep that the business had its answer, and what was said. The clock stops at the first one."""
    POLICY.require(by, Act.ANSWER, enquiry)
    mark_answered(enquiry, by=by)
    add_note(enquiry, said, by=by)


def mark_answered(enquiry: Enquiry, *, by: Actor) -> None:
    """Stop the clock: an answer was given, by a letter or a plan."""
    POLICY.require(by, Act.ANSWER, enquiry)
    changes = advance(ENQUIRIES, enquiry, Act.ANSWER)
    changes |= amend(enquiry, answered_at=enquiry.answered_at or now())
    _keep(enquiry, Act.ANSWER, changes, by=by)


def close(enquiry: Enquiry, reason: CloseReason, *, note: str, by: Actor) -> None:
    """Close an enquiry, with the reason."""
    POLICY.require(by, Act.CLOSE, enquiry)
    changes = advance(ENQUIRIES, enquiry, Act.CLOSE)
    changes |= amend(enquiry, close_reason=reason, close_note=note, closed_at=now())
    _keep(enquiry, Act.CLOSE, changes, by=by)


def reopen(enquiry: Enquiry, *, why: str, by: Actor) -> None:
    """Reopen an enquiry, with a note: it waits in the queue, and there are as many days for an answer as at first."""
    POLICY.require(by, Act.REOPEN, enquiry)
    changes = _clock_again(enquiry) | advance(ENQUIRIES, enquiry, Act.REOPEN)
    cleared = dict.fromkeys(("closed_at", "close_reason", "claimed_by_id", "claimed_at"))
    changes |= amend(enquiry, **cleared, close_note="")
    add_note(enquiry, why, by=by)
    _keep(enquiry, Act.REOPEN, changes, by=by)


def note(enquiry: Enquiry, text: str, *, by: Actor) -> None:
    """Note something, for advisers alone."""
    POLICY.require(by, Act.NOTE, enquiry)
    add_note(enquiry, text, by=by)
    audit.record(Act.NOTE, enquiry, by=by)


def add_note(enquiry: Enquiry, text: str, *, by: Actor) -> None:
    if len(text) > LONGEST_NOTE:
        raise Invalid(f"This must be {LONGEST_NOTE:,} characters or fewer", field="note")
    session().add(EnquiryNote(enquiry_id=enquiry.id, at=now(), by_id=by.account_id, text=text))


def set_capacity(found: Account, most_open: int, *, by: Actor) -> None:
    """Set how many enquiries an adviser holds at most."""
    POLICY.require(by, Act.SET_CAPACITY)
    row = session().get(Capacity, found.id)
    before = row.most_open if row else None
    if row is None:
        session().add(Capacity(account_id=found.id, most_open=most_open))
    else:
        amend(row, most_open=most_open)
    audit.record(Act.SET_CAPACITY, found, {"most_open": (before, most_open)}, by=by)


def hand(enquiry_id: UUID, from_id: UUID, *, to: UUID, by: Actor) -> bool:
    """Move an enquiry from a person's hands to a colleague's; False if it moved on. Whether they have room is asked for all at once."""
    found = load_enquiry(enquiry_id)
    if found is None or found.claimed_by_id != from_id or not is_open(found):
        return False
    POLICY.require(by, Act.ASSIGN, found)
    give_to(found, to, act=Act.ASSIGN, by=by)
    return True


def is_open(enquiry: Enquiry) -> bool:
    """Whether something can still be done with it."""
    return enquiry.status is not S.CLOSED
