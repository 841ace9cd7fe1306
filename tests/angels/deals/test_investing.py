"""Investments: both sides report, one row; a difference is a query; the network settles; reversed with a reason."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from crm.accounts.models import Account
from crm.angels.deals.jobs import tend_daily
from crm.angels.deals.models import Investment, InvestmentReport, Pledge
from crm.angels.deals.queries import investments as queries
from crm.angels.deals.queries import pledges
from crm.angels.deals.queries.reliefs import relief_of
from crm.angels.deals.rules.matching import price_in_words
from crm.angels.deals.service import completing, reporting
from crm.angels.deals.service.reporting import Figures, InvestmentDetails
from crm.angels.deals.workflow import InvestmentStatus, PledgeStatus, ShareRelief, Side
from crm.angels.introductions.models import Introduction
from crm.angels.introductions.workflow import IntroductionStatus
from crm.angels.investors.workflow import Instrument
from crm.angels.pitches.workflow import PitchStatus, Relief
from crm.businesses.workflow import ConnectionKind
from crm.db.session import session
from crm.kernel.clock import today
from crm.kernel.errors import Conflict, Invalid
from crm.kernel.money import Money
from tests import factories, network
from tests.angels.deals import made
from tests.angels.people import acting, letters, own_business, rows
from tests.cast import Cast
from tests.client import ConformingClient
from tests.programme.applicants import Clock
from tests.rules.test_openings import on_day

S = InvestmentStatus
DAY = date(2026, 11, 20)
FORM = {"amount": "25,000", "instrument": "equity", "relief": "none", **on_day("issued_on", DAY)}


def raised(**fields: object) -> network.Pitch:
    return network.pitch(network.legal(own_business()), **fields)


def met(found: network.Pitch, name: str = "Philippa Known") -> tuple[Account, Introduction]:
    owner = network.admitted(network.investor(name=name))
    return owner, network.introduction(found, owner, IntroductionStatus.AGREED)


def details(owner: Account | None = None, pounds: int = 25_000, **more: object) -> InvestmentDetails:
    figures = Figures(Money.pounds(pounds), Instrument.EQUITY, DAY)
    return InvestmentDetails(figures, owner.id if owner else None, **more)  # type: ignore[arg-type]


def whole(found: Investment) -> Investment:
    session().flush()
    session().expire_all()
    loaded = queries.investment(found.id)
    assert loaded is not None
    return loaded


def test_n35_both_report_the_same_and_it_is_one_completed_investment(
    cast: Cast, client: ConformingClient
) -> None:
    found = raised()
    owner, meeting = met(found)
    pledged = made.pledge(found, owner, PledgeStatus.COMMITTED, amount=Money.pounds(25_000))
    client.sign_in(cast.founder)
    page = client.get(f"/raises/{found.id}/investments/new").text
    assert "Philippa Known" in page
    sent = FORM | {"investor": str(owner.id), "shares": "20,000", "share_class": "Ordinary"}
    assert client.post(f"/raises/{found.id}/investments/new", data=sent).status_code == 303
    (kept,) = rows(Investment)
    assert (kept.status, kept.pledge_id) == (S.REPORTED, pledged.id)
    assert pledges.sums_of(found).completed == Money(0)
    client.sign_in(owner)
    assert f"/investments/{kept.id}" in client.get("/desk").text
    assert f"/introductions/{meeting.id}/invested" in client.get(f"/introductions/{meeting.id}").text
    assert client.post(f"/introductions/{meeting.id}/invested", data=FORM).status_code == 303
    (kept,) = rows(Investment)
    assert kept.status is S.MATCHED
    assert len(rows(InvestmentReport)) == 2
    (mine,) = rows(Pledge)
    assert mine.status is PledgeStatus.COMPLETED
    sums = pledges.sums_of(found)
    assert (sums.committed, sums.completed, sums.taken) == (Money(0), *[Money.pounds(25_000)] * 2)
    assert "20,000 at £1.25 each" in client.get(f"/investments/{kept.id}").text


def test_n35_something_is_different_with_nothing_changed_confirms_nothing(
    cast: Cast, client: ConformingClient
) -> None:
    found = raised()
    owner, meeting = met(found)
    assert client.sign_in(owner).post(f"/introductions/{meeting.id}/invested", data=FORM).status_code == 303
    (kept,) = rows(Investment)
    where = f"/investments/{kept.id}/differ"
    refused = client.sign_in(cast.founder).post(where, data=FORM | {"answer": "changed"})
    assert refused.status_code == 422
    assert "Nothing is different from what the other side reported." in refused.text
    assert whole(kept).status is S.REPORTED
    assert letters("investment_agreed") == []
    assert client.post(where, data=FORM | {"answer": "changed", "amount": "20,000"}).status_code == 303
    assert client.post(where, data=FORM | {"answer": "changed"}).status_code == 303
    assert whole(kept).status is S.MATCHED, "who had reported otherwise comes round to it"


def test_n35_a_difference_is_a_query_that_both_see_and_the_network_settles(
    cast: Cast, client: ConformingClient
) -> None:
    found = raised()
    owner, meeting = met(found)
    client.sign_in(owner)
    assert client.post(f"/introductions/{meeting.id}/invested", data=FORM).status_code == 303
    (kept,) = rows(Investment)
    client.sign_in(cast.founder)
    assert "Philippa Known" in client.get("/desk").text
    prefilled = client.get(f"/investments/{kept.id}/differ").text
    assert 'value="25,000"' in prefilled
    sent = FORM | {"answer": "changed", "amount": "20,000"}
    assert client.post(f"/investments/{kept.id}/differ", data=sent).status_code == 303
    assert whole(kept).status is S.DIFFERS
    assert len(letters("investment_differs")) == 1
    for reader in (cast.founder, owner, cast.network_manager):
        text = client.sign_in(reader).get(f"/investments/{kept.id}").text
        assert "£20,000.00" in text
        assert "Amount (different)" in text
    assert f"/investments/{kept.id}" in client.get("/desk").text
    assert f"/investments/{kept.id}" in client.get("/investments?status=network").text
    where = f"/investments/{kept.id}/settle"
    assert client.post(where, data={"stands": "company", "note": ""}).status_code == 422
    assert (
        client.post(where, data={"stands": "company", "note": "Seen the share certificate"}).status_code
        == 303
    )
    done = whole(kept)
    assert (done.status, done.amount) == (S.CONFIRMED, Money.pounds(20_000))
    assert len(letters("investment_settled")) == 2
    assert "Seen the share certificate" in client.sign_in(owner).get(f"/investments/{kept.id}").text


def test_a_side_agrees_with_what_the_other_reported_and_only_with_that(
    cast: Cast, client: ConformingClient
) -> None:
    found = raised()
    owner, _ = met(found)
    kept = reporting.report(found, details(owner), by=cast.founder.actor)
    client.sign_in(cast.founder)
    assert client.post(f"/investments/{kept.id}/agree").status_code == 409
    assert "This is right" not in client.get(f"/investments/{kept.id}").text
    client.sign_in(owner)
    assert "This is right" in client.get(f"/investments/{kept.id}").text
    assert client.post(f"/investments/{kept.id}/agree").status_code == 303
    assert whole(kept).status is S.MATCHED
    assert client.post(f"/investments/{kept.id}/agree").status_code == 409


def test_an_investment_that_the_other_side_denies_waits_for_the_network(
    cast: Cast, client: ConformingClient
) -> None:
    found = raised()
    owner, _ = met(found)
    kept = reporting.report(found, details(owner), by=cast.founder.actor)
    client.sign_in(owner)
    sent = FORM | {"answer": "none", "words": ""}
    assert client.post(f"/investments/{kept.id}/differ", data=sent).status_code == 422
    assert (
        client.post(f"/investments/{kept.id}/differ", data=sent | {"words": "I never paid"}).status_code
        == 303
    )
    client.sign_in(cast.founder)
    assert "There was no such investment. I never paid" in client.get(f"/investments/{kept.id}").text
    assert client.post(f"/investments/{kept.id}/agree").status_code == 409
    with pytest.raises(Invalid, match="has reported figures"):
        completing.settle(whole(kept), Side.INVESTOR, note="Seen nothing", by=cast.network_manager.actor)


def test_of_several_investments_the_report_that_fits_is_matched(cast: Cast) -> None:
    found = raised()
    owner, meeting = met(found)
    first = reporting.report(found, details(owner, 10_000), by=cast.founder.actor)
    second = reporting.report(found, details(owner, 20_000), by=cast.founder.actor)
    by = acting(owner)
    meeting = network.whole_introduction(meeting)
    answered = reporting.report_own(meeting, details(pounds=20_000), by=by)
    assert answered.id == second.id
    assert (whole(first).status, whole(second).status) == (S.REPORTED, S.MATCHED)


def test_an_investor_outside_the_network_is_named_by_the_business_and_checked_by_the_network(
    cast: Cast, client: ConformingClient
) -> None:
    found = raised()
    where = f"/raises/{found.id}/investments/new"
    client.sign_in(cast.founder)
    assert client.post(where, data=FORM | {"investor": "outside"}).status_code == 422
    sent = FORM | {"investor": "outside", "investor_name": "Aunt Made"}
    assert client.post(where, data=sent).status_code == 303
    (kept,) = rows(Investment)
    client.sign_in(cast.network_manager)
    assert f"/investments/{kept.id}" in client.get("/desk").text
    settled = {"stands": "company", "note": "Seen the bank statement"}
    assert client.post(f"/investments/{kept.id}/settle", data=settled).status_code == 303
    assert whole(kept).is_completed


def test_k26_whoever_reported_for_the_business_does_not_settle_and_nobody_with_a_tie(cast: Cast) -> None:
    found = raised()
    by = cast.network_manager.actor
    kept = reporting.report(found, details(investor_name="Aunt Made"), by=by)
    with pytest.raises(Conflict, match="a colleague must settle it"):
        completing.settle(whole(kept), Side.COMPANY, note="Seen it all", by=by)
    factories.connection(own_business(), kind=ConnectionKind.DIRECTOR, account_id=cast.administrator.id)
    with pytest.raises(Conflict, match="director of the business"):
        completing.settle(whole(kept), Side.COMPANY, note="Seen it all", by=cast.administrator.actor)


def test_n49_a_reversed_investment_counts_no_longer_and_its_pledge_goes_on(
    cast: Cast, client: ConformingClient
) -> None:
    found = raised()
    owner, meeting = met(found)
    pledged = made.pledge(found, owner, PledgeStatus.COMMITTED, amount=Money.pounds(30_000))
    kept = reporting.report(found, details(owner), by=cast.founder.actor)
    by = acting(owner)
    reporting.report_own(network.whole_introduction(meeting), details(), by=by)
    assert pledges.sums_of(found).taken == Money.pounds(25_000)
    client.sign_in(cast.network_manager)
    assert client.post(f"/investments/{kept.id}/reverse", data={"reason": ""}).status_code == 422
    sent = {"reason": "The money went back"}
    assert client.post(f"/investments/{kept.id}/reverse", data=sent).status_code == 303
    assert "The money went back" in client.get(f"/investments/{kept.id}").text
    sums = pledges.sums_of(network.whole(found))
    assert (sums.completed, sums.committed) == (Money(0), Money.pounds(25_000))
    session().expire_all()
    again = pledges.pledge(pledged.id)
    assert again is not None
    assert again.status is PledgeStatus.COMMITTED
    assert len(letters("investment_reversed")) == 2


def test_equity_loan_notes_and_convertibles_are_counted_apart(cast: Cast, client: ConformingClient) -> None:
    found = raised()
    kinds = ((Instrument.EQUITY, 10_000), (Instrument.LOAN_NOTE, 20_000), (Instrument.CONVERTIBLE, 40_000))
    for kind, pounds in kinds:
        made.investment(found, None, S.MATCHED, instrument=kind, amount=Money.pounds(pounds))
    page = client.sign_in(cast.network_manager).get("/investments").text
    for words in ("£10,000", "£20,000", "£40,000"):
        assert words in page
    assert "£70,000" not in page
    shown = client.get("/investments?instrument=convertible").text
    assert shown.count("app-rows__row") == 1


def test_never_more_is_recorded_than_a_raise_seeks(cast: Cast, client: ConformingClient) -> None:
    found = raised()
    made.pledge(found, amount=Money.pounds(80_000))
    client.sign_in(cast.founder)
    sent = FORM | {"investor": "outside", "investor_name": "Aunt Made"}
    refused = client.post(f"/raises/{found.id}/investments/new", data=sent)
    assert refused.status_code == 422
    assert "£20,000 is left" in refused.text
    assert 'href="#amount"' in refused.text


def test_the_day_of_issue_and_the_shares_are_sound(cast: Cast, client: ConformingClient) -> None:
    found = raised()
    client.sign_in(cast.founder)
    sent = FORM | {"investor": "outside", "investor_name": "Aunt Made"}
    ahead = on_day("issued_on", today() + timedelta(days=1))
    for wrong in (
        ahead,
        on_day("issued_on", date(2020, 1, 1)),
        {"instrument": "loan_note", "shares": "10"},
        {"instrument": "loan_note", "relief": "eis"},
        {"shares": "0"},
        {"investor": str(network.admitted().id), "investor_name": ""},
    ):
        assert client.post(f"/raises/{found.id}/investments/new", data=sent | wrong).status_code == 422, wrong
    assert rows(Investment) == []


@pytest.mark.parametrize(("day", "room"), [(date(2026, 4, 5), 5_000_000), (date(2026, 4, 6), 10_000_000)])
def test_n31_the_limits_are_those_of_the_day_of_issue(cast: Cast, day: date, room: int) -> None:
    found = raised(eis=Relief.INTENDED, amount=Money.pounds(12_000_000))
    kept = made.investment(found, relief=ShareRelief.EIS, issued_on=day, amount=Money.pounds(6_000_000))
    counted = relief_of(whole(kept))
    assert counted is not None
    assert (counted.room, counted.is_over) == (Money.pounds(room), room < 6_000_000)


def test_n32_what_is_beyond_the_room_under_seis_is_said_and_never_that_it_qualifies(
    cast: Cast, client: ConformingClient
) -> None:
    found = raised(seis=Relief.INTENDED, seis_raised=Money.pounds(180_000))
    kept = made.investment(found, relief=ShareRelief.SEIS, amount=Money.pounds(80_000))
    page = " ".join(client.sign_in(cast.founder).get(f"/investments/{kept.id}").text.split())
    assert "up to £70,000 of this raise could fall under SEIS" in page
    assert "More was issued under SEIS than could fall under it" in page
    assert "qualifies for" not in page


def test_a_report_without_an_answer_is_reminded_of_once_and_comes_to_the_manager(
    cast: Cast, client: ConformingClient, clock: Clock
) -> None:
    found = raised()
    owner, _ = met(found)
    kept = reporting.report(found, details(owner), by=cast.founder.actor)
    session().flush()
    clock.shift(20 * 24 * 3600)
    for _ in range(2):
        tend_daily()
    assert [each.to_address for each in letters("investment_reminder")] == [owner.email]
    assert (
        f"Investment {kept.reference} is not answered"
        in client.sign_in(cast.network_manager).get("/desk").text
    )


def test_a_raise_closes_with_what_its_investments_add_up_to_and_says_who_invested(
    cast: Cast, client: ConformingClient
) -> None:
    found = raised()
    owner, _ = met(found)
    made.investment(found, owner, S.MATCHED, amount=Money.pounds(60_000))
    open_ = made.pledge(found, amount=Money.pounds(10_000))
    where = f"/raises/{found.id}/close"
    client.sign_in(cast.founder)
    page = client.get(where).text
    assert "Philippa Known" in page
    assert "£60,000" in page
    assert "1 pledge is still open" in " ".join(page.split())
    sent = {"closed_as": "part_funded", "raised": "50,000", "why": "too_early"}
    refused = client.post(where, data=sent)
    assert refused.status_code == 422
    assert "the investments recorded come to £60,000" in refused.text
    assert 'href="#raised"' in refused.text
    assert client.post(where, data=sent | {"raised": "60,000"}).status_code == 303
    session().expire_all()
    assert network.whole(found).status is PitchStatus.CLOSED
    ended = pledges.pledge(open_.id)
    assert ended is not None
    assert (ended.status, ended.end_reason) == (PledgeStatus.ENDED, "The raise has closed")
    assert client.get(f"/raises/{found.id}/investments/new").status_code == 409


def test_a_raise_with_investments_is_closed_and_not_withdrawn(cast: Cast, client: ConformingClient) -> None:
    found = raised()
    made.investment(found)
    client.sign_in(cast.founder)
    refused = client.post(f"/raises/{found.id}/withdraw", data={"reason": "We changed our minds"})
    assert refused.status_code == 409
    assert "Close the raise instead" in refused.text


def test_what_a_share_cost_is_said_to_a_hundredth_of_a_penny() -> None:
    assert price_in_words(Money.pounds(25_000), 20_000) == "£1.25"
    assert price_in_words(Money.pounds(10_000), 30_000) == "£0.3333"
    assert price_in_words(Money.pounds(1_000), 1) == "£1,000.00"
