"""What others did meanwhile, and what a page says that is asked again: through the page."""

from __future__ import annotations

from sqlalchemy import update
from sqlalchemy.orm import Session

from crm.kernel.money import Money
from crm.kernel.permissions import SYSTEM
from crm.programme.cohort.models import Decision
from crm.programme.cohort.queries.proposals import proposal
from crm.programme.cohort.service import confirming, proposing
from crm.programme.cohort.service.confirming import Proposing
from crm.programme.cohort.workflow import ProposalStatus
from tests import cohorts, rounds
from tests.cast import Cast
from tests.client import ConformingClient
from tests.programme.cohort.test_deciding import confirmed, decision_on, seen_on, two_rounds_of_people
from tests.programme.pages import sent


def test_k28_confirming_what_was_sent_back_meanwhile_says_who_did_it_and_why(
    client: ConformingClient, cast: Cast
) -> None:
    found = cohorts.cohort(cohorts.judged())
    draft = cohorts.draft(found, *cohorts.ranked(found.round, 90))
    confirming.propose(draft, Proposing(0), by=SYSTEM)
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


def test_p36_what_an_early_end_released_stands_beside_the_award_in_the_list_and_the_pack(
    client: ConformingClient, cast: Cast, db: Session
) -> None:
    theirs, other = two_rounds_of_people()
    found = confirmed(theirs, other)
    db.execute(
        update(Decision).values(released=Money.pounds(38_000)).where(Decision.id == decision_on(db, other).id)
    )
    client.sign_in(cast.programme_manager)
    listed = " ".join(client.get(f"/cohorts/{found.id}/decisions").text.split())
    assert "£50,000.00, of which £38,000.00 was released when it ended" in listed
    (draft,) = cohorts.queries.drafts_of(found.id)
    pack = client.get(f"/cohort-drafts/{draft.id}/pack").text
    assert "Ended: £38,000.00 was not claimed and was released." in pack


def test_k28_letters_that_changed_meanwhile_are_not_sent_and_their_own_page_says_who_changed_one_and_when(
    client: ConformingClient, cast: Cast, db: Session
) -> None:
    theirs, other = two_rounds_of_people(70)
    found = confirmed(other, reserves=1)
    reserve = decision_on(db, theirs)
    client.sign_in(cast.programme_manager)
    letters, send = f"/cohorts/{found.id}/letters", f"/cohorts/{found.id}/decisions/notify-all"
    stale = seen_on(client, letters)
    name = rounds.whole_application(theirs).business.name
    client.sign_in(cast.approver)
    sent(client, f"/decisions/{reserve.id}/promote")
    client.sign_in(cast.programme_manager)
    late = client.post(send, data=stale)
    assert late.status_code == 409
    assert "Letters to be sent" in late.text, "on its own page"
    assert "yourself" not in late.text
    assert f"{cast.approver.actor.name} awarded {name} from the waiting list on " in late.text
    assert "on the way" in sent(client, send, seen_on(client, letters))
