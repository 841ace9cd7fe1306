"""The list of awards: in a state, of a business, with what they come to; and awards as a search finds them."""

from __future__ import annotations

from crm.db.session import session
from crm.funding.envelopes.rules import Subject
from crm.funding.envelopes.service import posting
from crm.kernel.clock import now
from crm.kernel.money import Money
from crm.kernel.permissions import SYSTEM
from crm.programme.awards.workflow import AwardStatus
from tests import awards, cohorts, factories, rounds
from tests.cast import Cast
from tests.client import ConformingClient


def test_awards_are_listed_by_status_with_their_sum_and_next_milestone_and_found_by_search(
    client: ConformingClient, cast: Cast
) -> None:
    owner = cohorts.cohort()
    for name, status in (("Made Heron", AwardStatus.ACCEPTED), ("Made Magpie", AwardStatus.OFFERED)):
        about = rounds.application(factories.business(name=name), owner.round)
        awards.award(cohorts.decision(owner, about, amount=Money.pounds(20_000)), status=status)
    closed = {AwardStatus.ENDED: "Made Wren", AwardStatus.LAPSED: "Made Robin"}
    for status, name in closed.items():
        about = rounds.application(factories.business(name=name), owner.round)
        decided = cohorts.decision(owner, about, amount=Money.pounds(20_000))
        awards.award(decided, status=status)
        if status is AwardStatus.ENDED:
            left = {"amount": Money.pounds(2_000), "about": Subject("decision", decided.id)}
            posting.commit(owner.envelope_id, owner.line, **left, reason="Made", by=SYSTEM)
    client.sign_in(cast.approver)
    every = client.get("/awards").text
    assert ("4 awards" in every, "£20,000.00 in 1 award<" in every) == (True, True)
    assert "£2,000.00 of £20,000.00 in 1 award" in every, (
        "K8: of an award that ended early, what was approved"
    )
    assert "1 award, of which nothing counts" in every, "an offer that was not answered in time"
    assert "Together <strong>£42,000.00</strong>" in every
    assert 'href="/awards?status=ended">' in every, "K14: each sum opens its awards"
    assert "next: Made: the pilot has ten buyers, due" in every
    accepted = client.get("/awards?status=accepted").text
    assert "£20,000.00 in 1 award<" in accepted
    assert "Made Magpie" not in accepted
    assert "No awards match" in client.get("/awards?status=lapsed&business=heron").text
    assert "Award to Made Heron" in client.get("/search?q=heron").text
    client.sign_in(cast.founder)
    assert client.get("/awards").status_code == 403
    assert "Award to Made Heron" not in client.get("/search?q=heron").text


def test_k2_an_award_whose_milestones_are_all_met_is_listed_as_such(
    client: ConformingClient, cast: Cast
) -> None:
    owner = cohorts.cohort()
    about = rounds.application(factories.business(name="Made Heron"), owner.round)
    found = awards.award(cohorts.decision(owner, about), status=AwardStatus.ACCEPTED)
    for each in found.milestones:
        each.met_at = now()
    session().flush()
    client.sign_in(cast.approver)
    for page in ("/awards", f"/cohorts/{owner.id}/awards"):
        assert "every milestone met" in client.get(page).text
