"""The demonstration's awards: one in every state, with invented milestones, letters and answers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from functools import partial
from uuid import UUID

from crm.accounts.queries import standing_in, standing_in_for
from crm.db.session import session
from crm.documents.papers import store
from crm.documents.service import Upload, stored
from crm.funding.payments.queries.details import confirmed_details
from crm.kernel.clock import earlier, today
from crm.kernel.money import Money
from crm.kernel.permissions import SYSTEM, Actor
from crm.programme.awards.models import Award, AwardClosing
from crm.programme.awards.papers import offer_pdf
from crm.programme.awards.queries import awards, closings
from crm.programme.awards.rules.offering import MilestoneDetails, OfferDetails
from crm.programme.awards.service import answering, closing, preparing, sending
from crm.programme.awards.service.answering import Signature
from crm.programme.awards.service.closing import Proposal
from crm.programme.awards.service.preparing import Standing
from crm.programme.awards.service.sending import Paper
from crm.programme.awards.workflow import ClosingKind
from crm.programme.cohort.queries.decisions import decision
from crm.programme.cohort.service import withdrawing
from crm.programme.cohort.service.deciding import withdraw_award
from crm.programme.jobs.claiming import (
    begin_evidence,
    change_all,
    claim_all,
    claim_part,
    claim_whole,
    give_account,
    support_change,
)
from crm.web.navigation import settings

LATE = timedelta(days=9)
"""So long ago a milestone was due, of which there is no evidence."""
GIVEN_UP = "Invented: the second market was given up."
SECOND_YEAR, HALF_A_YEAR = timedelta(days=371), timedelta(days=230)
"""How long ago the two awards of the oldest round were accepted: of the one a year of figures is known, the other is done."""
WHY = "Invented: a larger order came in, so the project is done without the grant."


def offer_and_withdraw(decision_id: UUID, *, by: Actor, approver: Actor) -> None:
    """An offer that was sent before its award was withdrawn, by two people."""
    _offer(decision_id, by=by, approver=approver)
    found = decision(decision_id)
    assert found is not None
    withdrawing.propose_withdrawal(found, reason="Invented: the business was sold in the meantime.", by=by)
    withdraw_award(found, by=approver)


def award_all(decision_ids: Sequence[UUID], *, by: Actor, approver: Actor) -> None:
    """Offers that were sent, declined, not answered and ended early, and one that is still being prepared."""
    *sent, last = decision_ids
    ways: tuple[Callable[[Award], None], ...] = (
        _leave,
        _decline,
        _let_lapse,
        partial(_end, by=by, approver=approver),
    )
    for each, happens in zip(sent, ways, strict=False):
        happens(_offer(each, by=by, approver=approver))
        session().flush()
    _prepare(last, by=by)


def run_on(accepted: UUID, completed: UUID, *, by: Actor, approver: Actor) -> None:
    """An award under way, with claims in every state, and one whose milestones are all met."""
    plans = today() + timedelta(days=120), today() + timedelta(days=15)
    with earlier(SECOND_YEAR):
        running = _accept(_offer(accepted, by=by, approver=approver, first_due=plans[0]))
    claim_all(running, by=by, approver=approver)
    change_all(_whole(running), by=by, approver=approver)
    with earlier(HALF_A_YEAR):
        made = _accept(_offer(completed, by=by, approver=approver, first_due=plans[1]))
        give_account(made)
    claim_whole(_whole(made), by=by, approver=approver)
    _close(made, Proposal(ClosingKind.COMPLETE), by=by, approver=approver)


def run_out(completed: UUID, declined: UUID, *, by: Actor, approver: Actor) -> None:
    """An award that was claimed to the last pound and completed, and one whose offer was declined long ago."""
    due = today() + timedelta(days=15)
    with earlier(SECOND_YEAR):
        _decline(_offer(declined, by=by, approver=approver))
    with earlier(HALF_A_YEAR):
        made = _accept(_offer(completed, by=by, approver=approver, first_due=due))
        if confirmed_details(made.business_id) is None:
            give_account(made)
    claim_whole(_whole(made), by=by, approver=approver)
    _close(made, Proposal(ClosingKind.COMPLETE), by=by, approver=approver)


def move_money(decision_id: UUID, *, by: Actor, approver: Actor, since: timedelta) -> None:
    """An award under way since then, whose first milestone is past its day: its business asked to move money, which a programme manager
    supports, and it is to end early.
    """
    late = today() - LATE
    with earlier(since):
        running = _accept(_offer(decision_id, by=by, approver=approver, first_due=late))
    running = _whole(running)
    support_change(running, by=by)
    begin_evidence(running, 0)
    propose_to_end(running, by=by, approver=approver)


def _prepare(decision_id: UUID, *, by: Actor, first_due: date | None = None) -> Award:
    """A third of it by each of three milestones, the first due in 120 days."""
    session().flush()
    session().expire_all()
    found = decision(decision_id)
    assert found is not None
    assert found.amount is not None
    third = Money(found.amount.pence // 3)
    day = today()
    due = first_due or day + timedelta(days=120)
    rows = tuple(
        MilestoneDetails(strand, title, due + timedelta(days=days), evidence, amount)
        for strand, title, days, evidence, amount in (
            ("sales", "Invented: ten buyers have tried it", 0, "Signed orders", third),
            ("ip", "Invented: the name is registered", 60, "The certificate", third),
            ("markets", "Invented: sold abroad", 120, "Invoices", found.amount - third - third),
        )
    )
    details = OfferDetails(
        "Invented: a pilot in two markets",
        5_000,
        day,
        due + timedelta(days=245),
        min(day + timedelta(days=28), due),
        rows,
    )
    return _whole(preparing.prepare(found, details, by=by))


def _offer(decision_id: UUID, *, by: Actor, approver: Actor, first_due: date | None = None) -> Award:
    made = _prepare(decision_id, by=by, first_due=first_due)
    reason = "Invented: read at Companies House."
    preparing.check_company(made, Standing("active", reason), by=approver)
    made = _whole(made)
    letter = Upload(sending.name_of_letter(made), offer_pdf(made, settings()))
    paper = Paper(stored(letter, files=store()))
    # Some businesses of the demonstration have nobody with an account, and nobody would be told: no rule refuses here.
    sending.offer(made, paper, by=standing_in(approver))
    return _whole(made)


def _whole(found: Award) -> Award:
    session().flush()
    session().expire_all()
    again = awards.award(found.id)
    assert again is not None
    return again


def _leave(_found: Award) -> None:
    """It waits for its answer."""


def _accept(found: Award) -> Award:
    who = standing_in_for(found.business_id, otherwise=SYSTEM)
    answering.accept(found, Signature(who.name, is_within_limit=True), by=who)
    return _whole(found)


def _decline(found: Award) -> None:
    answering.decline(found, reason=WHY, by=standing_in_for(found.business_id, otherwise=SYSTEM))


def _let_lapse(found: Award) -> None:
    found.offer_expires_on = today() - timedelta(days=1)
    session().flush()
    answering.lapse(_whole(found))


def _end(found: Award, *, by: Actor, approver: Actor) -> None:
    """A part was claimed before it ended."""
    made = _accept(found)
    claim_part(made, by=by)
    _close(made, Proposal(ClosingKind.END, GIVEN_UP), by=by, approver=approver)


def _proposed(found: Award, wanted: Proposal, *, by: Actor) -> AwardClosing:
    made = closing.propose(_whole(found), wanted, by=by)
    session().flush()
    again = closings.closing(made.id)
    assert again is not None
    return again


def _close(found: Award, wanted: Proposal, *, by: Actor, approver: Actor) -> None:
    """Proposed by the programme manager, confirmed by the approver."""
    closing.confirm(_proposed(found, wanted, by=by), by=approver)
    session().flush()


def propose_to_end(found: Award, *, by: Actor, approver: Actor) -> None:
    """Proposals to end a running award: one refused, one withdrawn, and one that waits for the approver."""
    wanted = Proposal(ClosingKind.END, GIVEN_UP)
    closing.refuse(_proposed(found, wanted, by=by), reason="Invented: a buyer came back.", by=approver)
    closing.withdraw(_proposed(found, wanted, by=by), by=by)
    _proposed(found, wanted, by=by)
