"""An edition of a market whose days or place change: what is asked, who is promised a letter, and who gets one."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from crm.exporting.plans.models import MarketEdition, MarketVisit
from crm.kernel.calendar import day_in_words
from crm.kernel.clock import today
from crm.notices.models import Letter
from crm.notices.service import as_sent
from tests.cast import BUSINESS, Cast
from tests.client import ConformingClient
from tests.exporting import trade
from tests.exporting.test_markets import EDITION, days

pytestmark = pytest.mark.engine("sqlite")
OVER = EDITION | days("starts_on", -500) | days("ends_on", -497)
ASKED = "These days are over. Correct them, or tick that it took place on them"
PROMISE = "We email 1 person at 1 business that plans to go there"


def moved(db: Session) -> list[str]:
    """The letters that were sent of new days or a new place."""
    rows = db.scalars(select(Letter).where(Letter.kind == "market_moved")).all()
    return [as_sent(each.kind, each.context | {"to_name": "Made"}).text for each in rows]


def words(client: ConformingClient, path: str) -> str:
    """A page on one line."""
    return " ".join(client.get(path).text.split())


def going() -> MarketEdition:
    """An edition to which the business of the cast means to go."""
    found = trade.edition(title="2027")
    trade.visit(trade.owner(BUSINESS), found)
    return found


def test_k20_days_that_are_over_are_asked_about_where_the_edition_is_still_to_come(
    client: ConformingClient, cast: Cast, db: Session
) -> None:
    found = going()
    delegation = trade.opened(where=found)
    was, change = found.starts_on, f"/market-editions/{found.id}/change"
    client.sign_in(cast.hub_manager)
    assert 'name="took_place"' not in client.get(change).text, "it is asked only where it is doubted"
    asked = client.post(change, data=OVER)
    assert (asked.status_code, ASKED in asked.text, 'name="took_place"' in asked.text) == (422, True, True)
    db.expire_all()
    assert (found.starts_on, moved(db), delegation.review) == (was, [], "")
    assert client.post(change, data=OVER | {"took_place": "y"}).status_code == 303
    assert "Over" in client.get(f"/markets/{found.market_id}").text
    again = EDITION | days("starts_on", -400) | days("ends_on", -397)
    assert client.post(change, data=again).status_code == 303, "it is over already: a date is corrected"


def test_k16_as_many_are_emailed_of_other_days_as_the_page_says_also_of_days_that_are_over(
    client: ConformingClient, cast: Cast, db: Session
) -> None:
    found = going()
    change = f"/market-editions/{found.id}/change"
    was = found.starts_on
    assert was is not None
    client.sign_in(cast.hub_manager)
    only_if = "We email them only if the new days are still to come"
    page = words(client, change)
    assert (PROMISE in page, only_if in page) == (True, False)
    assert client.post(change, data=OVER | {"took_place": "y"}).status_code == 303
    (letter,) = moved(db)
    assert f"Before: {day_in_words(was)} to " in letter
    assert "These days are over. Say in your export plan whether you went:" in letter
    assert only_if in words(client, change)
    corrected = EDITION | days("starts_on", -400) | days("ends_on", -397)
    assert client.post(change, data=corrected).status_code == 303
    assert len(moved(db)) == 1, "a date of an edition that is over is no news"
    back = EDITION | days("starts_on", 90) | days("ends_on", 93)
    assert client.post(change, data=back).status_code == 303
    ahead = [each for each in moved(db) if "Check your bookings. Your export plan has the new dates:" in each]
    assert (len(ahead), len(moved(db))) == (1, 2)


def test_a_slip_that_is_put_right_leaves_no_trace_on_the_public_page(
    client: ConformingClient, cast: Cast
) -> None:
    found = trade.edition(title="2027")
    change, page = f"/market-editions/{found.id}/change", f"/markets/{found.market_id}"
    right = EDITION | days("starts_on", 90) | days("ends_on", 93)
    client.sign_in(cast.hub_manager)
    for sent in (OVER | {"took_place": "y"}, right):
        assert client.post(change, data=sent).status_code == 303
    assert "Was to begin on" not in client.get(page).text
    later = EDITION | days("starts_on", 120) | days("ends_on", 123)
    assert client.post(change, data=later).status_code == 303
    assert f"Was to begin on {day_in_words(today() + timedelta(90))}" in client.get(page).text
    assert client.post(change, data=right).status_code == 303
    assert "Was to begin on" in client.get(page).text, "who read the days between needs them"


def test_k16_who_goes_is_emailed_of_another_place_as_the_page_says(
    client: ConformingClient, cast: Cast, db: Session
) -> None:
    found = going()
    change = f"/market-editions/{found.id}/change"
    same = EDITION | days("starts_on", 90) | days("ends_on", 93)
    client.sign_in(cast.hub_manager)
    assert "If you change the days or the place" in client.get(change).text
    assert client.post(change, data=same | {"source": "Its new page"}).status_code == 303
    assert moved(db) == []
    assert client.post(change, data=same | {"place": "Nice"}).status_code == 303
    (letter,) = moved(db)
    assert f"{found.name} has a new place." in letter
    assert "Where: Nice\nBefore: Cannes\n" in letter
    assert "When:" not in letter
    (row,) = db.scalars(select(Letter).where(Letter.kind == "market_moved")).all()
    assert "LOCATION:Nice" in (row.calendar or "")
    assert as_sent(row.kind, row.context | {"to_name": "Made"}).subject == f"New place: {found.name}, Nice"


def test_k20_a_slip_of_a_year_in_one_of_the_days_is_refused_and_nobody_is_written_to(
    client: ConformingClient, cast: Cast, db: Session
) -> None:
    found = going()
    trade.opened(where=found)
    was, change = found.starts_on, f"/market-editions/{found.id}/change"
    client.sign_in(cast.hub_manager)
    for first, last in ((-300, 69), (66, 66 + 60), (66, 66 + 368)):
        refused = client.post(change, data=EDITION | days("starts_on", first) | days("ends_on", last))
        assert "A market or festival lasts 60 days at most. Check the years of both days" in refused.text
        assert refused.status_code == 422
    db.expire_all()
    assert (found.starts_on, moved(db)) == (was, [])


def test_k11_days_that_were_taken_back_are_not_told_as_new_ones(
    client: ConformingClient, cast: Cast, db: Session
) -> None:
    found = going()
    empty = {f"{day}-{part}": "" for day in ("starts_on", "ends_on") for part in ("day", "month", "year")}
    client.sign_in(cast.hub_manager)
    sent = EDITION | empty | {"sureness": "usual"}
    assert client.post(f"/market-editions/{found.id}/change", data=sent).status_code == 303
    (row,) = db.scalars(select(Letter).where(Letter.kind == "market_moved")).all()
    told = as_sent(row.kind, row.context | {"to_name": "Made"})
    assert (
        told.subject.startswith("No dates any more"),
        "new dates" in told.text.replace("the new dates are known", ""),
    ) == (
        True,
        False,
    )
    db.expire_all()
    (visit,) = db.scalars(select(MarketVisit)).all()
    client.sign_in(cast.founder)
    assert "We email you when they are entered" in client.get(f"/market-visits/{visit.id}/calendar").text
    client.sign_in(cast.hub_manager)
    assert (
        client.post(f"/market-editions/{found.id}/cancel", data={"reason": "Too few came"}).status_code == 303
    )
    page = client.sign_in(cast.founder).get(f"/market-visits/{visit.id}/calendar").text
    assert ("We email you when they are entered" in page, "was cancelled, and had no dates yet" in page) == (
        False,
        True,
    )
