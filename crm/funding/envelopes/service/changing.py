"""Changing an envelope's limit: proposed by one person, approved by another, and then an entry of the ledger."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

from crm.accounts.service.deciding import decide
from crm.audit import service as audit
from crm.db.changes import created
from crm.db.session import session
from crm.db.states import refuse_if
from crm.funding.envelopes.models import Envelope, EnvelopeChange
from crm.funding.envelopes.policy import POLICY
from crm.funding.envelopes.queries import changes as change_queries
from crm.funding.envelopes.queries import ledger as queries
from crm.funding.envelopes.rules import MOVES, Line, Movement, Subject, why_not_lowered
from crm.funding.envelopes.service.posting import Posting, write
from crm.funding.envelopes.workflow import CHANGES, Act
from crm.kernel.clock import now
from crm.kernel.errors import Invalid, require_reason
from crm.kernel.money import MOST_PENCE, NO_MONEY, Money
from crm.kernel.permissions import Actor


@dataclass(frozen=True)
class Limits:
    """The limit that each line is to have."""

    capital: Money = NO_MONEY
    revenue: Money = NO_MONEY
    in_kind: Money = NO_MONEY

    def of(self, line: Line) -> Money:
        """The limit of one line."""
        return {Line.CAPITAL: self.capital, Line.REVENUE: self.revenue, Line.IN_KIND: self.in_kind}[line]


def propose(found: Envelope, limits: Limits, *, reason: str, by: Actor) -> EnvelopeChange:
    """Propose other limits for the lines. No money moves before another person approves; one proposal waits at a time."""
    POLICY.require(by, Act.PROPOSE, found)
    require_reason(reason)
    queries.hold(found.id)
    refuse_if(why_not_proposed(found))
    differences = {line: limits.of(line) - queries.line_of(found.id, line).limited_to for line in Line}
    _require_some(differences)
    _require_above_taken(found.id, differences)
    fields = {line.value: difference for line, difference in differences.items()}
    assert by.account_id is not None
    made = EnvelopeChange(envelope_id=found.id, **fields, reason=reason.strip(), proposed_at=now())
    made.proposed_by_id = by.account_id
    session().add(made)
    session().flush()
    audit.record(Act.PROPOSE, made, created(envelope_id=found.id, **fields, reason=reason.strip()), by=by)
    return made


def why_not_proposed(found: Envelope) -> str | None:
    """Why no other limit can be proposed now: one proposal is decided before the next."""
    if change_queries.waiting_change(found.id) is not None:
        return "A change to this limit is already waiting for approval. It must be decided first."
    return None


def _require_some(differences: dict[Line, Money]) -> None:
    if not any(differences.values()):
        raise Invalid("These are the limits that it has already. Change one of them", field="capital")
    if any(abs(each.pence) > MOST_PENCE for each in differences.values()):
        raise Invalid("This amount is too large: the most is £99,999,999,999.99", field="capital")


def _require_above_taken(envelope_id: UUID, differences: dict[Line, Money]) -> None:
    for line, reason in _below_taken(envelope_id, differences):
        raise Invalid(reason, field=line.value)


def _below_taken(envelope_id: UUID, differences: dict[Line, Money]) -> Iterator[tuple[Line, str]]:
    """Each line that would be below what is committed or reserved of it, with why that cannot be."""
    for line, difference in differences.items():
        row = queries.line_of(envelope_id, line)
        reason = why_not_lowered(line, to=row.limited_to + difference, taken=row.taken)
        if difference.pence < 0 and reason:
            yield line, reason


def why_not_approved(change: EnvelopeChange) -> str | None:
    """Why a proposed limit cannot be approved now: more than it allows was committed or reserved meanwhile."""
    return next((reason for _, reason in _below_taken(change.envelope_id, change.differences)), None)


def approve(change: EnvelopeChange, *, by: Actor) -> None:
    """Let a proposed limit count, and post it. Refused if it would be below what is committed or reserved by now (P29)."""
    POLICY.require(by, Act.APPROVE, change)
    queries.hold(change.envelope_id)
    CHANGES.target(Act.APPROVE, change.status, thing=change)  # what was decided is said before any sum
    _require_above_taken(change.envelope_id, change.differences)
    changes = decide(CHANGES, change, Act.APPROVE, by=by)
    for line, difference in sorted(change.differences.items(), key=lambda each: -each[1].pence):
        _post(change, line, difference, by=by)
    audit.record(Act.APPROVE, change, changes, by=by)


def _post(change: EnvelopeChange, line: Line, difference: Money, *, by: Actor) -> None:
    """What a line gains comes from the fund, what it loses goes back there."""
    movement = Movement.RAISE if difference.pence > 0 else Movement.LOWER
    source, target = MOVES[movement][0]
    about, amount = Subject(change.__tablename__, change.id), Money(abs(difference.pence))
    write(Posting(movement, change.envelope_id, line, amount, source, target, about, change.reason), by=by)


def refuse(change: EnvelopeChange, *, reason: str, by: Actor) -> None:
    """Turn a proposed limit down, with a reason."""
    POLICY.require(by, Act.REFUSE, change)
    require_reason(reason)
    _close(change, Act.REFUSE, reason.strip(), by=by)


def withdraw(change: EnvelopeChange, *, by: Actor) -> None:
    """Withdraw one's own proposal."""
    POLICY.require(by, Act.WITHDRAW, change)
    _close(change, Act.WITHDRAW, "", by=by)


def _close(change: EnvelopeChange, act: Act, reason: str, *, by: Actor) -> None:
    audit.record(act, change, decide(CHANGES, change, act, decision=reason, by=by), by=by)
