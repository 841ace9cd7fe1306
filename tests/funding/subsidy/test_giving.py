"""Subsidies by their verbs: one limit for an enterprise, papers in the order of the law, and what is published."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from sqlalchemy.orm import Session

from crm.businesses.models import Business
from crm.funding.subsidy import queries
from crm.funding.subsidy.models import Subsidy
from crm.funding.subsidy.rules import Regime
from crm.funding.subsidy.service import giving, linking, recording
from crm.funding.subsidy.service.recording import SubsidyDetails
from crm.funding.subsidy.workflow import SubsidyStatus
from crm.kernel.clock import today
from crm.kernel.companies import CompanyNumber
from crm.kernel.errors import Conflict, Invalid
from crm.kernel.money import Money
from crm.kernel.permissions import SYSTEM
from tests import factories
from tests.cast import Cast

NOVEMBER = date(2026, 11, 24)


def details(pounds: int, given_on: date = NOVEMBER, **other: Any) -> SubsidyDetails:
    return SubsidyDetails("An invented fund", "a camera", Money.pounds(pounds), given_on, **other)


def prepared(owner: Business, pounds: int, given_on: date = NOVEMBER) -> Subsidy:
    return giving.prepare(owner, details(pounds, given_on), depends_on_exporting_goods=False, by=SYSTEM)


def room(owner: Business, on: date = NOVEMBER) -> Money:
    return queries.standing_of(owner.id, on=on).largest


def test_p38_what_a_business_declared_leaves_25000_until_1_april(cast: Cast, db: Session) -> None:
    owner = factories.business()
    recording.declare(owner, details(290_000, date(2024, 5, 10)), by=SYSTEM)
    with pytest.raises(Invalid, match=r"£25,000\.00 is the most that can be given on that day"):
        prepared(owner, 40_000, date(2027, 3, 31))

    assert prepared(owner, 40_000, date(2027, 4, 1)).status is SubsidyStatus.PREPARED


def test_p38_25000_fits_to_the_penny(cast: Cast, db: Session) -> None:
    owner = factories.business()
    recording.declare(owner, details(290_000, date(2024, 5, 10)), by=SYSTEM)
    over = SubsidyDetails("An invented fund", "a camera", Money(25_000_01), date(2027, 3, 31))
    with pytest.raises(Invalid):
        giving.prepare(owner, over, depends_on_exporting_goods=False, by=SYSTEM)
    prepared(owner, 25_000, date(2027, 3, 31))

    assert room(owner, date(2027, 3, 31)) == Money(0)


def test_p39_help_in_kind_counts_at_what_it_is_worth(cast: Cast, db: Session) -> None:
    owner = factories.business()
    recording.record_in_kind(owner, details(22_000), by=SYSTEM)

    assert room(owner) == Money.pounds(293_000)


def test_p40_nothing_is_given_before_it_was_notified_and_confirmed(cast: Cast, db: Session) -> None:
    found = prepared(factories.business(), 100_000)
    for too_early in (giving.give, giving.issue):
        with pytest.raises(Conflict):
            too_early(found, by=SYSTEM)
    giving.notify(found, by=SYSTEM)
    with pytest.raises(Conflict):
        giving.give(found, by=SYSTEM)
    with pytest.raises(Invalid, match="Enter who confirmed it"):
        giving.confirm(found, confirmed_by=" ", by=SYSTEM)
    giving.confirm(found, confirmed_by="Ann of the business", by=SYSTEM)
    giving.give(found, by=SYSTEM)
    giving.issue(found, by=SYSTEM)

    assert found.status is SubsidyStatus.ISSUED
    assert giving.confirmation_of(found).startswith(
        "We confirm that on 24 November 2026 An invented fund gave you"
    )
    assert "£100,000.00 gross" in giving.confirmation_of(found)
    assert found.publish_by is None
    with pytest.raises(Conflict, match="does not have to be published"):
        giving.publish(found, reference="SC1", by=SYSTEM)


def test_p40_a_subsidy_above_100000_is_published_within_three_months_of_its_confirmation(
    cast: Cast, db: Session
) -> None:
    owner = factories.business()
    over = SubsidyDetails("An invented fund", "a camera", Money(100_000_01), NOVEMBER)
    found = giving.prepare(owner, over, depends_on_exporting_goods=False, by=SYSTEM)
    giving.notify(found, by=SYSTEM)
    giving.confirm(found, confirmed_by="Ann", by=SYSTEM)
    assert found.publish_by == date(2027, 2, 24)
    assert [each.id for each in queries.to_publish()] == [found.id]
    giving.publish(found, reference="SC12345", by=SYSTEM)

    assert queries.to_publish() == []
    with pytest.raises(Conflict, match="was published on 24 November 2026"):
        giving.publish(found, reference="SC12345", by=SYSTEM)


def test_p41_two_businesses_of_one_parent_share_one_headroom(cast: Cast, db: Session) -> None:
    one, two, parent, stranger = (factories.business(company_number=f"0000000{n}") for n in range(1, 5))
    linking.link(one, CompanyNumber.parse("00000003"), source="The register of companies", by=SYSTEM)
    linked = linking.link(two, CompanyNumber.parse("00000003"), source="The founder said so", by=SYSTEM)
    recording.declare(one, details(200_000), by=SYSTEM)
    prepared(two, 100_000)

    assert queries.group_of(parent.id) == {one.id, two.id, parent.id}
    assert room(parent) == Money.pounds(15_000)
    found = queries.headrooms_of([one.id, two.id, stranger.id], on=NOVEMBER)
    assert found == {
        one.id: Money.pounds(15_000),
        two.id: Money.pounds(15_000),
        stranger.id: Money.pounds(315_000),
    }
    with pytest.raises(Invalid, match=r"£15,000\.00 is the most"):
        prepared(one, 16_000)
    linking.unlink(linked, by=SYSTEM)
    assert room(two) == Money.pounds(215_000)


def test_p41_a_parent_is_recorded_once_and_is_another_company(cast: Cast, db: Session) -> None:
    owner, parent = factories.business(company_number="00000001"), CompanyNumber.parse("00000009")
    linking.link(owner, parent, source="The register of companies", by=SYSTEM)
    with pytest.raises(Invalid, match="recorded already"):
        linking.link(owner, parent, source="Again", by=SYSTEM)
    with pytest.raises(Invalid, match="own number"):
        linking.link(owner, CompanyNumber.parse("00000001"), source="Itself", by=SYSTEM)


def test_p42_goods_that_depend_on_export_cannot_take_this_route(cast: Cast, db: Session) -> None:
    with pytest.raises(Invalid, match="depends on exporting") as refused:
        giving.prepare(factories.business(), details(5), depends_on_exporting_goods=True, by=SYSTEM)

    assert refused.value.field == "depends_on_exporting_goods"


def test_p46_what_was_given_is_not_cancelled_and_stays_counted(cast: Cast, db: Session) -> None:
    owner = factories.business()
    found, mistake = prepared(owner, 20_000), recording.declare(owner, details(7), by=SYSTEM)
    giving.cancel(mistake, reason="Another business", by=SYSTEM)
    giving.notify(found, by=SYSTEM)
    giving.confirm(found, confirmed_by="Ann", by=SYSTEM)
    giving.give(found, by=SYSTEM)
    with pytest.raises(Conflict):
        giving.cancel(found, reason="It came back", by=SYSTEM)

    assert room(owner) == Money.pounds(295_000)


def test_p40_what_was_declared_meanwhile_is_counted_when_it_is_given(cast: Cast, db: Session) -> None:
    owner = factories.business()
    found = prepared(owner, 100_000)
    giving.notify(found, by=SYSTEM)
    giving.confirm(found, confirmed_by="Ann", by=SYSTEM)
    recording.declare(owner, details(216_000, today()), by=SYSTEM)
    with pytest.raises(Invalid, match=r"£99,000\.00 is the most"):
        giving.give(found, by=SYSTEM)
    assert found.status is SubsidyStatus.CONFIRMED


@pytest.mark.parametrize("pence", [0, -1, 10**20], ids=["nought", "negative", "twenty digits"])
@pytest.mark.engine("sqlite")
def test_p39_what_is_no_amount_is_refused(cast: Cast, db: Session, pence: int) -> None:
    wrong = SubsidyDetails("A fund", "a camera", Money(pence), NOVEMBER)
    with pytest.raises(Invalid):
        recording.declare(factories.business(), wrong, by=SYSTEM)


def test_p38_what_we_give_is_minimal_financial_assistance_and_all_that_others_gave_counts(
    cast: Cast, db: Session
) -> None:
    owner = factories.business()
    for regime in Regime:
        recording.declare(owner, details(70_000, regime=regime), by=SYSTEM)
    assert room(owner) == Money.pounds(315_000 - 4 * 70_000)
    for regime in set(Regime) - {Regime.MFA}:
        with pytest.raises(Invalid, match="We give minimal financial assistance only"):
            giving.prepare(owner, details(1_000, regime=regime), depends_on_exporting_goods=False, by=SYSTEM)
