"""What a readiness assessment leads to: who can help, whether they can, and a referral in one click."""

from __future__ import annotations

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from crm.businesses.queries.seeing import business
from crm.kernel.roles import Role
from crm.referrals.models import Referral
from crm.referrals.workflow import ReferralStatus
from tests import assessments, factories
from tests.cast import BUSINESS, Cast
from tests.client import ConformingClient

pytestmark = pytest.mark.engine("sqlite")


def test_an_adviser_refers_from_an_action_in_one_click_and_a_founder_sees_who_can_help(
    client: ConformingClient, cast: Cast, db: Session
) -> None:
    owner = business(BUSINESS)
    assert owner is not None
    made = assessments.readiness_check(owner, is_finished=True)
    owner.dcms_groups = ("film_tv_radio_photo",)
    db.flush()
    none_yet = client.sign_in(cast.founder).get(f"/readiness/{made.id}").text
    assert "No service is confirmed and open to you" in none_yet
    assert "Ask an adviser what to do next" in none_yet
    assert "Action 6" not in none_yet
    assessments.open_service("ipo_audit")
    page = client.sign_in(cast.founder).get(f"/readiness/{made.id}").text
    assert "Adopt one signed freelancer agreement" in page
    assert "IP or media solicitor" in page
    assert "/directory/services/ipo_audit" in page
    assert "May be eligible" in page
    refer = f"/readiness/{made.id}/actions/own1/ipo_audit/refer"
    assert "Ask an adviser to refer you" in page
    assert refer not in page
    assert client.post(refer).status_code == 403

    without = client.sign_in(cast.adviser).get(f"/readiness/{made.id}").text
    assert "a referral names the person whom the provider should contact" in without
    assert refer not in without
    assert client.post(f"/readiness/{made.id}/actions/own1/bipc/refer").status_code == 404
    nobody = client.post(refer)
    assert nobody.status_code == 409
    assert "Add a person to the business first" in nobody.text
    person = factories.person(owner)
    assert refer in client.get(f"/readiness/{made.id}").text
    where = client.post(refer).headers["Location"]
    drafted = db.scalars(select(Referral)).one()
    assert where == f"/referrals/{drafted.id}"
    assert (drafted.status, drafted.person_id) == (ReferralStatus.DRAFT, person.id)
    assert "Answer: Nothing in writing" in drafted.message
    assert "Check it, then tell the business" in client.get(where).text


def test_the_test_bed_manager_sees_finished_ip_assessments_of_the_whole_region(
    client: ConformingClient, cast: Cast
) -> None:
    owner = business(BUSINESS)
    assert owner is not None
    done, going = assessments.readiness_check(owner, is_finished=True), assessments.readiness_check(owner)
    person = factories.account()
    factories.grant(person, Role.TEST_BED_MANAGER)
    client.sign_in(person)
    page = client.get("/readiness").text
    assert f"/readiness/{done.id}" in page
    assert f"/readiness/{going.id}" not in page
    result = client.get(f"/readiness/{done.id}").text
    assert "Exposed" in result
    assert f'href="/businesses/{BUSINESS}"' not in result
    assert client.get(f"/readiness/{going.id}").status_code == 404
    assert "Copy to a draft" in client.get(f"/question-sets/readiness/{done.set_id}").text
