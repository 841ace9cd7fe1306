"""What others did meanwhile, and what a page says that is asked again: through the page."""

from __future__ import annotations

from crm.kernel.permissions import SYSTEM
from crm.programme.cohort.queries.proposals import proposal
from crm.programme.cohort.service import confirming, proposing
from crm.programme.cohort.workflow import ProposalStatus
from tests import cohorts
from tests.cast import Cast
from tests.client import ConformingClient
from tests.programme.pages import sent


def test_k28_confirming_what_was_sent_back_meanwhile_says_who_did_it_and_why(
    client: ConformingClient, cast: Cast
) -> None:
    found = cohorts.cohort(cohorts.judged())
    draft = cohorts.draft(found, *cohorts.ranked(found.round, 90))
    confirming.propose(draft, reserves=0, by=SYSTEM)
    there = f"/cohort-drafts/{draft.id}"
    client.sign_in(cast.programme_manager)
    sent(client, f"{there}/send-back", {"reason": "Made: not yet"})
    client.sign_in(cast.approver)
    late = client.post(f"{there}/confirm")
    assert late.status_code == 409
    assert f"{cast.programme_manager.actor.name} sent it back on " in late.text
    assert "Made: not yet" in late.text
    assert "Confirm the cohort</button>" not in " ".join(late.text.split())


def test_k12_nobody_is_refused_because_a_field_was_filled_in_beforehand(
    client: ConformingClient, cast: Cast
) -> None:
    found = cohorts.cohort(cohorts.judged())
    first, *_ = cohorts.ranked(found.round, 90, 80, 70)
    draft = cohorts.draft(found, first)
    propose = f"/cohort-drafts/{draft.id}/propose"
    page = " ".join(client.sign_in(cast.programme_manager).get(propose).text.split())
    assert "Whoever is not on the list is refused: with 0 on it, all 2" in page
    assert "or 0 to refuse everyone else" in client.post(propose, data={"reserves": ""}).text
    assert "Proposed" in sent(client, propose, {"reserves": "0"})


def test_k33_a_proposal_that_came_to_nothing_leads_to_asking_for_another(
    client: ConformingClient, cast: Cast
) -> None:
    found = cohorts.cohort(cohorts.judged())
    cohorts.ranked(found.round, 90, 80)
    made = cohorts.proposal(cohorts.whole(found), status=ProposalStatus.ASKED)
    waiting = proposal(made.id)
    assert waiting is not None
    ask = f"/cohorts/{found.id}/proposals/ask"
    client.sign_in(cast.programme_manager)
    assert ask not in client.get(f"/cohort-proposals/{made.id}").text
    proposing.cancel(waiting, by=SYSTEM)
    assert ask in client.get(f"/cohort-proposals/{made.id}").text
