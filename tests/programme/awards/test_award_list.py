"""The list of awards: in a state, of a business, with what they come to; and awards as a search finds them."""

from __future__ import annotations

from crm.db.session import session
from crm.kernel.clock import now
from crm.kernel.money import Money
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
    client.sign_in(cast.approver)
    every = client.get("/awards").text
    assert "2 awards, £40,000.00" in every
    assert "next: Made: the pilot has ten buyers, due" in every
    accepted = client.get("/awards?status=accepted").text
    assert "1 award, £20,000.00" in accepted
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
