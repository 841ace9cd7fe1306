"""Introductions: nothing before both agree, then both at one moment; clocks, neutral words, conflicts."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from crm.angels.introductions import queries
from crm.angels.introductions.jobs import release_hourly, tend_daily
from crm.angels.introductions.models import Introduction
from crm.angels.introductions.service import introducing as service
from crm.angels.introductions.workflow import IntroductionStatus
from crm.angels.investors.workflow import CheckOutcome
from crm.angels.pitches.models import Promotion
from crm.angels.pitches.service import pitching
from crm.angels.pitches.workflow import PitchStatus
from crm.businesses.models import Connection, ShownInterest
from crm.businesses.workflow import ConnectionKind
from crm.kernel.errors import Conflict
from crm.notices.models import Letter
from tests import factories, network
from tests.angels.people import acting, letters, own_business, rows
from tests.cast import Cast
from tests.client import ConformingClient
from tests.programme.applicants import Clock

S = IntroductionStatus
PHONE = "0121 496 0123"


def shown() -> network.Pitch:
    return network.pitch(network.legal(own_business()))


def investor() -> network.Account:
    return network.admitted(
        network.investor(name="Philippa Unmistakable", email="pu@made.example"), phone=PHONE
    )


def test_n21_a54_nothing_names_the_investor_before_the_business_agrees(
    cast: Cast, client: ConformingClient
) -> None:
    found, owner = shown(), investor()
    client.sign_in(owner)
    done = client.post(f"/pitches/{found.id}/request", data={"message": "I made films for ten years."})
    assert done.status_code == 303
    (made,) = rows(Introduction)
    client.sign_in(cast.founder)
    pages = ["/introductions", f"/introductions/{made.id}", f"/raises/{found.id}", "/desk", "/raises"]
    pages += [f"/businesses/{found.business_id}", f"/businesses/{found.business_id}/history"]
    for page in pages:
        text = client.get(page).text
        for secret in ("Philippa", "Unmistakable", "pu@made.example", PHONE, str(owner.id)):
            assert secret not in text, page
    for letter in letters("introduction_requested"):
        assert "Unmistakable" not in str(letter.context)
        assert letter.to_address == cast.founder.email
    assert "I made films for ten years." in client.get(f"/introductions/{made.id}").text
    assert (
        client.post(f"/introductions/{made.id}/agree", data={"contacts": str(cast.founder.id)}).status_code
        == 303
    )
    assert "Philippa Unmistakable" in client.get(f"/introductions/{made.id}").text
    assert PHONE in client.get(f"/introductions/{made.id}").text
    theirs = client.sign_in(owner).get(f"/introductions/{made.id}").text
    assert cast.founder.email in theirs


def test_both_see_contacts_from_one_and_the_same_moment(cast: Cast, client: ConformingClient) -> None:
    owner = investor()
    made = network.introduction(shown(), owner)
    client.sign_in(owner)
    assert cast.founder.email not in client.get(f"/introductions/{made.id}").text
    service.agree(made, [cast.founder.id], by=cast.founder.actor)
    assert made.met_at is not None
    assert cast.founder.email in client.get(f"/introductions/{made.id}").text
    assert len(letters("introduction_agreed")) == len(letters("introduction_met")) == 1
    (kept,) = [each for each in rows(Connection) if each.kind is ConnectionKind.INVESTOR]
    assert kept.account_id == owner.id


def test_n20_asked_twice_it_is_one_request_and_one_letter(cast: Cast, client: ConformingClient) -> None:
    found = shown()
    client.sign_in(cast.angel)
    first = client.post(f"/pitches/{found.id}/request", data={"message": "One"})
    second = client.post(f"/pitches/{found.id}/request", data={"message": "Two"})
    assert first.headers["Location"] == second.headers["Location"]
    assert len(rows(Introduction)) == len(letters("introduction_requested")) == 1


def test_n22_a_no_is_neutral_and_counted(cast: Cast, client: ConformingClient) -> None:
    owner = investor()
    made = network.introduction(shown(), owner)
    client.sign_in(cast.founder)
    assert client.post(f"/introductions/{made.id}/turn-down", data={"note": "x"}).status_code == 422
    sent = {"why": "fit", "note": "We do not like the message"}
    assert client.post(f"/introductions/{made.id}/turn-down", data=sent).status_code == 303
    assert "Unmistakable" not in client.get(f"/introductions/{made.id}").text
    theirs = client.sign_in(owner).get(f"/introductions/{made.id}").text
    assert "was not taken up this time" in theirs
    assert "We do not like" not in theirs
    (letter,) = letters("introduction_declined")
    assert "We do not like" not in str(letter.context)
    assert queries.answering_of(made.pitch.business_id).in_words == "1 of 1 request answered in time"
    seen = client.sign_in(cast.network_manager).get(f"/introductions/{made.id}").text
    assert "We do not like the message" in seen


def test_p22_n21_a_request_is_an_interest_that_checks_read_and_no_page_shows(
    cast: Cast, client: ConformingClient
) -> None:
    found = shown()
    made = service.request(found, "Hello", by=cast.angel.actor)
    (kept,) = rows(ShownInterest)
    assert (kept.account_id, kept.business_id) == (cast.angel.id, found.business_id)
    service.request(found, "Hello again", by=cast.angel.actor)
    assert len(rows(ShownInterest)) == 1
    for reader in (cast.adviser, cast.founder):
        client.sign_in(reader)
        for tab in ("", "/activity", "/support", "/money", "/details"):
            assert cast.angel.account.name not in client.get(f"/businesses/{found.business_id}{tab}").text
    assert made.pitch_id == found.id


def test_n23_the_clock_counts_working_days_round_bank_holidays(cast: Cast, clock: Clock) -> None:
    clock.move_to(datetime(2026, 12, 21, 10, tzinfo=UTC))
    by = acting(cast.angel.account)
    made = service.request(shown(), "Hello", by=by)
    # Christmas Day is a Friday, Boxing Day's substitute the Monday after; New Year's Day is a Friday.
    assert (made.nudge_on, made.task_on) == (date(2026, 12, 30), date(2027, 1, 7))
    assert made.lapse_on == date(2027, 1, 14)


def test_n23_reminded_once_then_the_manager_then_it_lapses(
    cast: Cast, client: ConformingClient, clock: Clock, db: Session
) -> None:
    found = shown()
    made = service.request(found, "Hello", by=cast.angel.actor)
    for day, nudged, overdue, status in (
        (made.nudge_on - timedelta(days=1), 0, 0, S.REQUESTED),
        (made.nudge_on, 1, 0, S.REQUESTED),
        (made.nudge_on + timedelta(days=1), 1, 0, S.REQUESTED),
        (made.task_on, 1, 1, S.REQUESTED),
        (made.lapse_on, 1, 1, S.REQUESTED),
        (made.lapse_on + timedelta(days=1), 1, 0, S.LAPSED),
    ):
        clock.move_to(datetime(day.year, day.month, day.day, 9, tzinfo=UTC))
        tend_daily()
        db.flush()
        whole = network.whole_introduction(made)
        assert (len(letters("introduction_nudged")), queries.count_overdue(day), whole.status) == (
            nudged,
            overdue,
            status,
        )
    assert len(letters("introduction_lapsed")) == 1
    assert queries.answering_of(found.business_id).in_words == "0 of 1 request answered in time"


def test_n23_a_worker_that_slept_through_lapses_without_a_late_reminder(
    cast: Cast, clock: Clock, db: Session
) -> None:
    made = service.request(shown(), "Hello", by=cast.angel.actor)
    clock.move_to(datetime(2027, 3, 1, 9, tzinfo=UTC))
    tend_daily()
    db.flush()
    assert network.whole_introduction(made).status is S.LAPSED
    assert letters("introduction_nudged") == []


def test_n24_withdrawing_cancels_what_waits_and_keeps_what_was(cast: Cast, client: ConformingClient) -> None:
    found, waits, met = shown(), network.admitted(), network.admitted()
    waiting = network.introduction(found, waits)
    agreed = network.introduction(found, met)
    service.agree(agreed, [cast.founder.id], by=cast.founder.actor)
    network.promotion(found, network.certification(met))
    file = factories.document("pitch", found.id)
    client.sign_in(waits)
    assert client.get(f"/pitches/{found.id}/files/{file.id}").status_code == 200
    before = len(rows(Promotion))
    pitching.withdraw(network.whole(found), reason="A fund came in", by=cast.founder.actor)
    assert network.whole_introduction(waiting).status is S.CANCELLED
    assert network.whole_introduction(agreed).status is S.AGREED
    assert len(letters("introduction_cancelled")) == 1
    assert client.get(f"/pitches/{found.id}/files/{file.id}").status_code == 404
    assert client.get(f"/pitches/{found.id}").status_code == 404
    assert len(rows(Promotion)) == before


def test_n26_held_until_the_investor_certifies_again(
    cast: Cast, client: ConformingClient, db: Session
) -> None:
    owner = investor()
    made = network.introduction(shown(), owner)
    for each in rows(network.Certification):
        if each.account_id == owner.id:
            each.revoked_at, each.revoked_reason = each.signed_at, "Made"
    db.flush()
    client.sign_in(cast.founder)
    assert (
        client.post(f"/introductions/{made.id}/agree", data={"contacts": str(cast.founder.id)}).status_code
        == 303
    )
    held = client.get(f"/introductions/{made.id}").text
    assert "may not be shown pitches at the moment" in " ".join(held.split())
    assert "Unmistakable" not in held
    assert len(letters("introduction_held")) == 1
    assert "Certify yourself" in client.sign_in(owner).get(f"/introductions/{made.id}").text
    release_hourly()
    assert network.whole_introduction(made).status is S.HELD
    sent = {"has_income": "yes", "income": "120,000", "has_assets": "no", "none_applies": "no"}
    client.sign_in(owner).post("/angels/certify/net-worth", data=sent | {"signed_name": owner.name})
    assert network.whole_introduction(made).status is S.AGREED
    assert cast.founder.email in client.get(f"/introductions/{made.id}").text


def test_n26_what_is_held_too_long_ends_and_names_nobody(
    cast: Cast, client: ConformingClient, clock: Clock
) -> None:
    owner = network.investor()
    network.angel(owner)
    network.certification(owner)
    clock.move_to(datetime(2026, 12, 21, 10, tzinfo=UTC))
    made = network.introduction(shown(), owner)
    service.agree(made, [cast.founder.id], by=cast.founder.actor)
    (told,) = letters("introduction_held")
    assert told.context["until"] == "14 January 2027"  # fifteen working days on, round three bank holidays
    for day, status in ((date(2027, 1, 14), S.HELD), (date(2027, 1, 15), S.EXPIRED)):
        clock.move_to(datetime(day.year, day.month, day.day, 9, tzinfo=UTC))
        tend_daily()
        assert network.whole_introduction(made).status is status
    (told,) = letters("introduction_expired")
    assert told.to_address == owner.email
    (told,) = letters("introduction_not_met")
    assert owner.name not in str(told.context)
    assert queries.answering_of(made.pitch.business_id).in_words == "1 of 1 request answered in time"
    assert (queries.keeping_of(owner.id).answered, queries.keeping_of(owner.id).asked) == (0, 1)
    assert "you were not introduced" in client.sign_in(cast.founder).get(f"/introductions/{made.id}").text
    assert "in time" in client.sign_in(owner).get(f"/introductions/{made.id}").text


def test_n26_what_was_taken_back_meanwhile_does_not_expire(cast: Cast) -> None:
    owner = network.investor()
    network.angel(owner)
    made = network.introduction(shown(), owner)
    service.agree(made, [cast.founder.id], by=cast.founder.actor)
    by = acting(owner)
    service.take_back(network.whole_introduction(made), by=by)
    service.expire(network.whole_introduction(made))
    assert network.whole_introduction(made).status is S.TAKEN_BACK
    assert letters("introduction_expired") == []


def test_n26_whoever_is_open_again_on_the_last_day_is_introduced(cast: Cast, clock: Clock) -> None:
    owner = network.investor()
    network.angel(owner)
    made = network.introduction(shown(), owner)
    service.agree(made, [cast.founder.id], by=cast.founder.actor)
    clock.move_to(datetime(2027, 3, 1, 9, tzinfo=UTC))
    network.certification(owner)
    network.membership(owner)
    tend_daily()
    assert network.whole_introduction(made).status is S.AGREED


def test_n26_a_membership_that_is_paid_again_is_seen_within_the_hour(cast: Cast, db: Session) -> None:
    owner = network.investor()
    network.angel(owner)
    network.certification(owner)
    made = network.introduction(shown(), owner)
    service.agree(made, [cast.founder.id], by=cast.founder.actor)
    assert network.whole_introduction(made).status is S.HELD
    network.membership(owner)
    release_hourly()
    assert network.whole_introduction(made).status is S.AGREED


@pytest.mark.parametrize("way", ["account", "name", "person"])
def test_n27_a_tie_that_is_known_is_no_introduction(cast: Cast, way: str) -> None:
    found, owner = shown(), investor()
    if way == "account":
        factories.connection(found.business, kind=ConnectionKind.DIRECTOR, account_id=owner.id)
    elif way == "name":
        factories.connection(
            found.business, kind=ConnectionKind.DIRECTOR, who="PHILIPPA Unmistakable", account_id=None
        )
    else:
        factories.person(found.business, email=owner.email)
    with pytest.raises(Conflict, match="cannot ask to be introduced"):
        service.request(found, "", by=acting(owner))


def test_n28_a_look_at_an_answers_address_changes_nothing(cast: Cast, client: ConformingClient) -> None:
    made = network.introduction(shown())
    client.sign_in(cast.founder)
    assert client.get(f"/introductions/{made.id}/agree").status_code == 200
    assert network.whole_introduction(made).status is S.REQUESTED
    assert client.post(f"/introductions/{made.id}/agree", token=False).status_code == 422
    assert network.whole_introduction(made).status is S.REQUESTED
    assert client.sign_in(cast.other_founder).post(f"/introductions/{made.id}/agree").status_code == 404


@pytest.mark.parametrize(
    "fields",
    [
        {"check_outcome": CheckOutcome.PASSED, "checked_on": date(2025, 11, 24), "checked_by": "Quin"},
        {"check_outcome": CheckOutcome.NOT_CHECKED},
    ],
)
def test_a52_without_a_check_that_counts_nobody_asks(cast: Cast, fields: dict[str, object]) -> None:
    owner = network.admitted(**fields)
    with pytest.raises(Conflict, match="in the last 12 months"):
        service.request(shown(), "", by=acting(owner))


def test_who_has_not_accepted_the_code_does_not_ask(cast: Cast) -> None:
    owner = network.admitted(conduct_version="2020-1")
    with pytest.raises(Conflict, match="code of conduct has changed"):
        service.request(shown(), "", by=acting(owner))


def test_an_investor_takes_their_request_back(cast: Cast, client: ConformingClient) -> None:
    owner = investor()
    made = network.introduction(shown(), owner)
    client.sign_in(owner)
    assert client.post(f"/introductions/{made.id}/take-back").status_code == 303
    assert client.post(f"/introductions/{made.id}/take-back").status_code == 409
    assert client.sign_in(cast.founder).post(f"/introductions/{made.id}/agree").status_code == 409


def test_nobody_is_introduced_through_a_pitch_that_ended(cast: Cast) -> None:
    made = network.introduction(network.pitch(network.legal(own_business()), PitchStatus.CLOSED))
    with pytest.raises(Conflict, match="has ended"):
        service.agree(made, [cast.founder.id], by=cast.founder.actor)


def test_what_is_asked_of_a_business_is_not_for_the_adviser_who_cares_for_it(
    cast: Cast, client: ConformingClient
) -> None:
    found = shown()
    made = network.introduction(found, investor())
    network.question(found, question="Who owns the music?")
    client.sign_in(cast.adviser)
    assert client.get(f"/introductions/{made.id}").status_code == 404
    page = client.get(f"/raises/{found.id}")
    assert page.status_code == 200
    assert "Who owns the music?" not in page.text


def test_while_the_pitch_is_changed_the_business_can_still_agree(cast: Cast) -> None:
    made = network.introduction(shown())
    pitching.revise(made.pitch, by=cast.founder.actor)
    service.agree(made, [cast.founder.id], by=cast.founder.actor)
    assert network.whole_introduction(made).status is S.AGREED


def test_what_an_investor_who_leaves_has_asked_for_is_taken_back(
    cast: Cast, client: ConformingClient
) -> None:
    owner = investor()
    made = network.introduction(shown(), owner)
    assert client.sign_in(owner).post("/angels/mine/leave").status_code == 303
    assert network.whole_introduction(made).status is S.TAKEN_BACK
    assert client.sign_in(cast.founder).post(f"/introductions/{made.id}/agree").status_code == 409


def test_a42_an_investor_sees_no_other_investors_request(cast: Cast, client: ConformingClient) -> None:
    made = network.introduction(shown(), investor())
    client.sign_in(cast.angel)
    assert client.get(f"/introductions/{made.id}").status_code == 404
    assert made.reference not in client.get("/introductions").text


def test_the_outbox_names_no_investor_to_a_business_before_it_agreed(cast: Cast, db: Session) -> None:
    owner = investor()
    by = acting(owner)
    service.request(shown(), "Hello", by=by)
    to_business = db.scalars(select(Letter).where(Letter.to_address == cast.founder.email)).all()
    assert to_business
    assert all("Unmistakable" not in str(each.context) for each in to_business)
