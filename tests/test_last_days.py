"""Every clock at the end of a promised day, on both changes of the clocks, as its page, its form and its desk tell it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, time, timedelta
from typing import Any

import pytest

from crm.db.session import session
from crm.exporting.delegations.jobs import close_and_lapse
from crm.exporting.delegations.service import choosing, leading
from crm.kernel.calendar import day_in_words
from crm.kernel.clock import days_later, moment_on
from crm.kernel.permissions import SYSTEM
from crm.programme.awards.service import answering
from crm.programme.awards.workflow import AwardStatus
from tests import awards, claimed, cohorts, factories, network, outcomes, rounds
from tests.cast import BUSINESS, Cast
from tests.client import ConformingClient
from tests.exporting import trade
from tests.programme.applicants import own

pytestmark = pytest.mark.engine("sqlite")
CHANGES = [date(2027, 3, 28), date(2027, 10, 31)]
"""The Sundays on which the clocks go forward and back. Each begins an hour early or late in UTC, or ends so."""
Says = Callable[[ConformingClient], bool]


def grant_offer(cast: Cast, day: date) -> Says:
    owner = cohorts.cohort(cohorts.judged())
    about = rounds.application(own(), owner.round)
    found = awards.award(cohorts.decision(owner, about), status=AwardStatus.OFFERED, offer_expires_on=day)
    page, words = f"/awards/{found.id}", f"This offer ended on {day_in_words(day)}"

    def can_be_accepted(client: ConformingClient) -> bool:
        client.sign_in(cast.founder)
        can = client.get(f"{page}/accept").status_code == 200
        shown = client.get(page).text
        assert can == ("Accept the offer" in shown)
        assert can or words in shown or "was not accepted by its last day" in shown
        assert can == ("Answer your grant offer" in client.get("/desk").text)
        return can

    return can_be_accepted


def offered_place(cast: Cast, day: date) -> Says:
    found = trade.opened(seats=1)
    place = trade.assessed(trade.applied(found, trade.owner(BUSINESS)))
    leading.close(found, by=SYSTEM)
    choosing.select(found, by=SYSTEM)
    place = trade.again(place)
    place.answer_by = day
    page, words = f"/delegation-places/{place.id}", f"This offer ended on {day_in_words(day)}"

    def can_be_accepted(client: ConformingClient) -> bool:
        client.sign_in(cast.founder)
        can = client.get(f"{page}/accept").status_code == 200
        shown = client.get(page).text
        assert can == ("Accept the place" in shown)
        assert can or words in shown or "Did not answer in time" in shown
        assert can == ("Accept or decline your place" in client.get("/desk").text)
        return can

    return can_be_accepted


def delegation(cast: Cast, day: date) -> Says:
    found = trade.opened(closes_on=day)
    factories.person(own(), name="Made Traveller")
    session().flush()

    def takes_applications(client: ConformingClient) -> bool:
        client.sign_in(cast.founder)
        return client.get(f"/delegations/{found.id}/apply/{BUSINESS}").status_code == 200

    return takes_applications


def milestone(cast: Cast, day: date) -> Says:
    found = claimed.award()
    found.milestones[0].due_on = day
    return lambda client: "Overdue" not in client.sign_in(cast.founder).get(f"/awards/{found.id}").text


def repayment(cast: Cast, day: date) -> Says:
    found = claimed.recovery(claimed.award(), due_on=day)
    page = f"/repayments/{found.id}"
    return lambda client: "It is overdue" not in client.sign_in(cast.programme_manager).get(page).text


def figures(cast: Cast, day: date) -> Says:
    (found, *_) = outcomes.planned(outcomes.awarded(own()))
    found.due_on = day
    words = "That day is over"
    return lambda client: words not in client.sign_in(cast.founder).get(f"/outcomes/{found.id}/give").text


def renewal(cast: Cast, day: date) -> Says:
    network.right(own(), renews_on=day)

    def is_not_overdue(client: ConformingClient) -> bool:
        page = client.sign_in(cast.founder).get("/desk").text
        assert "Made work" in page
        return "Overdue" not in page

    return is_not_overdue


@pytest.mark.parametrize("day", CHANGES, ids=str)
@pytest.mark.parametrize(
    "of", [grant_offer, offered_place, delegation, milestone, repayment, figures, renewal]
)
def test_k9_what_holds_until_a_day_holds_to_its_last_second_and_not_a_second_longer(
    cast: Cast, client: ConformingClient, clock: Any, of: Callable[[Cast, date], Says], day: date
) -> None:
    clock.move_to(moment_on(day - timedelta(days=3), time(9)))
    holds = of(cast, day)
    session().flush()
    said = {}
    for last in (day - timedelta(days=1), day):  # a change of the clocks begins the second of these days
        for name, moment in (
            ("last second", (last, time(23, 59, 59))),
            ("midnight", (last + timedelta(1), time(0))),
        ):
            clock.move_to(moment_on(*moment))
            said[last, name] = holds(client)
    clock.move_to(moment_on(day + timedelta(days=1), time(0, 1)))
    assert list(said.values()) == [True, True, True, False]
    assert not holds(client)
    answering.remind_or_lapse()
    close_and_lapse()
    assert not holds(client)


def test_a_time_some_days_later_is_the_same_on_londons_clocks() -> None:
    noon = moment_on(date(2027, 3, 20), time(12))
    assert days_later(noon, 14) == moment_on(date(2027, 4, 3), time(12))
    assert days_later(moment_on(date(2027, 10, 20), time(12)), 14) == moment_on(date(2027, 11, 3), time(12))
