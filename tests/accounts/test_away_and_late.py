"""Who is away is said wherever a person is chosen, and late work of colleagues is on their manager's desk."""

from __future__ import annotations

from datetime import timedelta

import pytest

from crm.accounts.models import Account
from crm.kernel.clock import today
from crm.signposting.workflow import EnquiryStatus
from tests import factories, invited
from tests.angels.people import own_business
from tests.cast import BUSINESS, Cast
from tests.client import ConformingClient

pytestmark = pytest.mark.engine("sqlite")
DAY = timedelta(days=1)


def test_a_colleague_who_is_away_or_soon_will_be_is_marked_wherever_a_person_is_chosen(
    client: ConformingClient, cast: Cast, colleague: Account
) -> None:
    owner = own_business()
    factories.person(owner)
    waiting = factories.enquiry(hub_id=owner.hub_id, _status=EnquiryStatus.WAITING)
    factories.next_step(owner, cast.adviser.account)
    invited.absence(colleague.id, first_day=today() - DAY, last_day=today() + 9 * DAY)
    assert cast.hub_manager.id is not None
    invited.absence(cast.hub_manager.id, first_day=today() + 5 * DAY, last_day=today() + 6 * DAY)
    client.sign_in(cast.hub_manager)
    choosers = (
        f"/businesses/{BUSINESS}/appointments/new",
        f"/businesses/{BUSINESS}/next-steps/new",
        f"/businesses/{BUSINESS}/referrals/new",
        f"/enquiries/{waiting.id}",
        "/enquiries/absences/new",
        f"/people/{cast.adviser.id}/caseload",
    )
    for page in choosers:
        assert "(away until 3 December" in client.get(page).text, page
    assert "(away from 29 November until 30 November)" in client.get(choosers[0]).text


def test_late_steps_and_referrals_of_a_colleague_are_on_their_managers_desk_with_the_oldest_day(
    client: ConformingClient, cast: Cast, colleague: Account
) -> None:
    owner = own_business()
    factories.next_step(owner, colleague, due_on=today() - 2 * DAY)
    factories.next_step(owner, colleague, due_on=today() + 2 * DAY)
    factories.sent_referral(owner, due_on=today() - 20 * DAY, created_by_id=colleague.id)
    factories.next_step(owner, cast.adviser.account, due_on=today())
    invited.absence(colleague.id, last_day=today() + 9 * DAY)
    desk = client.sign_in(cast.hub_manager).get("/desk").text
    assert "Col League has 2 late cases" in desk
    assert "4 November 2026" in desk
    assert "away until 3 December" in desk
    assert f"{cast.adviser.account.name} has" not in desk, "due today is not late"
    page = client.get(f"/people/{colleague.id}/caseload").text
    assert page.count("(late)") == 2
    assert "late case" not in client.sign_in(cast.adviser).get("/desk").text


def test_k15_the_late_work_of_a_leaver_is_late_on_their_managers_desk_with_its_day(
    client: ConformingClient, cast: Cast, colleague: Account
) -> None:
    factories.next_step(own_business(), colleague, due_on=today() - 2 * DAY)
    client.sign_in(cast.administrator).post(f"/people/{colleague.id}/deactivate")
    desk = client.sign_in(cast.hub_manager).get("/desk").text
    row = desk[desk.index("Hand over the caseload of Col League, who has left") :]
    assert "Overdue" in desk[: desk.index("Hand over the caseload")]
    assert "1 late case · due 22 November 2026" in row[:600]
