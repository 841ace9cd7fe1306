"""Offers that nobody answered, delegations as a file, products as services, and the letter to whom a threshold shut out."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from crm.directory.queries import services_by_id
from crm.exporting.cover.jobs import load_products
from crm.exporting.cover.rules.products import products
from crm.exporting.delegations.jobs import close_and_lapse
from crm.exporting.delegations.workflow import PlaceStatus
from crm.kernel.clock import today
from crm.kernel.permissions import SYSTEM
from crm.referrals.models import Referral
from crm.referrals.service import answering, telling
from crm.referrals.service.answering import Came
from crm.referrals.workflow import Outcome, ReferralStatus
from tests import covers, factories
from tests.cast import BUSINESS, Cast
from tests.client import ConformingClient
from tests.exporting import trade
from tests.referrals.made import READER, again, agree, letters

pytestmark = pytest.mark.engine("sqlite")
NEW = f"/businesses/{BUSINESS}/export-cover/new"


def test_an_offer_is_reminded_of_once_in_its_last_days_and_lapses_after(cast: Cast, db: Session) -> None:
    _, places = trade.chosen(3, 2, 1)
    offered = [each for each in places if each.status is PlaceStatus.OFFERED]
    close_and_lapse()
    assert letters(db, "delegation_offer_reminder") == [], "not a week before"
    for each, days in zip(offered, (2, -1), strict=True):
        each.answer_by = today() + timedelta(days=days)
    db.flush()
    close_and_lapse()
    close_and_lapse()
    (told,) = letters(db, "delegation_offer_reminder")
    assert told.context["business"] == offered[0].business.name
    assert trade.again(offered[1]).status is PlaceStatus.LAPSED


def test_the_list_of_delegations_is_a_file_with_what_came_of_each(
    client: ConformingClient, cast: Cast
) -> None:
    place = trade.went(trade.owner(BUSINESS))
    draft = trade.delegation(title="A draft")
    client.sign_in(cast.administrator)
    assert "/delegations.csv" in client.get("/delegations").text
    rows = client.get("/delegations.csv").text.splitlines()
    assert rows[0].startswith("\ufeffDelegation,Market or festival")
    assert [each for each in rows if each.startswith(draft.title) and each.endswith(",,,,,")]
    assert [each for each in rows if place.delegation.title in each and each.endswith(",1,,,,1")], (
        "not known yet is empty"
    )
    client.sign_in(cast.founder)
    assert "/delegations.csv" not in client.get("/delegations").text
    assert client.get("/delegations.csv").status_code == 403


def test_every_product_of_export_finance_is_a_service_with_its_rules_and_a_referral_shows_its_outcome(
    client: ConformingClient, cast: Cast, db: Session
) -> None:
    there = services_by_id()
    assert {each.service for each in products()} <= set(there)
    assert there["ukef_edg"].min_export_share_pct == 20
    assert load_products() == {"export finance services": 0}, "people edit them from now on"
    owner = trade.owner(BUSINESS)
    factories.person(owner)
    check = covers.checked(owner, covers.MAY_FIT)
    page, service = f"/export-cover/{check.id}", "/directory/services/ukef_seb"
    client.sign_in(cast.adviser)
    assert service in client.get(page).text
    assert "£25,000 or less at any one time" in client.get(service).text
    client.post(f"{page}/ukef_seb/refer")
    made = db.scalars(select(Referral)).one()
    assert made.status is ReferralStatus.DRAFT
    shown = " ".join(client.get(page).text.split())
    assert "Referral to UKEF Small Export Builder prepared on " in shown
    assert "Draft" in shown
    agree(owner)
    telling.announce(again(made), READER, by=cast.adviser.actor)
    telling.agree(again(made), by=SYSTEM)
    answering.accept(again(made), by=SYSTEM)
    answering.complete(again(made), Came(Outcome.HELPED), by=SYSTEM)
    for who in (cast.adviser, cast.founder):
        client.sign_in(who)
        assert "The business was helped" in client.get(page).text


def test_a_business_is_written_to_once_when_an_adviser_finds_that_a_threshold_shuts_it_out(
    client: ConformingClient, cast: Cast, db: Session
) -> None:
    covers.turned_over(trade.owner(BUSINESS), 4_999_999)
    asked = {"country": "Canada", "sells": "services", "wishes": ["advice"]}
    client.sign_in(cast.founder)
    client.post(NEW, data=asked)
    assert letters(db, "cover_shut_out") == [], "they see it on the page"
    client.sign_in(cast.adviser)
    client.post(NEW, data=asked | {"wishes": ["advice", "general_cash"], "sum_wanted": "26,000,000"})
    told = letters(db, "cover_shut_out")
    assert len(told) == len({each.to_address for each in told}) > 0
    ((line,),) = [each["lines"] for each in told[0].context["checks"]]
    assert line.startswith("General Export Facility: the finance needed is £26,000,000, and it takes")
    client.post(NEW, data=asked)
    assert len(letters(db, "cover_shut_out")) == len(told), "not again"
