"""The calendar of markets and festivals, through its pages."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from crm.db.session import session
from crm.exporting.plans import queries
from crm.exporting.plans.models import Market
from crm.exporting.plans.rules.countries import abroad
from crm.exporting.plans.service.markets import load_shipped
from crm.exporting.plans.workflow import Sureness
from crm.kernel.calendar import day_in_words
from crm.kernel.clock import today
from crm.notices.models import Letter
from crm.notices.service import as_sent
from tests.cast import BUSINESS, Cast
from tests.client import ConformingClient
from tests.exporting import trade

MARKET = {
    "name": "Invented Craft Fair",
    "kind": "trade fair",
    "place": "Lyon",
    "country": "FR",
    "months": ["1"],
    "sectors": ["crafts"],
    "sureness": "usual",
    "source": "Invented for a test",
}
EDITION = {"title": "2027", "sureness": "confirmed", "source": "The organiser"}


def days(name: str, ahead: int) -> dict[str, str]:
    """The three boxes of a day so many days from today."""
    day = today() + timedelta(days=ahead)
    return {f"{name}-day": str(day.day), f"{name}-month": str(day.month), f"{name}-year": str(day.year)}


def test_the_calendar_comes_with_mipcom_and_gamescom_and_says_how_sure_they_are(
    cast: Cast, client: ConformingClient
) -> None:
    load_shipped()
    page = client.get("/markets?q=mipcom")
    assert "MIPCOM Cannes" in page.text
    assert "Usually October" in page.text
    assert "gamescom" not in page.text
    assert load_shipped() == {"markets": 0}
    (found,) = queries.markets(queries.MarketsWanted(text="gamescom"))
    assert "Usual month only: check with the organiser" in client.get(f"/markets/{found.id}").text
    whole = client.get("/markets").text
    assert "MIPTV" not in whole, "what is no longer held stands below the last page"
    last = client.get(f"/markets?page={-(-len(queries.markets()) // 20)}").text
    assert "MIPTV" in last
    assert 'rel="next"' not in last
    assert whole.count("app-rows__row") == 20
    assert 'rel="next"' in whole
    october = client.get("/markets?month=10").text
    assert '<strong aria-current="true">October</strong>' in october
    assert "month=9" in october
    assert "page=" not in october or "month=10&amp;page=2" in october
    assert "MIPTV" not in client.get("/markets?q=gamescom").text
    assert "Not a valid choice" not in whole, "nobody has chosen anything yet"
    client.sign_in(cast.adviser)
    assert "Not a valid choice" not in client.get("/export-plans").text
    client.sign_out()
    lines = client.get("/markets.csv?country=DE").text.splitlines()
    assert len(lines) == 1 + len(queries.markets(queries.MarketsWanted(country="DE")))


def test_an_edition_of_a_market_is_added_without_a_date(cast: Cast, client: ConformingClient) -> None:
    client.sign_in(cast.hub_manager)
    assert client.post("/markets/new", data=MARKET | {"source": ""}).status_code == 422
    assert client.post("/markets/new", data=MARKET).status_code == 303
    again = client.post("/markets/new", data=MARKET | {"name": "invented  CRAFT-fair"})
    assert (again.status_code, "Invented Craft Fair is in the calendar already" in again.text) == (422, True)
    (found,) = queries.markets(queries.MarketsWanted(text="Invented Craft"))
    assert (
        client.post(f"/markets/{found.id}/change", data=MARKET | {"cost": "£900", "version": "1"}).status_code
        == 303
    )
    where = f"/markets/{found.id}/editions/new"
    refused = client.post(where, data=EDITION)
    assert "Enter the dates, or choose that only the usual month is known" in refused.text
    assert client.post(where, data=EDITION | {"sureness": "usual"}).status_code == 303
    assert "No dates yet" in client.get(f"/markets/{found.id}").text
    again = client.post(where, data=EDITION | {"sureness": "usual"} | {"source": "again"})
    assert "has an edition called 2027 already" in again.text


def test_an_edition_is_dated_moved_and_cancelled(cast: Cast, client: ConformingClient) -> None:
    client.sign_in(cast.hub_manager)
    edition = trade.edition(days=None, title="2027")
    found = edition.market
    change = f"/market-editions/{edition.id}/change"
    backwards = EDITION | days("starts_on", 20) | days("ends_on", 18)
    assert "The last day must be on or after the first day" in client.post(change, data=backwards).text
    dated = EDITION | days("starts_on", 20) | days("ends_on", 22)
    assert client.post(change, data=dated).status_code == 303
    assert edition.moved_from is None
    moved = EDITION | days("starts_on", 50) | days("ends_on", 52)
    assert client.post(change, data=moved).status_code == 303
    assert "Was to begin on" in client.get(f"/markets/{found.id}").text
    stale = client.post(change, data=moved | {"version": "1", "title": "2028"})
    assert stale.status_code == 409
    cancel = f"/market-editions/{edition.id}/cancel"
    assert client.post(cancel, data={"reason": " "}).status_code == 422
    assert client.post(cancel, data={"reason": "The organiser withdrew it"}).status_code == 303
    assert "The organiser withdrew it" in client.get(f"/markets/{found.id}").text
    assert client.get(change).status_code == 409


def test_a_founder_says_who_goes_and_who_went(cast: Cast, client: ConformingClient) -> None:
    coming, cancelled = trade.edition(), trade.edition(trade.market("Cancelled Market"))
    trade.markets.cancel_edition(cancelled, reason="Invented", by=trade.SYSTEM)
    client.sign_in(cast.founder)
    where = f"/businesses/{BUSINESS}/market-visits/new"
    assert "Cancelled Market" not in client.get(where).text
    assert client.post(where, data={"edition": str(cancelled.id)}).status_code == 422
    assert client.post(where, data={"edition": str(coming.id), "note": "To meet agents"}).status_code == 303
    twice = client.post(where, data={"edition": str(coming.id), "note": "Twice"})
    assert "is recorded already" in twice.text
    (visit,) = queries.visits_of(BUSINESS)
    assert client.post(f"/market-visits/{visit.id}/attend").status_code == 409
    assert client.post(f"/market-visits/{visit.id}/miss").status_code == 303


def test_a_market_that_is_over_asks_its_founder_whether_they_went(
    cast: Cast, client: ConformingClient
) -> None:
    client.sign_in(cast.founder)
    past = trade.visit(trade.owner(BUSINESS), trade.edition(trade.market("Past Market")))
    past.edition.starts_on = today() - timedelta(days=4)
    past.edition.ends_on = today() - timedelta(days=1)
    assert "Say whether you went to Past Market" in client.get("/desk").text
    assert client.post(f"/market-visits/{past.id}/attend").status_code == 303
    client.sign_in(cast.hub_manager)
    assert "Went" in client.get(f"/markets/{past.edition.market_id}").text
    client.sign_out()
    assert "Who goes" not in client.get(f"/markets/{past.edition.market_id}").text


def test_a_market_whose_dates_are_not_known_is_planned_from_its_page_and_its_dates_follow(
    cast: Cast, client: ConformingClient, db: Session
) -> None:
    load_shipped()
    found = db.scalar(select(Market).where(Market.key == "mipcom"))
    assert found is not None
    client.sign_in(cast.founder)
    add = f"/businesses/{BUSINESS}/market-visits/new"
    link = f"{add}?edition=market:{found.id}"
    assert link in client.get(f"/markets/{found.id}").text
    assert "MIPCOM Cannes, usually October" in client.get(link).text
    for status in (303, 422):
        sent = {"edition": f"market:{found.id}"}
        assert client.post(add, data=sent).status_code == status, "planned once"
    (visit,) = queries.visits_of(BUSINESS)
    assert (visit.edition.title, visit.edition.starts_on) == ("2027", None)
    plan = f"/businesses/{BUSINESS}/export-plan"
    assert "MIPCOM Cannes 2027" in client.get(plan).text
    assert client.post(f"/market-visits/{visit.id}/miss").status_code == 303
    assert "No visit" in client.get(plan).text
    client.sign_in(cast.hub_manager)
    dated = EDITION | days("starts_on", 320) | days("ends_on", 323) | {"version": "1"}
    assert client.post(f"/market-editions/{visit.edition_id}/change", data=dated).status_code == 303
    (row,) = (each for each in client.get("/markets.csv?q=mipcom").text.splitlines() if "MIPCOM" in each)
    assert "Confirmed by the organiser" in row, "how sure the edition is, not the usual month"


def test_everything_that_is_wrong_is_said_at_once(cast: Cast, client: ConformingClient) -> None:
    found = trade.market()
    client.sign_in(cast.hub_manager)
    wrong = {"title": "2027", "sureness": "confirmed"} | days("starts_on", 29) | days("ends_on", 25)
    page = client.post(f"/markets/{found.id}/editions/new", data=wrong).text
    assert "Enter where you found this" in page
    trade.edition(found, days=None, title="2027")
    undated = client.post(f"/markets/{found.id}/editions/new", data=EDITION).text
    assert "has an edition called 2027 already" in undated, "K32"
    assert "Enter the dates, or choose that only the usual month is known" in undated
    assert "The last day must be on or after the first day" in page
    client.sign_in(cast.founder)
    barrier = {"kind": "other", "how": "By a loan"} | days("met_on", -1)
    page = client.post(f"/businesses/{BUSINESS}/export-barriers/new", data=barrier | {"words": ""}).text
    assert "Say what stood in the way" in page


def test_a_market_whose_days_are_not_known_any_more_is_taken_out_of_calendars(cast: Cast) -> None:
    edition = trade.edition(days=20, title="2027")
    trade.visit(trade.owner(BUSINESS), edition)
    details = trade.markets.EditionDetails("2027", None, None, Sureness.USUAL, "the organiser")
    trade.markets.change_edition(edition, details, version=None, by=trade.SYSTEM)
    (told,) = session().scalars(select(Letter).where(Letter.kind == "market_moved"))
    assert "METHOD:CANCEL" in (told.calendar or "")
    said = as_sent(told.kind, told.context | {"to_name": "Made"}).text
    assert "takes it out of your calendar" in said
    assert "When: not known yet" in said


@pytest.mark.engine("sqlite")
def test_n33_those_who_go_are_told_when_a_market_moves_or_is_cancelled_and_not_asked_whether_they_went(
    cast: Cast, client: ConformingClient, clock: Any
) -> None:
    edition = trade.edition(days=20, title="2027")
    trade.visit(trade.owner(BUSINESS), edition)
    client.sign_in(cast.hub_manager)
    moved = EDITION | days("starts_on", 50) | days("ends_on", 52)
    assert client.post(f"/market-editions/{edition.id}/change", data=moved).status_code == 303
    cancel = f"/market-editions/{edition.id}/cancel"
    assert client.post(cancel, data={"reason": "The organiser withdrew it"}).status_code == 303
    told = session().scalars(select(Letter).where(Letter.kind.like("market_%")).order_by(Letter.kind)).all()
    assert [(each.kind, each.to_address) for each in told] == [
        ("market_cancelled", cast.founder.email),
        ("market_moved", cast.founder.email),
    ]
    (why, when) = (as_sent(each.kind, each.context | {"to_name": "Made"}).text for each in told)
    assert "The organiser withdrew it" in why
    assert f"When: {day_in_words(today() + timedelta(50))} to " in when
    assert f"Before: {day_in_words(today() + timedelta(20))} to " in when
    out, entered = (each.calendar or "" for each in told)
    assert ("METHOD:CANCEL" in out, "METHOD:PUBLISH" in entered) == (True, True)
    assert "The attached file takes it out of your calendar" in why
    assert "or moves the entry that you have" in when
    assert f"DTSTART;VALUE=DATE:{today() + timedelta(50):%Y%m%d}" in entered
    newer, older = (int(each.split("SEQUENCE:")[1].split()[0]) for each in (out, entered))
    assert newer > older
    again = client.get(f"/market-editions/{edition.id}/cancel")
    assert (again.status_code, f'href="/market-editions/{edition.id}"' in again.text) == (409, True)
    clock.shift(timedelta(days=60))
    assert "Say whether you went" not in client.sign_in(cast.founder).get("/desk").text


def test_names_stand_in_order_whatever_their_capitals_and_accents_k22(cast: Cast) -> None:
    made = [trade.market(name) for name in ("Zyx", "bcd", "Élan", "Made")]
    in_order = ["bcd", "Élan", "Made", "Zyx"]
    assert [each.name for each in queries.markets() if each.name in in_order] == in_order
    for each in made:
        trade.edition(each, days=None)
    names = [each.market.name for each in queries.coming_editions(today())]
    assert [each for each in names if each in in_order] == in_order
    countries = list(abroad().values())
    assert countries.index("Åland Islands") < countries.index("Albania")
