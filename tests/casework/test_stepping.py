"""Next steps: with one parent and somebody to do them, reminded of once, in one letter a day."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from crm.accounts.workflow import AccountStatus
from crm.businesses.models import Business
from crm.casework import queries
from crm.casework.models import Conversation, NextStep
from crm.casework.rules import read_quiet_days
from crm.casework.service import stepping
from crm.casework.service.stepping import StepDetails
from crm.casework.workflow import Channel, ConversationStatus
from crm.kernel.clock import now, today
from crm.kernel.errors import BadInput, Conflict, Invalid, Refusal
from crm.kernel.permissions import SYSTEM
from crm.notices.models import Letter
from tests import factories
from tests.cast import BUSINESS, Cast
from tests.client import ConformingClient

DUE = date(2026, 11, 25)


def days(name: str, *parts: int) -> dict[str, str]:
    """The three boxes of a day: day, month and year."""
    return {f"{name}-{box}": str(part) for box, part in zip(("day", "month", "year"), parts, strict=True)}


@pytest.fixture
def details(cast: Cast) -> StepDetails:
    assert cast.adviser.id is not None
    return StepDetails("Call them", (cast.adviser.id,), DUE)


def again(found: NextStep) -> NextStep:
    queries.read_step_again(found)
    return found


def letters(db: Session, kind: str) -> list[Letter]:
    return list(db.scalars(select(Letter).where(Letter.kind == kind)))


def talked(cast: Cast, owner: Business, day: date, *people: Any) -> Conversation:
    whole = {"kind_code": factories.support_kind().code, "channel": Channel.VIDEO, "completed_at": now()}
    advisers = people or (cast.adviser.account,)
    made: Conversation = factories.conversation(
        owner, *advisers, happened_on=day, _status=ConversationStatus.COMPLETE, **whole
    )
    found = queries.conversation(made.id)
    assert found is not None
    return found


def test_a35_one_parent_and_somebody_to_do_it(cast: Cast, owner: Business, details: StepDetails) -> None:
    talk = talked(cast, owner, today())
    for parents in ({"business": None}, {"business": owner, "out_of": talk}):
        with pytest.raises(Refusal):
            stepping.add(parents["business"], details, out_of=parents.get("out_of"), by=cast.adviser.actor)  # type: ignore[arg-type]
    for nobody in ((), details.assignees * 2, (cast.founder.id,)):
        with pytest.raises(Invalid) as refused:
            stepping.add(owner, replace(details, assignees=nobody), by=cast.adviser.actor)
        assert refused.value.field == "assignees"
    made = stepping.add(None, details, out_of=talk, by=cast.adviser.actor)
    assert (made.business.id, made.business_id) == (BUSINESS, None)


def test_a36_reminded_once_for_a_day_and_again_if_the_day_moves(
    cast: Cast, owner: Business, details: StepDetails, db: Session, clock: Any
) -> None:
    made = stepping.add(owner, details, by=cast.adviser.actor)
    for _ in range(3):
        stepping.remind()
    assert len(letters(db, "reminders")) == 1
    assert again(made).reminded_for == DUE
    stepping.change(
        made, replace(details, due_on=DUE + timedelta(days=7)), version=None, by=cast.adviser.actor
    )
    assert again(made).reminded_for is None
    stepping.remind()
    assert len(letters(db, "reminders")) == 1
    clock.move_to(datetime(2026, 12, 3, 10, tzinfo=UTC))
    stepping.remind()
    assert len(letters(db, "reminders")) == 2


def test_a36_without_a_day_nobody_is_reminded(
    cast: Cast, owner: Business, details: StepDetails, db: Session
) -> None:
    made = stepping.add(owner, details, by=cast.adviser.actor)
    stepping.change(made, replace(details, due_on=None), version=None, by=cast.adviser.actor)
    stepping.remind()
    assert letters(db, "reminders") == []
    assert again(made).reminded_for is None


@pytest.mark.parametrize(("days", "count"), [(29, 0), (30, 1), (45, 1)])
def test_a37_no_conversation_for_thirty_days_is_told_once_by_the_day_of_the_talk(
    cast: Cast, owner: Business, db: Session, days: int, count: int
) -> None:
    talked(cast, owner, today() - timedelta(days=days))
    for _ in range(3):
        stepping.remind()
    assert len(letters(db, "reminders")) == count


def test_a37_a_new_conversation_begins_a_new_gap(
    cast: Cast, owner: Business, db: Session, clock: Any
) -> None:
    talked(cast, owner, today() - timedelta(days=40))
    stepping.remind()
    talked(cast, owner, today())
    clock.shift(29 * 24 * 3600)
    stepping.remind()
    assert len(letters(db, "reminders")) == 1
    clock.shift(3 * 24 * 3600)  # the thirtieth day itself was skipped
    stepping.remind()
    assert len(letters(db, "reminders")) == 2


def test_a37_nothing_is_told_of_an_archived_business_or_to_whoever_has_left(
    cast: Cast, owner: Business, db: Session
) -> None:
    gone = factories.account(AccountStatus.DEACTIVATED)
    talked(cast, factories.business(), today() - timedelta(days=40), gone)
    put_away = factories.business(_status=type(owner.status)("archived"), archived_reason="closed")
    talked(cast, put_away, today() - timedelta(days=40))
    stepping.remind()
    assert letters(db, "reminders") == []


@pytest.mark.parametrize("text", ["30, 30", "0", "731", "", "x", "1,2,3,4,5,6", "30,"])
def test_a37_days_that_cannot_be(text: str) -> None:
    with pytest.raises(BadInput):
        read_quiet_days(text)


def test_a38_many_reminders_are_one_letter(
    cast: Cast, owner: Business, details: StepDetails, db: Session
) -> None:
    for number in range(12):
        stepping.add(owner, replace(details, title=f"Step {number:02}"), by=cast.adviser.actor)
    talked(cast, owner, today() - timedelta(days=60))
    stepping.remind()
    (letter,) = letters(db, "reminders")
    assert len(letter.context["lines"]) == 13


def test_a38_a_reminder_that_was_put_away_does_not_come_back(
    client: ConformingClient, cast: Cast, owner: Business, details: StepDetails, db: Session
) -> None:
    made = stepping.add(owner, details, by=cast.adviser.actor)
    client.sign_in(cast.adviser)
    assert "Call them" in client.get("/desk").text
    assert client.post(f"/next-steps/{made.id}/dismiss").status_code == 303
    assert "Call them" not in client.get("/desk").text
    assert "Call them" in client.get(f"/businesses/{BUSINESS}").text
    stepping.remind()
    assert letters(db, "reminders") == []
    with pytest.raises(Conflict):
        stepping.dismiss(again(made), by=cast.adviser.actor)


def test_a39_whoever_wants_no_letters_has_none_and_the_others_have_theirs(
    cast: Cast, owner: Business, details: StepDetails, db: Session
) -> None:
    people = (cast.adviser, cast.hub_manager, cast.other_adviser)
    stepping.choose(cast.hub_manager.account, by_letter=False, quiet_days=(30,), by=cast.hub_manager.actor)
    everybody = tuple(each.id for each in people if each.id is not None)
    stepping.add(owner, replace(details, assignees=everybody), by=cast.adviser.actor)
    assert [each.to_address for each in letters(db, "next_step_given")] == [cast.other_adviser.email]
    stepping.remind()
    told = {each.to_address for each in letters(db, "reminders")}
    assert told == {cast.adviser.email, cast.other_adviser.email}


def test_a_step_is_done_once_and_then_stays(cast: Cast, owner: Business, details: StepDetails) -> None:
    made = stepping.add(owner, details, by=cast.adviser.actor)
    stepping.finish(made, by=cast.adviser.actor)
    for act in (
        lambda: stepping.finish(made, by=cast.adviser.actor),
        lambda: stepping.change(made, details, version=None, by=cast.adviser.actor),
    ):
        with pytest.raises(Conflict):
            act()


def test_a34_nothing_is_to_be_done_about_what_was_put_away(
    cast: Cast, owner: Business, details: StepDetails, db: Session
) -> None:
    owner._status, owner.archived_reason = type(owner.status)("archived"), "closed"
    db.flush()
    with pytest.raises(Conflict):
        stepping.add(owner, details, by=SYSTEM)


def test_a_step_has_no_day_in_the_past_but_may_stay_late_and_waits_on_the_desk(
    client: ConformingClient, cast: Cast, owner: Business, db: Session, clock: Any
) -> None:
    client.sign_in(cast.adviser)
    where = f"/businesses/{BUSINESS}/next-steps/new"
    empty = client.post(where, data={"title": " ", "assignees": []})
    assert empty.status_code == 422
    assert 'id="title-error"' in empty.text
    assert 'id="assignees-error"' in empty.text
    told = {"title": "Send the list", "assignees": [str(cast.adviser.id)]}
    for year, said in ((1900, 422), (2025, 422), (2026, 303)):
        answer = client.post(where, data=told | days("due_on", 24, 11, year))
        assert answer.status_code == said
        assert (said == 422) == ("The date must be today or later" in answer.text)
    made = db.scalars(select(NextStep)).one()
    clock.shift(timedelta(days=1))
    desk = client.sign_in(cast.adviser).get("/desk").text
    assert "Send the list" in desk
    assert "Overdue" in desk
    told |= days("due_on", 24, 11, 2026) | {"title": "Send it"}
    assert client.post(f"/next-steps/{made.id}/change", data=told | {"version": "1"}).status_code == 303
    moved = told | days("due_on", 23, 11, 2026) | {"version": "2"}
    earlier = client.post(f"/next-steps/{made.id}/change", data=moved)
    assert "The date must be today or later" in earlier.text


def test_a_step_that_was_changed_or_done_meanwhile_keeps_what_was_typed_and_says_where_to_go(
    client: ConformingClient, cast: Cast, owner: Business, db: Session
) -> None:
    made = factories.next_step(owner, cast.adviser.account)
    change = f"/next-steps/{made.id}/change"
    client.sign_in(cast.adviser)
    told = {"assignees": [str(cast.adviser.id)], "version": "1"}
    assert client.post(change, data=told | {"title": "Send it"}).status_code == 303
    stale = client.post(change, data=told | {"title": "Send all"})
    assert stale.status_code == 409
    assert "Send all" in stale.text
    assert client.post(f"/next-steps/{made.id}/finish").status_code == 303
    late = client.post(change, data=told | {"title": "Send them all"})
    assert late.status_code == 409
    assert "This step is done already" in late.text
    assert 'value="Send them all"' in late.text
    assert f'<a href="/businesses/{BUSINESS}">See what it says now</a>' in late.text
    assert client.sign_in(cast.founder).get(change).status_code == 404


def test_reminders_are_chosen_in_days_of_rising_order(client: ConformingClient, cast: Cast) -> None:
    client.sign_in(cast.adviser)
    assert client.post("/reminders", data={"by_letter": "no", "quiet_days": "30, 30"}).status_code == 422
    assert client.post("/reminders", data={"by_letter": "no", "quiet_days": "60, 30"}).status_code == 303
    assert 'value="30, 60"' in client.get("/reminders").text


def test_k18_what_was_typed_before_a_session_ended_can_be_copied_where_its_form_is_not_shown_any_more(
    client: ConformingClient, cast: Cast, owner: Business, db: Session
) -> None:
    made = factories.next_step(owner, cast.adviser.account)
    change = f"/next-steps/{made.id}/change"
    (once,) = re.findall(
        '<main.*name="once" value="([^"]+)"', client.sign_in(cast.adviser).get(change).text, re.DOTALL
    )
    client.sign_out()
    sent = client.post(change, data={"title": "Typed for an hour", "once": once})
    made.done_at, made.done_by = now(), "Made Colleague"
    db.flush()
    (again,) = parse_qs(urlsplit(sent.headers["Location"]).query)["next"]
    refused = client.sign_in(cast.adviser).get(again)
    assert refused.status_code == 409
    assert "This step is done already" in refused.text
    assert "Typed for an hour" in refused.text


def test_k4_of_two_who_change_only_who_does_a_step_the_second_is_told(
    client: ConformingClient, cast: Cast, owner: Business
) -> None:
    made = factories.next_step(owner, cast.adviser.account)
    change = f"/next-steps/{made.id}/change"
    client.sign_in(cast.adviser)
    told = {
        "title": made.title,
        "version": "1",
        "assignees": [str(cast.adviser.id), str(cast.hub_manager.id)],
    }
    assert client.post(change, data=told).status_code == 303
    assert client.post(change, data=told | {"assignees": [str(cast.adviser.id)]}).status_code == 409
