"""Applying: whether a business can, handing in, in time and late, more time, withdrawing, and dry runs."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from crm.kernel.clock import now
from crm.kernel.errors import Conflict, Invalid, NotAllowed
from crm.kernel.money import Money
from crm.programme.applications.models import Application
from crm.programme.applications.service import ruling, starting, submitting
from crm.programme.applications.workflow import ApplicationStatus, ClearanceStatus
from tests import rounds
from tests.cast import OTHER_BUSINESS, Cast
from tests.client import ConformingClient
from tests.programme.applicants import (
    HERE,
    Clock,
    acts,
    colleague,
    fill_in,
    letters,
    own,
    page_of,
    section_page,
    strict,
)


def test_p01_outside_the_area_no_application_is_made_and_alternatives_are_offered(
    cast: Cast, client: ConformingClient, db: Session
) -> None:
    found = strict()
    client.sign_in(cast.founder)
    answer = client.get(f"/programme/rounds/{found.id}/check?checked=yes&postcode=SW1A+1AA")
    assert answer.status_code == 200
    assert "Not as things stand" in answer.text
    assert "Based in SW1A, needs" in answer.text
    assert answer.text.count("Not answered") == 1
    assert answer.text.count('<article class="app-service') >= 2
    assert "Start your application" not in answer.text

    refused = client.post(f"/programme/rounds/{found.id}/start", data={"postcode": "SW1A 1AA"})
    assert refused.status_code == 422
    assert "cannot apply" in refused.text
    assert db.scalar(select(func.count()).select_from(Application)) == 0


def test_p02_not_sure_asks_an_adviser_and_the_draft_waits_for_them(
    cast: Cast, client: ConformingClient, db: Session
) -> None:
    found = strict()
    client.sign_in(cast.founder)
    answer = client.get(f"/programme/rounds/{found.id}/check?checked=yes&postcode=B1+1AA")
    assert "An adviser needs to check this" in answer.text
    assert client.post(f"/programme/rounds/{found.id}/start", data={"postcode": "B1 1AA"}).status_code == 303
    made = rounds.whole_application(db.scalars(select(Application)).one())
    assert made.clearance is not None
    assert made.clearance.status is ClearanceStatus.WAITING
    assert "is waiting for an eligibility decision" in client.sign_in(cast.adviser).get("/desk").text
    assert made.reference in client.get("/applications?clearance=waiting&status=draft").text

    ready = fill_in(made, cast.founder)
    with pytest.raises(Conflict, match="An adviser is still checking"):
        submitting.submit(ready, declared_by=cast.founder.account.name, by=cast.founder.actor)
    client.sign_in(cast.adviser)
    assert client.post(f"{page_of(made)}/clear", data={"reason": ""}).status_code == 422
    assert client.post(f"{page_of(made)}/clear", data={"reason": "They told me"}).status_code == 303
    submitting.submit(
        rounds.whole_application(made), declared_by=cast.founder.account.name, by=cast.founder.actor
    )
    assert rounds.whole_application(made).status is ApplicationStatus.SUBMITTED
    assert [kind for kind, _ in letters(db)] == ["application_cleared", "application_submitted"]


def test_an_adviser_of_another_hub_decides_nothing_and_a_denied_one_is_not_handed_in(cast: Cast) -> None:
    made = rounds.application(own())
    rounds.clearance(made)
    found = fill_in(made, cast.founder)
    with pytest.raises(NotAllowed):
        ruling.clear(found, reason="No", by=cast.other_adviser.actor)
    ruling.deny(found, reason="It moved away", by=cast.adviser.actor)
    again = rounds.whole_application(found)
    with pytest.raises(Conflict, match="An adviser found that your business cannot apply"):
        submitting.submit(again, declared_by=cast.founder.account.name, by=cast.founder.actor)
    ruling.clear(again, reason="It came back", by=cast.adviser.actor)


def test_what_the_business_told_is_shown_and_only_what_the_rules_look_at_is_asked(
    cast: Cast, client: ConformingClient
) -> None:
    page = client.sign_in(cast.founder).get(f"/programme/rounds/{strict().id}/check").text
    assert 'value="B1 1AA"' in page
    assert "What was its turnover" not in page


def test_p04_a_second_start_leads_to_the_first_application(cast: Cast, db: Session) -> None:
    found = strict()
    first = starting.start(found, own(), facts=HERE, by=cast.founder.actor)
    again = starting.start(rounds.whole(found), own(), facts=HERE, by=cast.founder.actor)
    assert first.id == again.id
    assert db.scalar(select(func.count()).select_from(Application)) == 1
    assert acts(db, first) == ["start_application"]


def test_nobody_applies_for_another_business_or_to_a_round_that_is_not_open(cast: Cast) -> None:
    with pytest.raises(NotAllowed):
        starting.start(strict(), own(OTHER_BUSINESS), facts=HERE, by=cast.founder.actor)
    later = strict(opens_at=now() + timedelta(days=1))
    with pytest.raises(Conflict, match="This round opens on"):
        starting.start(later, own(), facts=HERE, by=cast.founder.actor)
    over = strict(opens_at=now() - timedelta(days=9), deadline_at=now() - timedelta(seconds=1))
    with pytest.raises(Conflict, match="This round closed on"):
        starting.start(over, own(), facts=HERE, by=cast.founder.actor)


def test_handing_in_leaves_a_receipt_and_tells_everybody_at_the_business(
    cast: Cast, client: ConformingClient, db: Session
) -> None:
    made = fill_in(rounds.application(own()), cast.founder)
    client.sign_in(cast.founder)
    assert client.get(f"{page_of(made)}/submit").status_code == 200
    nothing = client.post(f"{page_of(made)}/submit", data={"declared_by": ""})
    assert nothing.status_code == 422
    for other in ("Mickey Mouse", "x"):
        signed = client.post(f"{page_of(made)}/submit", data={"declared_by": other, "is_declared": "y"})
        assert f"Type your name as it is on your account: {cast.founder.account.name}" in signed.text
    done = client.post(
        f"{page_of(made)}/submit", data={"declared_by": cast.founder.account.name, "is_declared": "y"}
    )
    assert done.status_code == 303
    receipt = client.get(done.headers["Location"]).text
    assert made.reference in receipt
    again = rounds.whole_application(made)
    assert (again.asked_for, again.declared_by, again.minutes_late) == (
        Money(4_000_000),
        cast.founder.account.name,
        0,
    )
    assert [kind for kind, _ in letters(db)] == ["application_submitted"]
    twice = client.post(f"{page_of(made)}/submit", data={"declared_by": "Ann", "is_declared": "y"})
    assert twice.status_code == 409
    assert client.post(section_page(made, "You"), data={"version": "1"}).status_code == 409


def test_only_an_owner_hands_in(cast: Cast) -> None:
    contributor = colleague()
    made = fill_in(rounds.application(own()), cast.founder)
    with pytest.raises(NotAllowed):
        submitting.submit(made, declared_by=contributor.account.name, by=contributor.actor)


def test_p07_grace_is_for_what_was_begun_before_and_is_stamped(cast: Cast, clock: Clock) -> None:
    deadline = now() + timedelta(minutes=20)
    found = strict(deadline_at=deadline, grace_minutes=10)
    made = fill_in(rounds.application(own(), found, begun_at=now()), cast.founder)
    clock.move_to(deadline + timedelta(minutes=1))
    with pytest.raises(Conflict, match="This round closed on"):
        starting.start(rounds.whole(found), own(OTHER_BUSINESS), facts=HERE, by=cast.other_founder.actor)
    clock.move_to(deadline + timedelta(minutes=6))
    submitting.submit(
        rounds.whole_application(made), declared_by=cast.founder.account.name, by=cast.founder.actor
    )
    assert rounds.whole_application(made).minutes_late == 6


def test_p08_more_time_is_for_one_and_has_a_reason(
    cast: Cast, client: ConformingClient, clock: Clock
) -> None:
    deadline = now() + timedelta(minutes=20)
    found = rounds.round_(deadline_at=deadline)
    mine = fill_in(rounds.application(own(), found), cast.founder)
    theirs = fill_in(rounds.application(own(OTHER_BUSINESS), found), cast.other_founder)
    until = deadline + timedelta(hours=29)
    with pytest.raises(Invalid, match="Say why"):
        ruling.extend(rounds.whole_application(mine), until, reason=" ", by=cast.programme_manager.actor)
    with pytest.raises(NotAllowed):
        ruling.extend(rounds.whole_application(mine), until, reason="Ill", by=cast.adviser.actor)
    ruling.extend(rounds.whole_application(mine), until, reason="Ill", by=cast.programme_manager.actor)
    clock.move_to(until - timedelta(minutes=1))
    submitting.submit(
        rounds.whole_application(mine), declared_by=cast.founder.account.name, by=cast.founder.actor
    )
    with pytest.raises(Conflict, match="This round closed on"):
        submitting.submit(
            rounds.whole_application(theirs),
            declared_by=cast.other_founder.account.name,
            by=cast.other_founder.actor,
        )
    assert "You have more time than others" not in client.sign_in(cast.founder).get(page_of(mine)).text


def test_more_time_ends_after_the_deadline(cast: Cast) -> None:
    made = rounds.application(own())
    found = rounds.whole_application(made)
    with pytest.raises(Invalid, match="The new deadline must be later"):
        ruling.extend(found, found.round.deadline_at, reason="Ill", by=cast.programme_manager.actor)


def test_what_is_withdrawn_can_be_begun_anew(cast: Cast, client: ConformingClient, db: Session) -> None:
    found = strict()
    made = fill_in(starting.start(found, own(), facts=HERE, by=cast.founder.actor), cast.founder)
    submitting.submit(made, declared_by=cast.founder.account.name, by=cast.founder.actor)
    client.sign_in(cast.founder)
    assert client.post(f"{page_of(made)}/withdraw", data={"reason": ""}).status_code == 303
    assert rounds.whole_application(made).status is ApplicationStatus.WITHDRAWN
    anew = starting.start(rounds.whole(found), own(), facts=HERE, by=cast.founder.actor)
    assert anew.id != made.id
    assert acts(db, made)[-1] == "withdraw_application"


def test_what_is_ruled_out_can_be_let_in_again_as_it_was(cast: Cast, db: Session) -> None:
    made = rounds.application(own(), status=ApplicationStatus.SUBMITTED)
    found = rounds.whole_application(made)
    with pytest.raises(Invalid, match="Say why"):
        ruling.rule_out(found, reason="", by=cast.programme_manager.actor)
    ruling.rule_out(found, reason="Paid for by others", by=cast.programme_manager.actor)
    assert rounds.whole_application(made).status is ApplicationStatus.RULED_OUT
    ruling.readmit(rounds.whole_application(made), reason="It is not", by=cast.programme_manager.actor)
    again = rounds.whole_application(made)
    assert (again.status, again.ineligible_reason) == (ApplicationStatus.SUBMITTED, "")
    kinds = [kind for kind, _ in letters(db)]
    assert kinds == ["application_readmitted", "application_ruled_out"]


def test_p54_a_dry_run_is_for_staff_writes_to_staff_alone_and_stands_in_no_list(
    cast: Cast, client: ConformingClient, db: Session
) -> None:
    found = strict(is_dry_run=True)
    assert client.sign_in(cast.founder).get(f"/programme/rounds/{found.id}").status_code == 404
    assert found.name not in client.get("/programme").text
    with pytest.raises(NotAllowed):
        starting.start(found, own(), facts=HERE, by=cast.founder.actor)
    manager = cast.programme_manager
    made = fill_in(starting.start(found, own(), facts=HERE, by=manager.actor), manager)
    submitting.submit(made, declared_by=manager.account.name, by=manager.actor)
    assert letters(db) == [("application_submitted", manager.account.name)]
    client.sign_in(cast.founder)
    for path in (f"/applications/{made.id}", f"/applications/{made.id}/submit"):
        assert client.get(path).status_code == 404
    for path in ("/desk", f"/businesses/{made.business_id}"):
        assert found.name not in client.get(path).text
    client.sign_in(manager)
    assert made.reference not in client.get("/applications").text
    assert made.reference in client.get("/applications?dry=yes").text


def test_k11_a_round_without_limits_asks_no_question_before_it_says_that_all_can_apply(
    cast: Cast, client: ConformingClient
) -> None:
    page = client.sign_in(cast.founder).get(f"/programme/rounds/{rounds.round_().id}/check").text
    assert "Any creative business in the region can apply to this round." in page
    assert "Start your application" in page
    for words in ("A few questions first", "what you told us before", "meets all the rules", "Your answers<"):
        assert words not in page
