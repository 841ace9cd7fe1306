"""Two reports of one investment: tax relief and terms are compared and corrected, nothing is recorded twice unasked."""

from __future__ import annotations

from datetime import date

import pytest

from crm.angels.deals.models import Investment
from crm.angels.deals.queries import pledges
from crm.angels.deals.service import reporting
from crm.angels.deals.service.reporting import Figures, InvestmentDetails
from crm.angels.deals.workflow import InvestmentStatus, ShareRelief
from crm.angels.investors.workflow import Instrument
from crm.kernel.errors import Invalid
from crm.kernel.money import Money
from tests import network
from tests.angels.deals import made
from tests.angels.deals.test_investing import DAY, FORM, met, raised, whole
from tests.angels.people import acting, letters, own_business, rows
from tests.cast import Cast
from tests.client import ConformingClient
from tests.programme.applicants import Clock
from tests.rules.test_openings import on_day

S = InvestmentStatus


def test_k6_relief_and_terms_are_reported_by_each_side_compared_corrected_and_settled(
    cast: Cast, client: ConformingClient, clock: Clock
) -> None:
    found = raised()
    owner, meeting = met(found)
    client.sign_in(cast.founder)
    sent = FORM | {"investor": str(owner.id), "relief": "eis", "terms": "20% discount"}
    assert client.post(f"/raises/{found.id}/investments/new", data=sent).status_code == 303
    client.sign_in(owner)
    own = FORM | {"relief": "seis", "terms": "25%  discount"}
    assert client.post(f"/introductions/{meeting.id}/invested", data=own).status_code == 303
    (kept,) = rows(Investment)
    assert kept.status is S.DIFFERS
    page = client.get(f"/investments/{kept.id}").text
    for words in ("Tax relief (different)", "Terms (different)", "20% discount", "25%  discount"):
        assert words in page
    clock.shift(60)
    corrected = own | {"relief": "eis", "answer": "changed"}
    assert client.post(f"/investments/{kept.id}/differ", data=corrected).status_code == 303
    assert "Tax relief (different)" not in client.get(f"/investments/{kept.id}").text
    client.sign_in(cast.network_manager)
    settled = {"stands": "investor", "note": "Seen the agreement"}
    assert client.post(f"/investments/{kept.id}/settle", data=settled).status_code == 303
    done = whole(kept)
    assert (done.status, done.relief, done.terms) == (S.CONFIRMED, ShareRelief.EIS, "25%  discount")


def test_k8_the_side_that_reported_first_corrects_what_is_counted_and_shown(
    cast: Cast, client: ConformingClient, clock: Clock
) -> None:
    found = raised()
    owner, _ = met(found)
    client.sign_in(cast.founder)
    client.post(f"/raises/{found.id}/investments/new", data=FORM | {"investor": str(owner.id)})
    (kept,) = rows(Investment)
    (letter,) = letters("investment_reported")
    assert letter.context["reporter"] == own_business().name
    assert letter.context["until"]
    client.sign_in(owner)
    other = FORM | {"answer": "changed", **on_day("issued_on", date(2026, 11, 21))}
    clock.shift(60)
    client.post(f"/investments/{kept.id}/differ", data=other)
    client.sign_in(cast.founder)
    clock.shift(60)
    mine = FORM | {"answer": "changed", "amount": "20,000", **on_day("issued_on", date(2026, 11, 22))}
    client.post(f"/investments/{kept.id}/differ", data=mine)
    page = client.get(f"/investments/{kept.id}").text
    assert "20 November 2026" not in page.split("What each side reported")[0]
    assert "we show and count what the business reports" in " ".join(page.split())
    assert pledges.sums_of(network.whole(found)).reported == Money.pounds(20_000)


def test_k33_one_whose_investment_is_denied_can_reverse_it_and_the_one_who_denies_cannot(
    cast: Cast, client: ConformingClient
) -> None:
    found = raised()
    owner, _ = met(found)
    kept = made.investment(found, owner)
    client.sign_in(owner)
    sent = FORM | {"answer": "none", "words": "I never paid"}
    client.post(f"/investments/{kept.id}/differ", data=sent)
    assert "/reverse" not in client.get(f"/investments/{kept.id}").text
    assert client.post(f"/investments/{kept.id}/reverse", data={"reason": "No"}).status_code == 409
    client.sign_in(cast.founder)
    page = " ".join(client.get(f"/investments/{kept.id}").text.split())
    assert "The other side says that there was no such investment. Correct your report, reverse it" in page
    assert "agree with the other" not in page
    assert client.post(f"/investments/{kept.id}/reverse", data={"reason": "A mistake"}).status_code == 303
    assert whole(kept).status is S.REVERSED


def test_k3_the_same_investment_is_recorded_twice_only_if_said_to_be_a_further_one(
    cast: Cast, client: ConformingClient
) -> None:
    found = raised()
    owner, meeting = met(found)
    where = f"/introductions/{meeting.id}/invested"
    client.sign_in(owner)
    assert client.post(where, data=FORM).status_code == 303
    again = client.post(where, data=FORM | on_day("issued_on", date(2026, 11, 24)))
    assert again.status_code == 422
    assert "issued on 20 November 2026, is recorded already" in again.text
    assert 'href="#is_further"' in again.text
    assert "Record another investment" in client.get(f"/introductions/{meeting.id}").text
    assert client.post(where, data=FORM | {"is_further": "y"}).status_code == 303
    client.sign_in(cast.founder)
    outside = FORM | {"investor": "outside", "investor_name": "Aunt Made"}
    where = f"/raises/{found.id}/investments/new"
    assert client.post(where, data=outside).status_code == 303
    assert client.post(where, data=outside | {"investor_name": " aunt made "}).status_code == 422
    assert len(rows(Investment)) == 3


def test_k17_only_what_the_raise_offers_is_recorded_and_a_refusal_tells_its_reader_what_to_do(
    cast: Cast, client: ConformingClient
) -> None:
    found = raised(instrument=Instrument.LOAN_NOTE)
    owner, meeting = met(found)
    where = f"/introductions/{meeting.id}/invested"
    client.sign_in(owner)
    page = client.get(where).text
    assert 'value="loan_note"' in page
    for unasked in ('value="equity"', 'value="convertible"', "SEIS", "Class of shares"):
        assert unasked not in page, "what the raise does not offer is not asked"
    assert client.post(where, data=FORM | {"instrument": "convertible"}).status_code == 422
    notes = Figures(Money.pounds(25_000), Instrument.CONVERTIBLE, DAY)
    theirs = acting(owner)
    with pytest.raises(Invalid, match="This raise is for loan notes"):
        reporting.report_own(network.whole_introduction(meeting), InvestmentDetails(notes), by=theirs)
    full = client.post(where, data=FORM | {"instrument": "loan_note", "amount": "100,001"}).text
    assert "the business has to turn down pledges or raise more first" in full
    early = client.post(
        where, data=FORM | {"instrument": "loan_note", **on_day("issued_on", date(2020, 1, 1))}
    )
    assert "The day of issue must be" in early.text


def test_k17_the_class_of_shares_is_compared_where_both_give_it_and_spelt_alike_it_is_the_same(
    cast: Cast, client: ConformingClient
) -> None:
    found = raised()
    for said, status in (
        ("ordinary shares", InvestmentStatus.MATCHED),
        ("B ordinary", InvestmentStatus.DIFFERS),
    ):
        owner, meeting = met(found, name=f"Philippa {said}")
        client.sign_in(cast.founder)
        of_business = FORM | {"investor": str(owner.id), "share_class": "Ordinary"}
        assert client.post(f"/raises/{found.id}/investments/new", data=of_business).status_code == 303
        client.sign_in(owner)
        where = f"/introductions/{meeting.id}/invested"
        assert client.post(where, data=FORM | {"share_class": said}).status_code == 303
        (kept,) = (each for each in rows(Investment) if each.account_id == owner.id)
        assert kept.status is status


def test_an_investment_of_one_outside_the_network_is_checked_with_the_one_report_there_is(
    cast: Cast, client: ConformingClient
) -> None:
    found = raised()
    kept = made.investment(found, investor_name="Aunt Made")
    client.sign_in(cast.network_manager)
    assert "Check and confirm" in client.get(f"/investments/{kept.id}").text
    page = client.get(f"/investments/{kept.id}/settle").text
    assert "Whose report is right?" not in page
    assert "both sides" not in page
    sent = {"stands": "company", "note": "Seen the bank statement"}
    assert client.post(f"/investments/{kept.id}/settle", data=sent).status_code == 303
