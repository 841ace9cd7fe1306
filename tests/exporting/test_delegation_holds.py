"""A delegation on hold: everybody in it is told, no day runs, and it goes on; closed early only when asked once more."""

from __future__ import annotations

from datetime import timedelta

import pytest

from crm.db.session import session
from crm.exporting.delegations.jobs import close_and_lapse
from crm.exporting.delegations.service import leading
from crm.exporting.delegations.workflow import PlaceStatus
from crm.exporting.plans.service import markets
from crm.kernel.calendar import day_in_words
from crm.kernel.clock import today
from crm.kernel.permissions import SYSTEM
from tests.cast import BUSINESS, Cast
from tests.client import ConformingClient
from tests.exporting import trade
from tests.exporting.test_delegation_letters import offered, texts
from tests.exporting.test_delegations import letters

pytestmark = pytest.mark.engine("sqlite")


def test_those_in_a_delegation_on_hold_are_told_and_their_days_to_answer_stop_until_it_goes_ahead(
    cast: Cast, client: ConformingClient
) -> None:
    found, place = offered()
    place.answer_by = today() + timedelta(days=1)
    session().flush()
    markets.cancel_edition(found.edition, reason="Too few stands", by=SYSTEM)
    told = texts("delegation_on_hold")
    assert set(told) == {cast.founder.email, place.person.email}
    assert "was cancelled: Too few stands." in told[cast.founder.email]
    assert "your days to answer our offer do not run" in told[cast.founder.email]
    client.sign_in(cast.founder)
    assert "Accept or decline your place" not in client.get("/desk").text, "nobody can accept now"
    page = client.get(f"/delegation-places/{place.id}").text
    assert "decides first whether it goes ahead" in page
    assert "Answer by" not in page
    close_and_lapse()
    assert letters("delegation_offer_reminder") == []
    place = trade.again(place)
    place.answer_by = today() - timedelta(days=3)
    session().flush()
    close_and_lapse()
    assert trade.again(place).status is PlaceStatus.OFFERED
    client.sign_in(cast.administrator)
    assert client.post(f"/delegations/{found.id}/confirm-dates").status_code == 303
    until = today() + timedelta(days=found.answer_days)
    assert trade.again(place).answer_by == until
    ahead = texts("delegation_goes_ahead")[str(place.person.email)]
    assert f"Accept or decline by {day_in_words(until)}." in ahead
    assert "days to answer began anew" in client.get(f"/delegation-places/{place.id}").text
    client.sign_in(cast.founder)
    assert "Accept or decline your place" in client.get("/desk").text


def test_applications_are_closed_before_their_day_only_after_a_question_and_the_page_says_so(
    cast: Cast, client: ConformingClient
) -> None:
    found = trade.opened()
    trade.applied(found, trade.owner(BUSINESS))
    where, day = f"/delegations/{found.id}", day_in_words(found.closes_on)
    client.sign_in(cast.administrator)
    page = client.get(where).text
    assert f'href="{where}/close"' in page
    assert f'action="{where}/close"' not in page, "one press closes nothing"
    asked = client.get(f"{where}/close").text
    assert f"The last day to apply is {day}, as everybody can read." in asked
    assert "1 business has applied." in asked
    assert client.post(f"{where}/close").status_code == 303
    assert f"{day}: applications were closed earlier" in client.get(where).text
    assert client.post(f"{where}/reopen").status_code == 303
    assert "closed earlier" not in client.get(where).text


def test_places_after_the_fact_say_what_came_of_them(cast: Cast, client: ConformingClient) -> None:
    place = trade.went(trade.owner(BUSINESS))
    client.sign_in(cast.administrator)
    page = client.get(f"/delegations/{place.delegation_id}").text
    assert "Offered or taken" not in page
    assert "1 of 2" in page
    assert "Place 1." not in client.get(f"/delegations/{place.delegation_id}/places").text
    off, _ = trade.chosen(3, title="A cancelled one")
    leading.cancel(trade.whole(off.id), reason="Too few applied", by=SYSTEM)
    assert "Offered or taken" not in client.get(f"/delegations/{off.id}").text
    assert "Place 1." not in client.get(f"/delegations/{off.id}/places").text


def test_a_search_with_more_delegations_than_it_shows_leads_to_all_of_them(
    cast: Cast, client: ConformingClient
) -> None:
    for number in range(5):
        trade.opened(title=f"Journey to the Quartz market {number}")
    client.sign_in(cast.hub_manager)
    assert "All delegations" not in client.get("/search?q=quartz").text
    trade.opened(title="Journey to the Quartz market, again")
    page = client.get("/search?q=quartz").text
    assert page.count("Journey to the Quartz market") == 5
    assert 'href="/delegations">All delegations</a>' in page
