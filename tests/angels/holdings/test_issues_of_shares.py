"""Each issue of shares has its own statement to HMRC, its own answer and reference, and certificates that carry that reference."""

from __future__ import annotations

import csv
import io
from datetime import date
from typing import Any

import pytest

from crm.angels.deals.models import Investment
from crm.angels.deals.rules.matching import class_of
from crm.angels.deals.workflow import ShareRelief
from crm.angels.holdings.jobs import tend_papers
from crm.angels.holdings.models import ReliefCertificate, ReliefFiling
from crm.angels.holdings.queries.papers import Show, papers_to
from crm.kernel.calendar import day_in_words
from crm.kernel.clock import today
from tests import claimed, held, network
from tests.angels.introductions.test_introducing import shown
from tests.angels.people import letters, rows
from tests.cast import Cast
from tests.client import ConformingClient

pytestmark = pytest.mark.engine("sqlite")
FIRST, SECOND = date(2025, 5, 1), date(2025, 9, 1)
BEGAN = date(2025, 1, 1)
UNSENT = {"sent_on": None, "authorised_on": None, "uir": ""}


def days(**said: date) -> dict[str, str]:
    """Days as their three boxes send them."""
    parts = ("day", "month", "year")
    return {f"{name}-{part}": str(getattr(day, part)) for name, day in said.items() for part in parts}


def words_of(answer: Any) -> str:
    return " ".join(answer.text.split())


def bought_on(*issued: date, **fields: Any) -> list[Investment]:
    """Shares of one raise, issued on these days to an investor each."""
    pitch = shown()
    return [
        held.investment(
            pitch, network.admitted(network.investor(name=f"Holder {number}")), issued_on=each, **fields
        )
        for number, each in enumerate(issued, start=1)
    ]


def given(client: ConformingClient, found: Investment, day: date) -> Any:
    """The answer to a certificate that is given through its page."""
    sent = {"file": (io.BytesIO(claimed.PDF), "SEIS3.pdf")} | days(given_on=day)
    where = f"/holdings/{found.id}/certificate"
    return client.post(where, data=sent, content_type="multipart/form-data")


def test_shares_of_a_second_day_have_papers_of_their_own_up_to_the_certificate_with_their_own_reference(
    cast: Cast, client: ConformingClient
) -> None:
    first, second = bought_on(FIRST, SECOND)
    where = f"/raises/{first.pitch_id}/papers"
    held.filing(first.pitch_id, assured_on=date(2024, 12, 1))
    client.sign_in(cast.founder)
    page = words_of(client.get(where))
    assert "SEIS shares issued on 1 May 2025" in page
    assert "SEIS shares issued on 1 September 2025" in page
    assert "Record when trading began" not in page, "it is known from the other shares"
    assert page.count(day_in_words(BEGAN)) == 2
    refused = client.get(f"/holdings/{second.id}/certificate")
    assert refused.status_code == 409
    assert "Record HMRC’s answer (SEIS2) for the shares issued on 1 September 2025 first" in words_of(refused)
    assert given(client, second, today()).status_code == 409, "the reference of the first day is not theirs"
    assert given(client, first, date(2025, 9, 10)).status_code == 303
    form = client.get(f"{where}/{second.id}").text
    assert 'value="2024"' in form, "advance assurance of this raise is known"
    assert 'value="2025"' in form, "when trading began is known"
    early = client.post(f"{where}/{second.id}", data=days(trading_from=BEGAN, sent_on=date(2025, 8, 1)))
    assert early.status_code == 422
    assert "SEIS1 is sent after the shares were issued, on 1 September 2025" in words_of(early)
    sent = days(trading_from=BEGAN, sent_on=date(2025, 10, 1), authorised_on=date(2025, 11, 1))
    same = client.post(f"{where}/{second.id}", data=sent | {"uir": "9990001"})
    assert same.status_code == 422
    assert "This is the reference of SEIS2 for the shares issued on 1 May 2025" in words_of(same)
    assert client.post(f"{where}/{second.id}", data=sent | {"uir": "9990002"}).status_code == 303
    assert given(client, second, date(2025, 11, 5)).status_code == 303
    carried = {each.investment_id: each.uir for each in rows(ReliefCertificate)}
    assert carried == {first.id: "9990001", second.id: "9990002"}


def test_each_investor_sees_the_papers_of_their_own_day_on_the_page_the_portfolio_and_the_tax_file(
    cast: Cast, client: ConformingClient
) -> None:
    owner = network.admitted()
    first, second = bought_on(FIRST, SECOND, relief=ShareRelief.SEIS)
    for each in (first, second):
        each.account_id = owner.id
    held.session().flush()
    held.certificate(first)
    held.filing(first.pitch_id)
    held.filing(first.pitch_id, issued_on=SECOND, sent_on=date(2025, 10, 1), authorised_on=None, uir="")
    client.sign_in(owner)
    portfolio = words_of(client.get("/portfolio"))
    assert "SEIS3 given 10 September 2025" in portfolio
    assert "SEIS1 sent 1 October 2025" in portfolio
    assert "claim SEIS relief for the shares issued on 1 May 2025, by 31 January 2032" in portfolio
    assert "certificate SEIS3 to come for the shares issued on 1 September 2025" in portfolio
    page = words_of(client.get(f"/holdings/{second.id}"))
    assert "1 October 2025" in page
    assert "1 August 2025" not in page, "the statement of the first day says nothing of these"
    answer = client.get("/portfolio/tax-years/2025/investments.csv")
    _, *lines = csv.reader(io.StringIO(answer.data.decode("utf-8-sig")))
    assert [(line[2], line[7]) for line in lines] == [("2025-05-01", "9990001"), ("2025-09-01", "")]


def test_shares_of_two_classes_of_one_day_are_two_issues_and_a_class_written_differently_is_one(
    cast: Cast, client: ConformingClient
) -> None:
    one, same, other = bought_on(FIRST, FIRST, FIRST)
    one.share_class, same.share_class, other.share_class = "Ordinary", "ordinary  shares", "A ordinary"
    held.session().flush()
    held.filing(one.pitch_id, share_class="ordinary")
    client.sign_in(cast.founder)
    page = client.get(f"/raises/{one.pitch_id}/papers").text
    assert page.count("SEIS shares issued on 1 May 2025") == 2
    assert "SEIS shares issued on 1 May 2025 (A ordinary)" in page
    assert client.get(f"/holdings/{same.id}/certificate").status_code == 200
    assert client.get(f"/holdings/{other.id}/certificate").status_code == 409
    where = f"/raises/{one.pitch_id}/papers/{other.id}"
    assert client.post(where, data=days(trading_from=BEGAN)).status_code == 303
    assert {each.share_class for each in rows(ReliefFiling)} == {"ordinary", "a ordinary"}
    for holder, said in ((same, "1 August 2025"), (other, "Not yet")):
        assert said in words_of(client.get(f"/holdings/{holder.id}"))
        assert words_of(client.get(f"/holdings/{holder.id}")).count("for these shares sent") == 1


def test_the_first_and_last_day_of_each_issue_are_its_own_and_each_is_told_of_once(
    cast: Cast, client: ConformingClient
) -> None:
    old, recent = date(2024, 4, 5), date(2026, 11, 1)
    late, new = bought_on(old, recent)
    held.filing(late.pitch_id, issued_on=recent, trading_from=BEGAN, **UNSENT)
    tend_papers()
    tend_papers()
    (near,) = letters("papers_due")
    assert (near.context["issued"], near.context["last_day"]) == ("5 April 2024", "5 April 2026")
    (ready,) = letters("papers_can_be_sent")
    assert (ready.context["issued"], ready.context["last_day"]) == ("1 November 2026", "5 April 2029")
    assert {each.issued_on for each in rows(ReliefFiling)} == {old, recent}
    assert [each.issued_on for each in papers_to(Show.LATE, on=today())] == [old]
    client.sign_in(cast.founder)
    desk = words_of(client.get("/desk"))
    assert "shares issued on 5 April 2024" in desk
    assert "shares issued on 1 November 2026" in desk
    page = words_of(client.sign_in(cast.network_manager).get("/desk"))
    assert "share issue with late tax-relief papers" in page
    assert new.issued_on == recent


@pytest.mark.parametrize(
    ("one", "other", "is_same"),
    [
        ("Ordinary", " ordinary", True),
        ("ordinary shares", "ORDINARY", True),
        ("A ordinary", "ordinary", False),
        ("", "shares", True),
        ("", "ordinary", False),
    ],
)
def test_a_class_is_one_however_it_is_written(one: str, other: str, is_same: bool) -> None:
    assert (class_of(one) == class_of(other)) is is_same
