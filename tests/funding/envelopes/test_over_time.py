"""Every number about an envelope over time opens exactly what it is made of."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from html import unescape

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from crm.funding.envelopes.models import Envelope
from crm.funding.envelopes.rules import Line, Subject
from crm.funding.envelopes.service import posting
from crm.kernel.calendar import day_in_words
from crm.kernel.clock import today
from crm.kernel.money import Money
from crm.kernel.permissions import SYSTEM
from crm.web.beside import Planned
from tests import factories
from tests.cast import Cast
from tests.client import ConformingClient
from tests.funding.envelopes.money import envelope

LINKED = re.compile(r'<a class="govuk-link" href="([^"]+)">\s*(-?£[\d,.]+)<span')
SENT_ON = 40
LATER = 70


def planning(app: Flask, monkeypatch: pytest.MonkeyPatch, *rows: Planned) -> None:
    room = app.extensions["features"][0]
    made = (replace(room, plans=lambda: list(rows)), *app.extensions["features"][1:])
    monkeypatch.setitem(app.extensions, "features", made)


def moved(found: Envelope, about: Subject) -> None:
    """£50,000 committed, £12,000 claimed, £7,000 paid 40 days ago, £500 back, another £2,000 reserved."""
    told = {"about": about, "reason": "Made", "by": SYSTEM}
    for verb, pounds in ((posting.commit, 50_000), (posting.claim, 12_000)):
        verb(found.id, Line.CAPITAL, amount=Money.pounds(pounds), **told)
    day = today() - timedelta(days=SENT_ON)
    posting.pay(found.id, Line.CAPITAL, amount=Money.pounds(7_000), on=day, **told)
    posting.recover(found.id, Line.CAPITAL, amount=Money.pounds(500), **told)
    posting.reserve(
        found.id, Line.CAPITAL, amount=Money.pounds(2_000), **told | {"about": Subject("business", found.id)}
    )


def added_up(client: ConformingClient, href: str) -> str:
    """What the page that a number opens says that its rows come to."""
    page = " ".join(client.get(unescape(href)).text.split())
    said = re.search(r"<strong>(-?£[\d,.]+)</strong> is what these entries add up to", page)
    said = said or re.search(r"(-?£[\d,.]+) will have been paid", page)
    return said[1] if said else "nothing"


@pytest.mark.engine("sqlite")
def test_each_number_of_an_envelope_over_time_and_of_its_forecast_opens_rows_that_come_to_it(
    app: Flask, client: ConformingClient, cast: Cast, db: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    found, owner = envelope(cast), factories.business(name="Punctual Puppets")
    moved(found, Subject("business", owner.id))
    late, soon = (today() + timedelta(days) for days in (LATER, 5))
    plans = [(late, 28_000), (soon, 22_000)]
    planning(
        app,
        monkeypatch,
        *(Planned(found.id, "business", owner.id, on, Money.pounds(sum_)) for on, sum_ in plans),
    )
    whole = client.sign_in(cast.auditor).get(f"/envelopes/{found.id}").text
    table = whole.split("Over time, at the end of each month</caption>")[1].split("</table>")[0]
    cells = re.findall(r"<td[^>]*numeric\">(.*?)</td>", table, re.DOTALL)
    assert [each for each in cells if not LINKED.search(each)] == []
    links = LINKED.findall(table)
    assert {(sum_, added_up(client, href)) for href, sum_ in links} == {(sum_, sum_) for _, sum_ in links}
    paid = {sum_ for href, sum_ in links if "account=paid" in href}
    assert paid == {"£0.00", "£7,000.00", "£6,500.00"}, "what was paid earlier counts from its day"
    forecast = [(href, sum_) for href, sum_ in links if "/planned?by=" in href]
    assert forecast[0][1] == "£49,500.00"
    opened = client.get(forecast[0][0]).text
    assert opened.count("Punctual Puppets") == 2
    assert all(sum_ in opened for sum_ in ("£6,500.00", "£5,000.00", "£10,000.00", "£28,000.00"))


@pytest.mark.engine("sqlite")
def test_an_address_that_names_no_day_is_refused_and_a_file_has_the_rows_of_its_day(
    client: ConformingClient, cast: Cast, db: Session
) -> None:
    found = envelope(cast)
    moved(found, Subject("business", factories.business().id))
    here, day = f"/envelopes/{found.id}", today() - timedelta(days=SENT_ON - 1)
    client.sign_in(cast.auditor)
    for wrong in ("ledger?by=someday", "planned?by=2026-02-30", f"planned?by={today()}"):
        assert client.get(f"{here}/{wrong}").status_code == 422, wrong
    page = client.get(f"{here}/ledger?by={day}").text
    assert f"by the end of {day_in_words(day)}" in page
    assert f'type="hidden" name="by" value="{day}"' in page
    rows = client.get(f"{here}/ledger.csv?by={day}").text.splitlines()
    assert len(rows) == 2
    assert "7000" in rows[1]


@pytest.mark.engine("sqlite")
def test_the_page_of_what_is_planned_by_today_says_what_is_planned_for_later(
    app: Flask, client: ConformingClient, cast: Cast, db: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    found, owner = envelope(cast), factories.business()
    day = today() + timedelta(days=LATER)
    row = Planned(found.id, "business", owner.id, day, Money.pounds(130_000))
    client.sign_in(cast.auditor)
    assert "Payments are planned when the offer" in client.get(f"/envelopes/{found.id}/planned").text
    planning(app, monkeypatch, row)
    page = " ".join(client.get(f"/envelopes/{found.id}/planned").text.split())
    assert f"The first payment is planned for {day_in_words(day)}. £130,000.00 is planned in all." in page
    assert "Payments are planned when the offer" not in page
    assert "planned to be claimed by" in client.get("/envelopes/underspend").text


@pytest.mark.engine("sqlite")
def test_the_sums_beside_the_bars_of_every_envelope_open_their_entries(
    client: ConformingClient, cast: Cast, db: Session
) -> None:
    found = envelope(cast)
    moved(found, Subject("business", factories.business().id))
    page = client.sign_in(cast.auditor).get("/envelopes").text
    key = page.split(f"{found.name}</a>")[1].split("</ul>")[0]
    links = LINKED.findall(key)
    assert len(links) == 6
    assert all(added_up(client, href) == sum_ for href, sum_ in links)


@pytest.mark.engine("sqlite")
def test_K8_the_parts_of_an_envelope_come_to_its_limit_on_the_page_of_underspend_too(
    client: ConformingClient, cast: Cast, db: Session
) -> None:
    found = envelope(cast)
    moved(found, Subject("business", factories.business().id))
    page = client.sign_in(cast.auditor).get("/envelopes/underspend").text
    rows = page.split(f"{found.name}: planned, committed, claimed and paid")[1].split("</table>")[0]
    parts = {
        re.findall(r"account=([a-z]+)", href)[0]: sum_
        for href, sum_ in LINKED.findall(rows)
        if "ledger?" in href
    }
    assert parts["recovered"] == "£500.00"
    assert sum((Money.parse(each) for each in parts.values()), start=Money(0)) == found.limited_to
    assert all(added_up(client, href) == sum_ for href, sum_ in LINKED.findall(rows) if "ledger?" in href)
