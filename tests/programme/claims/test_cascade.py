"""The waiting list after an award ended early: the money that was released brings in the right one."""

from __future__ import annotations

from crm.funding.envelopes.rules import Subject
from crm.funding.envelopes.service import posting
from crm.kernel.money import Money
from crm.kernel.permissions import SYSTEM
from crm.programme.awards.queries import closings
from crm.programme.awards.service import closing
from crm.programme.awards.service.closing import Proposal
from crm.programme.awards.workflow import AwardStatus, ClosingKind
from crm.programme.cohort.models import Cohort, Decision
from crm.programme.cohort.queries import decisions
from crm.programme.cohort.service import confirming, telling
from crm.programme.cohort.service.confirming import Proposing
from crm.programme.cohort.workflow import Outcome
from tests import awards, cohorts
from tests.cast import Cast
from tests.client import ConformingClient
from tests.programme.pages import sent


def awarded() -> tuple[Cohort, Decision]:
    """An award of £50,000 out of an envelope of just that, and two who wait for £45,000 and £30,000, in this order."""
    found = cohorts.cohort(cohorts.judged(), envelope_id=cohorts.envelope(Money.pounds(50_000)).id)
    first, *waiting = cohorts.ranked(found.round, 90, 80, 70)
    for each, pounds in zip(waiting, (45_000, 30_000), strict=True):
        each.asked_for = Money.pounds(pounds)
    draft = cohorts.draft(found, first)
    confirming.propose(draft, Proposing(2), by=SYSTEM)
    confirming.confirm(draft, by=SYSTEM)
    (made,) = [each for each in decisions.decisions_of(found.id) if each.outcome is Outcome.SUCCESSFUL]
    telling.notify(made, by=SYSTEM)
    return cohorts.whole(found), made


def test_p34_money_released_by_an_early_end_brings_in_the_first_reserve_that_it_reaches(
    client: ConformingClient, cast: Cast
) -> None:
    found, made = awarded()
    assert found.envelope_id is not None
    given = awards.award(made, status=AwardStatus.ACCEPTED)
    about, where = Subject("decision", made.id), (found.envelope_id, found.line)
    for post, pounds in ((posting.commit, 50_000), (posting.claim, 20_000)):
        post(*where, amount=Money.pounds(pounds), about=about, reason="Made", by=SYSTEM)
    listed = f"/cohorts/{found.id}/waiting-list"
    client.sign_in(cast.approver)
    assert listed not in client.get("/desk").text, "nothing is free"
    proposed = closing.propose(
        given, Proposal(ClosingKind.END, "Made: given up"), by=cast.programme_manager.actor
    )
    assert decisions.next_reserve(found).chosen is None, "a proposal releases nothing"
    waiting = closings.closing(proposed.id)
    assert waiting is not None
    closing.confirm(waiting, by=cast.approver.actor)
    assert listed in client.get("/desk").text
    step = decisions.next_reserve(found)
    assert step.chosen is not None
    assert (step.chosen.place, step.amount) == (2, Money.pounds(30_000))
    assert [each.place for each, _ in step.passed] == [1], (
        "£45,000 is more than the £30,000 that was released"
    )
    page = client.get(listed).text
    assert step.chosen.name in page
    passed = next(each for each, _ in step.passed)
    assert client.post(f"/decisions/{passed.id}/promote").status_code == 409
    sent(client, f"/decisions/{step.chosen.id}/promote")
    assert decisions.next_reserve(cohorts.whole(found)).chosen is None, "and nothing is free again"
