"""Reversing a ledger entry that was a mistake: requested by one person with a reason, confirmed by another."""

from __future__ import annotations

from crm.accounts.service.deciding import decide
from crm.audit import service as audit
from crm.db.changes import created
from crm.db.session import session
from crm.db.states import read_state_again, refuse_if
from crm.funding.envelopes.models import EntryReversal, LedgerEntry
from crm.funding.envelopes.policy import POLICY
from crm.funding.envelopes.queries import ledger
from crm.funding.envelopes.queries.reversals import asked_for
from crm.funding.envelopes.service import posting
from crm.funding.envelopes.workflow import REVERSALS, Act
from crm.kernel.clock import now
from crm.kernel.errors import require_reason
from crm.kernel.permissions import Actor


def why_not_asked(entry: LedgerEntry) -> str | None:
    """Why an entry cannot be asked to be reversed: it cannot be reversed, or that was asked already."""
    reason = posting.why_not_reversed(entry)
    if reason:
        return reason
    return "This was requested already, and waits for a second person." if asked_for([entry.id]) else None


def ask(entry: LedgerEntry, *, reason: str, by: Actor) -> EntryReversal:
    """Ask for an entry to be reversed, with a reason. Nothing is written to the ledger before another confirms it."""
    POLICY.require(by, Act.ASK_REVERSAL, entry)
    ledger.hold(entry.envelope_id)
    refuse_if(why_not_asked(entry))
    require_reason(reason)
    assert by.account_id is not None
    made = EntryReversal(entry_id=entry.id, reason=reason.strip(), asked_by_id=by.account_id, asked_at=now())
    session().add(made)
    session().flush()
    told = created(entry=entry.id, amount=entry.amount, reason=made.reason)
    audit.record(Act.ASK_REVERSAL, made, told, by=by)
    return made


def _begin(found: EntryReversal, act: Act, *, by: Actor) -> None:
    POLICY.require(by, act, found)
    ledger.hold(found.entry.envelope_id)
    read_state_again(found)
    REVERSALS.target(act, found.status, thing=found)


def confirm(found: EntryReversal, *, by: Actor) -> LedgerEntry:
    """Reverse the entry as another person asked: an equal and opposite entry, linked with it (P44, P45)."""
    _begin(found, Act.CONFIRM_REVERSAL, by=by)
    made = posting.reverse(found.entry, reason=found.reason, by=by)
    _decide(found, Act.CONFIRM_REVERSAL, "", by=by)
    return made


def refuse(found: EntryReversal, *, reason: str, by: Actor) -> None:
    """Refuse to reverse an entry, with a reason: the ledger stays as it is."""
    _begin(found, Act.REFUSE_REVERSAL, by=by)
    require_reason(reason)
    _decide(found, Act.REFUSE_REVERSAL, reason.strip(), by=by)


def withdraw(found: EntryReversal, *, by: Actor) -> None:
    """Withdraw one's own request: the ledger stays as it is."""
    _begin(found, Act.WITHDRAW_REVERSAL, by=by)
    _decide(found, Act.WITHDRAW_REVERSAL, "", by=by)


def _decide(found: EntryReversal, act: Act, words: str, *, by: Actor) -> None:
    audit.record(act, found, decide(REVERSALS, found, act, decision=words, by=by), by=by)
