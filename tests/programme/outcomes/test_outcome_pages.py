"""What became of awards, through the page: asked, saved as a draft, sent, recorded from a call, corrected, confirmed, summed."""

from __future__ import annotations

import re
from datetime import date, timedelta
from html import unescape
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from crm.kernel.clock import today
from crm.kernel.money import Money
from crm.kernel.permissions import SYSTEM
from crm.kernel.roles import Role
from crm.notices.models import Letter
from crm.programme.applications.models import Application
from crm.programme.cohort.queries.decisions import decision_about
from crm.programme.outcomes.models import OutcomeReport
from crm.programme.outcomes.rules.labels import NAMES
from crm.programme.outcomes.service import asking
from crm.programme.outcomes.service.giving import Given
from crm.programme.outcomes.workflow import ReportStatus
from tests import cohorts, factories, outcomes, rounds
from tests.cast import BUSINESS, Cast
from tests.client import ConformingClient
from tests.houses import database
from tests.notices.letters import Postbox, sent_by
from tests.programme.applicants import own
from tests.programme.pages import sent, two_withdraw, typed

FIGURES = {
    "turnover": "120,000",
    "employees": "4",
    "fte_hundredths": "3.5",
    "export_sales": "20,000",
    "rights_registered": "0",
    "finance_raised_unknown": "y",
}


def awarded(owner: Any = None) -> Application:
    return outcomes.awarded(owner or own())


def reports(found: Application) -> list[OutcomeReport]:
    return outcomes.reports(found.id)


def kinds(db: Session) -> list[str]:
    return list(
        db.scalars(select(Letter.kind).where(Letter.kind.like("figures%")).order_by(Letter.queued_at))
    )


@pytest.mark.engine("sqlite")
def test_a_founder_is_asked_saves_a_draft_sends_and_the_figures_are_confirmed_and_corrected(
    client: ConformingClient, cast: Cast, db: Session
) -> None:
    found = awarded()
    client.sign_in(cast.programme_manager)
    start = f"/applications/{found.id}/outcomes/start"
    assert start in client.get(f"/applications/{found.id}").text
    tomorrow = today() + timedelta(days=1)
    late = client.post(start, data=typed(f"{tomorrow:%d %m %Y}", name="accepted_on"))
    assert late.status_code == 422
    page = sent(client, start, typed(f"{today():%d %m %Y}", name="accepted_on"))
    assert "After 24 months" in page
    assert "Not sent yet" in page
    assert client.get(start).status_code == 409
    assert kinds(db) == ["figures_asked"]

    base = reports(found)[0]
    here = f"/outcomes/{base.id}"
    client.sign_in(cast.founder)
    assert f"{here}/give" in client.get("/desk").text
    assert f"{here}/give" in client.get(f"/applications/{found.id}").text
    assert "not sent yet" in sent(
        client, f"{here}/save-draft", {"turnover": "120,000", "version": str(base.version)}
    )
    draft = client.get(f"{here}/give").text
    assert 'value="120,000"' in draft
    assert "Draft saved" in client.get(here).text
    version = str(reports(found)[0].version)
    lacking = client.post(f"{here}/give", data={"turnover": "9", "version": version})
    assert lacking.status_code == 422
    assert lacking.text.count("Enter 0 for none") == 2 * 5, "each at its field, and in the summary"
    over = client.post(f"{here}/give", data={**FIGURES, "export_sales": "120,000.01", "version": version})
    assert "Export sales cannot be more than turnover" in over.text
    stale = client.post(f"{here}/give", data={**FIGURES, "version": "1"})
    assert stale.status_code == 409
    page = sent(client, f"{here}/give", {**FIGURES, "version": version})
    assert "£120,000.00" in page
    assert page.count("Not known") == 1
    assert client.post(f"{here}/give", data={**FIGURES, "version": version}).status_code == 409
    confirmed_and_corrected(client, cast, here, found)


def confirmed_and_corrected(client: ConformingClient, cast: Cast, here: str, found: Application) -> None:
    """A second person confirms; the founder corrects, and the earlier figures stay."""
    assert client.sign_in(cast.other_founder).get(here).status_code == 404
    client.sign_in(cast.programme_manager)
    assert here in client.get("/desk").text
    assert client.post(f"{here}/confirm", data={"version": "99"}).status_code == 409
    assert "Figures confirmed" in sent(client, f"{here}/confirm")
    client.sign_in(cast.founder)
    version = str(reports(found)[0].version)
    given = {**FIGURES, "turnover": "130,000", "version": version}
    assert client.post(f"{here}/correct", data=given).status_code == 422
    unchanged = client.post(f"{here}/correct", data={**FIGURES, "version": version, "reason": "Made"})
    assert "Change at least one figure" in unchanged.text
    page = sent(client, f"{here}/correct", {**given, "reason": "Made: the accounts are in"})
    assert page.index("£130,000.00") < page.index("Earlier figures") < page.index("£120,000.00")
    assert "Made: the accounts are in" in page
    assert reports(found)[0].status is ReportStatus.GIVEN


def shown_version(client: ConformingClient, page: str) -> str:
    return re.findall(r'name="version"[^>]* value="(\d+)"', client.get(page).text)[0]


@pytest.mark.engine("sqlite")
def test_k4_figures_corrected_under_an_open_page_are_neither_confirmed_nor_written_over_unseen(
    client: ConformingClient, cast: Cast
) -> None:
    found = awarded()
    asking.plan(found.id, today(), by=SYSTEM)
    here = f"/outcomes/{reports(found)[0].id}"
    client.sign_in(cast.founder)
    sent(client, f"{here}/give", {**FIGURES, "version": shown_version(client, f"{here}/give")})
    client.sign_in(cast.programme_manager)
    opened, form = shown_version(client, here), shown_version(client, f"{here}/correct")
    client.sign_in(cast.founder)
    other = {**FIGURES, "turnover": "999,999", "version": form, "reason": "Made: a typing error"}
    sent(client, f"{here}/correct", other)
    client.sign_in(cast.programme_manager)
    assert client.post(f"{here}/confirm", data={"version": opened}).status_code == 409
    again = client.post(f"{here}/correct", data={**other, "turnover": "140,000"})
    assert again.status_code == 409
    assert "140,000" in again.text, "what was typed stays"
    assert reports(found)[0].status is ReportStatus.GIVEN
    assert "Figures confirmed" in sent(client, f"{here}/confirm", {"version": shown_version(client, here)})


@pytest.mark.engine("sqlite")
def test_the_daily_work_asks_reminds_and_chases_once_each_on_its_day_and_then_the_business_is_rung(
    client: ConformingClient, cast: Cast, db: Session, clock: Any
) -> None:
    found = awarded()
    asking.plan(found.id, today(), by=SYSTEM)
    base = reports(found)[0]
    assert base.due_on == today() + timedelta(days=28)
    seen = []
    for days in (20, 21, 28, 29, 29, 42):
        clock.move_to(f"{date(2026, 11, 24) + timedelta(days=days)}T10:00:00+00:00")
        asking.ask_all()
        asking.ask_all()
        db.flush()
        seen.append((days, len(kinds(db))))
    assert seen == [(20, 1), (21, 2), (28, 2), (29, 3), (29, 3), (42, 3)]
    assert kinds(db) == ["figures_asked", "figures_due", "figures_late"]
    record = f"/outcomes/{base.id}/record"
    for who in (cast.programme_manager, cast.adviser):
        assert record in client.sign_in(who).get("/desk").text
        assert base.business.name in client.get("/outcomes?show=late").text
    call = {**FIGURES, "said_by": "Ada Invented", "version": str(reports(found)[0].version)}
    for wrong in ("01 02 2027", "23 11 2026"):
        refused = client.post(record, data=call | typed(wrong, name="said_on"))
        assert "Enter a day from 24 November 2026, which the figures are for" in refused.text
    page = sent(client, record, call | typed(f"{today():%d %m %Y}", name="said_on"))
    assert "Told on the telephone" in page
    assert "Ada Invented" in page
    assert record not in client.get("/desk").text
    clock.move_to("2027-05-24T10:00:00+00:00")
    asking.ask_all()
    assert [each.status for each in reports(found)][:3] == [
        ReportStatus.GIVEN,
        ReportStatus.ASKED,
        ReportStatus.PLANNED,
    ]
    shown_later_and_corrected(client, cast, *reports(found)[:2])


def shown_later_and_corrected(
    client: ConformingClient, cast: Cast, base: OutcomeReport, later: OutcomeReport
) -> None:
    """The next form shows the earlier figures, and what a manager corrects is not said to be sent by the business."""
    client.sign_in(cast.founder)
    assert "Baseline, for 24 November 2026: £120,000.00" in client.get(f"/outcomes/{later.id}/give").text
    client.sign_in(cast.programme_manager)
    corrected = {**FIGURES, "employees": "7", "version": str(base.version), "reason": "Made: a typing slip"}
    page = sent(client, f"/outcomes/{base.id}/correct", corrected)
    assert f"Corrected by {cast.programme_manager.known.name}" in page
    assert "Sent by the business" not in page


@pytest.mark.engine("sqlite")
def test_who_has_no_account_sends_figures_by_the_lasting_link_and_who_recorded_a_call_does_not_confirm_it(
    app: Flask, client: ConformingClient, cast: Cast, db: Session
) -> None:
    owner = factories.business()
    factories.person(owner, email="linked@made.example", name="Linked Person")
    found = awarded(owner)
    asking.plan(found.id, today(), by=SYSTEM)
    post = Postbox()
    sent_by(database(app), db, post)
    (text,) = [each for each in post.texts if "/links/figures/" in each]
    link = "/links/figures/" + text.split("/links/figures/")[1].split()[0]
    client.sign_out()
    assert client.get(link).status_code == 200
    for _ in range(2):  # it lasts
        where = client.post(link).headers["Location"]
    page = client.get(where).text
    assert "Your name" in page
    version = str(reports(found)[0].version)
    assert client.post(where, data={**FIGURES, "version": version}).status_code == 422
    assert "Linked Person" in sent(client, where, {**FIGURES, "version": version, "said_by": "Linked Person"})

    second = awarded()
    asking.plan(second.id, today(), by=SYSTEM)
    here = f"/outcomes/{reports(second)[0].id}"
    client.sign_in(cast.programme_manager)
    call = {**FIGURES, "said_by": "Ada", "version": str(reports(second)[0].version)}
    own_call = sent(client, f"{here}/record", call | typed(f"{today():%d %m %Y}", name="said_on"))
    assert "Another person must confirm" in own_call
    assert client.post(f"{here}/confirm").status_code == 403


def assert_squares_open(client: ConformingClient, money: str) -> None:
    """Each square of the map with awards opens exactly them: here one, of this sum."""
    squares = client.get("/outcomes/map").text
    assert money in squares
    (place,) = set(re.findall(r'href="(/outcomes/map/awards\?place=[^"]+)"', squares))
    listed = client.get(place).text
    assert f"{money} in all" in listed
    assert "1 award" in listed


@pytest.mark.engine("sqlite")
def test_a_withdrawn_award_is_asked_no_further_and_sums_of_few_are_hidden_from_funders(
    client: ConformingClient, cast: Cast, db: Session
) -> None:
    found = awarded()
    asking.plan(found.id, today(), by=SYSTEM)
    funder = factories.account()
    factories.grant(funder, Role.FUNDER)
    client.sign_in(cast.founder)
    sent(
        client,
        f"/outcomes/{reports(found)[0].id}/give",
        {**FIGURES, "version": str(reports(found)[0].version)},
    )
    trends = f"/outcomes/rounds/{found.round_id}"
    page = client.sign_in(cast.auditor).get(trends).text
    assert "£120,000.00 (1 of 1)" in page
    assert "Not known (0 of 1)" in page
    assert trends in client.get("/outcomes/rounds").text
    assert_squares_open(client, "£5,000.00")
    table = client.get("/outcomes.csv")
    assert f",{found.reference}," in table.text
    assert (",120000.00," in table.text, "£" in table.text) == (True, False)
    client.sign_in(funder)
    hidden = client.get(trends).text
    assert "Hidden" in hidden
    assert "£120,000.00" not in hidden
    assert "Hidden" in client.get("/outcomes/map").text
    assert client.get("/outcomes/map/awards").status_code == 403
    assert client.get(f"/outcomes/{reports(found)[0].id}").status_code == 404
    assert client.get("/outcomes").status_code == 403
    one = decision_about(found.id)
    assert one is not None
    client.sign_in(cast.programme_manager)
    two_withdraw(client, cast, one.id, why="Made: sold")
    assert [each.status for each in reports(found)] == [ReportStatus.GIVEN, *[ReportStatus.CANCELLED] * 3]
    growth = client.sign_in(cast.programme_manager).get(f"/businesses/{BUSINESS}/growth").text
    assert "Cannot be said yet" in growth
    assert "3 years apart" in growth or "is known" in growth
    two_awards_by_name(client, db)


@pytest.mark.engine("sqlite")
def test_k14_every_number_of_the_outcomes_of_a_round_opens_just_the_reports_that_it_counts(
    client: ConformingClient, cast: Cast, db: Session
) -> None:
    found = awarded()
    outcomes.given(outcomes.planned(found)[0], Given({"turnover": Money.pounds(120_000)}, NAMES[1:]))
    late = cohorts.assessed(rounds.whole_application(found).round, [], 70)
    outcomes.planned(late)
    here = f"/outcomes/rounds/{found.round_id}"
    page = client.sign_in(cast.programme_manager).get(here).text
    assert "£120,000.00 (1 of 2)" in page
    links = {unescape(each) for each in re.findall(rf'href="({here}/reports[^"]*)"', page)}
    opened = {each.partition("?")[2]: client.get(each).text for each in links}
    names = (rounds.whole_application(found).business.name, rounds.whole_application(late).business.name)
    seen = {key: tuple(each in text for each in names) for key, text in opened.items()}
    assert (seen["show=awards"], seen["show=unconfirmed"]) == ((True, True), (True, False))
    counted, _, others = opened["measure=turnover&place=0"].partition("Asked, and not counted")
    assert "£120,000.00 in all. The median is £120,000.00." in counted
    assert ("£120,000.00 in all" in counted, names[0] in counted, names[1] in counted) == (True, True, False)
    assert (names[0] in others, names[1] in others, "Not sent yet" in others) == (False, True, True)
    assert client.get(f"{here}/reports?measure=turnover&place=99").status_code == 422
    funder = factories.account()
    factories.grant(funder, Role.FUNDER)
    assert f"{here}/reports" not in client.sign_in(funder).get(here).text
    answers = [client.sign_in(each).get(f"{here}/reports").status_code for each in (funder, cast.founder)]
    assert set(answers) <= {403, 404}


@pytest.mark.engine("sqlite")
def test_k11_a_round_whose_reports_were_all_cancelled_says_so(
    client: ConformingClient, cast: Cast, db: Session
) -> None:
    found = awarded()
    asking.plan(found.id, today(), by=SYSTEM)
    one = decision_about(found.id)
    assert one is not None
    client.sign_in(cast.programme_manager)
    two_withdraw(client, cast, one.id, why="Made: sold")
    over = " ".join(client.sign_in(cast.auditor).get(f"/outcomes/rounds/{found.round_id}").text.split())
    assert "No outcomes are expected" in over
    assert "were cancelled, because it ended." in over
    behind = f"/outcomes/rounds/{found.round_id}/reports?show=cancelled"
    assert f'<a class="govuk-link" href="{behind}">1 award</a> in this round were cancelled' in over
    assert rounds.whole_application(found).business.name in client.get(behind).text


def two_awards_by_name(client: ConformingClient, db: Session) -> None:
    """K2: the figures of each of two awards are under its round and reference."""
    second = awarded()
    asking.plan(second.id, today(), by=SYSTEM)
    name = f"{second.round.name}, {second.reference}"
    db.flush()
    db.expire_all()
    growth = client.get(f"/businesses/{BUSINESS}/growth").text
    assert name in growth, "K2: each of two awards under its name"
