"""A cohort funded from capital and revenue: each award has a part of each, and neither line ever makes up for the other."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy.orm import Session

from crm.db.session import session
from crm.documents.service import Upload, stored
from crm.funding.envelopes.queries.beside import compared_in
from crm.funding.envelopes.queries.ledger import balances_of, reconciled
from crm.funding.envelopes.rules import LedgerAccount, Line, Movement, Subject
from crm.funding.envelopes.service import posting
from crm.funding.payments.queries.payments import payments_about
from crm.gateways.files import files_from_url
from crm.gateways.solver import Highs
from crm.kernel.clock import now, today
from crm.kernel.errors import Invalid
from crm.kernel.money import Money
from crm.kernel.permissions import SYSTEM
from crm.programme.applications.workflow import ApplicationStatus
from crm.programme.awards.models import Award
from crm.programme.awards.queries import closings
from crm.programme.awards.queries.awards import award_of_decision
from crm.programme.awards.service import answering, closing, preparing, sending
from crm.programme.awards.service.answering import Signature
from crm.programme.awards.service.closing import Proposal
from crm.programme.awards.service.preparing import Standing
from crm.programme.awards.service.sending import Paper
from crm.programme.awards.workflow import ClosingKind
from crm.programme.claims.service import assessing
from crm.programme.cohort.models import Cohort, Decision, DraftPlace
from crm.programme.cohort.queries import decisions, proposals
from crm.programme.cohort.queries.candidates import candidates
from crm.programme.cohort.queries.money import awarded_beside, bar_of
from crm.programme.cohort.rules.freezing import frozen_answer, question_of
from crm.programme.cohort.rules.proposing import propose
from crm.programme.cohort.service import proposing, working
from crm.programme.cohort.service.proposing import ProposalWanted
from crm.programme.cohort.workflow import DecisionStatus
from crm.programme.rounds.models import Round
from crm.programme.rounds.workflow import QuestionKind
from tests import awards, claimed, cohorts, rounds
from tests.cast import Cast
from tests.client import ConformingClient
from tests.programme.pages import sent

A, POUND = LedgerAccount, 100
PARTS = (80_000, 50_000)
LIMITS = {Line.CAPITAL: Money.pounds(800_000), Line.REVENUE: Money.pounds(500_000)}


def asking(found: Round, score: int, capital: int, revenue: int) -> None:
    sums = {"asked_for": Money.pounds(capital + revenue), "asked_capital": Money.pounds(capital)}
    cohorts.ranked(found, score, **sums)


def two_lines(limits: Mapping[Line, Money] = LIMITS) -> Cohort:
    """Ten that ask for £80,000 of capital and £50,000 of revenue, then one for more capital, and one for little of both."""
    found = cohorts.judged()
    rounds.question(rounds.section(found), QuestionKind.MONEY, is_capital_asked=True)
    for score in range(90, 80, -1):
        asking(found, score, *PARTS)
    asking(found, 75, 90_000, 10_000)
    asking(found, 70, 30_000, 20_000)
    envelope = cohorts.envelope(limits[Line.REVENUE])
    way = (A.FUND, A.FREE, Subject("envelope", envelope.id), "Made")
    more = posting.Posting(Movement.RAISE, envelope.id, Line.CAPITAL, limits[Line.CAPITAL], *way)
    posting.write(more, by=SYSTEM)
    return cohorts.cohort(rounds.whole(found), envelope_id=envelope.id, line=None)


def lines_of(decided: Decision) -> dict[Line, dict[LedgerAccount, Money]]:
    about = Subject("decision", decided.id)
    return {
        line: {
            each: held for each in A if each is not A.FREE and (held := balances_of(about, line=line)[each])
        }
        for line in (Line.CAPITAL, Line.REVENUE)
    }


def every_penny(client: ConformingClient, found: Cohort) -> tuple[str, DraftPlace]:
    """A draft filled by rank to the last penny of both lines: its page, and its last place."""
    text = sent(client, f"/cohorts/{found.id}/drafts/start", {"name": "Every penny", "like": ""})
    assert [each for each in ("£800,000.00", "£500,000.00", "£1,300,000.00") if each not in text] == []
    (draft,) = cohorts.queries.drafts_of(found.id)
    page = f"/cohort-drafts/{draft.id}"
    assert "10 applications added by rank." in sent(client, f"{page}/fill")
    last = [
        each.id for each in candidates(cohorts.whole(found).round) if each.capital == Money.pounds(80_000)
    ][-1]
    places = cohorts.whole_draft(draft).places
    return page, next(each for each in places if each.application_id == last)


def reserved(capital: int, revenue: int) -> dict[Line, dict[LedgerAccount, Money]]:
    sums = {Line.CAPITAL: capital, Line.REVENUE: revenue}
    return {line: {A.RESERVED: Money.pounds(pounds)} for line, pounds in sums.items()}


def test_P27_neither_part_of_an_award_is_more_than_its_own_part_asked_for(
    client: ConformingClient, cast: Cast
) -> None:
    client.sign_in(cast.programme_manager)
    page, last = every_penny(client, two_lines())
    choose = f"{page}/applications/{last.application_id}/choose"
    for capital, revenue, says in (
        ("80,000.01", "49,999.99", "The capital must not be more than the £80,000 asked for"),
        ("80,000", "50,000.01", "The revenue must not be more than the £50,000 asked for"),
        ("", "", "Enter the capital to award, or 0"),
    ):
        refused = client.post(choose, data={"capital": capital, "revenue": revenue})
        assert refused.status_code == 422
        assert says in refused.text
    less = sent(client, choose, {"capital": "79,999.99", "revenue": "50,000", "part": "Made: a penny less"})
    assert "£0.01" in less
    assert "app-balance__share" in less


def test_P27_a_penny_of_capital_too_much_is_refused_although_as_much_revenue_is_free(
    client: ConformingClient, cast: Cast, db: Session
) -> None:
    found = two_lines()
    client.sign_in(cast.programme_manager)
    page, last = every_penny(client, found)
    sent(client, f"{page}/propose", {"reserves": "2"})
    last.capital = last.capital + Money(1)
    db.flush()
    says = "This draft needs £800,000.01 of capital. £800,000.00 is free, so it is over by £0.01."
    client.sign_in(cast.approver)
    hindered = client.get(page).text
    assert says in hindered
    assert f"{page}/confirm" not in hindered
    refused = client.post(f"{page}/confirm")
    assert refused.status_code == 409
    assert says in refused.text

    last.capital = last.capital - Money(1)
    db.flush()
    assert "Cohort confirmed" in sent(client, f"{page}/confirm")
    bar = bar_of(cohorts.whole(found))
    assert bar is not None
    assert {line: (each.reserved, each.free) for line, each in bar.lines.items()} == {
        line: (limit, Money(0)) for line, limit in LIMITS.items()
    }


def test_P34_the_waiting_list_brings_in_who_fits_both_lines(client: ConformingClient, cast: Cast) -> None:
    found = two_lines()
    client.sign_in(cast.programme_manager)
    page, _ = every_penny(client, found)
    sent(client, f"{page}/propose", {"reserves": "2"})
    client.sign_in(cast.approver)
    sent(client, f"{page}/confirm")
    first = decisions.decisions_of(found.id)[0]
    assert lines_of(first) == reserved(80_000, 50_000)
    client.sign_in(cast.programme_manager)
    sent(client, f"/decisions/{first.id}/withdraw", {"reason": "Made: it closed"})
    assert lines_of(first) == {Line.CAPITAL: {}, Line.REVENUE: {}}
    client.sign_in(cast.approver)
    waiting = client.get(f"/cohorts/{found.id}/waiting-list").text
    assert "asks for £90,000 of capital, and £80,000 is free" in waiting
    assert "Two people decided the order of this list with the cohort: Programme Manager of" in waiting
    step = decisions.next_reserve(cohorts.whole(found))
    assert step.chosen is not None
    text = sent(client, f"/decisions/{step.chosen.id}/promote")
    assert ", by Approver of the Cast" in text
    told = text.partition("History<")[2]
    for words in ("Manager of the Cast proposed the cohort", "Approver of the Cast awarded it from the"):
        assert words in told, "K6: who proposed the cohort, and who decided"
    came_in = decisions.decision(step.chosen.id)
    assert came_in is not None
    assert lines_of(came_in) == reserved(30_000, 20_000)


def test_P30_a_proposed_cohort_keeps_each_line_and_is_taken_over_with_both_parts(
    cast: Cast, db: Session
) -> None:
    found = two_lines()
    wanted = ProposalWanted(Money.pounds(350_000), capital=Money.pounds(170_000))
    made = proposing.ask(found, wanted, by=cast.programme_manager.actor)
    working.take_up(made)
    question = question_of(made.question, seconds=working.SECONDS)
    assert [each.words for each in question.limits[:2]] == [
        "£170,000 of capital to award",
        "£180,000 of revenue to award",
    ]
    working.conclude(made, frozen_answer(propose(question, solver=Highs())))
    db.flush()
    db.expire_all()
    ready = proposals.proposal(made.id)
    assert ready is not None
    draft = cohorts.whole_draft(proposing.take_over(ready, "Taken over", by=SYSTEM))

    assert (draft.capital, draft.money - draft.capital) == (
        Money.pounds(160_000),
        Money.pounds(100_000),
    )
    bar = bar_of(draft.cohort, draft)
    assert bar is not None
    assert not bar.over


def offered(found: Cohort) -> Award:
    about = rounds.application(claimed.own(claimed.BUSINESS), found.round, status=ApplicationStatus.ASSESSED)
    sums = {"amount": Money.pounds(8_000), "capital": Money.pounds(5_000)}
    made = cohorts.decision(found, about, status=DecisionStatus.NOTIFIED, notified_at=now(), **sums)
    for line, pounds in ((Line.CAPITAL, 5_000), (Line.REVENUE, 3_000)):
        subject, envelope = Subject("decision", made.id), found.envelope_id
        assert envelope is not None
        posting.reserve(envelope, line, amount=Money.pounds(pounds), about=subject, reason="Made", by=SYSTEM)
    whole = decisions.decision(made.id)
    assert whole is not None
    whole_offer = awards.an_offer(Money.pounds(8_000))
    (one,) = whole_offer.milestones
    rows = (
        replace(one, amount=Money.pounds(5_000), is_capital=True),
        replace(one, amount=Money.pounds(3_000)),
    )
    wrong = replace(whole_offer, milestones=(replace(rows[0], is_capital=False), rows[1]))
    with pytest.raises(Invalid, match=r"£5,000.00 less than its capital of £5,000.00"):
        preparing.prepare(whole, wrong, by=SYSTEM)
    preparing.prepare(whole, replace(whole_offer, match_share=0, milestones=rows), by=SYSTEM)
    session().flush()
    session().expire_all()
    award = award_of_decision(made.id)
    assert award is not None
    return award


def test_P44_what_a_milestone_pays_comes_from_its_own_line_to_the_last_claim_and_the_rest_is_free_in_both(
    cast: Cast,
) -> None:
    award = offered(two_lines())
    preparing.check_company(award, Standing("active"), by=SYSTEM)
    letter = stored(Upload("offer.pdf", claimed.PDF), files=files_from_url("memory://"))
    sending.offer(awards.whole(award), Paper(letter), by=SYSTEM)
    answering.accept(awards.whole(award), Signature("Made Owner", is_within_limit=True), by=SYSTEM)
    running = awards.whole(award)
    running.starts_on, about = today() - timedelta(days=30), running.decision
    assert lines_of(about) == {
        Line.CAPITAL: {A.COMMITTED: Money.pounds(5_000)},
        Line.REVENUE: {A.COMMITTED: Money.pounds(3_000)},
    }
    place = next(at for at, each in enumerate(awards.whole(award).milestones) if each.is_capital)
    made = claimed.submitted(awards.whole(award), 1_000, place=place)
    assessing.approve(made, by=SYSTEM)
    (due,) = payments_about(Subject("award_claim", made.id))
    assert (due.line, due.amount) == (Line.CAPITAL, Money.pounds(1_000))
    wanted = Proposal(ClosingKind.END, "Made: given up")
    proposed = closing.propose(awards.whole(award), wanted, by=cast.programme_manager.actor)
    waiting = closings.closing(proposed.id)
    assert waiting is not None
    closing.confirm(waiting, by=cast.approver.actor)
    assert lines_of(awards.whole(award).decision) == {
        Line.CAPITAL: {A.CLAIMED: Money.pounds(1_000)},
        Line.REVENUE: {},
    }
    assert not any(each.differences for each in reconciled())


def test_a_cohort_has_two_lines_only_where_its_round_asks_for_the_part_for_capital(
    client: ConformingClient, cast: Cast
) -> None:
    found = cohorts.judged()
    envelope = cohorts.envelope()
    client.sign_in(cast.programme_manager)
    begin, fields = (
        f"/programme/rounds/{found.id}/cohort/begin",
        {"envelope": str(envelope.id), "line": "both"},
    )
    refused = client.post(begin, data=fields)
    assert refused.status_code == 422
    assert "This round does not ask how much of the amount is for capital" in refused.text
    rounds.question(rounds.section(found), QuestionKind.MONEY, is_capital_asked=True)
    session().expire_all()
    assert "Cohort created." in sent(client, begin, fields)


def test_P46_money_that_came_back_and_was_made_free_again_leaves_the_award_as_it_was_in_the_reconciliation(
    db: Session,
) -> None:
    envelope, about = cohorts.envelope(), Subject("decision", uuid4())
    told: dict[str, Any] = {"about": about, "reason": "Made", "by": SYSTEM}
    for verb in (posting.commit, posting.claim, posting.pay):
        verb(envelope.id, Line.REVENUE, amount=Money.pounds(1_000), **told)
    posting.recover(envelope.id, Line.REVENUE, amount=Money.pounds(300), **told)
    posting.release(envelope.id, None, amount=Money.pounds(300), out_of=A.RECOVERED, **told)
    db.flush()

    assert compared_in(awarded_beside(), most=9) == {about: (Money(0), Money.pounds(1_000))}
    assert not any(each.differences for each in reconciled())


def test_p27_a_penny_more_capital_than_is_free_is_refused_where_a_proposal_is_asked_for(
    client: ConformingClient, cast: Cast
) -> None:
    found = two_lines()
    page = f"/cohorts/{found.id}/proposals/ask"
    free = {each: f"{LIMITS[each].pence / 100:,.2f}" for each in (Line.CAPITAL, Line.REVENUE)}
    shown = client.sign_in(cast.programme_manager).get(page).text
    assert [each for each in free.values() if f"£{each} is free" not in shown] == []
    groups = {
        "group_1": "",
        "number_1": "",
        "group_2": "",
        "number_2": "",
        "must_be_in": "",
        "must_be_out": "",
    }
    exact = {"capital": free[Line.CAPITAL], "revenue": free[Line.REVENUE], **groups}
    more = client.post(page, data=exact | {"capital": free[Line.CAPITAL][:-1] + "1"})
    assert more.status_code == 422
    assert f"£{free[Line.CAPITAL]} is free of capital, so this is over by £0.01" in more.text
    assert not proposals.is_any_open(found.id)
    assert "Proposal requested" in sent(client, page, exact)


def test_k33_filling_by_rank_says_where_it_stops_and_who_would_fit_next(
    client: ConformingClient, cast: Cast
) -> None:
    found = two_lines({Line.CAPITAL: Money.pounds(760_000), Line.REVENUE: Money.pounds(480_000)})
    client.sign_in(cast.programme_manager)
    sent(client, f"/cohorts/{found.id}/drafts/start", {"name": "By rank", "like": ""})
    (draft,) = cohorts.queries.drafts_of(found.id)
    page = f"/cohort-drafts/{draft.id}"
    names = [each.name for each in candidates(cohorts.whole(found).round)]
    stops = f"Rank 10, {names[9]}, needs £40,000.00 more capital and £20,000.00 more revenue than is free."
    further = f"The next that fits is rank 12, {names[11]}: add it with a reason."
    added = sent(client, f"{page}/fill")
    assert f"9 applications added by rank. {stops} {further}" in added
    assert f"{page}/fill" not in added, "the button is not offered where it could do nothing"
    assert f"Nobody can be added by rank. {stops} {further}" in added
    late = client.post(f"{page}/fill")
    assert late.status_code == 409
    assert stops in late.text
    assert "Add with a reason" in late.text, "said on the page of the draft"
