"""What letters and forms of deals say fits what happened: the sum that is known, the papers that follow, and who can make room."""

from __future__ import annotations

import pytest

from crm.angels.deals.models import Investment
from crm.angels.deals.workflow import InvestmentStatus, PledgeStatus, ShareRelief
from crm.kernel.money import Money
from tests.angels.deals import made
from tests.angels.deals.test_investing import DAY, FORM, met, raised
from tests.angels.people import letters, rows
from tests.cast import Cast
from tests.client import ConformingClient
from tests.rules.test_openings import on_day

K = Money.pounds


def test_k17_the_sum_of_a_committed_pledge_is_filled_in_where_its_investment_is_recorded(
    cast: Cast, client: ConformingClient
) -> None:
    found = raised()
    owner, meeting = met(found)
    made.pledge(found, owner, PledgeStatus.COMMITTED, amount=K(5_500))
    page = client.sign_in(owner).get(f"/introductions/{meeting.id}/invested").text
    assert 'value="5,500"' in page or 'value="5500"' in page


@pytest.mark.parametrize(("relief", "papers"), [(ShareRelief.SEIS, "SEIS"), (ShareRelief.NONE, "")])
def test_k11_a_business_that_has_papers_to_see_to_is_not_told_that_nothing_is_left_to_do(
    cast: Cast, client: ConformingClient, relief: ShareRelief, papers: str
) -> None:
    found = raised()
    owner, _ = met(found)
    paid = made.investment(found, owner, relief=relief)
    assert client.sign_in(owner).post(f"/investments/{paid.id}/agree").status_code == 303
    told = letters("investment_agreed")
    assert {each.context["papers"] for each in told} == {papers}
    assert {each.to_address for each in told} == {cast.founder.email}


def test_k25_an_investor_reads_that_they_invested_and_in_whom(cast: Cast, client: ConformingClient) -> None:
    found = raised()
    owner, _ = met(found)
    sent = FORM | {"investor": str(owner.id)}
    client.sign_in(cast.founder).post(f"/raises/{found.id}/investments/new", data=sent)
    (told,) = letters("investment_reported")
    assert told.context["what"] == "that you invested £25,000 in it"


def test_k12_no_side_corrects_its_report_beyond_what_the_raise_has_room_for(
    cast: Cast, client: ConformingClient
) -> None:
    found = raised(amount=K(60_000))
    owner, meeting = met(found)
    sent = {"amount": "10,000", "instrument": "equity", "relief": "none", **on_day("issued_on", DAY)}
    client.sign_in(owner).post(f"/introductions/{meeting.id}/invested", data=sent)
    (paid,) = rows(Investment)
    client.sign_in(cast.founder)
    over = sent | {"answer": "changed", "amount": "60,000.01"}
    refused = client.post(f"/investments/{paid.id}/differ", data=over)
    assert refused.status_code == 422
    assert "more than the £60,000 that this raise seeks" in refused.text
    assert [each.status for each in rows(Investment)] == [InvestmentStatus.REPORTED]


def test_k28_the_network_is_told_that_the_business_makes_room(cast: Cast, client: ConformingClient) -> None:
    found = raised(amount=K(60_000))
    owner, _ = met(found)
    paid = made.investment(found, owner, InvestmentStatus.DIFFERS, amount=K(10_000))
    made.report(paid, made.Side.INVESTOR, amount=K(70_000))
    client.sign_in(cast.network_manager)
    sent = {"stands": "investor", "note": "Seen the bank statement"}
    refused = client.post(f"/investments/{paid.id}/settle", data=sent)
    assert refused.status_code == 422
    assert "The business has to turn down pledges" in refused.text
