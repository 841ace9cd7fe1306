"""The chain of title, licences, secrets and reminders, through the page."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from crm.accounts.models import Account
from crm.businesses.queries.seeing import business
from crm.db.session import session
from crm.figures.workflow import FigureStatus
from crm.kernel.clock import today
from crm.kernel.roles import Role
from crm.notices.models import Letter
from crm.notices.service import as_sent
from crm.rights import queries
from crm.rights.models import Right
from crm.rights.service import titling
from crm.rights.service.reminding import remind
from crm.rights.workflow import MakerKind, RightKind, RightStatus
from tests import factories, network
from tests.cast import BUSINESS, Cast
from tests.client import ConformingClient
from tests.evidence.test_proving import PDF
from tests.evidence.test_proving import sent as sent_file

NO_RENEWAL = dict.fromkeys(("renews_on-day", "renews_on-month", "renews_on-year"), "")
SECRET = {"kind": "trade_secret", "status": "unregistered"}
PART = {"craft": "composer", "maker": "Cem Example", "maker_kind": "freelancer"}


def sent(name: str, content: bytes) -> dict[str, Any]:
    """A file with the tick that it was looked at."""
    form: dict[str, Any] = sent_file(name, content)
    form["data"]["is_signed"] = "y"
    return form


def _manager() -> Account:
    person = factories.account()
    factories.grant(person, Role.TEST_BED_MANAGER)
    return person


def _right(**fields: object) -> Right:
    owner = business(BUSINESS)
    assert owner is not None
    return network.right(owner, **fields)


def test_a_right_of_which_nobody_said_who_made_it_is_not_called_whole(
    cast: Cast, client: ConformingClient
) -> None:
    page = client.sign_in(cast.founder).get(f"/rights/{_right(title='Otter, the series').id}").text
    assert "Who made it is not recorded yet" in page
    assert "Nothing is missing" not in page


def test_a_freelancers_missing_assignment_is_found_and_closed(cast: Cast, client: ConformingClient) -> None:
    made = _right(title="Otter, the series")
    page = f"/rights/{made.id}"
    client.sign_in(cast.founder)
    assert "freelancer owns what they make until they sign it over" in client.get(page).text
    for number in range(1, 6):
        data = PART | {"title": f"Episode {number}", "maker_kind": "employee" if number < 4 else "freelancer"}
        assert client.post(f"{page}/parts/add", data=data).status_code == 303
    gap = "2 of 5 episodes have no assignment from the composer"
    assert gap in client.get(page).text
    assert gap in client.get(f"/businesses/{BUSINESS}/rights").text
    desk = client.sign_in(cast.adviser).get("/desk").text
    assert (gap in desk, page in desk) == (True, True)
    assert "1 right" in client.get("/rights?todo=gaps").text
    parts = sorted(queries.right(made.id).parts, key=lambda each: each.title)  # type: ignore[union-attr]
    missing = [each for each in parts if each.made.is_missing]
    client.sign_in(cast.founder)
    where = f"/right-parts/{missing[0].id}/assignment"
    assert client.post(where, data={}).status_code == 422
    form = client.get(where).text
    assert "Attach the assignment signed by Cem Example" in form
    assert "Episode 4 of Otter, the series" in form
    upload = sent("Assignment.pdf", PDF)
    upload["data"]["also"] = str(missing[1].id)
    assert client.post(where, **upload).status_code == 303, "one paper for two episodes is sent once"
    text = client.get(page).text
    assert "no assignment from" not in text
    assert "Nothing is missing from the parts that are listed." in " ".join(text.split())
    assert "Assignment.pdf" in text
    assert gap not in client.get("/desk").text
    assert "0 rights" in client.sign_in(cast.adviser).get("/rights?todo=gaps").text
    paper = re.findall(r"/right-parts/[0-9a-f-]+/assignment/[0-9a-f-]{36}", text)[0]
    assert client.get(paper).status_code == 200
    assert client.sign_in(cast.other_founder).get(paper).status_code == 404
    client.sign_in(cast.founder)
    assert client.post(f"{paper}/remove").status_code == 303
    assert "1 of 5 episodes has no assignment from the composer" in client.get(page).text
    assert client.post(f"/right-parts/{missing[0].id}/remove").status_code == 303
    assert client.post(f"/right-parts/{missing[1].id}/remove").status_code == 303
    assert "no assignment from" not in client.get(page).text


def test_a_paper_is_looked_at_before_it_closes_a_gap_k10(cast: Cast, client: ConformingClient) -> None:
    made = _right(title="Otter, the series")
    client.sign_in(cast.founder)
    client.post(f"/rights/{made.id}/parts/add", data=PART | {"title": "Episode 4"})
    (part,) = queries.right(made.id).parts  # type: ignore[union-attr]
    where = f"/right-parts/{part.id}/assignment"
    page = client.get(where).text
    assert "I have checked that Cem Example has signed it" in page
    assert ".csv" not in page
    unchecked = client.post(where, **sent_file("Assignment.pdf", PDF))
    assert unchecked.status_code == 422
    assert "Check that the paper is signed, and tick the box" in unchecked.text
    taken = "PDF, Word, PNG, JPEG, HEIC or WEBP, of up to 10 MB"
    for name, content in (("Hello.txt", b"hello"), ("Table.csv", b"a,b\n1,2\n"), ("run.exe", b"MZ\x90")):
        nothing = client.post(where, **sent(name, content))
        assert nothing.status_code == 422
        assert f"Choose the signed paper itself, as a scan, a picture or a document: {taken}" in nothing.text
        assert "Excel" not in nothing.text, "the refusal names what the hint names"
    assert "Episode 4 has no assignment from the composer" in client.get(f"/rights/{made.id}").text


def on(day: date) -> dict[str, str]:
    """The three boxes of a day."""
    return {f"signed_on-{part}": str(getattr(day, part)) for part in ("day", "month", "year")}


def test_the_day_on_the_paper_is_kept_and_goes_with_the_last_paper_k10(
    cast: Cast, client: ConformingClient
) -> None:
    made = _right(title="Otter, the series")
    client.sign_in(cast.founder)
    client.post(f"/rights/{made.id}/parts/add", data=PART | {"title": "Episode 4"})
    (part,) = queries.right(made.id).parts  # type: ignore[union-attr]
    where = f"/right-parts/{part.id}/assignment"
    ahead = sent("Paper.pdf", PDF)
    ahead["data"] |= on(today() + timedelta(days=1))
    refused = client.post(where, **ahead)
    assert refused.status_code == 422
    assert "When was it signed" in refused.text
    dated = sent("Paper.pdf", PDF)
    dated["data"] |= on(date(2026, 5, 3))
    assert client.post(where, **dated).status_code == 303
    undated = sent("Second.pdf", PDF)
    assert client.post(where, **undated).status_code == 303
    page = client.get(f"/rights/{made.id}").text
    assert "signed on 3 May 2026" in page, "a second paper without a day leaves the first one's"
    for paper in re.findall(r"/right-parts/[0-9a-f-]+/assignment/[0-9a-f-]{36}(?=/remove)", page):
        assert client.post(f"{paper}/remove").status_code == 303
    page = client.get(f"/rights/{made.id}").text
    assert "signed on" not in page
    assert "Assignment missing" in page


def test_no_part_has_a_day_of_signing_without_a_paper(cast: Cast, db: Session) -> None:
    made = _right(title="Otter, the series")
    details = titling.PartDetails("Episode 4", "composer", "Cem Example", MakerKind.FREELANCER)
    whole = queries.right(made.id)
    assert whole is not None
    part = titling.add_part(whole, details, by=cast.founder.actor)
    part.signed_on = date(2026, 5, 3)
    with pytest.raises(IntegrityError):
        db.flush()


def test_a_part_is_recorded_once_and_one_that_got_its_paper_meanwhile_is_named_k3_k28(
    cast: Cast, client: ConformingClient
) -> None:
    made = _right(title="Otter, the series")
    client.sign_in(cast.founder)
    add = f"/rights/{made.id}/parts/add"
    for title in ("Episode 6", "Episode 7"):
        assert client.post(add, data=PART | {"title": title, "maker_kind": "freelancer"}).status_code == 303
    again = PART | {"title": "episode  7", "maker": PART["maker"].upper(), "maker_kind": "freelancer"}
    twice = client.post(add, data=again)
    assert twice.status_code == 422
    assert f"Episode 7 has {PART['maker']} as {PART['craft']} already" in twice.text
    first, second = sorted(queries.right(made.id).parts, key=lambda each: each.title)  # type: ignore[union-attr]
    assert client.post(f"/right-parts/{second.id}/assignment", **sent("Paper.pdf", PDF)).status_code == 303
    late = sent("Paper.pdf", PDF)
    late["data"]["also"] = str(second.id)
    refused = client.post(f"/right-parts/{first.id}/assignment", **late)
    assert refused.status_code == 422
    assert "Episode 7 already has its signed assignment" in refused.text
    assert f"&#39;{second.id}" not in refused.text


def test_a_licence_is_recorded_and_removed_and_its_dates_are_in_order(
    cast: Cast, client: ConformingClient
) -> None:
    made = _right()
    client.sign_in(cast.founder)
    data = {"way": "out", "party": "Toy Example", "territory": "Worldwide", "is_exclusive": "yes"}
    data |= {"starts_on-day": "1", "starts_on-month": "3", "starts_on-year": "2026", "income": "1,200"}
    ends = {"ends_on-day": "28", "ends_on-month": "2", "ends_on-year": "2026"}
    refused = client.post(f"/rights/{made.id}/licences/add", data=data | ends)
    assert refused.status_code == 422
    assert "The licence must end on or after the day it starts" in refused.text
    assert client.post(f"/rights/{made.id}/licences/add", data=data).status_code == 303
    assert "£1,200.00 a year" in client.get(f"/rights/{made.id}").text
    assert "£1,200" in client.get(f"/businesses/{BUSINESS}/rights").text
    (licence,) = queries.right(made.id).licences  # type: ignore[union-attr]
    assert client.post(f"/right-licences/{licence.id}/remove").status_code == 303
    assert "No licences recorded" in client.get(f"/rights/{made.id}").text


def test_k3_what_was_removed_is_added_again_also_after_a_copy_was_led_to_the_first(
    cast: Cast, client: ConformingClient
) -> None:
    made = _right()
    client.sign_in(cast.founder)
    add = f"/rights/{made.id}/licences/add"
    data = {"way": "out", "party": "Toy Example", "territory": "Worldwide", "is_exclusive": "yes"}
    data |= {"starts_on-day": "1", "starts_on-month": "3", "starts_on-year": "2026", "income": "1,200"}

    def sent_anew() -> str:
        once = re.search(r'name="once"[^>]*value="([^"]+)"', client.get(add).text)
        assert once
        answer = client.post(add, data=data | {"once": once[1]})
        return client.get(answer.headers["Location"]).text

    def licences() -> int:
        session().expire_all()
        return len(queries.right(made.id).licences)  # type: ignore[union-attr]

    sent_anew()
    assert "use this new form" in sent_anew()
    (licence,) = queries.right(made.id).licences  # type: ignore[union-attr]
    client.post(f"/right-licences/{licence.id}/remove")
    assert licences() == 0
    assert "use this new form" not in sent_anew()
    assert licences() == 1


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"shares": "Asha 60%\nBen 60%"}, "shares"),
        ({"owner": " "}, "owner"),
        ({"filed_on-day": "2", "filed_on-month": "1", "filed_on-year": "2026"}, "renews_on-day"),
        ({"yearly_cost": "-5"}, "yearly_cost"),
        (NO_RENEWAL | SECRET | {"classes": "heated to 90"}, "classes"),
        (SECRET, "renews_on-day"),
    ],
)
def test_bad_input_is_refused_at_its_field_with_what_was_typed(
    cast: Cast, client: ConformingClient, typed: dict[str, str], field: str
) -> None:
    whole = {"kind": "trade_mark", "title": "Otter", "owner": "Us", "territory": "United Kingdom"}
    whole |= {"status": "registered", "number": "UK1"}
    whole |= {"renews_on-day": "1", "renews_on-month": "1", "renews_on-year": "2026"}
    refused = client.sign_in(cast.founder).post(f"/businesses/{BUSINESS}/rights/add", data=whole | typed)

    assert refused.status_code == 422
    assert f'href="#{field}"' in refused.text


def test_k24_a_trade_secret_is_seen_by_its_business_and_advisers_alone(
    cast: Cast, client: ConformingClient
) -> None:
    client.sign_in(cast.founder)
    data = {"kind": "trade_secret", "title": "Process Zebra", "owner": "Us", "territory": "United Kingdom"}
    made = client.post(f"/businesses/{BUSINESS}/rights/add", data=data | {"status": "unregistered"})
    where = made.headers["Location"]
    assert "Process Zebra" in client.get(where).text
    assert "Process Zebra" in client.sign_in(cast.adviser).get(f"/businesses/{BUSINESS}/rights").text
    assert client.get(f"{where}/parts/add").status_code == 409
    assert client.get(f"{where}/licences/add").status_code == 409
    outsiders = [cast[part] for part in ("administrator", "auditor", "network_manager")]
    for who in (*outsiders, _manager()):
        client.sign_in(who)
        assert client.get(where).status_code == 404
        for page in (f"/businesses/{BUSINESS}/rights", "/rights", "/rights?q=Zebra"):
            assert "Process Zebra" not in client.get(page).text
    assert "Process Zebra" not in client.sign_in(cast.administrator).get("/audit").text
    assert queries.rights_of(BUSINESS) == []
    entered = client.post(
        f"/businesses/{BUSINESS}/rights/add", data=data | {"status": "unregistered", "title": "Of admin"}
    )
    assert entered.status_code == 403


def test_a_renewal_is_reminded_of_once_at_each_figure_and_caught_up(
    cast: Cast, client: ConformingClient, db: Session
) -> None:
    mark = {"kind": RightKind.TRADE_MARK, "status": RightStatus.REGISTERED, "number": "UK1"}
    made = _right(title="Otter", renews_on=today() + timedelta(days=20), **mark)
    _right(title="Far", renews_on=today() + timedelta(days=91), **mark)
    _right(title="Gone", renews_on=today(), **(mark | {"status": RightStatus.LAPSED}))
    remind()
    remind()
    letters = list(db.scalars(select(Letter).where(Letter.kind == "right_renewal")))

    assert [(each.to_address, each.context["title"]) for each in letters] == [(cast.founder.email, "Otter")]
    assert letters[0].context["left"] == "in 20 days"
    client.sign_in(cast.founder)
    assert f"/rights/{made.id}" in client.get("/desk").text
    calendar = client.get(f"/rights/{made.id}/renewal.ics").text
    assert f"DTSTART;VALUE=DATE:{made.renews_on:%Y%m%d}" in calendar
    assert "SUMMARY:Renew Otter" in calendar
    assert "1 right" in client.sign_in(cast.adviser).get("/rights?todo=renew&q=Otter").text


def test_reminders_catch_up_after_missed_days_and_follow_the_dated_figures(
    cast: Cast, clock: Any, db: Session
) -> None:
    mark = {"kind": RightKind.TRADE_MARK, "status": RightStatus.REGISTERED, "number": "UK1"}
    _right(title="Otter", renews_on=today() + timedelta(days=100), **mark)
    first, second, last = queries.stages_on(today())
    assert (first, second, last) == (90, 30, 7)

    def told_after(days: int) -> list[str]:
        """What was told of it in all once so many more days have passed."""
        clock.shift(timedelta(days=days))
        remind()
        found = db.scalars(select(Letter).where(Letter.kind == "right_renewal").order_by(Letter.queued_at))
        return [str(each.context["left"]) for each in found]

    assert told_after(9) == [], "91 days before"
    assert told_after(1) == ["in 90 days"]
    assert told_after(65) == ["in 90 days", "in 25 days"], "nothing ran for 65 days: the newest only"
    assert told_after(0) == ["in 90 days", "in 25 days"]
    assert told_after(19) == ["in 90 days", "in 25 days", "in 6 days"]
    assert told_after(7) == ["in 90 days", "in 25 days", "in 6 days", "1 day ago"]
    assert len(told_after(30)) == 4
    earlier = {"name": "rights.first_reminder_days", "value": "120", "valid_from": today()}
    factories.figure(FigureStatus.APPROVED, **earlier)
    _right(title="Heron", renews_on=today() + timedelta(days=121), **mark)
    assert len(told_after(0)) == 4
    assert told_after(1)[4:] == ["in 120 days"], "a figure holds from its day on"


def test_who_has_no_account_is_reminded_too_and_nothing_is_marked_where_nobody_can_be_written_to(
    cast: Cast, db: Session
) -> None:
    mark = {"kind": RightKind.TRADE_MARK, "status": RightStatus.REGISTERED, "number": "UK1"}
    soon = today() + timedelta(days=20)
    alone, silent = factories.business(), factories.business()
    person = factories.person(alone)
    network.right(alone, title="Otter", renews_on=soon, **mark)
    unheard = network.right(silent, title="Heron", renews_on=soon, **mark)
    remind()
    (letter,) = db.scalars(select(Letter).where(Letter.kind == "right_renewal"))
    assert letter.to_address == person.email
    text = as_sent(letter.kind, letter.context | {"to_name": letter.to_name}).text
    assert "You have no account with us." in text
    assert "/rights/" not in text
    assert "Otter (trade mark, UK1), a right of" in text
    assert "Renew it with the UK Intellectual Property Office, on GOV.UK." in text
    assert "reply to this email" in text
    assert unheard.reminded_for is None
    factories.person(silent)
    remind()
    assert len(db.scalars(select(Letter).where(Letter.kind == "right_renewal")).all()) == 2


def test_the_list_is_downloaded_by_the_test_bed_manager(cast: Cast, client: ConformingClient) -> None:
    _right(title="Otter and more")
    client.sign_in(_manager())
    assert "Otter and more" in client.get("/rights?kind=copyright").text
    assert "No rights found" in client.get("/rights?kind=patent").text
    assert "Otter and more" in client.get("/rights.csv?q=Otter").text
    assert client.sign_in(cast.adviser).get("/rights.csv").status_code == 403
