"""What the trail and the pages of a delegation say of who did what, after what, and what keeps something from being done."""

from __future__ import annotations

import html
import re
from datetime import timedelta
from urllib.parse import quote

import pytest
from sqlalchemy.orm import Session

from crm.db.session import session
from crm.exporting.delegations.queries import counting
from crm.exporting.delegations.service import leading, returning
from crm.exporting.delegations.service.returning import Results
from crm.kernel.calendar import day_in_words
from crm.kernel.clock import today
from crm.kernel.money import Money
from crm.kernel.permissions import SYSTEM
from tests.cast import BUSINESS, Cast
from tests.client import ConformingClient
from tests.exporting import trade

pytestmark = pytest.mark.engine("sqlite")


def _flat(text: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", html.unescape(text)).split())


def test_what_staff_record_for_a_business_is_told_as_that_and_what_the_list_moved_up_after_k32(
    client: ConformingClient, cast: Cast
) -> None:
    _found, places = trade.chosen(3, 2, 1)
    first, second, waiting = places
    client.sign_in(cast.administrator)
    for place, act in ((first, "accept"), (second, "decline")):
        sent = client.post(f"/delegation-places/{place.id}/{act}", data={"told": "Jo Maker, by email"})
        assert sent.status_code == 303
    moved = _flat(client.get(f"/delegation-places/{waiting.id}").text)
    assert "It was offered a place as the next on the waiting list" in moved
    assert f"What it followed: {second.business.name} declined its place" in moved
    history = _flat(client.get(f"/delegation-places/{first.id}").text)
    assert "recorded that it accepted the place" in history
    assert "Told by: Jo Maker, by email" in history

    client.sign_in(cast.auditor)
    log = _flat(client.get(f"/audit?thing={quote(first.business.name)}").text)
    assert "recorded that a business accepted a place in a delegation" in log
    log = _flat(client.get(f"/audit?thing={quote(waiting.business.name)}").text)
    assert "The system offered delegation place" in log
    assert "or a visitor offered" not in log
    assert f"What it followed: {second.business.name} declined its place" in log


def test_the_story_of_a_moved_and_restored_market_is_found_by_its_name_with_what_each_followed_k25_k32(
    client: ConformingClient, cast: Cast
) -> None:
    found, places = trade.chosen(3, 2)
    market, edition = found.edition.market, found.edition
    places[0].answer_by = today() + timedelta(days=1)
    session().flush()
    client.sign_in(cast.hub_manager)
    where = f"/market-editions/{edition.id}"
    assert client.post(f"{where}/cancel", data={"reason": "Too few stands"}).status_code == 303
    assert client.post(f"{where}/restore").status_code == 303
    assert client.post(f"/delegations/{found.id}/confirm-dates").status_code == 303

    page = client.sign_in(cast.auditor).get(f"/audit?thing={quote(market.name)}").text
    log, who = _flat(page), cast.hub_manager.known.name
    for said in (
        f"{who} cancelled market edition",
        f"{who} restored market edition",
        f"{edition.title}, {market.name}",
        f"What it followed: {who} cancelled the market",
        f"What it followed: {who} restored the market",
        "The system gave more days to answer an offer of a place in a delegation",
        f"What it followed: {who} confirmed that the delegation stays as it is",
        f"Answer by: {day_in_words(today() + timedelta(days=1))} → ",
    ):
        assert said in log, said
    assert "or a visitor" not in log
    assert "confirmed delegation dates: " not in log.replace(f"confirmed delegation dates: {found.title}", "")
    assert f'href="{where}"' in page
    shown = client.get(where)
    assert (shown.status_code, shown.location) == (302, f"/markets/{market.id}#edition-{edition.id}")


def test_what_a_business_answers_itself_is_told_as_its_own_act(client: ConformingClient, cast: Cast) -> None:
    found = trade.opened()
    place = trade.assessed(trade.applied(found, trade.owner(BUSINESS)))
    leading.close(found, by=SYSTEM)
    client.sign_in(cast.administrator).post(f"/delegations/{found.id}/select")
    client.sign_in(cast.founder).post(f"/delegation-places/{place.id}/accept")
    history = _flat(client.sign_in(cast.administrator).get(f"/delegation-places/{place.id}").text)
    assert "accepted the place" in history
    assert "recorded that it accepted" not in history


def test_each_application_that_is_not_assessed_is_a_link_to_its_assessment_k33(
    client: ConformingClient, cast: Cast
) -> None:
    found = trade.opened()
    done, left = trade.assessed(trade.applied(found)), trade.applied(found)
    leading.close(found, by=SYSTEM)
    client.sign_in(cast.administrator)
    for page in (f"/delegations/{found.id}/places", f"/delegations/{found.id}/select"):
        shown = client.get(page).text.partition("Assess every application first.")[2]
        named = shown.partition("</ul>")[0]
        assert f'href="/delegation-places/{left.id}/assess">{html.escape(left.business.name)}</a>' in named
        assert done.business.name not in named
    refused = client.post(f"/delegations/{found.id}/select")
    assert "Assess every application first" in refused.text
    trade.assessed(left)
    assert "Assess every application first" not in client.get(f"/delegations/{found.id}/places").text


def test_once_results_are_told_it_says_why_that_a_business_went_stays_k33(
    client: ConformingClient, cast: Cast, db: Session
) -> None:
    place = trade.went()
    page = f"/delegation-places/{place.id}"
    client.sign_in(cast.administrator)
    assert f"Correct: {place.business.name} did not go" in client.get(page).text
    first = counting.returns_of(place.id)[0]
    returning.record(first, Results(4, 1, Money.pounds(0)), version=None, by=SYSTEM)
    shown = _flat(client.get(page).text)
    assert "Correct: " not in shown
    assert (
        "has told what came of this delegation, so it went. If the results are wrong, change them." in shown
    )
    assert client.post(f"{page}/miss").status_code == 409
