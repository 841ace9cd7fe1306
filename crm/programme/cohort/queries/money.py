"""The money beside a cohort, from the line of the envelope that funds it."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import Subquery, literal, select

from crm.db.session import session
from crm.funding.envelopes.models import LedgerEntry
from crm.funding.envelopes.queries.beside import beside, moved_beyond, moved_in_all, taken
from crm.funding.envelopes.queries.ledger import balances_of, free_at, line_of
from crm.funding.envelopes.rules import LedgerAccount, Line, Subject
from crm.kernel.money import NO_MONEY, Money
from crm.programme.cohort.models import Cohort, CohortDraft, Decision
from crm.programme.cohort.queries.cohorts import confirmed_draft
from crm.programme.cohort.rules.money import Bar, Purse, barred, lines_of, parts_of
from crm.programme.cohort.workflow import DecisionStatus, Outcome

WITHDRAW = (
    "This money belongs to an award. A programme manager withdraws the award on the page of its decision: "
    "that releases the money."
)
CLAIMED = (
    "Money of this award was claimed. An approved claim that will not be paid is returned on its own page, and the rest of "
    "the award is ended early on the page of the award. Both change the ledger."
)
BACK = (LedgerAccount.RECOVERED, LedgerAccount.FREE)
COMMITTED = (LedgerAccount.FREE, LedgerAccount.COMMITTED)
OF_A_DECISION = LedgerEntry.subject_table == "decision"
OVER = "This award was withdrawn, declined or not accepted in time, and its money released. There is nothing left to reverse."


def bar_of(found: Cohort, draft: CohortDraft | None = None) -> Bar | None:
    """The money bar of a cohort with a draft on it; None in a dry run, which uses no live money."""
    if found.envelope_id is None:
        return None
    lines = lines_of(found.line)
    drawn = parts_of(draft.money, draft.capital, lines=lines) if draft else {}
    return barred({each: _bar(found.envelope_id, each, drawn.get(each, NO_MONEY)) for each in lines})


def _bar(envelope_id: UUID, line: Line, draft: Money) -> Bar:
    kept = line_of(envelope_id, line)
    return Bar(kept.limited_to, kept.committed, kept.reserved, draft, line=line)


def bar_beside(found: Cohort, draft: CohortDraft) -> Bar | None:
    """The money bar of a cohort beside one of its drafts. Once the cohort is confirmed its awards are reserved, so a draft adds nothing."""
    return bar_of(found) if found.confirmed_at else bar_of(found, draft)


def free_of(found: Cohort, draft: CohortDraft | None = None) -> Purse | None:
    """What is free in each line of a cohort beside a draft; None in a dry run."""
    bar = bar_of(found, draft)
    return None if bar is None else purse_of(found, bar)


def purse_of(found: Cohort, bar: Bar) -> Purse:
    """What is free in each line, by its bar: less than nothing where a draft is over."""
    return {each: one.left - one.draft for each, one in (bar.lines or {lines_of(found.line)[0]: bar}).items()}


def free_then(found: Cohort) -> Money | None:
    """What was free of the money of a cohort before it was confirmed, by the ledger; None in a dry run, or before."""
    if found.envelope_id is None or found.confirmed_at is None:
        return None
    confirmed = confirmed_draft(found.id)
    taken = confirmed.money if confirmed else NO_MONEY
    return free_at(found.envelope_id, lines_of(found.line), at=found.confirmed_at) + taken


def limits_of(found: Cohort) -> Purse | None:
    """The limit of each line of a cohort; None in a dry run."""
    bar = bar_of(found)
    if bar is None:
        return None
    return {each: one.limit for each, one in (bar.lines or {lines_of(found.line)[0]: bar}).items()}


def why_held(decision_id: UUID) -> str | None:
    """Why the ledger entries of a decision are not reversed: its money moves with the decision, on its own page."""
    found = session().get(Decision, decision_id)
    if found is None:
        return None
    if found.status is DecisionStatus.WITHDRAWN:
        return OVER
    return CLAIMED if balances_of(Subject("decision", decision_id)).claimed else WITHDRAW


def awarded_beside() -> Subquery:
    """What each award says it has beside what the ledger has set aside for it.

    An award has what was decided without what was released when it ended. Dry runs reserve no money and are left out.
    """
    ours = select(literal("decision"), Decision.id, Decision.amount - Decision.released)
    ours = ours.join(Cohort, Cohort.id == Decision.cohort_id)
    ours = ours.where(Cohort.envelope_id.is_not(None), Decision.outcome == Outcome.SUCCESSFUL)
    ours = ours.where(Decision.__table__.c.status != DecisionStatus.WITHDRAWN)
    return beside(ours, taken(OF_A_DECISION))


def committed_without() -> Subquery:
    """What the ledger has committed of what was free, by envelope and thing, about anything but awards."""
    return moved_beyond(COMMITTED, ~OF_A_DECISION)


def of_this_back() -> str:
    """What of it was paid back and is free again: it stays awarded, and is neither reserved nor committed now (P46)."""
    back = moved_in_all(BACK, OF_A_DECISION)
    return f"Of this, {back.in_full()} was paid back and is free again in its envelope." if back else ""
