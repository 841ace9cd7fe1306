"""Quarterly updates: asked of companies that members invested in, sent to these, and watched where they are late."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from crm.angels.deals.workflow import InvestmentStatus
from crm.angels.holdings.jobs import tend_updates
from crm.angels.holdings.models import CompanyUpdate
from crm.angels.holdings.queries.updates import update
from crm.angels.holdings.service import updating
from crm.angels.holdings.service.updating import UpdateDetails
from crm.angels.holdings.workflow import UpdateStatus
from crm.kernel.clock import today
from crm.kernel.errors import Conflict
from crm.kernel.money import Money
from tests import factories, held, network
from tests.angels.holdings.test_papers import bought, days, text_of
from tests.angels.people import letters, own_business, rows
from tests.cast import Cast
from tests.client import ConformingClient

pytestmark = pytest.mark.engine("sqlite")


def asked() -> CompanyUpdate:
    made = update(held.company_update(own_business()).id)
    assert made is not None
    return made


def test_a_company_is_asked_once_for_each_quarter_once_a_member_has_invested(
    cast: Cast, client: ConformingClient
) -> None:
    bought()
    held.investment(network.pitch(factories.business()), issued_on=date(2026, 10, 1))
    outside = {"account_id": None, "investor_name": "Outside"}
    for fields in ({"status": InvestmentStatus.REPORTED, "completed_at": None}, outside):
        held.investment(network.pitch(factories.business()), **fields)
    tend_updates()
    tend_updates()
    (made,) = rows(CompanyUpdate)
    assert made.quarter_end == date(2026, 9, 30)
    assert made.due_on == today() + timedelta(days=30)
    (letter,) = letters("update_asked")
    assert letter.to_address == cast.founder.email
    assert "July to September 2026" in str(letter.context)


def test_a_founder_sends_the_update_and_every_holder_reads_it_and_is_told_without_a_name(
    cast: Cast, client: ConformingClient
) -> None:
    _, made = bought()
    where = f"/company-updates/{asked().id}"
    client.sign_in(cast.founder)
    assert "Update to investors for" in text_of(client, "/desk")
    assert "The member of the network who invested in you reads it" in text_of(client, f"{where}/send")
    assert client.post(f"{where}/send", data={"words": " "}).status_code == 422
    half = {"words": "Good", "valuation": "1,000,000"}
    assert "Enter the day of the valuation" in client.post(f"{where}/send", data=half).text
    half |= days(valued_on=date(2026, 9, 30))
    assert "Say what the valuation is based on" in client.post(f"{where}/send", data=half).text
    alone = {"words": "Good", "shares_in_issue": "100"}
    assert "Enter the valuation too" in client.post(f"{where}/send", data=alone).text
    whole = half | {"valuation_basis": "The last raise", "shares_in_issue": "100,000", "revenue": "58,000"}
    assert client.post(f"{where}/send", data=whole | {"words": "The series is sold."}).status_code == 303
    (letter,) = letters("update_given")
    assert "Cast Pictures" not in str(letter.context)
    owner = held.session().get_one(network.Account, made.account_id)
    page = text_of(client.sign_in(owner), f"/holdings/{made.id}")
    for said in ("The series is sold.", "£58,000.00", "£1,000,000.00", "The last raise"):
        assert said in page
    assert "The series is sold." not in client.sign_in(network.admitted()).get("/portfolio").text
    assert client.sign_in(cast.founder).get(f"{where}/send").status_code == 409, "it stays as it was sent"


def test_a_valuation_counts_at_least_the_shares_that_are_recorded_by_its_day(
    cast: Cast, client: ConformingClient
) -> None:
    bought(shares=16_000, issued_on=date(2026, 3, 1))
    where = f"/company-updates/{asked().id}/send"
    client.sign_in(cast.founder)
    stated = {"words": "Good", "valuation": "1,000,000", "valuation_basis": "The last raise"}
    few = stated | {"shares_in_issue": "10,000"} | days(valued_on=date(2026, 9, 30))
    refused = client.post(where, data=few)
    assert refused.status_code == 422
    assert "Enter all shares in issue on 30 September 2026" in refused.text
    assert "recorded here alone are 16,000 shares" in refused.text
    assert client.post(where, data=few | days(valued_on=date(2026, 2, 1))).status_code == 303


def test_an_overdue_update_is_on_the_managers_list_and_the_company_is_reminded_once_a_day(
    cast: Cast, client: ConformingClient
) -> None:
    late = held.company_update(own_business(), due_on=today() - timedelta(days=1))
    held.company_update(due_on=today())
    client.sign_in(cast.network_manager)
    assert "company update overdue" in text_of(client, "/desk")
    listed = client.get("/company-updates?status=late").text
    assert str(late.id) in listed
    assert listed.count("/company-updates/") == 1 + listed.count("/company-updates?")
    assert "Overdue" in client.get("/company-updates").text
    assert cast.founder.email in client.get(f"/company-updates/{late.id}").text
    assert client.post(f"/company-updates/{late.id}/remind").status_code == 303
    assert "The company has been reminded today" in client.get(f"/company-updates/{late.id}").text
    assert client.post(f"/company-updates/{late.id}/remind").status_code == 409
    assert [each.to_address for each in letters("update_reminded")] == [cast.founder.email]


def test_the_daily_work_reminds_a_week_before_the_day_and_once(cast: Cast) -> None:
    held.company_update(own_business(), due_on=today() + timedelta(days=8))
    tend_updates()
    assert letters("update_reminded") == []
    held.company_update(own_business(), due_on=today() + timedelta(days=7))
    tend_updates()
    tend_updates()
    assert len(letters("update_reminded")) == 1


def test_what_was_not_sent_by_the_next_quarter_is_missed_and_can_still_be_sent(
    cast: Cast, client: ConformingClient
) -> None:
    before = asked()
    updating.ask(own_business(), date(2026, 9, 30))
    assert before.status is UpdateStatus.MISSED
    client.sign_in(cast.founder)
    sent = {"words": "Late, but here."}
    assert client.post(f"/company-updates/{before.id}/send", data=sent).status_code == 303
    with pytest.raises(Conflict):
        updating.give(before, UpdateDetails("Again"), by=cast.founder.actor)


def test_the_log_says_that_an_update_was_sent_and_not_its_figures(
    cast: Cast, client: ConformingClient
) -> None:
    details = UpdateDetails("Words of ours", revenue=Money.pounds(58_123))
    updating.give(asked(), details, by=cast.founder.actor)
    log = text_of(client.sign_in(cast.auditor), "/audit")
    assert "Words of ours" not in log
    assert "58,123" not in log


def test_a_sent_update_is_corrected_with_its_reason_old_and_new_are_read_and_its_day_stays(
    cast: Cast, client: ConformingClient
) -> None:
    _, made = bought()
    found = held.company_update(own_business(), UpdateStatus.GIVEN, words="We sold £5,000.", people=4)
    where, given_at = f"/company-updates/{found.id}", found.given_at
    client.sign_in(cast.founder)
    assert "We sold £5,000." in text_of(client, f"{where}/correct")
    same = {"words": "We sold £5,000.", "people": "4", "reason": "A typing error."}
    assert client.post(f"{where}/correct", data=same).status_code == 422, "nothing is different"
    assert (
        client.post(f"{where}/correct", data=same | {"words": "We sold £50,000.", "reason": ""}).status_code
        == 422
    )
    assert client.post(f"{where}/correct", data=same | {"words": "We sold £50,000."}).status_code == 303
    for page in (where, f"/holdings/{made.id}"):
        client.sign_in(cast.founder if page == where else cast.network_manager)
        said = text_of(client, page)
        assert "We sold £50,000." in said
        assert "We sold £5,000." in said, "what it said before stays"
        assert "A typing error." in said
    assert rows(CompanyUpdate)[0].given_at == given_at, "its age is that of the update"
    assert len(letters("update_corrected")) == 1
    asked_for = held.company_update(own_business())
    assert client.sign_in(cast.founder).get(f"/company-updates/{asked_for.id}/correct").status_code == 409
