"""An award that ends early or is complete: what was not claimed is free again, and nothing is left open. P44: one sum everywhere."""

from __future__ import annotations

import pytest
from justhtml import JustHTML
from sqlalchemy.orm import Session

from crm.funding.envelopes.rules import LedgerAccount
from crm.funding.subsidy.queries import headrooms_of
from crm.funding.subsidy.workflow import SubsidyStatus
from crm.kernel.clock import today
from crm.kernel.money import Money
from crm.programme.awards.queries.closings import open_closing
from crm.programme.awards.workflow import AwardStatus
from crm.programme.claims.workflow import ClaimStatus
from tests import claimed
from tests.cast import Cast
from tests.client import ConformingClient
from tests.conforming import elements, words
from tests.programme.claims.test_claims import letters, lying
from tests.programme.pages import sent


def test_p44_the_award_its_claims_and_the_ledger_say_the_same_sums(
    client: ConformingClient, cast: Cast
) -> None:
    found = claimed.award()
    claimed.paid(found, 2_000)
    claimed.approved(claimed.whole(found.id), 1_250)
    claimed.submitted(claimed.whole(found.id), 700)
    ledger = lying(found)
    assert ledger == {
        LedgerAccount.COMMITTED: Money.pounds(4_750),
        LedgerAccount.CLAIMED: Money.pounds(1_250),
        LedgerAccount.PAID: Money.pounds(2_000),
    }
    said = {
        "Paid": ledger[LedgerAccount.PAID],
        "Approved, not paid yet": ledger[LedgerAccount.CLAIMED],
        "Claimed, being checked": Money.pounds(700),
        "Still to claim": ledger[LedgerAccount.COMMITTED] - Money.pounds(700),
    }
    assert sum(said.values(), start=Money(0)) == found.amount, "what is in sight adds up to the grant"
    said["Granted"] = found.amount
    for person, pages in (
        (cast.programme_manager, (f"/awards/{found.id}", f"/awards/{found.id}/claims")),
        (cast.founder, (f"/awards/{found.id}", f"/awards/{found.id}/claims")),
    ):
        client.sign_in(person)
        for page in pages:
            shown = rows_of(client.get(page).text)
            assert {key: shown[key] for key in said} == {key: each.in_full() for key, each in said.items()}, (
                page
            )
    client.sign_in(cast.finance_officer)
    ledger_page = client.get(f"/envelopes/{found.envelope_id}/ledger?about=decision:{found.decision_id}").text
    assert "£1,250.00" in ledger_page
    listed = client.get("/award-claims").text
    assert "£1,250.00 approved" in " ".join(listed.split())


def rows_of(text: str) -> dict[str, str]:
    """The keys and values of the lists on a page, the first of each key."""
    found: dict[str, str] = {}
    for row in (each for each in elements(JustHTML(text, sanitize=False).root) if each.name == "div"):
        cells = [each for each in elements(row) if each.name in {"dt", "dd"}]
        if [each.name for each in cells] == ["dt", "dd"]:
            key, value = (words(each) for each in cells)
            found.setdefault(key, value.partition(" , ")[0])  # a link says its key again to whoever listens
    return found


def test_p36_an_award_that_was_accepted_is_ended_by_two_people_and_neither_withdrawn_nor_ruled_out_by_one(
    client: ConformingClient, cast: Cast
) -> None:
    found = claimed.award()
    client.sign_in(cast.programme_manager)
    here, about = f"/awards/{found.id}", f"/applications/{found.application_id}"
    withdraw = f"/decisions/{found.decision_id}/withdraw"
    for paid in (0, 1_000):
        if paid:
            claimed.paid(found, paid)
        assert "Withdraw the award" not in client.get(here).text
        assert "End the award early" in client.get(here).text
        for page in (withdraw, f"/decisions/{found.decision_id}"):
            assert "End it early on its own page instead" in client.get(page).text
        assert client.post(withdraw, data={"reason": "One press"}).status_code == 409
        assert "Rule it out" not in client.get(about).text
        refused = client.post(f"{about}/rule-out", data={"reason": "One press"})
        assert (refused.status_code, "once the business accepted it, end it" in refused.text) == (409, True)
    assert lying(found)[LedgerAccount.COMMITTED] == Money.pounds(7_000)


def test_p45_an_award_of_which_nothing_was_claimed_ends_early_too_and_leaves_no_money_or_subsidy(
    client: ConformingClient, cast: Cast
) -> None:
    found = claimed.award()
    proposal = claimed.closing(found, cast.programme_manager.actor)
    there = f"/award-closings/{proposal.id}"
    client.sign_in(cast.approver)
    assert "Award ended early" in sent(client, f"{there}/confirm", {"seen": seen_on(client.get(there).text)})
    ended = claimed.whole(found.id)
    assert (ended.status, lying(found)) == (AwardStatus.ENDED, {})
    assert ended.subsidy is None or ended.subsidy.status is SubsidyStatus.CANCELLED
    assert "No longer awarded since" in client.get(f"/decisions/{found.decision_id}").text
    assert ended.letters[-1]["kind"] == "award_ended"
    assert "Read: an award ended early" not in client.get("/desk").text, "not for whoever confirmed it"
    client.sign_in(cast.programme_manager)
    assert "Read: an award ended early" in client.get("/desk").text
    assert "Marked as read" in sent(client, f"{there}/read")
    assert "Read: an award ended early" not in client.get("/desk").text


def test_p45_an_award_ends_early_by_two_people_and_frees_what_was_not_claimed(
    client: ConformingClient, cast: Cast, db: Session
) -> None:
    found = claimed.award()
    papers = claimed.papers(found)
    client.sign_in(cast.programme_manager)
    here, _ = f"/awards/{found.id}", claimed.paid(found, 1_000)
    waiting = claimed.submitted(claimed.whole(found.id), 500)
    assert "£7,000.00 was not claimed" in client.get(f"{here}/end").text
    version = {"version": str(claimed.whole(found.id).version)}
    assert "Say why it ends" in client.post(f"{here}/end", data=version).text
    page = sent(client, f"{here}/end", {"reason": "The second market was given up"} | version)
    assert "Nothing changes until another" in page
    proposal = open_closing(found.id)
    assert proposal is not None
    there = f"/award-closings/{proposal.id}"
    assert "proposed already" in client.get(f"{here}/end").text
    assert "another person decides on it" in client.get(there).text
    assert client.post(f"{there}/confirm").status_code == 403
    assert lying(found)[LedgerAccount.COMMITTED] == Money.pounds(7_000), "nothing is released yet"
    client.sign_in(cast.approver)
    assert there in client.get("/desk").text
    assert "Decide claim 2 first" in client.post(f"{there}/confirm").text
    client.sign_in(cast.programme_manager)
    back = {"reason": "One page is missing", "version": str(waiting.version)}
    sent(client, f"/award-claims/{waiting.id}/return", back)
    client.sign_in(cast.approver)
    assert "Award ended early" in sent(client, f"{there}/confirm", {"seen": seen_on(client.get(there).text)})
    assert client.post(f"{there}/confirm").status_code == 409, "twice does nothing"
    assert claimed.again(waiting).status is ClaimStatus.DISCARDED
    assert lying(found) == {LedgerAccount.PAID: Money.pounds(1_000)}
    assert "Gross amount: £8,000 → £1,000" in client.get(f"/subsidies/{papers.id}").text
    assert str(papers.id) not in client.sign_in(cast.finance_officer).get("/desk").text
    assert headrooms_of([found.business_id], on=today())[found.business_id] == Money.pounds(314_000)
    client.sign_in(cast.founder)
    page = client.get(here).text
    assert "The second market was given up" in page
    assert "Do this now" not in page
    assert claimed.whole(found.id).letters[-1]["kind"] == "award_ended"
    assert letters(db, "award_ended") == 1


def test_p36_what_was_decided_stays_when_an_award_ends_early_and_what_was_released_stands_beside_it(
    client: ConformingClient, cast: Cast
) -> None:
    found = claimed.award()
    claimed.paid(found, 1_000)
    proposal = claimed.closing(found, cast.programme_manager.actor)
    there, about = f"/award-closings/{proposal.id}", f"/decisions/{found.decision_id}"
    client.sign_in(cast.approver)
    sent(client, f"{there}/confirm", {"seen": seen_on(client.get(there).text)})
    page = client.get(about).text
    shown = rows_of(page)
    assert shown["Award"].startswith("£8,000"), "as it was decided"
    assert (shown["Released when it ended"], shown["Left of the award"]) == ("£7,000", "£1,000")
    assert "ended it, and what nobody had claimed was released" in page
    client.sign_in(cast.finance_officer)
    assert "The difference is £0.00" in client.get("/reconciliation").text


def seen_on(text: str) -> str:
    """The mark of what a page shows, as its button carries it."""
    fields = [each for each in elements(JustHTML(text, sanitize=False).root) if each.name == "input"]
    return next(str(each.attrs["value"]) for each in fields if each.attrs.get("name") == "seen")


def test_a_closing_is_confirmed_only_as_its_page_showed_it_and_can_be_refused_or_withdrawn(
    client: ConformingClient, cast: Cast
) -> None:
    found = claimed.award()
    claimed.paid(found, 1_000)
    first = claimed.closing(found, cast.programme_manager.actor)
    there = f"/award-closings/{first.id}"
    client.sign_in(cast.approver)
    seen = seen_on(client.get(there).text)
    claimed.approved(claimed.whole(found.id), 250)
    assert client.post(f"{there}/confirm", data={"seen": seen}).status_code == 409, "less is left now"
    assert "Say why" in client.post(f"{there}/refuse", data={}).text
    stale = {"reason": "A buyer came back", "version": "99"}
    assert client.post(f"{there}/refuse", data=stale).status_code == 409
    assert "The award runs on" in sent(client, f"{there}/refuse", {"reason": "A buyer came back"})
    second = claimed.closing(found, cast.programme_manager.actor)
    client.sign_in(cast.programme_manager)
    assert "A buyer came back" in client.get(there).text
    withdraw = f"/award-closings/{second.id}/withdraw"
    assert client.post(withdraw, data={"version": "99"}).status_code == 409
    assert "Proposal withdrawn" in sent(client, withdraw, {"version": str(second.version)})
    assert claimed.whole(found.id).status is AwardStatus.ACCEPTED


@pytest.mark.parametrize(
    ("what", "said"), [("evidence", "Check the evidence that waits"), ("claim", "Decide claim 1 first")]
)
def test_k12_no_button_ends_an_award_while_evidence_or_a_claim_waits_and_its_page_says_what_to_do_first(
    client: ConformingClient, cast: Cast, what: str, said: str
) -> None:
    found = claimed.award()
    if what == "evidence":
        claimed.handed_in(found)
    else:
        claimed.met(found)
        claimed.submitted(claimed.whole(found.id), 500)
    there = f"/award-closings/{claimed.closing(claimed.whole(found.id), cast.programme_manager.actor).id}"
    page = client.sign_in(cast.approver).get(there).text
    assert said in page
    assert f"{there}/confirm" not in page
    assert client.post(f"{there}/confirm", data={"seen": "x"}).status_code == 409


def test_p45_an_award_is_completed_by_two_people_once_its_milestones_are_met(
    client: ConformingClient, cast: Cast, db: Session
) -> None:
    found = claimed.award()
    claimed.paid(found, 1_000)
    client.sign_in(cast.programme_manager)
    here = f"/awards/{found.id}"
    assert "is not met yet" in client.post(f"{here}/complete").text
    claimed.met(claimed.whole(found.id), 1)
    assert "Complete the award" in client.get(here).text
    sent(client, f"{here}/complete")
    proposal = open_closing(found.id)
    assert proposal is not None
    assert claimed.whole(found.id).status is AwardStatus.ACCEPTED
    client.sign_in(cast.approver)
    there = f"/award-closings/{proposal.id}"
    assert "Award completed" in sent(client, f"{there}/confirm", {"seen": seen_on(client.get(there).text)})
    assert claimed.whole(found.id).status is AwardStatus.COMPLETED
    page = client.get(f"/awards/{found.id}").text
    assert ("left to claim" in page, " planned</span>" in page) == (False, True)
    assert lying(found) == {LedgerAccount.PAID: Money.pounds(1_000)}
    assert letters(db, "award_completed") == 1
