"""Behind the gate: filtered, compared, followed, asked about, and told of by email, as long as that is lawful."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from icalendar import Calendar
from sqlalchemy import select
from sqlalchemy.orm import Session

from crm.angels.investors.models import BlockedPromotion
from crm.angels.investors.queries.gate import admission_of
from crm.angels.investors.workflow import Instrument
from crm.angels.pitches.jobs.alerting import alert_daily, reason_not_to_alert
from crm.angels.pitches.models import PitchMark, PitchQuestion, Promotion, SavedSearch
from crm.angels.pitches.queries import pitches as queries
from crm.angels.pitches.queries.pitches import Search
from crm.angels.pitches.service import browsing as service
from crm.angels.pitches.service import pitching
from crm.angels.pitches.service.browsing import MOST_OPEN_QUESTIONS
from crm.angels.pitches.workflow import Channel, Relief
from crm.audit.models import AuditValue
from crm.kernel.clock import now, today
from crm.kernel.money import Money
from tests import factories, network
from tests.angels.people import letters, own_business, rows
from tests.cast import Cast
from tests.client import ConformingClient


def shown(**fields: Any) -> network.Pitch:
    return network.pitch(network.legal(factories.business()), **fields)


@pytest.mark.parametrize(
    ("search", "fits"),
    [
        (Search(), True),
        (Search(groups=("crafts", "publishing")), True),
        (Search(groups=("publishing",)), False),
        (Search(stages=("growth",)), True),
        (Search(stages=("idea",)), False),
        (Search(instruments=("loan_note",)), False),
        (Search(instruments=("equity",)), True),
        (Search(leps=("BCLEP",)), True),
        (Search(leps=("CWLEP",)), False),
        (Search(ticket=Money.pounds(5_000)), True),
        (Search(ticket=Money.pounds(4_999)), False),
        (Search(relief="eis"), True),
        (Search(relief="seis"), False),
        (Search(text="LAMPS printed"), True),
        (Search(text="lamps%"), False),
        (Search(text="lamps", groups=("crafts",), stages=("growth",), ticket=Money.pounds(9_000)), True),
    ],
)
def test_a_search_finds_just_what_fits_and_survives_being_kept(
    cast: Cast, search: Search, fits: bool
) -> None:
    found = shown(
        headline="Lamps that are printed",
        groups=("crafts", "design_fashion"),
        stage="growth",
        leps=("BCLEP",),
        instrument=Instrument.EQUITY,
        min_ticket=Money.pounds(5_000),
        eis=Relief.ASSURED,
    )
    admission = admission_of(cast.angel.account.id, on=today())
    for each in (search, Search.from_json(search.as_json())):
        listed = [row.id for row in queries.open_pitches(each, admission).rows]
        assert (found.id in listed) == fits
        assert queries.count_of(each, admission) == len(listed)


def test_the_page_filters_keeps_what_was_typed_and_saves_it(cast: Cast, client: ConformingClient) -> None:
    fits, other = shown(groups=("crafts",), headline="Lamps"), shown(groups=("publishing",), headline="Books")
    client.sign_in(cast.angel)
    page = client.get("/pitches?groups=crafts&ticket=10,000").text
    assert fits.headline in page
    assert other.headline not in page
    assert 'value="10,000"' in page
    wrong = client.get("/pitches?ticket=abc").text
    assert 'value="abc"' in wrong
    assert 'href="#ticket"' in wrong
    refused = client.post("/pitches/save-search?groups=crafts", data={"name": ""})
    assert refused.status_code == 422
    assert client.post("/pitches/save-search", data={"name": "All"}).status_code == 422
    sent = {"name": "My crafts", "has_alerts": "y"}
    assert client.post("/pitches/save-search?groups=crafts", data=sent).status_code == 303
    (kept,) = rows(SavedSearch)
    again = client.get(f"/pitches?saved={kept.id}").text
    assert fits.headline in again
    assert other.headline not in again
    assert "My crafts" in client.get("/pitches/following").text
    assert client.post(f"/pitches/searches/{kept.id}/forget").status_code == 303
    assert rows(SavedSearch) == []


def test_anothers_saved_search_is_not_there(cast: Cast, client: ConformingClient) -> None:
    theirs = network.saved_search(network.admitted())
    client.sign_in(cast.angel)
    assert client.post(f"/pitches/searches/{theirs.id}/forget").status_code == 404
    assert "Show the list without filters" in client.get(f"/pitches?saved={theirs.id}").text


def test_what_is_followed_and_noted_is_nobody_elses(
    cast: Cast, client: ConformingClient, db: Session
) -> None:
    found = network.pitch(network.legal(own_business()))
    client.sign_in(cast.angel)
    sent = {"is_followed": "y", "note": "Ask about the rights in Canada"}
    assert client.post(f"/pitches/{found.id}/mark", data=sent).status_code == 303
    assert found.headline in client.get("/pitches/following").text
    assert "rights in Canada" in client.get(f"/pitches/{found.id}").text
    assert all("rights in Canada" not in str(each.changes) for each in db.scalars(select(AuditValue)))
    for person in (cast.founder, cast.network_manager):
        assert "Canada" not in client.sign_in(person).get(f"/raises/{found.id}").text
    client.sign_in(cast.angel).post(f"/pitches/{found.id}/mark", data={"note": ""})
    assert [each.is_followed for each in rows(PitchMark)] == [False]


def test_what_one_filter_finds_is_taken_along_with_the_warning_and_noted(
    cast: Cast, client: ConformingClient
) -> None:
    fits = shown(headline="=Films", stage="early")
    shown(headline="Games", stage="growth")
    client.sign_in(cast.angel)
    assert "Download this pitch (CSV)" in " ".join(client.get("/pitches?stages=early").text.split())
    answer = client.get("/pitches.csv?stages=early")
    head, *lines = answer.get_data(as_text=True).splitlines()
    assert head.startswith("\ufeffread this first,pitch")
    assert len(lines) == 1
    assert "'=Films" in lines[0]
    assert "may lose all the money" in lines[0].lower()
    (kept,) = [each for each in rows(Promotion) if each.item == "pitches.csv"]
    assert (kept.pitch_id, kept.channel) == (fits.id, Channel.FILE)
    assert "no-store" in answer.headers["Cache-Control"]


def test_more_than_can_be_taken_along_is_refused_and_leaves_nothing(
    cast: Cast, client: ConformingClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queries, "MOST_TAKEN", 1)
    shown(), shown()
    client.sign_in(cast.angel)
    refused = client.get("/pitches.csv")
    assert refused.status_code == 409
    assert "once your filter finds fewer" in refused.text
    assert rows(Promotion) == []


def test_a_last_day_for_a_calendar_names_no_business(cast: Cast, client: ConformingClient) -> None:
    found = shown(closes_on=today() + timedelta(days=20))
    client.sign_in(cast.angel)
    assert "to your calendar" in client.get(f"/pitches/{found.id}").text
    entry = client.get(f"/pitches/{found.id}/last-day.ics")
    assert entry.mimetype == "text/calendar"
    (event,) = Calendar.from_ical(entry.data).walk("VEVENT")
    assert event["SUMMARY"] == f"Last day of pitch {found.reference}"
    assert event.decoded("DTSTART") == found.closes_on
    for words in (found.business.name, found.headline):
        assert words not in entry.text
    assert [each.item for each in rows(Promotion)] == ["", "last-day.ics"]
    without = shown(closes_on=None)
    assert client.get(f"/pitches/{without.id}/last-day.ics").status_code == 404


def test_n15_what_is_taken_along_is_behind_the_gate_too(cast: Cast, client: ConformingClient) -> None:
    found, owner = shown(closes_on=today() + timedelta(days=20)), network.admitted()
    paths = ("/pitches.csv", f"/pitches/{found.id}/last-day.ics")
    client.sign_in(owner)
    assert [client.get(each).status_code for each in paths] == [200, 200]
    (signed,) = [each for each in rows(network.Certification) if each.account_id == owner.id]
    signed.revoked_at, signed.revoked_reason = now(), "Made"
    assert [client.get(each).status_code for each in paths] == [404, 404]


def test_a_business_is_not_drowned_in_the_questions_of_one_investor(
    cast: Cast, client: ConformingClient
) -> None:
    found, other = network.pitch(network.legal(own_business())), shown()
    client.sign_in(cast.angel)
    for number in range(MOST_OPEN_QUESTIONS):
        assert client.post(f"/pitches/{found.id}/ask", data={"question": f"Why {number}?"}).status_code == 303
    refused = client.post(f"/pitches/{found.id}/ask", data={"question": "And this?"})
    assert refused.status_code == 409
    assert "5 of your questions about this pitch are waiting" in refused.text
    assert "And this?" in refused.text
    assert client.post(f"/pitches/{other.id}/ask", data={"question": "Who?"}).status_code == 303
    first = queries.question(rows(PitchQuestion)[0].id)
    assert first is not None
    service.answer(first, "Because", is_public=False, by=cast.founder.actor)
    assert client.post(f"/pitches/{found.id}/ask", data={"question": "And this?"}).status_code == 303


def test_a_question_is_asked_without_a_name_and_answered_for_one_or_for_all(
    cast: Cast, client: ConformingClient
) -> None:
    found, other = network.pitch(network.legal(own_business())), network.admitted()
    client.sign_in(cast.angel)
    assert client.post(f"/pitches/{found.id}/ask", data={"question": " "}).status_code == 422
    for text in ("Who owns the music?", "What is the valuation?"):
        assert client.post(f"/pitches/{found.id}/ask", data={"question": text}).status_code == 303
    page = client.sign_in(cast.founder).get(f"/raises/{found.id}").text
    assert "Who owns the music?" in page
    assert cast.angel.account.name not in page
    music, value = sorted(rows(PitchQuestion), key=lambda each: each.question != "Who owns the music?")
    assert client.post(f"/questions/{music.id}/answer", data={"answer": ""}).status_code == 422
    client.post(f"/questions/{music.id}/answer", data={"answer": "We do", "is_public": "y"})
    client.post(f"/questions/{value.id}/answer", data={"answer": "Nine hundred"})
    assert client.post(f"/questions/{value.id}/answer", data={"answer": "Ten"}).status_code == 409
    theirs = client.sign_in(other).get(f"/pitches/{found.id}").text
    assert "We do" in theirs
    assert "Nine hundred" not in theirs
    assert "Nine hundred" in client.sign_in(cast.angel).get(f"/pitches/{found.id}").text


def test_a_page_of_pitches_costs_as_much_for_many_as_for_few(
    cast: Cast, client: ConformingClient, db: Session, count_queries: Any
) -> None:
    client.sign_in(cast.angel)
    asked = []
    for wanted in (3, 24):
        for _ in range(wanted - len(rows(network.Pitch))):
            shown(groups=("crafts",), stage="growth")
        db.expunge_all()
        with count_queries() as heard:
            assert client.get("/pitches?groups=crafts&stages=growth&ticket=10000").status_code == 200
        assert heard.while_rendering == []
        asked.append(len(heard))
    assert asked[0] == asked[1] <= 15


def test_two_are_compared_and_nonsense_is_not(cast: Cast, client: ConformingClient) -> None:
    one, two = shown(headline="First of two"), shown(headline="Second of two")
    client.sign_in(cast.angel)
    page = client.get(f"/pitches/compare?pitch={one.id}&pitch={two.id}").text
    assert page.index("First of two") < page.index("Second of two")
    for query in (
        "",
        f"?pitch={one.id}",
        f"?pitch={one.id}&pitch=nonsense",
        f"?pitch={one.id}&pitch={one.id}",
    ):
        assert client.get(f"/pitches/compare{query}").status_code == 303
    again = client.get(f"/pitches/compare?pitch={one.id}&other={one.id}")
    assert again.headers["Location"].endswith("/pitches/following#compare")
    assert "Second of two" in client.get(f"/pitches/compare?pitch={one.id}&other={two.id}").text


def test_the_warning_comes_first_in_bold_in_a_black_border(cast: Cast, client: ConformingClient) -> None:
    found = shown()
    client.sign_in(cast.angel)
    for where in ("/pitches", f"/pitches/{found.id}"):
        page = client.get(where).text
        assert page.index("This was not approved by an authorised person") < page.index("<h1")
    css = Path("crm/static/theme.css").read_text(encoding="utf-8")
    block = css[css.index(".app-promotion-warning {") :].split("}")[0]
    for wanted in ("border: 2px solid #000", "color: #000", "font-weight: 700"):
        assert wanted in block


def test_the_page_of_a_pitch_names_the_company_as_the_law_wants(cast: Cast, client: ConformingClient) -> None:
    found = shown()
    page = client.sign_in(cast.angel).get(f"/pitches/{found.id}").text
    for words in (found.business.company_number, "1 Made Street, Birmingham", "B1 1AA", found.contact):
        assert words in page


def test_nothing_is_recommended(cast: Cast, client: ConformingClient) -> None:
    found = shown()
    client.sign_in(cast.angel)
    for where in ("/pitches", f"/pitches/{found.id}", "/pitches/following"):
        text = (
            client.get(where)
            .text.lower()
            .replace("nothing is recommended", "")
            .replace("recommend nothing", "")
        )
        for word in ("recommended", "top pick", "best match", "score"):
            assert word not in text


# ---------------------------------------------------------------- alerts


def searching(owner: network.Account) -> network.SavedSearch:
    return network.saved_search(owner, Search(groups=("crafts",)))


def test_an_alert_tells_that_there_is_something_and_not_what(cast: Cast, db: Session) -> None:
    owner = network.admitted()
    searching(owner)
    found = shown(groups=("crafts",), headline="A secret lamp")
    shown(groups=("publishing",))
    alert_daily()
    db.flush()
    (letter,) = letters("pitch_alert")
    assert (letter.to_address, letter.context["count"]) == (owner.email, 1)
    assert "secret lamp" not in str(letter.context)
    assert reason_not_to_alert(letter) is None
    (kept,) = rows(Promotion)
    assert (kept.pitch_id, kept.channel, kept.account_id) == (found.id, Channel.LETTER, owner.id)
    alert_daily()
    db.flush()
    assert len(letters("pitch_alert")) == 1


def test_n06_a_letter_that_waited_past_the_end_of_the_statement_is_not_sent(cast: Cast, db: Session) -> None:
    owner = network.investor()
    network.angel(owner)
    network.membership(owner)
    signed = network.certification(owner, signed_on=today() - timedelta(days=364))
    searching(owner)
    shown(groups=("crafts",))
    alert_daily()
    db.flush()
    (letter,) = letters("pitch_alert")
    signed.revoked_at, signed.revoked_reason = now(), "Made"
    db.flush()
    assert reason_not_to_alert(letter) == "blocked: revoked"
    (blocked,) = rows(BlockedPromotion)
    assert (blocked.account_id, blocked.kind, blocked.reason) == (owner.id, "pitch_alert", "revoked")
    assert rows(Promotion) == []


def test_n06_the_same_at_midnight_of_the_anniversary(cast: Cast, db: Session, clock: Any) -> None:
    owner = network.investor()
    network.angel(owner)
    network.membership(owner)
    network.certification(owner, signed_on=today() - timedelta(days=364))
    searching(owner)
    shown(groups=("crafts",))
    alert_daily()
    db.flush()
    (letter,) = letters("pitch_alert")
    clock.shift(timedelta(days=1))
    assert reason_not_to_alert(letter) == "blocked: expired"


def test_an_alert_about_what_was_withdrawn_meanwhile_is_not_sent(cast: Cast, db: Session) -> None:
    searching(network.admitted())
    found = network.pitch(network.legal(own_business()), groups=("crafts",))
    alert_daily()
    db.flush()
    (letter,) = letters("pitch_alert")
    pitching.withdraw(network.whole(found), reason="Over", by=cast.founder.actor)
    assert reason_not_to_alert(letter) == "what it was about is not shown any more"


def test_whoever_may_not_be_shown_anything_is_told_nothing_and_later_of_all(cast: Cast, db: Session) -> None:
    owner = network.investor()
    network.angel(owner)
    network.certification(owner)
    searching(owner)
    shown(groups=("crafts",))
    alert_daily()
    db.flush()
    assert letters("pitch_alert") == []
    network.membership(owner)
    alert_daily()
    db.flush()
    assert len(letters("pitch_alert")) == 1
