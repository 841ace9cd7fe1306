"""An investor's own portfolio: each instrument apart, stated values, what is due, the file for a tax return."""

from __future__ import annotations

import csv
import io
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy.orm import Session

from crm.accounts.models import Account
from crm.angels.deals.models import Pledge
from crm.angels.deals.workflow import InvestmentStatus, PledgeStatus, ShareRelief, Side
from crm.angels.holdings.workflow import UpdateStatus
from crm.angels.investors.workflow import Instrument
from crm.angels.pitches.models import Promotion
from crm.audit.models import AuditEntry
from crm.kernel.clock import now, today
from crm.kernel.money import Money
from tests import factories, held, network
from tests.angels.deals import made
from tests.angels.people import rows
from tests.cast import Cast
from tests.client import ConformingClient
from tests.rules.test_budgets import Count

pytestmark = pytest.mark.engine("sqlite")
LOAN = {"relief": ShareRelief.NONE, "instrument": Instrument.LOAN_NOTE, "shares": None}
NOTE = LOAN | {"instrument": Instrument.CONVERTIBLE}


def text_of(client: ConformingClient, where: str) -> str:
    return " ".join(client.get(where).text.split())


def company(name: str) -> network.Pitch:
    return network.pitch(network.legal(factories.business(name=name)))


def test_what_is_held_stands_by_instrument_and_no_sum_adds_one_to_another(
    cast: Cast, client: ConformingClient
) -> None:
    owner, other = network.admitted(), network.admitted()
    held.investment(company("Shares Made"), owner, amount=Money.pounds(10_000))
    held.investment(company("Notes Made"), owner, amount=Money.pounds(7_000), **LOAN)
    held.investment(company("Convertible Made"), owner, amount=Money.pounds(3_000), **NOTE)
    one_side = {"status": InvestmentStatus.REPORTED, "completed_at": None, "amount": Money.pounds(2_500)}
    held.investment(company("Not Agreed Made"), owner, **one_side)
    gone = {"status": InvestmentStatus.REVERSED, "reversed_at": now(), "reverse_reason": "Made"}
    held.investment(company("Reversed Made"), owner, **gone)
    held.investment(company("Of Another Made"), other)
    page = text_of(client.sign_in(owner), "/portfolio")
    for said in ("Cost: £10,000.00", "Cost: £7,000.00", "Cost: £3,000.00", "Not Agreed Made"):
        assert said in page
    for unsaid in ("Of Another Made", "Reversed Made", "£20,000.00", "£12,500.00"):
        assert unsaid not in page


def test_the_latest_stated_valuation_is_set_against_cost_with_its_day_and_without_advice(
    cast: Cast, client: ConformingClient
) -> None:
    owner, about = network.admitted(), company("Valued Made")
    held.investment(about, owner, amount=Money.pounds(10_000), shares=1_500)
    held.investment(company("Silent Made"), owner, amount=Money.pounds(4_000))
    valued = {"valuation": Money.pounds(900_000), "shares_in_issue": 100_000, "valuation_basis": "Last raise"}
    for quarter, pounds in ((date(2026, 3, 31), 900_000), (date(2026, 6, 30), 1_200_000)):
        stated = valued | {"valuation": Money.pounds(pounds), "valued_on": quarter, "quarter_end": quarter}
        held.company_update(about.business, UpdateStatus.GIVEN, **stated)
    page = text_of(client.sign_in(owner), "/portfolio")
    assert "£18,000.00, 30 June 2026" in page
    assert "Not stated" in page
    assert "Shares that cost £10,000.00 are in companies that state a valuation" in page
    assert "Stated value of these shares: £18,000.00" in page
    assert "gives no advice" in page


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"issued_on": date(2026, 11, 9)}, "before these shares were issued, so no value is worked out"),
        ({"shares": 160_000}, "counts fewer shares in issue than these, so no value is worked out"),
    ],
    ids=["older", "fewer"],
)
def test_no_value_is_worked_out_of_a_valuation_that_does_not_cover_the_shares(
    cast: Cast, client: ConformingClient, fields: dict[str, Any], said: str
) -> None:
    owner, about = network.admitted(), company("Valued Made")
    made = held.investment(about, owner, **{"shares": 16_000, "amount": Money.pounds(20_000), **fields})
    day = date(2026, 3, 31)
    stated = {
        "valuation": Money.pounds(1_200_000),
        "shares_in_issue": 100_000,
        "valuation_basis": "Last raise",
    }
    held.company_update(about.business, UpdateStatus.GIVEN, valued_on=day, quarter_end=day, **stated)
    page = text_of(client.sign_in(owner), f"/holdings/{made.id}")
    assert said in page
    assert "Latest stated value" not in page
    portfolio = text_of(client, "/portfolio")
    assert "Not for these shares" in portfolio
    assert "Stated value of these shares" not in portfolio


def test_k11_a_quarter_that_was_never_sent_is_named_with_its_day_whatever_was_sent_since(
    cast: Cast, client: ConformingClient
) -> None:
    owner, about = network.admitted(), company("Silent Made")
    made = held.investment(about, owner)
    for end, status, due in (
        (date(2025, 12, 31), UpdateStatus.MISSED, date(2026, 1, 30)),
        (date(2026, 3, 31), UpdateStatus.GIVEN, date(2026, 4, 30)),
        (date(2026, 6, 30), UpdateStatus.MISSED, date(2026, 7, 30)),
        (date(2026, 9, 30), UpdateStatus.ASKED, date(2026, 11, 14)),
    ):
        held.company_update(about.business, status, quarter_end=end, due_on=due)
    page = text_of(client.sign_in(owner), "/portfolio")
    assert (
        "January to March 2026; not sent: October to December 2025, due 30 January 2026, April to June 2026"
        in page
    )
    assert "update for October to December 2025 overdue since 30 January 2026, and for April to June" in page
    assert "Silent Made, January to March 2026</a>" in page
    assert "April to June 2026: not sent. It was due 30 July 2026." in text_of(client, f"/holdings/{made.id}")


def test_a_quarter_before_somebody_held_anything_is_not_missing_from_their_holding(
    cast: Cast, client: ConformingClient
) -> None:
    owner, about = network.admitted(), company("Late Buyer Made")
    bought = held.investment(about, owner, issued_on=date(2026, 8, 15))
    for quarter in (date(2026, 3, 31), date(2026, 6, 30), date(2026, 9, 30)):
        held.company_update(
            about.business,
            UpdateStatus.MISSED,
            quarter_end=quarter,
            due_on=quarter + timedelta(days=30),
        )
    page = text_of(client.sign_in(owner), f"/holdings/{bought.id}")
    assert "July to September 2026" in page
    assert "April to June 2026" not in page
    assert "January to March 2026" not in page


def test_a_former_member_still_sees_their_own_portfolio_and_no_pitch(
    cast: Cast, client: ConformingClient
) -> None:
    owner, about = network.admitted(), company("Kept Made")
    held.investment(about, owner)
    held.company_update(about.business, UpdateStatus.GIVEN, words="We shipped the game.")
    line = {"account_id": owner.id, "reference": "L-MADE01", "amount": Money.pounds(500), "pitch_version": 1}
    hidden = company("Hidden Made")
    factories.kept(Pledge(pitch_id=hidden.id, pledged_at=now(), _status=PledgeStatus.PLEDGED, **line))
    client.sign_in(owner)
    assert "Hidden Made" in client.get("/portfolio").text
    assert len(rows(Promotion)) == 1, "naming the pitch of a pledge is a showing"
    assert client.post("/angels/mine/leave").status_code == 303
    page = text_of(client, "/portfolio")
    assert "Kept Made" in page
    assert "We shipped the game." in page
    assert "Hidden Made" not in page
    assert client.get("/portfolio/tax-years/2025/investments.csv").status_code == 200
    assert len(rows(Promotion)) == 1


def test_what_is_due_is_listed_certificate_claim_and_overdue_update(
    cast: Cast, client: ConformingClient
) -> None:
    owner, first, second = network.admitted(), company("Waiting Made"), company("Certified Made")
    held.investment(first, owner)
    held.certificate(held.investment(second, owner, relief=ShareRelief.EIS))
    held.company_update(first.business, due_on=today() - timedelta(days=3), quarter_end=date(2026, 9, 30))
    page = text_of(client.sign_in(owner), "/portfolio")
    assert "certificate SEIS3 to come for the shares issued on 1 May 2025" in page
    assert "claim EIS relief for the shares issued on 1 May 2025, by 31 January 2032" in page
    assert "update for July to September 2026 overdue since 21 November 2026" in page


def test_a_place_to_take_and_an_investment_to_confirm_are_due_and_lead_to_where_that_is_done(
    cast: Cast, client: ConformingClient
) -> None:
    owner = network.admitted()
    offered = made.pledge(
        company("Offered Made"), owner, PledgeStatus.OFFERED, offered_until=today() + timedelta(days=5)
    )
    one_side = {"status": InvestmentStatus.REPORTED, "completed_at": None, "amount": Money.pounds(2_500)}
    reported = held.investment(company("Reported Made"), owner, first_side=Side.COMPANY, **one_side)
    page = text_of(client.sign_in(owner), "/portfolio")
    assert "Nothing is due." not in page
    assert f"Take the place for your pledge {offered.reference}" in page
    assert "Confirm your investment of £2,500" in page
    assert page.count(f'href="/pledges/{offered.id}"') == 2
    assert f'href="/investments/{reported.id}"' in page


def test_an_empty_portfolio_says_what_will_be_there(cast: Cast, client: ConformingClient) -> None:
    assert "Nothing here yet" in client.sign_in(network.admitted()).get("/portfolio").text


def test_the_file_of_a_tax_year_has_what_the_return_asks_for_and_no_other_year(
    cast: Cast, client: ConformingClient
) -> None:
    owner = network.admitted()
    last_day = held.investment(company("=Last Day Made"), owner, issued_on=date(2026, 4, 5))
    held.certificate(last_day, uir="9990042")
    held.investment(company("Next Year Made"), owner, issued_on=date(2026, 4, 6))
    one_side = {"status": InvestmentStatus.REPORTED, "completed_at": None, "issued_on": date(2026, 4, 5)}
    held.investment(company("Not Agreed Made"), owner, **one_side)
    answer = client.sign_in(owner).get("/portfolio/tax-years/2025/investments.csv")
    head, *lines = list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig"))))
    every = {line[-1]: dict(zip(head, line, strict=True)) for line in lines}
    assert sorted(each["Status"] for each in every.values()) == ["Both sides agree", "Reported by one side"]
    told = every[last_day.reference]
    assert told["Company"] == "'=Last Day Made", "no spreadsheet runs a name"
    assert told["Day of issue"] == "2026-04-05"
    assert told["Amount"] == "10000.00"
    assert told["Relief"] == "SEIS"
    assert told["Unique investment reference"] == "9990042"
    assert told["Claim by"] == "2032-01-31"
    assert any(each.act == "download_own_investments" for each in rows(AuditEntry))
    for year in ("1066", "99999999999999"):
        assert client.get(f"/portfolio/tax-years/{year}/investments.csv").status_code == 404


def one_more(owner: Account) -> None:
    about = company("One More Made")
    held.certificate(held.investment(about, owner))
    held.filing(about.id)
    held.investment(about, owner, **LOAN)
    held.company_update(about.business, UpdateStatus.GIVEN)
    line = {"account_id": owner.id, "pitch_version": 1, "amount": Money.pounds(500)}
    factories.kept(
        Pledge(
            pitch_id=about.id,
            pledged_at=now(),
            reference=str(about.id)[:12],
            _status=PledgeStatus.PLEDGED,
            **line,
        )
    )


def test_a_portfolio_asks_at_most_twelve_times_at_any_size(
    cast: Cast, client: ConformingClient, db: Session, count_queries: Count
) -> None:
    owner = network.admitted()
    client.sign_in(owner)
    asked = []
    for more in (2, 20):
        for _ in range(more):
            one_more(owner)
        db.flush()
        db.expunge_all()
        with count_queries() as heard:
            assert client.get("/portfolio").status_code == 200
        assert heard.while_rendering == []
        asked.append(len(heard))
    assert asked[0] == asked[1] <= 12, asked


def test_an_update_of_a_quarter_before_the_issue_is_no_latest_update_of_what_was_issued(
    cast: Cast, client: ConformingClient
) -> None:
    owner, about = network.admitted(), company("Told Before Made")
    early = held.investment(about, owner, issued_on=date(2026, 2, 2))
    late = held.investment(about, owner, issued_on=date(2026, 7, 1))
    held.company_update(about.business, UpdateStatus.GIVEN, quarter_end=date(2026, 3, 31), words="Sold two")
    page = text_of(client.sign_in(owner), "/portfolio")
    assert page.count("January to March 2026") == 2, "the earlier shares have it, and the list of updates"
    assert "No update since the issue" in page
    whole = client.get("/portfolio").text
    told = whole[whole.index("Updates from companies") :]
    assert f"/holdings/{early.id}" in told
    assert f"/holdings/{late.id}" not in told
    said = "The quarter ended before your investment was issued, on 1 July 2026"
    assert said in text_of(client, f"/holdings/{late.id}")
    assert said not in text_of(client, f"/holdings/{early.id}")
    newest = network.admitted()
    held.investment(about, newest, issued_on=date(2026, 7, 1))
    assert said in text_of(client.sign_in(newest), "/portfolio")
